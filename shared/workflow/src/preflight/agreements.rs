//! Every active agreement, planned as a scan would plan it.

use accounting::{AccountingSystem, AgreementRow};
use domain::{
    hold::HoldReason,
    preflight::{About, CompanyFacts, Looked, Part, What, foresee},
};

use super::{Looking, PreflightError, customers::Customers};
use crate::{
    looking::TimeLeft,
    ports::{Journal, Ports},
};

/// Reads the agreements page by page. Only the page in hand, the histories and the customers' numbers are kept in memory.
pub(super) async fn look<P: Ports>(
    looking: &mut Looking<'_, P, impl TimeLeft>,
    facts: &CompanyFacts,
    customers: &mut Customers,
) -> Result<(), PreflightError> {
    let histories = looking.ports.journal().histories(looking.tenant).await?;
    let mut read = 0;
    for number in 1.. {
        if !looking.has_time(Looked::Agreements, || format!("there was time for {read} of them")) {
            break;
        }
        let page = match looking.ports.accounting().agreements(looking.tenant, number).await {
            Ok(page) => page,
            Err(error) => return looking.unreadable(Part::Agreements, error),
        };
        read += page.rows.len();
        for row in page.rows {
            let last = row.as_ref().ok().and_then(|agreement| histories.get(&agreement.number)?.last.as_ref());
            one(looking, facts, customers, row, last);
        }
        if !page.more {
            break;
        }
    }
    Ok(())
}

fn one<P: Ports>(
    looking: &mut Looking<'_, P, impl TimeLeft>,
    facts: &CompanyFacts,
    customers: &mut Customers,
    row: AgreementRow,
    last: Option<&domain::agreement::LastInvoice>,
) {
    let on = looking.today;
    let agreement = match row {
        Ok(agreement) => agreement,
        Err(broken) => {
            let reason = HoldReason::Unreadable { problem: broken.problem };
            looking.report.add(About::Agreement(broken.number), What::WouldBeHeld { on, reason });
            return;
        }
    };
    let about = About::Agreement(agreement.number.clone());
    let settings = match looking.settings.resolve(&agreement.customer, &agreement.number) {
        Ok(settings) => settings,
        Err(reason) => return looking.report.add(about, What::WouldBeHeld { on, reason }),
    };
    let found = foresee(&agreement, last, &settings, facts, on);
    if !found.iter().any(|what| matches!(what, What::NotInvoiced { .. })) {
        customers.will_be_invoiced(&agreement.customer, settings);
    }
    for what in found {
        looking.report.add(about.clone(), what);
    }
}
