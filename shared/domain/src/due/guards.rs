//! Guards: limits that hold an invoice for a person. A guard holds, it never drops.

use rust_decimal::Decimal;

use super::{
    decision::{Decision, Verdict},
    policy::Guards,
};
use crate::{hold::HoldReason, money::Money};

/// The guards that hold an invoice of `total`, given the agreement's `last` one.
pub(super) fn check(guards: &Guards, total: Money, last: Option<Money>) -> [Option<HoldReason>; 3] {
    let not_positive = (total.amount <= Decimal::ZERO).then_some(HoldReason::NotPositive { total });
    [not_positive, over_amount(guards, total), last.and_then(|last| over_change(guards, total, last))]
}

pub(crate) fn over_amount(guards: &Guards, total: Money) -> Option<HoldReason> {
    if guards.max_amount.is_empty() {
        return None;
    }
    match guards.max_amount.get(&total.currency) {
        None => Some(HoldReason::NoLimitForCurrency { currency: total.currency }),
        Some(limit) if total.amount > *limit => {
            Some(HoldReason::AmountOverLimit { total, limit: Money::new(*limit, total.currency) })
        }
        Some(_) => None,
    }
}

fn over_change(guards: &Guards, total: Money, last: Money) -> Option<HoldReason> {
    let limit_percent = guards.max_change_percent?;
    let hold = || Some(HoldReason::ChangeOverLimit { total, last, limit_percent });
    if total.currency != last.currency || last.amount <= Decimal::ZERO {
        return hold();
    }
    let change = (total.amount - last.amount).abs().checked_mul(Decimal::ONE_HUNDRED);
    let allowed = last.amount.checked_mul(limit_percent);
    match (change, allowed) {
        (Some(change), Some(allowed)) if change <= allowed => None,
        _ => hold(),
    }
}

/// The tenant's number of invoices for one day, used up decision by decision in the order of the scan.
#[derive(Debug, Clone)]
pub struct DayCap {
    limit: Option<u32>,
    left: u32,
}

impl DayCap {
    /// At most `limit` a day, of which `made_today` are gone. `None`: no limit.
    pub fn new(limit: Option<u32>, made_today: u32) -> Self {
        Self { limit, left: limit.unwrap_or(u32::MAX).saturating_sub(made_today) }
    }

    /// How many of the day are gone.
    pub fn used(&self) -> u32 {
        self.limit.unwrap_or(u32::MAX) - self.left
    }

    /// Takes back one that [`DayCap::apply`] counted, since it turned out to be counted already.
    pub fn give_back(&mut self) {
        if self.limit.is_some_and(|limit| self.left < limit) {
            self.left += 1;
        }
    }

    /// Counts one more, unless the day is full.
    pub fn take(&mut self) -> Result<(), HoldReason> {
        match self.limit {
            Some(limit) if self.left == 0 => Err(HoldReason::DayLimit { limit }),
            _ => {
                self.left = self.left.saturating_sub(1);
                Ok(())
            }
        }
    }

    /// Counts a due decision, or turns it into a hold when the day is full.
    pub fn apply(&mut self, mut decision: Decision) -> Decision {
        if let Verdict::Due(due) = &decision.verdict
            && let Err(reason) = self.take()
        {
            decision.verdict = Verdict::Held { due: Some(due.clone()), reason };
        }
        decision
    }
}
