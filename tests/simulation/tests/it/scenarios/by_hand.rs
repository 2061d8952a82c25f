//! A person who acts in the accounting system at the same time is a normal case.

use chrono::TimeDelta;
use domain::{
    agreement::{Agreement, AgreementStatus},
    due::Reading,
    hold::HoldReason,
    job::{Ending, JobState, Step},
};
use serde_json::json;
use simulation::{Call, Fault, When, fortnox::By};

use super::world::{World, agreement_number, everything, monthly, period, whole_year, with};

fn both() -> [(Agreement, Reading); 2] {
    [(monthly(7), Reading::NextPeriod), (whole_year(7), Reading::WholeTerm)]
}

#[test]
fn an_invoice_made_by_hand_before_ours_is_adopted_and_left_alone() {
    for (agreement, reading) in both() {
        for names_periods in [true, false] {
            let world = World::new();
            world.memory.fortnox().switch(&world.tenant, |switches| switches.fill_invoice_period = names_periods);
            world.person().enter_agreement(&agreement, reading).unwrap();
            world.scan_only();
            let theirs = world.person().create(&agreement_number(7)).unwrap();
            world.drain();
            world.pass(TimeDelta::days(2));
            assert_eq!(world.done(), [0; 4], "{reading:?}");
            let job = world.job(&world.february());
            if names_periods {
                assert!(matches!(job.state, JobState::Done { ending: Ending::Adopted, .. }), "{:?}", job.state);
                assert_eq!(job.invoice(), Some(&theirs));
            } else {
                // Whose it is and what for only people can tell.
                let codes = ["agreement_moved", "perhaps_invoiced_by_hand"];
                assert!(codes.contains(&world.held_for(&world.february()).code()), "{:?}", job.state);
            }
        }
    }
}

#[test]
fn an_adopted_invoice_is_continued_when_the_settings_say_so() {
    for (agreement, reading) in both() {
        let world = World::with_profile(with(everything(), json!({"continue_adopted": true})));
        world.person().enter_agreement(&agreement, reading).unwrap();
        world.scan_only();
        let theirs = world.person().create(&agreement_number(7)).unwrap();
        world.drain();
        assert_eq!(world.done(), [0, 1, 1, 1], "{reading:?}");
        assert_eq!(world.booked(), [theirs]);
    }
}

#[test]
fn a_month_invoiced_by_hand_before_the_scan_is_not_invoiced_again() {
    for (agreement, reading) in both() {
        let world = World::new();
        world.person().enter_agreement(&agreement, reading).unwrap();
        world.person().create(&agreement_number(7)).unwrap();
        world.pass(TimeDelta::days(27));
        assert_eq!(world.periods(), ["7 2026-02-01..2026-02-28"], "{reading:?}");
        world.pass(TimeDelta::days(4));
        assert_eq!(world.periods()[1..], ["7 2026-03-01..2026-03-31"], "{reading:?}");
    }
}

#[test]
fn a_booking_that_a_person_made_first_is_found() {
    let world = World::due();
    world.memory.faults().next(Call::Book, Fault::Crash(When::Before));
    world.beat();
    let invoice = world.created().remove(0);
    world.person().book(&invoice).unwrap();
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.done(), [1, 0, 1, 1]);
    assert!(matches!(world.state(&world.february()), JobState::Done { ending: Ending::Completed, .. }));
}

#[test]
fn a_refused_booking_is_looked_at_before_it_counts_as_failed() {
    let world = World::due();
    world.scan_only();
    world.memory.faults().next(Call::Book, Fault::NotTaken);
    world.drain();
    world.person().book(&world.created()[0]).unwrap();
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.done(), [1, 0, 1, 1]);
    let job = world.job(&world.february());
    assert!(matches!(job.book, Step::Done { outcome } if outcome.found_booked));
}

#[test]
fn an_invoice_that_a_person_sent_is_not_sent_again() {
    let world = World::due();
    world.scan_only();
    world.memory.faults().next(Call::SendMessage, Fault::NoAnswer(When::Before));
    world.drain();
    let invoice = world.created().remove(0);
    world.person().send(&invoice).unwrap();
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.done(), [1, 1, 0, 0]);
}

#[test]
fn a_cancelled_invoice_is_held() {
    for auto_book in [true, false] {
        let world = World::with_profile(with(everything(), json!({"auto_book": auto_book})));
        world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
        world.scan_only();
        let call = if auto_book { Call::Book } else { Call::Pdf };
        world.memory.faults().next(call, Fault::NotTaken);
        world.drain();
        world.person().cancel(&world.created()[0]).unwrap();
        world.pass(TimeDelta::days(1));
        assert_eq!(world.done(), [1, 0, 0, 0], "{auto_book}");
        assert!(matches!(world.held_for(&world.february()), HoldReason::InvoiceChanged { .. }));
        // And not made once more by the next scans.
        world.pass(TimeDelta::days(5));
        assert_eq!(world.created().len(), 1);
    }
}

