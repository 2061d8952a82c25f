//! Promises 2, 6 and 7: only what the settings in force ask for, and a switch works at once.

use domain::{
    due::{Reading, Verdict},
    hold::HoldReason,
    job::{Ending, EventKind, JobState, StepName},
    settings::{Mode, Scope},
};
use serde_json::json;
use simulation::Call;

use super::world::{World, everything, monthly, whole_year, with};

#[test]
fn a_due_agreement_is_invoiced_booked_mailed_and_marked() {
    for reading in [Reading::NextPeriod, Reading::WholeTerm] {
        let world = World::new();
        let agreement = if reading == Reading::NextPeriod { monthly(7) } else { whole_year(7) };
        world.person().enter_agreement(&agreement, reading).unwrap();
        world.beat();
        assert_eq!(world.done(), [1, 1, 1, 1], "{reading:?}");
        assert_eq!(world.periods(), ["7 2026-02-01..2026-02-28"]);
        assert!(matches!(world.state(&world.february()), JobState::Done { ending: Ending::Completed, .. }));
        assert!(world.is_marked_sent(&world.created()[0]));
        let mail = world.memory.mailer().sent().remove(0);
        assert_eq!(mail.recipients, ["kund@kunden.example"]);
        assert!(mail.header("Reply-To").unwrap().contains("ekonomi@exempelbolaget.example"));
    }
}

#[test]
fn a_whole_way_leaves_a_whole_story() {
    let world = World::due();
    world.beat();
    let told: Vec<&str> = world
        .story(&world.february())
        .iter()
        .map(|kind| match kind {
            EventKind::Decided { .. } => "decided",
            EventKind::Intended { .. } => "intended",
            EventKind::Happened { .. } => "happened",
            EventKind::Finished { .. } => "finished",
            _ => "else",
        })
        .collect();
    let step = ["intended", "happened"];
    assert_eq!(told, [&["decided"][..], &step, &step, &step, &["finished"]].concat());
}

#[test]
fn month_after_month_each_is_invoiced_once() {
    for (agreement, reading) in [(monthly(7), Reading::NextPeriod), (whole_year(7), Reading::WholeTerm)] {
        let world = World::new();
        world.person().enter_agreement(&agreement, reading).unwrap();
        world.pass(chrono::TimeDelta::days(90));
        assert_eq!(
            world.periods(),
            [
                "7 2026-02-01..2026-02-28",
                "7 2026-03-01..2026-03-31",
                "7 2026-04-01..2026-04-30",
                "7 2026-05-01..2026-05-31"
            ],
            "{reading:?}"
        );
        assert_eq!(world.done(), [4, 4, 4, 4]);
    }
}

#[test]
fn what_the_settings_do_not_ask_for_is_not_done() {
    let cases = [
        (json!({"auto_book": false}), [1, 0, 1, 1]),
        (json!({"channel": "none"}), [1, 1, 0, 0]),
        (json!({"mode": "draft_only"}), [1, 0, 0, 0]),
        (json!({"mode": "preview"}), [0, 0, 0, 0]),
        (json!({"mode": "off"}), [0, 0, 0, 0]),
        (json!({"automatic": false}), [0, 0, 0, 0]),
    ];
    for (other, done) in cases {
        let world = World::with_profile(with(everything(), other.clone()));
        world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
        world.pass(chrono::TimeDelta::days(2));
        assert_eq!(world.done(), done, "{other}");
    }
}

#[test]
fn the_nearest_settings_count() {
    let world = World::due();
    world.put(&world.tenant, Scope::Customer("10".parse().unwrap()), json!({"auto_book": false}));
    world.put(&world.tenant, Scope::Agreement("7".parse().unwrap()), json!({"channel": "none"}));
    world.beat();
    assert_eq!(world.done(), [1, 0, 0, 0]);
}

#[test]
fn preview_decides_what_a_run_would_do_and_touches_nothing() {
    let preview = World::with_profile(with(everything(), json!({"mode": "preview", "max_invoices_per_day": 1})));
    let run = World::with_profile(with(everything(), json!({"max_invoices_per_day": 1})));
    for world in [&preview, &run] {
        world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
        world.person().enter_agreement(&monthly(8), Reading::NextPeriod).unwrap();
        world.scan_only();
    }
    let decisions = |world: &World| world.memory.journal().pages(&world.tenant).remove(0).decisions;
    assert_eq!(decisions(&preview), decisions(&run));
    assert!(matches!(decisions(&preview)[0].verdict, Verdict::Due(_)));
    assert_eq!((preview.memory.journal().jobs().len(), run.memory.journal().jobs().len()), (0, 2));
}

#[test]
fn a_switch_between_steps_works_at_once_and_back() {
    let world = World::due();
    world.scan_only();
    world.set_profile(with(everything(), json!({"mode": "off"})));
    world.beat();
    assert_eq!(world.done(), [0; 4]);
    let key = world.february();
    assert_eq!(world.held_for(&key), HoldReason::ModeForbids { step: StepName::Create, mode: Mode::Off });
    world.set_profile(everything());
    world.pass(chrono::TimeDelta::hours(2));
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_mode_that_changes_between_create_and_book_stops_there() {
    let world = World::due();
    world.scan_only();
    // The worker dies just before it books.
    world.memory.faults().next(Call::Book, simulation::Fault::Crash(simulation::When::Before));
    world.drain();
    assert_eq!(world.done(), [1, 0, 0, 0]);
    world.set_profile(with(everything(), json!({"mode": "preview"})));
    world.pass(chrono::TimeDelta::hours(3));
    assert_eq!(world.done(), [1, 0, 0, 0]);
    let key = world.february();
    assert_eq!(world.held_for(&key), HoldReason::ModeForbids { step: StepName::Book, mode: Mode::Preview });
    world.set_profile(everything());
    world.pass(chrono::TimeDelta::days(1));
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_mode_cannot_be_approved_away() {
    let world = World::due();
    world.scan_only();
    world.set_profile(with(everything(), json!({"mode": "preview"})));
    world.drain();
    world.approve(&world.february());
    world.drain();
    assert_eq!(world.done(), [0; 4]);
    assert!(matches!(world.held_for(&world.february()), HoldReason::ModeForbids { .. }));
}
