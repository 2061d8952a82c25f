//! A step of a job: announced, done, or proven not to have happened.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The three steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// Make the invoice from the agreement.
    Create,
    /// Book it.
    Book,
    /// Deliver it.
    Deliver,
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "create",
            Self::Book => "book",
            Self::Deliver => "deliver",
        })
    }
}

/// How far a step has come. `I` is what its intent remembers, `O` what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Step<I, O> {
    /// Not done; `attempts` are proven not to have happened.
    Open {
        /// Attempts so far.
        attempts: u32,
        /// What the last one answered.
        last: Option<String>,
    },
    /// Announced. It may have happened, or may be happening.
    Intended {
        /// Which attempt, from 1.
        attempt: u32,
        /// When it was announced.
        at: DateTime<Utc>,
        /// What the world looked like before.
        intent: I,
    },
    /// It happened.
    Done {
        /// What came of it.
        outcome: O,
    },
    /// It isn't wanted.
    Skipped {
        /// Why.
        why: String,
    },
}

impl<I, O> Step<I, O> {
    pub(super) const NEW: Self = Self::Open { attempts: 0, last: None };

    /// The outcome, once there is one.
    pub fn outcome(&self) -> Option<&O> {
        match self {
            Self::Done { outcome } => Some(outcome),
            _ => None,
        }
    }

    /// Whether nothing is left to do of it.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Skipped { .. })
    }

    /// Announces the next attempt.
    pub fn intend(&mut self, at: DateTime<Utc>, intent: I) -> u32 {
        let attempt = match self {
            Self::Open { attempts, .. } => *attempts + 1,
            Self::Intended { attempt, .. } => *attempt,
            Self::Done { .. } | Self::Skipped { .. } => 1,
        };
        *self = Self::Intended { attempt, at, intent };
        attempt
    }

    /// Records that the announced attempt never reached the other side, so that it doesn't count.
    pub fn not_taken(&mut self, why: String) {
        if let Self::Intended { attempt, .. } = self {
            *self = Self::Open { attempts: attempt.saturating_sub(1), last: Some(why) };
        }
    }

    /// Records that the announced attempt is proven not to have happened.
    pub fn not_done(&mut self, why: String) {
        if let Self::Intended { attempt, .. } = self {
            *self = Self::Open { attempts: *attempt, last: Some(why) };
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::job::{BookIntent, Booked};

    #[test]
    fn only_a_proof_opens_an_intended_step_again() {
        let at = "2026-01-01T06:00:00Z".parse().unwrap();
        let intent = BookIntent::Invoice { invoice: "1".parse().unwrap() };
        let mut step: Step<BookIntent, Booked> = Step::NEW;
        assert_eq!(step.intend(at, intent.clone()), 1);
        step.not_done("refused".into());
        assert_eq!(step, Step::Open { attempts: 1, last: Some("refused".into()) });
        assert_eq!(step.intend(at, intent), 2);
        assert!(!step.is_settled());
    }
}
