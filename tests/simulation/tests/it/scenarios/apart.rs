//! Promise 5: one bad agreement, customer or tenant never stops another, and each shows.

use chrono::TimeDelta;
use domain::{agreement::Agreement, agreement::AgreementStatus, due::Reading, ids::TenantId, settings::Scope};
use serde_json::json;
use simulation::{Call, Fault, Memory};
use workflow::{
    ports::{Concern, Subject},
    scan,
};

use super::world::{World, agreement_number, everything, monthly};

fn other() -> TenantId {
    "fortnox-2".parse().unwrap()
}

/// Two companies with one agreement each; the usual one is to suffer, the other must not.
fn two_companies() -> World {
    let world = World::due();
    world.add_company(&other(), everything());
    world.memory.fortnox().person(&other()).enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
    world
}

fn others_ledger(memory: &Memory) -> usize {
    memory.fortnox().ledger(&other()).len()
}

fn tenant_concern(world: &World) -> Option<Concern> {
    world.concern(&world.tenant, &Subject::Tenant)
}

fn agreement_concern(world: &World, number: u32) -> Option<Concern> {
    world.concern(&world.tenant, &Subject::Agreement(agreement_number(number)))
}

#[test]
fn a_broken_customer_item_holds_only_that_customers_agreements() {
    let world = World::due();
    world.person().enter_customer(&"11".parse().unwrap(), "Grannen AB", None);
    world
        .person()
        .enter_agreement(&Agreement { customer: "11".parse().unwrap(), ..monthly(8) }, Reading::NextPeriod)
        .unwrap();
    let scope = Scope::Customer("11".parse().unwrap());
    world.put(&world.tenant, scope.clone(), json!({"channel": "fax"}));
    world.beat();
    assert_eq!(world.periods(), ["7 2026-02-01..2026-02-28"]);
    let concern = agreement_concern(&world, 8).unwrap();
    assert_eq!(concern.reason.code(), "broken_settings");
    assert!(concern.reason.to_string().contains("customer#11"));
    assert!(agreement_concern(&world, 7).is_none() && tenant_concern(&world).is_none());
    world.put(&world.tenant, scope, json!({"channel": "none"}));
    world.pass(TimeDelta::days(1));
    assert_eq!(world.created().len(), 2);
    assert!(agreement_concern(&world, 8).is_none());
}

#[test]
fn an_unreadable_agreement_has_a_concern_until_it_can_be_read_or_is_gone() {
    let world = World::due();
    for number in [8, 9] {
        world.person().enter_agreement(&monthly(number), Reading::NextPeriod).unwrap();
        world.person().set_broken(&agreement_number(number), true).unwrap();
    }
    world.beat();
    assert_eq!(world.created().len(), 1);
    assert_eq!(agreement_concern(&world, 8).unwrap().reason.code(), "unreadable");
    world.person().set_broken(&agreement_number(8), false).unwrap();
    world.person().set_status(&agreement_number(9), AgreementStatus::Finished).unwrap();
    world.pass(TimeDelta::days(1));
    assert_eq!(world.created().len(), 2);
    assert!(agreement_concern(&world, 8).is_none());
    world.pass(TimeDelta::days(1));
    assert!(agreement_concern(&world, 9).is_none(), "an agreement that's gone needs nobody");
}

#[test]
fn a_concern_on_another_page_is_kept_by_a_scan_that_goes_on_elsewhere() {
    let mut world = World::new();
    for number in 1..=3 {
        world.person().enter_agreement(&monthly(number), Reading::NextPeriod).unwrap();
        world.person().set_broken(&agreement_number(number), true).unwrap();
    }
    world.memory.fortnox().switch(&world.tenant, |switches| switches.contracts_a_page = 1);
    world.time_left = std::time::Duration::from_secs(1);
    world.beat();
    for number in 1..=3 {
        assert!(agreement_concern(&world, number).is_some(), "{number}");
    }
    world.person().set_status(&agreement_number(1), AgreementStatus::Finished).unwrap();
    world.pass(TimeDelta::days(2));
    assert!(agreement_concern(&world, 1).is_none());
    assert!(agreement_concern(&world, 2).is_some() && agreement_concern(&world, 3).is_some());
}

#[test]
fn a_broken_profile_holds_its_tenant_and_no_other() {
    let world = two_companies();
    world.set_profile(json!({"mode": "fulll"}));
    world.beat();
    assert_eq!(world.done()[0], 0);
    assert_eq!(tenant_concern(&world).unwrap().reason.code(), "broken_settings");
    assert_eq!(others_ledger(&world.memory), 3);
    world.set_profile(everything());
    world.pass(TimeDelta::hours(2));
    assert!(tenant_concern(&world).is_none());
    assert_eq!(world.created().len(), 1);
}

#[test]
fn a_tenant_without_a_profile_leaves_the_schedule_and_is_back_once_it_has_one() {
    let world = two_companies();
    world.memory.settings().remove(&world.tenant, &Scope::Profile);
    world.pass(TimeDelta::hours(2));
    // Nothing is written of it, or one that was erased would be back.
    assert!(tenant_concern(&world).is_none());
    assert_eq!(world.memory.settings().next_scan_at(&world.tenant), None);
    assert_eq!(others_ledger(&world.memory), 3);
    world.set_profile(everything());
    world.memory.run(scan::register(&world.memory)).unwrap().unwrap();
    world.pass(TimeDelta::hours(2));
    assert!(tenant_concern(&world).is_none());
    assert_eq!(world.created().len(), 1);
}

#[test]
fn a_revoked_consent_holds_its_tenant_and_is_over_when_connected_again() {
    let world = two_companies();
    world.memory.fortnox().set_consent(&world.tenant, false);
    world.pass(TimeDelta::hours(3));
    let concern = tenant_concern(&world).unwrap();
    assert!(concern.reason.to_string().contains("revoked") && concern.reason.advice().contains("connect"));
    assert_eq!(others_ledger(&world.memory), 3);
    assert_eq!(world.created().len(), 0);
    world.memory.fortnox().set_consent(&world.tenant, true);
    world.pass(TimeDelta::hours(2));
    assert!(tenant_concern(&world).is_none());
    assert_eq!(world.created().len(), 1);
}

#[test]
fn a_tenant_that_is_switched_off_has_no_concern_left() {
    let world = two_companies();
    world.memory.fortnox().set_consent(&world.tenant, false);
    world.beat();
    assert!(tenant_concern(&world).is_some());
    world.set_profile(json!({"mode": "off"}));
    world.pass(TimeDelta::hours(2));
    assert!(tenant_concern(&world).is_none());
}

#[test]
fn an_accounting_system_that_is_down_is_asked_again() {
    let world = World::due();
    for _ in 0..3 {
        world.memory.faults().next(Call::Agreements, Fault::NotTaken);
    }
    world.beat();
    assert!(tenant_concern(&world).is_some());
    world.pass(TimeDelta::hours(1));
    assert!(tenant_concern(&world).is_none());
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_refused_agreement_leaves_the_others_their_invoices() {
    let world = World::new();
    for number in 1..=9 {
        world.person().enter_agreement(&monthly(number), Reading::NextPeriod).unwrap();
    }
    world.memory.faults().next(Call::CreateInvoice, Fault::Refused("the article is gone"));
    world.beat();
    assert_eq!(world.done(), [8; 4]);
}
