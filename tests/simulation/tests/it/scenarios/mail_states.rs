//! What the mail service tells of mails: unknown outcomes are settled by it, what came back is taken up again, and whom no mail
//! reaches gets none.

use chrono::TimeDelta;
use domain::{
    digest::What,
    due::Reading,
    hold::HoldReason,
    job::{Ending, EventKind, JobKey, JobState, StepName},
    mail::{Bounce, MailState},
    settings::Scope,
};
use fortnox_sim::EffectKind;
use serde_json::{Value, json};
use simulation::{Call, Fate, Fault, Telling, When};
use workflow::{PeopleError, WorkQueue, ports::MailBook};

use super::world::{World, everything, monthly, with};

const CUSTOMER: &str = "kund@kunden.example";

fn told(profile: Value, fate: Fate) -> World {
    let world = World::with_profile(profile);
    world.memory.mailer().tell(Telling::Well);
    world.memory.mailer().set_fate(CUSTOMER, fate);
    world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
    world
}

fn states(world: &World) -> Vec<MailState> {
    let records = world.memory.mails().all();
    records.iter().flat_map(|record| record.recipients.values().map(|recipient| recipient.state)).collect()
}

/// What the digests tell of mails that came back.
fn bounces(world: &World) -> Vec<Bounce> {
    let lines = world.memory.journal().lines(&world.tenant).into_iter();
    lines.filter_map(|line| if let What::Bounced { why } = line.what { Some(why) } else { None }).collect()
}

fn resend(world: &World, key: &JobKey) -> Result<(), PeopleError> {
    world.memory.run(workflow::resend(&world.memory, key, "anna", "the customer lost it")).unwrap()
}

fn is_completed(world: &World, key: &JobKey) -> bool {
    matches!(world.state(key), JobState::Done { ending: Ending::Completed, .. })
}

fn fortnox_sent(world: &World, kind: EffectKind) -> usize {
    let requests = world.memory.fortnox().requests();
    requests.iter().flat_map(|entry| &entry.effects).filter(|effect| effect.kind == kind).count()
}

#[test]
fn a_mail_goes_through_its_states() {
    let world = told(everything(), Fate::Arrives);
    world.scan_only();
    assert_eq!(states(&world), []);
    world.drain();
    assert_eq!(states(&world), [MailState::Queued], "accepted, but nothing has been told yet");
    world.pass(TimeDelta::minutes(1));
    assert_eq!(states(&world), [MailState::Delivered]);
    assert!(is_completed(&world, &world.february()));
    assert_eq!(bounces(&world), []);
}

/// The answer is lost, or the worker dies right after the call: what the mail service tells settles it, and nobody is asked.
#[test]
fn an_unknown_outcome_is_settled_by_what_is_told() {
    for fault in [Fault::NoAnswer(When::After), Fault::Crash(When::After), Fault::TimeOut(When::After)] {
        let world = told(everything(), Fate::Arrives);
        world.memory.faults().next(Call::SendMail, fault.clone());
        world.pass(TimeDelta::hours(1));
        assert_eq!(world.done(), [1; 4], "{fault:?}");
        assert!(is_completed(&world, &world.february()), "{fault:?}: {:#?}", world.story(&world.february()));
        assert!(!world.story(&world.february()).iter().any(|kind| matches!(kind, EventKind::Held { .. })));
    }
}

/// And when it never left, nothing is told, and a person is asked.
#[test]
fn what_nothing_is_told_of_is_asked_about() {
    let world = told(everything(), Fate::Arrives);
    world.memory.faults().next(Call::SendMail, Fault::NoAnswer(When::Before));
    world.pass(TimeDelta::minutes(14));
    assert_eq!(world.state(&world.february()), JobState::Working);
    world.pass(TimeDelta::minutes(10));
    let unknown = |reason| matches!(reason, HoldReason::OutcomeUnknown { step: StepName::Deliver, .. });
    assert!(unknown(world.held_for(&world.february())));
    assert_eq!(world.mails(), 0);
}

