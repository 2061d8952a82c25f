//! The promises, by e-conomic's own ledger, the mails, and the journal's public view.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    hold::HoldReason,
    job::{ACT_WITHIN, CALL_BEGINS_WITHIN, Ending, Event, EventKind, Job, JobState, Step, StepName},
    settings::Channel,
};
use economic_sim::{Actor, Effect, EffectKind, LedgerEntry};
use judge::{promises::Broken, read_mail};
use workflow::ports::{Clock, Subject};

use super::{
    company::{FLAGGED, PUBLIC, tenant},
    plan::DraftsPlan,
    truth::{Fact, Truth},
};
use crate::memory::Memory;

/// How long before a booking arrives what it goes by may have been read: that, its announcement, and a minute and a half on its
/// way at most.
const READ_BEFORE: TimeDelta = TimeDelta::seconds(ACT_WITHIN.num_seconds() + CALL_BEGINS_WITHIN.num_seconds() + 90);

struct World {
    ledger: Vec<LedgerEntry>,
    jobs: Vec<(Job, Vec<Event>)>,
    mails: BTreeMap<String, Vec<judge::SentMail>>,
}

/// Drafts that we booked, mails, and jobs that wait for a person.
pub(super) fn figures(memory: &Memory) -> [usize; 3] {
    let world = look(memory);
    let waiting = world.jobs.iter().filter(|(job, _)| job.needs_person()).count();
    [ours(&world).count(), world.mails.values().map(Vec::len).sum(), waiting]
}

fn look(memory: &Memory) -> World {
    let journal = memory.journal();
    let jobs = journal.jobs().into_iter().map(|job| (job.clone(), journal.story(&job.key))).collect();
    let mut mails: BTreeMap<String, Vec<judge::SentMail>> = BTreeMap::new();
    for mail in memory.mailer().sent() {
        #[expect(clippy::expect_used, reason = "a mail that's none is a defect of ours, to be seen at once")]
        let read = read_mail(mail.raw.as_bytes(), &mail.recipients, None).expect("mails of ours can be read");
        mails.entry(read.invoice.clone()).or_default().push(read);
    }
    World { ledger: memory.economic().requests(), jobs, mails }
}

/// What we booked.
fn ours(world: &World) -> impl Iterator<Item = (&LedgerEntry, &Effect)> {
    effects(world).filter(|(entry, effect)| entry.actor == Actor::App && effect.kind == EffectKind::InvoiceBooked)
}

fn effects(world: &World) -> impl Iterator<Item = (&LedgerEntry, &Effect)> {
    world.ledger.iter().flat_map(|entry| entry.effects.iter().map(move |effect| (entry, effect)))
}

/// Everything that was broken.
pub(super) fn judge(memory: &Memory, truth: &Truth) -> Vec<Broken> {
    let world = look(memory);
    let mut broken = Vec::new();
    let mut say = |promise, how: String| broken.push(Broken { promise, how });
    unasked(&world, truth, &mut say);
    mails(&world, &mut say);
    claims(&world, &mut say);
    ends(&world, &mut say);
    missed(memory, &world, truth, &mut say);
    manners(&world, &mut say);
    broken
}

/// Promise 2: nothing is booked that nobody asked for.
fn unasked(world: &World, truth: &Truth, say: &mut impl FnMut(u8, String)) {
    for (entry, effect) in ours(world) {
        let Some(fact) = effect.draft.and_then(|number| truth.with_number(number, entry.at)) else {
            say(2, format!("draft {:?} was booked, and nobody had put it there", effect.draft));
            continue;
        };
        let (at, from, number) = (entry.at, entry.at - READ_BEFORE, fact.number);
        let unsigned = fact.signed_at.is_none_or(|signed| signed > at);
        if unsigned && !may_be_meant(world, truth, fact) && !said_by_a_person(world, effect) {
            say(2, format!("draft {number} was booked without a sign that it's finished"));
        }
        if !truth.mode_was(from, at, "full") {
            say(2, format!("draft {number} was booked although the mode forbade it"));
        }
        if !truth.was_flagged(fact.customer, FLAGGED.contains(&fact.customer), from, at) {
            say(2, format!("draft {number} was booked although its customer isn't flagged"));
        }
        if fact.was_held_throughout(from, at) {
            say(2, format!("draft {number} was booked although it carried the hold word"));
        }
        if effect.date.is_some_and(|date| date > (at + TimeDelta::hours(2)).date_naive()) {
            say(2, format!("draft {number} was booked before its date"));
        }
    }
    for (entry, effect) in effects(world) {
        let sends = matches!(effect.kind, EffectKind::EmailSent | EffectKind::EinvoiceSent);
        if sends && entry.actor == Actor::App && effect.customer != Some(u64::from(PUBLIC)) {
            say(2, format!("e-conomic was asked to send invoice {:?}", effect.invoice));
        }
    }
}

