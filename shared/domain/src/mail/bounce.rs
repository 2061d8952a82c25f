//! How a mail comes back.

use serde::{Deserialize, Serialize};

/// How a mail came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bounce {
    /// Nobody at the customer has it or will get it.
    Undeliverable,
    /// One of the customer's addresses doesn't take it, and another may.
    InPart,
    /// The customer reported it as spam.
    Complained,
    /// The control copy to the company itself doesn't arrive, or is called unwanted.
    ControlCopy,
}
