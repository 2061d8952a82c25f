//! Whom Fortnox invoices by itself isn't invoiced from an agreement too, unless a person says so.

use chrono::TimeDelta;
use domain::{
    due::{Reading, Verdict},
    hold::HoldReason,
    job::JobState,
    settings::Scope,
};
use fortnox_sim::RecurringBilling;
use serde_json::json;
use simulation::{Call, Fault, When};
use workflow::ports::Subject;

use super::world::{World, everything, monthly, with};

/// Two agreements that are due: 7 of customer 10, 8 of customer 11.
fn two_customers(profile: serde_json::Value) -> World {
    let world = World::with_profile(profile);
    world.person().enter_customer(&"11".parse().unwrap(), "Andra AB", Some("kund@andra.example"));
    for (number, customer) in [(7, "10"), (8, "11")] {
        let agreement = domain::agreement::Agreement { customer: customer.parse().unwrap(), ..monthly(number) };
        world.person().enter_agreement(&agreement, Reading::NextPeriod).unwrap();
    }
    world
}

fn limited(limit: i64) -> serde_json::Value {
    with(everything(), json!({"max_amount": {"SEK": limit}}))
}

fn asked(world: &World) -> usize {
    let asked = |path: &str| path.starts_with("/api/recurring-billing");
    world.memory.fortnox().requests().iter().filter(|entry| asked(&entry.path)).count()
}

#[test]
fn its_invoice_waits_for_a_person_and_a_yes_makes_it() {
    let world = two_customers(everything());
    world.add_recurring("10", "AUTOMATIC");
    world.add_recurring("11", "MANUAL");
    world.pass(TimeDelta::days(2));
    assert_eq!(world.held_for(&world.february()), HoldReason::AlreadyRecurring);
    assert_eq!(
        world.periods(),
        ["8 2026-02-01..2026-02-28"],
        "who starts each by hand isn't invoiced by Fortnox itself"
    );
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.done(), [2; 4]);
}

#[test]
fn a_preview_says_so() {
    let world = two_customers(with(everything(), json!({"mode": "preview"})));
    world.add_recurring("10", "AUTOMATIC");
    world.scan_now();
    let pages = world.memory.journal().pages(&world.tenant);
    let verdicts: Vec<&Verdict> = pages[0].decisions.iter().map(|decision| &decision.verdict).collect();
    assert!(
        matches!(verdicts[0], Verdict::Held { due: Some(_), reason: HoldReason::AlreadyRecurring }),
        "{verdicts:?}"
    );
    assert!(matches!(verdicts[1], Verdict::Due(_)), "{verdicts:?}");
}

#[test]
fn the_setting_says_that_it_does_not_matter() {
    let world = two_customers(everything());
    world.add_recurring("10", "AUTOMATIC");
    world.add_recurring("11", "AUTOMATIC");
    world.put(&world.tenant, Scope::Customer("10".parse().unwrap()), json!({"hold_if_recurring": false}));
    world.pass(TimeDelta::days(1));
    assert_eq!(world.periods(), ["7 2026-02-01..2026-02-28"]);
    assert_eq!(world.held_for(&world.key(8, "2026-02-01")), HoldReason::AlreadyRecurring);
}

#[test]
fn once_the_recurrence_has_ended_the_next_scan_goes_on() {
    let world = World::due();
    world.add_recurring("10", "AUTOMATIC");
    world.pass(TimeDelta::days(1));
    assert_eq!(world.held_for(&world.february()), HoldReason::AlreadyRecurring);
    world.memory.fortnox().with_world(|all| all.end_recurrings(world.tenant.number()));
    world.pass(TimeDelta::days(1));
    assert_eq!(world.done(), [1; 4]);
}

/// A yes to an amount says nothing of an invoice that Fortnox makes itself; and what began while the job waited counts.
#[test]
fn what_began_while_the_job_waited_is_seen_before_it_is_made() {
    let world = World::with_profile(limited(500));
    world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
    world.pass(TimeDelta::hours(5));
    assert_eq!(world.held_for(&world.february()).code(), "amount_over_limit");
    world.add_recurring("10", "AUTOMATIC");
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.held_for(&world.february()), HoldReason::AlreadyRecurring);
    assert_eq!(world.done(), [0; 4]);
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.done(), [1; 4], "both have a yes now");
}

#[test]
fn settings_that_begin_to_mind_are_heard_before_it_is_made() {
    let world = World::with_profile(with(everything(), json!({"hold_if_recurring": false})));
    world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
    world.add_recurring("10", "AUTOMATIC");
    world.scan_only();
    assert_eq!(asked(&world), 0, "nobody minds");
    world.set_profile(everything());
    world.drain();
    assert_eq!(world.held_for(&world.february()), HoldReason::AlreadyRecurring);
}

#[test]
fn it_is_asked_once_a_scan_and_only_if_something_is_due() {
    let world = two_customers(everything());
    world.scan_now();
    assert_eq!(
        (asked(&world), world.done()),
        (1, [2; 4]),
        "what the scan has just asked isn't asked again for each invoice"
    );
    world.scan_now();
    assert_eq!(asked(&world), 1, "nothing is due any more");
}

#[test]
fn where_it_may_not_be_asked_the_invoices_are_made() {
    for way in [RecurringBilling::NoScope, RecurringBilling::NoLicence, RecurringBilling::Absent] {
        let world = World::due();
        world.memory.fortnox().switch(&world.tenant, |switches| switches.recurring_billing = way);
        world.scan_now();
        assert_eq!(world.done(), [1; 4], "{way:?}");
        assert_eq!(world.concern(&world.tenant, &Subject::Tenant), None);
    }
}

/// That Fortnox doesn't answer isn't taken for a no: an invoice too late is mended more easily than one too many.
#[test]
fn without_an_answer_nothing_is_made_and_it_is_told() {
    for fault in [Fault::NoAnswer(When::Before), Fault::Failed(When::Before), Fault::Refused("Ogiltig parameter")] {
        let world = World::due();
        world.add_recurring("10", "AUTOMATIC");
        world.memory.faults().next(Call::Recurring, fault);
        world.scan_now();
        assert_eq!(world.done(), [0; 4]);
        assert!(world.memory.journal().jobs().is_empty());
        assert!(world.concern(&world.tenant, &Subject::Tenant).is_some());
        world.pass(TimeDelta::hours(2));
        assert_eq!(world.held_for(&world.february()), HoldReason::AlreadyRecurring);
        assert_eq!(world.concern(&world.tenant, &Subject::Tenant), None);
    }
}

/// A no that says nothing of recurrences doesn't lift a hold (seed 13561).
#[test]
fn a_refusal_lifts_no_hold() {
    let world = World::due();
    world.add_recurring("10", "AUTOMATIC");
    world.scan_now();
    world.memory.faults().next(Call::Recurring, Fault::Refused("Kunden är spärrad."));
    world.scan_now();
    assert_eq!(world.held_for(&world.february()), HoldReason::AlreadyRecurring);
    assert_eq!(world.done(), [0; 4]);
}

#[test]
fn a_job_that_waited_long_looks_again_when_fortnox_answers() {
    let world = World::with_profile(limited(500));
    world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
    world.pass(TimeDelta::hours(5));
    world.memory.faults().next(Call::Recurring, Fault::Failed(When::Before));
    world.approve(&world.february());
    world.drain();
    assert_eq!((world.done(), world.state(&world.february())), ([0; 4], JobState::Working));
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.done(), [1; 4]);
}