/// Told too late, when a person is asked already: the job goes on by itself.
#[test]
fn what_is_told_late_lifts_the_hold() {
    let world = World::due();
    world.memory.mailer().tell(Telling::Well);
    world.memory.faults().next(Call::SendMail, Fault::NoAnswer(When::After));
    world.tick();
    while world.mails() == 0 {
        assert!(world.step());
    }
    let late: Vec<String> = world.memory.take_what_is_told();
    assert!(!late.is_empty());
    world.pass(TimeDelta::hours(2));
    assert_eq!(world.held_for(&world.february()).code(), "outcome_unknown");
    for text in &late {
        world.memory.queues().put(WorkQueue::Feedback, text);
    }
    world.drain();
    assert!(is_completed(&world, &world.february()));
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn what_came_back_waits_for_a_person_and_goes_once_more_to_the_new_address() {
    let world = told(everything(), Fate::Bounces);
    world.pass(TimeDelta::hours(1));
    let HoldReason::CameBack { problem, .. } = world.held_for(&world.february()) else { panic!("it came back") };
    assert_eq!(problem, "there is no such mailbox (status 5.1.1)");
    assert_eq!(bounces(&world), [Bounce::Undeliverable]);
    world.approve(&world.february());
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.held_for(&world.february()).code(), "address_dead", "the same address isn't mailed again");
    assert_eq!(world.mails(), 1);
    world.person().enter_customer(&"10".parse().unwrap(), "Kunden AB", Some("ny@kunden.example"));
    world.pass(TimeDelta::days(2));
    assert!(is_completed(&world, &world.february()), "{:#?}", world.story(&world.february()));
    let sent = world.memory.mailer().sent();
    assert_eq!(sent.iter().map(|mail| mail.recipients.join(" ")).collect::<Vec<_>>(), [CUSTOMER, "ny@kunden.example"]);
    assert_ne!(sent[0].header("Message-ID"), sent[1].header("Message-ID"));
}

#[test]
fn the_next_invoice_does_not_go_to_a_dead_address() {
    let world = told(everything(), Fate::Bounces);
    world.pass(TimeDelta::hours(1));
    world.skip(&world.february());
    world.pass(TimeDelta::days(28));
    let march = world.key(7, "2026-03-01");
    assert_eq!(world.held_for(&march).code(), "address_dead");
    assert_eq!(world.mails(), 1);
    // A person knows that it's right by now.
    world.memory.mailer().mend();
    world.approve(&march);
    world.pass(TimeDelta::hours(1));
    assert!(is_completed(&world, &march));
    // And so do we.
    world.pass(TimeDelta::days(32));
    assert!(is_completed(&world, &world.key(7, "2026-04-01")));
    assert_eq!(world.mails(), 3);
}

#[test]
fn what_came_back_goes_by_the_other_channel_where_one_is_set() {
    let profile = with(everything(), json!({"bounce_channel": "fortnox_print_service"}));
    for fate in [Fate::Bounces, Fate::Fails] {
        let world = told(profile.clone(), fate);
        world.pass(TimeDelta::hours(1));
        assert!(is_completed(&world, &world.february()), "{:#?}", world.story(&world.february()));
        assert_eq!((world.mails(), fortnox_sent(&world, EffectKind::PrintServiceSent)), (1, 1), "{fate:?}");
        let back = |kind: &EventKind| matches!(kind, EventKind::CameBack { .. });
        assert_eq!(world.story(&world.february()).iter().filter(|kind| back(kind)).count(), 1);
    }
}

/// The mark as sent is the first delivery's, so it proves nothing of the second one.
#[test]
fn a_second_delivery_whose_answer_was_lost_is_asked_about() {
    let world = told(with(everything(), json!({"bounce_channel": "fortnox_print_service"})), Fate::Bounces);
    world.memory.faults().next(Call::Deliver, Fault::NoAnswer(When::Before));
    world.pass(TimeDelta::days(2));
    assert_eq!(world.held_for(&world.february()).code(), "outcome_unknown");
    assert_eq!(fortnox_sent(&world, EffectKind::PrintServiceSent), 0);
    world.approve(&world.february());
    world.pass(TimeDelta::hours(1));
    assert_eq!(fortnox_sent(&world, EffectKind::PrintServiceSent) + world.mails(), 2);
}

