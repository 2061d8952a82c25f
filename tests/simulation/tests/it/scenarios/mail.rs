//! Promise 3: each invoice is mailed at most once, unless a person asks for it again.

use chrono::TimeDelta;
use domain::{
    hold::HoldReason,
    job::{Ending, EventKind, JobState, Step, StepName},
};
use serde_json::json;
use simulation::{Call, Fault, When};

use super::world::{World, everything, with};

#[test]
fn an_unanswered_mail_is_held_and_sent_again_only_on_a_yes() {
    for when in [When::Before, When::After] {
        let world = World::due();
        world.memory.faults().next(Call::SendMail, Fault::NoAnswer(when));
        world.pass(TimeDelta::days(3));
        let before = usize::from(when == When::After);
        assert_eq!(world.mails(), before);
        let reason = world.held_for(&world.february());
        assert!(matches!(reason, HoldReason::OutcomeUnknown { step: StepName::Deliver, .. }));
        world.approve(&world.february());
        world.pass(TimeDelta::hours(1));
        assert_eq!(world.mails(), before + 1);
        assert!(matches!(world.state(&world.february()), JobState::Done { ending: Ending::Completed, .. }));
    }
}

/// Otherwise a receiver takes the second for the first, and events don't tell which of them they are about.
#[test]
fn a_mail_sent_again_is_another_mail() {
    let world = World::due();
    world.memory.faults().next(Call::SendMail, Fault::NoAnswer(When::After));
    world.pass(TimeDelta::hours(1));
    world.approve(&world.february());
    world.drain();
    let sent = world.memory.mailer().sent();
    let ids: Vec<_> = sent.iter().map(|mail| mail.header("Message-ID").expect("a mail has an id")).collect();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_mail_that_the_company_saw_sent_is_not_held() {
    let world = World::due();
    world.memory.faults().next(Call::SendMail, Fault::Crash(When::Before));
    world.beat();
    world.person().send(&world.created()[0]).unwrap();
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.done(), [1, 1, 0, 0]);
    assert!(matches!(world.state(&world.february()), JobState::Done { .. }));
}

