//! What a system can't do is refused without a call, rather than answered with nothing.

use accounting::{AccountingSystem, Addressing, Error};
use domain::settings::{Channel, ServiceSendMethod};

use crate::{Scene, Subject};

/// Where there are no agreements.
pub async fn agreements_are_refused_without_a_call<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let before = subject.ledger().0.len();
    let (system, tenant, sample) = (subject.system(), subject.tenant(), subject.sample());
    let (agreement, invoice) = (sample.nowhere.parse().unwrap(), &sample.invoices[0]);
    refused([
        system.agreements(&tenant, 1).await.unwrap_err(),
        system.agreement(&tenant, &agreement).await.unwrap_err(),
        system.create_invoice(&tenant, &agreement, None).await.unwrap_err(),
        system.invoices_of(&tenant, &agreement, &invoice.customer, invoice.invoice_date, &[]).await.unwrap_err(),
        system.book(&tenant, &invoice.number).await.unwrap_err(),
    ]);
    assert_eq!(subject.ledger().0.len(), before);
}

/// Where an invoice keeps no mark that it was sent.
pub async fn marks_are_refused_without_a_call<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let before = subject.ledger().0.len();
    let invoice = &subject.sample().invoices[0];
    refused([subject.system().mark_sent(&subject.tenant(), &invoice.number).await.unwrap_err()]);
    assert_eq!(subject.ledger().0.len(), before);
    assert!(!invoice.sent);
}

/// Where an invoice can't be sent any more once it's booked.
pub async fn deliveries_are_refused_without_a_call<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let before = subject.ledger().0.len();
    let (system, tenant, number) = (subject.system(), subject.tenant(), &subject.sample().invoices[0].number);
    let to = Addressing { to: vec!["kunde@kunde.example".parse().unwrap()], bcc: None };
    refused([
        system.address(&tenant, number, &to).await.unwrap_err(),
        system.deliver(&tenant, number, Channel::FortnoxEmail).await.unwrap_err(),
        system.deliver(&tenant, number, Channel::EconomicEmail).await.unwrap_err(),
        system.hand_over(&tenant, number, ServiceSendMethod::Email).await.unwrap_err(),
        system.at_service(&tenant, number).await.unwrap_err(),
    ]);
    assert_eq!(subject.ledger().0.len(), before);
}

/// Where drafts aren't booked. Nothing is known of accounting periods then, and nobody needs to.
pub async fn drafts_are_refused_without_a_call<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let before = subject.ledger().0.len();
    let (system, tenant, invoice) = (subject.system(), subject.tenant(), &subject.sample().invoices[0]);
    let draft = 1.try_into().unwrap();
    refused([
        system.drafts(&tenant, None).await.unwrap_err(),
        system.draft(&tenant, draft).await.unwrap_err(),
        system.subscription_drafts(&tenant, &[draft]).await.unwrap_err(),
        system.booking_request(&tenant, draft, Channel::SesEmail).unwrap_err(),
        system.book_draft(&tenant, "{}", "key").await.unwrap_err(),
        system.booked_since(&tenant, &invoice.customer, invoice.invoice_date).await.unwrap_err(),
    ]);
    assert_eq!(system.is_open_period(&tenant, invoice.invoice_date).await.unwrap(), None);
    assert_eq!(subject.ledger().0.len(), before);
}

fn refused<const N: usize>(errors: [Error; N]) {
    for error in errors {
        assert!(matches!(error, Error::Refused { .. }), "{error}");
    }
}
