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

use crate::ports::History;

/// The decision by the agreement itself, and whether it also matters whom the accounting system invoices by itself.
pub(crate) fn decide_row(
    settings: &TenantSettings,
    histories: &BTreeMap<AgreementNumber, History>,
    today: NaiveDate,
    row: AgreementRow,
) -> (Decision, bool) {
    let held = |agreement, customer, reason| {
        let verdict = Verdict::Held { due: None, reason };
        (Decision { agreement, customer, reading: None, reading_reason: None, verdict }, false)
    };
    match row {
        Err(broken) => held(broken.number, broken.customer, HoldReason::Unreadable { problem: broken.problem }),
        Ok(agreement) => match settings.resolve(&agreement.customer, &agreement.number) {
            Err(reason) => held(agreement.number, Some(agreement.customer), reason),
            Ok(settings) => {
                let last = histories.get(&agreement.number).and_then(|history| history.last.as_ref());
                let decision = decide(&agreement, last, &settings.due_policy(), today, &[]);
                (decision, settings.hold_if_recurring.value)
            }
        },
    }
}
