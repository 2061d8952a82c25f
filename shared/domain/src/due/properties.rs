#![allow(clippy::unwrap_used)]
//! Years of days against a model accounting system of either reading.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::{
    agreement::{Agreement, AgreementStatus, LastInvoice},
    business_days::{BusinessDayRule, Country},
    hold::HoldReason,
    money::{Currency, Money},
    period::{Interval, Period},
};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn policy() -> DuePolicy {
    DuePolicy {
        automatic: true,
        reading: ReadingChoice::Auto,
        timing: Timing::Advance,
        days_before: 0,
        business_day: BusinessDayRule::SameDay,
        country: Country::SE,
        catch_up_periods: 1,
        invoice_date: InvoiceDateRule::RunDay,
        guards: Guards::default(),
    }
}

fn agreement(start: &str, end: &str, interval: u32) -> Agreement {
    Agreement {
        number: "1".parse().unwrap(),
        customer: "10".parse().unwrap(),
        status: AgreementStatus::Active,
        interval: Interval::try_from(interval).unwrap(),
        length_months: None,
        continuous: true,
        remaining: None,
        last_invoice_date: None,
        period: Period::new(date(start), date(end)).unwrap(),
        total: Money::new(Decimal::from(1000), Currency::SEK),
    }
}

fn verdict(agreement: &Agreement, policy: &DuePolicy, today: &str) -> Verdict {
    decide(agreement, None, policy, date(today), &[]).verdict
}

fn due_start(verdict: &Verdict) -> Option<NaiveDate> {
    match verdict {
        Verdict::Due(due) => Some(due.period.start()),
        _ => None,
    }
}

#[test]
fn due_is_on_or_before_today() {
    let a = agreement("2026-02-01", "2026-02-28", 1);
    assert!(
        matches!(verdict(&a, &policy(), "2026-01-31"), Verdict::NotYet { due_on, .. } if due_on == date("2026-02-01"))
    );
    for today in ["2026-02-01", "2026-02-02", "2026-02-28"] {
        assert_eq!(due_start(&verdict(&a, &policy(), today)), Some(date("2026-02-01")), "{today}");
    }
}

#[test]
fn days_before_arrears_and_business_days_move_the_date() {
    let a = agreement("2026-05-01", "2026-05-31", 1);
    let due_on = |policy: &DuePolicy| policy.due_on(a.period).unwrap().to_string();
    assert_eq!(due_on(&DuePolicy { days_before: 10, ..policy() }), "2026-04-21");
    assert_eq!(due_on(&DuePolicy { timing: Timing::Arrears, ..policy() }), "2026-06-01");
    // 1 May is a holiday in Sweden and a Friday in 2026.
    assert_eq!(due_on(&DuePolicy { business_day: BusinessDayRule::Previous, ..policy() }), "2026-04-30");
    assert_eq!(due_on(&DuePolicy { business_day: BusinessDayRule::Next, ..policy() }), "2026-05-04");
}

#[test]
fn catch_up_is_bounded_and_holds_beyond() {
    let a = agreement("2025-12-01", "2025-12-31", 1);
    let Verdict::Due(due) = verdict(&a, &policy(), "2026-01-05") else { panic!("one missed period is caught up") };
    assert_eq!((due.period.start(), due.more_due), (date("2025-12-01"), 1));
    let held = verdict(&a, &policy(), "2026-02-05");
    assert!(
        matches!(held, Verdict::Held { reason: HoldReason::TooFarBehind { missed: 2, allowed: 1 }, .. }),
        "{held:?}"
    );
    let Verdict::Held { reason, .. } = held else { panic!("held") };
    let approved = decide(&a, None, &policy(), date("2026-02-05"), &[reason]).verdict;
    assert_eq!(due_start(&approved), Some(date("2025-12-01")));
}

