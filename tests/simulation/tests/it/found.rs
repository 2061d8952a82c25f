//! Bugs that the simulation found, each as a story that anybody can follow. The docs list them.

mod digests;
mod drafts;
mod plans;

use chrono::TimeDelta;
use domain::{
    agreement::Agreement,
    due::{Reading, Verdict},
    hold::HoldReason,
    job::JobState,
};
use serde_json::json;
use simulation::{Act, Call, Fault, Quirks, Run, When};

use self::plans::{create_by_hand, effects, held_for, one_company, set_profile};
use crate::scenarios::world::{World, agreement_number, everything, monthly, period, whole_year, with};

/// Fortnox made the invoice of another period than was due, and it was booked and mailed as if it were the right one.
#[test]
fn an_invoice_for_other_dates_waits_for_a_look() {
    let world = World::new();
    // By Fortnox's own count February is invoiced already.
    world.person().enter_agreement_in_use(&whole_year(7), Reading::WholeTerm, 1).unwrap();
    world.pass(TimeDelta::days(2));
    assert_eq!(world.periods(), ["7 2026-03-01..2026-03-31"]);
    assert_eq!(world.done(), [1, 0, 0, 0]);
    let reason = world.held_for(&world.february());
    let (made, wanted) = (period("2026-03-01", "2026-03-31"), period("2026-02-01", "2026-02-28"));
    assert!(matches!(&reason, HoldReason::OtherPeriod { made: it, wanted: was, .. } if (*it, *was) == (made, wanted)));
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.done(), [1; 4]);
}

/// Under the whole-term reading nothing shows that a person invoiced the next period weeks ahead; the one after it was made.
#[test]
fn a_period_invoiced_weeks_ahead_by_hand_is_asked_about() {
    let world = World::new();
    world.person().enter_agreement(&whole_year(7), Reading::WholeTerm).unwrap();
    world.pass(TimeDelta::days(3));
    world.person().create(&agreement_number(7)).unwrap();
    world.pass(TimeDelta::days(30));
    assert_eq!(world.created().len(), 1, "{:?}", world.periods());
    assert_eq!(world.held_for(&world.key(7, "2026-03-01")).code(), "perhaps_invoiced_by_hand");
}

/// The same on the very day of our own invoice, when not even the date of the newest invoice shows it.
#[test]
fn a_period_invoiced_by_hand_on_the_day_of_ours_is_found() {
    for names_periods in [true, false] {
        let world = World::new();
        world.memory.fortnox().switch(&world.tenant, |switches| switches.fill_invoice_period = names_periods);
        world.person().enter_agreement(&whole_year(7), Reading::WholeTerm).unwrap();
        world.beat();
        world.person().create(&agreement_number(7)).unwrap();
        world.pass(TimeDelta::days(30));
        assert_eq!(world.created().len(), 1, "{:?}", world.periods());
        let march = world.state(&world.key(7, "2026-03-01"));
        let adopted_or_asked = match &march {
            JobState::Done { .. } => names_periods,
            JobState::Held { reason, .. } => reason.code() == "perhaps_invoiced_by_hand" && !names_periods,
            _ => false,
        };
        assert!(adopted_or_asked, "{march:?}");
    }
}

/// A person and a late call of ours made one invoice each. Theirs was taken for ours, and ours was known to nobody.
#[test]
fn a_person_who_is_faster_than_our_call_is_asked_which_is_which() {
    let mut plan = one_company(&monthly(7), everything());
    let late = Fault::Late(TimeDelta::seconds(60));
    plan.troubles.push(plans::first_and(Call::CreateInvoice, late, TimeDelta::seconds(20), create_by_hand()));
    let outcome = Run::of(&plan);
    assert_eq!(outcome.broken, []);
    assert_eq!(effects(&outcome), ["created 2026-02-01 by Person", "created 2026-03-01 by App"]);
    assert_eq!(held_for(&outcome, "2026-02-01"), ["outcome_unknown"]);
}

