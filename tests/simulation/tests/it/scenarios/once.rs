//! Promise 1: at most one invoice per agreement and period, whatever the queues and answers do.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{
    due::Reading,
    job::{Ending, EventKind, JobState, LEASE, SETTLED_AFTER, Step, StepName},
};
use fortnox_sim::CreateInvoiceAnswer;
use simulation::{Call, Fault, When};
use workflow::ports::{Also, Claim, Journal, SaveError};

use super::world::{World, monthly, whole_year};

#[test]
fn repeated_scans_change_nothing() {
    let world = World::due();
    for _ in 0..3 {
        world.scan_only();
    }
    world.drain();
    for _ in 0..3 {
        world.scan_now();
    }
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn duplicated_and_reordered_messages_change_nothing() {
    let world = World::new();
    for number in 1..=5 {
        world.person().enter_agreement(&monthly(number), Reading::NextPeriod).unwrap();
    }
    world.tick();
    for turn in 0..400 {
        if turn < 60 && turn % 3 == 0 {
            world.memory.queues().duplicate();
        }
        world.memory.queues().reverse();
        if !world.step() {
            break;
        }
        if world.memory.queues().len() > 64 {
            world.drain();
        }
    }
    world.pass(TimeDelta::hours(2));
    assert_eq!(world.done(), [5; 4]);
}

#[test]
fn a_second_worker_leaves_a_job_in_work_alone() {
    let world = World::due();
    world.scan_only();
    let key = world.february();
    let claim = world.memory.run(world.memory.journal().claim(&key, world.now(), LEASE)).unwrap().unwrap();
    assert!(matches!(claim, Claim::Taken(_)));
    world.drain();
    assert_eq!(world.done(), [0; 4]);
    // The first worker is never heard of again: the heartbeat finds the job.
    world.pass(TimeDelta::minutes(10));
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_worker_that_overslept_its_lease_is_fenced_off() {
    let world = World::due();
    world.scan_only();
    let key = world.february();
    let Claim::Taken(mut slow) =
        world.memory.run(world.memory.journal().claim(&key, world.now(), LEASE)).unwrap().unwrap()
    else {
        panic!("the job is free")
    };
    world.memory.clock().pass(LEASE);
    world.drain();
    assert_eq!(world.done(), [1; 4]);
    let save = world.memory.run(world.memory.journal().save(&mut slow, Also::default(), None)).unwrap();
    assert!(matches!(save, Err(SaveError::Fenced)));
}

#[test]
fn a_created_invoice_whose_answer_was_lost_is_found() {
    for (agreement, reading) in [(monthly(7), Reading::NextPeriod), (whole_year(7), Reading::WholeTerm)] {
        for names_periods in [true, false] {
            let world = World::new();
            world.memory.fortnox().switch(&world.tenant, |switches| switches.fill_invoice_period = names_periods);
            world.person().enter_agreement(&agreement, reading).unwrap();
            world.memory.faults().next(Call::CreateInvoice, Fault::NoAnswer(When::After));
            let began = world.now();
            world.beat();
            assert_eq!(world.done(), [1, 0, 0, 0], "a person's invoice and one of ours to come would look the same");
            world.memory.clock().pass_until(began + SETTLED_AFTER);
            world.beat();
            assert_eq!(world.done(), [1; 4], "{reading:?}");
            assert!(!matches!(&world.job(&world.february()).create, Step::Done { outcome } if outcome.adopted));
        }
    }
}

#[test]
fn an_answer_without_the_invoice_is_looked_up() {
    let world = World::due();
    world
        .memory
        .fortnox()
        .switch(&world.tenant, |switches| switches.createinvoice_answer = CreateInvoiceAnswer::Contract);
    world.beat();
    assert_eq!(world.done(), [1; 4]);
    assert_eq!(world.memory.faults().count(Call::CreateInvoice), 1);
}

#[test]
fn an_unanswered_create_that_did_not_happen_waits_and_is_tried_once_more() {
    let world = World::due();
    world.memory.faults().next(Call::CreateInvoice, Fault::NoAnswer(When::Before));
    let began = world.now();
    world.beat();
    assert_eq!(world.done(), [0; 4]);
    assert_eq!(world.job(&world.february()).wake_at, Some(began + SETTLED_AFTER));
    world.memory.clock().pass_until(began + SETTLED_AFTER - TimeDelta::seconds(1));
    world.beat();
    assert_eq!(world.memory.faults().count(Call::CreateInvoice), 1, "a call may still be on its way");
    world.memory.clock().pass_until(began + SETTLED_AFTER);
    world.beat();
    assert_eq!(world.memory.faults().count(Call::CreateInvoice), 2);
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_create_that_happens_late_is_found_and_not_repeated() {
    let world = World::due();
    // Our connection broke, and the accounting system made the invoice all the same, a minute later.
    world.memory.faults().next(Call::CreateInvoice, Fault::NoAnswer(When::Before));
    world.beat();
    world.memory.clock().pass(TimeDelta::minutes(1));
    world.person().create(&"7".parse().unwrap()).unwrap();
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.created().len(), 0);
    assert_eq!(world.periods().len(), 1);
    assert_eq!(world.memory.faults().count(Call::CreateInvoice), 1);
}

#[test]
fn a_create_that_never_gets_through_asks_a_person_after_three_tries() {
    let world = World::due();
    world.memory.faults().always(Call::CreateInvoice, Fault::NoAnswer(When::Before));
    world.pass(TimeDelta::hours(3));
    assert_eq!(world.memory.faults().count(Call::CreateInvoice), 3);
    assert_eq!(world.held_for(&world.february()).code(), "too_many_attempts");
    world.memory.faults().clear();
    world.approve(&world.february());
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn our_own_pacing_is_no_try_and_no_fault() {
    let world = World::due();
    // Whatever is asked for, there's no slot at first.
    for n in (1..=21).step_by(2) {
        world.memory.faults().at(Call::Slot, n, Fault::Busy(Duration::from_secs(2)));
    }
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.done(), [1; 4]);
    let story = world.story(&world.february());
    assert!(!story.iter().any(|kind| matches!(kind, EventKind::Held { .. } | EventKind::Failed { .. })), "{story:?}");
}

#[test]
fn a_booking_whose_answer_was_lost_is_found() {
    let world = World::due();
    world.memory.faults().next(Call::Book, Fault::NoAnswer(When::After));
    world.beat();
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_booking_that_did_not_happen_is_repeated_once_settled() {
    let world = World::due();
    world.memory.faults().next(Call::Book, Fault::NoAnswer(When::Before));
    world.beat();
    assert_eq!(world.done(), [1, 0, 0, 0]);
    world.pass(TimeDelta::minutes(10));
    assert_eq!(world.done(), [1; 4]);
    assert_eq!(world.memory.faults().count(Call::Book), 2);
}

#[test]
fn a_refused_creation_fails_with_its_words_and_can_be_approved_when_mended() {
    let world = World::due();
    world.memory.faults().next(Call::CreateInvoice, Fault::Refused("the customer is inactive"));
    world.pass(TimeDelta::days(2));
    let key = world.february();
    let JobState::Failed { step: StepName::Create, words, advice, .. } = world.state(&key) else { panic!("failed") };
    assert!(words.contains("the customer is inactive"), "{words}");
    assert!(!advice.is_empty());
    assert_eq!(world.done(), [0; 4]);
    world.approve(&key);
    world.drain();
    assert_eq!(world.done(), [1; 4]);
    assert!(matches!(world.state(&key), JobState::Done { ending: Ending::Completed, .. }));
}

/// A person's yes is about the refusal. The creation that was announced before it and is still unknown stays unknown.
#[test]
fn approving_never_repeats_a_creation_that_may_still_happen() {
    let world = World::due();
    world.memory.faults().next(Call::CreateInvoice, Fault::NoAnswer(When::Before));
    world.memory.faults().next(Call::InvoicesOf, Fault::TenantBlocked("the consent was revoked"));
    world.beat();
    world.pass(SETTLED_AFTER);
    assert_eq!(world.held_for(&world.february()).code(), "tenant_blocked");
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.memory.faults().count(Call::InvoicesOf), 2, "looked for before it's tried again");
    assert_eq!(world.memory.faults().count(Call::CreateInvoice), 2);
    assert_eq!(world.done(), [1; 4]);
}

/// The same, where it did happen.
#[test]
fn approving_never_repeats_a_creation_that_happened() {
    let world = World::due();
    world.memory.faults().next(Call::CreateInvoice, Fault::NoAnswer(When::After));
    world.memory.faults().next(Call::InvoicesOf, Fault::TenantBlocked("the consent was revoked"));
    world.beat();
    world.pass(SETTLED_AFTER);
    assert_eq!(world.held_for(&world.february()).code(), "tenant_blocked");
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.memory.faults().count(Call::CreateInvoice), 1);
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_refused_look_never_lets_a_creation_be_repeated_blindly() {
    let world = World::due();
    world.memory.faults().next(Call::CreateInvoice, Fault::NoAnswer(When::Before));
    world.memory.faults().next(Call::InvoicesOf, Fault::Refused("no right to see invoices"));
    world.beat();
    world.pass(SETTLED_AFTER);
    assert!(matches!(world.state(&world.february()), JobState::Failed { .. }));
    assert_eq!(world.memory.faults().count(Call::CreateInvoice), 1);
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.memory.faults().count(Call::InvoicesOf), 2, "looked for before it's tried again");
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_call_costs_what_it_must() {
    let world = World::due();
    world.beat();
    let count = |call| world.memory.faults().count(call);
    let counts = [Call::Agreements, Call::Agreement, Call::CreateInvoice, Call::InvoicesOf, Call::Book, Call::MarkSent]
        .map(count);
    assert_eq!(counts, [1, 1, 1, 0, 1, 1]);
    assert_eq!([Call::Invoice, Call::Customer, Call::Company, Call::Pdf].map(count), [1; 4]);
}