#[test]
fn a_refused_mail_fails_and_is_sent_on_a_yes() {
    let world = World::due();
    world.memory.faults().next(Call::SendMail, Fault::Refused("the address is not verified"));
    world.pass(TimeDelta::days(2));
    let JobState::Failed { step: StepName::Deliver, words, .. } = world.state(&world.february()) else {
        panic!("failed")
    };
    assert_eq!(words, "the address is not verified");
    assert_eq!(world.done(), [1, 1, 0, 0]);
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_mail_that_was_not_taken_is_offered_again() {
    let world = World::due();
    for _ in 0..4 {
        world.memory.faults().next(Call::SendMail, Fault::NotTaken);
    }
    world.pass(TimeDelta::days(1));
    assert_eq!(world.done(), [1; 4]);
}

/// A day of the mail service that's full costs an invoice nothing but time.
#[test]
fn a_mail_without_room_is_not_announced_and_goes_once_when_there_is_some() {
    let world = World::due();
    world.memory.faults().always(Call::Room, Fault::NotTaken);
    world.pass(TimeDelta::hours(2));
    assert_eq!(world.done(), [1, 1, 0, 0]);
    let faults = world.memory.faults();
    assert_eq!((faults.count(Call::KeepMailRecord), faults.count(Call::SendMail)), (0, 0));
    let job = world.job(&world.february());
    assert!(matches!(job.deliver, Step::Open { attempts: 0, .. }), "{:?}", job.deliver);
    assert_eq!(job.state, JobState::Working);
    let said = |kind: &EventKind| matches!(kind, EventKind::LookedInVain { why } if why.contains("quota is used up"));
    assert!(world.story(&world.february()).iter().any(said));
    world.memory.faults().clear();
    world.pass(TimeDelta::hours(3));
    assert_eq!(world.done(), [1; 4]);
    assert_eq!(world.memory.faults().count(Call::SendMail), 1);
}

#[test]
fn a_mail_that_never_finds_room_asks_a_person_in_the_end() {
    let world = World::due();
    world.memory.faults().always(Call::Room, Fault::Refused("sending is switched off for the whole account"));
    world.pass(TimeDelta::days(5));
    let reason = world.held_for(&world.february());
    let HoldReason::TooManyAttempts { step: StepName::Deliver, last, .. } = reason else { panic!("{reason}") };
    assert!(last.contains("switched off for the whole account"), "{last}");
    world.memory.faults().clear();
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_mail_service_that_does_not_say_what_room_there_is_gets_the_mail_all_the_same() {
    for fault in [Fault::NoAnswer(When::Before), Fault::TimeOut(When::After), Fault::Failed(When::Before)] {
        let world = World::due();
        world.memory.faults().always(Call::Room, fault);
        world.beat();
        assert_eq!(world.done(), [1; 4]);
    }
}

#[test]
fn a_mail_service_that_was_made_ready_gets_the_mail_soon_and_once() {
    let world = World::due();
    world.memory.faults().next(Call::SendMail, Fault::Busy(std::time::Duration::ZERO));
    world.pass(TimeDelta::minutes(1));
    assert_eq!(world.done(), [1; 4]);
    assert_eq!(world.memory.faults().count(Call::SendMail), 2);
}

/// Nothing is unknown about a mail that was never taken, and the words shouldn't say so.
#[test]
fn a_mail_that_is_never_taken_asks_a_person_in_the_end() {
    let world = World::due();
    world.memory.faults().always(Call::SendMail, Fault::NotTaken);
    world.pass(TimeDelta::days(5));
    assert_eq!(world.held_for(&world.february()).code(), "too_many_attempts");
    world.memory.faults().clear();
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_mail_is_marked_as_sent_even_if_that_takes_time() {
    let world = World::due();
    world.memory.faults().next(Call::MarkSent, Fault::NotTaken);
    world.memory.faults().next(Call::MarkSent, Fault::NoAnswer(When::Before));
    world.pass(TimeDelta::hours(2));
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_refused_mark_fails_and_a_yes_sends_no_second_mail() {
    let world = World::due();
    world.memory.faults().next(Call::MarkSent, Fault::Refused("no right to change invoices"));
    world.beat();
    assert!(matches!(world.state(&world.february()), JobState::Failed { .. }));
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_missing_or_broken_address_is_held_with_advice() {
    for address in [None, Some(""), Some("nobody"), Some("a@b.example; what")] {
        let world = World::due();
        let customer = "10".parse().unwrap();
        world.person().enter_customer(&customer, "Kunden AB", address);
        world.beat();
        let reason = world.held_for(&world.february());
        assert!(matches!(reason, HoldReason::NoAddress { .. }), "{address:?}: {reason}");
        assert!(reason.advice().contains("approve"), "{}", reason.advice());
        assert_eq!(world.done(), [1, 1, 0, 0]);
        world.person().enter_customer(&customer, "Kunden AB", Some("kund@kunden.example"));
        world.approve(&world.february());
        world.drain();
        assert_eq!(world.done(), [1; 4]);
    }
}

#[test]
fn the_control_copy_goes_along_unseen() {
    let world = World::due();
    world.set_profile(with(everything(), json!({"control_copy": "kopia@exempelbolaget.example"})));
    world.beat();
    let mail = world.memory.mailer().sent().remove(0);
    assert_eq!(mail.recipients, ["kund@kunden.example", "kopia@exempelbolaget.example"]);
    assert!(!mail.raw.contains("kopia@"));
}

#[test]
fn the_outcome_says_what_the_mail_service_called_it() {
    let world = World::due();
    world.beat();
    let job = world.job(&world.february());
    let Step::Done { outcome } = job.deliver else { panic!("delivered") };
    assert_eq!(outcome.accepted_as.as_deref(), Some("mail-1"));
    assert!(outcome.marked_sent);
}
