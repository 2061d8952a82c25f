//! What is seen after a call, and what it proves.
#![allow(clippy::unwrap_used)]

use chrono::TimeDelta;

use super::*;
use crate::{agreement::AgreementStatus, money::Currency, period::Interval};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn month(start: &str) -> Period {
    Period::nth(date(start), Interval::MONTHLY, 0).unwrap()
}

fn announced() -> DateTime<Utc> {
    "2026-02-01T05:00:00Z".parse().unwrap()
}

/// How the agreement was when the call was announced.
fn before() -> Agreement {
    Agreement {
        number: "7".parse().unwrap(),
        customer: "10".parse().unwrap(),
        status: AgreementStatus::Active,
        interval: Interval::MONTHLY,
        length_months: None,
        continuous: true,
        remaining: None,
        last_invoice_date: Some(date("2026-01-01")),
        period: month("2026-02-01"),
        total: Money::new(100.into(), Currency::SEK),
    }
}

/// How it is after an invoice.
fn after() -> Agreement {
    Agreement { last_invoice_date: Some(date("2026-02-01")), period: month("2026-03-01"), ..before() }
}

fn intent() -> CreateIntent {
    let Agreement { period: fields, last_invoice_date, remaining, .. } = before();
    let today = date("2026-02-01");
    CreateIntent { fields, last_invoice_date, remaining, invoice_date: None, today, answered: None }
}

fn invoice(number: &str, period: Option<&str>) -> FoundInvoice {
    FoundInvoice {
        number: number.parse().unwrap(),
        invoice_date: date("2026-02-01"),
        period: period.map(month),
        total: before().total,
        cancelled: false,
    }
}

/// The system said so, and not which.
const ANSWERED: Call = Call::Answered { with: None };

fn judge(call: &Call, seconds: i64, agreement: &Agreement, found: &[FoundInvoice]) -> Verdict<FoundInvoice> {
    judge_look(call, seconds, Look { agreement, found, explained: None })
}

fn judge_look(call: &Call, seconds: i64, look: Look<'_>) -> Verdict<FoundInvoice> {
    let now = announced() + TimeDelta::seconds(seconds);
    judge_create(&intent(), call, announced(), now, month("2026-02-01"), look)
}

/// A second before a call that nobody answered can't be on its way any more.
fn nearly_settled() -> i64 {
    SETTLED_AFTER.num_seconds() - 1
}

/// What is seen once no call can be on its way any more.
fn in_the_end(agreement: &Agreement, found: &[FoundInvoice]) -> Verdict<FoundInvoice> {
    judge(&Call::Unanswered, SETTLED_AFTER.num_seconds(), agreement, found)
}

#[test]
fn nothing_is_proven_while_the_call_may_be_on_its_way() {
    let settled = announced() + SETTLED_AFTER;
    let february = invoice("1001", Some("2026-02-01"));
    for (agreement, found) in [(before(), vec![]), (after(), vec![february]), (after(), vec![])] {
        let seen = judge(&Call::Unanswered, nearly_settled(), &agreement, &found);
        assert_eq!(seen, Verdict::TooEarly(settled));
    }
}

#[test]
fn what_was_answered_is_found_at_once_or_waited_for() {
    let february = invoice("1001", Some("2026-02-01"));
    let found = judge(&ANSWERED, 1, &after(), std::slice::from_ref(&february));
    assert_eq!(found, Verdict::Happened(february));
    let not_to_be_seen_yet = judge(&ANSWERED, 1, &before(), &[]);
    assert_eq!(not_to_be_seen_yet, Verdict::TooEarly(announced() + SETTLED_AFTER));
}

#[test]
fn one_invoice_that_fits_is_ours() {
    for period in [None, Some("2026-02-01")] {
        let february = invoice("1001", period);
        assert_eq!(in_the_end(&after(), std::slice::from_ref(&february)), Verdict::Happened(february));
    }
}

#[test]
fn an_untouched_agreement_without_an_invoice_proves_that_nothing_happened() {
    assert_eq!(in_the_end(&before(), &[]), Verdict::NotHappened);
    let taken_back = FoundInvoice { cancelled: true, ..invoice("1001", Some("2026-02-01")) };
    assert_eq!(in_the_end(&before(), &[taken_back]), Verdict::NotHappened);
}

