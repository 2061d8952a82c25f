//! The words of each finding: what is so, and what a person can do.

use std::fmt;

use super::{Denial, Looked, What};
use crate::{due::Reading, settings::Channel};

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FeatureOff => "the company hasn't switched them on",
            Self::Scope => "the consent doesn't cover them",
            Self::Licence => "the company has no licence for them",
            Self::Rights => "the connected user may not use them",
            Self::Other => "the accounting system says no",
        })
    }
}

impl fmt::Display for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "whether the connection is to the right company",
            Self::BankAccount => "the bank account",
            Self::Year => "the accounting year and method",
            Self::LockedPeriod => "the locked period",
            Self::VoucherSeries => "the voucher series of invoices",
            Self::Senders => "the trusted senders",
            Self::InvoiceService => "the invoice service",
            Self::Einvoices => "e-invoices",
            Self::Subscriptions => "the subscriptions module",
            Self::Recurring => "recurring invoices of the accounting system's own",
            Self::Agreements => "the agreements",
            Self::Drafts => "the drafts",
            Self::Customers => "the customers' addresses",
        })
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected { problem, .. } => f.write_str(problem),
            Self::RightCompany => f.write_str("the connection is to this company"),
            Self::WrongCompany { found } => write!(f, "the connection is to another company, number {found}"),
            Self::BrokenSettings { reason, .. } => write!(f, "{reason}"),
            Self::Granted { part } => write!(f, "{part} may be used"),
            Self::Denied { part, why, words, .. } => write!(f, "{part} may not be used: {why} ({words})"),
            Self::NotLookedAt { at, why } => write!(f, "not checked: {at} ({why})"),
            Self::BankAccount => f.write_str("there is a bank account to pay to"),
            Self::NoBankAccount { channel: None } => {
                f.write_str("there is no bankgiro, plusgiro or IBAN, so no invoice says where to pay")
            }
            Self::NoBankAccount { channel: Some(channel) } => write!(
                f,
                "there is no bankgiro, plusgiro or IBAN, and without one nothing is delivered by `{}`",
                channel.name()
            ),
            Self::OpenYear { from, to } => write!(f, "today is in the open accounting year {from} to {to}"),
            Self::NoOpenYear { today, closed: false, .. } => write!(f, "no accounting year holds {today}"),
            Self::NoOpenYear { today, closed: true, .. } => write!(f, "the accounting period of {today} is closed"),
            Self::CashMethod => {
                f.write_str("the company keeps its books by the cash method, where an invoice is booked when it's paid")
            }
            Self::Locked { until, .. } => write!(f, "the books are locked up to and including {until}"),
            Self::VoucherSeries { series } => write!(f, "invoices are booked in voucher series {series}"),
            Self::NoVoucherSeries => f.write_str("no voucher series is set for invoices"),
            Self::Sender => f.write_str("our mails have a sender's name and an address for answers"),
            Self::NoSender { field } => {
                write!(f, "`ses_email` is chosen, but `{field}` isn't set, so no letter can be written")
            }
            Self::NoTrustedSender => f.write_str("`fortnox_email` is chosen, but Fortnox has no trusted sender"),
            Self::NoInvoiceService => {
                f.write_str("`fortnox_invoice_service` is chosen, but the invoice service isn't active")
            }
            Self::NoEinvoices => f.write_str("e-invoices are chosen, but the company can't send any"),
            Self::NoSubscriptions => {
                f.write_str("`finished_by` names `subscription`, but the company has no module for subscriptions")
            }
            Self::NoSuchChannel { channel } => {
                write!(f, "`{}` is chosen, which this accounting system doesn't have", channel.name())
            }
            Self::Planned { period, due_on, more_due, reading, reading_reason } => {
                write!(f, "{period} is invoiced on {due_on}")?;
                if *more_due > 0 {
                    write!(f, ", and {more_due} more that are due after it")?;
                }
                match (reading, reading_reason) {
                    (Some(reading), Some(why)) => write!(f, "; {}, since {}", reads(*reading), why.text()),
                    _ => Ok(()),
                }
            }
            Self::NotInvoiced { reason } => f.write_str(reason.text()),
            Self::ReadingUnclear { reason } => {
                write!(
                    f,
                    "its period can be read in two ways, since {}; the invoice is held once they differ",
                    reason.text()
                )
            }
            Self::WouldBeHeld { on, reason } => write!(f, "its invoice is held on {on}: {reason}"),
            Self::DateLocked { date, until, .. } => {
                write!(f, "its next invoice is dated {date}, but the books are locked up to and including {until}")
            }
            Self::AlreadyRecurring => f.write_str(
                "its invoices will wait for a person's yes: its customer is already invoiced by Fortnox's Återkommande fakturering",
            ),
            Self::Unreadable { part, words, .. } => write!(f, "the {part} can't be read: {words}"),
            Self::NoAddress { channel, problem } => {
                write!(f, "no usable address for `{}`", channel.name())?;
                problem.as_ref().map_or(Ok(()), |problem| write!(f, ": {problem}"))
            }
            Self::CustomerBarred => f.write_str("barred in the accounting system"),
            Self::CustomerUnreadable { words } => write!(f, "can't be read: {words}"),
            Self::Reachable { customers } => write!(f, "customers with a usable address: {customers}"),
        }
    }
}

