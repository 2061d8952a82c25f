//! List prices: what an article costs from which quantity on.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What one piece costs from a quantity on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceStep {
    /// From this quantity on.
    pub from: Decimal,
    /// For one, in the list's currency.
    pub price: Decimal,
}

/// An article's prices in one price list, by quantity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<PriceStep>", into = "Vec<PriceStep>")]
pub struct ListPrices(Vec<PriceStep>);

impl From<Vec<PriceStep>> for ListPrices {
    /// Steps in any order. Of two from the same quantity the later one counts.
    fn from(steps: Vec<PriceStep>) -> Self {
        let mut sorted: Vec<PriceStep> = Vec::with_capacity(steps.len());
        for step in steps {
            match sorted.binary_search_by_key(&step.from, |known| known.from) {
                Ok(at) => sorted[at] = step,
                Err(at) => sorted.insert(at, step),
            }
        }
        Self(sorted)
    }
}

impl From<ListPrices> for Vec<PriceStep> {
    fn from(prices: ListPrices) -> Self {
        prices.0
    }
}

impl ListPrices {
    /// Whether the list says nothing of the article.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What one piece of `quantity` costs: the price of the highest step that isn't above it. That Fortnox reckons so is an
    /// assumption (API fact sheet, 8.2). A credit of two costs what two cost.
    pub fn at(&self, quantity: Decimal) -> Option<Decimal> {
        let quantity = quantity.abs();
        self.0.iter().rev().find(|step| step.from <= quantity).map(|step| step.price)
    }
}

/// What an article cost by a list before, and costs now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// When its rows were last brought up to date. `None`: it's looked at for the first time.
    pub before: Option<ListPrices>,
    /// Now.
    pub now: ListPrices,
}