#[test]
fn an_agreement_that_moved_without_an_invoice_cannot_be_told() {
    let fewer_left = Agreement { remaining: Some(4), ..before() };
    let newer = Agreement { last_invoice_date: Some(date("2026-02-01")), ..before() };
    let taken_back = FoundInvoice { cancelled: true, ..invoice("1001", Some("2026-02-01")) };
    for agreement in [after(), fewer_left, newer] {
        for found in [vec![], vec![taken_back.clone()]] {
            let seen = in_the_end(&agreement, &found);
            assert!(matches!(seen, Verdict::CannotTell(_)), "{seen:?}");
        }
    }
}

#[test]
fn two_invoices_are_for_a_person_to_tell_apart() {
    let february = invoice("1001", Some("2026-02-01"));
    for other in [invoice("1002", Some("2026-02-01")), invoice("1002", None), invoice("1002", Some("2026-03-01"))] {
        let seen = in_the_end(&after(), &[february.clone(), other]);
        assert!(matches!(&seen, Verdict::Ask(words) if words.contains("1001") && words.contains("1002")), "{seen:?}");
    }
}

#[test]
fn the_only_invoice_is_ours_even_where_it_is_for_other_dates() {
    let march = invoice("1001", Some("2026-03-01"));
    assert_eq!(in_the_end(&after(), std::slice::from_ref(&march)), Verdict::Happened(march.clone()));
    assert_eq!(other_period(&march, month("2026-02-01")), Some(month("2026-03-01")));
}

fn asked_about(verdict: &Verdict<FoundInvoice>, number: &str) -> bool {
    matches!(verdict, Verdict::Ask(words) if words.contains(number))
}

#[test]
fn an_invoice_that_may_have_been_there_before_is_asked_about() {
    let (theirs, ours, after) = (invoice("1001", None), invoice("1002", None), after());
    let explained = Some(theirs.invoice_date);
    let two = [theirs, ours];
    for found in [&two[..1], &two] {
        let look = Look { agreement: &after, found, explained };
        for call in [&Call::Unanswered, &ANSWERED] {
            assert!(asked_about(&judge_look(call, SETTLED_AFTER.num_seconds(), look), "1001"));
        }
    }
    let named = Call::Answered { with: Some("1002".parse().unwrap()) };
    let look = Look { agreement: &after, found: &two, explained };
    assert_eq!(judge_look(&named, 1, look), Verdict::Happened(two[1].clone()));
}

#[test]
fn an_invoice_without_a_period_is_ours_only_if_the_agreement_moved_by_just_one() {
    let nameless = [invoice("1001", None)];
    assert!(asked_about(&in_the_end(&before(), &nameless), "1001"), "it stands as before");
    assert_eq!(judge(&ANSWERED, 1, &before(), &nameless), Verdict::Happened(nameless[0].clone()));
    let further = Agreement { period: month("2026-04-01"), ..after() };
    assert!(asked_about(&in_the_end(&further, &nameless), "1001"));
    assert!(asked_about(&judge(&ANSWERED, 1, &further, &nameless), "1001"));
    let about_one = Agreement { period: Period::new(date("2026-02-28"), date("2026-03-28")).unwrap(), ..after() };
    assert_eq!(in_the_end(&about_one, &nameless), Verdict::Happened(nameless[0].clone()));
    let february = [invoice("1001", Some("2026-02-01"))];
    assert_eq!(in_the_end(&further, &february), Verdict::Happened(february[0].clone()));
}

/// Where Fortnox may have mailed without leaving a mark, nothing is ever sent a second time unasked.
#[test]
fn a_delivery_without_a_mark_is_asked_about_unless_a_mark_is_sure_to_be_left() {
    let at = |seconds| announced() + TimeDelta::seconds(seconds);
    let judged = |marked, proves, seconds| judge_delivery(marked, proves, at(0), at(seconds));
    let settled = SETTLED_AFTER.num_seconds();
    for proves in [false, true] {
        assert_eq!(judged(true, proves, 1), Verdict::Happened(()));
        assert_eq!(judged(false, proves, settled - 1), Verdict::TooEarly(at(settled)));
    }
    assert_eq!(judged(false, true, settled), Verdict::NotHappened);
    assert!(matches!(judged(false, false, settled), Verdict::Ask(_)));
}
