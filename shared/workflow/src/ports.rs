//! The outside world, as narrow traits named after what we need of it.

mod dead_letters;
mod digests;
mod mails;
mod prices;
mod signals;

use std::{collections::BTreeMap, future::Future, time::Duration};

use accounting::{AccountingSystem, Pricing};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    agreement::LastInvoice,
    draft::DraftDecision,
    due::Decision,
    hold::HoldReason,
    ids::{AgreementNumber, CustomerNumber, DraftNumber, InvoiceNumber, SystemKind, TenantId},
    job::{Event, Job, JobKey},
    letters::mime::ConfigurationSet,
    preflight::{Report, Standing},
    settings::{Mode, TenantSettings},
};
use serde::{Deserialize, Serialize};

pub use self::{
    dead_letters::{DeadLetters, GiveUp, GivenUp, InHand, Listing},
    digests::{Digests, KeptMail},
    mails::{MailAdds, MailBook, MailStop, RecordedMail},
    prices::{ClaimedRound, Hands, PriceBook, PriceLists, RoundClaim, WatchedAgreement},
    signals::{Kept, SignalSecrets, Signals},
};
use crate::{
    dead_letters::{DeadLetterQueue, LetterDeed},
    message::Message,
};

/// A store or queue didn't do what was asked. May be repeated: every write is conditional.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {source}")]
pub struct PortError {
    /// What was being done.
    pub what: &'static str,
    /// Why it failed.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl PortError {
    /// `source`, while doing `what`.
    pub fn new(what: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { what, source: source.into() }
    }

    /// Everything it knows, down to the last cause. For a person, never for a log: it may quote what was being read.
    pub fn in_full(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source.source();
        while let Some(error) = cause {
            let words = error.to_string();
            // Many errors say their cause's words themselves.
            if !text.contains(&words) {
                text.push_str(": ");
                text.push_str(&words);
            }
            cause = error.source();
        }
        text
    }

    /// What of it may stand in a log: where a document couldn't be read, since serde's own words quote it; else its text.
    pub fn for_logs(&self) -> String {
        match self.source.downcast_ref::<serde_json::Error>() {
            Some(error) => {
                let (kind, line, column) = (error.classify(), error.line(), error.column());
                format!("{}: {kind:?} error at line {line}, column {column}", self.what)
            }
            None => self.to_string(),
        }
    }
}

/// The time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> DateTime<Utc>;
}

/// Everything the use cases need.
pub trait Ports: Send + Sync {
    /// The accounting system.
    type Accounting: AccountingSystem + Pricing;
    /// The settings.
    type Settings: Settings;
    /// The journal, which the digests are made from and kept in.
    type Journal: Journal + Digests;
    /// The ready signals.
    type Signals: Signals;
    /// What is remembered of prices.
    type Prices: PriceBook;
    /// What is remembered of mails.
    type Mails: MailBook;
    /// The queues.
    type Queues: Queues;
    /// The time.
    type Clock: Clock;

    /// The accounting system.
    fn accounting(&self) -> &Self::Accounting;
    /// The settings.
    fn settings(&self) -> &Self::Settings;
    /// The journal.
    fn journal(&self) -> &Self::Journal;
    /// The ready signals.
    fn signals(&self) -> &Self::Signals;
    /// What is remembered of prices.
    fn prices(&self) -> &Self::Prices;
    /// What is remembered of mails.
    fn mails(&self) -> &Self::Mails;
    /// The queues.
    fn queues(&self) -> &Self::Queues;
    /// The time.
    fn clock(&self) -> &Self::Clock;
}

/// What is done with a tenant by the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// Its agreements are scanned.
    Scan,
    /// Its drafts are swept.
    Sweep,
}

impl Look {
    /// What is done with the tenants of an accounting system.
    pub fn at(system: SystemKind) -> Self {
        match system {
            SystemKind::Fortnox => Self::Scan,
            SystemKind::Economic => Self::Sweep,
        }
    }

    /// Its name, as stores keep it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Sweep => "sweep",
        }
    }
}

/// Settings, and when each tenant is to be looked at: scanned or swept, as [`Look::at`] its accounting system says.
pub trait Settings: Send + Sync {
    /// All settings of a tenant, or `None` for a tenant nobody knows.
    fn of_tenant(&self, tenant: &TenantId) -> impl Future<Output = Result<Option<TenantSettings>, PortError>> + Send;

