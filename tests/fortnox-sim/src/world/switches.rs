//! Every behaviour of Fortnox that the sources leave open, as a switch. Defaults are the reading we think likeliest.

use serde::{Deserialize, Serialize};

use super::list::MAX_LIMIT;

/// What `createinvoice` answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreateInvoiceAnswer {
    /// The new invoice (specification of early 2026).
    Invoice,
    /// The contract after its change (specification of June 2026, and two client libraries).
    Contract,
}

/// What a contract's `PeriodStart` and `PeriodEnd` mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodReading {
    /// M1: the period the next invoice covers; it moves on with every invoice.
    NextPeriod,
    /// M2: the whole term; it stays, and due dates follow from its start and the interval.
    WholeTerm,
}

/// How the end of a month moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthEnd {
    /// From the first date: 31 January, 28 February, 31 March.
    Anchored,
    /// From the last date: 31 January, 28 February, 28 March.
    Clamped,
}

/// How the k of the k-th period is known under [`PeriodReading::WholeTerm`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WholeTermCounting {
    /// One more than last time: a late contract is invoiced period by period.
    Counter,
    /// The first period that starts after `LastInvoiceDate`: a late contract jumps over what it missed.
    LastInvoiceDate,
}

/// What `increaseinvoicecount` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncreaseInvoiceCount {
    /// One more invoice remains: the contract is extended.
    Extends,
    /// One period counts as invoiced: it is skipped.
    Skips,
}

/// What becomes of `createinvoice?invoicedate=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceDateQuery {
    /// The invoice gets that date.
    Honour,
    /// The parameter has no effect.
    Ignore,
    /// 400 with code 2000588.
    Reject,
}

/// Whether a document number is written as a number or as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberOrText {
    /// `0` (specification, recordings of 2023).
    Number,
    /// `"0"` (recordings of 2024).
    Text,
}

/// What stands in the body of a 429.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateLimitBody {
    /// Nothing.
    Empty,
    /// A plain sentence.
    Text,
    /// A proxy's HTML page.
    Html,
}

/// The interval's key in the contract list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum IntervalKey {
    /// As the specification spells it.
    Invoiceinterval,
    /// As one client library expects it.
    InvoiceInterval,
    /// As another one does.
    Interval,
}

/// The spelling of the VAT switch of a contract on reading. Both are accepted on writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum VatIncludedKey {
    /// Newer specification, and invoices.
    #[serde(rename = "VATIncluded")]
    Newer,
    /// Specification of early 2026.
    #[serde(rename = "VatIncluded")]
    Older,
}

/// The company's financial years, and the method that they're kept by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinancialYears {
    /// Each calendar year, by the accrual method.
    Accrual,
    /// Each calendar year, by the cash method.
    Cash,
    /// None at all.
    None,
}

/// Whether the recurring-billing API may be used. Its scope and licence are unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecurringBilling {
    /// Whoever has a token may.
    Open,
    /// The consent lacks its scope.
    NoScope,
    /// The company lacks its licence.
    NoLicence,
    /// There is no such address.
    Absent,
}

