//! Everything that a pre-flight may find, and how much each weighs.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Denial, Part, Severity};
use crate::{
    due::{Reading, ReadingReason, SkipReason},
    hold::HoldReason,
    period::Period,
    settings::Channel,
};

/// Something that is looked at when it can be, and that the invoicing doesn't hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Looked {
    /// Which company the connection is to.
    Number,
    /// The bank account.
    BankAccount,
    /// The accounting year and its method.
    Year,
    /// The locked period.
    LockedPeriod,
    /// The voucher series of invoices.
    VoucherSeries,
    /// The trusted senders.
    Senders,
    /// The invoice service.
    InvoiceService,
    /// E-invoices.
    Einvoices,
    /// The subscriptions module.
    Subscriptions,
    /// Recurring invoices of the accounting system's own.
    Recurring,
    /// The agreements that time was left for.
    Agreements,
    /// The drafts that time was left for.
    Drafts,
    /// The customers that time was left for.
    Customers,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum What {
    /// The company can't be reached.
    NotConnected {
        /// What is the matter.
        problem: String,
        /// What to do.
        advice: String,
    },
    /// The connection is to the tenant's own company.
    RightCompany,
    /// The connection is to another company.
    WrongCompany {
        /// Its number.
        found: u64,
    },
    /// A settings item is refused.
    BrokenSettings {
        /// Why.
        reason: HoldReason,
        /// It's the profile, and so concerns all.
        all: bool,
    },
    /// A part of the accounting system may be used.
    Granted {
        /// Which.
        part: Part,
    },
    /// A part of the accounting system may not be used.
    Denied {
        /// Which.
        part: Part,
        /// What the no is about.
        why: Denial,
        /// The accounting system's own words.
        words: String,
        /// What to do.
        advice: String,
    },
    /// Something couldn't be looked at.
    NotLookedAt {
        /// What.
        at: Looked,
        /// Why.
        why: String,
    },
    /// Customers can pay.
    BankAccount,
    /// There is no bank account to pay to.
    NoBankAccount {
        /// The channel in force somewhere that delivers nothing without one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<Channel>,
    },
    /// Today is in an open accounting year.
    OpenYear {
        /// Its first day.
        from: NaiveDate,
        /// Its last day.
        to: NaiveDate,
    },
    /// Nothing can be booked today.
    NoOpenYear {
        /// The tenant's date.
        today: NaiveDate,
        /// There is such a year, and it's closed.
        closed: bool,
        /// Something is to be booked.
        books: bool,
    },
    /// The company keeps its books by the cash method.
    CashMethod,
    /// The books are locked until today, or on dates yet to come. What that stops is found agreement by agreement.
    Locked {
        /// The last locked day.
        until: NaiveDate,
    },
    /// Invoices are booked in this voucher series.
    VoucherSeries {
        /// Its name.
        series: String,
    },
    /// No voucher series is set for invoices.
    NoVoucherSeries,
    /// Our own mails have a sender whom the customers know.
    Sender,
    /// Our own mails have no such sender.
    NoSender {
        /// The setting that is missing.
        field: String,
    },
    /// The accounting system may send mail from no address.
    NoTrustedSender,
    /// The invoice service isn't active, but chosen.
    NoInvoiceService,
    /// E-invoices can't be sent, but are chosen.
    NoEinvoices,
    /// The module for subscriptions is missing, but drafts of theirs are waited for.
    NoSubscriptions,
    /// A channel that the tenant's accounting system doesn't have.
    NoSuchChannel {
        /// The channel.
        channel: Channel,
    },
    /// An agreement's next period.
    Planned {
        /// The period.
        period: Period,
        /// The day it's invoiced; today or before: now.
        due_on: NaiveDate,
        /// Further periods that are due too.
        #[serde(default)]
        more_due: u32,
        /// How the agreement's period is read; `None` where that doesn't matter.
        reading: Option<Reading>,
        /// Why it's read so.
        reading_reason: Option<ReadingReason>,
    },
    /// An agreement isn't invoiced.
    NotInvoiced {
        /// Why.
        reason: SkipReason,
    },
    /// An agreement's period can be read in two ways, which will differ one day.
    ReadingUnclear {
        /// Why it can't be told.
        reason: ReadingReason,
    },
    /// An agreement would be held.
    WouldBeHeld {
        /// On this day.
        on: NaiveDate,
        /// Why.
        reason: HoldReason,
    },
    /// An agreement's invoice would get a date that is locked.
    DateLocked {
        /// The invoice's date.
        date: NaiveDate,
        /// The last locked day.
        until: NaiveDate,
        /// It's to be booked.
        books: bool,
    },
    /// The agreement's customer is invoiced by the accounting system itself.
    AlreadyRecurring,
    /// The agreements or drafts can't be read.
    Unreadable {
        /// Which.
        part: Part,
        /// Why.
        words: String,
        /// What to do.
        advice: String,
    },
    /// A customer's invoices would have nowhere to go.
    NoAddress {
        /// By which channel.
        channel: Channel,
        /// What is wrong with the address there is; never the address itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        problem: Option<String>,
    },
    /// A customer who must not be invoiced.
    CustomerBarred,
    /// A customer that the accounting system doesn't give.
    CustomerUnreadable {
        /// Its own words.
        words: String,
    },
    /// The customers that were looked at and have a usable address.
    Reachable {
        /// How many.
        customers: u64,
    },
}

