//! The drafts that there are: which can't be read, and whose invoices they will be.

use accounting::AccountingSystem;
use domain::{
    hold::HoldReason,
    preflight::{About, Looked, Part, What},
};

use super::{Looking, PreflightError, customers::Customers};
use crate::{looking::TimeLeft, ports::Ports};

/// Reads the drafts. Whether one is finished is the sweep's to say; here only the customers count whose drafts it would send.
pub(super) async fn look<P: Ports>(
    looking: &mut Looking<'_, P, impl TimeLeft>,
    customers: &mut Customers,
) -> Result<(), PreflightError> {
    let (mut after, mut read) = (None, 0);
    loop {
        if !looking.has_time(Looked::Drafts, || format!("there was time for {read} of them")) {
            return Ok(());
        }
        let page = match looking.ports.accounting().drafts(looking.tenant, after).await {
            Ok(page) => page,
            Err(error) => return looking.unreadable(Part::Drafts, error),
        };
        read += page.rows.len();
        for row in page.rows {
            match row {
                Ok(draft) => match looking.settings.resolve_customer(&draft.print.customer) {
                    Ok(settings) if settings.draft_policy().automatic => {
                        customers.will_be_invoiced(&draft.print.customer, settings);
                    }
                    // A broken item is named already.
                    Ok(_) | Err(_) => {}
                },
                Err(broken) => {
                    let about = broken.number.map_or(About::Tenant, About::Draft);
                    let reason = HoldReason::Unreadable { problem: broken.problem };
                    looking.report.add(about, What::WouldBeHeld { on: looking.today, reason });
                }
            }
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}
