//! A person who acts in Fortnox in between is a normal case: what they did is not done again, and what they left open is
//! theirs.

use domain::{
    hold::HoldReason,
    ids::TenantId,
    job::{Ending, JobState},
};
use fortnox_sim::{EffectKind, FaultAnswer, FaultKind, Method};
use serde_json::json;
use stage::tenant_of;

use crate::{
    company::company,
    scene::{Scene, assert_all_done, invoices_of, job},
};

/// Fortnox is away for one call, so that somebody is faster than us.
fn away() -> FaultKind {
    FaultKind::StatusBeforeEffect(FaultAnswer {
        status: 503,
        body: String::new(),
        content_type: "text/html".to_owned(),
    })
}

struct Person<'a> {
    scene: &'a Scene,
    tenant: &'a TenantId,
}

impl Person<'_> {
    fn does(&self, path: &str) {
        self.scene.stage.by_hand(self.tenant, Method::Put, path, &json!({})).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_made_by_hand_before_the_scan_is_not_made_again() {
    let company = company(8001, 2);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("by_hand_before", vec![company]).await;
    Person { scene: &scene, tenant: &tenant }.does("/3/contracts/1/createinvoice");
    scene.first_day().await;
    let evidence = scene.close().await;
    assert_eq!(invoices_of(&evidence, &tenant).len(), 2);
    assert_eq!(evidence.count_of(&tenant, EffectKind::InvoiceCreated), 1);
    assert_eq!(evidence.count_of(&tenant, EffectKind::InvoiceBooked), 1);
    assert_eq!(evidence.mails_of(&tenant).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_made_by_hand_after_the_scan_is_adopted_and_left_to_whoever_made_it() {
    let company = company(8002, 1);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("by_hand_after", vec![company]).await;
    scene.fault(&tenant, "/3/contracts/1", away());
    scene.stage.advance_to("2026-01-01T05:05:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(job(&scene.evidence(), &tenant, "1").job.state, JobState::Working);
    Person { scene: &scene, tenant: &tenant }.does("/3/contracts/1/createinvoice");
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    let evidence = scene.close().await;
    assert_eq!(invoices_of(&evidence, &tenant).len(), 1);
    assert_eq!(evidence.count(EffectKind::InvoiceCreated), 0);
    assert_eq!(evidence.count(EffectKind::InvoiceBooked), 0);
    assert_eq!(evidence.mails.len(), 0);
    let ended = &job(&evidence, &tenant, "1").job;
    assert!(matches!(ended.state, JobState::Done { ending: Ending::Adopted, .. }), "{:?}", ended.state);
}

/// An invoice that we made, and whose booking Fortnox was away for.
async fn made_and_not_booked(name: &str, number: u64) -> (Scene, TenantId) {
    let company = company(number, 1);
    let tenant = tenant_of(&company);
    let scene = Scene::open(name, vec![company]).await;
    scene.fault(&tenant, "bookkeep", away());
    scene.stage.advance_to("2026-01-01T05:05:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(scene.evidence().count(EffectKind::InvoiceCreated), 1);
    assert_eq!(scene.evidence().count(EffectKind::InvoiceBooked), 0);
    (scene, tenant)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_booked_by_hand_is_not_booked_again_but_mailed() {
    let (mut scene, tenant) = made_and_not_booked("booked_by_hand", 8003).await;
    Person { scene: &scene, tenant: &tenant }.does("/3/invoices/1/bookkeep");
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    let evidence = scene.close().await;
    assert_eq!(evidence.count(EffectKind::InvoiceBooked), 0);
    assert_eq!(evidence.mails.len(), 1);
    let ended = &job(&evidence, &tenant, "1").job;
    assert!(matches!(ended.state, JobState::Done { ending: Ending::Completed, .. }), "{:?}", ended.state);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_cancelled_by_hand_is_neither_booked_nor_mailed_and_a_person_is_told() {
    let (mut scene, tenant) = made_and_not_booked("cancelled_by_hand", 8004).await;
    Person { scene: &scene, tenant: &tenant }.does("/3/invoices/1/cancel");
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    let evidence = scene.close().await;
    assert_eq!(evidence.count(EffectKind::InvoiceCreated), 1);
    assert_eq!(evidence.count(EffectKind::InvoiceBooked), 0);
    assert_eq!(evidence.mails.len(), 0);
    match &job(&evidence, &tenant, "1").job.state {
        JobState::Held { reason: reason @ HoldReason::InvoiceChanged { .. }, .. } => {
            assert!(reason.to_string().contains("cancelled"));
            assert!(reason.advice().contains("skip the job"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_marked_as_sent_by_hand_is_not_mailed() {
    let (mut scene, tenant) = made_and_not_booked("sent_by_hand", 8005).await;
    Person { scene: &scene, tenant: &tenant }.does("/3/invoices/1/externalprint");
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    let evidence = scene.close().await;
    assert_eq!(evidence.count(EffectKind::InvoiceBooked), 1);
    assert_eq!(evidence.mails.len(), 0);
    assert!(matches!(job(&evidence, &tenant, "1").job.state, JobState::Done { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_in_between_is_the_same_run_without_them() {
    let (mut scene, tenant) = made_and_not_booked("nobody", 8006).await;
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    assert_all_done(&scene.close().await, &tenant, 1);
}
