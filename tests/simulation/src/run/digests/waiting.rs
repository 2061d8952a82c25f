//! A job that's held or failed when a digest is made stands in it, and no other does.

use chrono::{DateTime, Utc};
use domain::{
    digest::{Digest, schedule::SETTLES},
    job::JobKey,
};
use judge::promises::Broken;

use super::Story;

/// How a job stood while a digest was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stood {
    /// It waited for a person all the time.
    Waiting,
    /// Some of the time.
    Both,
    /// It didn't.
    NotWaiting,
}

pub(super) fn broken(story: &Story<'_>) -> Vec<Broken> {
    let own = story.evidence.jobs.iter().map(|record| &record.job.key).filter(|key| *key.tenant() == story.tenant);
    let jobs: Vec<_> = own.map(|key| (key, story.memory.journal().waits(key))).collect();
    let mut broken = Vec::new();
    // More than a digest lists would be no finding.
    let lists_all = |digest: &Digest| digest.held.more() == 0 && digest.failed.more() == 0;
    for (kept_at, _, digest) in story.digests().filter(|(_, _, digest)| lists_all(digest)) {
        // It's made from some moment on after the one up to which it tells, and was made when it was kept.
        let from = digest.span.to + SETTLES;
        let wrong = jobs.iter().filter(|(key, waits)| match stood(waits, from, kept_at) {
            Stood::Waiting => !names(digest, key),
            Stood::NotWaiting => names(digest, key),
            Stood::Both => false,
        });
        broken.extend(wrong.map(|(key, waits)| {
            let says = if names(digest, key) { "names a job that didn't wait" } else { "leaves out a job that waited" };
            story.broken(&format!("a digest {says}: {} {key} {waits:?}", digest.date))
        }));
    }
    broken
}

fn names(digest: &Digest, key: &JobKey) -> bool {
    digest.held.lines.iter().chain(&digest.failed.lines).any(|waiting| waiting.job.as_ref() == Some(key))
}

fn stood(waits: &[(DateTime<Utc>, bool)], from: DateTime<Utc>, to: DateTime<Utc>) -> Stood {
    let at_first = waits.iter().rev().find(|(since, _)| *since <= from).is_some_and(|(_, waits)| *waits);
    let mut later = waits.iter().filter(|(since, _)| *since > from && *since <= to).map(|(_, waits)| *waits);
    match (at_first, later.any(|waits| waits != at_first)) {
        (_, true) => Stood::Both,
        (true, false) => Stood::Waiting,
        (false, false) => Stood::NotWaiting,
    }
}
