//! Promise 3, where Fortnox itself delivers: each invoice goes out once, as the settings say, and never again unasked.

use chrono::TimeDelta;
use domain::{
    hold::HoldReason,
    job::{Ending, JobState, Step, StepName},
    settings::{Channel, Scope},
};
use fortnox_sim::Method;
use serde_json::{Value, json};
use simulation::{
    Call, Fault, When,
    fortnox::{By, Effect},
};

use super::world::{World, everything, with};

const CHANNELS: [Channel; 3] = [Channel::FortnoxEmail, Channel::FortnoxEinvoice, Channel::FortnoxPrintService];
/// What Fortnox isn't known to mark as sent.
const UNSURE: [Channel; 2] = [Channel::FortnoxEmail, Channel::FortnoxPrintService];

fn settings(channel: Channel) -> Value {
    with(everything(), json!({"channel": channel.name()}))
}

/// A world with one agreement due, whose customer can be reached every way.
fn due(channel: Channel) -> World {
    let world = World::due();
    world.set_profile(settings(channel));
    set_gln(&world, "7300000000000");
    world
}

fn set_gln(world: &World, gln: &str) {
    world.person().press(Method::Put, "/3/customers/10", Some(&json!({"Customer": {"GLN": gln}})));
}

/// What Fortnox delivered for us.
fn delivered(world: &World) -> Vec<Channel> {
    let ledger = world.memory.fortnox().ledger(&world.tenant);
    let channel = |effect| match effect {
        Effect::Delivered(channel) => Some(channel),
        _ => None,
    };
    ledger.into_iter().filter(|entry| entry.by == By::App).filter_map(|entry| channel(entry.effect)).collect()
}

/// The mails of Fortnox's, each with its recipient and blind copy.
fn mails(world: &World) -> Vec<(Option<String>, Option<String>)> {
    let requests = world.memory.fortnox().requests();
    let effects = requests.into_iter().flat_map(|request| request.effects);
    effects
        .filter(|effect| effect.kind == fortnox_sim::EffectKind::EmailSent)
        .map(|effect| (effect.to, effect.bcc))
        .collect()
}

fn is_completed(world: &World) -> bool {
    matches!(world.state(&world.february()), JobState::Done { ending: Ending::Completed, .. })
}

fn leave_no_mark(world: &World) {
    world.memory.fortnox().switch(&world.tenant, |switches| {
        switches.email_sets_sent = false;
        switches.eprint_sets_sent = false;
    });
}

#[test]
fn each_channel_delivers_a_booked_invoice_once_and_nothing_is_mailed_besides() {
    for channel in CHANNELS {
        let world = due(channel);
        world.pass(TimeDelta::days(2));
        assert_eq!(delivered(&world), [channel]);
        assert_eq!(world.done(), [1, 1, 0, 1], "{channel:?}");
        assert!(is_completed(&world) && world.is_marked_sent(&world.created()[0]), "{channel:?}");
        let Step::Done { outcome } = world.job(&world.february()).deliver else { panic!("delivered") };
        assert!(outcome.channel == channel && !outcome.found_sent && outcome.marked_sent);
    }
}

#[test]
fn what_leaves_no_mark_is_marked_by_us() {
    for channel in UNSURE {
        let world = due(channel);
        leave_no_mark(&world);
        world.pass(TimeDelta::days(1));
        assert_eq!(delivered(&world), [channel]);
        assert!(is_completed(&world) && world.is_marked_sent(&world.created()[0]), "{channel:?}");
    }
}

#[test]
fn a_lost_answer_is_found_by_the_mark_and_nothing_is_sent_again() {
    let lost = [
        Fault::NoAnswer(When::After),
        Fault::TimeOut(When::After),
        Fault::Failed(When::After),
        Fault::Crash(When::After),
        Fault::Late(TimeDelta::seconds(70)),
        Fault::CrashLate(TimeDelta::seconds(70)),
    ];
    for channel in CHANNELS {
        for fault in &lost {
            let world = due(channel);
            world.memory.faults().next(Call::Deliver, fault.clone());
            world.pass(TimeDelta::days(2));
            assert_eq!(delivered(&world), [channel], "{fault:?}");
            assert!(is_completed(&world), "{channel:?} {fault:?}: {:?}", world.state(&world.february()));
        }
    }
}

