//! Reading: rows that are none, lists that lead nowhere, PDFs that come late, roles that are missing.

use accounting::{AccountingSystem, Error};
use contract::{Call, DraftSubject, Fault, Subject};
use domain::{
    draft::Draft,
    ids::DraftNumber,
    preflight::{Fact, Part},
    settings::Wants,
};
use economic_sim::{BrokenPdf, FaultKind};
use serde_json::{Value, json};

use super::{super::faults, open};
use crate::economic::EconomicSubject;

fn row(number: &Value) -> Value {
    json!({"draftInvoiceNumber": number, "date": "2026-03-10", "currency": "DKK", "netAmount": 100, "grossAmount": 125,
        "customer": {"customerNumber": 1}, "recipient": {"name": "Ærø Bådværft ApS"}})
}

#[tokio::test]
async fn a_row_that_is_no_draft_at_all_is_reported_and_hides_no_other() {
    let subject = open().await;
    let (mut dateless, mut amountless, mut priced_in_nothing) = (row(&json!(3)), row(&json!(4)), row(&json!(5)));
    dateless["date"] = json!("snart");
    amountless.as_object_mut().unwrap().remove("grossAmount");
    priced_in_nothing["currency"] = json!("kroner");
    let rows = json!([row(&json!(1)), 17, dateless, amountless, priced_in_nothing, row(&json!("6"))]);
    subject.answer_next("/invoices/drafts", 200, &json!({"collection": rows, "pagination": {"results": 6}}));
    let page = subject.system().drafts(&subject.tenant(), None).await.unwrap();
    let (good, bad): (Vec<_>, Vec<_>) = page.rows.into_iter().partition(Result::is_ok);
    let good: Vec<u32> = good.into_iter().map(|row| row.unwrap().number.get()).collect();
    assert_eq!(good, [1, 6]);
    let mut bad: Vec<_> = bad.into_iter().map(|row| row.unwrap_err()).collect();
    bad.sort_by_key(|broken| broken.number);
    let numbers: Vec<Option<u32>> = bad.iter().map(|broken| broken.number.map(DraftNumber::get)).collect();
    assert_eq!(numbers, [None, Some(3), Some(4), Some(5)]);
    assert!(bad.iter().all(|broken| !broken.problem.is_empty()));
}

