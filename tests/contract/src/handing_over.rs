//! Invoices are handed over to the system's invoice service, once a call, and the service says how they stand.

use accounting::{AccountingSystem, Error, Happened, ServiceStanding};
use domain::{ids::InvoiceNumber, settings::ServiceSendMethod};

use crate::{AgreementSubject, Call, Deed, EffectKind, Fault, Scene};

/// An open company and an invoice that may be handed over.
async fn open<S: AgreementSubject>() -> (S, InvoiceNumber) {
    let subject = S::open(Scene::default()).await;
    let number = subject.sample().invoices[0].number.clone();
    subject.by_hand(Deed::Book(number.clone()));
    (subject, number)
}

async fn hand_over<S: AgreementSubject>(subject: &S, number: &InvoiceNumber) -> Result<(), Error> {
    subject.system().hand_over(&subject.tenant(), number, ServiceSendMethod::Letter).await
}

fn handed_over<S: AgreementSubject>(subject: &S) -> usize {
    subject.ledger().effects(EffectKind::Delivered).len()
}

/// Before, the service doesn't have it; after, it does, though it hasn't made up its mind.
pub async fn one_call_hands_over_once_and_the_service_has_it<S: AgreementSubject>() {
    let (subject, number) = open::<S>().await;
    let (system, tenant) = (subject.system(), subject.tenant());
    assert_eq!(system.at_service(&tenant, &number).await.unwrap(), None);
    let before = system.invoice(&tenant, &number).await.unwrap();
    assert!(!before.is_out());
    hand_over(&subject, &number).await.unwrap();
    assert_eq!((subject.ledger().requests(Call::HandOver), handed_over(&subject)), (1, 1));
    let state = system.at_service(&tenant, &number).await.unwrap().unwrap();
    assert_eq!((state.standing, state.ocr), (ServiceStanding::Unconfirmed, None));
    let invoice = system.invoice(&tenant, &number).await.unwrap();
    assert!(invoice.for_service.has_it && invoice.is_out() && !invoice.sent);
}

/// What became of it is to be looked for, and nobody here makes the call again.
pub async fn a_hand_over_whose_answer_is_lost_says_perhaps<S: AgreementSubject>() {
    for fault in Fault::LOST_ANSWERS {
        let (subject, number) = open::<S>().await;
        subject.fail_next(Call::HandOver, fault);
        let error = hand_over(&subject, &number).await.unwrap_err();
        assert_eq!(error.happened(), Happened::Perhaps, "{fault:?}: {error}");
        assert_eq!((subject.ledger().requests(Call::HandOver), handed_over(&subject)), (1, 1), "{fault:?}");
        assert!(subject.system().at_service(&subject.tenant(), &number).await.unwrap().is_some(), "{fault:?}");
    }
    let (subject, number) = open::<S>().await;
    subject.fail_next(Call::HandOver, Fault::NotReached);
    assert_eq!(hand_over(&subject, &number).await.unwrap_err().happened(), Happened::Perhaps);
    assert_eq!(handed_over(&subject), 0);
}

/// In the system's own words; a dead token and one call too many aren't repeated either.
pub async fn a_hand_over_that_is_refused_says_no<S: AgreementSubject>() {
    for fault in [Fault::Refused("Fakturaservice saknas."), Fault::TokenDead, Fault::RateLimited] {
        let (subject, number) = open::<S>().await;
        subject.fail_next(Call::HandOver, fault);
        let error = hand_over(&subject, &number).await.unwrap_err();
        assert_eq!(error.happened(), Happened::No, "{fault:?}: {error}");
        assert_eq!((subject.ledger().requests(Call::HandOver), handed_over(&subject)), (1, 0), "{fault:?}");
        if let Error::Refused { words, advice } = &error {
            assert!(words.contains("Fakturaservice saknas.") && !advice.is_empty(), "{words}");
        }
    }
}

/// Rather than that the service doesn't have it, by which it might be handed over once more.
pub async fn a_service_that_cannot_be_asked_is_an_error<S: AgreementSubject>() {
    let (subject, number) = open::<S>().await;
    hand_over(&subject, &number).await.unwrap();
    for fault in [Fault::AnswerCut, Fault::AnswerFailure, Fault::AnswerGarbled, Fault::RateLimited] {
        subject.fail_next(Call::AtService, fault);
        subject.system().at_service(&subject.tenant(), &number).await.unwrap_err();
    }
}
