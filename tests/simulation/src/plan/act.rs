//! What people and the platform do in between.

use chrono::TimeDelta;
use domain::settings::Scope;
use serde_json::{Map, Value};

/// Something that is done. Tenants and agreements go by their place in the plan or their number; what isn't there any more,
/// or can't be done, is left out.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// A person makes the agreement's next invoice by hand.
    CreateByHand {
        /// Whose.
        tenant: u64,
        /// Which agreement.
        agreement: u32,
    },
    /// A person books the agreement's newest invoice.
    Book {
        /// Whose.
        tenant: u64,
        /// Which agreement.
        agreement: u32,
    },
    /// A person sends the agreement's newest invoice.
    Send {
        /// Whose.
        tenant: u64,
        /// Which agreement.
        agreement: u32,
    },
    /// A person takes the agreement's newest invoice back: cancels it, or credits it when it's booked.
    TakeBack {
        /// Whose.
        tenant: u64,
        /// Which agreement.
        agreement: u32,
    },
    /// A person changes what the agreement amounts to.
    Reprice {
        /// Whose.
        tenant: u64,
        /// Which agreement.
        agreement: u32,
        /// To so much, VAT included.
        amount: i64,
    },
    /// A person moves the agreement's period on by one interval, as if it had been invoiced elsewhere.
    MovePeriod {
        /// Whose.
        tenant: u64,
        /// Which agreement.
        agreement: u32,
    },
    /// A person stops the agreement, or lets it run again.
    SetActive {
        /// Whose.
        tenant: u64,
        /// Which agreement.
        agreement: u32,
        /// Whether it runs.
        active: bool,
    },
    /// A person ends the agreement.
    Finish {
        /// Whose.
        tenant: u64,
        /// Which agreement.
        agreement: u32,
    },
    /// A person enters something unreadable, or mends it.
    Garble {
        /// Whose.
        tenant: u64,
        /// Which agreement.
        agreement: u32,
        /// Whether it's unreadable.
        broken: bool,
    },
    /// A person takes the customer's address out, or enters it.
    SetAddress {
        /// Whose.
        tenant: u64,
        /// Which customer.
        customer: u32,
        /// Whether it has one.
        there: bool,
    },
    /// A person hands the agreement's newest invoice over to the invoice service.
    HandOver {
        /// Whose.
        tenant: u64,
        /// Which agreement.
        agreement: u32,
    },
    /// A person enters on the customer's card how its invoices are delivered.
    SetDefaultDelivery {
        /// Whose.
        tenant: u64,
        /// Which customer.
        customer: u32,
        /// In Fortnox's word.
        word: &'static str,
    },
    /// Nobody approves any more what the invoice service was handed, or somebody does.
    Authorize {
        /// Whose.
        tenant: u64,
        /// Whether somebody does.
        yes: bool,
    },
    /// A person writes a settings item anew.
    Set {
        /// Whose.
        tenant: u64,
        /// Which item.
        scope: Scope,
        /// What it says.
        item: Map<String, Value>,
    },
    /// A person says yes to one of the waiting jobs, after a look.
    Approve {
        /// Whose.
        tenant: u64,
        /// Which of them.
        place: usize,
    },
    /// A person says that one of the waiting jobs is dealt with.
    Skip {
        /// Whose.
        tenant: u64,
        /// Which of them.
        place: usize,
    },
    /// The company takes its consent back, or gives it.
    Consent {
        /// Whose.
        tenant: u64,
        /// Whether it's given.
        given: bool,
    },
    /// Avtalsfakturering is switched off, or on.
    Feature {
        /// Whose.
        tenant: u64,
        /// Whether it's on.
        on: bool,
    },
    /// Fortnox can't do one thing for the company any more, until people put everything in order.
    Outage {
        /// Whose.
        tenant: u64,
        /// What the paths of the calls have in them.
        path: &'static str,
    },
    /// No heartbeat for so long.
    NoTicks {
        /// How long.
        lasts: TimeDelta,
    },
    /// A heartbeat now, and another with it.
    ExtraTicks {
        /// How many.
        count: usize,
    },
    /// A scan is asked for now, and again.
    ExtraScans {
        /// Whose.
        tenant: u64,
        /// How many.
        count: usize,
    },
    /// Every message in the queues comes twice.
    DoubleMessages,
    /// The queues' order turns round.
    ReverseMessages,
    /// Every message in the queues comes later by so much.
    DelayMessages {
        /// How much.
        by: TimeDelta,
    },
    /// Messages of long ago come again.
    OldMessages {
        /// How many.
        count: usize,
    },
    /// All that is in the queues is lost: somebody purged them.
    LoseMessages,
    /// The workers die where they stand.
    KillWorkers,
}

impl Act {
    /// Whom alone it concerns, if it isn't everybody.
    pub(crate) fn tenant(&self) -> Option<u64> {
        match self {
            Self::CreateByHand { tenant, .. }
            | Self::Book { tenant, .. }
            | Self::Send { tenant, .. }
            | Self::TakeBack { tenant, .. }
            | Self::Reprice { tenant, .. }
            | Self::MovePeriod { tenant, .. }
            | Self::SetActive { tenant, .. }
            | Self::Finish { tenant, .. }
            | Self::Garble { tenant, .. }
            | Self::SetAddress { tenant, .. }
            | Self::HandOver { tenant, .. }
            | Self::SetDefaultDelivery { tenant, .. }
            | Self::Authorize { tenant, .. }
            | Self::Set { tenant, .. }
            | Self::Approve { tenant, .. }
            | Self::Skip { tenant, .. }
            | Self::Consent { tenant, .. }
            | Self::Feature { tenant, .. }
            | Self::Outage { tenant, .. }
            | Self::ExtraScans { tenant, .. } => Some(*tenant),
            Self::NoTicks { .. }
            | Self::ExtraTicks { .. }
            | Self::DoubleMessages
            | Self::ReverseMessages
            | Self::DelayMessages { .. }
            | Self::OldMessages { .. }
            | Self::LoseMessages
            | Self::KillWorkers => None,
        }
    }

    /// Whether it's no more than what standard queues and schedules do on any day.
    pub(crate) fn is_harmless(&self) -> bool {
        matches!(
            self,
            Self::NoTicks { .. }
                | Self::ExtraTicks { .. }
                | Self::ExtraScans { .. }
                | Self::DoubleMessages
                | Self::ReverseMessages
                | Self::DelayMessages { .. }
                | Self::OldMessages { .. }
                | Self::LoseMessages
        )
    }
}
