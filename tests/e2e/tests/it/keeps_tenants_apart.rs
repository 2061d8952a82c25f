//! One tenant's trouble is no other's.

use domain::hold::HoldReason;
use fortnox_sim::{EffectKind, FaultKind};
use serde_json::json;
use stage::tenant_of;

use crate::{
    company::company,
    scene::{Scene, assert_all_done},
};

const AGREEMENTS: usize = 3;
/// More calls than the test can make.
const ALWAYS: u32 = 10_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_whose_consent_is_revoked_leaves_the_other_alone_and_goes_on_once_it_is_given_again() {
    let (revoked, fine) = (company(7001, AGREEMENTS), company(7002, AGREEMENTS));
    let (revoked_tenant, fine_tenant) = (tenant_of(&revoked), tenant_of(&fine));
    let mut scene = Scene::open("apart", vec![revoked.clone(), fine]).await;
    scene.faults(&revoked_tenant, "", FaultKind::Unauthorized, ALWAYS);
    scene.first_day().await;

    let during = scene.evidence();
    assert_all_done(&during, &fine_tenant, AGREEMENTS);
    assert_eq!(during.count_of(&revoked_tenant, EffectKind::InvoiceCreated), 0);
    let concern = during.concerns.iter().find(|concern| concern.tenant == revoked_tenant).unwrap();
    assert_eq!(concern.subject, "tenant");
    assert!(matches!(concern.concern.reason, HoldReason::TenantBlocked { .. }));
    assert!(concern.concern.reason.advice().contains("connect the company again"));

    scene.stage.simulator.with_world(fortnox_sim::World::clear_faults);
    // Connecting again writes the connection anew.
    scene.stage.connect(&revoked).unwrap();
    scene.wait(chrono::TimeDelta::minutes(70)).await;
    scene.until_all_jobs_rest().await;
    let after = scene.close().await;
    assert_all_done(&after, &fine_tenant, AGREEMENTS);
    assert_all_done(&after, &revoked_tenant, AGREEMENTS);
    assert_eq!(json!(after.concerns), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_revoked_in_the_middle_of_a_run_holds_that_tenants_jobs_only() {
    let (revoked, fine) = (company(7003, AGREEMENTS), company(7004, AGREEMENTS));
    let (revoked_tenant, fine_tenant) = (tenant_of(&revoked), tenant_of(&fine));
    let mut scene = Scene::open("revoked_midway", vec![revoked.clone(), fine]).await;
    scene.faults(&revoked_tenant, "/3/invoices/", FaultKind::Unauthorized, ALWAYS);
    scene.first_day().await;
    let during = scene.evidence();
    assert_all_done(&during, &fine_tenant, AGREEMENTS);
    assert_eq!(during.count_of(&revoked_tenant, EffectKind::InvoiceCreated), AGREEMENTS);
    assert_eq!(during.count_of(&revoked_tenant, EffectKind::InvoiceBooked), 0);

    scene.stage.simulator.with_world(fortnox_sim::World::clear_faults);
    scene.stage.connect(&revoked).unwrap();
    for _ in 0..4 {
        scene.wait(chrono::TimeDelta::hours(1)).await;
    }
    scene.until_all_jobs_rest().await;
    assert_all_done(&scene.close().await, &revoked_tenant, AGREEMENTS);
}
