//! Why a job waits for a person, and what that person can do.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{DraftNumber, InvoiceNumber},
    job::StepName,
    money::{Currency, Money},
    period::Period,
    settings::{Channel, Mode},
};

/// A hold's reason. Each says what is the matter and, by [`HoldReason::advice`], what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum HoldReason {
    /// More periods were missed than may be caught up unasked.
    #[error("{missed} periods were missed, and at most {allowed} may be caught up without asking")]
    TooFarBehind {
        /// Missed periods, the current one not counted.
        missed: u32,
        /// The setting.
        allowed: u32,
    },
    /// The period fields can be read in two ways that differ today.
    #[error("the agreement's period can be read in two ways that differ today")]
    AmbiguousPeriod,
    /// Somebody invoiced by hand shortly before the due date.
    #[error("an invoice was made by hand on {date}, close to this period's date: it may cover the period already")]
    PerhapsInvoicedByHand {
        /// The date of that invoice.
        date: NaiveDate,
    },
    /// The period shares dates with one that was invoiced.
    #[error("the period {period} overlaps {last}, which has been invoiced")]
    OverlapsLast {
        /// The one that's due.
        period: Period,
        /// The one that was invoiced.
        last: Period,
    },
    /// The accounting system makes invoices for the customer by itself, beside the agreement.
    #[error("the accounting system invoices the customer by itself too (Fortnox's Återkommande fakturering)")]
    AlreadyRecurring,
    /// Nothing, or less, to pay.
    #[error("the invoice would amount to {total}")]
    NotPositive {
        /// The amount.
        total: Money,
    },
    /// Over the largest amount.
    #[error("the amount {total} is over the limit {limit}")]
    AmountOverLimit {
        /// The amount.
        total: Money,
        /// The limit.
        limit: Money,
    },
    /// A limit is set, but not for this currency.
    #[error("no largest amount is set for {currency}")]
    NoLimitForCurrency {
        /// The agreement's currency.
        currency: Currency,
    },
    /// Changed more than allowed since the last invoice.
    #[error("the amount {total} differs from the last invoice's {last} by more than {limit_percent} %")]
    ChangeOverLimit {
        /// The amount.
        total: Money,
        /// The last invoice's.
        last: Money,
        /// The setting.
        limit_percent: Decimal,
    },
    /// The tenant's number of invoices for the day is used up.
    #[error("today's limit of {limit} invoices is used up")]
    DayLimit {
        /// The setting.
        limit: u32,
    },
    /// A ready signal came for a customer that isn't set to automatic sending.
    #[error("the integration says that the draft is finished, but its customer is not set to automatic sending")]
    NotFlagged,
    /// A ready signal for a draft that isn't there.
    #[error("the integration says that draft {draft} is finished, but there is no such draft")]
    NoSuchDraft {
        /// The number it named.
        draft: DraftNumber,
    },
    /// A ready signal that may have been for an earlier draft of the same number, which is gone.
    #[error(
        "a ready signal came for draft {draft}, but that number was another draft's before: it may have been for that one"
    )]
    SignalUnclear {
        /// The number.
        draft: DraftNumber,
    },
    /// A finished draft that can't be an invoice yet.
    #[error("the draft {problem}")]
    DraftIncomplete {
        /// Such as "has no line with a price".
        problem: String,
    },
    /// The customer must not be invoiced.
    #[error("the customer is barred in the accounting system")]
    CustomerBarred,
    /// A public customer, whom a PDF alone must not be sent to.
    #[error("the customer has an EAN and must get an e-invoice, but the channel is {}", channel.name())]
    NeedsEinvoice {
        /// What is set.
        channel: Channel,
    },
    /// An e-invoice that would be refused.
    #[error("an e-invoice can't be sent: {problem}")]
    EinvoiceIncomplete {
        /// What is missing.
        problem: String,
    },
    /// Nobody to mail the draft's invoice to.
    #[error("there is nobody to mail the invoice to{}", problem.as_ref().map(|problem| format!(": {problem}")).unwrap_or_default())]
    NoRecipient {
        /// What is wrong with the address there is; never the address itself.
        problem: Option<String>,
    },
    /// The draft's date is in a period that was closed, or that doesn't exist.
    #[error("{date} is not in an open accounting period")]
    PeriodClosed {
        /// The draft's date.
        date: NaiveDate,
    },
    /// The draft was edited in the very moment in which it was booked.
    #[error(
        "invoice {invoice} amounts to {booked}, but {decided} was decided on: the draft was edited while it was booked"
    )]
    BookedOtherwise {
        /// The invoice.
        invoice: InvoiceNumber,
        /// What was decided on.
        decided: Money,
        /// What was booked.
        booked: Money,
    },
    /// A row from the accounting system that we can't make sense of.
    #[error("the agreement can't be read: {problem}")]
    Unreadable {
        /// Which field, and what is wrong with it.
        problem: String,
    },
    /// Its settings are broken.
    #[error("the settings {scope} are refused: {field}: {problem}")]
    BrokenSettings {
        /// Which item.
        scope: String,
        /// The exact field.
        field: String,
        /// What is wrong.
        problem: String,
    },
    /// The agreement changed between decision and action, and the new state isn't due.
    #[error("the agreement changed since it was decided on: {now}")]
    AgreementMoved {
        /// What it looks like now.
        now: String,
    },
    /// Whether the effect happened can't be found out.
    #[error("whether the step {step} happened can't be found out: {seen}")]
    OutcomeUnknown {
        /// Which step.
        step: StepName,
        /// What was looked at.
        seen: String,
    },
    /// Tried as often as we dare.
    #[error("the step {step} was tried {attempts} times without success: {last}")]
    TooManyAttempts {
        /// Which step.
        step: StepName,
        /// How often.
        attempts: u32,
        /// The last answer.
        last: String,
    },
    /// No usable address.
    #[error("the customer has no usable e-mail address{}", problem.as_ref().map(|problem| format!(": {problem}")).unwrap_or_default())]
    NoAddress {
        /// What is wrong with the one there is; never the address itself.
        problem: Option<String>,
    },
    /// The mail was accepted, and the customer doesn't have it.
    #[error("the mail with invoice {invoice} came back: {problem}")]
    CameBack {
        /// Its number.
        invoice: InvoiceNumber,
        /// What the mail service tells, without any address.
        problem: String,
    },
    /// Every address there is has been found dead.
    #[error("the customer's address doesn't exist: a mail to it came back at {since}")]
    AddressDead {
        /// When that was heard.
        since: DateTime<Utc>,
    },
    /// The customer called a mail of this tenant's unwanted.
    #[error("the customer called a mail unwanted at {since}, so no further one is sent")]
    MailUnwanted {
        /// When that was heard.
        since: DateTime<Utc>,
    },
    /// Too many of the tenant's mails come back.
    #[error(
        "{bounced} of the last {accepted} mails came back: the tenant's mails are paused, so that the mail service doesn't stop everybody's"
    )]
    MailsPaused {
        /// Mails of the last weeks.
        accepted: u32,
        /// How many of them came back.
        bounced: u32,
    },
    /// A channel that doesn't exist for this tenant.
    #[error("the channel {channel} is not available")]
    ChannelUnavailable {
        /// Its name in the settings.
        channel: String,
    },
    /// An invoice that must be in the books before it's delivered that way, and isn't.
    #[error("invoice {invoice} isn't booked, and only a booked one is delivered by {}", channel.name())]
    NotBooked {
        /// Its number.
        invoice: InvoiceNumber,
        /// What is set.
        channel: Channel,
    },
    /// An invoice that the invoice service doesn't take.
    #[error("the invoice service doesn't take invoice {invoice}: {problem}")]
    NotForService {
        /// Its number.
        invoice: InvoiceNumber,
        /// Such as "it isn't in SEK".
        problem: String,
    },
    /// The invoice service has the invoice and hasn't taken it on.
    #[error("invoice {invoice} was handed over to the invoice service, and {problem}")]
    AtService {
        /// Its number.
        invoice: InvoiceNumber,
        /// Such as "waits there to be authorized".
        problem: String,
    },
    /// The customer's card names no way of delivery that we know.
    #[error("the channel is customer_default, and the customer's card in the accounting system names {}", word.as_ref().map_or_else(|| "no way of delivery".to_owned(), |word| format!("`{word}`, which isn't known")))]
    NoCustomerDefault {
        /// What it says, if anything.
        word: Option<String>,
    },
    /// The accounting system made the agreement's invoice for other dates than were due.
    #[error("invoice {invoice} was made for {made}, where {wanted} was due")]
    OtherPeriod {
        /// Its number.
        invoice: InvoiceNumber,
        /// What it covers.
        made: Period,
        /// What was to be invoiced.
        wanted: Period,
    },
    /// The invoice isn't as expected any more.
    #[error("the invoice {invoice} {problem}")]
    InvoiceChanged {
        /// Its number.
        invoice: InvoiceNumber,
        /// Such as "was cancelled".
        problem: String,
    },
    /// The letter can't be made.
    #[error("the letter can't be written: {problem}")]
    LetterBroken {
        /// What is wrong with the template or its fields.
        problem: String,
    },
    /// The tenant's mode doesn't allow the step.
    #[error("the tenant's mode is `{}`, so the step {step} is not done", mode.name())]
    ModeForbids {
        /// The step that waits.
        step: StepName,
        /// The mode.
        mode: Mode,
    },
    /// The prices of an agreement, or of an invoice from it, couldn't be brought up to date with the list.
    #[error("its prices don't follow the list: {problem}")]
    PricesNotFollowed {
        /// What is the matter.
        problem: String,
        /// What to do.
        advice: String,
    },
    /// The tenant's mode isn't what its profile says.
    #[error(
        "the profile says `full`, but the mode is `draft_only`: the newest pre-flight found {found} things that block; the first: {first}"
    )]
    PreflightBlocks {
        /// When the pre-flight was begun.
        at: DateTime<Utc>,
        /// How many things block.
        found: u64,
        /// The first of them in words.
        first: String,
    },
    /// The tenant can't be reached or used.
    #[error("{problem}")]
    TenantBlocked {
        /// What is the matter with the tenant.
        problem: String,
        /// What to do.
        advice: String,
    },
}

