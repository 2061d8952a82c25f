//! The invoice service: each invoice is handed over once, and is done when the service has taken it on.

use chrono::TimeDelta;
use domain::{
    hold::HoldReason,
    job::{Delivered, Ending, EventKind, JobState, Step, StepName},
    settings::Channel,
};
use fortnox_sim::{Method, Switches};
use serde_json::{Value, json};
use simulation::{
    Call, Fault, When,
    fortnox::{By, Effect},
};

use super::world::{World, everything, with};

fn settings() -> Value {
    with(everything(), json!({"channel": "fortnox_invoice_service"}))
}

/// A world with one agreement due, whose invoice the service takes.
fn due() -> World {
    let world = World::due();
    world.set_profile(settings());
    enter_address(&world, "Storgatan 1");
    world
}

fn enter_address(world: &World, street: &str) {
    let fields = json!({"Address1": street, "ZipCode": "702 10", "City": "Örebro"});
    world.person().press(Method::Put, "/3/customers/10", Some(&json!({"Customer": fields})));
}

fn switch(world: &World, turn: impl FnOnce(&mut Switches)) {
    world.memory.fortnox().switch(&world.tenant, turn);
}

/// How often the invoice was handed over by us.
fn handed_over(world: &World) -> usize {
    let ledger = world.memory.fortnox().ledger(&world.tenant);
    let service = Effect::Delivered(Channel::FortnoxInvoiceService);
    ledger.into_iter().filter(|entry| entry.by == By::App && entry.effect == service).count()
}

fn is_completed(world: &World) -> bool {
    matches!(world.state(&world.february()), JobState::Done { ending: Ending::Completed, .. })
}

fn delivery(world: &World) -> Delivered {
    match world.job(&world.february()).deliver {
        Step::Done { outcome } => outcome,
        other => panic!("not delivered: {other:?}"),
    }
}

#[test]
fn a_booked_invoice_is_handed_over_once_and_the_services_own_ocr_is_recorded() {
    let world = due();
    world.beat();
    assert_eq!((handed_over(&world), world.done()), (1, [1, 1, 0, 0]));
    assert!(delivery(&world).awaits_service() && world.state(&world.february()) == JobState::Working);
    assert_eq!(world.memory.faults().count(Call::AtService), 0, "it takes a minute at the least");
    world.pass(TimeDelta::hours(1));
    assert!(is_completed(&world));
    let service = delivery(&world).service.unwrap();
    let ocr = service.ocr.unwrap();
    assert!(service.taken_on && ocr.starts_with('9'), "{ocr}");
    let told = |kind: &EventKind| matches!(kind, EventKind::Happened { step: StepName::Deliver, how, .. } if how.contains(&ocr) && how.contains("SERVICE_FULL"));
    assert!(world.story(&world.february()).iter().any(told));
    assert_eq!((handed_over(&world), world.mails()), (1, 0));
}

#[test]
fn it_is_sent_as_the_settings_say() {
    for (method, word) in [(json!("letter"), "LETTER"), (json!("einvoice"), "EINVOICE"), (json!("email"), "EMAIL")] {
        let world = due();
        world.set_profile(with(settings(), json!({"service_send_method": method})));
        world.beat();
        let requests = world.memory.fortnox().requests();
        let handed = requests.iter().find_map(|it| it.effects.iter().find_map(|effect| effect.sent_by.clone()));
        assert_eq!(handed.as_deref(), Some(word));
    }
}

#[test]
fn a_lost_answer_is_looked_for_and_nothing_is_handed_over_again() {
    let lost = [
        Fault::NoAnswer(When::After),
        Fault::TimeOut(When::After),
        Fault::Failed(When::After),
        Fault::Crash(When::After),
        Fault::Late(TimeDelta::seconds(70)),
        Fault::CrashLate(TimeDelta::seconds(70)),
    ];
    for in_secret in [false, true] {
        for fault in &lost {
            let world = due();
            switch(&world, |it| {
                it.finance_shows_at_once = !in_secret;
                it.finance_minutes = 200;
            });
            world.memory.faults().next(Call::HandOver, fault.clone());
            world.pass(TimeDelta::days(2));
            assert_eq!(handed_over(&world), 1, "{fault:?}");
            assert!(is_completed(&world), "{fault:?}: {:?}", world.state(&world.february()));
            assert!(delivery(&world).service.is_some_and(|service| service.taken_on && service.ocr.is_some()));
        }
    }
}