    /// The settings that one agreement of one customer needs: the same values as [`Settings::of_tenant`] with fewer reads.
    fn of_agreement(
        &self,
        tenant: &TenantId,
        customer: &CustomerNumber,
        agreement: &AgreementNumber,
    ) -> impl Future<Output = Result<Option<TenantSettings>, PortError>> + Send;

    /// The settings that one customer's drafts need: the same values as [`Settings::of_tenant`] with fewer reads.
    fn of_customer(
        &self,
        tenant: &TenantId,
        customer: &CustomerNumber,
    ) -> impl Future<Output = Result<Option<TenantSettings>, PortError>> + Send;

    /// Tenants whose next look is due and is of this kind, the longest waiting first, at most `limit`.
    fn due_for(
        &self,
        look: Look,
        now: DateTime<Utc>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<TenantId>, PortError>> + Send;

    /// Sets when the tenant is to be looked at next: what it was due for until now is done.
    fn schedule_next(&self, tenant: &TenantId, at: DateTime<Utc>)
    -> impl Future<Output = Result<(), PortError>> + Send;

    /// Has the tenant looked at no more, unless it's registered anew: there is none of that name.
    fn forget_look(&self, tenant: &TenantId) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Has the tenant looked at again at `at` unless that is done by then. It's remembered since when it's due.
    fn look_again(&self, tenant: &TenantId, at: DateTime<Utc>) -> impl Future<Output = Result<(), PortError>> + Send;

    /// How many tenants have been due for a look of this kind since `since` or longer.
    fn overdue(&self, look: Look, since: DateTime<Utc>) -> impl Future<Output = Result<u64, PortError>> + Send;

    /// Tenants that have a profile.
    fn tenants(&self) -> impl Future<Output = Result<Vec<TenantId>, PortError>> + Send;

    /// Tenants that have a profile but no time for their next look: new ones, or ones written by hand.
    fn unscheduled(&self) -> impl Future<Output = Result<Vec<TenantId>, PortError>> + Send;

    /// Keeps what the tenant's newest pre-flight came to, for whoever reads its settings from then on. One that was begun before
    /// the one that is kept changes nothing.
    fn keep_standing(
        &self,
        tenant: &TenantId,
        standing: &Standing,
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Writes the mode into the tenant's profile, if it says `from` now. Tells whether it did.
    fn set_mode(&self, tenant: &TenantId, from: Mode, to: Mode)
    -> impl Future<Output = Result<bool, PortError>> + Send;
}

/// What the journal remembers of an agreement's invoices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The newest invoice we made or adopted.
    pub last: Option<LastInvoice>,
    /// Numbers of the invoices we know, newest last, at most [`History::MOST_KNOWN`].
    pub known: Vec<InvoiceNumber>,
}

impl History {
    /// Two years of months: no observation looks further back.
    pub const MOST_KNOWN: usize = 24;

    /// Adds an invoice.
    pub fn add(&mut self, number: InvoiceNumber, last: LastInvoice) {
        let newer = self.last.as_ref().is_none_or(|known| last.period.start() >= known.period.start());
        if newer {
            self.last = Some(last);
        }
        self.know(number);
    }

    /// Notes that an invoice is known, whatever it's for.
    pub fn know(&mut self, number: InvoiceNumber) {
        if !self.known.contains(&number) {
            self.known.push(number);
        }
        let surplus = self.known.len().saturating_sub(Self::MOST_KNOWN);
        self.known.drain(..surplus);
    }
}

/// An agreement's history as it was read.
///
/// Two jobs of one agreement may be worked on at once. Who saves on top of a history that has moved on since it was read must let
/// go, since the other may have found the very same invoice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remembered {
    /// What is remembered.
    pub history: History,
    /// Its version in the journal, which the next write must find. None has been written yet: 0.
    pub version: u64,
}

impl Remembered {
    /// The same, as if one invoice weren't known yet: for the job that has to find out what it is.
    pub(crate) fn without(&self, number: &InvoiceNumber) -> Self {
        let mut same = self.clone();
        same.history.known.retain(|known| known != number);
        same
    }
}

/// A job in a worker's hands: its state, and the version that the next write must find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The job.
    pub job: Job,
    /// Its version in the journal.
    pub version: u64,
}

/// What came of asking for a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It's yours until the lease ends.
    Taken(Box<Claimed>),
    /// Another worker has it until then.
    Busy {
        /// The end of its lease.
        until: DateTime<Utc>,
    },
    /// There is no such job.
    Missing,
}

