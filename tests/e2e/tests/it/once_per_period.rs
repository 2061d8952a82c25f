//! Each due period gets exactly one invoice, soon, and at the pace that Fortnox allows.

#![expect(clippy::print_stdout, reason = "times, for whoever wants to see them")]

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use domain::settings::Scope;
use fortnox_sim::{Actor, EffectKind};
use serde_json::{Map, Value};
use stage::tenant_of;

use crate::{
    company::{root, sample},
    scene::{NOT_AT_ONCE, Scene},
};

const SETTINGS: &str = "infra/demo/bjorkangen.settings.json";
const DAYS: u64 = 59;

#[tokio::test(flavor = "multi_thread")]
async fn two_months_of_a_company_give_one_invoice_for_each_due_period() {
    let company = sample("bjorkangen.json");
    let tenant = tenant_of(&company);
    let mut scene = Scene::open_alone("two_months", vec![company]).await;
    let settings = std::fs::read(root().join(SETTINGS)).unwrap();
    for (scope, fields) in serde_json::from_slice::<Map<String, Value>>(&settings).unwrap() {
        scene.set(&tenant, &scope.parse::<Scope>().unwrap().to_string(), &fields);
    }
    // How long a debug build takes to start says nothing of the bar; warm ones are the ones measured here.
    scene.warm_up().await;
    let first: NaiveDate = "2026-01-01".parse().unwrap();
    for day in (0..DAYS).map(|n| first + Days::new(n)) {
        scene.day(&day.to_string()).await;
    }
    let evidence = scene.close().await;
    let mut periods = BTreeSet::new();
    for (entry, effect) in evidence.effects().filter(|(_, effect)| effect.kind == EffectKind::InvoiceCreated) {
        assert_eq!(entry.actor, Actor::App);
        assert!(periods.insert((effect.contract, effect.period_start)), "{effect:?} was made twice");
    }
    assert!(periods.len() > 60, "two months of seventy agreements are more than {} invoices", periods.len());
    assert_eq!(evidence.answered(429), 0);
    let firsts = evidence.match_to_create();
    assert!(firsts.len() > 5, "there are more days with a due agreement than {}", firsts.len());
    let slowest = firsts.iter().max().unwrap();
    println!("match to create call: {} ms longest of {}", slowest.num_milliseconds(), firsts.len());
    assert!(*slowest < NOT_AT_ONCE, "the slowest first invoice was called for after {} ms", slowest.num_milliseconds());
}
