//! What a person sees.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the demo's own output")]

use std::{collections::BTreeMap, path::Path, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::job::JobState;
use fortnox_sim::EffectKind;
use stage::{Evidence, Leak, Planted, Private, StageError, promises::Broken};

use crate::{
    cast::Place,
    days::{Days, Share},
    digests::{Told, mailed},
};

pub(crate) fn heading(text: &str) {
    println!("\n{text}\n");
}

pub(crate) fn error(error: &StageError) {
    eprintln!("the demo could not be run: {error}");
}

/// The story. Days on which nothing was due are told in one line with their neighbours.
pub(crate) fn days(days: &Days) {
    let mut quiet = 0;
    for (date, shares) in days {
        if shares.values().all(Share::is_quiet) {
            quiet += 1;
            continue;
        }
        print_quiet(&mut quiet);
        let mut date = date.format("%a %-d %B").to_string();
        for (place, share) in shares.iter().filter(|(_, share)| !share.is_quiet()) {
            print_share(&std::mem::take(&mut date), *place, share);
        }
    }
    print_quiet(&mut quiet);
}

fn print_share(date: &str, place: Place, share: &Share) {
    let Share { read, due, created, booked, mailed, .. } = share;
    let begun = match place {
        Place::Bjorkangen => format!("{due:>2} due · {created:>2} created"),
        Place::Sonderaa => format!("{due:>2} decided"),
    };
    println!("{date:<17} {:<10} {read:>3} read · {begun} · {booked:>2} booked · {mailed:>2} mailed", place.name());
    for scene in &share.scenes {
        println!("    ✎ {scene}");
    }
    for told in &share.told {
        println!("    ✉ {told}");
    }
    for notice in &share.needs_person {
        println!("    ⏸ {}\n      {}\n      → {}", notice.about, notice.why, notice.advice);
    }
}

fn print_quiet(quiet: &mut usize) {
    match std::mem::take(quiet) {
        0 => {}
        1 => println!("  … a day on which nothing was due"),
        days => println!("  … {days} days on which nothing was due"),
    }
}

/// The sums, and whether the promises were kept.
pub(crate) fn summary(evidence: &Evidence, broken: &[Broken], said: &[(u64, DateTime<Utc>)], took: Duration) {
    println!("\nThree months in {:.1} s", took.as_secs_f64());
    in_fortnox(evidence);
    in_economic(evidence, said);
    if broken.is_empty() {
        println!(
            "\n✔ Every promise was kept, by the ledgers of Fortnox and e-conomic and by the mails: nothing twice, nothing missed, \
             nothing booked or sent that nobody asked for, and whoever waits says why."
        );
    }
    self::broken(broken);
}

/// What the companies were told.
pub(crate) fn digests(told: &Told) {
    println!("\nTold by mail, each once");
    for place in [Place::Bjorkangen, Place::Sonderaa] {
        let (digests, notices) = mailed(told, place);
        println!("  {:<14}  {digests} digests, {notices} notices", place.name());
    }
}

/// How many jobs of a company are in which state.
fn jobs(evidence: &Evidence, place: Place) -> String {
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for record in evidence.jobs.iter().filter(|record| Place::of(record.job.key.tenant()) == place) {
        let state = match record.job.state {
            JobState::Working => "still working",
            JobState::Held { .. } => "held for a person",
            JobState::Failed { .. } => "failed",
            JobState::Done { .. } => "done",
        };
        *states.entry(state).or_default() += 1;
    }
    let states: Vec<String> = states.iter().map(|(state, count)| format!("{count} {state}")).collect();
    states.join(", ")
}

fn mails(evidence: &Evidence, place: Place) -> usize {
    evidence.mails.iter().filter(|mail| mail.tenant.as_ref().map(Place::of) == Some(place)).count()
}

fn in_fortnox(evidence: &Evidence) {
    let calls = evidence.ledger.iter().filter(|entry| entry.path.starts_with("/3/")).count();
    println!("\n{} (Fortnox)", Place::Bjorkangen.name());
    println!("  jobs            {}", jobs(evidence, Place::Bjorkangen));
    println!(
        "  in Fortnox      {} invoices created, {} booked, {} marked as sent, by {calls} calls",
        evidence.count(EffectKind::InvoiceCreated),
        evidence.count(EffectKind::InvoiceBooked),
        evidence.count(EffectKind::MarkedSent),
    );
    println!("  mails           {} accepted", mails(evidence, Place::Bjorkangen));
    println!("  429 answers     {}", evidence.answered(429));
    let mut matched = evidence.match_to_create();
    matched.sort();
    if let (Some(median), Some(longest)) = (matched.get(matched.len() / 2), matched.last()) {
        println!(
            "  match → create  {} ms median, {} ms longest, for the first invoice of each of {} days",
            median.num_milliseconds(),
            longest.num_milliseconds(),
            matched.len(),
        );
    }
}

fn in_economic(evidence: &Evidence, said: &[(u64, DateTime<Utc>)]) {
    use economic_sim::{Actor, EffectKind};
    println!("\n{} (e-conomic)", Place::Sonderaa.name());
    println!("  jobs            {}", jobs(evidence, Place::Sonderaa));
    let calls = evidence.economic.iter().filter(|entry| entry.actor == Actor::App);
    println!(
        "  in e-conomic    {} drafts booked, {} sent as e-invoices and {} as mails along with it, by {} calls",
        evidence.count_economic(EffectKind::InvoiceBooked),
        evidence.count_economic(EffectKind::EinvoiceSent),
        evidence.count_economic(EffectKind::EmailSent),
        calls.clone().count(),
    );
    println!("  mails           {} accepted", mails(evidence, Place::Sonderaa));
    println!("  429 answers     {}", calls.filter(|entry| entry.status == Some(429)).count());
    let mut times = signal_to_booking(evidence, said);
    times.sort();
    if let (Some(median), Some(longest)) = (times.get(times.len() / 2), times.last()) {
        println!(
            "  signal → book   {} ms median, {} ms longest, of {} drafts booked at once",
            median.num_milliseconds(),
            longest.num_milliseconds(),
            times.len(),
        );
    }
}

/// From the ready signal to the booking call, for drafts that nothing held back.
fn signal_to_booking(evidence: &Evidence, said: &[(u64, DateTime<Utc>)]) -> Vec<TimeDelta> {
    use economic_sim::{Actor, EffectKind};
    /// Whatever takes longer waited: for its date, its review, or for a person.
    const AT_ONCE: TimeDelta = TimeDelta::minutes(1);
    let ours = evidence.economic_effects().filter(|(entry, _)| entry.actor == Actor::App);
    let booked: BTreeMap<_, _> = ours
        .filter(|(_, effect)| effect.kind == EffectKind::InvoiceBooked)
        .filter_map(|(entry, effect)| Some((effect.draft?, entry.at)))
        .collect();
    let times = said.iter().filter_map(|(draft, at)| Some(*booked.get(draft)? - *at));
    times.filter(|time| (TimeDelta::zero()..AT_ONCE).contains(time)).collect()
}

/// What must not be. Never silent: a run that says no must say why.
pub(crate) fn broken(broken: &[Broken]) {
    for one in broken {
        println!("\n✘ Promise {} was broken: {}", one.promise, one.how);
    }
}

/// What the second time changed.
pub(crate) fn once_more(messages: usize, same: bool, before: &Evidence, after: &Evidence) {
    println!(
        "{messages} messages were delivered once more, the newest first, and every agreement and draft was looked at again."
    );
    let count = |evidence: &Evidence| evidence.count(EffectKind::InvoiceCreated);
    println!("  invoices in Fortnox  {} before, {} after", count(before), count(after));
    let booked = |evidence: &Evidence| evidence.count_economic(economic_sim::EffectKind::InvoiceBooked);
    println!("  booked in e-conomic  {} before, {} after", booked(before), booked(after));
    println!("  new mails            {}", after.mails.len() - before.mails.len());
    println!(
        "\n{}",
        if same { "✔ Nothing was invoiced, booked or mailed again." } else { "✘ Something was done again." }
    );
}

/// Whether the functions logged anything private.
pub(crate) fn logs(planted: &Planted, leaks: &[Leak]) {
    if leaks.is_empty() {
        let count = |private| planted.count(private);
        println!(
            "✔ The logs have none of the {} credentials, {} mail addresses, {} names and places and {} texts that there were.",
            count(Private::Credential),
            count(Private::Address),
            count(Private::Name),
            count(Private::Words)
        );
    }
    for leak in leaks {
        println!("\n✘ {leak}");
    }
}

/// Where to look.
pub(crate) fn places(folder: &Path) {
    let folder = folder.display();
    println!("\nLook around in {folder}:");
    println!("  mail/*.eml    the mails: letters with their invoices as PDF, and digests. Open one in a mail program");
    println!("  report.json   every job with its events and times, every decision, what waits for a person");
    println!("  ledger.json   every call to Fortnox and what it did, as Fortnox saw it");
    println!("  economic-ledger.json  the same of e-conomic");
    println!("  logs/         what the functions logged");
    println!("\nOnce more on the same state: cargo demo --again\n");
}