impl What {
    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        let blocks = |blocks: bool| if blocks { Severity::Blocking } else { Severity::Warning };
        match self {
            // What there was no time for may hold anything.
            Self::NotLookedAt { at: Looked::Agreements | Looked::Drafts | Looked::Customers, .. }
            | Self::CashMethod
            | Self::Locked { .. }
            | Self::NoVoucherSeries
            | Self::NoTrustedSender
            | Self::NoSubscriptions
            | Self::NoSuchChannel { .. }
            | Self::ReadingUnclear { .. }
            | Self::WouldBeHeld { .. }
            | Self::AlreadyRecurring
            | Self::NoAddress { .. }
            | Self::CustomerBarred
            | Self::CustomerUnreadable { .. } => Severity::Warning,
            Self::RightCompany
            | Self::Granted { .. }
            | Self::NotLookedAt { .. }
            | Self::BankAccount
            | Self::OpenYear { .. }
            | Self::VoucherSeries { .. }
            | Self::Sender
            | Self::Planned { .. }
            | Self::NotInvoiced { .. }
            | Self::Reachable { .. } => Severity::Ok,
            Self::NotConnected { .. }
            | Self::WrongCompany { .. }
            | Self::NoSender { .. }
            | Self::NoInvoiceService
            | Self::NoEinvoices
            | Self::Unreadable { .. } => Severity::Blocking,
            Self::BrokenSettings { all, .. } => blocks(*all),
            Self::Denied { part, .. } => blocks(part.is_needed()),
            Self::NoBankAccount { channel } => blocks(channel.is_some()),
            Self::NoOpenYear { books, .. } | Self::DateLocked { books, .. } => blocks(*books),
        }
    }

    /// A short stable name, for counting. What weighs differently is counted apart.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotConnected { .. } => "not_connected",
            Self::RightCompany => "right_company",
            Self::WrongCompany { .. } => "wrong_company",
            Self::BrokenSettings { all: true, .. } => "broken_profile",
            Self::BrokenSettings { all: false, .. } => "broken_settings",
            Self::Granted { .. } => "granted",
            Self::Denied { part, .. } if part.is_needed() => "denied",
            Self::Denied { .. } => "denied_extra",
            Self::NotLookedAt { at: Looked::Agreements | Looked::Drafts | Looked::Customers, .. } => "left_out",
            Self::NotLookedAt { .. } => "not_looked_at",
            Self::BankAccount => "bank_account",
            Self::NoBankAccount { .. } => "no_bank_account",
            Self::OpenYear { .. } => "open_year",
            Self::NoOpenYear { .. } => "no_open_year",
            Self::CashMethod => "cash_method",
            Self::Locked { .. } => "locked",
            Self::VoucherSeries { .. } => "voucher_series",
            Self::NoVoucherSeries => "no_voucher_series",
            Self::Sender => "sender",
            Self::NoSender { .. } => "no_sender",
            Self::NoTrustedSender => "no_trusted_sender",
            Self::NoInvoiceService => "no_invoice_service",
            Self::NoEinvoices => "no_einvoices",
            Self::NoSubscriptions => "no_subscriptions",
            Self::NoSuchChannel { .. } => "no_such_channel",
            Self::Planned { .. } => "planned",
            Self::NotInvoiced { .. } => "not_invoiced",
            Self::ReadingUnclear { .. } => "reading_unclear",
            Self::WouldBeHeld { .. } => "would_be_held",
            Self::DateLocked { books: true, .. } => "date_locked",
            Self::DateLocked { books: false, .. } => "date_locked_unbooked",
            Self::AlreadyRecurring => "already_recurring",
            Self::Unreadable { .. } => "unreadable",
            Self::NoAddress { .. } => "no_address",
            Self::CustomerBarred => "customer_barred",
            Self::CustomerUnreadable { .. } => "customer_unreadable",
            Self::Reachable { .. } => "reachable",
        }
    }
}
