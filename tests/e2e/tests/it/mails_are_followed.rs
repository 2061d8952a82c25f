//! What the mail service tells of mails comes by its own way to the function that takes it in, and something follows from it.

use domain::{
    ids::TenantId,
    job::{Ending, EventKind, JobState},
};
use fortnox_sim::{CompanyFile, EffectKind};
use serde_json::json;
use stage::{Evidence, tenant_of};

use crate::{
    company::{company, profile},
    scene::{Scene, job},
};

/// A company with one agreement, whose customer's mail has this address. What happens to it the mail service goes by: see the local
/// cloud's.
fn with_address(number: u64, address: &str) -> CompanyFile {
    let mut company = company(number, 1);
    company.company.registered_for_print_service = true;
    company.customers[0].insert("EmailInvoice".to_owned(), json!(address));
    company
}

fn heard_of(evidence: &Evidence, tenant: &TenantId) -> usize {
    let story = &job(evidence, tenant, "1").events;
    story.iter().filter(|event| matches!(event.kind, EventKind::CameBack { .. })).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_waits_for_a_person_or_goes_another_way_once() {
    let addresses =
        ["bounce@bageriet.example", "full@bageriet.example", "complaint@bageriet.example", "info@bageriet.example"];
    let companies: Vec<CompanyFile> = (7601..).zip(addresses).map(|(number, to)| with_address(number, to)).collect();
    let tenants: Vec<TenantId> = companies.iter().map(tenant_of).collect();
    let mut scene = Scene::open("mails_followed", companies).await;
    // The second has another way, the first asks.
    scene.set(&tenants[1], "profile", &profile(&json!({"bounce_channel": "fortnox_print_service"})));
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    let evidence = scene.close().await;
    let JobState::Held { reason, .. } = &job(&evidence, &tenants[0], "1").job.state else { panic!("it came back") };
    assert_eq!(reason.code(), "came_back");
    assert_eq!(tenants.iter().map(|tenant| heard_of(&evidence, tenant)).collect::<Vec<_>>(), [1, 1, 0, 0]);
    for tenant in &tenants {
        assert_eq!(evidence.mails_of(tenant).count(), 1, "{tenant}");
        let printed = evidence.count_of(tenant, EffectKind::PrintServiceSent);
        assert_eq!(printed, usize::from(tenant == &tenants[1]), "{tenant}");
    }
    for tenant in &tenants[1..] {
        let state = &job(&evidence, tenant, "1").job.state;
        assert!(matches!(state, JobState::Done { ending: Ending::Completed, .. }), "{tenant}: {state:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_is_sent_once_more_when_a_person_wants_it() {
    let company = company(7611, 1);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("mail_again", vec![company]).await;
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    let operator = scene.stage.operator().unwrap();
    let key = job(&scene.evidence(), &tenant, "1").job.key.clone();
    workflow::resend(&operator, &key, "anna", "the customer lost it").await.unwrap();
    scene.stage.settle().await.unwrap();
    scene.until_all_jobs_rest().await;
    let evidence = scene.close().await;
    assert_eq!(evidence.mails_of(&tenant).count(), 2);
    let said = EventKind::Resent { by: "anna".to_owned(), why: "the customer lost it".to_owned() };
    assert!(job(&evidence, &tenant, "1").events.iter().any(|event| event.kind == said));
    let state = &job(&evidence, &tenant, "1").job.state;
    assert!(matches!(state, JobState::Done { ending: Ending::Completed, .. }), "{state:?}");
}
