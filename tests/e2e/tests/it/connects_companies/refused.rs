//! What doesn't count.

use super::{
    Auth, Browser, Choice, STATE_LIVES, Scene, SystemKind, TenantId, TimeDelta, Value, assert_is_private, company,
    stranger, tenant_of,
};
use fortnox_sim::FaultKind;

/// All that connecting could have stored.
fn stored(scene: &Scene) -> Vec<Value> {
    let mut all = scene.table("ConnectionsTable");
    all.extend(scene.table("SettingsTable"));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_forged_late_or_used_is_refused_and_nothing_is_stored() {
    let file = stranger(9442);
    let scene = Scene::open("connect_refused", vec![company(9441, 1)]).await;
    scene.settle_in_fortnox(&file);
    let stage = &scene.stage;
    let browser = Browser::new("en").unwrap();
    let link = stage.invite(SystemKind::Fortnox, Auth::ServiceAccount, None).await.unwrap();
    let before = stored(&scene);
    let refused = async |address: &str, status: u16, words: &str| {
        let page = browser.open(address).await.unwrap();
        assert_eq!(page.status, status, "{address}: {}", page.html);
        assert!(page.html.contains(words), "{address}: {}", page.html);
        assert_is_private(&page);
        assert_eq!(stored(&scene), before, "{address}");
    };

    // A forged one: the last digit is another.
    let page = stage.ask(&browser, &link).await.unwrap();
    let back = stage.choose(&browser, &page, Choice::Approve(9442)).await.unwrap();
    let digit = if back.ends_with('0') { "1" } else { "0" };
    let forged = format!("{}{digit}", &back[..back.len() - 1]);
    refused(&forged, 400, "belongs to no question").await;
    let callback = back.split('?').next().unwrap();
    for nothing in ["", "?code=x", "?state=", "?code=x&state=x.y", "?error=x&error_description=Pay+us&state=x"] {
        refused(&format!("{callback}{nothing}"), 400, "belongs to no question").await;
    }

    // Replaced by asking again; and that of another system.
    let again = stage.ask(&browser, &link).await.unwrap();
    refused(&back, 400, "belongs to no question").await;
    let back = stage.choose(&browser, &again, Choice::Approve(9442)).await.unwrap();
    refused(&back.replace("/fortnox/", "/economic/").replace("code=", "token="), 400, "belongs to no question").await;

    // Late.
    let clock = stage.cloud.clock();
    clock.set(clock.now() + STATE_LIVES + TimeDelta::seconds(1)).unwrap();
    refused(&back, 400, "too long").await;

    // No, and then once more with the same answer.
    let page = stage.ask(&browser, &link).await.unwrap();
    let no = stage.choose(&browser, &page, Choice::Deny).await.unwrap();
    refused(&no, 400, "You said no in Fortnox").await;
    refused(&no, 400, "used before").await;

    // A link that is none, one of another system, and one that is over.
    let address = link.0.clone();
    refused(&address.replace("link=", "link=0"), 404, "no such link").await;
    refused(&address.replace("/fortnox?", "/economic?"), 404, "no such link").await;
    refused(&address.replace("/fortnox?", "/visma?"), 404, "no such page").await;
    clock.set(clock.now() + TimeDelta::days(8)).unwrap();
    refused(&address, 410, "no longer valid").await;
    assert_eq!(scene.token_requests(&tenant_of(&file)), 0);
    scene.assert_logs_have_nothing_of(&[&link.0, &page, &back, &no]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_is_told_to_the_people_and_mended_by_opening_the_link_again() {
    let file = stranger(9452);
    let tenant = tenant_of(&file);
    let scene = Scene::open("connect_told", vec![company(9451, 1)]).await;
    let stage = &scene.stage;
    let browser = Browser::new("sv").unwrap();
    let link = stage.invite(SystemKind::Fortnox, Auth::ServiceAccount, Some(tenant.clone())).await.unwrap();
    let (page, secret) = (link.0.split('?').next().unwrap(), &link.1);
    // Our own credentials aren't there yet.
    let unready = browser.submit(page, "link", secret).await.unwrap();
    assert_eq!(unready.status, 503, "{}", unready.html);
    scene.settle_in_fortnox(&file);
    let before = stored(&scene);
    // They are there, but an old secret: that it was replaced counts with the next try, once a worker was refused.
    stage.put_fortnox_app(&file.access.client_id, "not-a-secret-of-last-year").unwrap();
    let old = stage.consent(&browser, &link, Choice::Approve(9452)).await.unwrap();
    assert_eq!(old.status, 503, "{}", old.html);
    stage.put_fortnox_app(&file.access.client_id, &file.access.client_secret).unwrap();
    let exchanges = scene.token_requests(&tenant);
    let cases = [
        (Choice::Deny, 400, "Du sa nej i Fortnox"),
        (Choice::MissingLicence, 400, "saknar en licens"),
        (Choice::NoAdministrator, 400, "systemadministratör"),
    ];
    for (choice, status, words) in cases {
        let told = stage.consent(&browser, &link, choice).await.unwrap();
        assert_eq!(told.status, status, "{choice:?}: {}", told.html);
        assert!(told.html.contains(words) && told.html.contains("Fortnox svarade"), "{choice:?}: {}", told.html);
    }
    // The answer to the exchange is lost, and the code with it: it isn't tried again.
    scene.fault(&tenant, "/oauth-v1/token", FaultKind::DropAfterEffect);
    let lost = stage.consent(&browser, &link, Choice::Approve(9452)).await.unwrap();
    assert_eq!(lost.status, 502, "{}", lost.html);
    assert!(lost.html.contains("Börja om"), "{}", lost.html);
    assert_eq!(scene.token_requests(&tenant), exchanges + 1);
    assert_eq!(stored(&scene), before);

    let done = stage.consent(&browser, &link, Choice::Approve(9452)).await.unwrap();
    assert_eq!(done.status, 200, "{}", done.html);
    assert_eq!(scene.item_of("ConnectionsTable", &tenant)["auth"], "service_account");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_company_than_the_one_that_was_meant_is_not_connected() {
    let file = stranger(9462);
    let meant = TenantId::new(SystemKind::Fortnox, 9463);
    let scene = Scene::open("connect_wrong", vec![company(9461, 1)]).await;
    scene.settle_in_fortnox(&file);
    let browser = Browser::new("en").unwrap();
    let link = scene.stage.invite(SystemKind::Fortnox, Auth::User, Some(meant)).await.unwrap();
    let before = stored(&scene);
    let wrong = scene.stage.consent(&browser, &link, Choice::Approve(9462)).await.unwrap();
    assert_eq!(wrong.status, 409, "{}", wrong.html);
    assert!(wrong.html.contains("fortnox-9463") && wrong.html.contains("fortnox-9462"), "{}", wrong.html);
    assert_eq!(stored(&scene), before);
}
