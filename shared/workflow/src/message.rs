//! Queue messages. They carry keys, never facts: whatever a worker acts on it reads anew.
//!
//! Messages in flight outlive a deployment, so each has a version and old ones stay readable (golden files).

use domain::{
    ids::{AgreementNumber, DraftNumber, TenantId},
    job::JobKey,
    mail::{MailEvent, ses},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// One of the queues between the functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WorkQueue {
    /// Worked on by `scan`.
    Scan,
    /// Worked on by `book`.
    Booking,
    /// Worked on by `mail`.
    Delivery,
    /// Worked on by `sweep`.
    Sweep,
    /// Worked on by `prices`.
    Prices,
    /// Worked on by `feedback`.
    Feedback,
    /// Worked on by `digest`.
    Digest,
}

impl WorkQueue {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Scan, Self::Booking, Self::Delivery, Self::Sweep, Self::Prices, Self::Feedback, Self::Digest];

    /// Reads a message of this queue.
    pub fn read(self, body: &str) -> Result<Message, serde_json::Error> {
        match self {
            Self::Scan => serde_json::from_str(body).map(Message::Scan),
            Self::Booking => serde_json::from_str(body).map(Message::Booking),
            Self::Delivery => serde_json::from_str(body).map(Message::Delivery),
            Self::Sweep => serde_json::from_str(body).map(Message::Sweep),
            Self::Prices => serde_json::from_str(body).map(Message::Prices),
            Self::Feedback => serde_json::from_str(body).map(Message::Feedback),
            Self::Digest => serde_json::from_str(body).map(Message::Digest),
        }
    }
}

/// Scan a tenant, or one of its agreements; or run its pre-flight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ScanMessage {
    /// Read the tenant's agreements from this page on.
    #[serde(rename = "scan_tenant.v1")]
    Tenant {
        /// Whose.
        tenant: TenantId,
        /// First page, from 1. More than 1 continues a scan that ran out of time.
        page: u32,
        /// Due decisions of this scan's earlier pages, which the daily limit counts.
        counted: u32,
        /// How many agreements there were when the page before was read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        total: Option<u64>,
    },
    /// Decide on one agreement again, since another of its periods may be due.
    #[serde(rename = "scan_agreement.v1")]
    Agreement {
        /// Whose.
        tenant: TenantId,
        /// Which.
        agreement: AgreementNumber,
    },
    /// Look at everything that the tenant's invoicing depends on.
    #[serde(rename = "preflight.v1")]
    Preflight {
        /// Whose.
        tenant: TenantId,
    },
}

/// Take a job through creating and booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BookingMessage {
    /// This job.
    #[serde(rename = "book.v1")]
    Job {
        /// Its key.
        job: JobKey,
    },
}

/// Take a job through its delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DeliveryMessage {
    /// This job.
    #[serde(rename = "deliver.v1")]
    Job {
        /// Its key.
        job: JobKey,
    },
}

/// Look at a tenant's drafts, or at one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SweepMessage {
    /// Read the tenant's drafts with higher numbers than this one.
    #[serde(rename = "sweep_tenant.v1")]
    Tenant {
        /// Whose.
        tenant: TenantId,
        /// The last draft that was looked at. `None` begins; a number continues a sweep that ran out of time.
        after: Option<DraftNumber>,
    },
    /// Decide on one draft, since its integration says that it's finished.
    #[serde(rename = "sweep_draft.v1")]
    Draft {
        /// Whose.
        tenant: TenantId,
        /// Which.
        draft: DraftNumber,
    },
}

/// Compare a tenant's prices with its lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PriceMessage {
    /// Go on with the comparison, wherever it stands.
    #[serde(rename = "prices_tenant.v1")]
    Tenant {
        /// Whose.
        tenant: TenantId,
    },
}

