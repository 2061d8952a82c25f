//! When a draft is finished.

use chrono::TimeDelta;

use super::{at, dkk, draft};
use crate::{
    draft::{Circumstances, Draft, DraftPolicy, DraftVerdict, FinishedBy, Markers, Passed, Sign, Unfinished, decide},
    due::Guards,
    hold::HoldReason,
    money::{Currency, Money},
};

fn policy(ways: &[FinishedBy]) -> DraftPolicy {
    DraftPolicy {
        automatic: true,
        finished_by: ways.to_vec(),
        markers: Markers { reference: Some("#send".to_owned()), layout: Some(21), heading: Some("FÆRDIG".to_owned()) },
        quiet: TimeDelta::minutes(60),
        hold_word: Some("#vent".to_owned()),
        guards: Guards::default(),
    }
}

fn seen() -> Circumstances<'static> {
    let now = at("2026-01-15T12:00:00Z");
    Circumstances { signalled_at: None, of_subscription: false, today: now.date_naive(), now, approved: &[] }
}

/// An edit, and the hold that it leads to.
type Case = (fn(&mut Draft), HoldReason);

const SIGNALLED: &str = "2026-01-15T11:59:00Z";

fn signalled() -> Circumstances<'static> {
    Circumstances { signalled_at: Some(at(SIGNALLED)), ..seen() }
}

fn verdict(draft: &Draft, policy: &DraftPolicy, seen: Circumstances<'_>) -> DraftVerdict {
    decide(draft, policy, seen).verdict
}

fn finished(sign: Sign) -> DraftVerdict {
    DraftVerdict::Finished { sign }
}

fn unfinished(why: Unfinished) -> DraftVerdict {
    DraftVerdict::Unfinished { why }
}

fn ready() -> Sign {
    Sign::ReadySignal { at: at(SIGNALLED) }
}

#[test]
fn without_a_sign_nothing_is_finished() {
    use FinishedBy::{Marker, ReadySignal, Subscription};
    for ways in [&[][..], &[ReadySignal], &[Marker], &[Subscription], &[ReadySignal, Marker, Subscription]] {
        assert_eq!(verdict(&draft(), &policy(ways), seen()), unfinished(Unfinished::NoSign), "{ways:?}");
    }
}

#[test]
fn a_sign_counts_only_where_the_company_goes_by_it() {
    use FinishedBy::{Marker, QuietTime, ReadySignal, Subscription};
    assert_eq!(verdict(&draft(), &policy(&[ReadySignal]), signalled()), finished(ready()));
    assert_eq!(verdict(&draft(), &policy(&[Marker]), signalled()), unfinished(Unfinished::SignalNotAsked));
    let of_run = Circumstances { of_subscription: true, ..seen() };
    assert_eq!(verdict(&draft(), &policy(&[Subscription]), of_run), finished(Sign::Subscription));
    assert_eq!(verdict(&draft(), &policy(&[ReadySignal]), of_run), unfinished(Unfinished::NoSign));
    let quiet = finished(Sign::QuietTime { since: at("2026-01-15T08:00:00Z") });
    assert_eq!(verdict(&draft(), &policy(&[QuietTime]), seen()), quiet);
    // What knows goes before what guesses.
    assert_eq!(verdict(&draft(), &policy(&[QuietTime, ReadySignal]), signalled()), finished(ready()));
}

#[test]
fn each_marker_counts_by_itself() {
    let marked = |change: fn(&mut Draft)| {
        let mut draft = draft();
        change(&mut draft);
        verdict(&draft, &policy(&[FinishedBy::Marker]), seen())
    };
    let by = |setting: &str| finished(Sign::Marker { setting: setting.to_owned() });
    assert_eq!(marked(|draft| draft.texts.reference = Some("PO 7 #Send".to_owned())), by("marker_reference"));
    assert_eq!(marked(|draft| draft.layout = Some(21)), by("marker_layout"));
    assert_eq!(marked(|draft| draft.texts.heading = Some("Hermed: færdig".to_owned())), by("marker_heading"));
    // Each in its own place only.
    assert_eq!(marked(|draft| draft.texts.first = Some("#send".to_owned())), unfinished(Unfinished::NoSign));
}

