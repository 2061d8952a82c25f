//! The mail service in memory.

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use domain::letters::address::MailAddress;
use workflow::ports::{Clock, MailError, Mailer, RawMail};

use crate::{
    clock::VirtualClock,
    faults::{Call, Fault, Faults},
    lock,
};

/// How long the functions' client waits for the mail service.
const PATIENCE: TimeDelta = TimeDelta::seconds(20);

/// Our own address in tests.
const SENDER: &str = "faktura@fakturapilot.example";

/// A mail that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMail {
    /// When it was accepted.
    pub at: DateTime<Utc>,
    /// The service's own id of it.
    pub id: String,
    /// The whole message.
    pub raw: String,
    /// Everybody it went to.
    pub recipients: Vec<String>,
}

impl SentMail {
    /// The value of a header that stands on one line.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = self.raw.split("\r\n\r\n").next()?;
        head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    }
}

/// Keeps what it's given.
#[derive(Debug)]
pub struct MemoryMailer {
    sent: Mutex<Vec<SentMail>>,
    sender: MailAddress,
    clock: VirtualClock,
    faults: Faults,
}

impl MemoryMailer {
    pub(super) fn new(clock: VirtualClock, faults: Faults) -> Self {
        #[expect(clippy::expect_used, reason = "the constant is an address")]
        let sender = SENDER.parse().expect("SENDER is written as an address");
        Self { sent: Mutex::default(), sender, clock, faults }
    }

    /// The mails that were accepted, oldest first, whether or not anybody was told so.
    pub fn sent(&self) -> Vec<SentMail> {
        lock(&self.sent).clone()
    }
}

impl Mailer for MemoryMailer {
    async fn send(&self, mail: RawMail<'_>) -> Result<String, MailError> {
        let accept = || {
            let mut sent = lock(&self.sent);
            let id = format!("mail-{}", sent.len() + 1);
            let raw = String::from_utf8_lossy(mail.raw).into_owned();
            sent.push(SentMail { at: self.clock.now(), id: id.clone(), raw, recipients: mail.recipients.to_vec() });
            id
        };
        self.faults.make(Call::SendMail, PATIENCE, accept).await.map_err(|fault| match fault {
            Fault::NotTaken | Fault::Busy(_) => MailError::NotTaken("the sending rate is used up".to_owned()),
            Fault::Refused(words) | Fault::TenantBlocked(words) => MailError::Refused(words.to_owned()),
            _ => MailError::NoAnswer("the connection broke".to_owned()),
        })
    }

    fn sender(&self) -> &MailAddress {
        &self.sender
    }

    fn configuration_set(&self) -> Option<&str> {
        Some("fakturapilot")
    }
}