#[test]
fn an_agreement_that_ended_in_between_is_not_invoiced_and_taken_up_when_it_runs_again() {
    let world = World::due();
    world.scan_only();
    world.person().set_status(&agreement_number(7), AgreementStatus::Inactive).unwrap();
    world.drain();
    let key = world.february();
    assert!(matches!(world.state(&key), JobState::Done { ending: Ending::NotDue, .. }));
    assert_eq!(world.done(), [0; 4]);
    world.person().set_status(&agreement_number(7), AgreementStatus::Active).unwrap();
    world.pass(TimeDelta::days(1));
    assert_eq!(world.done(), [1; 4]);
    assert!(matches!(world.state(&key), JobState::Done { ending: Ending::Completed, .. }));
}

/// Due again, but not without a look: then it has to be seen.
#[test]
fn a_job_that_was_not_due_comes_back_held_if_a_guard_says_so() {
    let world = World::due();
    world.scan_only();
    world.person().set_status(&agreement_number(7), AgreementStatus::Inactive).unwrap();
    world.drain();
    world.person().set_status(&agreement_number(7), AgreementStatus::Active).unwrap();
    world.set_profile(with(everything(), json!({"max_amount": {"SEK": 500}})));
    world.scan_now();
    assert_eq!(world.held_for(&world.february()).code(), "amount_over_limit");
}

/// A try that's proven not to have happened is no reason to forget the period.
#[test]
fn a_job_that_was_tried_and_then_not_due_is_taken_up_too() {
    let world = World::due();
    world.memory.faults().next(Call::CreateInvoice, Fault::NoAnswer(When::Before));
    world.beat();
    world.memory.faults().always(Call::CreateInvoice, Fault::NotTaken);
    world.pass(TimeDelta::minutes(3));
    world.memory.faults().clear();
    world.person().set_status(&agreement_number(7), AgreementStatus::Inactive).unwrap();
    world.pass(TimeDelta::hours(1));
    assert!(matches!(world.state(&world.february()), JobState::Done { ending: Ending::NotDue, .. }));
    world.person().set_status(&agreement_number(7), AgreementStatus::Active).unwrap();
    world.pass(TimeDelta::days(1));
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn an_old_invoice_that_names_no_period_is_not_taken_for_this_one() {
    let world = World::new();
    world.memory.fortnox().switch(&world.tenant, |switches| switches.fill_invoice_period = false);
    let january = Agreement { period: period("2026-01-01", "2026-01-31"), ..monthly(7) };
    world.person().enter_agreement(&january, Reading::NextPeriod).unwrap();
    // January was invoiced by hand, on New Year's Day, before we came.
    world.person().create(&agreement_number(7)).unwrap();
    world.memory.clock().pass(TimeDelta::days(3));
    world.scan_only();
    world.person().set_status(&agreement_number(7), AgreementStatus::Inactive).unwrap();
    world.drain();
    assert!(matches!(world.state(&world.february()), JobState::Done { ending: Ending::NotDue, .. }));
    world.person().set_status(&agreement_number(7), AgreementStatus::Active).unwrap();
    world.pass(TimeDelta::days(1));
    assert_eq!((world.created().len(), world.created_by(By::Person).len()), (1, 1));
}

#[test]
fn a_changed_amount_goes_by_the_newest_state() {
    let world = World::with_profile(with(everything(), json!({"max_amount": {"SEK": 1500}})));
    world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
    world.scan_only();
    world.person().set_total(&agreement_number(7), super::world::sek(2000)).unwrap();
    world.drain();
    assert_eq!(world.done(), [0; 4]);
    assert_eq!(world.held_for(&world.february()).code(), "amount_over_limit");
}

#[test]
fn a_period_moved_by_hand_is_held_for_a_look() {
    let world = World::due();
    world.scan_only();
    world.person().set_period(&agreement_number(7), period("2026-06-01", "2026-06-30")).unwrap();
    world.drain();
    assert_eq!(world.done(), [0; 4]);
    assert_eq!(world.held_for(&world.february()).code(), "agreement_moved");
    world.skip(&world.february());
    assert!(matches!(world.state(&world.february()), JobState::Done { ending: Ending::SkippedByPerson, .. }));
}