impl HoldReason {
    /// A short stable name, for counting and for logs, which must not carry the words themselves.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooFarBehind { .. } => "too_far_behind",
            Self::AmbiguousPeriod => "ambiguous_period",
            Self::PerhapsInvoicedByHand { .. } => "perhaps_invoiced_by_hand",
            Self::OverlapsLast { .. } => "overlaps_last",
            Self::AlreadyRecurring => "already_recurring",
            Self::NotPositive { .. } => "not_positive",
            Self::AmountOverLimit { .. } => "amount_over_limit",
            Self::NoLimitForCurrency { .. } => "no_limit_for_currency",
            Self::ChangeOverLimit { .. } => "change_over_limit",
            Self::DayLimit { .. } => "day_limit",
            Self::NotFlagged => "not_flagged",
            Self::NoSuchDraft { .. } => "no_such_draft",
            Self::SignalUnclear { .. } => "signal_unclear",
            Self::DraftIncomplete { .. } => "draft_incomplete",
            Self::CustomerBarred => "customer_barred",
            Self::NeedsEinvoice { .. } => "needs_einvoice",
            Self::EinvoiceIncomplete { .. } => "einvoice_incomplete",
            Self::NoRecipient { .. } => "no_recipient",
            Self::PeriodClosed { .. } => "period_closed",
            Self::BookedOtherwise { .. } => "booked_otherwise",
            Self::Unreadable { .. } => "unreadable",
            Self::BrokenSettings { .. } => "broken_settings",
            Self::AgreementMoved { .. } => "agreement_moved",
            Self::OutcomeUnknown { .. } => "outcome_unknown",
            Self::TooManyAttempts { .. } => "too_many_attempts",
            Self::NoAddress { .. } => "no_address",
            Self::CameBack { .. } => "came_back",
            Self::AddressDead { .. } => "address_dead",
            Self::MailUnwanted { .. } => "mail_unwanted",
            Self::MailsPaused { .. } => "mails_paused",
            Self::ChannelUnavailable { .. } => "channel_unavailable",
            Self::NotBooked { .. } => "not_booked",
            Self::NotForService { .. } => "not_for_service",
            Self::AtService { .. } => "at_service",
            Self::NoCustomerDefault { .. } => "no_customer_default",
            Self::OtherPeriod { .. } => "other_period",
            Self::InvoiceChanged { .. } => "invoice_changed",
            Self::LetterBroken { .. } => "letter_broken",
            Self::ModeForbids { .. } => "mode_forbids",
            Self::PricesNotFollowed { .. } => "prices_not_followed",
            Self::PreflightBlocks { .. } => "preflight_blocks",
            Self::TenantBlocked { .. } => "tenant_blocked",
        }
    }

    /// Whether we can see by ourselves that the reason is gone, so that the job goes on without anybody's yes.
    pub fn lifts_by_itself(&self) -> bool {
        matches!(
            self,
            Self::ModeForbids { .. }
                | Self::BrokenSettings { .. }
                | Self::TenantBlocked { .. }
                | Self::ChannelUnavailable { .. }
                | Self::AddressDead { .. }
                | Self::MailsPaused { .. }
                | Self::NotBooked { .. }
                | Self::NotForService { .. }
                | Self::AtService { .. }
                | Self::NoCustomerDefault { .. }
                | Self::Unreadable { .. }
                | Self::NotFlagged
                | Self::DraftIncomplete { .. }
                | Self::CustomerBarred
                | Self::NeedsEinvoice { .. }
                | Self::EinvoiceIncomplete { .. }
                | Self::NoRecipient { .. }
                | Self::PeriodClosed { .. }
        )
    }

    /// What a person can do.
    pub fn advice(&self) -> String {
        let text = match self {
            Self::TooFarBehind { .. } => {
                "invoice or skip the missed periods in the accounting system, or approve the job; it then catches up one period at a time"
            }
            Self::AmbiguousPeriod => "set `period_reading` for this agreement to `next_period` or `whole_term`",
            Self::PerhapsInvoicedByHand { .. } | Self::OverlapsLast { .. } => {
                "look at the agreement's newest invoice; skip the job if it covers the period, approve it if it doesn't"
            }
            Self::AlreadyRecurring => {
                "look at what Återkommande fakturering invoices the customer for in Fortnox. If it's the same, end one of the two and skip the job; if it isn't, approve the job, or set `hold_if_recurring` to false for the customer"
            }
            Self::NotPositive { .. } => "correct the agreement's rows or prices, then approve or skip the job",
            Self::AmountOverLimit { .. } | Self::ChangeOverLimit { .. } => {
                "check the amount; approve the job if it's right, or raise the limit"
            }
            Self::NoLimitForCurrency { .. } => "add the currency to `max_amount`, or approve the job",
            Self::DayLimit { .. } => "approve the job, or raise `max_invoices_per_day`",
            Self::NotFlagged => {
                "set `automatic_sending` for the customer if its drafts are to be sent; the job then goes on by itself. Else skip it"
            }
            Self::NoSuchDraft { .. } => {
                "check which number the integration sends, and whether somebody booked or deleted the draft before"
            }
            Self::SignalUnclear { .. } => "approve the job if the draft is finished; skip it if it isn't",
            Self::DraftIncomplete { .. } => "complete the draft or delete it; the job goes on by itself",
            Self::CustomerBarred => {
                "open the customer in the accounting system, and the job goes on by itself; or skip it"
            }
            Self::NeedsEinvoice { .. } => {
                "set `channel` to `economic_einvoice` for the customer; the job then goes on by itself"
            }
            Self::EinvoiceIncomplete { .. } => {
                "enter what is missing in the accounting system; the job then goes on by itself"
            }
            Self::NoRecipient { .. } => {
                "enter an e-mail address at the customer or its contact, or `recipient` in the settings; the job then goes on by itself"
            }
            Self::PeriodClosed { .. } => {
                "date the draft in an open period, or open the period; the job then goes on by itself"
            }
            Self::BookedOtherwise { .. } => {
                "look at the invoice; approve the job to send it, or credit it (a draft with negative amounts) and skip the job"
            }
            Self::Unreadable { .. } => {
                "correct the agreement in the accounting system; it's read again at the next scan"
            }
            Self::BrokenSettings { .. } => "correct the named field; the job goes on at the next scan",
            Self::AgreementMoved { .. } => {
                "look at the agreement; the next scan decides on it anew, so skip this job if that's right"
            }
            Self::OutcomeUnknown { .. } => {
                "look in the accounting system or the mail log, then approve the job to have it done again or skip it if it was done"
            }
            Self::TooManyAttempts { .. } => "mend what the last answer says, then approve the job",
            Self::NoAddress { .. } => {
                "enter the customer's invoice e-mail in the accounting system or `recipient` in the settings, then approve the job"
            }
            Self::CameBack { .. } => {
                "enter the customer's right address in the accounting system or `recipient` in the settings, then approve the job to have it mailed again; or send the invoice another way and skip the job. `bounce_channel` does that by itself"
            }
            Self::AddressDead { .. } => {
                "enter another address in the accounting system or `recipient` in the settings; the job then goes on by itself. Or approve the job to have it mailed there all the same"
            }
            Self::MailUnwanted { .. } => {
                "ask the customer how it wants its invoices, and choose another `channel`; or approve the job to have it mailed all the same"
            }
            Self::MailsPaused { .. } => {
                "correct the addresses of the customers whose mails came back; the jobs go on by themselves when fewer do. Or approve a job whose address you know to be right"
            }
            Self::ChannelUnavailable { .. } => "choose another `channel` in the settings, then approve the job",
            Self::NotBooked { .. } => {
                "book the invoice in the accounting system, or choose another `channel`; the job then goes on by itself"
            }
            Self::NotForService { .. } => {
                "mend it in the accounting system, or choose another `channel` in the settings; the job then goes on by itself. Or send the invoice by hand and skip the job"
            }
            Self::AtService { .. } => {
                "see to the invoice in Fortnox's invoice service (approve it there if that's asked for); the job then goes on by itself. Or skip it"
            }
            Self::NoCustomerDefault { .. } => {
                "choose how the customer's invoices are delivered on its card in Fortnox, or set `channel` for the customer; the job then goes on by itself"
            }
            Self::OtherPeriod { .. } => {
                "look at the invoice; approve the job if it's right all the same, or take the invoice back and skip the job; then see to the agreement's dates"
            }
            Self::InvoiceChanged { .. } => "finish the invoice by hand in the accounting system, then skip the job",
            Self::ModeForbids { .. } => "nothing: it goes on when the mode allows it; or skip the job",
            Self::LetterBroken { .. } => "correct the letter in the settings, then approve the job",
            Self::PreflightBlocks { .. } => {
                "read the pre-flight's report, mend what blocks and run the pre-flight again; the mode is then `full` by itself"
            }
            Self::PricesNotFollowed { advice, .. } | Self::TenantBlocked { advice, .. } => return advice.clone(),
        };
        text.to_owned()
    }
}