#[test]
fn quiet_time_counts_whole_minutes_from_the_end_of_the_one_that_is_told() {
    let mut draft = draft();
    let until = at("2026-01-15T12:00:00Z");
    draft.touched_at = Some(at("2026-01-15T10:59:00Z"));
    let quiet = policy(&[FinishedBy::QuietTime]);
    let by = |now: &str| verdict(&draft, &quiet, Circumstances { now: at(now), ..seen() });
    assert_eq!(by("2026-01-15T11:59:59Z"), unfinished(Unfinished::Touched { until }));
    assert_eq!(by("2026-01-15T12:00:00Z"), finished(Sign::QuietTime { since: at("2026-01-15T10:59:00Z") }));
    draft.touched_at = None;
    assert_eq!(verdict(&draft, &quiet, seen()), unfinished(Unfinished::NoSign));
}

#[test]
fn a_date_ahead_and_a_hold_word_stop_whatever_sign_there_is() {
    let all = policy(&[FinishedBy::ReadySignal, FinishedBy::QuietTime]);
    let mut ahead = draft();
    ahead.print.date = "2026-01-16".parse().unwrap();
    let date = ahead.print.date;
    assert_eq!(verdict(&ahead, &all, signalled()), unfinished(Unfinished::DateAhead { date }));
    assert_eq!(verdict(&ahead, &all, seen()), unfinished(Unfinished::DateAhead { date }));
    let holds: [fn(&mut Draft, String); 4] = [
        |draft, word| draft.texts.reference = Some(word),
        |draft, word| draft.texts.heading = Some(word),
        |draft, word| draft.texts.first = Some(word),
        |draft, word| draft.texts.second = Some(word),
    ];
    for hold in holds {
        let mut draft = draft();
        hold(&mut draft, "ring først – #VENT!".to_owned());
        assert_eq!(verdict(&draft, &all, signalled()), DraftVerdict::Passed { why: Passed::HoldWord });
    }
}

#[test]
fn a_customer_that_is_not_flagged_is_left_alone_unless_somebody_signals() {
    let off = DraftPolicy { automatic: false, ..policy(&[FinishedBy::ReadySignal, FinishedBy::QuietTime]) };
    assert_eq!(verdict(&draft(), &off, seen()), DraftVerdict::Passed { why: Passed::NotFlagged });
    assert_eq!(
        verdict(&draft(), &off, signalled()),
        DraftVerdict::Held { sign: ready(), reason: HoldReason::NotFlagged }
    );
}

#[test]
fn what_can_be_no_invoice_yet_is_held_and_says_why() {
    let mut ways = policy(&[FinishedBy::ReadySignal]);
    ways.guards.max_amount.insert(Currency::DKK, 1000.into());
    let incomplete = |problem: &str| HoldReason::DraftIncomplete { problem: problem.to_owned() };
    let over = |amount| HoldReason::AmountOverLimit { total: dkk(amount), limit: dkk(1000) };
    let euro = Money::new(10.into(), "EUR".parse().unwrap());
    let cases: [Case; 5] = [
        (|draft| draft.priced_lines = Some(0), incomplete("has no line with a price")),
        (|draft| draft.print.gross = dkk(0), incomplete("amounts to 0.00 DKK")),
        (|draft| draft.print.gross = dkk(1250), over(1250)),
        (|draft| draft.print.gross = dkk(-1250), over(1250)),
        (
            |draft| draft.print.gross.currency = "EUR".parse().unwrap(),
            HoldReason::NoLimitForCurrency { currency: euro.currency },
        ),
    ];
    for (change, reason) in cases {
        let mut draft = draft();
        change(&mut draft);
        let held = DraftVerdict::Held { sign: ready(), reason: reason.clone() };
        assert_eq!(verdict(&draft, &ways, signalled()), held);
        let approved = Circumstances { approved: &[reason], ..signalled() };
        assert_eq!(verdict(&draft, &ways, approved), finished(ready()));
    }
    // A credit note within the limit is an invoice like any other, and a list's row is judged by what it shows.
    let mut credit = draft();
    credit.print.gross = dkk(-900);
    credit.priced_lines = None;
    assert_eq!(verdict(&credit, &ways, signalled()), finished(ready()));
}
