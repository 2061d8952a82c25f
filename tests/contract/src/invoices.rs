//! Invoices, and those who send and get them: read right, booked once, marked and printed.

use accounting::{AccountingSystem, Error, Happened, Invoice};
use domain::ids::InvoiceNumber;

use crate::{Call, Deed, EffectKind, Fault, Scene, Subject};

/// How a PDF begins.
const PDF_MAGIC: &[u8] = b"%PDF-";

/// Every field, letters beyond ASCII included; what is empty there is `None` here.
pub async fn an_invoice_is_read_right<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    assert!(!subject.sample().invoices.is_empty());
    for expected in &subject.sample().invoices {
        let invoice = subject.system().invoice(&subject.tenant(), &expected.number).await.unwrap();
        // Field by field: the type itself prints nothing that would help to see the difference.
        let Invoice { number, customer, customer_name, invoice_date, due_date, period, total, .. } = &invoice;
        assert_eq!((number, customer, customer_name), (&expected.number, &expected.customer, &expected.customer_name));
        assert_eq!((invoice_date, due_date, period), (&expected.invoice_date, &expected.due_date, &expected.period));
        assert_eq!(*total, expected.total);
        let Invoice { ocr, our_reference, your_reference, email_to, booked, cancelled, sent, credit, .. } = &invoice;
        assert_eq!((ocr, our_reference), (&expected.ocr, &expected.our_reference));
        assert_eq!((your_reference, email_to), (&expected.your_reference, &expected.email_to));
        assert_eq!(
            (*booked, *cancelled, *sent, *credit),
            (expected.booked, expected.cancelled, expected.sent, expected.credit)
        );
        assert_eq!(invoice, *expected);
    }
}

/// Also one with an awkward number; without an address there is none, rather than an empty one.
pub async fn a_customer_is_read_right<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let customers = &subject.sample().customers;
    assert!(customers.iter().any(|customer| customer.invoice_email.is_none()));
    for expected in customers {
        let customer = subject.system().customer(&subject.tenant(), &expected.number).await.unwrap();
        assert!(customer == *expected, "customer {}", expected.number);
    }
}

/// The accounts that it has, and `None` for those that it hasn't.
pub async fn the_company_is_read_right<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let company = subject.system().company(&subject.tenant()).await.unwrap();
    let expected = &subject.sample().company;
    assert_eq!(company.name, expected.name);
    assert!(company == *expected, "something of the company besides its name");
}

/// One effect, and a "no" that leaves the books alone.
pub async fn booking_books_once_and_is_refused_the_second_time<S: Subject>() {
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
pub async fn a_booking_whose_answer_is_lost_says_perhaps_and_shows_on_the_invoice<S: Subject>() {
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
pub async fn an_invoice_that_a_person_booked_is_not_booked_again<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let number = open_invoice(&subject);
    subject.by_hand(Deed::Book(number.clone()));
    let error = subject.system().book(&subject.tenant(), &number).await.unwrap_err();
    assert_eq!(error.happened(), Happened::No);
    assert!(subject.ledger().changes().is_empty());
    assert!(subject.system().invoice(&subject.tenant(), &number).await.unwrap().booked);
}

/// A person took it back in between.
pub async fn a_cancelled_invoice_is_not_booked<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let number = open_invoice(&subject);
    subject.by_hand(Deed::Cancel(number.clone()));
    let error = subject.system().book(&subject.tenant(), &number).await.unwrap_err();
    assert_eq!(error.happened(), Happened::No);
    assert!(subject.ledger().changes().is_empty());
    assert!(subject.system().invoice(&subject.tenant(), &number).await.unwrap().cancelled);
}

/// As after a lost answer. Nothing is delivered by it.
pub async fn marking_as_sent_may_be_repeated<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let number = open_invoice(&subject);
    let first = subject.system().mark_sent(&subject.tenant(), &number).await;
    if !S::CAPABILITIES.marks_sent {
        assert!(matches!(first, Err(Error::Refused { .. })));
        assert!(subject.ledger().changes().is_empty());
        return;
    }
    first.unwrap();
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

/// And it leaves the invoice as it was.
pub async fn a_pdf_is_a_pdf<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let number = open_invoice(&subject);
    let pdf = subject.system().pdf(&subject.tenant(), &number).await.unwrap();
    assert!(pdf.starts_with(PDF_MAGIC));
    assert!(subject.ledger().changes().is_empty());
    assert_eq!(subject.system().invoice(&subject.tenant(), &number).await.unwrap(), subject.sample().invoices[0]);
}

/// Whatever is asked for, and nothing happened.
pub async fn unknown_documents_are_not_found<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let (system, tenant, nowhere) = (subject.system(), subject.tenant(), subject.sample().nowhere);
    let invoice: InvoiceNumber = nowhere.parse().unwrap();
    let mut errors = vec![
        system.invoice(&tenant, &invoice).await.unwrap_err(),
        system.book(&tenant, &invoice).await.unwrap_err(),
        system.pdf(&tenant, &invoice).await.unwrap_err(),
        system.customer(&tenant, &nowhere.parse().unwrap()).await.unwrap_err(),
        system.agreement(&tenant, &nowhere.parse().unwrap()).await.unwrap_err(),
    ];
    if S::CAPABILITIES.marks_sent {
        errors.push(system.mark_sent(&tenant, &invoice).await.unwrap_err());
    }
    for error in errors {
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
        assert_eq!(error.happened(), Happened::No);
    }
    assert!(subject.ledger().changes().is_empty());
}

fn open_invoice<S: Subject>(subject: &S) -> InvoiceNumber {
    subject.sample().invoices[0].number.clone()
}
