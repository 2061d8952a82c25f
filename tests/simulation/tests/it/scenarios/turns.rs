//! A company with many due agreements leaves workers to those with few, and misses nothing by it.
//!
//! Time passes here only while the one worker waits for a slot of Fortnox's rate.

use chrono::TimeDelta;
use domain::{due::Reading, ids::TenantId};
use simulation::fortnox::{By, Effect};

use super::world::{World, everything, monthly};

fn with_due(agreements: u32) -> World {
    let world = World::new();
    for number in 1..=agreements {
        world.person().enter_agreement(&monthly(number), Reading::NextPeriod).unwrap();
    }
    world
}

#[test]
fn many_due_at_once_come_one_after_another_and_another_companys_comes_between_them() {
    let world = with_due(40);
    let other: TenantId = "fortnox-2".parse().unwrap();
    world.add_company(&other, everything());
    world.memory.fortnox().person(&other).enter_agreement(&monthly(1), Reading::NextPeriod).unwrap();
    let created_for_other = || {
        let ledger = world.memory.fortnox().ledger(&other);
        ledger.iter().any(|entry| entry.by == By::App && matches!(entry.effect, Effect::Created { .. }))
    };

    let began = world.now();
    world.tick();
    while !created_for_other() {
        assert!(world.step(), "it's due and not made");
    }
    // Twelve calls may be made at once, and it's three until an invoice is booked: the fifth begins while there is still room.
    assert_eq!(world.created().len(), 5);
    assert!(world.now() - began < TimeDelta::seconds(2), "{}", world.now() - began);

    // Whoever waits for a slot finds another job's message there when it's over: no slot is left unused.
    world.drain();
    // One mail is the other company's.
    assert_eq!(world.done(), [40, 40, 41, 40]);
    let (calls, spacing) = (1 + 40 * 7, TimeDelta::milliseconds(208));
    assert!(world.now() - began < spacing * calls + TimeDelta::seconds(1), "{}", world.now() - began);
}

#[test]
fn what_no_message_can_wait_for_is_found_by_heartbeats_and_made_once() {
    const DUE: usize = 700;
    let world = with_due(700);
    world.beat();
    // A quarter of an hour's, at 1.456 s each.
    let made = world.created().len();
    assert!((600..650).contains(&made), "{made}");
    world.pass(TimeDelta::minutes(25));
    assert_eq!(world.done(), [DUE; 4]);
}
