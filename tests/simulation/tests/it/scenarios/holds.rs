//! Guards and doubts hold; a yes releases what it was said to, and nothing else.

use chrono::TimeDelta;
use domain::{
    due::Reading,
    hold::HoldReason,
    job::{Ending, EventKind, JobState},
    settings::Scope,
};
use serde_json::json;
use simulation::{Call, Fault, When};
use workflow::PeopleError;

use super::world::{World, agreement_number, everything, monthly, sek, with};

fn limited(other: serde_json::Value) -> World {
    let world = World::with_profile(with(everything(), other));
    world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
    world
}

#[test]
fn a_guard_holds_and_a_yes_releases() {
    let world = limited(json!({"max_amount": {"SEK": 500}}));
    world.pass(TimeDelta::days(3));
    let key = world.february();
    assert_eq!(world.held_for(&key), HoldReason::AmountOverLimit { total: sek(1000), limit: sek(500) });
    assert_eq!(world.done(), [0; 4]);
    world.approve(&key);
    world.drain();
    assert_eq!(world.done(), [1; 4]);
    assert!(world.story(&key).contains(&EventKind::Approved { by: "anna".to_owned() }));
}

/// The review window: created at once, booked and mailed an hour later.
#[test]
fn an_invoice_can_be_reviewed_before_it_is_booked() {
    let world = limited(json!({"book_after_minutes": 60}));
    world.pass(TimeDelta::minutes(55));
    assert_eq!(world.done(), [1, 0, 0, 0]);
    world.pass(TimeDelta::minutes(10));
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn what_a_person_does_in_the_review_counts() {
    let reviewed = |act: &dyn Fn(&World)| {
        let world = limited(json!({"book_after_minutes": 60}));
        world.pass(TimeDelta::minutes(30));
        act(&world);
        world.pass(TimeDelta::hours(2));
        world
    };
    let made = |world: &World| world.memory.journal().jobs()[0].invoice().unwrap().clone();
    let cancelled = reviewed(&|world| world.person().cancel(&made(world)).unwrap());
    assert_eq!(cancelled.done(), [1, 0, 0, 0]);
    assert_eq!(cancelled.held_for(&cancelled.february()).code(), "invoice_changed");
    let booked = reviewed(&|world| world.person().book(&made(world)).unwrap());
    assert_eq!(booked.done(), [1, 0, 1, 1], "a person booked it, and we mailed it");
    let switched_off = reviewed(&|world| world.set_profile(with(everything(), json!({"auto_book": false}))));
    assert_eq!(switched_off.done(), [1, 0, 1, 1], "it's mailed as it lies there");
    let skipped = reviewed(&|world| world.skip(&world.february()));
    assert_eq!(skipped.done(), [1, 0, 0, 0]);
}

#[test]
fn a_raised_limit_releases_at_the_next_scan() {
    let world = limited(json!({"max_amount": {"SEK": 500}}));
    world.beat();
    world.set_profile(everything());
    world.scan_now();
    assert_eq!(world.done(), [1; 4]);
}

/// The yes was said to 1 000 kronor.
#[test]
fn a_yes_to_an_amount_is_not_a_yes_to_another() {
    let world = limited(json!({"max_amount": {"SEK": 500}}));
    world.beat();
    world.approve(&world.february());
    world.person().set_total(&agreement_number(7), sek(90_000)).unwrap();
    world.drain();
    assert_eq!(world.done(), [0; 4]);
    assert_eq!(world.held_for(&world.february()), HoldReason::AmountOverLimit { total: sek(90_000), limit: sek(500) });
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.done(), [1; 4]);
}

/// A yes to trying a refused call again isn't one to a guard that nobody has seen.
#[test]
fn a_yes_to_a_failure_does_not_open_the_guards() {
    let world = limited(json!({"max_amount": {"SEK": 1500}}));
    world.memory.faults().next(Call::CreateInvoice, Fault::Refused("the customer is inactive"));
    world.beat();
    world.person().set_total(&agreement_number(7), sek(90_000)).unwrap();
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.done(), [0; 4]);
    assert_eq!(world.held_for(&world.february()).code(), "amount_over_limit");
}

