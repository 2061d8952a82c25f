//! The real functions tell each company's people of its day: once, in their language, and of what is held each day until it's
//! solved.

use chrono::TimeDelta;
use domain::ids::TenantId;
use serde_json::json;
use stage::tenant_of;

use crate::{
    company::{CONTROL_COPY, company, profile},
    scene::Scene,
};

const HOUR: TimeDelta = TimeDelta::hours(1);

/// The digests and notices that a company's people got, as text.
fn told(scene: &Scene, tenant: &TenantId) -> Vec<String> {
    let (mails, tag) = (scene.stage.cloud.mails(), format!("tenant={tenant},"));
    let own = mails.iter().filter(|mail| mail.destinations == [CONTROL_COPY]);
    let own = own.map(|mail| String::from_utf8_lossy(&mail.raw).into_owned());
    own.filter(|raw| raw.contains(&tag) && raw.contains("digest=digest")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_company_is_told_of_its_day_once_and_of_what_is_held_each_day() {
    let companies: Vec<_> = (7301..=7303).map(|number| company(number, 1)).collect();
    let [well, held, nobody]: [TenantId; 3] = companies.iter().map(tenant_of).collect::<Vec<_>>().try_into().unwrap();
    let mut scene = Scene::open("digests_are_mailed", companies).await;
    scene.set(&well, "profile", &profile(&json!({"digest_language": "nb"})));
    scene.set(&held, "profile", &profile(&json!({"max_amount": {"SEK": 1}, "digest_language": "en"})));
    scene.set(&nobody, "profile", &profile(&json!({"digest_to": []})));
    scene.first_day().await;
    for _ in 0..3 {
        scene.wait(HOUR).await;
    }
    let of_well = told(&scene, &well);
    assert_eq!(of_well.len(), 1, "{of_well:#?}");
    assert!(of_well[0].contains("1 opprettet"), "{}", of_well[0]);
    // The first is made when the company is taken up, and tells of what is held by then.
    let first = told(&scene, &held).len();
    assert!((1..=2).contains(&first), "{first}");
    scene.day("2026-01-02").await;
    for _ in 0..3 {
        scene.wait(HOUR).await;
    }
    assert_eq!(told(&scene, &well).len(), 1, "nothing happened since");
    let of_held = told(&scene, &held);
    assert_eq!(of_held.len(), first + 1, "it stands there until it's solved");
    assert!(of_held.iter().all(|raw| raw.contains("1 wait for you")), "{of_held:#?}");
    assert_eq!(told(&scene, &nobody), [""; 0]);
    scene.close().await;
}
