//! Whether the customers who will be invoiced can be reached by the channel in force.

use std::collections::HashSet;

use accounting::{AccountingSystem, Customer, Error};
use domain::{
    hold::HoldReason,
    ids::CustomerNumber,
    preflight::{About, Looked, Part, What},
    settings::{Channel, Resolved},
};

use super::{Looking, PreflightError};
use crate::{letter, looking::TimeLeft, ports::Ports};

/// Most customers that are asked for, one call each. At five calls a second this takes two minutes of a scan's time; whoever has more is told
/// that the others weren't looked at.
const MOST_ASKED_FOR: usize = 600;

/// Whom to look at.
#[derive(Default)]
pub(super) struct Customers {
    /// All that were met, by number alone.
    met: HashSet<CustomerNumber>,
    /// The first of them, with what is in force for them.
    to_ask: Vec<(CustomerNumber, Resolved)>,
}

impl Customers {
    /// Notes a customer who needs an address that isn't in the settings.
    pub(super) fn will_be_invoiced(&mut self, customer: &CustomerNumber, settings: Resolved) {
        // An address in the settings was checked when they were read.
        if settings.recipient.value.is_some() || !goes_to_an_address(settings.channel.value) {
            return;
        }
        if self.met.insert(customer.clone()) && self.to_ask.len() < MOST_ASKED_FOR {
            self.to_ask.push((customer.clone(), settings));
        }
    }

    /// Asks for them one by one.
    pub(super) async fn look<P: Ports>(
        self,
        looking: &mut Looking<'_, P, impl TimeLeft>,
    ) -> Result<(), PreflightError> {
        let (all, mut asked, mut reachable) = (self.met.len(), 0, 0);
        for (number, settings) in &self.to_ask {
            if !looking.has_time(Looked::Customers, || format!("there was time for {asked} of {all}")) {
                break;
            }
            asked += 1;
            match looking.ports.accounting().customer(looking.tenant, number).await {
                Ok(customer) => match problem(settings, &customer, looking.today) {
                    Some(what) => looking.report.add(About::Customer(number.clone()), what),
                    None => reachable += 1,
                },
                Err(Error::NotFound { words } | Error::Refused { words, .. }) => {
                    looking.report.add(About::Customer(number.clone()), What::CustomerUnreadable { words });
                }
                Err(error) => return looking.unreadable(Part::Customers, error),
            }
        }
        if reachable > 0 {
            looking.report.add(About::Tenant, What::Reachable { customers: reachable });
        }
        if asked == MOST_ASKED_FOR && all > asked {
            let why = format!("there are {all}, and only the first {asked} were asked for");
            looking.report.add(About::Tenant, What::NotLookedAt { at: Looked::Customers, why });
        }
        Ok(())
    }
}

fn goes_to_an_address(channel: Channel) -> bool {
    matches!(channel, Channel::SesEmail | Channel::FortnoxEmail | Channel::EconomicEmail)
}

fn problem(settings: &Resolved, customer: &Customer, on: chrono::NaiveDate) -> Option<What> {
    let channel = settings.channel.value;
    if customer.barred {
        return Some(What::CustomerBarred);
    }
    if customer.has_ean {
        return Some(What::WouldBeHeld { on, reason: HoldReason::NeedsEinvoice { channel } });
    }
    match letter::is_reachable(settings, customer) {
        Ok(()) => None,
        Err(HoldReason::NoAddress { problem }) => Some(What::NoAddress { channel, problem }),
        Err(reason) => Some(What::WouldBeHeld { on, reason }),
    }
}
