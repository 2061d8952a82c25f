//! The spans follow one upon another, up to now, and each digest says of the one before if it may not have arrived.

use chrono::TimeDelta;
use domain::digest::{Digest, Fate, Kept, MailKind};
use judge::promises::Broken;
use workflow::ports::Clock;

use super::Story;

/// A day of 25 hours, the time until its digest is made, a heartbeat, and what two workers who were in each other's way need.
const A_DAY: TimeDelta = TimeDelta::hours(26);

pub(super) fn broken(story: &Story<'_>) -> Vec<Broken> {
    let digests: Vec<_> = story.digests().map(|(_, kept, digest)| (kept, digest)).collect();
    let now = story.memory.clock().now();
    let mut broken = Vec::new();
    if digests.last().is_none_or(|(_, last)| now - last.span.to > A_DAY) {
        broken.push(
            story.broken(&format!("no digest was made of late: {:?}", digests.last().map(|(_, last)| last.span))),
        );
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
