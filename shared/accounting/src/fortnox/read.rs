//! Fortnox's documents in the domain's terms.

use chrono::NaiveDate;
use domain::{
    agreement::{Agreement, AgreementStatus},
    ids::{AgreementNumber, CustomerNumber},
    job::observe::FoundInvoice,
    money::{Currency, Money},
    period::{Interval, Period},
    settings::Channel,
};
use fortnox::{
    CompanySettings, Contract, ContractListItem, FinanceInvoice, FinanceStatus, InvoiceType, Private, UnreadableItem,
};
use rust_decimal::Decimal;

use crate::{
    error::Error,
    model::{
        AgreementRow, BrokenAgreement, Company, Customer, DefaultDelivery, ForService, Invoice, ServiceStanding,
        ServiceState,
    },
};

/// Number for a row whose own can't be read: its problem must still be seen.
const NUMBER_UNKNOWN: &str = "?";

/// The fields that list and detail share.
struct Fields {
    number: String,
    customer: String,
    status: AgreementStatus,
    interval: Option<i64>,
    length: Option<i64>,
    continuous: Option<bool>,
    remaining: Option<i64>,
    last_invoice_date: Option<NaiveDate>,
    start: Option<NaiveDate>,
    end: Option<NaiveDate>,
    total: Option<Decimal>,
    currency: Option<String>,
}

pub(super) fn list_item(item: ContractListItem) -> AgreementRow {
    let status = match item.status.as_deref() {
        // The words besides INACTIVE are presumed (fact sheet 5.2). An unknown one was let through the `active` filter.
        Some(word) if word.eq_ignore_ascii_case("INACTIVE") => AgreementStatus::Inactive,
        Some(word) if word.eq_ignore_ascii_case("FINISHED") => AgreementStatus::Finished,
        _ => AgreementStatus::Active,
    };
    agreement(&Fields {
        number: item.document_number,
        customer: item.customer_number,
        status,
        interval: item.invoice_interval,
        length: item.contract_length,
        continuous: item.continuous,
        remaining: item.invoices_remaining,
        last_invoice_date: item.last_invoice_date,
        start: item.period_start,
        end: item.period_end,
        total: item.total,
        currency: item.currency,
    })
}

pub(super) fn contract(contract: Contract) -> AgreementRow {
    let status = if contract.active == Some(false) { AgreementStatus::Inactive } else { AgreementStatus::Active };
    agreement(&Fields {
        number: contract.document_number,
        customer: contract.customer_number,
        status,
        interval: contract.invoice_interval,
        length: contract.contract_length,
        continuous: contract.continuous,
        remaining: contract.invoices_remaining,
        last_invoice_date: contract.last_invoice_date,
        start: contract.period_start,
        end: contract.period_end,
        total: contract.total,
        currency: contract.currency,
    })
}

pub(super) fn unreadable(item: UnreadableItem) -> BrokenAgreement {
    let number = item.document_number.as_deref().unwrap_or(NUMBER_UNKNOWN);
    BrokenAgreement { number: known_number(number), customer: None, problem: item.reason }
}

#[expect(clippy::expect_used, reason = "the text that's read in the end is a constant")]
fn known_number(number: &str) -> AgreementNumber {
    number.parse().or_else(|_| NUMBER_UNKNOWN.parse()).expect("`?` is a printable, short text")
}

fn agreement(fields: &Fields) -> AgreementRow {
    let customer: Option<CustomerNumber> = fields.customer.parse().ok();
    checked(fields, customer.clone()).map_err(|problem| BrokenAgreement {
        number: known_number(&fields.number),
        customer,
        problem,
    })
}

fn checked(fields: &Fields, customer: Option<CustomerNumber>) -> Result<Agreement, String> {
    let number = fields.number.parse().map_err(|problem| format!("DocumentNumber {problem}"))?;
    let missing = |field: &str| format!("{field} is missing");
    let months = fields.interval.ok_or_else(|| missing("InvoiceInterval"))?;
    let interval = u32::try_from(months)
        .ok()
        .and_then(|months| Interval::try_from(months).ok())
        .ok_or_else(|| format!("InvoiceInterval is {months}, not 1 to 9999 months"))?;
    let start = fields.start.ok_or_else(|| missing("PeriodStart"))?;
    let end = fields.end.ok_or_else(|| missing("PeriodEnd"))?;
    let period = Period::new(start, end).map_err(|problem| problem.to_string())?;
    let currency = currency(fields.currency.as_deref())?;
    Ok(Agreement {
        number,
        customer: customer.ok_or_else(|| "CustomerNumber can't be read".to_owned())?,
        status: fields.status,
        interval,
        length_months: fields.length.and_then(|months| u32::try_from(months).ok()),
        // Taking a missing flag for "runs on" would invoice for ever.
        continuous: fields.continuous.unwrap_or(false),
        remaining: fields.remaining.map(|count| u32::try_from(count).unwrap_or(0)),
        last_invoice_date: fields.last_invoice_date,
        period,
        total: Money::new(fields.total.ok_or_else(|| missing("Total"))?, currency),
    })
}

/// No currency means the company's own, Swedish kronor (fact sheet 8.3: new customers get SEK).
pub(super) fn currency(code: Option<&str>) -> Result<Currency, String> {
    match code {
        None => Ok(Currency::SEK),
        Some(code) => code.parse().map_err(|problem| format!("Currency {problem}")),
    }
}

/// Whether the invoice was made from this agreement.
pub(super) fn is_from(invoice: &fortnox::Invoice, agreement: &AgreementNumber) -> bool {
    invoice.contract_reference.as_deref() == Some(agreement.as_str())
}

