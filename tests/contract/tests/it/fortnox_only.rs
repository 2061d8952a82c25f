//! What only Fortnox can get wrong: answers that no healthy Fortnox gives, and its open questions as switches.

use accounting::{AccountingSystem, CreateAnswer, Error, Happened};
use chrono::NaiveDate;
use contract::{AgreementSubject, Call, Deed, EffectKind, Fault, Scene, Subject};
use domain::{
    preflight::{CompanyFacts, Denial, Fact, Part},
    settings::{Channel, Wants},
};
use fortnox_sim::{FaultKind, FinancialYears, InvoiceDateQuery, NumberOrText, RecurringBilling};
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

/// What a company wants that books and has Fortnox mail.
async fn facts(subject: &FortnoxSubject) -> Result<CompanyFacts, Error> {
    let wants = Wants { auto_book: true, channels: vec![Channel::FortnoxEmail], ..Wants::default() };
    subject.system().company_facts(&subject.tenant(), &wants, "2026-01-01".parse().unwrap()).await
}

fn denied(facts: &CompanyFacts, part: Part) -> Option<Denial> {
    facts.parts.iter().find(|(known, _)| *known == part).and_then(|(_, fact)| match fact {
        Fact::Refused(refused) => Some(refused.why),
        Fact::Known(()) | Fact::NotAsked { .. } => None,
    })
}

#[tokio::test]
async fn a_company_tells_what_its_invoicing_depends_on_and_nothing_changes() {
    let subject = open().await;
    let locked: NaiveDate = "2025-12-31".parse().unwrap();
    subject.world(|world, tenant| world.lock_until(tenant, Some(locked)));
    let facts = facts(&subject).await.unwrap();
    assert_eq!(facts.number, Fact::Known(subject.tenant().number()));
    assert_eq!(facts.parts.len(), 7);
    assert!(facts.parts.iter().all(|(part, _)| facts.grants(*part)), "{facts:?}");
    assert_eq!((facts.bank_account.known(), facts.senders.known()), (Some(&true), Some(&1)));
    assert_eq!(facts.locked_until, Fact::Known(Some(locked)));
    assert_eq!(facts.voucher_series, Fact::Known(Some("B".to_owned())));
    assert!(matches!(&facts.year, Fact::NotAsked { why } if why.contains("scope")), "nobody asks for `bookkeeping`");
    assert!(facts.recurring.known().is_some_and(|recurring| recurring.customers.is_empty()));
    assert!(subject.ledger().changes().is_empty());
}

#[tokio::test]
async fn what_a_company_lacks_is_a_fact_and_no_error() {
    let subject = open().await;
    subject.switch(|switches| {
        switches.contracts_feature = false;
        switches.invoice_voucher_series = String::new();
    });
    subject.world(fortnox_sim::World::remove_bank_details);
    let body = json!({"ErrorInformation": {"error": 1, "message": "Ingen licens.", "code": 2_001_101}});
    subject.answer_next(Call::Invoices, 403, &body);
    let facts = facts(&subject).await.unwrap();
    assert_eq!(denied(&facts, Part::Agreements), Some(Denial::FeatureOff));
    assert_eq!(denied(&facts, Part::Invoices), Some(Denial::Licence));
    assert!(facts.grants(Part::Customers) && facts.grants(Part::Settings));
    assert_eq!((facts.bank_account, facts.voucher_series), (Fact::Known(false), Fact::Known(None)));
}

#[tokio::test]
async fn a_consent_that_covers_too_little_denies_part_by_part() {
    for status in [400, 403] {
        let subject = FortnoxSubject::with_scopes(&["invoice", "companyinformation", "bookkeeping"]).await;
        subject.switch(|switches| {
            switches.scope_error_status = status;
            switches.financial_years = FinancialYears::Cash;
        });
        let facts = facts(&subject).await.unwrap();
        assert!(facts.grants(Part::Agreements) && facts.grants(Part::Invoices) && facts.grants(Part::Company));
        for part in [Part::Customers, Part::Articles, Part::Prices, Part::Settings] {
            assert_eq!(denied(&facts, part), Some(Denial::Scope), "{status} {part}");
        }
        let Fact::Known(Some(year)) = facts.year else { panic!("{:?}", facts.year) };
        assert_eq!((year.from.to_string().as_str(), year.cash_method), ("2026-01-01", Some(true)));
        assert!(matches!(facts.senders, Fact::NotAsked { .. }));
    }
}

#[tokio::test]
async fn recurrences_are_read_to_the_last_page_and_only_automatic_ones_count() {
    let subject = open().await;
    subject.world(|world, tenant| {
        for id in 0..230 {
            let handling = if id == 7 { "MANUAL" } else { "AUTOMATIC" };
            world.add_recurring(tenant, recurring(id, "ACTIVE", handling, &id.to_string()));
        }
        world.add_recurring(tenant, recurring(900, "INACTIVE", "AUTOMATIC", "900"));
        let mut broken = recurring(901, "ACTIVE", "AUTOMATIC", "901");
        broken.remove("customer");
        world.add_recurring(tenant, broken);
    });
    let facts = facts(&subject).await.unwrap();
    let recurring = facts.recurring.known().unwrap();
    assert_eq!((recurring.customers.len(), recurring.unreadable), (229, 1));
    assert!(
        recurring.customers.contains(&"229".parse().unwrap()) && !recurring.customers.contains(&"7".parse().unwrap())
    );
}