#[test]
fn a_yes_to_a_blocked_tenant_does_not_open_the_guards() {
    let world = limited(json!({"max_amount": {"SEK": 1500}}));
    world.scan_only();
    world.memory.fortnox().set_consent(&world.tenant, false);
    world.drain();
    world.memory.fortnox().set_consent(&world.tenant, true);
    world.person().set_total(&agreement_number(7), sek(90_000)).unwrap();
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.done(), [0; 4]);
    assert_eq!(world.held_for(&world.february()).code(), "amount_over_limit");
}

/// Two doubts at once: the person sees one after the other and answers each once.
#[test]
fn a_yes_to_one_doubt_shows_the_next() {
    let world = limited(json!({"max_amount": {"SEK": 500}, "catch_up_periods": 0}));
    world.memory.clock().pass(TimeDelta::days(62));
    world.beat();
    let key = world.february();
    assert_eq!(world.held_for(&key).code(), "too_far_behind");
    world.approve(&key);
    world.drain();
    assert_eq!(world.held_for(&key).code(), "amount_over_limit");
    world.approve(&key);
    world.drain();
    assert_eq!(world.periods(), ["7 2026-02-01..2026-02-28"]);
}

/// A yes outlives a worker that dies on the way and a network that's down for a while.
#[test]
fn a_yes_is_not_forgotten_on_the_way() {
    let world = limited(json!({"max_amount": {"SEK": 500}}));
    world.beat();
    world.approve(&world.february());
    world.memory.faults().next(Call::Agreement, Fault::NotTaken);
    world.memory.faults().next(Call::CreateInvoice, Fault::Crash(When::Before));
    world.pass(TimeDelta::hours(3));
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_skipped_job_stays_so() {
    let world = limited(json!({"max_amount": {"SEK": 500}}));
    world.beat();
    let key = world.february();
    world.skip(&key);
    world.set_profile(everything());
    world.pass(TimeDelta::days(10));
    assert_eq!(world.done(), [0; 4]);
    assert!(matches!(world.state(&key), JobState::Done { ending: Ending::SkippedByPerson, .. }));
}

#[test]
fn there_is_nothing_to_decide_about_a_job_that_is_done_or_unknown() {
    let world = World::due();
    world.beat();
    let error = world.memory.run(workflow::skip(&world.memory, &world.february(), "anna")).unwrap().unwrap_err();
    assert!(matches!(error, PeopleError::NothingToDecide(_)), "it's booked");
    let error = world.memory.run(workflow::approve(&world.memory, &world.february(), "anna")).unwrap().unwrap_err();
    assert!(matches!(error, PeopleError::NothingToDecide(_)));
    let error =
        world.memory.run(workflow::skip(&world.memory, &world.key(8, "2026-02-01"), "anna")).unwrap().unwrap_err();
    assert!(matches!(error, PeopleError::Missing(_)));
    world.drain();
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_yes_whose_message_is_lost_is_found_by_the_heartbeat() {
    let world = limited(json!({"max_amount": {"SEK": 500}}));
    world.beat();
    world.memory.faults().next(Call::SendMessage, Fault::NoAnswer(When::Before));
    assert!(world.memory.run(workflow::approve(&world.memory, &world.february(), "anna")).unwrap().is_err());
    world.pass(TimeDelta::minutes(10));
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn the_days_limit_holds_the_rest_until_the_next_day() {
    let world = World::with_profile(with(everything(), json!({"max_invoices_per_day": 2})));
    for number in 1..=5 {
        world.person().enter_agreement(&monthly(number), Reading::NextPeriod).unwrap();
    }
    world.beat();
    assert_eq!(world.done(), [2; 4]);
    assert_eq!(world.held_for(&world.key(3, "2026-02-01")), HoldReason::DayLimit { limit: 2 });
    world.approve(&world.key(5, "2026-02-01"));
    world.drain();
    assert_eq!(world.done(), [3; 4]);
    world.pass(TimeDelta::days(1));
    assert_eq!(world.done(), [5; 4]);
}

#[test]
fn a_raised_days_limit_works_the_same_day() {
    let world = World::with_profile(with(everything(), json!({"max_invoices_per_day": 2})));
    for number in 1..=5 {
        world.person().enter_agreement(&monthly(number), Reading::NextPeriod).unwrap();
    }
    world.beat();
    world.set_profile(with(everything(), json!({"max_invoices_per_day": 4})));
    world.scan_now();
    assert_eq!(world.done(), [4; 4]);
}

/// What the first try has opened must not be counted twice by the second.
#[test]
fn a_repeated_scan_counts_no_job_twice() {
    let world = World::with_profile(with(everything(), json!({"max_invoices_per_day": 4})));
    for number in 1..=4 {
        world.person().enter_agreement(&monthly(number), Reading::NextPeriod).unwrap();
    }
    world.memory.fortnox().switch(&world.tenant, |switches| switches.contracts_a_page = 3);
    // The scan dies between its pages; then it begins anew, before any worker came along.
    world.memory.faults().next(Call::KeepPage, Fault::Crash(When::Before));
    world.tick();
    assert!(world.step());
    world.scan_only();
    let held: Vec<_> = (1..=4).filter(|number| world.job(&world.key(*number, "2026-02-01")).needs_person()).collect();
    assert_eq!(held, Vec::<u32>::new());
    world.drain();
    assert_eq!(world.done(), [4; 4]);
}

#[test]
fn a_hold_that_lifts_by_itself_is_looked_at_ever_more_seldom_and_told_once() {
    let world = World::due();
    world.scan_only();
    world.memory.fortnox().set_consent(&world.tenant, false);
    let since = world.now();
    world.pass(TimeDelta::days(4));
    let key = world.february();
    let JobState::Held { since: held_since, .. } = world.state(&key) else { panic!("held") };
    assert_eq!(held_since, since, "the person sees since when");
    let story = world.story(&key);
    assert!(story.len() <= 3, "decided, held: {story:?}");
    assert!(world.memory.faults().count(Call::Agreement) < 20);
    world.memory.fortnox().set_consent(&world.tenant, true);
    world.pass(TimeDelta::days(1));
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_blocked_delivery_does_not_run_in_circles_between_the_functions() {
    let world = World::due();
    world.memory.faults().next(Call::SendMail, Fault::NotTaken);
    world.beat();
    world.memory.fortnox().set_consent(&world.tenant, false);
    world.pass(TimeDelta::days(4));
    let story = world.story(&world.february());
    assert!(story.len() <= 14, "{}: {story:#?}", story.len());
    world.memory.fortnox().set_consent(&world.tenant, true);
    world.pass(TimeDelta::days(2));
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn broken_settings_of_one_agreement_hold_its_job_and_let_it_go() {
    let world = World::due();
    world.scan_only();
    let scope = Scope::Agreement(agreement_number(7));
    world.put(&world.tenant, scope.clone(), json!({"auto_bok": true}));
    world.drain();
    assert_eq!(world.held_for(&world.february()).code(), "broken_settings");
    world.put(&world.tenant, scope, json!({"auto_book": false}));
    world.pass(TimeDelta::days(1));
    assert_eq!(world.done(), [1, 0, 1, 1]);
}

#[test]
fn an_agreement_that_becomes_unreadable_is_held_until_it_can_be_read() {
    for announced in [false, true] {
        let world = World::due();
        world.scan_only();
        if announced {
            world.memory.faults().next(Call::CreateInvoice, Fault::Crash(When::Before));
            world.drain();
        }
        world.person().set_broken(&agreement_number(7), true).unwrap();
        world.pass(TimeDelta::minutes(20));
        assert_eq!(world.held_for(&world.february()).code(), "unreadable");
        world.person().set_broken(&agreement_number(7), false).unwrap();
        world.pass(TimeDelta::days(1));
        assert_eq!(world.done(), [1; 4], "announced: {announced}");
    }
}