/// Not promised: a signal for a draft that went before anybody looked at it counts for the next of its number, since only a look
/// tells the two apart.
fn may_be_meant(world: &World, truth: &Truth, fact: &Fact) -> bool {
    let before = |other: &&Fact| other.number == fact.number && other.put_at < fact.put_at;
    let looked_at = |other: &Fact| {
        let of_number = |job: &Job| job.key.draft().map(|number| u64::from(number.get())) == Some(fact.number);
        world
            .jobs
            .iter()
            .any(|(job, _)| of_number(job) && job.matched_at >= other.put_at && job.matched_at < fact.put_at)
    };
    truth.facts.iter().flatten().filter(before).any(|other| other.signed_at.is_some() && !looked_at(other))
}

/// A person was asked whether the signal was for this draft, and said so.
fn said_by_a_person(world: &World, effect: &Effect) -> bool {
    let invoice = effect.invoice.map(|number| number.to_string());
    let of_it = |job: &Job| job.invoice().map(domain::ids::InvoiceNumber::as_str) == invoice.as_deref();
    let unclear = |reason: &HoldReason| matches!(reason, HoldReason::SignalUnclear { .. });
    world.jobs.iter().any(|(job, _)| of_it(job) && job.approved().iter().any(unclear))
}

/// Promise 3: at most one mail an invoice, to those who should get it.
fn mails(world: &World, say: &mut impl FnMut(u8, String)) {
    for (invoice, mails) in &world.mails {
        let job = world.jobs.iter().find(|(job, _)| job.invoice().is_some_and(|it| it.as_str() == invoice));
        let Some((job, events)) = job else {
            say(3, format!("invoice {invoice} was mailed, and no job knows it"));
            continue;
        };
        let yes = |event: &&Event| matches!(event.kind, EventKind::Approved { .. });
        let allowed = 1 + events.iter().filter(yes).count();
        if mails.len() > allowed {
            say(3, format!("invoice {invoice} was mailed {} times", mails.len()));
        }
        if job.customer.as_str() != "1" && job.customer.as_str() != "3" {
            say(3, format!("invoice {invoice} of customer {} was mailed", job.customer));
        }
        let wrong = |mail: &&judge::SentMail| {
            mail.to != [format!("faktura{}@kunde.example", job.customer)]
                || !mail.envelope.iter().any(|to| to == "bogholder@eksempel.example")
                || mail.shows_bcc
                || !mail.pdf.starts_with(b"%PDF")
        };
        if let Some(mail) = mails.iter().find(wrong) {
            say(3, format!("the mail of invoice {invoice} is wrong: to {:?}, envelope {:?}", mail.to, mail.envelope));
        }
    }
}

