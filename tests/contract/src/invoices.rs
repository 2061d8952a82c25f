//! Invoices, and those who send and get them: read right and printed.

use accounting::{AccountingSystem, Error, Happened, Invoice};
use domain::ids::InvoiceNumber;

use crate::{Scene, Subject};

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
        assert_eq!(invoice.email_bcc, expected.email_bcc);
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
    let pdf = system.pdf(&tenant, &invoice).await.unwrap_err();
    if S::PDF_MAY_COME_LATER {
        assert!(matches!(pdf, Error::NoAnswer { .. }), "{pdf}");
    } else {
        assert!(matches!(pdf, Error::NotFound { .. }), "{pdf}");
    }
    let errors = [
        system.invoice(&tenant, &invoice).await.unwrap_err(),
        system.customer(&tenant, &nowhere.parse().unwrap()).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
        assert_eq!(error.happened(), Happened::No);
    }
    assert!(subject.ledger().changes().is_empty());
}

fn open_invoice<S: Subject>(subject: &S) -> InvoiceNumber {
    subject.sample().invoices[0].number.clone()
}
