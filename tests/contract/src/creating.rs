//! One call, one request, one invoice; and every failure tells whether it happened.

use accounting::{AccountingSystem, CreateAnswer, Error, Happened};
use chrono::{Days, NaiveDate};
use domain::ids::InvoiceNumber;
use domain::job::observe::FoundInvoice;

use crate::{Call, CreationAnswer, EffectKind, Fault, Scene, Subject};

/// Words of a refusal that no adapter can know.
const WORDS: &str = "Kunden får inte faktureras på en torsdag.";

/// Whatever the answer is. Nothing is booked or sent on the way.
pub async fn one_call_makes_one_invoice_by_one_request<S: Subject>() {
    for &creation_answer in S::CAPABILITIES.answers_with_invoice.possible() {
        let Some(subject) = open::<S>(creation_answer).await else { return };
        let (tenant, sample) = (subject.tenant(), subject.sample());
        let answer = subject.system().create_invoice(&tenant, &sample.agreement, None).await.unwrap();
        let ledger = subject.ledger();
        assert_eq!(ledger.requests(Call::CreateInvoice), 1);
        let created = ledger.effects(EffectKind::InvoiceCreated);
        assert_eq!(created.len(), 1);
        assert_eq!(created[0].agreement.as_ref(), Some(&sample.agreement));
        for kind in [EffectKind::InvoiceBooked, EffectKind::MarkedSent, EffectKind::Delivered] {
            assert!(ledger.effects(kind).is_empty(), "{kind:?}");
        }
        let found = find(&subject, sample.today).await;
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
pub async fn the_date_asked_for_is_the_invoices<S: Subject>() {
    for &creation_answer in S::CAPABILITIES.answers_with_invoice.possible() {
        let Some(subject) = open::<S>(creation_answer).await else { return };
        let (tenant, sample) = (subject.tenant(), subject.sample());
        let date = sample.today.checked_add_days(Days::new(9)).unwrap();
        let answer = subject.system().create_invoice(&tenant, &sample.agreement, Some(date)).await.unwrap();
        if let CreateAnswer::Invoice(invoice) = answer {
            assert_eq!(invoice.invoice_date, date);
        }
        assert_eq!(subject.ledger().effects(EffectKind::InvoiceCreated)[0].invoice_date, Some(date));
        assert_eq!(find(&subject, date).await.len(), 1);
    }
}

/// The company's date where the accounting system is.
pub async fn without_a_date_the_systems_own_day_is_taken<S: Subject>() {
    let Some(subject) = open::<S>(CreationAnswer::NoInvoice).await else { return };
    let sample = subject.sample();
    subject.system().create_invoice(&subject.tenant(), &sample.agreement, None).await.unwrap();
    assert_eq!(find(&subject, sample.today).await[0].invoice_date, sample.today);
}

/// Without protection by the system a second call is a second invoice: why nothing here may ever repeat one.
pub async fn a_repeated_creation_is_what_the_capabilities_say<S: Subject>() {
    let Some(subject) = open::<S>(CreationAnswer::Invoice).await else { return };
    let sample = subject.sample();
    for _ in 0..2 {
        subject.system().create_invoice(&subject.tenant(), &sample.agreement, Some(sample.today)).await.unwrap();
    }
    let invoices = if S::CAPABILITIES.idempotent_creation { 1 } else { 2 };
    assert_eq!(subject.ledger().effects(EffectKind::InvoiceCreated).len(), invoices);
    assert_eq!(find(&subject, sample.today).await.len(), invoices);
}

/// In whatever way the answer is lost.
pub async fn a_lost_answer_says_perhaps_and_the_invoice_is_found_once<S: Subject>() {
    for fault in Fault::LOST_ANSWERS {
        let Some(subject) = open::<S>(CreationAnswer::Invoice).await else { return };
        let sample = subject.sample();
        // An earlier call leaves a kept connection behind: the one case where an HTTP client repeats by itself.
        subject.system().agreement(&subject.tenant(), &sample.agreement).await.unwrap().unwrap();
        let error = fail(&subject, fault).await;
        assert_eq!(error.happened(), Happened::Perhaps, "{fault:?}: {error}");
        assert!(matches!(error, Error::NoAnswer { .. }), "{fault:?}: {error}");
        let ledger = subject.ledger();
        assert_eq!(ledger.requests(Call::CreateInvoice), 1, "{fault:?}");
        let created = ledger.effects(EffectKind::InvoiceCreated);
        assert_eq!(created.len(), 1, "{fault:?}");
        let found = find(&subject, sample.today).await;
        let numbers: Vec<&InvoiceNumber> = found.iter().map(|invoice| &invoice.number).collect();
        assert_eq!(numbers, created[0].invoice.iter().collect::<Vec<_>>(), "{fault:?}");
    }
}

/// Seen from here it looks the same as a lost answer; the search tells.
pub async fn a_call_that_never_arrived_says_perhaps_and_nothing_is_found<S: Subject>() {
    let Some(subject) = open::<S>(CreationAnswer::Invoice).await else { return };
    subject.system().agreement(&subject.tenant(), &subject.sample().agreement).await.unwrap().unwrap();
    let error = fail(&subject, Fault::NotReached).await;
    assert_eq!(error.happened(), Happened::Perhaps, "{error}");
    assert_eq!(subject.ledger().requests(Call::CreateInvoice), 1);
    assert!(subject.ledger().changes().is_empty());
    assert!(find(&subject, subject.sample().today).await.is_empty());
}

/// With advice for a person, and without a second try.
pub async fn a_refusal_says_no_in_the_systems_own_words<S: Subject>() {
    let Some(subject) = open::<S>(CreationAnswer::Invoice).await else { return };
    let error = fail(&subject, Fault::Refused(WORDS)).await;
    assert_eq!(error.happened(), Happened::No);
    let Error::Refused { words, advice } = error else { panic!("{error}") };
    assert!(words.contains(WORDS), "{words}");
    assert!(!advice.is_empty());
    assert_eq!(subject.ledger().requests(Call::CreateInvoice), 1);
    assert!(subject.ledger().changes().is_empty());
}

/// And the call may be made again later, which the adapter leaves to its caller.
pub async fn too_many_calls_say_no<S: Subject>() {
    let Some(subject) = open::<S>(CreationAnswer::Invoice).await else { return };
    let error = fail(&subject, Fault::RateLimited).await;
    assert_eq!(error.happened(), Happened::No);
    assert!(matches!(error, Error::NotTaken { .. } | Error::Busy { .. }), "{error}");
    assert_eq!(subject.ledger().requests(Call::CreateInvoice), 1);
    assert!(subject.ledger().changes().is_empty());
}

/// Nothing happened.
pub async fn an_unknown_agreement_is_not_found<S: Subject>() {
    let Some(subject) = open::<S>(CreationAnswer::Invoice).await else { return };
    let nowhere = subject.sample().nowhere.parse().unwrap();
    let error = subject.system().create_invoice(&subject.tenant(), &nowhere, None).await.unwrap_err();
    assert_eq!(error.happened(), Happened::No);
    assert!(matches!(error, Error::NotFound { .. }), "{error}");
    assert!(subject.ledger().changes().is_empty());
}

/// The subject, or `None` once a system without agreements has proven that it refuses without a call.
async fn open<S: Subject>(creation_answer: CreationAnswer) -> Option<S> {
    let subject = S::open(Scene { creation_answer, ..Scene::default() }).await;
    if S::CAPABILITIES.creates_from_agreements {
        return Some(subject);
    }
    let error =
        subject.system().create_invoice(&subject.tenant(), &subject.sample().agreement, None).await.unwrap_err();
    assert!(matches!(error, Error::Refused { .. }), "{error}");
    assert_eq!(subject.ledger().requests(Call::CreateInvoice), 0);
    None
}

async fn fail<S: Subject>(subject: &S, fault: Fault) -> Error {
    subject.fail_next(Call::CreateInvoice, fault);
    let sample = subject.sample();
    let answer = subject.system().create_invoice(&subject.tenant(), &sample.agreement, Some(sample.today)).await;
    answer.err().unwrap_or_else(|| panic!("{fault:?} went unnoticed"))
}

async fn find<S: Subject>(subject: &S, from: NaiveDate) -> Vec<FoundInvoice> {
    let sample = subject.sample();
    subject.system().invoices_of(&subject.tenant(), &sample.agreement, &sample.customer, from, &[]).await.unwrap()
}