#[test]
fn what_does_not_run_is_skipped() {
    let a = agreement("2026-01-01", "2026-01-31", 1);
    let skip = |a: &Agreement, p: &DuePolicy| match verdict(a, p, "2026-06-01") {
        Verdict::Skipped { reason } => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(skip(&Agreement { status: AgreementStatus::Inactive, ..a.clone() }, &policy()), SkipReason::Inactive);
    assert_eq!(skip(&Agreement { status: AgreementStatus::Finished, ..a.clone() }, &policy()), SkipReason::Finished);
    let used_up = Agreement { continuous: false, remaining: Some(0), ..a.clone() };
    assert_eq!(skip(&used_up, &policy()), SkipReason::NoneRemaining);
    assert_eq!(skip(&a, &DuePolicy { automatic: false, ..policy() }), SkipReason::SwitchedOff);
}

#[test]
fn remaining_invoices_bound_what_counts_as_missed() {
    let a = Agreement { continuous: false, remaining: Some(2), ..agreement("2025-10-01", "2025-10-31", 1) };
    let Verdict::Due(due) = verdict(&a, &policy(), "2026-06-01") else { panic!("two remain, so one is missed") };
    assert_eq!(due.more_due, 1);
}

#[test]
fn guards_hold_and_approval_passes_them() {
    let a = agreement("2026-01-01", "2026-01-31", 1);
    let limit = |amount: i64| Guards {
        max_amount: BTreeMap::from([(Currency::SEK, Decimal::from(amount))]),
        ..Guards::default()
    };
    let reason = |a: &Agreement, guards: Guards, last: Option<i64>| {
        let last = last.map(|total| LastInvoice {
            period: Period::new(date("2025-12-01"), date("2025-12-31")).unwrap(),
            invoice_date: date("2025-12-01"),
            total: Money::new(Decimal::from(total), Currency::SEK),
            fields_before: Period::new(date("2025-12-01"), date("2025-12-31")).unwrap(),
        });
        match decide(a, last.as_ref(), &DuePolicy { guards, ..policy() }, date("2026-01-01"), &[]).verdict {
            Verdict::Held { reason, .. } => Some(reason),
            Verdict::Due(_) => None,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(reason(&a, limit(1000), None), None);
    assert!(matches!(reason(&a, limit(999), None), Some(HoldReason::AmountOverLimit { .. })));
    let euro = Agreement { total: Money::new(Decimal::ONE, "EUR".parse().unwrap()), ..a.clone() };
    assert!(matches!(reason(&euro, limit(999), None), Some(HoldReason::NoLimitForCurrency { .. })));
    let change = |percent: i64| Guards { max_change_percent: Some(Decimal::from(percent)), ..Guards::default() };
    assert_eq!(reason(&a, change(25), Some(800)), None, "exactly 25 % is allowed");
    assert!(matches!(reason(&a, change(24), Some(800)), Some(HoldReason::ChangeOverLimit { .. })));
    assert_eq!(reason(&a, change(1), None), None, "the first invoice has nothing to compare with");
    let nothing = Agreement { total: Money::new(Decimal::ZERO, Currency::SEK), ..a.clone() };
    assert!(matches!(reason(&nothing, Guards::default(), None), Some(HoldReason::NotPositive { .. })));
    let limited = DuePolicy { guards: Guards { max_change_percent: Some(Decimal::ONE), ..limit(1) }, ..policy() };
    let yes = reason(&a, limit(1), None).unwrap();
    assert!(due_start(&decide(&a, None, &limited, date("2026-01-01"), std::slice::from_ref(&yes)).verdict).is_some());
    let other = Agreement { total: Money::new(Decimal::from(2000), Currency::SEK), ..a.clone() };
    let held = decide(&other, None, &limited, date("2026-01-01"), &[yes]).verdict;
    assert!(matches!(held, Verdict::Held { .. }), "the yes was to another amount");
}

#[test]
fn the_day_cap_holds_what_is_over() {
    let a = agreement("2026-01-01", "2026-01-31", 1);
    let due = decide(&a, None, &policy(), date("2026-01-01"), &[]);
    let mut cap = DayCap::new(Some(3), 1);
    let held: Vec<bool> = (0..4).map(|_| matches!(cap.apply(due.clone()).verdict, Verdict::Held { .. })).collect();
    assert_eq!(held, [false, false, true, true]);
    assert_eq!(DayCap::new(None, 9).apply(due.clone()), due);
}

#[test]
fn auto_tells_the_readings_apart_by_the_fields() {
    let reading = |a: &Agreement| {
        let decision = decide(a, None, &policy(), date("2026-01-01"), &[]);
        (decision.reading, decision.reading_reason.unwrap())
    };
    let month = agreement("2026-01-01", "2026-01-31", 1);
    assert_eq!(reading(&month), (Some(Reading::NextPeriod), ReadingReason::SpanIsInterval));
    let year = Agreement { length_months: Some(12), continuous: false, ..agreement("2026-01-01", "2026-12-31", 1) };
    assert_eq!(reading(&year), (Some(Reading::WholeTerm), ReadingReason::SpanIsLength));
    let two_years = agreement("2025-01-01", "2026-12-31", 3);
    assert_eq!(reading(&two_years), (Some(Reading::WholeTerm), ReadingReason::SpanIsManyIntervals));
    let both = Agreement { length_months: Some(12), ..agreement("2026-01-01", "2026-12-31", 12) };
    assert_eq!(reading(&both), (None, ReadingReason::FitsBoth));
    assert_eq!(due_start(&verdict(&both, &policy(), "2026-01-01")), Some(date("2026-01-01")), "the readings agree");
}

#[test]
fn readings_that_differ_today_hold() {
    // Invoiced in February for a period registered as starting in February: either it has moved on, or it never does.
    let a = Agreement {
        length_months: Some(1),
        last_invoice_date: Some(date("2026-02-10")),
        ..agreement("2026-02-01", "2026-02-28", 1)
    };
    let held = verdict(&a, &policy(), "2026-02-12");
    assert!(matches!(held, Verdict::Held { due: Some(_), reason: HoldReason::AmbiguousPeriod }), "{held:?}");
    let chosen = DuePolicy { reading: ReadingChoice::NextPeriod, ..policy() };
    assert_eq!(due_start(&verdict(&a, &chosen, "2026-02-12")), Some(date("2026-02-01")));
    let chosen = DuePolicy { reading: ReadingChoice::WholeTerm, ..policy() };
    assert!(matches!(verdict(&a, &chosen, "2026-02-12"), Verdict::NotYet { .. }));
}

#[test]
fn a_day_of_overlap_between_two_periods_is_no_second_invoice() {
    // As somebody typed it: 31 January to 28 February, then from 28 February.
    let a = agreement("2026-02-28", "2026-03-31", 1);
    let last = |start, end| LastInvoice {
        period: Period::new(date(start), date(end)).unwrap(),
        invoice_date: date("2026-01-31"),
        total: a.total,
        fields_before: Period::new(date(start), date(end)).unwrap(),
    };
    let next = DuePolicy { reading: ReadingChoice::NextPeriod, ..policy() };
    let verdict = |last| decide(&a, Some(&last), &next, date("2026-03-01"), &[]).verdict;
    assert!(matches!(verdict(last("2026-01-31", "2026-02-28")), Verdict::Due(_)));
    let held = verdict(last("2026-02-15", "2026-03-14"));
    assert!(matches!(held, Verdict::Held { reason: HoldReason::OverlapsLast { .. }, .. }), "{held:?}");
}

#[test]
fn an_early_invoice_by_hand_under_the_whole_term_reading_is_asked_about() {
    let a = Agreement {
        length_months: Some(12),
        last_invoice_date: Some(date("2026-01-30")),
        ..agreement("2026-01-01", "2026-12-31", 1)
    };
    let held = verdict(&a, &policy(), "2026-02-01");
    assert!(matches!(held, Verdict::Held { reason: HoldReason::PerhapsInvoicedByHand { .. }, .. }), "{held:?}");
}

/// A model accounting system that follows one reading, and an honest journal.
#[derive(Debug)]
struct Model {
    agreement: Agreement,
    last: Option<LastInvoice>,
    moves: bool,
    anchor: NaiveDate,
    made: u32,
    invoiced: Vec<(NaiveDate, DuePeriod)>,
}

impl Model {
    fn scan(&mut self, policy: &DuePolicy, today: NaiveDate) -> Option<Verdict> {
        let verdict = decide(&self.agreement, self.last.as_ref(), policy, today, &[]).verdict;
        let Verdict::Due(due) = verdict else { return Some(verdict) };
        self.last = Some(LastInvoice {
            period: due.period,
            invoice_date: due.invoice_date.unwrap_or(today),
            total: self.agreement.total,
            fields_before: self.agreement.period,
        });
        self.made += 1;
        self.agreement.last_invoice_date = Some(due.invoice_date.unwrap_or(today));
        if self.moves {
            self.agreement.period = Period::nth(self.anchor, self.agreement.interval, self.made).unwrap();
        }
        self.invoiced.push((today, due));
        None
    }
}

fn any_policy() -> impl Strategy<Value = DuePolicy> {
    (any::<bool>(), 0u16..40, 0usize..3, 0usize..4, any::<bool>()).prop_map(
        |(arrears, days_before, rule, country, run_day)| DuePolicy {
            timing: if arrears { Timing::Arrears } else { Timing::Advance },
            days_before,
            business_day: [BusinessDayRule::SameDay, BusinessDayRule::Previous, BusinessDayRule::Next][rule],
            country: [Country::SE, Country::DK, Country::NO, Country::FI][country],
            invoice_date: if run_day { InvoiceDateRule::RunDay } else { InvoiceDateRule::PeriodStart },
            ..policy()
        },
    )
}

prop_compose! {
    fn any_model()(day in 0u64..1500, interval in prop::sample::select(vec![1u32, 2, 3, 4, 6, 12]), moves in any::<bool>()) -> Model {
        let anchor = date("2024-01-01").checked_add_days(Days::new(day)).unwrap();
        let months = Interval::try_from(interval).unwrap();
        let period = if moves {
            Period::nth(anchor, months, 0).unwrap()
        } else {
            Period::nth(anchor, Interval::try_from(120).unwrap(), 0).unwrap()
        };
        let start = agreement("2026-01-01", "2026-01-31", interval);
        let length_months = (!moves).then_some(120);
        Model { agreement: Agreement { length_months, period, ..start }, last: None, moves, anchor, made: 0, invoiced: Vec::new() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Three years of daily scans, some of them skipped: every period once, in order, without a gap, never early.
    #[test]
    fn every_period_is_invoiced_once_and_in_order(mut model in any_model(), policy in any_policy(), skipped in prop::collection::vec(0u64..1100, 0..60)) {
        let first_due = policy.due_on(Period::nth(model.anchor, model.agreement.interval, 0).unwrap()).unwrap();
        let begin = first_due.checked_sub_days(Days::new(5)).unwrap();
        for day in (0..1100u64).filter(|day| !skipped.contains(day)) {
            let today = begin.checked_add_days(Days::new(day)).unwrap();
            // Scan until nothing more is due that day.
            let rest = loop {
                if let Some(verdict) = model.scan(&policy, today) {
                    break verdict;
                }
            };
            prop_assert!(matches!(rest, Verdict::NotYet { .. }), "{:?} on {}", rest, today);
        }
        let end = begin.checked_add_days(Days::new(1099)).unwrap();
        for (n, (run_day, due)) in model.invoiced.iter().enumerate() {
            let wanted = Period::nth(model.anchor, model.agreement.interval, u32::try_from(n).unwrap()).unwrap();
            prop_assert_eq!(due.period, wanted);
            prop_assert!(due.due_on <= *run_day);
        }
        let next = Period::nth(model.anchor, model.agreement.interval, u32::try_from(model.invoiced.len()).unwrap()).unwrap();
        prop_assert!(policy.due_on(next).unwrap() > end || skipped.contains(&1099), "{} is missing", next);
    }

    /// Scanning again the same day finds nothing more than what is due.
    #[test]
    fn a_repeated_scan_decides_the_same(model in any_model(), policy in any_policy(), day in 0u64..900) {
        let today = model.anchor.checked_add_days(Days::new(day)).unwrap();
        let once = decide(&model.agreement, model.last.as_ref(), &policy, today, &[]);
        prop_assert_eq!(&once, &decide(&model.agreement, model.last.as_ref(), &policy, today, &[]));
        prop_assert_eq!(&once, &serde_json::from_str::<Decision>(&serde_json::to_string(&once).unwrap()).unwrap());
    }
}
