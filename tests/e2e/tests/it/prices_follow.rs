//! A changed list price is followed by the real functions, once and nowhere else, whatever becomes of the answers.

use chrono::TimeDelta;
use domain::ids::TenantId;
use fortnox_sim::{Actor, EffectKind, FaultAnswer, FaultKind, Method};
use serde_json::{Value, json};
use stage::tenant_of;

use crate::{
    company::{company, profile},
    scene::Scene,
};

/// Longer than until the first comparison after a scan.
const FIRST_COMPARISON: TimeDelta = TimeDelta::minutes(40);
/// Longer than between two looks for changed prices, the heartbeat included.
const LOOK: TimeDelta = TimeDelta::minutes(6);

fn document(scene: &Scene, tenant: &TenantId, path: &str, name: &str) -> Value {
    let body = scene.stage.by_hand(tenant, Method::Get, path, &Value::Null).unwrap();
    let mut answer: Value = serde_json::from_slice(&body).unwrap();
    answer[name].take()
}

fn prices(document: &Value) -> Vec<f64> {
    document["InvoiceRows"].as_array().unwrap().iter().map(|row| row["Price"].as_f64().unwrap()).collect()
}

/// What goes wrong with which call. `None`: nothing.
fn troubles() -> Vec<Option<(&'static str, FaultKind)>> {
    let gateway = || FaultAnswer {
        status: 502,
        body: "<html>Bad Gateway</html>".to_owned(),
        content_type: "text/html".to_owned(),
    };
    vec![
        None,
        Some(("/3/prices/sublist", FaultKind::DropBeforeEffect)),
        Some(("/3/articles", FaultKind::RateLimited)),
        Some(("/3/contracts/1", FaultKind::StatusAfterEffect(gateway()))),
        Some(("/3/contracts/1", FaultKind::DropAfterEffect)),
        Some(("/3/invoices/", FaultKind::DropAfterEffect)),
        Some(("/3/invoices/", FaultKind::Unauthorized)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn agreements_and_open_invoices_follow_a_changed_price_once() {
    let troubles = troubles();
    let companies: Vec<_> = (7001..).zip(&troubles).map(|(number, _)| company(number, 2)).collect();
    let tenants: Vec<TenantId> = companies.iter().map(tenant_of).collect();
    let mut scene = Scene::open("prices_follow", companies).await;
    for tenant in &tenants {
        let follows = json!({"mode": "draft_only", "auto_book": false, "channel": "none", "price_sync": "follow"});
        scene.set(tenant, "profile", &profile(&follows));
        // The second agreement's price is one that a person agreed on with the customer.
        let row = json!({"InvoiceRows": [{"ArticleNumber": "1", "DeliveredQuantity": "1", "Price": 950}]});
        scene.stage.by_hand(tenant, Method::Put, "/3/contracts/2", &json!({"Contract": row})).unwrap();
    }
    scene.first_day().await;
    scene.wait(FIRST_COMPARISON).await;
    for (tenant, trouble) in tenants.iter().zip(&troubles) {
        let price = json!({"Price": {"Price": 1100}});
        scene.stage.by_hand(tenant, Method::Put, "/3/prices/A/1/0", &price).unwrap();
        if let Some((path, fault)) = trouble {
            scene.fault(tenant, path, fault.clone());
        }
    }
    for _ in 0..4 {
        scene.wait(LOOK).await;
    }
    let evidence = scene.evidence();
    for (tenant, trouble) in tenants.iter().zip(&troubles) {
        let told = format!("{tenant}: {trouble:?}");
        let agreement = |number: u32| prices(&document(&scene, tenant, &format!("/3/contracts/{number}"), "Contract"));
        assert_eq!((agreement(1), agreement(2)), (vec![1100.0], vec![950.0]), "{told}");
        let invoice_of = |agreement: u64| {
            let own = evidence.effects().filter(|(entry, _)| entry.tenant == Some(tenant.number()));
            let mut made = own.filter(|(_, effect)| effect.kind == EffectKind::InvoiceCreated);
            made.find(|(_, effect)| effect.contract == Some(agreement)).unwrap().1.invoice.unwrap()
        };
        let invoice = |number: u64| prices(&document(&scene, tenant, &format!("/3/invoices/{number}"), "Invoice"));
        assert_eq!((invoice(invoice_of(1)), invoice(invoice_of(2))), (vec![1100.0], vec![950.0]), "{told}");
        // Making an invoice changes its agreement too.
        let changed = |kind| {
            let ours = evidence.ledger.iter().filter(|entry| {
                let own = entry.actor == Actor::App && entry.tenant == Some(tenant.number());
                own && !entry.path.ends_with("createinvoice")
            });
            ours.flat_map(|entry| &entry.effects).filter(|effect| effect.kind == kind).count()
        };
        assert_eq!((changed(EffectKind::ContractChanged), changed(EffectKind::InvoiceChanged)), (1, 1), "{told}");
    }
    scene.close().await;
}