#[tokio::test]
async fn a_list_that_leads_nowhere_is_an_error() {
    let subject = open().await;
    for rows in [json!([17]), json!([row(&json!(9))])] {
        let body = json!({"collection": rows, "pagination": {"results": 2}});
        subject.answer_next("/invoices/drafts", 200, &body);
        let after = Some(9.try_into().unwrap());
        let error = subject.system().drafts(&subject.tenant(), after).await.unwrap_err();
        assert!(matches!(error, Error::NoAnswer { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_draft_that_cannot_be_read_is_broken_and_not_gone() {
    let subject = open().await;
    let mut draft = row(&json!(12));
    draft["date"] = json!("snart");
    subject.answer_next("/invoices/drafts/", 200, &draft);
    let read = subject.system().draft(&subject.tenant(), subject.drafts().bare).await.unwrap();
    let broken = read.unwrap().unwrap_err();
    assert_eq!(broken.number, Some(subject.drafts().bare));
    assert!(broken.problem.contains("date"), "{}", broken.problem);
}

#[tokio::test]
async fn only_e_conomics_own_404_says_that_a_draft_is_gone() {
    let subject = open().await;
    for status in [404, 410, 500, 503] {
        subject.fault("/invoices/drafts/", FaultKind::StatusBeforeEffect(faults::gateway(status)));
        let error = subject.system().draft(&subject.tenant(), subject.drafts().bare).await.unwrap_err();
        assert!(matches!(error, Error::NoAnswer { .. }), "{status}: {error}");
    }
}

#[tokio::test]
async fn a_missing_role_for_years_leaves_the_period_open_to_booking() {
    let subject = open().await;
    let date = subject.drafts().draft.print.date;
    let no_role = json!({"message": "You may not.", "httpStatusCode": 403, "logId": "1"});
    subject.answer_next("/periods", 403, &no_role);
    assert_eq!(subject.system().is_open_period(&subject.tenant(), date).await.unwrap(), None);
    subject.switch(|switches| switches.accounting_years_forbidden = true);
    assert_eq!(subject.system().is_open_period(&subject.tenant(), date).await.unwrap(), None);
}

#[tokio::test]
async fn without_the_module_no_draft_is_a_subscriptions() {
    let subject = open().await;
    let body = json!({"title": "Forbidden", "status": 403, "errorCode": "AccessDeniedAgreementMissingModules"});
    subject.answer_next("/subscriptionsapi/", 403, &body);
    let among = [subject.drafts().subscription];
    assert!(subject.system().subscription_drafts(&subject.tenant(), &among).await.unwrap().is_empty());
}

#[tokio::test]
async fn years_and_subscriptions_get_over_dead_tokens_too() {
    let subject = open().await;
    let date = subject.drafts().draft.print.date;
    subject.fault("/accounting-years", FaultKind::Unauthorized);
    assert_eq!(subject.system().is_open_period(&subject.tenant(), date).await.unwrap(), Some(true));
    subject.fault("/subscriptionsapi/", FaultKind::Unauthorized);
    let among = [subject.drafts().subscription];
    assert_eq!(subject.system().subscription_drafts(&subject.tenant(), &among).await.unwrap(), among);
    assert_eq!(subject.tokens_fetched(), 3);
}

#[tokio::test]
async fn a_pdf_that_comes_late_may_be_asked_for_again() {
    for status in [404, 500] {
        let subject = open().await;
        subject.switch(|switches| (switches.pdf_late_times, switches.pdf_late_status) = (2, status));
        let (tenant, number) = (subject.tenant(), &subject.sample().invoices[0].number);
        for _ in 0..2 {
            let error = subject.system().pdf(&tenant, number).await.unwrap_err();
            assert!(matches!(error, Error::NoAnswer { .. }), "{status}: {error}");
        }
        assert!(subject.system().pdf(&tenant, number).await.unwrap().starts_with(b"%PDF"));
    }
}

#[tokio::test]
async fn what_is_no_pdf_may_be_asked_for_again() {
    let subject = open().await;
    for broken in [BrokenPdf::Empty, BrokenPdf::NoPdf] {
        subject.switch(|switches| switches.pdf = broken);
        let error = subject.system().pdf(&subject.tenant(), &subject.sample().invoices[0].number).await.unwrap_err();
        assert!(matches!(error, Error::NoAnswer { .. }), "{broken:?}: {error}");
    }
}

#[tokio::test]
async fn a_customer_whose_contacts_cannot_be_read_is_not_half_read() {
    let subject = open().await;
    let customer = &subject.sample().customers[0].number;
    subject.answer_next("/contacts", 200, &json!({"collection": [{"name": "Åse"}], "pagination": {"results": 1}}));
    let error = subject.system().customer(&subject.tenant(), customer).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer { .. }), "{error}");
}

#[tokio::test]
async fn a_company_without_a_users_address_gives_its_own() {
    let subject = open().await;
    let body = json!({"agreementNumber": 7_700_001, "user": {"language": {"culture": "de-DE"}},
        "company": {"name": "Bækkelund", "email": "kontor@baekkelund.example"}});
    subject.answer_next("/self", 200, &body);
    let company = subject.system().company(&subject.tenant()).await.unwrap();
    assert_eq!(company.user_email.as_deref(), Some("kontor@baekkelund.example"));
    assert_eq!((company.language, company.sends_einvoices), (None, Some(false)));
}

#[tokio::test]
async fn no_token_is_shown_by_anything() {
    let subject = open().await;
    subject.fail_next(Call::Draft, Fault::AnswerFailure);
    let bare = subject.drafts().bare;
    let error = subject.system().draft(&subject.tenant(), bare).await.unwrap_err();
    let draft: Draft = subject.system().draft(&subject.tenant(), bare).await.unwrap().unwrap().unwrap();
    let shown = format!("{error} {error:?} {error:#?} {draft:?}");
    assert!(!shown.contains("not-a-secret"), "{shown}");
}

#[tokio::test]
async fn a_company_tells_what_its_invoicing_depends_on() {
    let facts = async |subject: &EconomicSubject| {
        let today = "2026-03-10".parse().unwrap();
        subject.system().company_facts(&subject.tenant(), &Wants::default(), today).await.unwrap()
    };
    let subject = open().await;
    let known = facts(&subject).await;
    assert_eq!(known.number, Fact::Known(subject.tenant().number()));
    assert!(known.grants(Part::Drafts) && known.grants(Part::Company), "{known:?}");
    let Fact::Known(Some(year)) = known.year else { panic!("{:?}", known.year) };
    assert!(!year.closed && year.from <= "2026-03-10".parse().unwrap());
    assert!(known.einvoices.known().is_some() && known.subscriptions.known().is_some());

    // A role that is missing is no error: then booking itself tells.
    subject.switch(|switches| switches.accounting_years_forbidden = true);
    assert!(matches!(facts(&subject).await.year, Fact::NotAsked { .. }));
    let subject = open().await;
    subject.answer_next("/accounting-years", 200, &json!({"collection": [], "pagination": {"results": 0}}));
    assert_eq!(facts(&subject).await.year, Fact::Known(None));
}