/// What the mail service tells of a mail: put into the queue by its events, or by us to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "OwnFeedback")]
pub struct FeedbackMessage {
    /// What it tells, if it's about a mail of ours.
    pub event: Option<MailEvent>,
    /// How often the mail's job was in a worker's hands when it came before.
    pub times: u8,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", deny_unknown_fields)]
enum OwnFeedback {
    #[serde(rename = "mail_event.v1")]
    Event {
        event: Option<MailEvent>,
        #[serde(default, skip_serializing_if = "is_zero")]
        times: u8,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(times: &u8) -> bool {
    *times == 0
}

impl From<FeedbackMessage> for OwnFeedback {
    fn from(message: FeedbackMessage) -> Self {
        Self::Event { event: message.event, times: message.times }
    }
}

impl TryFrom<Value> for FeedbackMessage {
    type Error = ses::Unreadable;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        if value.get("kind").is_none() {
            return Ok(Self { event: ses::read_value(value)?, times: 0 });
        }
        let OwnFeedback::Event { event, times } = serde_json::from_value(value)?;
        Ok(Self { event, times })
    }
}

/// Tell a tenant's people what happened and what waits for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DigestMessage {
    /// Whatever is to be told by now.
    #[serde(rename = "digest_tenant.v1")]
    Tenant {
        /// Whose.
        tenant: TenantId,
    },
}

/// A message and the queue it belongs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// For `scan`.
    Scan(ScanMessage),
    /// For `book`.
    Booking(BookingMessage),
    /// For `mail`.
    Delivery(DeliveryMessage),
    /// For `sweep`.
    Sweep(SweepMessage),
    /// For `prices`.
    Prices(PriceMessage),
    /// For `feedback`.
    Feedback(FeedbackMessage),
    /// For `digest`.
    Digest(DigestMessage),
}

impl Message {
    /// Its text on the queue.
    pub fn body(&self) -> Result<String, serde_json::Error> {
        match self {
            Self::Scan(message) => serde_json::to_string(message),
            Self::Booking(message) => serde_json::to_string(message),
            Self::Delivery(message) => serde_json::to_string(message),
            Self::Sweep(message) => serde_json::to_string(message),
            Self::Prices(message) => serde_json::to_string(message),
            Self::Feedback(message) => serde_json::to_string(message),
            Self::Digest(message) => serde_json::to_string(message),
        }
    }

    /// The queue it belongs in.
    pub fn queue(&self) -> WorkQueue {
        match self {
            Self::Scan(_) => WorkQueue::Scan,
            Self::Booking(_) => WorkQueue::Booking,
            Self::Delivery(_) => WorkQueue::Delivery,
            Self::Sweep(_) => WorkQueue::Sweep,
            Self::Prices(_) => WorkQueue::Prices,
            Self::Feedback(_) => WorkQueue::Feedback,
            Self::Digest(_) => WorkQueue::Digest,
        }
    }

    /// Whose it is: the queue's message group, so that a busy tenant doesn't delay the others. Only what the mail service tells of
    /// mails that aren't ours is nobody's.
    pub fn tenant(&self) -> Option<&TenantId> {
        Some(match self {
            Self::Scan(
                ScanMessage::Tenant { tenant, .. }
                | ScanMessage::Agreement { tenant, .. }
                | ScanMessage::Preflight { tenant },
            )
            | Self::Sweep(SweepMessage::Tenant { tenant, .. } | SweepMessage::Draft { tenant, .. })
            | Self::Prices(PriceMessage::Tenant { tenant })
            | Self::Digest(DigestMessage::Tenant { tenant }) => tenant,
            Self::Booking(BookingMessage::Job { job }) | Self::Delivery(DeliveryMessage::Job { job }) => job.tenant(),
            Self::Feedback(FeedbackMessage { event, .. }) => &event.as_ref()?.tenant,
        })
    }
}

/// The messages of one queue.
pub trait QueueMessage: DeserializeOwned + Clone + Into<Message> {
    /// The queue.
    const QUEUE: WorkQueue;
}

impl QueueMessage for ScanMessage {
    const QUEUE: WorkQueue = WorkQueue::Scan;
}

impl QueueMessage for BookingMessage {
    const QUEUE: WorkQueue = WorkQueue::Booking;
}

impl QueueMessage for DeliveryMessage {
    const QUEUE: WorkQueue = WorkQueue::Delivery;
}

impl QueueMessage for SweepMessage {
    const QUEUE: WorkQueue = WorkQueue::Sweep;
}

impl QueueMessage for PriceMessage {
    const QUEUE: WorkQueue = WorkQueue::Prices;
}

impl QueueMessage for FeedbackMessage {
    const QUEUE: WorkQueue = WorkQueue::Feedback;
}

