//! What was decided and done about prices, for people to read.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Priced, RowVerdict};
use crate::ids::{AgreementNumber, ArticleNumber, PriceListCode};

/// A line of the journal: what became of one document's rows, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceNote {
    /// When.
    pub at: DateTime<Utc>,
    /// The agreement.
    pub agreement: AgreementNumber,
    /// It, or an invoice from it.
    #[serde(flatten)]
    pub on: Priced,
    /// The price list.
    pub list: PriceListCode,
    /// Its rows, without those that say what the list says.
    pub rows: Vec<NotedRow>,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: NoteOutcome,
}

/// A row, and why it follows or doesn't.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotedRow {
    /// Its place, from 1.
    pub place: u32,
    /// Its article.
    pub article: ArticleNumber,
    /// Its price when it was decided on.
    pub price: Decimal,
    /// Why.
    pub why: RowVerdict,
}

/// What came of a decision on prices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum NoteOutcome {
    /// Nothing was to be changed.
    LeftAlone,
    /// Nothing was changed, since prices are only told.
    Foreseen,
    /// The rows have their new prices.
    Changed,
    /// The answer to the change was lost, and the rows were found with their new prices.
    FoundChanged,
    /// The change was announced, and the rows were found without their new prices.
    FoundUnchanged,
    /// It was refused.
    Refused {
        /// The accounting system's own words.
        words: String,
    },
    /// Something else on it was found changed after the prices were: somebody edited it in the very moment.
    EditedMeanwhile,
}