#[tokio::test]
async fn a_company_without_recurring_billing_is_not_asked_about_it() {
    for closed in [RecurringBilling::NoScope, RecurringBilling::NoLicence, RecurringBilling::Absent] {
        let subject = open().await;
        subject.switch(|switches| switches.recurring_billing = closed);
        let facts = facts(&subject).await.unwrap();
        assert!(matches!(facts.recurring, Fact::NotAsked { .. }), "{closed:?}: {:?}", facts.recurring);
    }
    let subject = open().await;
    subject.world(|world, _| {
        let garbled = FaultKind::StatusAfterEffect(fortnox_sim::FaultAnswer {
            status: 200,
            body: "{}".to_owned(),
            content_type: "application/json".to_owned(),
        });
        world.inject(fortnox_sim::Fault::next_on("/api/recurring-billing", garbled));
    });
    assert!(matches!(facts(&subject).await.unwrap().recurring, Fact::NotAsked { .. }));
}

/// Before an invoice is made, unlike in a pre-flight, nobody answering isn't taken for a no.
#[tokio::test]
async fn whom_it_invoices_itself_is_known_or_refused_or_an_error() {
    let subject = open().await;
    subject.world(|world, tenant| world.add_recurring(tenant, recurring(1, "ACTIVE", "AUTOMATIC", "7")));
    let ask = || async { subject.system().recurring(&subject.tenant()).await };
    assert_eq!(ask().await.unwrap().known().unwrap().customers, ["7".parse().unwrap()].into());
    for closed in [RecurringBilling::NoScope, RecurringBilling::NoLicence, RecurringBilling::Absent] {
        subject.switch(|switches| switches.recurring_billing = closed);
        assert!(matches!(ask().await, Ok(Fact::Refused(_) | Fact::NotAsked { .. })), "{closed:?}");
    }
    subject.switch(|switches| switches.recurring_billing = RecurringBilling::Open);
    let refusal = r#"{"ErrorInformation":{"error":1,"message":"Ogiltig parameter","code":2000106}}"#;
    for (status, body) in [(503, ""), (200, "{}"), (400, refusal)] {
        subject.world(|world, _| {
            let answer =
                fortnox_sim::FaultAnswer { status, body: body.to_owned(), content_type: "application/json".to_owned() };
            world.inject(fortnox_sim::Fault::next_on("/api/recurring-billing", FaultKind::StatusAfterEffect(answer)));
        });
        let error = ask().await.unwrap_err();
        let open = matches!(error, Error::NoAnswer { .. } | Error::NotTaken { .. } | Error::Refused { .. });
        assert!(open, "{status}: {error:?}");
    }
}

#[tokio::test]
async fn the_invoice_service_is_asked_about_only_where_it_is_wanted() {
    let subject = open().await;
    let look = |channels: Vec<Channel>| {
        let wants = Wants { channels, ..Wants::default() };
        let system = subject.system();
        let tenant = subject.tenant();
        async move { system.company_facts(&tenant, &wants, "2026-01-01".parse().unwrap()).await.unwrap() }
    };
    let none = look(Vec::new()).await;
    assert!(none.parts.iter().all(|(part, _)| *part != Part::InvoiceService));
    let wanted = look(vec![Channel::FortnoxInvoiceService]).await;
    assert!(wanted.grants(Part::InvoiceService), "no such invoice there is an answer: {wanted:?}");

    let subject = FortnoxSubject::with_scopes(&["invoice", "companyinformation"]).await;
    let wants = Wants { channels: vec![Channel::FortnoxInvoiceService], ..Wants::default() };
    let facts = subject.system().company_facts(&subject.tenant(), &wants, "2026-01-01".parse().unwrap()).await.unwrap();
    assert_eq!(denied(&facts, Part::InvoiceService), Some(Denial::Scope));
}

#[tokio::test]
async fn a_fortnox_that_fails_says_nothing_about_the_company() {
    for call in [Call::Agreements, Call::Company] {
        let subject = open().await;
        subject.fail_next(call, Fault::AnswerFailure);
        let error = facts(&subject).await.unwrap_err();
        assert!(matches!(error, Error::NoAnswer { .. } | Error::NotTaken { .. }), "{call:?}: {error}");
    }
}

fn recurring(id: u32, status: &str, handling: &str, customer: &str) -> serde_json::Map<String, Value> {
    let recurring = json!({"id": format!("r-{id}"), "status": status, "invoice_handling": handling,
        "customer": {"number": customer}});
    recurring.as_object().cloned().unwrap()
}
