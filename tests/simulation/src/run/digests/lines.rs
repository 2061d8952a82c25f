//! What came true stands in just one digest, and none says so of what the ledger and the mail service don't have by then.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    digest::{Digest, Line, Part, Span, What, schedule::SETTLES},
    job::{Event, EventKind, JobKey, StepName},
    settings::Channel,
};
use fortnox_sim::EffectKind;
use judge::promises::Broken;

use super::Story;

/// What the journal says of an invoice that the invoice service has yet to take on, which isn't delivered before.
const YET_TO_TAKE_ON: &str = "yet to take it on";

/// A step of a job that came true at a moment.
type Step<'a> = (&'a JobKey, &'static str, DateTime<Utc>);

pub(super) fn broken(story: &Story<'_>) -> Vec<Broken> {
    let digests = story.digests().map(|(_, _, digest)| digest);
    let lines: Vec<_> = digests.flat_map(|digest| lines_of(digest).map(move |line| (digest, line))).collect();
    let untrue = lines.iter().filter(|(_, line)| !came_true(story, line));
    let untrue = untrue.map(|(digest, line)| {
        story.broken(&format!("a digest says what wasn't so by then: {} says {line:?}", digest.date))
    });
    let mut broken: Vec<Broken> = untrue.collect();
    broken.extend(told_once(story, &lines));
    broken
}

fn lines_of(digest: &Digest) -> impl Iterator<Item = &Line> {
    parts_of(digest).flat_map(|part| &part.lines)
}

fn parts_of(digest: &Digest) -> impl Iterator<Item = &Part<Line>> {
    [&digest.created, &digest.booked].into_iter().chain(digest.delivered.iter().map(|by| &by.part))
}

/// Whether the world outside had what a line says, at its moment.
fn came_true(story: &Story<'_>, line: &Line) -> bool {
    match line.what {
        What::Created { .. } => has(story, line, &[EffectKind::InvoiceCreated]),
        What::Booked { .. } => has(story, line, &[EffectKind::InvoiceBooked]),
        What::Delivered { found: true, .. } => has(story, line, &SENT),
        What::Delivered { channel, .. } => match channel {
            Channel::FortnoxEmail => has(story, line, &[EffectKind::EmailSent]),
            Channel::FortnoxEinvoice => has(story, line, &[EffectKind::EinvoiceSent]),
            Channel::FortnoxPrintService => has(story, line, &[EffectKind::PrintServiceSent]),
            Channel::FortnoxInvoiceService => has(story, line, &[EffectKind::TakenOnByService]),
            _ => is_mailed(story, line),
        },
        // Of mails that came back the stories in `scenarios` tell.
        What::Bounced { .. } => true,
    }
}

/// What has Fortnox show an invoice as sent.
const SENT: [EffectKind; 6] = [
    EffectKind::MarkedSent,
    EffectKind::EmailSent,
    EffectKind::EinvoiceSent,
    EffectKind::PrintServiceSent,
    EffectKind::HandedToService,
    EffectKind::TakenOnByService,
];

fn has(story: &Story<'_>, line: &Line, kinds: &[EffectKind]) -> bool {
    story.evidence.effects().any(|(entry, effect)| {
        kinds.contains(&effect.kind)
            && entry.tenant == Some(story.tenant.number())
            && effect.invoice.is_some_and(|number| number.to_string() == line.invoice.as_str())
            && entry.at <= line.at
    })
}

fn is_mailed(story: &Story<'_>, line: &Line) -> bool {
    let mut mails = story.evidence.mails_of(&story.tenant);
    mails.any(|mail| mail.invoice == line.invoice.as_str() && mail.at.is_some_and(|sent| sent <= line.at))
}

/// Each step stands in the digest of its moment, and in no other.
fn told_once(story: &Story<'_>, lines: &[(&Digest, &Line)]) -> Vec<Broken> {
    let mut told: BTreeMap<Step<'_>, Vec<Span>> = BTreeMap::new();
    for (digest, line) in lines {
        told.entry((&line.job, line.what.name(), line.at)).or_default().push(digest.span);
    }
    let mut broken = Vec::new();
    for record in story.evidence.jobs.iter().filter(|record| *record.job.key.tenant() == story.tenant) {
        let key = &record.job.key;
        for (written, event) in story.memory.journal().written(key) {
            let Some(name) = name_of(&event) else { continue };
            let spans = told.remove(&(key, name, event.at)).unwrap_or_default();
            if !stands_where_it_should(story, written, event.at, &spans) {
                let how = format!("a step stands in {} digests: {key} {event:?}, {spans:?}", spans.len());
                broken.push(story.broken(&how));
            }
        }
    }
    let unknown = told.keys().map(|step| story.broken(&format!("a digest tells of a step that no job took: {step:?}")));
    broken.extend(unknown);
    broken
}

fn stands_where_it_should(story: &Story<'_>, written: DateTime<Utc>, at: DateTime<Utc>, spans: &[Span]) -> bool {
    match spans {
        // A worker that the platform doesn't end may write down what came true long after it did.
        [] => {
            let is_covered = story.digests().any(|(_, _, digest)| digest.span.contains(at));
            !is_covered || !story.ends_slow_workers && written - at > SETTLES
        }
        [span] => span.contains(at),
        _ => false,
    }
}

/// As a line of a digest names it.
fn name_of(event: &Event) -> Option<&'static str> {
    match &event.kind {
        EventKind::Happened { step: StepName::Deliver, how, .. } if how.contains(YET_TO_TAKE_ON) => None,
        EventKind::Happened { step, .. } => Some(match step {
            StepName::Create => "created",
            StepName::Book => "booked",
            StepName::Deliver => "delivered",
        }),
        _ => None,
    }
}
