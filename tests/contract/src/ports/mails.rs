//! What is remembered of mails.

use chrono::{Days, TimeDelta};
use domain::{
    digest::{Span, came_back},
    ids::TenantId,
    job::JobKey,
    mail::{AddressHash, Bounce, MailCounts, MailName, MailRecord, Recipient, Role},
};
use workflow::ports::{Digests, MailAdds, MailBook, MailStop, RecordedMail, SaveError};

use super::{
    Store,
    sample::{date, morning, namesakes, number, tenant},
};

fn key(nth: u8) -> MailName {
    format!("fp_{nth:032x}").parse().unwrap()
}

fn hash(tenant: &TenantId, address: &str) -> AddressHash {
    AddressHash::of(tenant, address)
}

/// A mail of an agreement's invoice, to one address.
pub fn record(tenant: &TenantId, nth: u8) -> MailRecord {
    MailRecord {
        tenant: tenant.clone(),
        mail: key(nth),
        job: JobKey::new(tenant.clone(), number("A#7 å"), date("2026-02-01")),
        invoice: "1001".parse().unwrap(),
        customer: "10".parse().unwrap(),
        announced_at: morning(),
        recipients: [(hash(tenant, "kund@kund.example"), Recipient::announced(Role::Customer, morning()))].into(),
        accepted_as: None,
    }
}

async fn kept<B: MailBook>(book: &B, nth: u8) -> RecordedMail {
    book.record(&key(nth)).await.unwrap().unwrap()
}

const ONE: MailCounts = MailCounts { accepted: 1, bounced: 0 };

/// It comes back as it was kept; keeping it again changes nothing, whatever was heard of it since.
pub async fn a_mail_is_kept_once<S: Store>() {
    let store = S::open().await;
    let book = store.mails();
    assert_eq!(book.record(&key(1)).await.unwrap(), None);
    book.keep(&record(&tenant(1), 1)).await.unwrap();
    assert_eq!(kept(book, 1).await.record, record(&tenant(1), 1));
    let mut heard = kept(book, 1).await;
    heard.record.accepted_as = Some("ses-1".to_owned());
    book.save(&heard, &counted("2026-02-01", 1, 0)).await.unwrap();
    book.keep(&record(&tenant(1), 1)).await.unwrap();
    assert_eq!(kept(book, 1).await.record, heard.record);
}

/// Who was overtaken writes nothing and reads anew.
pub async fn of_two_with_the_same_version_one_writes<S: Store>() {
    let store = S::open().await;
    let book = store.mails();
    book.keep(&record(&tenant(1), 1)).await.unwrap();
    let (mut first, mut second) = (kept(book, 1).await, kept(book, 1).await);
    first.record.accepted_as = Some("first".to_owned());
    second.record.accepted_as = Some("second".to_owned());
    book.save(&first, &counted("2026-02-01", 0, 0)).await.unwrap();
    assert!(matches!(book.save(&second, &counted("2026-02-01", 1, 0)).await, Err(SaveError::Fenced)));
    assert_eq!(kept(book, 1).await.record.accepted_as.as_deref(), Some("first"));
    assert!(
        matches!(book.save(&first, &counted("2026-02-01", 1, 0)).await, Err(SaveError::Fenced)),
        "its version is over"
    );
}

/// A mail that is counted twice would make a share of bounces wrong.
pub async fn counts_go_with_the_record_or_not_at_all<S: Store>() {
    let store = S::open().await;
    let book = store.mails();
    book.keep(&record(&tenant(1), 1)).await.unwrap();
    let heard = kept(book, 1).await;
    book.save(&heard, &counted("2026-02-01", 1, 0)).await.unwrap();
    assert!(book.save(&heard, &counted("2026-02-01", 1, 0)).await.is_err());
    assert_eq!(book.counts(&tenant(1), date("2026-02-01")).await.unwrap(), ONE);
}

