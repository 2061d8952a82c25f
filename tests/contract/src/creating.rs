//! One call, one request, one invoice; and every failure tells whether it happened.

use accounting::{AccountingSystem, CreateAnswer, Error, Happened};
use chrono::{Days, NaiveDate};
use domain::ids::InvoiceNumber;
use domain::job::observe::FoundInvoice;

use crate::{AgreementSubject, Call, CreationAnswer, EffectKind, Fault, Scene};

/// Words of a refusal that no adapter can know.
const WORDS: &str = "Kunden får inte faktureras på en torsdag.";

/// Whatever the answer is. Nothing is booked or sent on the way.
pub async fn one_call_makes_one_invoice_by_one_request<S: AgreementSubject>() {
    for &creation_answer in S::HABITS.answers_with_invoice.possible() {
        let subject = open::<S>(creation_answer).await;
        let (tenant, agreements) = (subject.tenant(), subject.agreements());
        let answer = subject.system().create_invoice(&tenant, &agreements.agreement, None).await.unwrap();
        let ledger = subject.ledger();
        assert_eq!(ledger.requests(Call::CreateInvoice), 1);
        let created = ledger.effects(EffectKind::InvoiceCreated);
        assert_eq!(created.len(), 1);
        assert_eq!(created[0].agreement.as_ref(), Some(&agreements.agreement));
        for kind in [EffectKind::InvoiceBooked, EffectKind::MarkedSent, EffectKind::Delivered] {
            assert!(ledger.effects(kind).is_empty(), "{kind:?}");
        }
        let found = find(&subject, agreements.today).await;
        assert_eq!(found.len(), 1);
        assert_eq!(Some(&found[0].number), created[0].invoice.as_ref());
        match (creation_answer, answer) {
            (CreationAnswer::Invoice, CreateAnswer::Invoice(invoice)) => assert_eq!(invoice, found[0]),
            (CreationAnswer::NoInvoice, CreateAnswer::Done) => {}
            (_, answer) => panic!("{creation_answer:?} became {answer:?}"),
        }
    }
}

/// In the ledger, in the answer, and when it's looked for.
pub async fn the_date_asked_for_is_the_invoices<S: AgreementSubject>() {
    for &creation_answer in S::HABITS.answers_with_invoice.possible() {
        let subject = open::<S>(creation_answer).await;
        let (tenant, agreements) = (subject.tenant(), subject.agreements());
        let date = agreements.today.checked_add_days(Days::new(9)).unwrap();
        let answer = subject.system().create_invoice(&tenant, &agreements.agreement, Some(date)).await.unwrap();
        if let CreateAnswer::Invoice(invoice) = answer {
            assert_eq!(invoice.invoice_date, date);
        }
        assert_eq!(subject.ledger().effects(EffectKind::InvoiceCreated)[0].invoice_date, Some(date));
        assert_eq!(find(&subject, date).await.len(), 1);
    }
}

/// The company's date where the accounting system is.
pub async fn without_a_date_the_systems_own_day_is_taken<S: AgreementSubject>() {
    let subject = open::<S>(CreationAnswer::NoInvoice).await;
    let agreements = subject.agreements();
    subject.system().create_invoice(&subject.tenant(), &agreements.agreement, None).await.unwrap();
    assert_eq!(find(&subject, agreements.today).await[0].invoice_date, agreements.today);
}

/// Without protection by the system a second call is a second invoice: why nothing here may ever repeat one.
pub async fn a_repeated_creation_is_what_the_habits_say<S: AgreementSubject>() {
    let subject = open::<S>(CreationAnswer::Invoice).await;
    let agreements = subject.agreements();
    for _ in 0..2 {
        subject
            .system()
            .create_invoice(&subject.tenant(), &agreements.agreement, Some(agreements.today))
            .await
            .unwrap();
    }
    let invoices = if S::HABITS.idempotent_creation { 1 } else { 2 };
    assert_eq!(subject.ledger().effects(EffectKind::InvoiceCreated).len(), invoices);
    assert_eq!(find(&subject, agreements.today).await.len(), invoices);
}

