//! The decision on one draft: finished or not, and why.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Draft, DraftPolicy, FinishedBy, Sign};
use crate::{
    due::over_amount,
    hold::HoldReason,
    ids::{CustomerNumber, DraftNumber},
    money::Money,
};

/// What is known of a draft besides itself.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// When the integration said that it's finished.
    pub signalled_at: Option<DateTime<Utc>>,
    /// Whether the subscription run made it.
    pub of_subscription: bool,
    /// The tenant's date.
    pub today: NaiveDate,
    /// The time.
    pub now: DateTime<Utc>,
    /// What a person has said yes to.
    pub approved: &'a [HoldReason],
}

/// Why a draft isn't taken for finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Unfinished {
    /// Nothing says so.
    #[error("nothing says that it's finished")]
    NoSign,
    /// A ready signal came, but the company doesn't go by those.
    #[error("a ready signal came, but `finished_by` doesn't name `ready_signal`")]
    SignalNotAsked,
    /// Its date lies ahead.
    #[error("its date is {date}")]
    DateAhead {
        /// The date.
        date: NaiveDate,
    },
    /// It was touched a moment ago.
    #[error("it's left alone until {until}")]
    Touched {
        /// When it has been quiet for long enough.
        until: DateTime<Utc>,
    },
}

/// Why a draft is left to the people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Passed {
    /// Its customer isn't flagged.
    #[error("the customer is not set to automatic sending")]
    NotFlagged,
    /// It carries the hold word.
    #[error("it carries the hold word")]
    HoldWord,
}

/// What is decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum DraftVerdict {
    /// Book and send it.
    Finished {
        /// How it showed.
        sign: Sign,
    },
    /// Not now.
    Unfinished {
        /// Why.
        why: Unfinished,
    },
    /// It's the people's.
    Passed {
        /// Why.
        why: Passed,
    },
    /// Finished, but a person must look first.
    Held {
        /// How it showed that it's finished.
        sign: Sign,
        /// Why it's held.
        reason: HoldReason,
    },
}

/// What was decided of one draft, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftDecision {
    /// Which.
    pub draft: DraftNumber,
    /// Whose.
    pub customer: CustomerNumber,
    /// Its date.
    pub date: NaiveDate,
    /// To pay, VAT included.
    pub gross: Money,
    /// What.
    #[serde(flatten)]
    pub verdict: DraftVerdict,
}

/// Decides on `draft`. Preview and run both go by this.
pub fn decide(draft: &Draft, policy: &DraftPolicy, seen: Circumstances<'_>) -> DraftDecision {
    DraftDecision {
        draft: draft.number,
        customer: draft.print.customer.clone(),
        date: draft.print.date,
        gross: draft.print.gross,
        verdict: verdict(draft, policy, seen),
    }
}

fn verdict(draft: &Draft, policy: &DraftPolicy, seen: Circumstances<'_>) -> DraftVerdict {
    // Somebody said "send this", and the company said "not to this customer": that's for a person to sort out.
    if !policy.automatic {
        return match seen.signalled_at {
            Some(at) => DraftVerdict::Held { sign: Sign::ReadySignal { at }, reason: HoldReason::NotFlagged },
            None => DraftVerdict::Passed { why: Passed::NotFlagged },
        };
    }
    let sign = match sign(draft, policy, seen) {
        Ok(sign) => sign,
        Err(why) => return DraftVerdict::Unfinished { why },
    };
    if holds_back(draft, policy) {
        return DraftVerdict::Passed { why: Passed::HoldWord };
    }
    if draft.print.date > seen.today {
        return DraftVerdict::Unfinished { why: Unfinished::DateAhead { date: draft.print.date } };
    }
    match objection(draft, policy).filter(|reason| !seen.approved.contains(reason)) {
        Some(reason) => DraftVerdict::Held { sign, reason },
        None => DraftVerdict::Finished { sign },
    }
}

/// The first way, in the order from what knows to what guesses, in which the draft shows that it's finished.
fn sign(draft: &Draft, policy: &DraftPolicy, seen: Circumstances<'_>) -> Result<Sign, Unfinished> {
    let counts = |way| policy.finished_by.contains(&way);
    if let Some(at) = seen.signalled_at.filter(|_| counts(FinishedBy::ReadySignal)) {
        return Ok(Sign::ReadySignal { at });
    }
    if counts(FinishedBy::Marker)
        && let Some(setting) = marked(draft, policy)
    {
        return Ok(Sign::Marker { setting: setting.to_owned() });
    }
    if counts(FinishedBy::Subscription) && seen.of_subscription {
        return Ok(Sign::Subscription);
    }
    if counts(FinishedBy::QuietTime) {
        return quiet(draft, policy, seen);
    }
    Err(if seen.signalled_at.is_some() { Unfinished::SignalNotAsked } else { Unfinished::NoSign })
}

fn marked(draft: &Draft, policy: &DraftPolicy) -> Option<&'static str> {
    let markers = &policy.markers;
    let holds = |text: &Option<String>, marker: &Option<String>| match (text, marker) {
        (Some(text), Some(marker)) => contains(text, marker),
        _ => false,
    };
    if holds(&draft.texts.reference, &markers.reference) {
        Some("marker_reference")
    } else if markers.layout.is_some() && draft.layout == markers.layout {
        Some("marker_layout")
    } else if holds(&draft.texts.heading, &markers.heading) {
        Some("marker_heading")
    } else {
        None
    }
}

fn quiet(draft: &Draft, policy: &DraftPolicy, seen: Circumstances<'_>) -> Result<Sign, Unfinished> {
    if draft.print.date > seen.today {
        return Err(Unfinished::DateAhead { date: draft.print.date });
    }
    // Nobody knows when it was touched, so nobody knows that it was left alone.
    let since = draft.touched_at.ok_or(Unfinished::NoSign)?;
    // Told to the minute, and cut: it may have been touched at that minute's end.
    let until = since + chrono::TimeDelta::minutes(1) + policy.quiet;
    if seen.now < until { Err(Unfinished::Touched { until }) } else { Ok(Sign::QuietTime { since }) }
}

fn holds_back(draft: &Draft, policy: &DraftPolicy) -> bool {
    policy.hold_word.as_ref().is_some_and(|word| draft.texts.all().any(|text| contains(text, word)))
}

/// Whether `word` stands in `text`, however it's capitalised.
fn contains(text: &str, word: &str) -> bool {
    text.to_lowercase().contains(&word.to_lowercase())
}

fn objection(draft: &Draft, policy: &DraftPolicy) -> Option<HoldReason> {
    let incomplete = |problem: &str| HoldReason::DraftIncomplete { problem: problem.to_owned() };
    let gross = draft.print.gross;
    if draft.priced_lines == Some(0) {
        return Some(incomplete("has no line with a price"));
    }
    if gross.amount == Decimal::ZERO {
        return Some(incomplete(&format!("amounts to {gross}")));
    }
    // A credit note moves as much money as an invoice.
    over_amount(&policy.guards, Money::new(gross.amount.abs(), gross.currency))
}
