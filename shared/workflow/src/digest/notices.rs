//! What can't wait for the digest: told at once, and once of each kind a day.

use chrono::{DateTime, NaiveTime, Utc};
use domain::{
    digest::{
        Content, Fate, Kept, Line, MailKey, MailKind, NotMailed, Notice, Span, What, nothing_created, of_concern,
        schedule,
    },
    settings::local_instant,
};

use super::{MOST_WAITING, Posted, address::Book, post::post};
use crate::ports::{Digests, Journal, Mailer, PortError, Ports, Subject};

/// Tells of a tenant that is stopped, and of a day on which nothing was created although something was due.
pub(super) async fn tell<P: Ports, M: Mailer>(
    ports: &P,
    mailer: &M,
    book: &Book<'_>,
    now: DateTime<Utc>,
) -> Result<Posted, PortError> {
    match found(ports, book, now).await? {
        Some(notice) => send(ports, mailer, book, notice).await,
        None => Ok(Posted::Settled),
    }
}

async fn found<P: Ports>(ports: &P, book: &Book<'_>, now: DateTime<Utc>) -> Result<Option<Notice>, PortError> {
    let concerns = ports.journal().concerns(book.tenant).await?;
    if let Some(concern) = concerns.get(&Subject::Tenant) {
        let words = domain::digest::words::of(book.language);
        let (why, advice) = ((words.why)(&concern.reason), (words.advice)(&concern.reason));
        let kind = of_concern(&concern.reason);
        return Ok(Some(notice(book, kind, concern.since, (why, advice))));
    }
    let nothing = book.creates() && was_nothing_created(ports, book, now).await?;
    Ok(nothing.then(|| {
        let since = schedule::check_of(book.today(now), &book.fields);
        notice(book, MailKind::NothingCreated, since, nothing_created(book.language))
    }))
}

/// A notice of the date since when it's so: whatever stays the same is told once.
fn notice(book: &Book<'_>, kind: MailKind, since: DateTime<Utc>, (why, advice): (String, String)) -> Notice {
    Notice {
        tenant: book.tenant.clone(),
        company: book.fields.sender_name.clone(),
        language: book.language,
        date: book.today(since),
        kind,
        since,
        why,
        advice,
    }
}

/// Whether something was due today, the scan is long over, and nothing has come of it: neither an invoice nor a job that waits.
async fn was_nothing_created<P: Ports>(ports: &P, book: &Book<'_>, now: DateTime<Utc>) -> Result<bool, PortError> {
    let (journal, today) = (ports.journal(), book.today(now));
    if now < schedule::check_of(today, &book.fields) || !journal.outlook(book.tenant, today).await?.has_due() {
        return Ok(false);
    }
    let midnight = local_instant(book.fields.time_zone, today.and_time(NaiveTime::MIN));
    let is_created = |line: &Line| matches!(line.what, What::Created { .. });
    if journal.happened(book.tenant, Span { from: midnight, to: now }).await?.iter().any(is_created) {
        return Ok(false);
    }
    let waiting = journal.waiting(book.tenant, MOST_WAITING).await?;
    Ok(!waiting.iter().any(|job| job.decided_on == today))
}

async fn send<P: Ports, M: Mailer>(
    ports: &P,
    mailer: &M,
    book: &Book<'_>,
    notice: Notice,
) -> Result<Posted, PortError> {
    let key = MailKey { date: notice.date, kind: notice.kind };
    if ports.journal().kept(book.tenant, &key).await?.is_none() {
        let mail = if book.to.is_empty() { Fate::NotMailed { why: NotMailed::NobodySet } } else { Fate::Ready };
        let kept = Kept { key, to: book.to.clone(), says: Content::Notice(notice), mail };
        ports.journal().keep_new(book.tenant, &kept).await?;
    }
    match ports.journal().kept(book.tenant, &key).await? {
        Some(kept) => post(ports, mailer, book, kept).await,
        None => Ok(Posted::Settled),
    }
}