/// Fortnox may have sent it and left no mark: nobody but a person can know.
#[test]
fn without_a_mark_a_lost_answer_is_held_and_sent_again_only_on_a_yes() {
    for channel in UNSURE {
        for when in [When::Before, When::After] {
            let world = due(channel);
            leave_no_mark(&world);
            world.memory.faults().next(Call::Deliver, Fault::NoAnswer(when));
            world.pass(TimeDelta::days(3));
            let before = usize::from(when == When::After);
            assert_eq!(delivered(&world).len(), before, "{channel:?} {when:?}");
            let reason = world.held_for(&world.february());
            assert!(matches!(reason, HoldReason::OutcomeUnknown { step: StepName::Deliver, .. }), "{reason}");
            world.approve(&world.february());
            world.pass(TimeDelta::hours(1));
            assert_eq!(delivered(&world).len(), before + 1, "{channel:?} {when:?}");
            assert!(is_completed(&world));
        }
    }
}

/// That an e-invoice sets the mark is documented, so its absence is a proof, once the call can't be on its way any more.
#[test]
fn an_e_invoice_that_left_no_mark_was_not_sent_and_is_sent_without_asking() {
    for fault in [Fault::NoAnswer(When::Before), Fault::TimeOut(When::Before), Fault::Crash(When::Before)] {
        let world = due(Channel::FortnoxEinvoice);
        world.memory.faults().next(Call::Deliver, fault.clone());
        world.pass(TimeDelta::hours(2));
        assert_eq!(delivered(&world), [Channel::FortnoxEinvoice], "{fault:?}");
        assert!(is_completed(&world), "{fault:?}");
        assert_eq!(world.memory.faults().count(Call::Deliver), 2);
    }
}

#[test]
fn what_a_person_sent_before_us_is_not_sent_again() {
    for channel in CHANNELS {
        let world = due(channel);
        // The worker dies when it looks at the invoice to deliver it.
        let look = if channel == Channel::FortnoxEmail { 2 } else { 1 };
        world.memory.faults().at(Call::Invoice, look, Fault::Crash(When::Before));
        world.beat();
        assert_eq!(world.booked().len(), 1, "{channel:?}");
        world.person().send(&world.created()[0]).unwrap();
        world.pass(TimeDelta::days(1));
        assert_eq!(delivered(&world), [], "{channel:?}");
        let Step::Done { outcome } = world.job(&world.february()).deliver else { panic!("found sent") };
        assert!(outcome.found_sent && is_completed(&world));
    }
}

#[test]
fn fortnox_is_told_the_recipients_and_the_control_copy_before_the_invoice_is_booked() {
    let copy = json!({"control_copy": "kopia@byran.example"});
    let cases = [
        (json!({}), "kund@kunden.example", None),
        (copy.clone(), "kund@kunden.example", Some("kopia@byran.example")),
        (with(copy, json!({"recipient": "chef@kunden.example"})), "chef@kunden.example", Some("kopia@byran.example")),
    ];
    for (other, to, bcc) in cases {
        let world = due(Channel::FortnoxEmail);
        world.set_profile(with(settings(Channel::FortnoxEmail), json!({"control_copy": other["control_copy"]})));
        if let Some(recipient) = other.get("recipient") {
            world.put(&world.tenant, Scope::Agreement("7".parse().unwrap()), json!({"recipient": recipient}));
        }
        world.pass(TimeDelta::hours(2));
        assert_eq!(mails(&world), [(Some(to.to_owned()), bcc.map(str::to_owned))], "{other}");
        assert_eq!(world.memory.faults().count(Call::Address), 1);
    }
}

