//! What a company wants done with its drafts.

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::due::Guards;

/// A way in which a draft may show that it's finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FinishedBy {
    /// The integration says so, over HTTP. The only one that *knows*.
    ReadySignal,
    /// It carries a marker that the integration or a person sets.
    Marker,
    /// The subscription run made it.
    Subscription,
    /// Its date has come, and nobody has touched it for a while. "Untouched" is not "finished", so it's off by default.
    QuietTime,
}

/// What marks a draft as finished. A draft that carries any of them is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markers {
    /// Stands in the free reference, `references.other`.
    pub reference: Option<String>,
    /// The draft has this layout.
    pub layout: Option<u32>,
    /// Stands in the heading.
    pub heading: Option<String>,
}

/// The settings that decide on a customer's drafts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftPolicy {
    /// The customer is flagged: its finished drafts are to be booked and sent.
    pub automatic: bool,
    /// The ways that count.
    pub finished_by: Vec<FinishedBy>,
    /// The markers.
    pub markers: Markers,
    /// How long a draft must have been left alone.
    pub quiet: TimeDelta,
    /// A word that stops a draft wherever it stands on it.
    pub hold_word: Option<String>,
    /// Limits.
    pub guards: Guards,
}
