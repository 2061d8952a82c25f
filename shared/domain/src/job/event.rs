//! What happened to a job, line by line; append only.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Ending, StepName};
use crate::{draft::DraftDecision, due::Decision, hold::HoldReason, ids::InvoiceNumber};

/// One line of a job's story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum EventKind {
    /// The planner found the period due, or held it.
    Decided {
        /// The whole decision.
        decision: Box<Decision>,
    },
    /// A draft was found finished, or held.
    DraftDecided {
        /// The whole decision.
        decision: Box<DraftDecision>,
    },
    /// An effect is about to be asked for.
    Intended {
        /// Which.
        step: StepName,
        /// Which attempt.
        attempt: u32,
    },
    /// The effect happened.
    Happened {
        /// Which.
        step: StepName,
        /// The invoice it concerns.
        invoice: InvoiceNumber,
        /// How it went, in words.
        how: String,
    },
    /// The effect is proven not to have happened.
    NotDone {
        /// Which.
        step: StepName,
        /// Why, in words.
        why: String,
    },
    /// What came of the effect isn't known yet.
    Unknown {
        /// Which.
        step: StepName,
        /// What was seen, in words.
        seen: String,
    },
    /// The step isn't wanted.
    Skipped {
        /// Which.
        step: StepName,
        /// Why, in words, with where the setting came from.
        why: String,
    },
    /// A read failed; it'll be looked at again.
    LookedInVain {
        /// Why, in words.
        why: String,
    },
    /// It waits for a person.
    Held {
        /// Why.
        reason: HoldReason,
    },
    /// The hold's reason is gone.
    Resumed {
        /// Why, in words.
        why: String,
    },
    /// A mail that had been accepted didn't arrive.
    CameBack {
        /// What the mail service tells of it, in words and without any address.
        how: String,
    },
    /// A person wants the invoice delivered once more.
    Resent {
        /// Who.
        by: String,
        /// Why, in the person's words.
        why: String,
    },
    /// A person said yes.
    Approved {
        /// Who.
        by: String,
    },
    /// Refused for good.
    Failed {
        /// Which step.
        step: StepName,
        /// The refusal, in the system's own words.
        words: String,
    },
    /// Ended well.
    Finished {
        /// How.
        ending: Ending,
    },
}