#[test]
fn recipients_whose_answer_was_lost_are_written_again_and_then_the_invoice_goes_on() {
    for fault in [Fault::NoAnswer(When::Before), Fault::NoAnswer(When::After), Fault::Crash(When::After)] {
        let world = due(Channel::FortnoxEmail);
        world.memory.faults().next(Call::Address, fault.clone());
        world.pass(TimeDelta::hours(2));
        assert_eq!(mails(&world), [(Some("kund@kunden.example".to_owned()), None)], "{fault:?}");
        assert!(is_completed(&world), "{fault:?}");
    }
}

/// Where it's booked already, Fortnox would mail it to somebody else, or without the control copy.
#[test]
fn an_invoice_that_was_booked_without_its_recipients_is_left_to_a_person_unless_fortnox_takes_them_still() {
    for takes in [false, true] {
        let world = due(Channel::SesEmail);
        world.memory.fortnox().switch(&world.tenant, |it| it.booked_invoice_takes_email_information = takes);
        // Booked while another channel was set; the worker dies before it mails.
        world.memory.faults().next(Call::Pdf, Fault::Crash(When::Before));
        world.beat();
        assert_eq!(world.booked().len(), 1);
        world.set_profile(with(settings(Channel::FortnoxEmail), json!({"control_copy": "kopia@byran.example"})));
        world.pass(TimeDelta::days(1));
        let copied = (Some("kund@kunden.example".to_owned()), Some("kopia@byran.example".to_owned()));
        if takes {
            assert_eq!(mails(&world), [copied]);
            continue;
        }
        assert_eq!(mails(&world), []);
        let reason = world.held_for(&world.february());
        assert!(matches!(reason, HoldReason::InvoiceChanged { .. }), "{reason}");
        assert!(reason.to_string().contains("Fakturan är bokförd"), "in Fortnox's own words: {reason}");
        assert!(reason.advice().contains("by hand"));
    }
}

#[test]
fn without_an_address_it_is_held_before_it_is_booked_and_goes_on_with_one() {
    let world = due(Channel::FortnoxEmail);
    let customer = "10".parse().unwrap();
    world.person().enter_customer(&customer, "Kunden AB", None);
    world.pass(TimeDelta::hours(1));
    assert!(matches!(world.held_for(&world.february()), HoldReason::NoAddress { .. }));
    assert_eq!(world.done(), [1, 0, 0, 0]);
    world.person().enter_customer(&customer, "Kunden AB", Some("kund@kunden.example"));
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.done(), [1, 1, 0, 1]);
    assert_eq!(delivered(&world), [Channel::FortnoxEmail]);
}

#[test]
fn what_must_be_booked_waits_until_a_person_has_booked_it() {
    for channel in [Channel::FortnoxEinvoice, Channel::FortnoxPrintService] {
        let world = due(channel);
        world.set_profile(with(settings(channel), json!({"auto_book": false})));
        world.pass(TimeDelta::hours(3));
        let invoice = world.created()[0].clone();
        assert_eq!(world.held_for(&world.february()), HoldReason::NotBooked { invoice: invoice.clone(), channel });
        assert_eq!(delivered(&world), []);
        world.person().book(&invoice).unwrap();
        world.pass(TimeDelta::days(1));
        assert_eq!(delivered(&world), [channel]);
        assert!(is_completed(&world));
    }
}

/// As a mail of ours does.
#[test]
fn fortnox_mails_also_what_the_settings_leave_unbooked() {
    let world = due(Channel::FortnoxEmail);
    world.set_profile(with(
        settings(Channel::FortnoxEmail),
        json!({"auto_book": false, "control_copy": "kopia@byran.example"}),
    ));
    world.pass(TimeDelta::hours(2));
    assert_eq!(world.done(), [1, 0, 0, 1]);
    let (to, copy) = ("kund@kunden.example".to_owned(), "kopia@byran.example".to_owned());
    assert_eq!(mails(&world), [(Some(to), Some(copy))]);
    assert!(is_completed(&world));
}

