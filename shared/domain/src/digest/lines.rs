//! The digest's parts: as many lines as a person reads, and the rest counted.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Line, MailKind};
use crate::{
    draft::{DraftDecision, DraftVerdict, Unfinished},
    due::{Decision, Verdict},
    hold::HoldReason,
    ids::{AgreementNumber, ArticleNumber, CustomerNumber, DraftNumber, InvoiceNumber},
    job::JobKey,
    money::{Currency, Money},
    period::Period,
    settings::Channel,
};

/// Most lines of one part. A mail of all parts stays far below what mail programs cut off (assumption: 100 kB), and the whole
/// below what an item of the journal holds.
pub const MOST_LINES: usize = 40;

/// Lines of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part<T> {
    /// How many there are.
    pub count: u64,
    /// What they amount to, currency by currency; those without an amount aside.
    pub totals: Vec<Money>,
    /// The first of them.
    pub lines: Vec<T>,
}

impl<T> Part<T> {
    pub(super) fn new(mut lines: Vec<T>, total: impl Fn(&T) -> Option<Money>) -> Self {
        let totals = totals(lines.iter().filter_map(total));
        let count = u64::try_from(lines.len()).unwrap_or(u64::MAX);
        lines.truncate(MOST_LINES);
        Self { count, totals, lines }
    }

    /// How many are counted and not listed.
    pub fn more(&self) -> u64 {
        self.count.saturating_sub(u64::try_from(self.lines.len()).unwrap_or(u64::MAX))
    }
}

/// The sum in each currency, in the order of their codes.
fn totals(amounts: impl Iterator<Item = Money>) -> Vec<Money> {
    let mut sums: BTreeMap<Currency, Decimal> = BTreeMap::new();
    for money in amounts {
        let sum = sums.entry(money.currency).or_default();
        *sum = sum.saturating_add(money.amount);
    }
    sums.into_iter().map(|(currency, amount)| Money::new(amount, currency)).collect()
}

/// What was sent one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByChannel {
    /// Which.
    pub channel: Channel,
    /// What.
    #[serde(flatten)]
    pub part: Part<Line>,
}

/// What waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// What it's about.
    #[serde(flatten)]
    pub about: About,
    /// The job to say yes to or to skip, where it's one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobKey>,
    /// Whom it concerns, where that's one customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerNumber>,
    /// The invoice, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<InvoiceNumber>,
    /// What it amounts to, or would.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Money>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// A stable name of the reason; `failed` for a refusal for good.
    pub code: String,
    /// Why, in the digest's language.
    pub why: String,
    /// What to do, in the digest's language.
    pub advice: String,
}

/// What something that waits is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum About {
    /// The company as a whole.
    Tenant,
    /// An agreement.
    Agreement {
        /// Which.
        agreement: AgreementNumber,
    },
    /// A draft.
    Draft {
        /// Which.
        draft: DraftNumber,
    },
    /// The prices of an agreement, or of all.
    Prices {
        /// Which.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agreement: Option<AgreementNumber>,
    },
}

/// What needs a person and has no job, as the journal knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// What it's about.
    pub about: About,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why.
    pub reason: HoldReason,
}

/// What became of one row's price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceLine {
    /// The agreement.
    pub agreement: AgreementNumber,
    /// The invoice from it, where the row is on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<InvoiceNumber>,
    /// The article.
    pub article: ArticleNumber,
    /// The price before.
    pub from: Decimal,
    /// The price after.
    pub to: Decimal,
    /// Whether it was changed.
    pub fate: PriceFate,
}

/// Whether a price was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceFate {
    /// It was.
    Changed,
    /// It would have been, but prices are only told.
    Foreseen,
    /// It was refused.
    Refused,
}

/// Something that is due on a day ahead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Coming {
    /// An agreement's period.
    Agreement {
        /// The agreement.
        agreement: AgreementNumber,
        /// Whom it's for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<CustomerNumber>,
        /// What its invoice will cover.
        period: Period,
    },
    /// A draft whose date comes.
    Draft {
        /// Its number.
        draft: DraftNumber,
        /// Whom it's for.
        customer: CustomerNumber,
    },
}

/// What a decision says of `day`, if it's that its period is due then.
pub fn coming_period(decision: &Decision, day: NaiveDate) -> Option<Coming> {
    match &decision.verdict {
        Verdict::NotYet { next, due_on } if *due_on == day => Some(Coming::Agreement {
            agreement: decision.agreement.clone(),
            customer: decision.customer.clone(),
            period: *next,
        }),
        _ => None,
    }
}

/// What a decision says of `day`, if it's that the draft waits for it.
pub fn coming_draft(decision: &DraftDecision, day: NaiveDate) -> Option<Coming> {
    match &decision.verdict {
        DraftVerdict::Unfinished { why: Unfinished::DateAhead { date } } if *date == day => {
            Some(Coming::Draft { draft: decision.draft, customer: decision.customer.clone() })
        }
        _ => None,
    }
}

/// An earlier mail of ours to the company that may not have arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierMail {
    /// Its date.
    pub date: NaiveDate,
    /// Which.
    pub kind: MailKind,
    /// The mail service refused it; else its answer was lost.
    pub refused: bool,
}