fn period_of(invoice: &fortnox::Invoice) -> Option<Period> {
    Period::new(invoice.invoice_period_start?, invoice.invoice_period_end?).ok()
}

fn total_of(invoice: &fortnox::Invoice) -> Option<Money> {
    let amount = invoice.total_to_pay.or(invoice.total)?;
    Some(Money::new(amount, currency(invoice.currency.as_deref()).ok()?))
}

pub(super) fn found(invoice: &fortnox::Invoice) -> Option<FoundInvoice> {
    Some(FoundInvoice {
        number: invoice.document_number.parse().ok()?,
        invoice_date: invoice.invoice_date?,
        period: period_of(invoice),
        total: total_of(invoice)?,
        cancelled: invoice.cancelled || invoice.credit,
    })
}

pub(super) fn invoice(invoice: fortnox::Invoice) -> Result<Invoice, Error> {
    let unreadable = |field: &str| Error::NoAnswer { what: format!("the invoice's {field} can't be read") };
    let text = |value: Option<Private<String>>| value.map(Private::into_inner).filter(|text| !text.trim().is_empty());
    let for_service = for_service(&invoice);
    Ok(Invoice {
        for_service,
        number: invoice.document_number.parse().map_err(|_| unreadable("DocumentNumber"))?,
        customer: invoice.customer_number.parse().map_err(|_| unreadable("CustomerNumber"))?,
        invoice_date: invoice.invoice_date.ok_or_else(|| unreadable("InvoiceDate"))?,
        due_date: invoice.due_date,
        period: period_of(&invoice),
        total: total_of(&invoice).ok_or_else(|| unreadable("TotalToPay"))?,
        ocr: invoice.ocr.filter(|ocr| !ocr.trim().is_empty()),
        customer_name: text(invoice.customer_name).unwrap_or_default(),
        our_reference: text(invoice.our_reference),
        your_reference: text(invoice.your_reference),
        email_to: text(invoice.email_information.to),
        email_bcc: text(invoice.email_information.bcc),
        booked: invoice.booked,
        cancelled: invoice.cancelled,
        sent: invoice.sent,
        credit: invoice.credit,
        attention: None,
        your_contact: None,
    })
}

/// What the invoice service asks of an invoice (fact sheet, 7).
fn for_service(invoice: &fortnox::Invoice) -> ForService {
    let says = |text: &Option<Private<String>>| text.as_ref().is_some_and(|text| !text.get().trim().is_empty());
    ForService {
        has_it: invoice.nox_finans,
        is_unpaid: invoice.balance.is_some_and(|balance| balance > Decimal::ZERO),
        has_rows: !invoice.invoice_rows.is_empty(),
        is_addressed: says(&invoice.customer_name)
            && (says(&invoice.address1) || says(&invoice.address2))
            && says(&invoice.zip_code)
            && says(&invoice.city),
        is_interest: invoice.invoice_type == Some(InvoiceType::InterestInvoice),
    }
}

pub(super) fn at_service(invoice: FinanceInvoice) -> ServiceState {
    let standing = match invoice.status {
        FinanceStatus::Unknown => ServiceStanding::Unconfirmed,
        FinanceStatus::NotAuthorized => ServiceStanding::NotAuthorized,
        // What rests or is done with was taken on before.
        FinanceStatus::Open | FinanceStatus::Paused | FinanceStatus::Closed => ServiceStanding::TakenOn,
        FinanceStatus::Other(word) => ServiceStanding::Other(word),
    };
    ServiceState { standing, name: invoice.service_name, ocr: invoice.ocr }
}

/// Longest part of a word that isn't known which a person is shown.
const LONGEST_WORD_CHARS: usize = 40;

/// What the customer's card says (fact sheet, 8.3): a word that Fortnox's own screens go by, and the API never does.
fn default_delivery(word: Option<String>) -> DefaultDelivery {
    let Some(word) = word.filter(|word| !word.trim().is_empty()) else { return DefaultDelivery::Unsaid };
    match word.trim() {
        "EMAIL" => DefaultDelivery::By(Channel::FortnoxEmail),
        "PRINTSERVICE" => DefaultDelivery::By(Channel::FortnoxPrintService),
        "ELECTRONICINVOICE" => DefaultDelivery::By(Channel::FortnoxEinvoice),
        "PRINT" => DefaultDelivery::ByHand,
        unknown => DefaultDelivery::Unknown(unknown.chars().take(LONGEST_WORD_CHARS).collect()),
    }
}

pub(super) fn customer(number: &CustomerNumber, customer: fortnox::Customer) -> Customer {
    let text = |value: Option<Private<String>>| value.map(Private::into_inner).filter(|text| !text.trim().is_empty());
    Customer {
        number: number.clone(),
        name: text(customer.name).unwrap_or_default(),
        invoice_email: text(customer.email_invoice).or_else(|| text(customer.email)),
        contacts: None,
        barred: false,
        has_ean: false,
        default_delivery: default_delivery(customer.default_invoice_delivery),
    }
}

pub(super) fn company(settings: CompanySettings) -> Company {
    let text = |value: Option<Private<String>>| value.map(Private::into_inner).filter(|text| !text.trim().is_empty());
    Company {
        name: text(settings.name).unwrap_or_default(),
        bankgiro: text(settings.bank_giro),
        plusgiro: text(settings.plus_giro),
        iban: text(settings.iban),
        user_email: None,
        language: None,
        sends_einvoices: None,
    }
}
