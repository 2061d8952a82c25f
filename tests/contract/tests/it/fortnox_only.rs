//! What only Fortnox can get wrong: answers that no healthy Fortnox gives, and its open questions as switches.

use accounting::{AccountingSystem, CreateAnswer, Error, Happened};
use contract::{AgreementSubject, Call, Deed, EffectKind, Fault, Scene, Subject};
use fortnox_sim::{InvoiceDateQuery, NumberOrText};
use serde_json::{Value, json};

use crate::fortnox::FortnoxSubject;

async fn open() -> FortnoxSubject {
    FortnoxSubject::open(Scene::default()).await
}

fn contracts(rows: &Value) -> Value {
    let meta = json!({"@TotalResources": 4, "@TotalPages": 1, "@CurrentPage": 1});
    json!({"MetaInformation": meta, "Contracts": rows})
}

fn contract(number: &Value) -> Value {
    json!({"DocumentNumber": number, "CustomerNumber": "1", "Continuous": true, "Invoiceinterval": 1,
        "PeriodStart": "2026-01-01", "PeriodEnd": "2026-01-31", "Total": 1250, "Status": "ACTIVE"})
}

#[tokio::test]
async fn a_row_that_is_no_contract_at_all_is_reported_and_hides_no_other() {
    let subject = open().await;
    let mut dateless = contract(&json!(2));
    dateless["PeriodStart"] = json!("snart");
    let rows = json!([contract(&json!(1)), 17, dateless, contract(&json!("3"))]);
    subject.answer_next(Call::Agreements, 200, &contracts(&rows));
    let page = subject.system().agreements(&subject.tenant(), 1).await.unwrap();
    let (good, bad): (Vec<_>, Vec<_>) = page.rows.into_iter().partition(Result::is_ok);
    let good: Vec<String> = good.into_iter().map(|row| row.unwrap().number.to_string()).collect();
    assert_eq!(good, ["1", "3"]);
    let bad: Vec<String> = bad.into_iter().map(|row| row.unwrap_err().number.to_string()).collect();
    assert_eq!(bad, ["?", "2"]);
}

#[tokio::test]
async fn an_agreement_whose_number_cannot_be_one_is_broken() {
    let subject = open().await;
    let long = "1".repeat(100);
    let rows = json!([contract(&json!(" 1")), contract(&json!(long))]);
    subject.answer_next(Call::Agreements, 200, &contracts(&rows));
    let page = subject.system().agreements(&subject.tenant(), 1).await.unwrap();
    assert_eq!(page.rows.len(), 2);
    for row in page.rows {
        let broken = row.expect_err("such a number can't be invoiced");
        assert!(broken.problem.contains("DocumentNumber"), "{}", broken.problem);
    }
}

#[tokio::test]
async fn an_invoice_of_the_agreement_that_cannot_be_read_is_not_overlooked() {
    for (field, nonsense) in
        [("InvoiceDate", json!("")), ("Currency", json!("kr")), ("DocumentNumber", json!("1".repeat(100)))]
    {
        let subject = open().await;
        let agreements = subject.agreements();
        subject.by_hand(Deed::CreateInvoice(agreements.agreement.clone()));
        let mut invoice = json!({"DocumentNumber": "43", "CustomerNumber": "1", "ContractReference": 1,
            "InvoiceDate": "2026-01-01", "Booked": false, "Cancelled": false, "Sent": false, "TotalToPay": 1250});
        invoice[field] = nonsense;
        subject.answer_next(Call::Invoice, 200, &json!({"Invoice": invoice}));
        let found = subject
            .system()
            .invoices_of(&subject.tenant(), &agreements.agreement, &agreements.customer, agreements.today, &[])
            .await;
        let error = found.expect_err(field);
        assert!(matches!(error, Error::NoAnswer { .. }), "{field}: {error}");
        assert!(error.to_string().contains("43"), "{field}: {error}");
    }
}

#[tokio::test]
async fn an_agreement_reference_is_read_as_number_and_as_text() {
    for spelling in [NumberOrText::Number, NumberOrText::Text] {
        let subject = open().await;
        subject.switch(|switches| switches.contract_reference = spelling);
        let agreements = subject.agreements();
        let answer = subject.system().create_invoice(&subject.tenant(), &agreements.agreement, None).await.unwrap();
        assert!(matches!(answer, CreateAnswer::Invoice(_)), "{spelling:?}");
    }
}

#[tokio::test]
async fn an_invoice_of_another_agreement_is_not_taken_for_the_answer() {
    let subject = open().await;
    let agreements = subject.agreements();
    let other = json!({"DocumentNumber": "7", "CustomerNumber": "1", "ContractReference": 3,
        "InvoiceDate": "2026-01-01", "Booked": false, "Cancelled": false, "Sent": false, "TotalToPay": 1250});
    subject.answer_next(Call::CreateInvoice, 200, &json!({"Invoice": other}));
    let answer = subject.system().create_invoice(&subject.tenant(), &agreements.agreement, None).await.unwrap();
    assert_eq!(answer, CreateAnswer::Done);
}

#[tokio::test]
async fn a_date_that_fortnox_does_not_take_is_a_no_or_shows_in_the_answer() {
    let subject = open().await;
    let agreements = subject.agreements();
    let date = Some("2026-01-15".parse().unwrap());
    subject.switch(|switches| switches.invoicedate_query = InvoiceDateQuery::Reject);
    let error = subject.system().create_invoice(&subject.tenant(), &agreements.agreement, date).await.unwrap_err();
    assert_eq!(error.happened(), Happened::No);
    assert!(subject.ledger().changes().is_empty());

    subject.switch(|switches| switches.invoicedate_query = InvoiceDateQuery::Ignore);
    let answer = subject.system().create_invoice(&subject.tenant(), &agreements.agreement, date).await.unwrap();
    let CreateAnswer::Invoice(invoice) = answer else { panic!("{answer:?}") };
    assert_eq!(invoice.invoice_date, agreements.today);
    assert_eq!(subject.ledger().effects(EffectKind::InvoiceCreated).len(), 1);
}

#[tokio::test]
async fn a_missing_scope_blocks_the_tenant_whatever_its_status() {
    for status in [400, 403] {
        let subject = open().await;
        let body =
            json!({"ErrorInformation": {"error": 1, "message": "Har inte behörighet för scope", "code": 2_000_663}});
        subject.answer_next(Call::Customer, status, &body);
        let customer = &subject.agreements().customer;
        let error = subject.system().customer(&subject.tenant(), customer).await.unwrap_err();
        assert!(matches!(error, Error::TenantBlocked { .. }), "{status}: {error}");
    }
}

#[tokio::test]
async fn a_number_that_no_address_can_hold_is_refused_for_good_without_a_request() {
    let subject = open().await;
    let error = subject.system().invoice(&subject.tenant(), &"..".parse().unwrap()).await.unwrap_err();
    assert!(matches!(error, Error::Refused { .. }), "{error}");
    assert_eq!(subject.ledger().requests(Call::Invoice), 0);
}

#[tokio::test]
async fn without_a_token_a_read_may_be_repeated_and_nobody_is_asked() {
    let subject = open().await;
    subject.fail_next(Call::Token, Fault::AnswerFailure);
    subject.fail_next(Call::Company, Fault::TokenDead);
    let error = subject.system().company(&subject.tenant()).await.unwrap_err();
    assert!(matches!(error, Error::NotTaken { .. }), "no token, and no person can help: {error}");
    subject.system().company(&subject.tenant()).await.unwrap();
}