/// The service may show late what it was handed, so its silence proves nothing: a person is asked, and it's handed over again
/// only on a yes.
#[test]
fn what_never_arrived_is_asked_about_and_handed_over_only_on_a_yes() {
    for fault in [Fault::NoAnswer(When::Before), Fault::TimeOut(When::Before), Fault::Crash(When::Before)] {
        let world = due();
        world.memory.faults().next(Call::HandOver, fault.clone());
        world.pass(TimeDelta::days(4));
        assert_eq!(handed_over(&world), 0, "{fault:?}");
        let reason = world.held_for(&world.february());
        assert!(matches!(reason, HoldReason::OutcomeUnknown { step: StepName::Deliver, .. }), "{reason}");
        world.approve(&world.february());
        world.pass(TimeDelta::hours(1));
        assert_eq!(handed_over(&world), 1, "{fault:?}");
        assert!(is_completed(&world));
    }
}

#[test]
fn the_service_is_polled_slowly_and_what_it_confirms_late_is_done_by_then() {
    let world = due();
    switch(&world, |it| it.finance_minutes = 10 * 60);
    world.pass(TimeDelta::hours(9));
    assert!(delivery(&world).awaits_service() && !is_completed(&world));
    let asked = world.memory.faults().count(Call::AtService);
    assert!((5..=10).contains(&asked), "asked {asked} times in nine hours");
    world.pass(TimeDelta::hours(6));
    assert!(is_completed(&world));
}

#[test]
fn what_the_service_never_confirms_is_told_to_a_person_and_goes_on_by_itself_later() {
    let world = due();
    switch(&world, |it| it.finance_minutes = 4 * 24 * 60);
    world.pass(TimeDelta::days(2));
    let reason = world.held_for(&world.february());
    assert!(matches!(&reason, HoldReason::AtService { problem, .. } if problem.contains("confirmed")), "{reason}");
    assert!(reason.advice().contains("by itself"));
    world.pass(TimeDelta::days(4));
    assert!(is_completed(&world));
    assert_eq!(handed_over(&world), 1);
}

#[test]
fn what_nobody_approved_at_the_service_is_held_until_somebody_does() {
    let world = due();
    switch(&world, |it| it.finance_is_authorized = false);
    world.pass(TimeDelta::days(1));
    let reason = world.held_for(&world.february());
    assert!(matches!(&reason, HoldReason::AtService { problem, .. } if problem.contains("approved")), "{reason}");
    // A yes here is no approval there, and hands nothing over.
    world.approve(&world.february());
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.held_for(&world.february()), reason);
    switch(&world, |it| it.finance_is_authorized = true);
    world.pass(TimeDelta::days(2));
    assert!(is_completed(&world));
    assert_eq!(handed_over(&world), 1);
}

/// Waiting for the service is no effect: it goes on whatever the settings say by then.
#[test]
fn what_was_handed_over_is_followed_whatever_the_settings_say_afterwards() {
    for other in [json!({"channel": "ses_email"}), json!({"channel": "none"}), json!({"mode": "off"})] {
        let world = due();
        world.beat();
        world.set_profile(with(settings(), other.clone()));
        world.pass(TimeDelta::hours(2));
        assert!(is_completed(&world), "{other}: {:?}", world.state(&world.february()));
        assert_eq!((handed_over(&world), world.mails()), (1, 0), "{other}");
    }
}

#[test]
fn what_the_service_excludes_is_held_with_the_reason_and_nothing_is_asked() {
    let world = due();
    enter_address(&world, "API_BLANK");
    world.pass(TimeDelta::hours(2));
    let reason = world.held_for(&world.february());
    assert!(matches!(&reason, HoldReason::NotForService { problem, .. } if problem.contains("address")), "{reason}");
    assert_eq!(world.memory.faults().count(Call::HandOver), 0);
    // Another channel lifts it.
    world.set_profile(with(settings(), json!({"channel": "ses_email"})));
    world.pass(TimeDelta::days(1));
    assert_eq!((handed_over(&world), world.mails()), (0, 1));
    assert!(is_completed(&world));
}

#[test]
fn only_kronor_are_handed_over() {
    let world = World::new();
    world.set_profile(settings());
    enter_address(&world, "Storgatan 1");
    switch(&world, |it| it.finance_checks_conditions = false);
    let euros = domain::money::Money::new(1000.into(), "EUR".parse().unwrap());
    let agreement = domain::agreement::Agreement { total: euros, ..super::world::monthly(7) };
    world.person().enter_agreement(&agreement, domain::due::Reading::NextPeriod).unwrap();
    world.pass(TimeDelta::hours(2));
    let reason = world.held_for(&world.february());
    assert!(matches!(&reason, HoldReason::NotForService { problem, .. } if problem.contains("SEK")), "{reason}");
    assert_eq!(handed_over(&world), 0);
}

