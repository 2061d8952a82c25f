//! What is remembered of mails.

use chrono::{Days, TimeDelta};
use domain::{
    ids::TenantId,
    job::JobKey,
    mail::{AddressHash, MailCounts, MailName, MailRecord, MailState, Recipient, Role},
};
use workflow::ports::{MailBook, MailStop, MailTrouble, RecordedMail, SaveError};

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
    book.save(&heard, date("2026-02-01"), ONE).await.unwrap();
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
    book.save(&first, date("2026-02-01"), MailCounts::default()).await.unwrap();
    assert!(matches!(book.save(&second, date("2026-02-01"), ONE).await, Err(SaveError::Fenced)));
    assert_eq!(kept(book, 1).await.record.accepted_as.as_deref(), Some("first"));
    assert!(matches!(book.save(&first, date("2026-02-01"), ONE).await, Err(SaveError::Fenced)), "its version is over");
}

/// A mail that is counted twice would make a share of bounces wrong.
pub async fn counts_go_with_the_record_or_not_at_all<S: Store>() {
    let store = S::open().await;
    let book = store.mails();
    book.keep(&record(&tenant(1), 1)).await.unwrap();
    let heard = kept(book, 1).await;
    book.save(&heard, date("2026-02-01"), ONE).await.unwrap();
    assert!(book.save(&heard, date("2026-02-01"), ONE).await.is_err());
    assert_eq!(book.counts(&tenant(1), date("2026-02-01")).await.unwrap(), ONE);
}

/// Each tenant's own, and none of earlier days.
pub async fn a_day_counts_from_a_date_on<S: Store>() {
    let store = S::open().await;
    let book = store.mails();
    for (nth, of, days) in [(1, 1, 0), (2, 1, 1), (3, 1, 1), (4, 10, 1)] {
        book.keep(&record(&tenant(of), nth)).await.unwrap();
        let counted = MailCounts { accepted: 1, bounced: u32::from(nth == 3) };
        book.save(&kept(book, nth).await, date("2026-02-01") + Days::new(days), counted).await.unwrap();
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

/// A trouble of a mail with a recipient.
pub fn trouble(tenant: &TenantId, nth: u8, state: MailState) -> MailTrouble {
    let MailRecord { mail, job, invoice, customer, .. } = record(tenant, nth);
    let code = Some("5.1.1".to_owned());
    MailTrouble { at: morning(), mail, job, invoice, customer, role: Role::Customer, state, code }
}

/// Told again it's one line; each day has its own.
pub async fn a_day_has_its_troubles<S: Store>() {
    let store = S::open().await;
    let (book, company) = (store.mails(), tenant(1));
    let whom = hash(&company, "kund@kund.example");
    let bounced = trouble(&company, 1, MailState::Bounced);
    for (day, trouble) in [
        ("2026-02-01", &bounced),
        ("2026-02-01", &bounced),
        ("2026-02-01", &trouble(&company, 1, MailState::Complained)),
        ("2026-02-01", &trouble(&company, 2, MailState::Failed)),
        ("2026-02-02", &trouble(&company, 3, MailState::Rejected)),
    ] {
        book.note_trouble(&company, date(day), &whom, trouble).await.unwrap();
    }
    let on = |day: &str| book.troubles(&company, day.parse().unwrap());
    let mut first = on("2026-02-01").await.unwrap();
    first.sort_by_key(|trouble| (trouble.mail.clone(), trouble.state));
    assert_eq!(first.len(), 3);
    assert_eq!(first[0], bounced);
    assert_eq!(on("2026-02-02").await.unwrap().len(), 1);
    assert_eq!(on("2026-02-03").await.unwrap(), []);
    assert_eq!(book.troubles(&tenant(10), date("2026-02-01")).await.unwrap(), []);
}
