//! Promise 4: nothing due is silently missed.

use std::{collections::BTreeSet, time::Duration};

use chrono::TimeDelta;
use domain::{
    agreement::AgreementStatus,
    due::{Reading, SkipReason, Verdict},
};
use futures_util::future::join;
use serde_json::json;
use simulation::{Call, Fault, When};
use workflow::{
    Message, ScanMessage,
    ports::{Look, Settings as _},
    scan,
};

use super::world::{World, agreement_number, everything, monthly, with};

#[test]
fn a_lost_booking_message_is_made_good_by_the_heartbeat() {
    let world = World::due();
    world.scan_only();
    world.memory.queues().lose_all();
    world.pass(TimeDelta::minutes(4));
    assert_eq!(world.done(), [0; 4]);
    world.pass(TimeDelta::minutes(2));
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_lost_delivery_message_is_made_good_by_the_heartbeat() {
    let world = World::due();
    world.scan_only();
    assert!(world.step());
    assert_eq!(world.done(), [1, 1, 0, 0]);
    world.memory.queues().lose_all();
    world.pass(TimeDelta::minutes(10));
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_missed_heartbeat_is_caught_up_by_the_next() {
    let world = World::due();
    world.memory.clock().pass(TimeDelta::days(20));
    world.beat();
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_scan_that_dies_is_begun_again() {
    for when in [When::Before, When::After] {
        for call in [Call::Agreements, Call::Open, Call::KeepPage, Call::ScanNextAt, Call::Histories] {
            let world = World::due();
            world.tick();
            world.memory.faults().next(call, Fault::Crash(when));
            world.pass(TimeDelta::hours(1));
            assert_eq!(world.done(), [1; 4], "{call:?} {when:?}");
        }
    }
}

/// Companies that have been due for more than an hour, as the heartbeat counts them.
fn late(world: &World) -> u64 {
    let overdue = world.memory.settings().overdue(Look::Scan, world.now() - TimeDelta::hours(1));
    world.memory.run(overdue).unwrap().unwrap()
}

#[test]
fn a_company_is_late_until_it_was_scanned_however_often_that_is_begun() {
    for fault in [Fault::Crash(When::Before), Fault::NotTaken, Fault::NoAnswer(When::Before)] {
        let world = World::due();
        world.memory.faults().always(Call::Agreements, fault.clone());
        world.pass(TimeDelta::minutes(50));
        assert_eq!(late(&world), 0, "{fault:?}");
        world.pass(TimeDelta::minutes(15));
        assert_eq!(late(&world), 1, "{fault:?}");
        world.pass(TimeDelta::hours(7));
        assert_eq!(late(&world), 1, "{fault:?}");
        world.memory.faults().clear();
        world.pass(TimeDelta::hours(1));
        assert_eq!((late(&world), world.done()), (0, [1; 4]), "{fault:?}");
    }
}

#[test]
fn a_company_that_only_its_own_people_can_help_is_not_late() {
    let world = World::due();
    world.memory.faults().always(Call::Agreements, Fault::TenantBlocked("the consent was taken back"));
    for _ in 0..10 {
        world.pass(TimeDelta::hours(1));
        assert_eq!(late(&world), 0);
    }
}

#[test]
fn a_scan_out_of_time_goes_on_with_the_next_page() {
    let mut world = World::new();
    for number in 1..=7 {
        world.person().enter_agreement(&monthly(number), Reading::NextPeriod).unwrap();
    }
    world.memory.fortnox().switch(&world.tenant, |switches| switches.contracts_a_page = 2);
    world.time_left = Duration::from_secs(1);
    world.beat();
    assert_eq!(world.done(), [7; 4]);
    assert_eq!(world.memory.faults().count(Call::Agreements), 4);
    assert_eq!(world.memory.journal().pages(&world.tenant).len(), 4);
}

/// Five agreements, two a page.
fn three_pages() -> World {
    let world = World::new();
    for number in 1..=5 {
        world.person().enter_agreement(&monthly(number), Reading::NextPeriod).unwrap();
    }
    world.memory.fortnox().switch(&world.tenant, |switches| switches.contracts_a_page = 2);
    world
}

fn assert_all_decided(world: &World) {
    let pages = world.memory.journal().pages(&world.tenant);
    let decided: BTreeSet<String> =
        pages.iter().flat_map(|page| &page.decisions).map(|decision| decision.agreement.to_string()).collect();
    assert_eq!(decided, ["1", "2", "3", "4", "5"].map(str::to_owned).into());
}

/// What follows an agreement that ends moves up by one, past a page that was read already.
#[test]
fn an_agreement_that_ends_between_two_pages_hides_no_other() {
    let world = three_pages();
    // The second page is asked for, and on its way for so long that a person ends the first agreement meanwhile.
    world.memory.faults().at(Call::Agreements, 2, Fault::Slow(When::Before, TimeDelta::seconds(15)));
    let person = async {
        world.memory.clock().sleep_until(world.now() + TimeDelta::seconds(10)).await;
        world.person().set_status(&agreement_number(1), AgreementStatus::Finished).unwrap();
    };
    world.memory.run(join(world.scan(), person)).unwrap();
    assert_all_decided(&world);
    assert_eq!(world.memory.faults().count(Call::Agreements), 3, "two pages, and the first once more");
}

#[test]
fn nor_does_one_that_ends_between_two_invocations() {
    let mut world = three_pages();
    world.time_left = Duration::from_secs(1);
    world.tick();
    assert!(world.step(), "the first page is read");
    world.memory.clock().pass(TimeDelta::seconds(1));
    world.person().set_status(&agreement_number(1), AgreementStatus::Finished).unwrap();
    world.drain();
    assert_all_decided(&world);
    assert_eq!(world.periods().len(), 4, "each of the others is invoiced");
}

/// The limit is counted over the whole scan, also in preview, where no job keeps count.
#[test]
fn a_scan_out_of_time_takes_its_count_along() {
    for mode in ["preview", "full"] {
        let mut world = World::with_profile(with(everything(), json!({"mode": mode, "max_invoices_per_day": 3})));
        for number in 1..=5 {
            world.person().enter_agreement(&monthly(number), Reading::NextPeriod).unwrap();
        }
        world.memory.fortnox().switch(&world.tenant, |switches| switches.contracts_a_page = 1);
        world.time_left = Duration::from_secs(1);
        world.tick();
        world.drain();
        let pages = world.memory.journal().pages(&world.tenant);
        let due = |page: &&workflow::ports::ScanPage| matches!(page.decisions[0].verdict, Verdict::Due(_));
        assert_eq!(pages.iter().filter(due).count(), 3, "{mode}");
    }
}

/// The accounting system still shows the skipped period as the next one, so nothing after it can be made.
#[test]
fn what_lies_behind_a_skipped_period_is_not_forgotten() {
    let world = World::with_profile(with(everything(), json!({"max_amount": {"SEK": 500}})));
    world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
    world.beat();
    world.skip(&world.february());
    let subject = workflow::ports::Subject::Agreement(agreement_number(7));
    world.pass(TimeDelta::days(20));
    assert!(world.concern(&world.tenant, &subject).is_none());
    world.pass(TimeDelta::days(10));
    let concern = world.concern(&world.tenant, &subject).expect("March is due and can't be made");
    assert_eq!(concern.reason.code(), "too_far_behind");
    world.set_profile(everything());
    world.person().set_period(&agreement_number(7), super::world::period("2026-03-01", "2026-03-31")).unwrap();
    world.pass(TimeDelta::days(1));
    assert!(world.concern(&world.tenant, &subject).is_none());
    assert_eq!(world.periods(), ["7 2026-03-01..2026-03-31"]);
}

#[test]
fn each_agreement_read_leaves_a_decision_with_a_reason() {
    let world = World::new();
    for number in 1..=3 {
        world.person().enter_agreement(&monthly(number), Reading::NextPeriod).unwrap();
    }
    world.put(&world.tenant, domain::settings::Scope::Agreement(agreement_number(2)), json!({"automatic": false}));
    world.person().set_broken(&agreement_number(3), true).unwrap();
    world.beat();
    let page = world.memory.journal().pages(&world.tenant).remove(0);
    let verdicts: Vec<_> = page.decisions.iter().map(|decision| &decision.verdict).collect();
    assert!(matches!(verdicts[0], Verdict::Due(_)));
    assert!(matches!(verdicts[1], Verdict::Skipped { reason: SkipReason::SwitchedOff }));
    assert!(matches!(verdicts[2], Verdict::Held { .. }));
}

#[test]
fn a_tenant_is_scanned_once_a_day_at_its_hour() {
    let world = World::due();
    world.beat();
    let next = world.memory.settings().next_scan_at(&world.tenant).unwrap();
    assert_eq!(next.to_string(), "2026-02-02 05:00:00 UTC");
    world.pass(TimeDelta::days(7));
    assert_eq!(world.memory.faults().count(Call::Agreements), 8);
}

#[test]
fn a_tenant_written_by_hand_is_taken_up() {
    let world = World::new();
    let tenant = "fortnox-9".parse().unwrap();
    world.memory.fortnox().open(simulation::company(&tenant)).unwrap();
    world.put(&tenant, domain::settings::Scope::Profile, everything());
    world.memory.fortnox().person(&tenant).enter_customer(&"10".parse().unwrap(), "Kunden AB", None);
    world.memory.fortnox().person(&tenant).enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
    world.pass(TimeDelta::days(1));
    assert!(world.memory.fortnox().ledger(&tenant).is_empty());
    world.memory.run(scan::register(&world.memory)).unwrap().unwrap();
    world.beat();
    assert!(!world.memory.fortnox().ledger(&tenant).is_empty());
}

#[test]
fn messages_of_jobs_and_agreements_that_are_not_there_do_no_harm() {
    use workflow::ports::Queues;
    let world = World::due();
    assert!(world.book_message(&world.key(99, "2026-02-01")).unwrap().is_ok());
    let message = ScanMessage::Agreement { tenant: world.tenant.clone(), agreement: agreement_number(99) };
    world.memory.run(world.memory.queues().send(&Message::Scan(message), Duration::ZERO)).unwrap().unwrap();
    world.drain();
    assert!(world.memory.queues().is_empty());
}