/// What came of opening a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// It's new.
    New,
    /// There was one with its key already.
    Exists(Box<Job>),
}

/// Why a job couldn't be saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Somebody else has written it, or its agreement's history, since: this worker must let go at once.
    #[error("another worker has written the job or its agreement's history")]
    Fenced,
    /// The journal didn't answer.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// What a save writes besides the job itself.
#[derive(Debug, Clone, Default)]
pub struct Also {
    /// Lines for the job's story.
    pub events: Vec<Event>,
    /// The agreement's history, when an invoice was made: on the condition that the version it was read with stands.
    pub history: Option<Remembered>,
}

/// One page of a scan, as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanPage {
    /// When it was read.
    pub at: DateTime<Utc>,
    /// The tenant's date.
    pub date: NaiveDate,
    /// Which page.
    pub page: u32,
    /// What was decided, agreement by agreement.
    pub decisions: Vec<Decision>,
}

/// Some drafts of a sweep, as the journal keeps them: the day's last word on each. What led to a job stands in its story too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepPage {
    /// When they were read.
    pub at: DateTime<Utc>,
    /// The tenant's date.
    pub date: NaiveDate,
    /// Which page of the sweep, from 1.
    pub page: u32,
    /// What was decided, draft by draft.
    pub decisions: Vec<DraftDecision>,
}

/// Something about a tenant or one of its agreements that needs a person and has no job to stand in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why.
    pub reason: HoldReason,
    /// The tenant's date when it was last met, which tells when its agreement is gone.
    #[serde(default)]
    pub seen_on: Option<NaiveDate>,
}

/// What a concern is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The tenant as a whole.
    Tenant,
    /// One agreement.
    Agreement(AgreementNumber),
    /// One draft.
    Draft(DraftNumber),
    /// The prices of one agreement, or of the tenant as a whole.
    Prices(Option<AgreementNumber>),
}

/// Jobs and what was decided and done.
pub trait Journal: Send + Sync {
    /// A job as it stands, to look at only.
    fn job(&self, key: &JobKey) -> impl Future<Output = Result<Option<Job>, PortError>> + Send;

    /// Opens a job unless there is one with its key.
    fn open(&self, job: &Job, events: &[Event]) -> impl Future<Output = Result<Opened, PortError>> + Send;

    /// Takes a job for `lease`, if nobody else has it.
    fn claim(
        &self,
        key: &JobKey,
        now: DateTime<Utc>,
        lease: chrono::TimeDelta,
    ) -> impl Future<Output = Result<Claim, PortError>> + Send;

    /// Writes a claimed job on the condition that its version stands, and that of the history if there's one to write, and
    /// moves the versions on. The lease goes on until `lease_until`, or is given back with `None`.
    fn save(
        &self,
        claimed: &mut Claimed,
        also: Also,
        lease_until: Option<DateTime<Utc>>,
    ) -> impl Future<Output = Result<(), SaveError>> + Send;

    /// Jobs that are to be looked at by now, at most `limit`.
    fn waking(&self, now: DateTime<Utc>, limit: usize) -> impl Future<Output = Result<Vec<JobKey>, PortError>> + Send;

    /// How many jobs decided on for the tenant on its `date` take one of the day's invoices: [`Job::counts_for_its_day`].
    fn jobs_on(&self, tenant: &TenantId, date: NaiveDate) -> impl Future<Output = Result<u32, PortError>> + Send;

    /// The jobs decided on for the tenant on its `date`, whatever became of them.
    fn jobs_of_day(
        &self,
        tenant: &TenantId,
        date: NaiveDate,
    ) -> impl Future<Output = Result<Vec<Job>, PortError>> + Send;

    /// A job's story, from its beginning. Empty for a job that nobody knows.
    fn story_of(&self, key: &JobKey) -> impl Future<Output = Result<Vec<Event>, PortError>> + Send;

    /// What is remembered of one agreement.
    fn history(
        &self,
        tenant: &TenantId,
        agreement: &AgreementNumber,
    ) -> impl Future<Output = Result<Remembered, PortError>> + Send;

    /// What is remembered of all agreements of a tenant.
    fn histories(
        &self,
        tenant: &TenantId,
    ) -> impl Future<Output = Result<BTreeMap<AgreementNumber, History>, PortError>> + Send;