/// Each tenant's own, and none of earlier days.
pub async fn a_day_counts_from_a_date_on<S: Store>() {
    let store = S::open().await;
    let book = store.mails();
    for (nth, of, days) in [(1, 1, 0), (2, 1, 1), (3, 1, 1), (4, 10, 1)] {
        book.keep(&record(&tenant(of), nth)).await.unwrap();
        let adds = counted("2026-02-01", 1, u32::from(nth == 3));
        let adds = MailAdds { date: adds.date + Days::new(days), ..adds };
        book.save(&kept(book, nth).await, &adds).await.unwrap();
    }
    let counts = async |of: TenantId, from: &str| book.counts(&of, from.parse().unwrap()).await;
    assert_eq!(counts(tenant(1), "2026-01-01").await.unwrap(), MailCounts { accepted: 3, bounced: 1 });
    assert_eq!(counts(tenant(1), "2026-02-02").await.unwrap(), MailCounts { accepted: 2, bounced: 1 });
    assert_eq!(counts(tenant(1), "2026-02-03").await.unwrap(), MailCounts::default());
    assert_eq!(counts(tenant(10), "2026-02-01").await.unwrap(), ONE);
    assert_eq!(counts(tenant(3), "2026-02-01").await.unwrap(), MailCounts::default());
}

/// The first word counts, for one tenant's one address or customer, until it's lifted.
pub async fn whom_no_mail_goes_to_is_kept_apart<S: Store>() {
    let store = S::open().await;
    let book = store.mails();
    let [one, other] = namesakes();
    let address = |tenant: &TenantId, name: &str| MailStop::Address(hash(tenant, name));
    let anna = address(&one, "anna@kund.example");
    let later = morning() + TimeDelta::hours(1);
    book.stop(&one, &anna, morning()).await.unwrap();
    book.stop(&one, &anna, later).await.unwrap();
    book.stop(&one, &MailStop::Customer("10".parse().unwrap()), later).await.unwrap();
    assert_eq!(book.stopped(&one, &anna).await.unwrap(), Some(morning()));
    assert_eq!(book.stopped(&one, &MailStop::Customer("10".parse().unwrap())).await.unwrap(), Some(later));
    assert_eq!(book.stopped(&one, &MailStop::Customer("1".parse().unwrap())).await.unwrap(), None);
    assert_eq!(book.stopped(&one, &address(&one, "arne@kund.example")).await.unwrap(), None);
    assert_eq!(book.stopped(&other, &anna).await.unwrap(), None);
    book.lift(&one, &anna).await.unwrap();
    book.lift(&one, &anna).await.unwrap();
    assert_eq!(book.stopped(&one, &anna).await.unwrap(), None);
    book.stop(&one, &anna, later).await.unwrap();
    assert_eq!(book.stopped(&one, &anna).await.unwrap(), Some(later));
}

/// A record, the day's counts and the digest's lines are there together, or none of them is.
pub async fn lines_are_written_with_the_record<S: Store>() {
    let store = S::open().await;
    let (book, company) = (store.mails(), tenant(1));
    book.keep(&record(&company, 1)).await.unwrap();
    let kept = book.record(&record(&company, 1).mail).await.unwrap().unwrap();
    let lines = came_back(&kept.record, &[Bounce::Complained, Bounce::ControlCopy].into(), morning());
    assert_eq!(lines.len(), 2);
    let adds = MailAdds { lines: lines.clone(), ..counted("2026-02-01", 1, 0) };
    book.save(&kept, &adds).await.unwrap();
    let later = came_back(&kept.record, &[Bounce::InPart].into(), morning() + TimeDelta::minutes(1));
    let late = MailAdds { lines: later, ..counted("2026-02-01", 1, 1) };
    assert!(matches!(book.save(&kept, &late).await, Err(SaveError::Fenced)));
    let span = Span { from: morning(), to: morning() + TimeDelta::hours(1) };
    assert_eq!(store.journal().happened(&company, span).await.unwrap(), lines);
    assert_eq!(store.journal().happened(&tenant(10), span).await.unwrap(), []);
    let counts = book.counts(&company, date("2026-02-01")).await.unwrap();
    assert_eq!(counts, MailCounts { accepted: 1, bounced: 0 });
}

/// What a save adds to a day's counts.
pub fn counted(day: &str, accepted: u32, bounced: u32) -> MailAdds {
    MailAdds { date: date(day), counted: MailCounts { accepted, bounced }, lines: Vec::new() }
}