/// Two jobs of one agreement were worked on at once: one made an invoice, the other took the very same one for a person's.
#[test]
fn two_jobs_of_one_agreement_do_not_take_one_invoice() {
    let late = Agreement { period: period("2025-11-01", "2025-11-30"), ..monthly(7) };
    let mut plan = one_company(&late, with(everything(), json!({"catch_up_periods": 0})));
    // One job for November waits for a person; who moves the agreement on, so that one for December waits as well.
    plan.tenants[0].quirks.hides_periods = true;
    let a_day_later = TimeDelta::hours(24);
    plan.lasts = TimeDelta::hours(30);
    plan.troubles
        .push(plans::after_seconds(a_day_later.num_seconds() - 3600, Act::MovePeriod { tenant: 1, agreement: 7 }));
    for seed in 0..50 {
        plan.seed = seed;
        let outcome = Run::of(&plan);
        assert_eq!(outcome.broken, [], "seed {seed}");
    }
}

/// A worker that was held up between reading the settings and acting went by what had been switched off meanwhile.
#[test]
fn a_switch_works_on_a_worker_that_was_held_up() {
    let calls = [Call::Agreement, Call::History, Call::Customer, Call::Pdf];
    for call in calls {
        let mut plan = one_company(&monthly(7), everything());
        plan.troubles.push(plans::first(call, Fault::Slow(When::After, TimeDelta::seconds(400))));
        plan.troubles.push(plans::after_seconds(330, set_profile(with(everything(), json!({"mode": "off"})))));
        plan.ends_slow_workers = false;
        let outcome = Run::of(&plan);
        assert_eq!(outcome.broken, [], "{call:?}");
    }
}

/// Skipping a job forgot what a person had said yes to before, which the invoice that was made rested on.
#[test]
fn a_skipped_job_still_says_what_was_said_yes_to() {
    let world = World::with_profile(with(everything(), json!({"max_amount": {"SEK": 500}})));
    world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
    world.beat();
    world.approve(&world.february());
    world.memory.faults().next(Call::SendMail, Fault::NoAnswer(When::After));
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.done(), [1, 1, 1, 0]);
    world.skip(&world.february());
    let job = world.job(&world.february());
    assert!(job.approved().iter().any(|reason| reason.code() == "amount_over_limit"), "{:?}", job.approval);
    assert!(world.memory.journal().job(&world.february()).is_some());
}

/// Under a limit for the day, preview counted agreements whose jobs wait for a person, which a run doesn't.
#[test]
fn preview_counts_for_the_day_what_a_run_counts() {
    let decided = |mode: &str| {
        let limited = |mode: &str| with(everything(), json!({"max_invoices_per_day": 1, "mode": mode}));
        let world = World::with_profile(limited("full"));
        world.person().enter_agreement(&monthly(1), Reading::NextPeriod).unwrap();
        world.memory.faults().next(Call::CreateInvoice, Fault::Refused("Kunden är spärrad."));
        world.beat();
        assert!(matches!(world.state(&world.key(1, "2026-02-01")), JobState::Failed { .. }));
        world.person().enter_agreement(&monthly(2), Reading::NextPeriod).unwrap();
        world.set_profile(limited(mode));
        world.pass(TimeDelta::days(1));
        world.memory.journal().pages(&world.tenant).pop().unwrap().decisions
    };
    let run = decided("full");
    assert!(run.iter().all(|decision| matches!(decision.verdict, Verdict::Due(_))), "{run:?}");
    assert_eq!(decided("preview"), run);
}

/// Where invoices name no period, one that a person had made in the morning was taken for ours, whose call had failed, and mailed.
#[test]
fn an_invoice_made_by_hand_in_the_morning_is_not_taken_for_ours() {
    let world = World::with_profile(with(everything(), json!({"catch_up_periods": 1})));
    world.memory.fortnox().switch(&world.tenant, |switches| switches.fill_invoice_period = false);
    let january = Agreement { period: period("2026-01-01", "2026-01-31"), ..monthly(7) };
    world.person().enter_agreement(&january, Reading::NextPeriod).unwrap();
    world.person().create(&agreement_number(7)).unwrap();
    world.memory.faults().next(Call::CreateInvoice, Fault::NoAnswer(When::Before));
    world.pass(TimeDelta::hours(2));
    assert_eq!(world.periods(), ["7 2026-01-01..2026-01-31"]);
    assert_eq!(world.done(), [0; 4]);
    assert_eq!(world.held_for(&world.february()).code(), "outcome_unknown");
}