/// All switches of one company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one open question with a yes and a no")]
pub struct Switches {
    /// The contracts feature (Avtalsfakturering) is on. Off: `Feature inte tillgänglig`.
    pub contracts_feature: bool,
    /// What `createinvoice` answers with.
    pub createinvoice_answer: CreateInvoiceAnswer,
    /// `createinvoice` takes a `Contract` body and applies it first; else the body is ignored.
    pub createinvoice_applies_body: bool,
    /// What becomes of `createinvoice?invoicedate=`.
    pub invoicedate_query: InvoiceDateQuery,
    /// The meaning of the period fields, unless a contract of the company file says otherwise.
    pub period_reading: PeriodReading,
    /// How periods count under the whole-term reading.
    pub whole_term_counting: WholeTermCounting,
    /// Month-end arithmetic.
    pub month_end: MonthEnd,
    /// A fixed-length contract is finished when no invoice remains.
    pub finish_at_zero: bool,
    /// Finished and inactive contracts can still be invoiced: the worst case for a client, so the default.
    pub invoice_finished_contracts: bool,
    /// The made invoice's `InvoicePeriodStart` and `InvoicePeriodEnd` are filled; else they are "".
    pub fill_invoice_period: bool,
    /// `ExternalInvoiceReference1` and `2` go from contract to invoice.
    pub copy_external_references: bool,
    /// `YourOrderNumber` goes from contract to invoice.
    pub copy_your_order_number: bool,
    /// `EmailInformation` goes from contract to invoice.
    pub copy_email_information: bool,
    /// What `increaseinvoicecount` does.
    pub increase_invoice_count: IncreaseInvoiceCount,
    /// `ContractReference` as number or text.
    pub contract_reference: NumberOrText,
    /// The interval's key in the contract list.
    pub interval_key: IntervalKey,
    /// The VAT key of a contract.
    pub vat_included_key: VatIncludedKey,
    /// An unknown or read-only field in a write is refused with 2001399; else it is ignored.
    pub reject_unknown_fields: bool,
    /// `bookkeep` and `credit` without a JSON content type are refused with 1000031.
    pub require_json_content_type: bool,
    /// A row written without `Price` takes the article's price.
    pub row_price_from_article: bool,
    /// A changed price changes the article's last-modified time.
    pub price_change_touches_article: bool,
    /// The `EmailInformation` of a booked invoice can still be written; else it's locked like all the rest.
    pub booked_invoice_takes_email_information: bool,
    /// GET `email` sets `Sent`.
    pub email_sets_sent: bool,
    /// GET `eprint` sets `Sent`.
    pub eprint_sets_sent: bool,
    /// The invoice service refuses what its conditions exclude; else it takes everything, the worst case for a client.
    pub finance_checks_conditions: bool,
    /// The invoice service shows an invoice, and the invoice's `NoxFinans`, as soon as it was handed over; else not before it took
    /// it on.
    pub finance_shows_at_once: bool,
    /// Somebody at the company approves what the invoice service was handed; else that's `NOT_AUTHORIZED`.
    pub finance_is_authorized: bool,
    /// Minutes until the invoice service has made up its mind: "one minute to several hours".
    pub finance_minutes: u32,
    /// A sent invoice cannot be edited any more, as in the user interface.
    pub sent_invoice_locked: bool,
    /// Seconds in `Retry-After` of a 429; null leaves the header out.
    pub retry_after_seconds: Option<u32>,
    /// Body of a 429.
    pub rate_limit_body: RateLimitBody,
    /// Status of a missing scope: 400 and 403 have both been seen.
    pub scope_error_status: u16,
    /// Most contracts of a page. Fortnox's number is known; a smaller one gives a small company pages.
    pub contracts_a_page: usize,
    /// The financial years.
    pub financial_years: FinancialYears,
    /// The predefined voucher series of customer invoices; "" when none is set.
    pub invoice_voucher_series: String,
    /// Whether the recurring-billing API may be used.
    pub recurring_billing: RecurringBilling,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            contracts_feature: true,
            createinvoice_answer: CreateInvoiceAnswer::Invoice,
            createinvoice_applies_body: true,
            invoicedate_query: InvoiceDateQuery::Honour,
            period_reading: PeriodReading::NextPeriod,
            whole_term_counting: WholeTermCounting::Counter,
            month_end: MonthEnd::Anchored,
            finish_at_zero: true,
            invoice_finished_contracts: true,
            fill_invoice_period: true,
            copy_external_references: true,
            copy_your_order_number: true,
            copy_email_information: true,
            increase_invoice_count: IncreaseInvoiceCount::Extends,
            contract_reference: NumberOrText::Number,
            interval_key: IntervalKey::Invoiceinterval,
            vat_included_key: VatIncludedKey::Newer,
            reject_unknown_fields: true,
            require_json_content_type: true,
            row_price_from_article: true,
            price_change_touches_article: true,
            booked_invoice_takes_email_information: false,
            email_sets_sent: true,
            eprint_sets_sent: true,
            finance_checks_conditions: true,
            finance_shows_at_once: true,
            finance_is_authorized: true,
            finance_minutes: 5,
            sent_invoice_locked: false,
            retry_after_seconds: None,
            rate_limit_body: RateLimitBody::Empty,
            scope_error_status: 400,
            contracts_a_page: MAX_LIMIT,
            financial_years: FinancialYears::Accrual,
            invoice_voucher_series: "B".to_owned(),
            recurring_billing: RecurringBilling::Open,
        }
    }
}
