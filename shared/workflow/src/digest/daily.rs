//! The day's digest: made from the journal, kept, and mailed once.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    digest::{
        About, Concern, Content, Digest, EarlierMail, Fate, Input, Kept, MailKey, MailKind, NotMailed, Span, compose,
        schedule,
    },
    ids::TenantId,
    prices::PriceNote,
};

use super::{MOST_WAITING, Posted, address::Book, post::post};
use crate::ports::{Digests, Journal, KeptMail, Mailer, PortError, Ports, PriceBook, Subject};

/// Most days whose notes are read, after a pause of the heartbeats.
const MOST_DAYS: usize = 31;

/// Sees to the newest digest that can be made, and first to the one before, if that is still to be mailed.
pub(super) async fn tell<P: Ports, M: Mailer>(
    ports: &P,
    mailer: &M,
    book: &Book<'_>,
    now: DateTime<Utc>,
) -> Result<Posted, PortError> {
    let date = schedule::newest_date(now, &book.fields);
    let mut before = None;
    if let Some(last) = &book.last {
        let posted = post(ports, mailer, book, last.clone()).await?;
        if last.kept.key.date >= date || matches!(posted, Posted::Later(_)) {
            return Ok(posted);
        }
        // What became of it just now is told too.
        before = ports.journal().kept(book.tenant, &last.kept.key).await?;
    }
    let digest = made(ports, book, date, before.as_ref()).await?;
    let key = MailKey { date, kind: MailKind::Digest };
    let mail = if book.to.is_empty() {
        Fate::NotMailed { why: NotMailed::NobodySet }
    } else if digest.is_empty() && !book.fields.digest_when_nothing {
        Fate::NotMailed { why: NotMailed::NothingToSay }
    } else {
        Fate::Ready
    };
    let kept = Kept { key, to: book.to.clone(), says: Content::Digest(Box::new(digest)), mail };
    ports.journal().keep_new(book.tenant, &kept).await?;
    // Another worker may have been faster: what is kept is what counts.
    match ports.journal().kept(book.tenant, &key).await? {
        Some(kept) => post(ports, mailer, book, kept).await,
        None => Ok(Posted::Settled),
    }
}

async fn made<P: Ports>(
    ports: &P,
    book: &Book<'_>,
    date: NaiveDate,
    before: Option<&KeptMail>,
) -> Result<Digest, PortError> {
    let (journal, tenant) = (ports.journal(), book.tenant);
    let span = schedule::span(date, &book.fields, before.and_then(|mail| mail.kept.digest()).map(|digest| digest.span));
    let waiting = journal.waiting(tenant, MOST_WAITING).await?;
    let concerns = journal.concerns(tenant).await?.into_iter();
    let concerns: Vec<Concern> = concerns
        .map(|(subject, concern)| Concern { about: about(subject), since: concern.since, reason: concern.reason })
        .collect();
    let prices = notes(ports, book, span).await?;
    Ok(compose(Input {
        tenant,
        company: book.fields.sender_name.as_deref(),
        language: book.language,
        date,
        span,
        happened: journal.happened(tenant, span).await?,
        waiting: &waiting,
        concerns: &concerns,
        prices: &prices,
        coming: journal.outlook(tenant, date).await?.coming(),
        mails: troubles(ports, tenant, before, date).await?,
    }))
}

fn about(subject: Subject) -> About {
    match subject {
        Subject::Tenant => About::Tenant,
        Subject::Agreement(agreement) => About::Agreement { agreement },
        Subject::Draft(draft) => About::Draft { draft },
        Subject::Prices(agreement) => About::Prices { agreement },
    }
}

/// What was noted of prices on the dates of a span, and a day on either side: the company may have moved its time zone.
async fn notes<P: Ports>(ports: &P, book: &Book<'_>, span: Span) -> Result<Vec<PriceNote>, PortError> {
    let (first, last) = (book.today(span.from), book.today(span.to));
    let mut days: Vec<NaiveDate> = first
        .pred_opt()
        .unwrap_or(first)
        .iter_days()
        .take_while(|day| *day <= last.succ_opt().unwrap_or(last))
        .collect();
    let surplus = days.len().saturating_sub(MOST_DAYS);
    days.drain(..surplus);
    let mut notes = Vec::new();
    for day in days {
        notes.extend(ports.prices().notes(book.tenant, day).await?);
    }
    Ok(notes)
}

/// The digest before and the notices since, as far as they may not have arrived.
async fn troubles<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    before: Option<&KeptMail>,
    date: NaiveDate,
) -> Result<Vec<EarlierMail>, PortError> {
    let mut troubles: Vec<_> = before.and_then(|mail| mail.kept.trouble()).into_iter().collect();
    let first = before.map_or(date, |mail| mail.kept.key.date);
    let yesterday = date.pred_opt().unwrap_or(date);
    // A notice of the digest's own date may still be on its way, and is told by the next digest.
    for day in first.iter_days().take_while(|day| *day <= yesterday).take(MOST_DAYS) {
        for kind in MailKind::NOTICES {
            let mail = ports.journal().kept(tenant, &MailKey { date: day, kind }).await?;
            troubles.extend(mail.and_then(|mail| mail.kept.trouble()));
        }
    }
    Ok(troubles)
}
