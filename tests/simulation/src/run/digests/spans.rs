//! The spans follow one upon another, up to now, and each digest says of the one before if it may not have arrived.

use chrono::{NaiveDate, TimeDelta, Timelike};
use domain::digest::{Digest, Fate, Kept, MailKind};
use judge::promises::Broken;
use workflow::ports::Clock;

use super::Story;

/// So long after its hour a digest is there, in calm weather: it's made after some minutes, by the next heartbeat, and looked at
/// again where two workers were in each other's way.
const IS_THERE_AFTER: TimeDelta = TimeDelta::hours(1);

pub(super) fn broken(story: &Story<'_>) -> Vec<Broken> {
    let digests: Vec<_> = story.digests().map(|(_, kept, digest)| (kept, digest)).collect();
    let mut broken = Vec::new();
    let newest = digests.last().map(|(_, last)| last.date);
    if newest < due(story) {
        broken.push(story.broken(&format!("no digest was made of late, the newest is of {newest:?}")));
    }
    for pair in digests.windows(2) {
        let [(kept, before), (_, after)] = pair else { continue };
        if before.span.to != after.span.from || after.span.from > after.span.to {
            let how = format!("the spans don't follow one upon another: {:?} and {:?}", before.span, after.span);
            broken.push(story.broken(&how));
        }
        broken.extend(doubts(kept, after).map(|how| story.broken(&how)));
    }
    broken
}

/// The newest date whose digest must be there, by the settings that stand.
fn due(story: &Story<'_>) -> Option<NaiveDate> {
    let profile = story.evidence.settings.get(&story.tenant)?.profile().ok()?;
    let local = (story.memory.clock().now() - IS_THERE_AFTER).with_timezone(&profile.tenant.time_zone);
    let date = local.date_naive();
    if local.hour() >= u32::from(profile.tenant.digest_hour) { Some(date) } else { date.pred_opt() }
}

/// What is wrong with what a digest says of the mail before it.
fn doubts(kept: &Kept, after: &Digest) -> Option<String> {
    let doubted = match kept.mail {
        Fate::Accepted { .. } | Fate::NotMailed { .. } => false,
        Fate::Refused { .. } | Fate::Unknown { .. } => true,
        Fate::Ready | Fate::Intended { .. } => return Some(format!("the digest {} is left lying", kept.key.date)),
    };
    let said = after.mails.iter().any(|mail| mail.date == kept.key.date && mail.kind == MailKind::Digest);
    (said != doubted).then(|| format!("the digest {} says otherwise of the one before: {:?}", after.date, kept.mail))
}
