//! A mail's record: written before it's handed over, and what came of it since.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AddressHash, Bounce, MailEvent, MailName, MailState};
use crate::{
    ids::{CustomerNumber, InvoiceNumber, TenantId},
    job::JobKey,
};

/// As whom somebody gets a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The customer.
    Customer,
    /// The tenant's own user, who gets a control copy.
    ControlCopy,
}

/// How a mail stands with one of those it goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// As whom they get it.
    pub role: Role,
    /// How it stands.
    pub state: MailState,
    /// Since when, by the newest event of that state.
    pub at: DateTime<Utc>,
    /// The receiving server's status, if it said one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A mail that was announced, and what the mail service told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailRecord {
    /// Whose it is.
    pub tenant: TenantId,
    /// Its name.
    pub mail: MailName,
    /// The job that sends it.
    pub job: JobKey,
    /// The invoice it carries.
    pub invoice: InvoiceNumber,
    /// The customer it goes to.
    pub customer: CustomerNumber,
    /// When it was announced.
    pub announced_at: DateTime<Utc>,
    /// Everybody it goes to.
    pub recipients: BTreeMap<AddressHash, Recipient>,
    /// The mail service's own name of it, once it's known.
    pub accepted_as: Option<String>,
}

/// What an event changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    /// Anything at all.
    pub changed: bool,
    /// The mail is known to be with the mail service for the first time.
    pub accepted: bool,
    /// It bounced with a customer's address for the first time.
    pub bounced: bool,
    /// What it newly says of those who don't have the mail, or don't want it: each is said of a mail by one event alone, or by one
    /// for each address. That nobody at the customer has it isn't said here, since the job is then taken up again and says so.
    pub bounces: BTreeSet<Bounce>,
}

/// How a mail stands with the customer as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It has arrived, or may yet.
    Hopeful(MailState),
    /// Nobody at the customer has it or will get it.
    Lost {
        /// The worst that happened to it.
        state: MailState,
        /// What a server said of it.
        code: Option<String>,
    },
    /// Somebody at the customer called it unwanted.
    Unwanted,
}

impl MailRecord {
    /// Whether the mail service is known to have taken it.
    pub fn was_accepted(&self) -> bool {
        self.accepted_as.is_some() || self.recipients.values().any(|recipient| recipient.state.was_accepted())
    }

    /// Takes an event in. The same however often it's done and in whichever order.
    pub fn fold(&mut self, event: &MailEvent) -> Folded {
        let (accepted, bounced) = (self.was_accepted(), self.has_bounced());
        let before = self.clone();
        if self.accepted_as.is_none() {
            self.accepted_as = Some(event.accepted_as.clone());
        }
        if event.recipients.is_empty() {
            self.recipients.values_mut().for_each(|recipient| recipient.hear(event.state, event.at, None));
        }
        for reported in &event.recipients {
            if let Some(recipient) = self.whom(&reported.address) {
                recipient.hear(event.state, event.at, reported.code.as_ref());
            }
        }
        Folded {
            changed: *self != before,
            accepted: !accepted && self.was_accepted(),
            bounced: !bounced && self.has_bounced(),
            bounces: self.bounces_since(&before),
        }
    }

    fn bounces_since(&self, before: &Self) -> BTreeSet<Bounce> {
        let lost = matches!(self.standing(), Standing::Lost { .. });
        let pairs = before.recipients.values().zip(self.recipients.values());
        let bounce = |(was, is): (&Recipient, &Recipient)| match is.role {
            Role::ControlCopy => (is.has_trouble() && !was.has_trouble()).then_some(Bounce::ControlCopy),
            Role::Customer if is.state == MailState::Complained => {
                (was.state != MailState::Complained).then_some(Bounce::Complained)
            }
            Role::Customer => (is.has_trouble() && !was.has_trouble() && !lost).then_some(Bounce::InPart),
        };
        pairs.filter_map(bounce).collect()
    }

    /// Whom an event means. A server may name the mailbox that it forwards to, which we never heard of: where the mail went to one
    /// address alone it's that one (source: RFC 3464, `Final-Recipient`).
    fn whom(&mut self, address: &AddressHash) -> Option<&mut Recipient> {
        if self.recipients.contains_key(address) {
            return self.recipients.get_mut(address);
        }
        let mut all = self.recipients.values_mut();
        let first = all.next()?;
        all.next().is_none().then_some(first)
    }

    fn customers(&self) -> impl Iterator<Item = &Recipient> {
        self.recipients.values().filter(|recipient| recipient.role == Role::Customer)
    }

    fn has_bounced(&self) -> bool {
        self.customers().any(|recipient| recipient.state == MailState::Bounced)
    }

    /// The customer's addresses that don't exist.
    pub fn dead_addresses(&self) -> impl Iterator<Item = &AddressHash> {
        let dead = |recipient: &Recipient| recipient.role == Role::Customer && recipient.state == MailState::Bounced;
        self.recipients.iter().filter(move |(_, recipient)| dead(recipient)).map(|(address, _)| address)
    }

    /// The customer's addresses that the mail arrived at.
    pub fn live_addresses(&self) -> impl Iterator<Item = &AddressHash> {
        let live = |recipient: &Recipient| recipient.role == Role::Customer && recipient.state == MailState::Delivered;
        self.recipients.iter().filter(move |(_, recipient)| live(recipient)).map(|(address, _)| address)
    }

    /// How it stands with the customer.
    pub fn standing(&self) -> Standing {
        if self.customers().any(|recipient| recipient.state == MailState::Complained) {
            return Standing::Unwanted;
        }
        let hopeful = self.customers().map(|recipient| recipient.state).filter(|state| !state.is_lost()).max();
        let worst = self.customers().max_by_key(|recipient| recipient.state);
        match (hopeful, worst) {
            (Some(state), _) => Standing::Hopeful(state),
            (None, Some(worst)) => Standing::Lost { state: worst.state, code: worst.code.clone() },
            (None, None) => Standing::Hopeful(MailState::Queued),
        }
    }
}

impl Recipient {
    /// Just announced.
    pub fn announced(role: Role, at: DateTime<Utc>) -> Self {
        Self { role, state: MailState::Queued, at, code: None }
    }

    fn has_trouble(&self) -> bool {
        self.state.is_lost() || self.state == MailState::Complained
    }

    /// The higher state counts; of the same state the newest event, and of one moment's the greater code, so that no order matters.
    fn hear(&mut self, state: MailState, at: DateTime<Utc>, code: Option<&String>) {
        if (state, at, code) > (self.state, self.at, self.code.as_ref()) {
            (self.state, self.at, self.code) = (state, at, code.cloned());
        }
    }
}

#[cfg(test)]
mod tests;
