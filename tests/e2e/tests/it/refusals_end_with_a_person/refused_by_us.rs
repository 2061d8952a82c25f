//! What we don't take: unknown tenants, broken settings, unusable addresses.

use domain::{hold::HoldReason, ids::TenantId};
use fortnox_sim::EffectKind;
use serde_json::json;
use stage::tenant_of;
use workflow::{Message, ScanMessage};

use super::{concern, held};
use crate::{
    company::{company, profile},
    scene::{Scene, assert_all_done},
};

/// Or one that was erased would be back, and due for ever.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_tenant_without_a_profile_nothing_is_written() {
    let fine = company(4001, 1);
    let fine_tenant = tenant_of(&fine);
    let unknown: TenantId = "fortnox-4999".parse().unwrap();
    let mut scene = Scene::open("unknown_tenant", vec![fine]).await;
    for message in [
        ScanMessage::Tenant { tenant: unknown.clone(), page: 1, counted: 0, total: None },
        ScanMessage::Preflight { tenant: unknown.clone() },
    ] {
        let message: Message = message.into();
        scene.stage.cloud.send("ScanQueue", &message.body().unwrap()).await.unwrap();
    }
    scene.first_day().await;
    for table in ["JournalTable", "SettingsTable"] {
        let items = scene.stage.cloud.scan_table(table).unwrap();
        let of_it = items.iter().filter(|item| item.to_string().contains(&unknown.to_string()));
        assert_eq!(of_it.count(), 0, "{table}");
    }
    let evidence = scene.close().await;
    assert_all_done(&evidence, &fine_tenant, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_settings_name_the_exact_field_hold_only_whom_they_are_for_and_go_on_once_mended() {
    let (broken, partly) = (company(4002, 2), company(4003, 2));
    let (broken_tenant, partly_tenant) = (tenant_of(&broken), tenant_of(&partly));
    let mut scene = Scene::open("broken_settings", vec![broken, partly]).await;
    scene.set(&broken_tenant, "profile", &profile(&json!({"mode": "fulll"})));
    scene.set(&partly_tenant, "customer#1", &json!({"channel": "fax"}));
    scene.first_day().await;

    let during = scene.evidence();
    assert_eq!(during.count_of(&broken_tenant, EffectKind::InvoiceCreated), 0);
    assert_broken(&concern(&during, &broken_tenant, "tenant").concern.reason, "profile", "mode", "fulll");
    // The other customer's agreement went through.
    assert_eq!(during.count_of(&partly_tenant, EffectKind::InvoiceCreated), 1);
    assert_eq!(during.mails_of(&partly_tenant).count(), 1);
    assert_broken(&concern(&during, &partly_tenant, "agreement#1").concern.reason, "customer#1", "channel", "fax");

    scene.set(&broken_tenant, "profile", &profile(&json!({})));
    scene.set(&partly_tenant, "customer#1", &json!({"channel": "ses_email"}));
    scene.day("2026-01-02").await;
    let evidence = scene.close().await;
    assert_all_done(&evidence, &broken_tenant, 2);
    assert_all_done(&evidence, &partly_tenant, 2);
    assert_eq!(json!(evidence.concerns), json!([]));
}

fn assert_broken(reason: &HoldReason, scope: &str, field: &str, problem: &str) {
    match reason {
        HoldReason::BrokenSettings { scope: named, field: exact, problem: words } => {
            assert_eq!((named.as_str(), exact.as_str()), (scope, field));
            assert!(words.contains(problem), "{words}");
            assert!(reason.advice().contains("correct the named field"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_removed_while_a_job_waits_holds_the_job_until_it_is_back() {
    let company = company(4004, 1);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("profile_removed", vec![company]).await;
    let away = fortnox_sim::FaultAnswer { status: 503, body: String::new(), content_type: "text/html".to_owned() };
    scene.fault(&tenant, "bookkeep", fortnox_sim::FaultKind::StatusBeforeEffect(away));
    scene.stage.advance_to("2026-01-01T05:05:00Z".parse().unwrap()).await.unwrap();
    // Nobody can delete through the stage; an item that is no profile any more is as good.
    scene.set(&tenant, "profile", &json!({"sender_nam": "Liten"}));
    scene.first_day().await;
    assert_broken(held(&scene.evidence(), &tenant, "1", "correct"), "profile", "sender_nam", "no such setting");
    scene.set(&tenant, "profile", &profile(&json!({})));
    for _ in 0..3 {
        scene.wait(chrono::TimeDelta::hours(1)).await;
    }
    assert_all_done(&scene.close().await, &tenant, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_without_a_usable_address_is_held_after_booking_with_advice() {
    let mut company = company(4005, 3);
    for name in ["Email", "EmailInvoice"] {
        company.customers[0].insert(name.to_owned(), json!(""));
        company.customers[1].insert(name.to_owned(), json!("ingen adress"));
    }
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("no_address", vec![company]).await;
    scene.first_day().await;
    let evidence = scene.close().await;
    assert_eq!(evidence.count_of(&tenant, EffectKind::InvoiceBooked), 3, "the addresses are no reason not to book");
    assert_eq!(evidence.mails_of(&tenant).count(), 1);
    let missing = held(&evidence, &tenant, "1", "enter the customer's invoice e-mail");
    assert_eq!(*missing, HoldReason::NoAddress { problem: None });
    let invalid = held(&evidence, &tenant, "2", "enter the customer's invoice e-mail");
    assert!(matches!(invalid, HoldReason::NoAddress { problem: Some(_) }), "{invalid}");
    assert!(!invalid.to_string().contains("ingen adress"), "an address stays out of reasons: {invalid}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_the_mail_service_does_not_know_fails_the_delivery_in_its_words() {
    let company = company(4006, 1);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open_tuned("sender_refused", vec![company], |options| {
        options.parameters.insert("SenderAddress".to_owned(), "faktura@obekraftad.example".to_owned());
    })
    .await;
    scene.first_day().await;
    let evidence = scene.close().await;
    assert_eq!(evidence.count_of(&tenant, EffectKind::InvoiceBooked), 1);
    assert_eq!(evidence.mails.len(), 0);
    let (words, advice) = super::failed(&evidence, &tenant, "1");
    assert!(words.contains("MessageRejected") && words.contains("not verified"), "{words}");
    assert!(!words.contains('@'), "addresses stay out: {words}");
    assert!(advice.contains("mend what the mail service says"), "{advice}");
}
