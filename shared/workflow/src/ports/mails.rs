//! What is remembered of mails: to whom each went, what came of it, and to whom none goes any more.

use std::future::Future;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    digest::Line,
    ids::{CustomerNumber, TenantId},
    mail::{AddressHash, MailCounts, MailName, MailRecord},
};

use super::{PortError, SaveError};

/// A mail's record, and the version that the next write must find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedMail {
    /// The record.
    pub record: MailRecord,
    /// Its version.
    pub version: u64,
}

/// What is written in one go with a mail's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailAdds {
    /// The tenant's date whose counts grow.
    pub date: NaiveDate,
    /// By how much.
    pub counted: MailCounts,
    /// What the digest is to tell. Their moment is when we learnt of it, since a digest is made
    /// [`domain::digest::schedule::SETTLES`] after the moment up to which it tells.
    pub lines: Vec<Line>,
}

/// To whom no mail goes any more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum MailStop {
    /// To this address: there is no such mailbox.
    Address(AddressHash),
    /// To this customer, who called a mail unwanted.
    Customer(CustomerNumber),
}

/// What is remembered of mails.
pub trait MailBook: Send + Sync {
    /// Keeps a mail's record before the mail is handed over, unless there is one.
    fn keep(&self, record: &MailRecord) -> impl Future<Output = Result<(), PortError>> + Send;

    /// A mail's record.
    fn record(&self, mail: &MailName) -> impl Future<Output = Result<Option<RecordedMail>, PortError>> + Send;

    /// Writes a record on the condition that its version stands, and in one go with it what it `adds`.
    fn save(&self, kept: &RecordedMail, adds: &MailAdds) -> impl Future<Output = Result<(), SaveError>> + Send;

    /// The tenant's counts of the days from `from` on.
    fn counts(&self, tenant: &TenantId, from: NaiveDate) -> impl Future<Output = Result<MailCounts, PortError>> + Send;

    /// No mail goes there any more, since `since` or since an earlier moment that's known.
    fn stop(
        &self,
        tenant: &TenantId,
        stop: &MailStop,
        since: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Mails go there again.
    fn lift(&self, tenant: &TenantId, stop: &MailStop) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Since when no mail goes there, if none does.
    fn stopped(
        &self,
        tenant: &TenantId,
        stop: &MailStop,
    ) -> impl Future<Output = Result<Option<DateTime<Utc>>, PortError>> + Send;
}
