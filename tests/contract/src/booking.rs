//! Invoices that came of agreements are booked once, and marked as sent as often as one likes.

use accounting::{AccountingSystem, Error, Happened};
use domain::ids::InvoiceNumber;

use crate::{AgreementSubject, Call, Deed, EffectKind, Fault, Scene};

/// One effect, and a "no" that leaves the books alone.
pub async fn booking_books_once_and_is_refused_the_second_time<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let number = open_invoice(&subject);
    subject.system().book(&subject.tenant(), &number).await.unwrap();
    let error = subject.system().book(&subject.tenant(), &number).await.unwrap_err();
    assert_eq!(error.happened(), Happened::No);
    assert!(matches!(error, Error::Refused { .. }), "{error}");
    let ledger = subject.ledger();
    assert_eq!(ledger.requests(Call::Book), 2);
    assert_eq!(ledger.changes().len(), 1);
    let booked = ledger.effects(EffectKind::InvoiceBooked);
    assert_eq!(booked[0].invoice.as_ref(), Some(&number));
    let invoice = subject.system().invoice(&subject.tenant(), &number).await.unwrap();
    assert!(invoice.booked && !invoice.sent);
}

/// Which is how the workflow finds out.
pub async fn a_booking_whose_answer_is_lost_says_perhaps_and_shows_on_the_invoice<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let number = open_invoice(&subject);
    assert!(!subject.system().invoice(&subject.tenant(), &number).await.unwrap().booked);
    subject.fail_next(Call::Book, Fault::AnswerCut);
    let error = subject.system().book(&subject.tenant(), &number).await.unwrap_err();
    assert_eq!(error.happened(), Happened::Perhaps, "{error}");
    assert_eq!(subject.ledger().requests(Call::Book), 1);
    assert_eq!(subject.ledger().changes().len(), 1);
    assert!(subject.system().invoice(&subject.tenant(), &number).await.unwrap().booked);
}

/// A person was faster: nothing is booked twice, and the invoice says so.
pub async fn an_invoice_that_a_person_booked_is_not_booked_again<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let number = open_invoice(&subject);
    subject.by_hand(Deed::Book(number.clone()));
    let error = subject.system().book(&subject.tenant(), &number).await.unwrap_err();
    assert_eq!(error.happened(), Happened::No);
    assert!(subject.ledger().changes().is_empty());
    assert!(subject.system().invoice(&subject.tenant(), &number).await.unwrap().booked);
}

/// A person took it back in between.
pub async fn a_cancelled_invoice_is_not_booked<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let number = open_invoice(&subject);
    subject.by_hand(Deed::Cancel(number.clone()));
    let error = subject.system().book(&subject.tenant(), &number).await.unwrap_err();
    assert_eq!(error.happened(), Happened::No);
    assert!(subject.ledger().changes().is_empty());
    assert!(subject.system().invoice(&subject.tenant(), &number).await.unwrap().cancelled);
}

/// As after a lost answer. Nothing is delivered by it.
pub async fn marking_as_sent_may_be_repeated<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let number = open_invoice(&subject);
    subject.system().mark_sent(&subject.tenant(), &number).await.unwrap();
    subject.fail_next(Call::MarkSent, Fault::AnswerCut);
    let lost = subject.system().mark_sent(&subject.tenant(), &number).await.unwrap_err();
    assert_eq!(lost.happened(), Happened::Perhaps);
    subject.system().mark_sent(&subject.tenant(), &number).await.unwrap();
    let ledger = subject.ledger();
    assert_eq!(ledger.requests(Call::MarkSent), 3);
    assert_eq!(ledger.changes(), ledger.effects(EffectKind::MarkedSent));
    let invoice = subject.system().invoice(&subject.tenant(), &number).await.unwrap();
    assert!(invoice.sent && !invoice.booked);
}

/// An unknown number, and nothing happened.
pub async fn unknown_invoices_are_neither_booked_nor_marked<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let nowhere = subject.sample().nowhere.parse().unwrap();
    let errors = [
        subject.system().book(&subject.tenant(), &nowhere).await.unwrap_err(),
        subject.system().mark_sent(&subject.tenant(), &nowhere).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
    }
    assert!(subject.ledger().changes().is_empty());
}

fn open_invoice<S: AgreementSubject>(subject: &S) -> InvoiceNumber {
    subject.sample().invoices[0].number.clone()
}