#[test]
fn an_unbooked_invoice_waits_until_it_is_booked() {
    let world = due();
    world.set_profile(with(settings(), json!({"auto_book": false})));
    world.pass(TimeDelta::hours(2));
    assert!(matches!(world.held_for(&world.february()), HoldReason::NotBooked { .. }));
    world.person().book(&world.created()[0]).unwrap();
    world.pass(TimeDelta::days(1));
    assert_eq!(handed_over(&world), 1);
    assert!(is_completed(&world));
}

#[test]
fn a_refusal_fails_in_fortnoxs_own_words_and_a_missing_scope_or_licence_holds() {
    let world = due();
    world.memory.faults().next(Call::HandOver, Fault::Refused("Fakturaservice är inte aktiverad."));
    world.beat();
    let JobState::Failed { step: StepName::Deliver, words, advice, .. } = world.state(&world.february()) else {
        panic!("{:?}", world.state(&world.february()))
    };
    assert!(words.contains("Fakturaservice är inte aktiverad.") && advice.contains("approve the job"), "{words}");
    world.approve(&world.february());
    world.pass(TimeDelta::hours(1));
    assert!(is_completed(&world) && handed_over(&world) == 1);

    let world = due();
    world.memory.faults().next(Call::HandOver, Fault::TenantBlocked("Har inte behörighet för scope"));
    world.beat();
    let reason = world.held_for(&world.february());
    assert!(matches!(&reason, HoldReason::TenantBlocked { problem, .. } if problem.contains("scope")), "{reason}");
    world.pass(TimeDelta::hours(3));
    assert!(is_completed(&world) && handed_over(&world) == 1);
}

/// By whichever channel it was to go.
#[test]
fn what_a_person_handed_over_is_delivered_by_no_channel() {
    let channels = ["ses_email", "fortnox_email", "fortnox_print_service", "fortnox_invoice_service"];
    for channel in channels {
        let world = due();
        world.set_profile(with(settings(), json!({"channel": channel, "auto_book": false})));
        world.tick();
        world.memory.faults().next(Call::Invoice, Fault::Crash(When::Before));
        world.drain();
        let invoice = world.created()[0].clone();
        world.person().book(&invoice);
        world.person().hand_over(&invoice).unwrap();
        world.pass(TimeDelta::days(1));
        assert_eq!((handed_over(&world), world.mails()), (0, 0), "{channel}");
        assert!(is_completed(&world) && delivery(&world).found_sent, "{channel}");
        let ledger = world.memory.fortnox().ledger(&world.tenant);
        let ours =
            |entry: &&simulation::fortnox::Entry| entry.by == By::App && matches!(entry.effect, Effect::Delivered(_));
        assert_eq!(ledger.iter().filter(ours).count(), 0, "{channel}");
    }
}

/// So it costs what the docs say.
#[test]
fn it_costs_the_calls_that_it_must() {
    let world = due();
    switch(&world, |it| it.finance_minutes = 7);
    world.pass(TimeDelta::hours(1));
    let calls = [Call::Invoice, Call::Customer, Call::HandOver, Call::AtService, Call::MarkSent];
    // The service is asked at the first heartbeat after two minutes, and at the next: it takes seven.
    assert_eq!(calls.map(|call| world.memory.faults().count(call)), [1, 0, 1, 2, 0]);
}

/// Whose invoice it was doesn't matter any more by then.
#[test]
fn a_persons_invoice_that_was_handed_over_is_followed_although_theirs_are_left_alone_now() {
    let world = due();
    world.set_profile(with(settings(), json!({"continue_adopted": true})));
    world.scan_only();
    world.person().create(&"7".parse().unwrap()).unwrap();
    world.drain();
    assert!(world.job(&world.february()).made().is_some_and(|made| made.adopted));
    assert!(delivery(&world).awaits_service());
    world.set_profile(settings());
    world.pass(TimeDelta::minutes(3));
    assert!(delivery(&world).awaits_service() && world.state(&world.february()) == JobState::Working);
    world.pass(TimeDelta::hours(2));
    assert!(delivery(&world).service.is_some_and(|service| service.taken_on));
    assert!(matches!(world.state(&world.february()), JobState::Done { ending: Ending::Adopted, .. }));
    assert_eq!(handed_over(&world), 1);
}
