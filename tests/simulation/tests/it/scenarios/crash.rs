//! Promise 1 and 4 under a crash, an error or a lost answer at every single call to the outside.

use chrono::TimeDelta;
use domain::{
    due::Reading,
    job::{JobState, Step},
};
use serde_json::json;
use simulation::{Fault, When};

use super::world::{World, everything, monthly, whole_year, with};

const FAULTS: [Fault; 4] = [
    Fault::Crash(When::Before),
    Fault::Crash(When::After),
    Fault::NoAnswer(When::Before),
    Fault::NoAnswer(When::After),
];

fn small_world(reading: Reading) -> World {
    let world = World::with_profile(with(everything(), json!({"max_invoices_per_day": 5})));
    let agreement = if reading == Reading::NextPeriod { monthly(7) } else { whole_year(7) };
    world.person().enter_agreement(&agreement, reading).unwrap();
    world
}

/// How many calls an undisturbed run makes.
fn calls(reading: Reading) -> u64 {
    let world = small_world(reading);
    world.beat();
    assert_eq!(world.done(), [1; 4]);
    world.memory.faults().made()
}

fn check(world: &World, told: &str) {
    let [created, booked, mailed, _] = world.done();
    assert_eq!(created, 1, "{told}: created");
    assert!(booked <= 1, "{told}: booked {booked} times");
    assert!(mailed <= 1, "{told}: mailed {mailed} times");
    let job = world.job(&world.february());
    match &job.state {
        JobState::Done { .. } => {
            let [.., marked] = world.done();
            // Marking twice is the same as marking once.
            assert!(booked == 1 && mailed == 1 && marked >= 1, "{told}: done, but not all of it");
        }
        JobState::Held { .. } | JobState::Failed { .. } => {
            // A person can get it over with.
            world.approve(&job.key);
            world.pass(TimeDelta::days(1));
            let state = world.state(&job.key);
            assert!(matches!(state, JobState::Done { .. }), "{told}: {state:?} after a yes");
            assert_eq!((world.created().len(), world.booked().len()), (1, 1), "{told}");
        }
        JobState::Working => panic!("{told}: still working: {job:#?} {:#?}", world.story(&job.key)),
    }
    let done = matches!(&world.job(&world.february()).create, Step::Done { .. });
    assert!(done, "{told}");
}

#[test]
fn one_fault_at_any_call_still_leads_to_one_invoice() {
    for reading in [Reading::NextPeriod, Reading::WholeTerm] {
        for n in 1..=calls(reading) {
            for fault in FAULTS {
                let world = small_world(reading);
                world.memory.faults().nth(n, fault.clone());
                world.pass(TimeDelta::days(3));
                check(&world, &format!("{reading:?}, {fault:?} at call {n}"));
            }
        }
    }
}

#[test]
fn two_faults_soon_after_each_other_still_lead_to_one_invoice() {
    let reading = Reading::NextPeriod;
    for first in 1..=calls(reading) {
        // What follows a fault is soon over; a second one after that is the test before.
        for second in first + 1..=first + 12 {
            for (one, other) in [(1, 1), (3, 1), (1, 3)] {
                let world = small_world(reading);
                world.memory.faults().nth(first, FAULTS[one].clone());
                world.memory.faults().nth(second, FAULTS[other].clone());
                world.pass(TimeDelta::days(3));
                check(&world, &format!("{:?} at {first}, {:?} at {second}", FAULTS[one], FAULTS[other]));
            }
        }
    }
}
