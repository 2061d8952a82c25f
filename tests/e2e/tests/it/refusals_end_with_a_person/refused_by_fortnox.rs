//! What Fortnox doesn't take.

use domain::hold::HoldReason;
use fortnox_sim::{EffectKind, FaultAnswer, FaultKind};
use serde_json::{Value, json};
use stage::tenant_of;

use super::{concern, failed};
use crate::{
    company::company,
    scene::{Scene, assert_all_done},
};

/// Fortnox says no, in its own envelope.
fn says(status: u16, code: u32, message: &str) -> FaultKind {
    let body = json!({"ErrorInformation": {"error": 1, "message": message, "code": code}});
    FaultKind::StatusBeforeEffect(FaultAnswer {
        status,
        body: body.to_string(),
        content_type: "application/json".to_owned(),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_client_secret_blocks_the_tenant_with_advice_and_is_mended_without_anybodys_help() {
    let company = company(4101, 2);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("wrong_secret", vec![company.clone()]).await;
    let mut wrong = company.clone();
    wrong.access.client_secret = "not-the-secret".to_owned();
    scene.stage.connect(&wrong).unwrap();
    scene.first_day().await;
    let during = scene.evidence();
    let reason = &concern(&during, &tenant, "tenant").concern.reason;
    assert!(matches!(reason, HoldReason::TenantBlocked { .. }));
    assert!(reason.advice().contains("connect the company again"), "{}", reason.advice());
    assert!(!reason.to_string().contains("not-the-secret"));

    scene.stage.connect(&company).unwrap();
    scene.wait(chrono::TimeDelta::minutes(70)).await;
    let evidence = scene.close().await;
    assert_all_done(&evidence, &tenant, 2);
    assert_eq!(json!(evidence.concerns), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_dies_in_the_middle_is_replaced() {
    let company = company(4102, 3);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("token_dies", vec![company]).await;
    for path in ["/3/contracts/2", "createinvoice", "bookkeep", "preview", "externalprint"] {
        scene.fault(&tenant, path, FaultKind::Unauthorized);
    }
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    assert_all_done(&scene.close().await, &tenant, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_without_the_agreements_feature_is_told_where_to_switch_it_on() {
    let mut without = company(4103, 1);
    without.switches.contracts_feature = false;
    let fine = company(4104, 1);
    let (tenant, fine_tenant) = (tenant_of(&without), tenant_of(&fine));
    let mut scene = Scene::open("feature_off", vec![without, fine]).await;
    scene.first_day().await;
    let during = scene.evidence();
    assert_all_done(&during, &fine_tenant, 1);
    let reason = &concern(&during, &tenant, "tenant").concern.reason;
    assert!(reason.to_string().contains("Feature inte tillgänglig"), "{reason}");
    assert!(reason.advice().contains("Avtalsfakturering"), "{}", reason.advice());

    scene.stage.simulator.with_world(|world| world.switches_mut(tenant.number()).unwrap().contracts_feature = true);
    scene.wait(chrono::TimeDelta::minutes(70)).await;
    assert_all_done(&scene.close().await, &tenant, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_step_fails_the_job_in_fortnoxs_own_words_and_no_other() {
    let (mut locked, refused) = (company(4105, 1), company(4106, 3));
    locked.locked_period = Some("2026-12-31".parse().unwrap());
    let (locked_tenant, refused_tenant) = (tenant_of(&locked), tenant_of(&refused));
    let mut scene = Scene::open("refused", vec![locked, refused]).await;
    scene.fault(
        &refused_tenant,
        "/3/contracts/2/createinvoice",
        says(400, 2_000_999, "Kunden är spärrad för fakturering."),
    );
    scene.fault(&refused_tenant, "/3/customers/3", says(404, 2_000_433, "Kan inte hitta kunden."));
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    let evidence = scene.close().await;

    let (words, advice) = failed(&evidence, &locked_tenant, "1");
    assert!(words.contains("Perioden är låst"), "{words}");
    assert!(advice.contains("approve the job") && advice.contains("skip it"), "{advice}");
    assert_eq!(evidence.count_of(&locked_tenant, EffectKind::InvoiceCreated), 1);
    assert_eq!(evidence.mails_of(&locked_tenant).count(), 0, "what isn't booked isn't mailed");

    let (words, advice) = failed(&evidence, &refused_tenant, "2");
    assert!(words.contains("Kunden är spärrad för fakturering."), "{words}");
    assert!(advice.contains("approve the job"), "{advice}");
    let (words, advice) = failed(&evidence, &refused_tenant, "3");
    assert!(words.contains("Kan inte hitta kunden."), "{words}");
    assert!(advice.contains("enter it again"), "{advice}");
    assert_eq!(evidence.count_of(&refused_tenant, EffectKind::InvoiceCreated), 2);
    assert_eq!(evidence.mails_of(&refused_tenant).count(), 1, "the first agreement is unharmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_that_cannot_be_read_is_a_concern_and_the_others_of_its_page_go_on() {
    let company = company(4107, 2);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("unreadable_row", vec![company]).await;
    let list = scene.stage.by_hand(&tenant, fortnox_sim::Method::Get, "/3/contracts", &Value::Null).unwrap();
    let mut list: Value = serde_json::from_slice(&list).unwrap();
    list["Contracts"][1]["PeriodStart"] = json!("den första");
    let garbled = FaultAnswer { status: 200, body: list.to_string(), content_type: "application/json".to_owned() };
    scene.fault(&tenant, "/3/contracts", FaultKind::StatusAfterEffect(garbled));
    scene.first_day().await;

    let during = scene.evidence();
    assert_eq!(during.count_of(&tenant, EffectKind::InvoiceCreated), 1);
    let number = list["Contracts"][1]["DocumentNumber"].as_str().unwrap().to_owned();
    let reason = &concern(&during, &tenant, &format!("agreement#{number}")).concern.reason;
    assert!(matches!(reason, HoldReason::Unreadable { .. }));
    assert!(reason.to_string().contains("PeriodStart"), "{reason}");
    assert!(reason.advice().contains("correct the agreement"), "{}", reason.advice());

    scene.day("2026-01-02").await;
    let evidence = scene.close().await;
    assert_all_done(&evidence, &tenant, 2);
    assert_eq!(json!(evidence.concerns), json!([]));
}