#[test]
fn what_was_not_wanted_stops_the_customers_mail_and_is_not_sent_again() {
    let world = told(with(everything(), json!({"bounce_channel": "fortnox_print_service"})), Fate::Unwanted);
    world.pass(TimeDelta::hours(1));
    assert!(is_completed(&world, &world.february()), "it arrived");
    assert_eq!(bounces(&world), [Bounce::Complained]);
    world.person().enter_customer(&"10".parse().unwrap(), "Kunden AB", Some("ny@kunden.example"));
    world.pass(TimeDelta::days(29));
    assert_eq!(world.held_for(&world.key(7, "2026-03-01")).code(), "mail_unwanted");
    assert_eq!(world.mails(), 1);
    assert_eq!(fortnox_sent(&world, EffectKind::PrintServiceSent), 0);
}

#[test]
fn a_control_copy_that_comes_back_is_told_of_and_stops_nothing() {
    let copy = "kopia@exempelbolaget.example";
    let world = told(with(everything(), json!({"control_copy": copy})), Fate::Arrives);
    world.memory.mailer().set_fate(copy, Fate::Bounces);
    world.pass(TimeDelta::hours(1));
    assert!(is_completed(&world, &world.february()));
    assert_eq!(bounces(&world), [Bounce::ControlCopy]);
    world.pass(TimeDelta::days(28));
    assert_eq!(world.mails(), 2);
}

/// Of two addresses one is dead: the customer has the mail, and the digest says what's wrong. The crash is in the record's own write,
/// so the line is there once however often the event comes.
#[test]
fn one_dead_address_of_two_is_told_once() {
    for fault in [Fault::Crash(When::Before), Fault::Crash(When::After), Fault::NoAnswer(When::After)] {
        let dead = "dod@kunden.example";
        let world = told(with(everything(), json!({"recipient": format!("{CUSTOMER}, {dead}")})), Fate::Arrives);
        world.memory.mailer().set_fate(dead, Fate::Bounces);
        world.memory.faults().next(Call::SaveMail, fault.clone());
        world.pass(TimeDelta::hours(1));
        assert!(is_completed(&world, &world.february()), "{fault:?}");
        assert_eq!(bounces(&world), [Bounce::InPart], "{fault:?}");
        world.pass(TimeDelta::days(28));
        let sent = world.memory.mailer().sent();
        assert_eq!(sent[1].recipients, [CUSTOMER], "{fault:?}");
    }
}

/// Twice, backwards, and about mails that nobody sent.
#[test]
fn neither_order_nor_doubles_nor_strangers_matter() {
    let world = told(everything(), Fate::Bounces);
    world.scan_only();
    while world.mails() == 0 {
        assert!(world.step());
    }
    let mut events = world.memory.take_what_is_told();
    events.reverse();
    let strange = events[0].replace("fp_", "fp_0").replace("mail-1", "mail-9");
    let foreign = events[0].replace("fortnox-1", "fortnox-2");
    world.drain();
    for text in events.iter().chain(&events).chain([&strange, &foreign]) {
        world.memory.queues().put(WorkQueue::Feedback, text);
    }
    world.pass(TimeDelta::hours(3));
    assert_eq!(world.held_for(&world.february()).code(), "came_back");
    assert_eq!(world.story(&world.february()).iter().filter(|it| matches!(it, EventKind::CameBack { .. })).count(), 1);
    assert_eq!(bounces(&world), [Bounce::Undeliverable]);
    let counts = world.memory.run(world.memory.mails().counts(&world.tenant, "2026-01-01".parse().unwrap()));
    let counts = counts.unwrap().unwrap();
    assert_eq!((counts.accepted, counts.bounced), (1, 1));
}

/// A crash at any call of the feedback leaves nothing undone once the event comes again.
#[test]
fn whatever_a_dead_worker_left_undone_is_done_by_the_next() {
    for call in [Call::MailRecord, Call::SaveMail, Call::StopMails, Call::LookAtJob, Call::SendMessage] {
        for fault in [Fault::Crash(When::Before), Fault::Crash(When::After), Fault::NoAnswer(When::After)] {
            let world = told(everything(), Fate::Bounces);
            world.scan_only();
            while world.mails() == 0 {
                assert!(world.step());
            }
            let told = world.memory.take_what_is_told();
            world.drain();
            world.memory.queues().put(WorkQueue::Feedback, &told[1]);
            world.memory.faults().next(call, fault.clone());
            world.pass(TimeDelta::hours(2));
            let place = format!("{call:?} {fault:?}");
            assert_eq!(world.held_for(&world.february()).code(), "came_back", "{place}");
            assert_eq!(bounces(&world), [Bounce::Undeliverable], "{place}");
            world.approve(&world.february());
            world.pass(TimeDelta::hours(1));
            assert_eq!(world.held_for(&world.february()).code(), "address_dead", "{place}");
        }
    }
}

