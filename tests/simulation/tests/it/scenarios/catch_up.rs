//! Missed periods are caught up one after another within the bound, and held beyond it.

use chrono::TimeDelta;
use domain::{agreement::Agreement, due::Reading, hold::HoldReason, job::JobState};
use serde_json::json;
use simulation::{Call, Fault, When};

use super::world::{World, everything, monthly, period, whole_year, with};

fn since_january(agreement: &Agreement) -> Agreement {
    let start = agreement.period.start().pred_opt().unwrap();
    let january = if agreement.length_months.is_some() {
        period("2026-01-01", "2026-12-31")
    } else {
        period("2026-01-01", &start.to_string())
    };
    Agreement { period: january, ..agreement.clone() }
}

#[test]
fn two_periods_are_invoiced_one_after_another() {
    for (agreement, reading) in [(monthly(7), Reading::NextPeriod), (whole_year(7), Reading::WholeTerm)] {
        let world = World::new();
        world.person().enter_agreement(&since_january(&agreement), reading).unwrap();
        world.beat();
        assert_eq!(world.periods(), ["7 2026-01-01..2026-01-31", "7 2026-02-01..2026-02-28"], "{reading:?}");
        assert_eq!(world.done(), [2; 4]);
    }
}

#[test]
fn a_lost_message_to_catch_up_is_made_good_by_the_next_scan() {
    let world = World::new();
    world.person().enter_agreement(&since_january(&monthly(7)), Reading::NextPeriod).unwrap();
    world.scan_only();
    // The worker dies between the invoice and the message.
    world.memory.faults().next(Call::SendMessage, Fault::Crash(When::Before));
    world.pass(TimeDelta::days(2));
    assert_eq!(world.done(), [2; 4]);
}

#[test]
fn more_than_the_bound_is_held_and_caught_up_yes_by_yes() {
    let world = World::new();
    world.person().enter_agreement(&since_january(&monthly(7)), Reading::NextPeriod).unwrap();
    world.memory.clock().pass(TimeDelta::days(28));
    world.pass(TimeDelta::days(2));
    let january = world.key(7, "2026-01-01");
    assert_eq!(world.held_for(&january), HoldReason::TooFarBehind { missed: 2, allowed: 1 });
    assert_eq!(world.done(), [0; 4]);
    world.approve(&january);
    world.drain();
    assert_eq!(world.done(), [3; 4]);
    assert!(matches!(world.state(&world.key(7, "2026-03-01")), JobState::Done { .. }));
}

#[test]
fn the_bound_is_a_setting() {
    let world = World::with_profile(with(everything(), json!({"catch_up_periods": 0})));
    world.person().enter_agreement(&since_january(&monthly(7)), Reading::NextPeriod).unwrap();
    world.beat();
    assert_eq!(world.held_for(&world.key(7, "2026-01-01")).code(), "too_far_behind");
}

#[test]
fn catching_up_keeps_to_the_days_limit() {
    let world = World::with_profile(with(everything(), json!({"max_invoices_per_day": 1})));
    world.person().enter_agreement(&since_january(&monthly(7)), Reading::NextPeriod).unwrap();
    world.beat();
    assert_eq!(world.done(), [1; 4]);
    assert_eq!(world.held_for(&world.february()).code(), "day_limit");
    world.pass(TimeDelta::days(1));
    assert_eq!(world.done(), [2; 4]);
}

/// A worker died over February's invoice, nobody looked for a month, and March's is being made when February's is looked for: what
/// came of March's call is March's job's to tell, and no reason to ask a person about February.
#[test]
fn a_later_periods_invoice_that_is_still_unsettled_is_no_riddle() {
    let world = World::due();
    world.memory.faults().next(Call::CreateInvoice, Fault::Crash(When::After));
    world.beat();
    world.memory.clock().pass(TimeDelta::days(28));
    world.scan_only();
    world.memory.faults().next(Call::CreateInvoice, Fault::TimeOut(When::After));
    let (february, march) = (world.february(), world.key(7, "2026-03-01"));
    world.book_message(&march);
    assert_eq!(world.created().len(), 2);
    assert_eq!((world.state(&february), world.state(&march)), (JobState::Working, JobState::Working));
    world.book_message(&february);
    assert_eq!(world.state(&february), JobState::Working, "{:#?}", world.story(&february));
    world.pass(TimeDelta::days(2));
    assert_eq!(world.done(), [2; 4]);
}