fn reads(reading: Reading) -> &'static str {
    match reading {
        Reading::NextPeriod => "read as the next period",
        Reading::WholeTerm => "read as the whole term",
    }
}

impl What {
    /// What a person can do. `None`: nothing.
    pub fn to_do(&self) -> Option<String> {
        let text = match self {
            Self::NotConnected { advice, .. } | Self::Denied { advice, .. } | Self::Unreadable { advice, .. } => advice,
            Self::BrokenSettings { reason, .. } | Self::WouldBeHeld { reason, .. } => return Some(reason.advice()),
            Self::WrongCompany { .. } => "connect the tenant's own company, or correct the tenant's name",
            Self::NoBankAccount { .. } => "enter the company's bankgiro, plusgiro or IBAN in the accounting system",
            Self::NoOpenYear { closed: false, .. } => "create the accounting year in the accounting system",
            Self::NoOpenYear { closed: true, .. } => "open the period in the accounting system, or wait for the next",
            Self::CashMethod => "leave `auto_book` off unless the accountant wants it otherwise",
            Self::Locked { .. } => {
                "set back the locked period in Fortnox (Inställningar > Bokföring), or switch `auto_book` off"
            }
            Self::DateLocked { .. } => {
                "set `invoice_date` to `run_day`, set back the locked period, or invoice the period by hand"
            }
            Self::NoVoucherSeries => "choose a voucher series for customer invoices in Fortnox's settings",
            Self::NoSender { .. } => "set the named field in the tenant's profile",
            Self::NoTrustedSender => {
                "confirm an address to send from in Fortnox (Inställningar > E-post), or choose `ses_email`"
            }
            Self::NoInvoiceService => "activate the invoice service in Fortnox, or choose another `channel`",
            Self::NoEinvoices => "order e-invoices in the accounting system, or choose another `channel`",
            Self::NoSubscriptions => "add the module, or take `subscription` out of `finished_by`",
            Self::NoSuchChannel { .. } => "choose another `channel`; until then those invoices are held",
            Self::ReadingUnclear { .. } => "set `period_reading` for this agreement to `next_period` or `whole_term`",
            Self::AlreadyRecurring => {
                "if both are for the same, end the recurrence or the agreement, whichever is the old one; if not, set `hold_if_recurring` to false for the customer"
            }
            Self::NoAddress { channel: Channel::EconomicEmail, .. } => {
                "enter an e-mail address at the customer or its contact; until then its drafts are held"
            }
            Self::NoAddress { .. } => {
                "enter the customer's invoice e-mail in the accounting system or `recipient` in the settings; until then its invoices are held"
            }
            Self::CustomerBarred => "open the customer in the accounting system; until then its invoices are held",
            Self::CustomerUnreadable { .. } => "look at the customer in the accounting system",
            Self::RightCompany
            | Self::Granted { .. }
            | Self::NotLookedAt { .. }
            | Self::BankAccount
            | Self::OpenYear { .. }
            | Self::VoucherSeries { .. }
            | Self::Sender
            | Self::Planned { .. }
            | Self::NotInvoiced { .. }
            | Self::Reachable { .. } => return None,
        };
        Some(text.to_owned())
    }
}