/// One tenant's stale register must not have the mail service stop everybody's mails.
#[test]
fn a_tenant_with_too_many_bounces_is_paused_and_no_other() {
    let world = World::new();
    world.memory.mailer().tell(Telling::Well);
    let other = "fortnox-2".parse().unwrap();
    world.add_company(&other, everything());
    world.memory.fortnox().person(&other).enter_agreement(&monthly(1), Reading::NextPeriod).unwrap();
    for number in 100..140 {
        let address = format!("kund{number}@kunden.example");
        if number % 10 == 0 {
            world.memory.mailer().set_fate(&address, Fate::Bounces);
        }
        world.person().enter_customer(&number.to_string().parse().unwrap(), "Kunden AB", Some(&address));
        let customer = number.to_string().parse().unwrap();
        let agreement = domain::agreement::Agreement { customer, ..monthly(number) };
        world.person().enter_agreement(&agreement, Reading::NextPeriod).unwrap();
    }
    world.pass(TimeDelta::hours(2));
    let jobs = world.memory.journal().jobs();
    let paused: Vec<_> = jobs
        .iter()
        .filter(|job| matches!(&job.state, JobState::Held { reason, .. } if reason.code() == "mails_paused"))
        .collect();
    let sent = world.mails();
    // They all went out before the first bounce was heard of, or waited.
    assert_eq!(sent + paused.len(), 41);
    world.pass(TimeDelta::days(28));
    let march = world.memory.journal().jobs();
    let of_march =
        |job: &&domain::job::Job| job.key.tenant() == &world.tenant && job.key.to_string().contains("2026-03-01");
    let waiting = march.iter().filter(of_march).filter(|job| matches!(&job.state, JobState::Held { .. })).count();
    assert_eq!(waiting, 40, "{:?}", march.iter().filter(of_march).map(|job| &job.state).collect::<Vec<_>>());
    let others = march.iter().filter(|job| job.key.tenant() == &other);
    assert!(others.clone().count() == 2 && others.into_iter().all(|job| matches!(job.state, JobState::Done { .. })));
    world.pass(TimeDelta::days(3));
    let march = world.memory.journal().jobs();
    let waiting = march.iter().filter(of_march).filter(|job| matches!(&job.state, JobState::Held { .. })).count();
    assert_eq!(waiting, 4, "the first of February counts no more, and only the dead addresses wait");
}

#[test]
fn a_person_has_an_invoice_sent_once_more_and_the_journal_says_who_and_why() {
    let world = told(everything(), Fate::Arrives);
    world.pass(TimeDelta::hours(1));
    resend(&world, &world.february()).unwrap();
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.mails(), 2);
    assert!(is_completed(&world, &world.february()));
    let said = EventKind::Resent { by: "anna".to_owned(), why: "the customer lost it".to_owned() };
    assert!(world.story(&world.february()).contains(&said));
    let sent = world.memory.mailer().sent();
    assert_ne!(sent[0].header("Message-ID"), sent[1].header("Message-ID"));
    // By whatever is set now.
    world.put(&world.tenant, Scope::Customer("10".parse().unwrap()), json!({"recipient": "annan@kunden.example"}));
    resend(&world, &world.february()).unwrap();
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.memory.mailer().sent()[2].recipients, ["annan@kunden.example"]);
}

#[test]
fn only_what_was_delivered_can_be_sent_once_more() {
    let world = told(with(everything(), json!({"channel": "none"})), Fate::Arrives);
    world.pass(TimeDelta::hours(1));
    assert!(matches!(resend(&world, &world.february()), Err(PeopleError::NothingToDecide(_))));
    let missing = world.key(9, "2026-02-01");
    assert!(matches!(resend(&world, &missing), Err(PeopleError::Missing(_))));
}