/// In whatever way the answer is lost.
pub async fn a_lost_answer_says_perhaps_and_the_invoice_is_found_once<S: AgreementSubject>() {
    for fault in Fault::LOST_ANSWERS {
        let subject = open::<S>(CreationAnswer::Invoice).await;
        let agreements = subject.agreements();
        // An earlier call leaves a kept connection behind: the one case where an HTTP client repeats by itself.
        subject.system().agreement(&subject.tenant(), &agreements.agreement).await.unwrap().unwrap();
        let error = fail(&subject, fault).await;
        assert_eq!(error.happened(), Happened::Perhaps, "{fault:?}: {error}");
        assert!(matches!(error, Error::NoAnswer { .. }), "{fault:?}: {error}");
        let ledger = subject.ledger();
        assert_eq!(ledger.requests(Call::CreateInvoice), 1, "{fault:?}");
        let created = ledger.effects(EffectKind::InvoiceCreated);
        assert_eq!(created.len(), 1, "{fault:?}");
        let found = find(&subject, agreements.today).await;
        let numbers: Vec<&InvoiceNumber> = found.iter().map(|invoice| &invoice.number).collect();
        assert_eq!(numbers, created[0].invoice.iter().collect::<Vec<_>>(), "{fault:?}");
    }
}

/// Seen from here it looks the same as a lost answer; the search tells.
pub async fn a_call_that_never_arrived_says_perhaps_and_nothing_is_found<S: AgreementSubject>() {
    let subject = open::<S>(CreationAnswer::Invoice).await;
    subject.system().agreement(&subject.tenant(), &subject.agreements().agreement).await.unwrap().unwrap();
    let error = fail(&subject, Fault::NotReached).await;
    assert_eq!(error.happened(), Happened::Perhaps, "{error}");
    assert_eq!(subject.ledger().requests(Call::CreateInvoice), 1);
    assert!(subject.ledger().changes().is_empty());
    assert!(find(&subject, subject.agreements().today).await.is_empty());
}

/// With advice for a person, and without a second try.
pub async fn a_refusal_says_no_in_the_systems_own_words<S: AgreementSubject>() {
    let subject = open::<S>(CreationAnswer::Invoice).await;
    let error = fail(&subject, Fault::Refused(WORDS)).await;
    assert_eq!(error.happened(), Happened::No);
    let Error::Refused { words, advice } = error else { panic!("{error}") };
    assert!(words.contains(WORDS), "{words}");
    assert!(!advice.is_empty());
    assert_eq!(subject.ledger().requests(Call::CreateInvoice), 1);
    assert!(subject.ledger().changes().is_empty());
}

/// And the call may be made again later, which the adapter leaves to its caller.
pub async fn too_many_calls_say_no<S: AgreementSubject>() {
    let subject = open::<S>(CreationAnswer::Invoice).await;
    let error = fail(&subject, Fault::RateLimited).await;
    assert_eq!(error.happened(), Happened::No);
    assert!(matches!(error, Error::NotTaken { .. } | Error::Busy { .. }), "{error}");
    assert_eq!(subject.ledger().requests(Call::CreateInvoice), 1);
    assert!(subject.ledger().changes().is_empty());
}

/// Nothing happened.
pub async fn an_unknown_agreement_is_not_found<S: AgreementSubject>() {
    let subject = open::<S>(CreationAnswer::Invoice).await;
    let nowhere = subject.sample().nowhere.parse().unwrap();
    let errors = [
        subject.system().agreement(&subject.tenant(), &nowhere).await.unwrap_err(),
        subject.system().create_invoice(&subject.tenant(), &nowhere, None).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.happened(), Happened::No);
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
    }
    assert!(subject.ledger().changes().is_empty());
}

async fn open<S: AgreementSubject>(creation_answer: CreationAnswer) -> S {
    S::open(Scene { creation_answer, ..Scene::default() }).await
}

async fn fail<S: AgreementSubject>(subject: &S, fault: Fault) -> Error {
    subject.fail_next(Call::CreateInvoice, fault);
    let agreements = subject.agreements();
    let answer =
        subject.system().create_invoice(&subject.tenant(), &agreements.agreement, Some(agreements.today)).await;
    answer.err().unwrap_or_else(|| panic!("{fault:?} went unnoticed"))
}

async fn find<S: AgreementSubject>(subject: &S, from: NaiveDate) -> Vec<FoundInvoice> {
    let agreements = subject.agreements();
    subject
        .system()
        .invoices_of(&subject.tenant(), &agreements.agreement, &agreements.customer, from, &[])
        .await
        .unwrap()
}