/// A person was faster than our call, which made the next period's invoice. It named no period, and was booked and mailed early.
#[test]
fn an_invoice_that_names_no_period_goes_on_only_if_the_agreement_moved_by_one() {
    for answers_with_contract in [true, false] {
        let mut plan = one_company(&monthly(7), everything());
        plan.tenants[0].quirks = Quirks { hides_periods: true, answers_with_contract, ..Quirks::NONE };
        let slow = Fault::Slow(When::Before, TimeDelta::seconds(15));
        plan.troubles.push(plans::first_and(
            Call::CreateInvoice,
            slow,
            TimeDelta::seconds(5),
            Act::MovePeriod { tenant: 1, agreement: 7 },
        ));
        let outcome = Run::of(&plan);
        assert_eq!(outcome.broken, []);
        assert_eq!(held_for(&outcome, "2026-02-01").first(), Some(&"outcome_unknown"));
    }
}

/// What can never be read was taken up by every scan, and looked for so long that it hardly ever stood with those who wait.
#[test]
fn what_cannot_be_read_for_days_goes_on_waiting_for_a_person() {
    let mut plan = one_company(&monthly(7), everything());
    plan.troubles.push(plans::after_seconds(0, Act::Outage { tenant: 1, path: "/3/contracts/7" }));
    plan.lasts = TimeDelta::days(3);
    let outcome = Run::of(&plan);
    assert_eq!(outcome.broken, []);
    let held = held_for(&outcome, "2026-02-01");
    assert!(held.len() >= 3 && held.iter().all(|code| *code == "too_many_attempts"), "{held:?}");
}

/// A worker that was held up between announcing a mail and sending it didn't send it, and yet a person was asked whether it went.
#[test]
fn a_worker_that_comes_too_late_for_its_call_asks_nobody() {
    let mut mails = 0;
    for nth in 1..=12 {
        let mut plan = one_company(&monthly(7), everything());
        let fault = Fault::Slow(When::After, TimeDelta::seconds(12));
        plan.troubles.push(simulation::Trouble::Fault { call: Call::Save, nth, fault, meanwhile: Vec::new() });
        let outcome = Run::of(&plan);
        assert_eq!(outcome.broken, [], "{nth}");
        assert_eq!(held_for(&outcome, "2026-02-01"), [""; 0], "{nth}");
        mails += outcome.evidence.mails.len();
    }
    assert_eq!(mails, 12);
}

/// A person and a call of ours on its way each made an invoice that names no period, and a person was asked. The period after it was
/// invoiced all the same, although one of the two was for it: ours counted as placed.
#[test]
fn an_invoice_of_ours_that_nobody_can_place_holds_the_next_period() {
    let mut plan = one_company(&whole_year(7), everything());
    let agreement = &mut plan.tenants[0].agreements[0];
    (agreement.reading, agreement.length, agreement.made_before) = (Reading::WholeTerm, Some(12), 1);
    agreement.last_invoice_date = Some("2026-01-01".parse().unwrap());
    plan.tenants[0].quirks = Quirks { hides_periods: true, ..Quirks::NONE };
    let slow = Fault::Slow(When::Before, TimeDelta::seconds(19));
    plan.troubles.push(plans::first_and(Call::CreateInvoice, slow, TimeDelta::seconds(2), create_by_hand()));
    plan.lasts = TimeDelta::days(40);
    let outcome = Run::of(&plan);
    assert_eq!(outcome.broken, []);
    assert_eq!(held_for(&outcome, "2026-02-01").first(), Some(&"outcome_unknown"));
    assert_eq!(held_for(&outcome, "2026-03-01").first(), Some(&"perhaps_invoiced_by_hand"));
}

/// A job that waited for a person's yes met an old message while the settings were broken. From then on it waited for the settings
/// alone, and was booked and mailed once they were mended, although nobody had said yes.
#[test]
fn a_job_that_waits_for_a_yes_does_not_come_to_wait_for_the_settings() {
    let world = World::new();
    world.person().enter_agreement_in_use(&whole_year(7), Reading::WholeTerm, 1).unwrap();
    world.pass(TimeDelta::days(1));
    assert_eq!(world.held_for(&world.february()).code(), "other_period");
    world.set_profile(json!({"mode": "fulll"}));
    let _ = world.book_message(&world.february());
    world.drain();
    world.set_profile(everything());
    world.pass(TimeDelta::days(1));
    assert_eq!(world.held_for(&world.february()).code(), "other_period");
    assert_eq!(world.done(), [1, 0, 0, 0]);
}