/// So it costs what the docs say: each call is one of the 25 that anybody gets in 5 s.
#[test]
fn a_delivery_costs_the_calls_that_it_must() {
    // Invoices read, customers read, recipients written, deliveries, marks.
    let cases = [
        (Channel::FortnoxEmail, [2, 2, 1, 1, 0]),
        (Channel::FortnoxEinvoice, [1, 0, 0, 1, 0]),
        (Channel::FortnoxPrintService, [1, 0, 0, 1, 0]),
    ];
    for (channel, expected) in cases {
        let world = due(channel);
        world.beat();
        let calls = [Call::Invoice, Call::Customer, Call::Address, Call::Deliver, Call::MarkSent];
        assert_eq!(calls.map(|call| world.memory.faults().count(call)), expected, "{channel:?}");
    }
}

#[test]
fn a_refusal_fails_in_fortnoxs_own_words_and_is_tried_again_on_a_yes() {
    let world = due(Channel::FortnoxEinvoice);
    set_gln(&world, "API_BLANK");
    world.pass(TimeDelta::days(1));
    let JobState::Failed { step: StepName::Deliver, words, advice, .. } = world.state(&world.february()) else {
        panic!("{:?}", world.state(&world.february()))
    };
    assert!(words.contains("Mottagaren kan inte ta emot e-faktura."), "{words}");
    assert!(advice.contains("approve the job"), "{advice}");
    set_gln(&world, "7300000000000");
    world.approve(&world.february());
    world.drain();
    assert_eq!(delivered(&world), [Channel::FortnoxEinvoice]);
}

#[test]
fn a_missing_licence_holds_and_the_invoice_goes_out_once_it_is_there() {
    for channel in CHANNELS {
        let world = due(channel);
        world.memory.faults().next(Call::Deliver, Fault::TenantBlocked("Licens saknas."));
        world.beat();
        let reason = world.held_for(&world.february());
        assert!(matches!(&reason, HoldReason::TenantBlocked { problem, .. } if problem.contains("Licens saknas.")));
        world.pass(TimeDelta::hours(3));
        assert_eq!(delivered(&world), [channel]);
    }
}

/// A switch works at once, also between booking and delivery.
#[test]
fn what_the_settings_ask_for_at_the_last_moment_is_what_is_done() {
    let world = due(Channel::FortnoxPrintService);
    world.memory.faults().next(Call::Invoice, Fault::Crash(When::Before));
    world.beat();
    assert_eq!((world.booked().len(), delivered(&world)), (1, Vec::new()));
    world.set_profile(settings(Channel::FortnoxEinvoice));
    world.pass(TimeDelta::hours(2));
    assert_eq!(delivered(&world), [Channel::FortnoxEinvoice]);
}

/// Whatever the settings say by then.
#[test]
fn a_delivery_whose_answer_was_lost_is_looked_for_by_the_channel_that_it_went_by() {
    let world = due(Channel::FortnoxPrintService);
    leave_no_mark(&world);
    world.memory.faults().next(Call::Deliver, Fault::NoAnswer(When::After));
    world.beat();
    for channel in [Channel::FortnoxEinvoice, Channel::SesEmail, Channel::None] {
        world.set_profile(settings(channel));
        world.pass(TimeDelta::hours(6));
        assert!(matches!(world.held_for(&world.february()), HoldReason::OutcomeUnknown { .. }));
        assert_eq!((delivered(&world).len(), world.mails()), (1, 0));
    }
}

#[test]
fn channels_of_another_system_are_not_taken_for_ones_own() {
    let world = due(Channel::EconomicEmail);
    world.pass(TimeDelta::hours(1));
    assert!(matches!(world.held_for(&world.february()), HoldReason::ChannelUnavailable { .. }));
    world.set_profile(settings(Channel::FortnoxPrintService));
    world.pass(TimeDelta::days(1));
    assert_eq!(delivered(&world), [Channel::FortnoxPrintService]);
}