    /// Keeps a page of a scan.
    fn keep_page(&self, tenant: &TenantId, page: &ScanPage) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Keeps a page of a sweep in the place of the day's earlier one.
    fn keep_sweep(&self, tenant: &TenantId, page: &SweepPage) -> impl Future<Output = Result<(), PortError>> + Send;

    /// The tenant's concerns.
    fn concerns(&self, tenant: &TenantId)
    -> impl Future<Output = Result<BTreeMap<Subject, Concern>, PortError>> + Send;

    /// Raises a concern, or settles it with `None`. One about the tenant as a whole wakes its digests shortly after, so that
    /// people are told of it.
    fn set_concern(
        &self,
        tenant: &TenantId,
        subject: &Subject,
        concern: Option<&Concern>,
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Keeps a pre-flight's report in the place of the tenant's earlier one.
    fn keep_report(&self, report: &Report) -> impl Future<Output = Result<(), PortError>> + Send;

    /// The tenant's newest pre-flight.
    fn report(&self, tenant: &TenantId) -> impl Future<Output = Result<Option<Report>, PortError>> + Send;

    /// Keeps what a person does with a dead letter. Kept again, it replaces what was kept of the same deed.
    fn keep_deed(&self, deed: &LetterDeed) -> impl Future<Output = Result<(), PortError>> + Send;

    /// What people did with a queue's dead letters, the newest first, at most `limit`.
    fn deeds(
        &self,
        queue: DeadLetterQueue,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<LetterDeed>, PortError>> + Send;
}

/// The queues between the functions: at least once, in any order.
pub trait Queues: Send + Sync {
    /// Sends a message, to be seen after `delay`.
    fn send(&self, message: &Message, delay: Duration) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// A mail ready to go.
pub struct RawMail<'a> {
    /// Whose it is.
    pub tenant: &'a TenantId,
    /// The whole message, headers and all.
    pub raw: &'a [u8],
    /// Everybody it goes to, blind copies included.
    pub recipients: &'a [String],
}

/// What the mail service said.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// It took no notice of the mail, which may be offered again later.
    #[error("the mail service did not take the mail: {0}")]
    NotTaken(String),
    /// It took no notice of the mail, since nothing was ready for the company's mails. Now it is, and the mail may be offered again
    /// at once.
    #[error("the mail service was not ready for the company's mails: {0}")]
    MadeReady(String),
    /// It refused the mail for good.
    #[error("the mail service refused the mail: {0}")]
    Refused(String),
    /// No usable answer: it may have sent it.
    #[error("no usable answer from the mail service: {0}")]
    NoAnswer(String),
}

/// Why no mail should be handed over now, and what to do. One that is waits without having been announced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the mail service has no room for the mail: {0}")]
pub struct NoRoom(pub String);

/// The mail service.
pub trait Mailer: Send + Sync {
    /// Whether the mail service would take a mail to so many recipients now, as far as it says beforehand. It may still refuse it.
    fn room(&self, recipients: usize) -> impl Future<Output = Result<(), NoRoom>> + Send;

    /// **Effect**: hands over a mail, once. Gives the service's own id of it.
    fn send(&self, mail: RawMail<'_>) -> impl Future<Output = Result<String, MailError>> + Send;

    /// Our own address that mails come from.
    fn sender(&self) -> &domain::letters::address::MailAddress;

    /// The tenant's configuration set, whose events tell what became of its mails.
    fn configuration_set(&self, tenant: &TenantId) -> Option<ConfigurationSet>;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{what}")]
    struct Link {
        what: &'static str,
        #[source]
        cause: Option<Box<Link>>,
    }

    fn link(what: &'static str, cause: Option<Link>) -> Link {
        Link { what, cause: cause.map(Box::new) }
    }

    #[test]
    fn an_error_in_full_has_every_cause_once() {
        let chain = link("request failed: no route", Some(link("no route", Some(link("cable cut", None)))));
        let error = PortError::new("claiming a job", chain);
        assert_eq!(error.in_full(), "claiming a job: request failed: no route: cable cut");
        assert_eq!(error.for_logs(), "claiming a job: request failed: no route");
    }

    #[test]
    fn a_log_gets_no_word_of_a_document_that_could_not_be_read() {
        let quoting = serde_json::from_str::<u8>(r#""kund@kund.example""#).unwrap_err();
        let error = PortError::new("reading a job", quoting);
        assert!(error.in_full().contains("kund@kund.example"));
        assert_eq!(error.for_logs(), "reading a job: Data error at line 1, column 19");
    }
}
