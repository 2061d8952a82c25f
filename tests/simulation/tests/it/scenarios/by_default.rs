//! The channel that the customer's card names: read when it's delivered, announced as what it is, and followed once.

use chrono::TimeDelta;
use domain::{
    hold::HoldReason,
    job::{Ending, JobState, Step},
    settings::Channel,
};
use fortnox_sim::Method;
use serde_json::{Value, json};
use simulation::{
    Call, Fault, When,
    fortnox::{By, Effect},
};

use super::world::{World, everything, with};

/// What a card may say, and the channel that it means.
const CARDS: [(&str, Channel); 3] = [
    ("EMAIL", Channel::FortnoxEmail),
    ("ELECTRONICINVOICE", Channel::FortnoxEinvoice),
    ("PRINTSERVICE", Channel::FortnoxPrintService),
];

fn settings() -> Value {
    with(everything(), json!({"channel": "customer_default"}))
}

fn due(card: &str) -> World {
    let world = World::due();
    world.set_profile(settings());
    world.person().press(Method::Put, "/3/customers/10", Some(&json!({"Customer": {"GLN": "7300000000000"}})));
    set(&world, card);
    world
}

fn set(world: &World, card: &str) {
    world.person().set_default_delivery(&"10".parse().unwrap(), card).unwrap();
}

fn delivered(world: &World) -> Vec<Channel> {
    let ledger = world.memory.fortnox().ledger(&world.tenant);
    let channel = |effect| match effect {
        Effect::Delivered(channel) => Some(channel),
        _ => None,
    };
    ledger.into_iter().filter(|entry| entry.by == By::App).filter_map(|entry| channel(entry.effect)).collect()
}

fn is_completed(world: &World) -> bool {
    matches!(world.state(&world.february()), JobState::Done { ending: Ending::Completed, .. })
}

#[test]
fn the_cards_channel_delivers_once_and_is_what_the_job_tells() {
    for (word, channel) in CARDS {
        let world = due(word);
        world.pass(TimeDelta::days(2));
        assert_eq!((delivered(&world), world.mails()), (vec![channel], 0), "{word}");
        assert!(is_completed(&world), "{word}");
        let Step::Done { outcome } = world.job(&world.february()).deliver else { panic!("delivered") };
        assert_eq!(outcome.channel, channel);
    }
}

/// A card that is changed in between changes nothing: the intent names the channel.
#[test]
fn a_lost_answer_is_looked_for_by_the_channel_that_the_card_named_then() {
    for (word, channel) in CARDS {
        for fault in [Fault::NoAnswer(When::After), Fault::Crash(When::After), Fault::Late(TimeDelta::seconds(70))] {
            let world = due(word);
            world.memory.faults().next(Call::Deliver, fault.clone());
            world.beat();
            let announced = match world.job(&world.february()).deliver {
                Step::Intended { intent, .. } => intent.channel,
                Step::Done { outcome } => outcome.channel,
                other => panic!("{word} {fault:?}: {other:?}"),
            };
            assert_eq!(announced, channel);
            set(&world, if word == "EMAIL" { "PRINTSERVICE" } else { "EMAIL" });
            world.pass(TimeDelta::days(2));
            assert_eq!(delivered(&world), [channel], "{word} {fault:?}");
            assert!(is_completed(&world), "{word} {fault:?}");
        }
    }
}

#[test]
fn what_is_printed_by_hand_is_left_to_people_and_the_story_says_so() {
    let world = due("PRINT");
    world.pass(TimeDelta::days(1));
    assert_eq!((delivered(&world), world.done()), (Vec::new(), [1, 1, 0, 0]));
    assert!(is_completed(&world));
    let Step::Skipped { why } = world.job(&world.february()).deliver else { panic!("left out") };
    assert_eq!(why, "printed by hand: the customer's default in Fortnox");
}

#[test]
fn a_word_that_nobody_knows_is_held_and_goes_on_once_it_is_mended() {
    let world = due("PIGEON");
    world.pass(TimeDelta::hours(2));
    let reason = world.held_for(&world.february());
    assert_eq!(reason, HoldReason::NoCustomerDefault { word: Some("PIGEON".to_owned()) });
    assert!(reason.to_string().contains("`PIGEON`") && reason.advice().contains("card"));
    assert_eq!(delivered(&world), []);
    set(&world, "PRINTSERVICE");
    world.pass(TimeDelta::days(1));
    assert_eq!(delivered(&world), [Channel::FortnoxPrintService]);
    assert!(is_completed(&world));
}

/// As for Fortnox's e-mail, a booked invoice can't be given them any more.
#[test]
fn whom_to_mail_to_is_written_before_the_booking_only_where_the_card_says_mail() {
    for (word, times) in [("EMAIL", 1), ("PRINTSERVICE", 0), ("PRINT", 0), ("PIGEON", 0)] {
        let world = due(word);
        world.pass(TimeDelta::hours(2));
        assert_eq!(world.memory.faults().count(Call::Address), times, "{word}");
        assert_eq!(world.booked().len(), 1, "{word}");
    }
    let world = due("EMAIL");
    world.memory.faults().next(Call::Book, Fault::Crash(When::After));
    world.beat();
    set(&world, "ELECTRONICINVOICE");
    world.pass(TimeDelta::hours(3));
    assert_eq!(delivered(&world), [Channel::FortnoxEinvoice], "the card counts as it is when it's delivered");
}

#[test]
fn what_must_be_booked_waits_by_the_card_too() {
    let world = due("ELECTRONICINVOICE");
    world.set_profile(with(settings(), json!({"auto_book": false})));
    world.pass(TimeDelta::hours(2));
    let reason = world.held_for(&world.february());
    assert!(matches!(reason, HoldReason::NotBooked { channel: Channel::FortnoxEinvoice, .. }), "{reason}");
    world.person().book(&world.created()[0]).unwrap();
    world.pass(TimeDelta::days(1));
    assert_eq!(delivered(&world), [Channel::FortnoxEinvoice]);
}

/// So it costs what the docs say.
#[test]
fn it_costs_one_look_at_the_card_more_than_the_channel_itself() {
    // Invoices read, customers read, recipients written, deliveries.
    for (word, expected) in [
        ("EMAIL", [2, 3, 1, 1]),
        ("ELECTRONICINVOICE", [2, 2, 0, 1]),
        ("PRINTSERVICE", [2, 2, 0, 1]),
        ("PRINT", [1, 2, 0, 0]),
    ] {
        let world = due(word);
        world.beat();
        let calls = [Call::Invoice, Call::Customer, Call::Address, Call::Deliver];
        assert_eq!(calls.map(|call| world.memory.faults().count(call)), expected, "{word}");
    }
}
