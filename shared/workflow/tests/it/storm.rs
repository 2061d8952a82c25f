//! Everything at once, by seed: faults, doubled and reordered messages, leaps in time, and people who click in between.

use std::collections::BTreeSet;

use chrono::{Datelike, TimeDelta};
use chrono_tz::Europe::Stockholm;
use domain::{
    due::Reading,
    ids::AgreementNumber,
    job::{Ending, Job, JobState},
};
use serde_json::json;
use workflow::{
    memory::{By, Effect, Entry, Fault, When},
    ports::Ports,
};

use crate::world::{World, agreement_number, everything, monthly, whole_year, with};

/// Runs of this test. The simulation proper makes more.
const SEEDS: u64 = 150;
/// Agreements: odd numbers follow one reading, even ones the other.
const AGREEMENTS: u32 = 4;

/// A small generator whose numbers are the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        // Steele, Lea and Flood's SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (x ^ (x >> 31)) % limit
    }

    fn fault(&mut self) -> Fault {
        let when = if self.below(2) == 0 { When::Before } else { When::After };
        match self.below(6) {
            0 | 1 => Fault::Crash(when),
            2 | 3 => Fault::NoAnswer(when),
            4 => Fault::NotTaken,
            _ => Fault::Busy(std::time::Duration::from_secs(3)),
        }
    }
}

fn storm(world: &World, dice: &mut Dice) {
    for _ in 0..120 {
        match dice.below(14) {
            0 | 1 => world.tick(),
            // Bounded: what is doubled again and again never ends.
            2 if world.memory.queues().len() < 40 => world.memory.queues().duplicate(),
            3 => world.memory.queues().reverse(),
            4 => {
                let n = 1 + dice.below(12);
                world.memory.faults().nth(n, dice.fault());
            }
            5 => world.memory.clock().pass(TimeDelta::seconds(i64::try_from(dice.below(200)).unwrap())),
            6 => world.memory.clock().pass(TimeDelta::minutes(i64::try_from(dice.below(300)).unwrap())),
            7 => person(world, dice),
            _ => {
                world.step();
            }
        }
        if world.memory.queues().len() > 40 {
            world.drain();
        }
    }
    world.memory.faults().clear();
}

/// A person invoices what's next by hand, or books, sends or takes back the newest invoice.
fn person(world: &World, dice: &mut Dice) {
    let number = agreement_number(1 + u32::try_from(dice.below(u64::from(AGREEMENTS))).unwrap());
    let newest = world.created().pop();
    match (dice.below(12), newest) {
        (0, _) if world.person().agreement(&number).unwrap().last_invoice_date.is_none() => {
            world.person().create(&number);
        }
        (1 | 2, Some(invoice)) => drop(world.person().book(&invoice)),
        (3 | 4, Some(invoice)) => drop(world.person().send(&invoice)),
        (5, Some(invoice)) => drop(world.person().cancel(&invoice)),
        _ => {}
    }
}

fn check(world: &World, approvals: usize, told: &str) {
    let ledger = world.memory.accounting().ledger(&world.tenant);
    let mut periods = world.periods();
    let made = periods.len();
    periods.sort();
    periods.dedup();
    assert_eq!(periods.len(), made, "{told}: a period twice: {periods:?}");
    let today = world.now().with_timezone(&Stockholm).date_naive();
    for entry in &ledger {
        if let (By::App, Effect::Created { period, .. }) = (entry.by, &entry.effect) {
            assert!(period.start() <= today, "{told}: {period} was invoiced before its time");
        }
    }
    for number in 1..=AGREEMENTS {
        let invoiced = periods.iter().any(|it| it.starts_with(&format!("{number} 2026-02-01")));
        assert!(invoiced, "{told}: February of {number} was missed");
    }
    let mut booked = world.booked();
    booked.sort();
    let bookings = booked.len();
    booked.dedup();
    assert_eq!(booked.len(), bookings, "{told}: booked twice");
    // One subject is one invoice. Some may be a person's: made while our own creation was announced and unknown, they can't
    // be told from ours.
    let mails = world.memory.mailer().sent();
    let invoices: BTreeSet<_> = mails.iter().filter_map(|mail| mail.header("Subject")).collect();
    assert!(mails.len() <= invoices.len() + approvals, "{told}: {} mails for {invoices:?}", mails.len());
    for job in world.memory.journal().jobs() {
        assert!(
            !matches!(job.state, JobState::Working),
            "{told}: {} still works: {:#?}",
            job.key,
            world.story(&job.key)
        );
    }
}

/// Whether a person has taken back an invoice of the agreement.
fn has_cancelled(world: &World, wanted: &AgreementNumber) -> bool {
    let ledger = world.memory.accounting().ledger(&world.tenant);
    let of_wanted = |entry: &&Entry| matches!(&entry.effect, Effect::Created { agreement, .. } if agreement == wanted);
    let invoices: Vec<_> = ledger.iter().filter(of_wanted).map(|entry| &entry.invoice).collect();
    ledger.iter().any(|entry| entry.effect == Effect::Cancelled && invoices.contains(&&entry.invoice))
}

#[test]
fn promises_hold_in_any_weather() {
    for seed in 0..SEEDS {
        let mut dice = Dice(seed);
        let world = World::with_profile(with(everything(), json!({"max_invoices_per_day": 9, "catch_up_periods": 3})));
        for number in 1..=AGREEMENTS {
            let (agreement, reading) = if number % 2 == 1 {
                (monthly(number), Reading::NextPeriod)
            } else {
                (whole_year(number), Reading::WholeTerm)
            };
            world.person().enter_agreement(agreement, reading);
        }
        storm(&world, &mut dice);
        // Calm weather, in which everything has to come to an end.
        world.pass(TimeDelta::days(4));
        check(&world, 0, &format!("seed {seed}, before any yes"));
        let waiting: Vec<_> = world.memory.journal().jobs().into_iter().filter(Job::needs_person).collect();
        for job in &waiting {
            world.approve(&job.key);
        }
        world.pass(TimeDelta::days(2));
        check(&world, waiting.len(), &format!("seed {seed}, after {} yes", waiting.len()));
        for job in world.memory.journal().jobs() {
            // An invoice that was taken back half-way leaves a job that nobody but a person can end, by skipping it.
            let cancelled = job.needs_person() && has_cancelled(&world, job.key.agreement());
            let ended = matches!(
                job.state,
                JobState::Done { ending: Ending::Completed | Ending::Adopted | Ending::NotDue, .. }
            );
            assert!(ended || cancelled, "seed {seed}: {} is {:?}: {:#?}", job.key, job.state, world.story(&job.key));
        }
        assert_eq!(world.now().month(), 2, "the storm stays within the month");
    }
}
