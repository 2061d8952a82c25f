//! Bugs about drafts that the simulation found.

use chrono::TimeDelta;
use simulation::{Call, Deed, DraftsPlan, Fault, Mark, PlannedDraft, When, run_drafts};

/// A company that sweeps each hour from eight in the morning, for six hours, and gives the numbers of gone drafts again.
fn company(drafts: Vec<PlannedDraft>) -> DraftsPlan {
    DraftsPlan {
        seed: 7,
        start: "2026-02-10T08:00:00Z".parse().unwrap(),
        lasts: TimeDelta::hours(6),
        workers: 1,
        sweep: "hourly",
        review: 0,
        shows_order_numbers: true,
        reuses_numbers: true,
        keeps_refusals: false,
        drafts,
        faults: Vec::new(),
        deeds: Vec::new(),
    }
}

/// A draft that is put there so many minutes after eight.
fn draft(minutes: i64, customer: u32, mark: Mark) -> PlannedDraft {
    let after = TimeDelta::minutes(minutes);
    PlannedDraft { after, customer, net: 100, days_ahead: 0, mark, has_lines: true }
}

/// Drafts we booked, mails, and jobs that wait for a person; no promise is broken.
fn figures(plan: &DraftsPlan) -> [usize; 3] {
    let outcome = run_drafts(plan);
    assert!(outcome.broken.is_empty(), "{:?}", outcome.broken);
    outcome.figures
}

/// What the integration said of a draft counted for the next one of its number, though the first was deleted.
#[test]
fn a_signal_does_not_outlive_its_draft() {
    let signalled = draft(1, 3, Mark::Signal(TimeDelta::minutes(5)));
    let mut plan = company(vec![signalled, draft(90, 1, Mark::Never)]);
    // The first is looked at at nine, and waits since its customer isn't flagged.
    plan.deeds = vec![(TimeDelta::minutes(80), Deed::Delete(0))];
    let [booked, mailed, waiting] = figures(&plan);
    assert_eq!([booked, mailed], [0, 0]);
    assert_eq!(waiting, 1, "whether the signal was for the second draft is for a person to say");
}

/// A signal that came while the first draft's job was still open was taken for one more of the first, and forgotten with it.
#[test]
fn a_signal_for_the_next_draft_of_a_number_is_not_lost() {
    let signalled = |minutes| draft(minutes, 3, Mark::Signal(TimeDelta::minutes(5)));
    let mut second = signalled(90);
    second.customer = 1;
    let mut plan = company(vec![signalled(1), second]);
    plan.deeds = vec![(TimeDelta::minutes(80), Deed::Book(0))];
    let [booked, mailed, waiting] = figures(&plan);
    assert_eq!(booked, mailed);
    assert_eq!(booked + waiting, 1);
}

/// The answer to the booking was lost, and the same request sent once more was refused for another reason: the invoice was taken
/// for a person's and never mailed.
#[test]
fn a_refused_replay_does_not_make_our_invoice_a_persons() {
    let mut plan = company(vec![draft(1, 1, Mark::Marker)]);
    let refused = Fault::Refused("Kunden er spærret.");
    plan.faults = vec![(Call::BookDraft, 1, Fault::Failed(When::After)), (Call::BookDraft, 2, refused)];
    assert_eq!(figures(&plan), [1, 1, 0]);
}

/// A key that is older than its life books once more: then only the invoice tells, and a person is asked whose doing it was.
#[test]
fn a_booking_is_not_asked_for_with_a_key_that_may_be_dead() {
    let mut plan = company(vec![draft(1, 1, Mark::Marker)]);
    // The answer is lost, and no heartbeat comes for an hour and a half.
    plan.faults = vec![(Call::BookDraft, 1, Fault::NoAnswer(When::After))];
    plan.deeds = vec![(TimeDelta::minutes(61), Deed::NoTicks(TimeDelta::minutes(95)))];
    assert_eq!(figures(&plan), [1, 0, 1]);
}
