//! A company's people consent, and its invoices go out; whatever else comes back is refused in words that they understand.

mod refused;

use chrono::TimeDelta;
use domain::{
    connect::{Auth, STATE_LIVES},
    hold::HoldReason,
    ids::{SystemKind, TenantId},
};
use economic_sim::EffectKind as Danish;
use fortnox_sim::{CompanyFile, EffectKind, World};
use serde_json::{Value, json};
use stage::{Browser, Choice, WebPage, economic_tenant, tenant_of};

use crate::{
    company::{company, profile},
    dane::{bookings, dane, is_complete, job_of},
    scene::{Scene, assert_all_done},
};

/// A company that nobody has connected yet: Fortnox knows the integration, but nobody consented.
fn stranger(number: u64) -> CompanyFile {
    let mut file = company(number, 1);
    file.access.service_account = false;
    file.access.refresh_token = None;
    file
}

impl Scene {
    /// One more company in Fortnox, and our own credentials there.
    fn settle_in_fortnox(&self, file: &CompanyFile) {
        let now = self.stage.simulator.now();
        self.stage.simulator.with_world(|world| world.add_company(file.clone(), now)).unwrap();
        self.stage.put_fortnox_app(&file.access.client_id, &file.access.client_secret).unwrap();
    }

    fn table(&self, name: &str) -> Vec<Value> {
        self.stage.cloud.scan_table(name).unwrap()
    }

    fn item_of(&self, table: &str, tenant: &TenantId) -> Value {
        let own = |item: &Value| item["tenant"] == json!(tenant.to_string()) && item["scope"] != json!("state");
        self.table(table).into_iter().find(own).unwrap_or_default()
    }

    /// Codes that were brought to Fortnox or refresh tokens: the token requests of a tenant.
    fn token_requests(&self, tenant: &TenantId) -> usize {
        let ledger = self.stage.simulator.ledger();
        let own = |entry: &&fortnox_sim::LedgerEntry| {
            entry.path == "/oauth-v1/token" && entry.tenant == Some(tenant.number())
        };
        ledger.iter().filter(own).count()
    }

    /// That no log has a word of what went through the browser.
    fn assert_logs_have_nothing_of(&self, addresses: &[&str]) {
        let parts = addresses.iter().flat_map(|address| address.split(['?', '&', '=', '.']));
        let secrets: Vec<&str> = parts.filter(|part| part.len() >= 16).collect();
        assert!(!secrets.is_empty());
        let found = self.evidence().secrets_in_logs(&self.stage.state().join("logs"), &secrets).unwrap();
        assert_eq!(found, [""; 0]);
    }
}