impl From<FeedbackMessage> for Message {
    fn from(message: FeedbackMessage) -> Self {
        Self::Feedback(message)
    }
}

impl QueueMessage for DigestMessage {
    const QUEUE: WorkQueue = WorkQueue::Digest;
}

impl From<DigestMessage> for Message {
    fn from(message: DigestMessage) -> Self {
        Self::Digest(message)
    }
}

impl From<PriceMessage> for Message {
    fn from(message: PriceMessage) -> Self {
        Self::Prices(message)
    }
}

impl From<ScanMessage> for Message {
    fn from(message: ScanMessage) -> Self {
        Self::Scan(message)
    }
}

impl From<BookingMessage> for Message {
    fn from(message: BookingMessage) -> Self {
        Self::Booking(message)
    }
}

impl From<DeliveryMessage> for Message {
    fn from(message: DeliveryMessage) -> Self {
        Self::Delivery(message)
    }
}

impl From<SweepMessage> for Message {
    fn from(message: SweepMessage) -> Self {
        Self::Sweep(message)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Messages as this version writes them. A change here strands messages in flight: add a version instead.
    #[test]
    fn messages_keep_their_text() {
        let golden = [
            (
                Message::Scan(ScanMessage::Tenant {
                    tenant: "fortnox-1".parse().unwrap(),
                    page: 1,
                    counted: 0,
                    total: None,
                }),
                r#"{"kind":"scan_tenant.v1","tenant":"fortnox-1","page":1,"counted":0}"#,
            ),
            (
                Message::Scan(ScanMessage::Agreement {
                    tenant: "fortnox-1".parse().unwrap(),
                    agreement: "7".parse().unwrap(),
                }),
                r#"{"kind":"scan_agreement.v1","tenant":"fortnox-1","agreement":"7"}"#,
            ),
            (
                Message::Scan(ScanMessage::Preflight { tenant: "fortnox-1".parse().unwrap() }),
                r#"{"kind":"preflight.v1","tenant":"fortnox-1"}"#,
            ),
            (
                Message::Booking(BookingMessage::Job { job: "fortnox-1:7:2026-01-31".parse().unwrap() }),
                r#"{"kind":"book.v1","job":"fortnox-1:7:2026-01-31"}"#,
            ),
            (
                Message::Delivery(DeliveryMessage::Job { job: "fortnox-1:7:2026-01-31".parse().unwrap() }),
                r#"{"kind":"deliver.v1","job":"fortnox-1:7:2026-01-31"}"#,
            ),
            (
                Message::Sweep(SweepMessage::Tenant { tenant: "economic-1".parse().unwrap(), after: None }),
                r#"{"kind":"sweep_tenant.v1","tenant":"economic-1","after":null}"#,
            ),
            (
                Message::Sweep(SweepMessage::Tenant {
                    tenant: "economic-1".parse().unwrap(),
                    after: Some("148".parse().unwrap()),
                }),
                r#"{"kind":"sweep_tenant.v1","tenant":"economic-1","after":148}"#,
            ),
            (
                Message::Sweep(SweepMessage::Draft {
                    tenant: "economic-1".parse().unwrap(),
                    draft: "148".parse().unwrap(),
                }),
                r#"{"kind":"sweep_draft.v1","tenant":"economic-1","draft":148}"#,
            ),
            (
                Message::Prices(PriceMessage::Tenant { tenant: "fortnox-1".parse().unwrap() }),
                r#"{"kind":"prices_tenant.v1","tenant":"fortnox-1"}"#,
            ),
            (
                Message::Digest(DigestMessage::Tenant { tenant: "fortnox-1".parse().unwrap() }),
                r#"{"kind":"digest_tenant.v1","tenant":"fortnox-1"}"#,
            ),
        ];
        for (message, text) in golden {
            assert_eq!(message.body().unwrap(), text);
            assert_eq!(message.queue().read(text).unwrap(), message);
        }
    }
}

#[cfg(test)]
mod feedback_tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn how_often_an_event_came_is_kept_on_its_way() {
        for times in [0, 3] {
            let message = Message::Feedback(FeedbackMessage { event: None, times });
            assert_eq!(WorkQueue::Feedback.read(&message.body().unwrap()).unwrap(), message);
        }
    }
}