/// What the journal says is so, and what is so the journal says.
fn claims(world: &World, say: &mut impl FnMut(u8, String)) {
    let mut booked: BTreeMap<String, Option<u64>> = BTreeMap::new();
    for (_, effect) in ours(world) {
        let Some(invoice) = effect.invoice else { continue };
        booked.insert(invoice.to_string(), effect.draft);
    }
    let mut claimed: BTreeMap<&str, &Job> = BTreeMap::new();
    for (job, _) in &world.jobs {
        let Some(made) = job.book.outcome().and_then(|booked| booked.invoice.as_ref()) else { continue };
        let draft = job.key.draft().map(|number| u64::from(number.get()));
        let invoice = made.invoice.as_str();
        if let Some(other) = claimed.insert(invoice, job) {
            say(1, format!("{} and {} both say that invoice {invoice} is theirs", other.key, job.key));
        }
        let doubted = job.approved().iter().any(|reason| matches!(reason, HoldReason::OutcomeUnknown { .. }));
        match booked.get(invoice) {
            _ if doubted => {}
            Some(of) if *of != draft => {
                say(1, format!("{} says invoice {invoice}, which came of draft {of:?}", job.key));
            }
            Some(_) if made.adopted => {
                say(4, format!("{} takes our own invoice {invoice} for a person's", job.key));
            }
            None if !made.adopted => say(1, format!("{} says that it booked {invoice}, and didn't", job.key)),
            _ => {}
        }
        if let Step::Done { outcome } = &job.deliver
            && outcome.channel == Channel::SesEmail
            && outcome.accepted_as.is_some()
            && !world.mails.contains_key(invoice)
        {
            say(3, format!("{} says that {invoice} was mailed", job.key));
        }
    }
    for (invoice, draft) in &booked {
        let of_draft = |(job, _): &&(Job, Vec<Event>)| job.key.draft().map(|number| u64::from(number.get())) == *draft;
        let asks = |job: &Job| {
            let step = |step: &StepName| *step == StepName::Book;
            matches!(&job.state, JobState::Held { reason: HoldReason::OutcomeUnknown { step: at, .. }, .. } if step(at))
                || matches!(job.state, JobState::Done { ending: Ending::SkippedByPerson, .. })
        };
        let known = claimed.contains_key(invoice.as_str());
        if !known && !world.jobs.iter().filter(of_draft).any(|(job, _)| asks(job)) {
            say(4, format!("we booked invoice {invoice} of draft {draft:?}, and no job knows or asks"));
        }
    }
}

/// Promise 4: every job ends as done, held or failed, and an invoice of ours is sent or somebody is told.
fn ends(world: &World, say: &mut impl FnMut(u8, String)) {
    for (job, _) in &world.jobs {
        if job.is_working() {
            say(4, format!("{} never ended", job.key));
        }
        let Some(made) = job.book.outcome().and_then(|booked| booked.invoice.as_ref()) else { continue };
        let completed = matches!(job.state, JobState::Done { ending: Ending::Completed, .. });
        let sent = matches!(&job.deliver, Step::Done { .. });
        if completed && !made.adopted && !sent {
            say(4, format!("{} is completed, but invoice {} was never sent", job.key, made.invoice));
        }
    }
}

/// Promise 4: no finished draft is left lying without anybody being told.
fn missed(memory: &Memory, world: &World, truth: &Truth, say: &mut impl FnMut(u8, String)) {
    let now = memory.clock().now();
    let concerns = memory.journal().concerns_of(&tenant());
    for fact in truth.facts.iter().flatten() {
        let there = memory.economic().person(&tenant()).draft(fact.number).is_some();
        // A number that is used again is the later draft's.
        let latest = truth.with_number(fact.number, now).is_some_and(|latest| latest.put_at == fact.put_at);
        if !there || !latest || fact.gone_at.is_some() || !is_wanted(fact, truth, now) {
            continue;
        }
        let of_draft = |job: &Job| job.key.draft().map(|number| u64::from(number.get())) == Some(fact.number);
        let told = world.jobs.iter().any(|(job, _)| of_draft(job) && is_told(job));
        let concerned = concerns.keys().any(|subject| match subject {
            Subject::Draft(number) => u64::from(number.get()) == fact.number,
            Subject::Tenant => true,
            Subject::Agreement(_) => false,
        });
        if !told && !concerned {
            say(4, format!("draft {} is finished, and nothing came of it", fact.number));
        }
    }
}

/// A person knows of it, or said to leave it.
fn is_told(job: &Job) -> bool {
    job.needs_person() || matches!(job.state, JobState::Done { ending: Ending::SkippedByPerson, .. })
}

fn is_wanted(fact: &Fact, truth: &Truth, now: DateTime<Utc>) -> bool {
    let flagged = truth.was_flagged(fact.customer, FLAGGED.contains(&fact.customer), now, now);
    fact.taken && flagged && !fact.is_held() && fact.date < DraftsPlan::date(now, 0)
}

/// The rate is kept, and what must never be asked for isn't.
fn manners(world: &World, say: &mut impl FnMut(u8, String)) {
    for entry in &world.ledger {
        if entry.status == Some(429) && entry.fault.is_none() {
            say(5, format!("{} was answered with 429", entry.path));
        }
        if entry.effects.iter().any(|effect| effect.kind == EffectKind::AllDraftsDeleted) {
            say(2, "all drafts were to be deleted".to_owned());
        }
    }
}