fn assert_is_private(page: &WebPage) {
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(page.header("x-content-type-options"), "nosniff");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_goes_from_consent_to_its_first_delivered_invoice() {
    let file = stranger(9402);
    let tenant = tenant_of(&file);
    let mut scene = Scene::open("connects", vec![company(9401, 1)]).await;
    scene.settle_in_fortnox(&file);
    // The consultant has chosen beforehand what is to be done for the company. Nobody writes to a table by hand.
    assert!(scene.stage.prepare(&tenant, &profile(&json!({}))).await.unwrap());
    assert!(!scene.stage.prepare(&tenant, &json!({"mode": "off"})).await.unwrap(), "what was chosen stays");
    let misspelt = scene.stage.prepare(&tenant, &json!({"mode": "fulll"})).await.unwrap_err();
    assert!(misspelt.to_string().contains("mode"), "{misspelt}");
    let browser = Browser::new("sv-SE,en;q=0.5").unwrap();
    let link = scene.stage.invite(SystemKind::Fortnox, Auth::ServiceAccount, Some(tenant.clone())).await.unwrap();
    let first = browser.open(&link.0).await.unwrap();
    assert_eq!(first.status, 200);
    assert!(first.html.contains("Anslut företaget till Fortnox"), "{}", first.html);
    assert_is_private(&first);
    assert!(scene.table("ConsentsTable").iter().all(|item| item["asked"].is_null()), "a look asks nothing");

    let page = scene.stage.ask(&browser, &link).await.unwrap();
    assert!(page.starts_with(&scene.stage.simulator.base_url()), "{page}");
    for asked in ["account_type=service", "access_type=offline", "scope=invoice"] {
        assert!(page.contains(asked), "{page}");
    }
    let back = scene.stage.choose(&browser, &page, Choice::Approve(9402)).await.unwrap();
    assert!(back.starts_with(&format!("{}/connect/fortnox/callback?", scene.stage.api_url())), "{back}");
    let done = browser.open(&back).await.unwrap();
    assert_eq!(done.status, 200, "{}", done.html);
    assert!(done.html.contains("Företaget är anslutet") && done.html.contains("fortnox-9402"), "{}", done.html);
    assert_is_private(&done);
    assert_eq!(scene.token_requests(&tenant), 1);

    // Taken once: neither the answer nor the link is good for anything any more.
    assert_eq!(browser.open(&back).await.unwrap().status, 400);
    assert_eq!(browser.open(&link.0).await.unwrap().status, 404);
    assert_eq!(scene.table("ConsentsTable"), [json!(null); 0]);
    assert_eq!(scene.token_requests(&tenant), 1);
    let connection = scene.item_of("ConnectionsTable", &tenant);
    assert_eq!(connection["auth"], json!("service_account"));
    for other in ["client_secret", "refresh_token"] {
        assert_eq!(connection[other], Value::Null, "{other}");
    }
    assert_eq!(scene.item_of("SettingsTable", &tenant)["mode"], json!("full"), "what was chosen stays");

    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    scene.assert_logs_have_nothing_of(&[&link.0, &page, &back]);
    let evidence = scene.close().await;
    assert_all_done(&evidence, &tenant, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_without_settings_sees_before_it_acts() {
    let file = stranger(9412);
    let tenant = tenant_of(&file);
    let mut scene = Scene::open("connects_preview", vec![company(9411, 1)]).await;
    scene.settle_in_fortnox(&file);
    let browser = Browser::new("en").unwrap();
    let link = scene.stage.invite(SystemKind::Fortnox, Auth::ServiceAccount, None).await.unwrap();
    let done = scene.stage.consent(&browser, &link, Choice::Approve(9412)).await.unwrap();
    assert!(done.html.contains("The company is connected"), "{}", done.html);
    let profile = scene.item_of("SettingsTable", &tenant);
    assert_eq!((&profile["mode"], &profile["language"]), (&json!("preview"), &json!("sv")));
    assert_eq!(profile["sender_name"], json!(file.company.company_name));
    // It's looked at with the next heartbeat, without waiting to be taken up.
    scene.beat().await;
    let pages = scene.table("JournalTable");
    let read = |item: &Value| item["pk"] == json!(format!("scan#{tenant}"));
    assert!(pages.iter().any(read), "its agreements were not read");
    scene.first_day().await;
    let evidence = scene.evidence();
    assert_eq!(evidence.count_of(&tenant, EffectKind::InvoiceCreated), 0);
    assert_eq!(evidence.concerns.iter().filter(|concern| concern.tenant == tenant).count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_s_consent_that_is_taken_back_holds_the_tenant_until_it_is_given_again() {
    let file = stranger(9422);
    let tenant = tenant_of(&file);
    let mut scene = Scene::open("connects_user", vec![company(9421, 1)]).await;
    scene.settle_in_fortnox(&file);
    assert!(scene.stage.prepare(&tenant, &profile(&json!({}))).await.unwrap());
    let browser = Browser::new("sv").unwrap();
    let connect = async |scene: &Scene| {
        let link = scene.stage.invite(SystemKind::Fortnox, Auth::User, Some(tenant.clone())).await.unwrap();
        let done = scene.stage.consent(&browser, &link, Choice::Approve(9422)).await.unwrap();
        assert_eq!(done.status, 200, "{}", done.html);
    };
    connect(&scene).await;
    let connection = scene.item_of("ConnectionsTable", &tenant);
    assert_eq!(connection["auth"], json!("user"));
    let first_refresh = connection["refresh_token"].as_str().unwrap().to_owned();
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    assert_all_done(&scene.evidence(), &tenant, 1);
    // The first access token was over by then.
    assert_ne!(scene.item_of("ConnectionsTable", &tenant)["refresh_token"], json!(first_refresh));

    scene.stage.simulator.with_world(|world: &mut World| world.set_consent(9422, false));
    let before = scene.token_requests(&tenant);
    scene.day("2026-02-01").await;
    scene.wait(TimeDelta::hours(3)).await;
    let concerns = scene.evidence().concerns;
    let concern = concerns.iter().find(|concern| concern.tenant == tenant).unwrap();
    assert_eq!(concern.subject, "tenant");
    assert!(matches!(concern.concern.reason, HoldReason::TenantBlocked { .. }));
    assert!(concern.concern.reason.to_string().contains("needs consent again"), "{}", concern.concern.reason);
    assert!(concern.concern.reason.advice().contains("needs consent again"));
    // Which request was refused has no tenant in Fortnox's ledger: nobody knows a token that is gone.
    assert_eq!(scene.token_requests(&tenant), before);
    assert_eq!(scene.item_of("ConnectionsTable", &tenant)["needs_consent"], json!("refused"));

    scene.stage.simulator.with_world(|world: &mut World| world.set_consent(9422, true));
    connect(&scene).await;
    scene.beat().await;
    scene.stage.settle().await.unwrap();
    scene.until_all_jobs_rest().await;
    let evidence = scene.close().await;
    assert_all_done(&evidence, &tenant, 2);
    assert_eq!(evidence.concerns.iter().filter(|concern| concern.tenant == tenant).count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_in_economic_is_connected_by_its_grant() {
    let file = dane(9432, 1);
    let tenant = economic_tenant(&file);
    let scene = Scene::open("connects_economic", vec![dane(9431, 1)]).await;
    let now = scene.stage.economic.now();
    scene.stage.economic.with_world(|world| {
        world.add_company(file.clone(), now).unwrap();
        world.set_consent(9432, false);
    });
    scene.stage.put_economic_app(&file.access.app_secret_token).unwrap();
    let browser = Browser::new("da-DK").unwrap();
    let link = scene.stage.invite(SystemKind::Economic, Auth::ServiceAccount, Some(tenant.clone())).await.unwrap();
    let page = scene.stage.ask(&browser, &link).await.unwrap();
    let back = scene.stage.choose(&browser, &page, Choice::Approve(9432)).await.unwrap();

    // A grant without the question that it answers is nobody's.
    let (address, query) = back.split_once('?').unwrap();
    let token = query.split('&').find(|pair| pair.starts_with("token=")).unwrap();
    let without = browser.open(&format!("{address}?{token}")).await.unwrap();
    assert_eq!(without.status, 400, "{}", without.html);
    assert_eq!(scene.item_of("ConnectionsTable", &tenant), Value::Null);

    let done = browser.open(&back).await.unwrap();
    assert_eq!(done.status, 200, "{}", done.html);
    assert!(done.html.contains("Virksomheden er tilsluttet"), "{}", done.html);
    let connection = scene.item_of("ConnectionsTable", &tenant);
    assert_eq!(connection["agreement_grant_token"], json!(file.access.agreement_grant_token));
    assert_eq!(connection["app_secret_token"], Value::Null, "ours is in Secrets Manager");
    let profile = scene.item_of("SettingsTable", &tenant);
    assert_eq!((&profile["mode"], &profile["country"]), (&json!("preview"), &json!("DK")));
    assert_eq!(profile["time_zone"], json!("Europe/Copenhagen"));

    scene.beat().await;
    let evidence = scene.evidence();
    let own = |entry: &&economic_sim::LedgerEntry| entry.tenant == Some(9432);
    assert!(evidence.economic.iter().filter(own).count() >= 1);
    let effects = evidence.economic.iter().filter(own).flat_map(|entry| &entry.effects);
    assert_eq!(effects.filter(|effect| effect.kind == Danish::InvoiceBooked).count(), 0);
    assert_eq!(evidence.concerns.iter().filter(|concern| concern.tenant == tenant).count(), 0);
    scene.assert_logs_have_nothing_of(&[&link.0, &page, &back]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_in_economic_goes_from_its_grant_to_its_first_delivered_invoice() {
    let file = dane(9472, 1);
    let tenant = economic_tenant(&file);
    let scene = Scene::open("connects_economic_full", vec![dane(9471, 1)]).await;
    let now = scene.stage.economic.now();
    scene.stage.economic.with_world(|world| world.add_company(file.clone(), now)).unwrap();
    scene.stage.put_economic_app(&file.access.app_secret_token).unwrap();
    assert!(scene.stage.prepare(&tenant, &crate::dane::profile(&json!({}))).await.unwrap());
    let browser = Browser::new("da").unwrap();
    let link = scene.stage.invite(SystemKind::Economic, Auth::ServiceAccount, None).await.unwrap();
    let done = scene.stage.consent(&browser, &link, Choice::Approve(9472)).await.unwrap();
    assert_eq!(done.status, 200, "{}", done.html);
    let crm = scene.integration(&tenant);
    scene.ready(&tenant, &crm, 1).await;
    scene.stage.settle().await.unwrap();
    let evidence = scene.close().await;
    assert!(is_complete(&job_of(&evidence, &tenant, 1)));
    assert_eq!(bookings(&evidence, &tenant, 1).len(), 1);
    assert_eq!(evidence.mails_of(&tenant).count(), 1);
}
