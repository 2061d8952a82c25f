//! What is remembered of mails: to whom each went, what came of it, and to whom none goes any more.

use std::future::Future;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    ids::{CustomerNumber, InvoiceNumber, TenantId},
    job::JobKey,
    mail::{AddressHash, MailCounts, MailName, MailRecord, MailState, Role},
};
use serde::{Deserialize, Serialize};

use super::{PortError, SaveError};

/// A mail's record, and the version that the next write must find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedMail {
    /// The record.
    pub record: MailRecord,
    /// Its version.
    pub version: u64,
}

/// To whom no mail goes any more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum MailStop {
    /// To this address: there is no such mailbox.
    Address(AddressHash),
    /// To this customer, who called a mail unwanted.
    Customer(CustomerNumber),
}

/// A mail that didn't arrive, or wasn't wanted: for the digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailTrouble {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Which mail.
    pub mail: MailName,
    /// The job that sent it.
    pub job: JobKey,
    /// The invoice it carried.
    pub invoice: InvoiceNumber,
    /// The customer it was for.
    pub customer: CustomerNumber,
    /// With whom it happened.
    pub role: Role,
    /// What happened.
    pub state: MailState,
    /// The receiving server's status, if it said one.
    pub code: Option<String>,
}

/// What is remembered of mails.
pub trait MailBook: Send + Sync {
    /// Keeps a mail's record before the mail is handed over, unless there is one.
    fn keep(&self, record: &MailRecord) -> impl Future<Output = Result<(), PortError>> + Send;

    /// A mail's record.
    fn record(&self, mail: &MailName) -> impl Future<Output = Result<Option<RecordedMail>, PortError>> + Send;

    /// Writes a record on the condition that its version stands, and adds `counted` to the counts of the tenant's `date` with it.
    fn save(
        &self,
        kept: &RecordedMail,
        date: NaiveDate,
        counted: MailCounts,
    ) -> impl Future<Output = Result<(), SaveError>> + Send;

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

    /// Adds a line to the tenant's day. One about the same mail, recipient and state takes the place of the one there was.
    fn note_trouble(
        &self,
        tenant: &TenantId,
        date: NaiveDate,
        whom: &AddressHash,
        trouble: &MailTrouble,
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// The lines of the tenant's day.
    fn troubles(
        &self,
        tenant: &TenantId,
        date: NaiveDate,
    ) -> impl Future<Output = Result<Vec<MailTrouble>, PortError>> + Send;
}
