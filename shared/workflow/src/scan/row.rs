//! The decision on one agreement as a page has it. Scan and preview both go by this.

use std::collections::BTreeMap;

use accounting::AgreementRow;
use chrono::NaiveDate;
use domain::{
    due::{Decision, Verdict, decide},
    hold::HoldReason,
    ids::AgreementNumber,
    settings::TenantSettings,
};

use crate::{looking::turns::Calls, ports::History};

/// What a row says.
pub(crate) struct Row {
    /// The decision by the agreement itself.
    pub(crate) decision: Decision,
    /// Whether it also matters whom the accounting system invoices by itself.
    pub(crate) minds_recurring: bool,
    /// The fewest calls that its invoice takes.
    pub(crate) calls: Calls,
}

/// Decides on a row by the agreement itself.
pub(crate) fn decide_row(
    settings: &TenantSettings,
    histories: &BTreeMap<AgreementNumber, History>,
    today: NaiveDate,
    row: AgreementRow,
) -> Row {
    let held = |agreement, customer, reason| {
        let verdict = Verdict::Held { due: None, reason };
        let decision = Decision { agreement, customer, reading: None, reading_reason: None, verdict };
        Row { decision, minds_recurring: false, calls: Calls::NONE }
    };
    match row {
        Err(broken) => held(broken.number, broken.customer, HoldReason::Unreadable { problem: broken.problem }),
        Ok(agreement) => match settings.resolve(&agreement.customer, &agreement.number) {
            Err(reason) => held(agreement.number, Some(agreement.customer), reason),
            Ok(settings) => {
                let last = histories.get(&agreement.number).and_then(|history| history.last.as_ref());
                Row {
                    decision: decide(&agreement, last, &settings.due_policy(), today, &[]),
                    minds_recurring: settings.hold_if_recurring.value,
                    calls: Calls::fewest_by(&settings),
                }
            }
        },
    }
}
