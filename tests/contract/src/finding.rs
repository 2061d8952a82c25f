//! The invoices of an agreement, and only those, whoever made them.

use accounting::{AccountingSystem, Error};
use chrono::Days;
use domain::{
    ids::{AgreementNumber, InvoiceNumber},
    job::observe::FoundInvoice,
};

use crate::{AgreementSubject, Call, Deed, Fault, Scene};

/// With what the decision to adopt it needs.
pub async fn an_invoice_made_by_hand_is_found<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let number = make(&subject, &subject.agreements().agreement);
    let found = find(&subject, &[]).await.unwrap();
    assert_eq!(numbers(&found), [&number]);
    let itself = subject.system().invoice(&subject.tenant(), &number).await.unwrap();
    assert_eq!(found[0].invoice_date, itself.invoice_date);
    assert_eq!(found[0].period, itself.period);
    assert_eq!(found[0].total, itself.total);
    assert!(!found[0].cancelled);
}

/// Those that other jobs know of, of which there is one a period. They cost no request either.
pub async fn known_invoices_are_left_out<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let [old, new] = [(); 2].map(|()| make(&subject, &subject.agreements().agreement));
    let found = find(&subject, std::slice::from_ref(&old)).await.unwrap();
    assert_eq!(numbers(&found), [&new]);
    assert!(subject.ledger().requests(Call::Invoice) <= 1);
    assert!(find(&subject, &[old, new]).await.unwrap().is_empty());
}

/// Neither those of the same customer's other agreements nor those of a customer with a similar number.
pub async fn other_agreements_invoices_are_not_taken_for_its_own<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let agreements = subject.agreements();
    make(&subject, &agreements.sibling);
    make(&subject, &agreements.lookalike);
    assert!(find(&subject, &[]).await.unwrap().is_empty());
    let own = make(&subject, &agreements.agreement);
    assert_eq!(numbers(&find(&subject, &[]).await.unwrap()), [&own]);
}

/// The date given is the first that counts.
pub async fn older_invoices_are_left_out<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let agreements = subject.agreements();
    make(&subject, &agreements.agreement);
    let tomorrow = agreements.today.checked_add_days(Days::new(1)).unwrap();
    let found = subject
        .system()
        .invoices_of(&subject.tenant(), &agreements.agreement, &agreements.customer, tomorrow, &[])
        .await
        .unwrap();
    assert!(found.is_empty());
}

/// It's reported, as cancelled: the period is open again, and the invoice was there.
pub async fn a_cancelled_invoice_is_told_apart<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let cancelled = make(&subject, &subject.agreements().agreement);
    subject.by_hand(Deed::Cancel(cancelled.clone()));
    let stands = make(&subject, &subject.agreements().agreement);
    let found = find(&subject, &[]).await.unwrap();
    assert_eq!(found.len(), 2);
    for invoice in found {
        assert_eq!(invoice.cancelled, invoice.number == cancelled);
        assert!(invoice.number == cancelled || invoice.number == stands);
    }
}

/// An invoice overlooked here would be made once more.
pub async fn a_list_that_cannot_be_read_to_its_end_is_an_error<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    make(&subject, &subject.agreements().agreement);
    for call in [Call::Invoices, Call::Invoice] {
        subject.fail_next(call, Fault::AnswerGarbled);
        let error = find(&subject, &[]).await.unwrap_err();
        assert!(matches!(error, Error::NoAnswer { .. }), "{call:?}: {error}");
    }
    assert_eq!(find(&subject, &[]).await.unwrap().len(), 1);
}

fn make<S: AgreementSubject>(subject: &S, agreement: &AgreementNumber) -> InvoiceNumber {
    subject.by_hand(Deed::CreateInvoice(agreement.clone())).expect("a person can invoice an agreement")
}

async fn find<S: AgreementSubject>(subject: &S, known: &[InvoiceNumber]) -> Result<Vec<FoundInvoice>, Error> {
    let agreements = subject.agreements();
    let (agreement, customer) = (&agreements.agreement, &agreements.customer);
    subject.system().invoices_of(&subject.tenant(), agreement, customer, agreements.today, known).await
}

fn numbers(found: &[FoundInvoice]) -> Vec<&InvoiceNumber> {
    found.iter().map(|invoice| &invoice.number).collect()
}
