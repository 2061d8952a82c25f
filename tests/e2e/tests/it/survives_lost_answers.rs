//! Answers that are late, wrong or lost: one effect each, and the job ends.

use std::time::Instant;

use domain::ids::TenantId;
use fortnox_sim::{CompanyFile, CreateInvoiceAnswer, FaultAnswer, FaultKind};
use stage::tenant_of;

use crate::{
    company::company,
    scene::{Scene, assert_all_done},
};

const CREATE: &str = "createinvoice";
const BOOK: &str = "bookkeep";
const MARK_SENT: &str = "externalprint";

fn proxy_says(status: u16) -> FaultAnswer {
    FaultAnswer { status, body: "<html>Bad Gateway</html>".to_owned(), content_type: "text/html".to_owned() }
}

/// Every way of losing an answer that a run can afford to wait for.
fn lost() -> Vec<(&'static str, FaultKind)> {
    use FaultKind::{
        DropAfterEffect, DropBeforeEffect, RateLimited, StatusAfterEffect, StatusBeforeEffect, Unauthorized,
    };
    let mut lost = Vec::new();
    for step in [CREATE, BOOK, MARK_SENT] {
        lost.extend([
            (step, DropAfterEffect),
            (step, DropBeforeEffect),
            (step, StatusAfterEffect(proxy_says(500))),
            (step, StatusBeforeEffect(proxy_says(500))),
            (step, StatusBeforeEffect(proxy_says(503))),
            (step, RateLimited),
            (step, Unauthorized),
        ]);
    }
    lost
}

/// One company for each way, so that they run side by side.
async fn lose(name: &str, first_number: u64, turn: impl Fn(usize, &mut CompanyFile)) {
    let companies: Vec<CompanyFile> = (first_number..)
        .zip(lost().iter().enumerate())
        .map(|(number, (n, _))| {
            let mut company = company(number, 1);
            turn(n, &mut company);
            company
        })
        .collect();
    let tenants: Vec<TenantId> = companies.iter().map(tenant_of).collect();
    let mut scene = Scene::open(name, companies).await;
    for (tenant, (path, kind)) in tenants.iter().zip(lost()) {
        scene.fault(tenant, path, kind);
    }
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    assert_eq!(scene.stage.simulator.with_world(|world| world.faults().len()), 0, "every fault struck");
    let evidence = scene.close().await;
    for tenant in &tenants {
        assert_all_done(&evidence, tenant, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_of_any_step_leaves_one_effect() {
    // Half of the companies say how long to wait after a 429.
    lose("lost_answers", 5001, |n, company| company.switches.retry_after_seconds = n.is_multiple_of(2).then_some(3))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_it_does_where_creating_answers_with_the_agreement() {
    lose("lost_answers_agreement", 5101, |_, company| {
        company.switches.createinvoice_answer = CreateInvoiceAnswer::Contract;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_never_comes_leaves_one_effect() {
    let company = company(5201, 1);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("no_answer", vec![company]).await;
    scene.fault(&tenant, CREATE, FaultKind::TimeoutAfterEffect);
    // The real client's own patience, so on the clock's own pace.
    let began = Instant::now();
    scene.stage.cloud.advance_to("2026-01-01T05:05:00Z".parse().unwrap()).await.unwrap();
    scene.stage.cloud.idle().await.unwrap();
    scene.stage.cloud.advance_to("2026-01-01T05:10:00Z".parse().unwrap()).await.unwrap();
    scene.stage.cloud.idle().await.unwrap();
    assert!(began.elapsed().as_secs() < 60, "the client gives up in time");
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    assert_all_done(&scene.close().await, &tenant, 1);
}
