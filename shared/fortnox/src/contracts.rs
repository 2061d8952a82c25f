//! Contracts (avtal): what is invoiced again and again.

use chrono::{NaiveDate, NaiveDateTime};
use http_once::Transport;
use lenient_json::{FromObject, Malformed, Object, Private};
use rust_decimal::Decimal;

use crate::call::Call;
use crate::client::Session;
use crate::error::Error;
use crate::invoices::Invoice;
use crate::pacer::Pacer;
use crate::page::{LARGEST_PAGE, LAST_MODIFIED, Page};
use crate::rows::{EmailInformation, Row};

/// A contract as the list shows it.
///
/// No recorded contract is public, so only the two numbers are demanded; all else may be missing.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractListItem {
    /// The contract's number.
    pub document_number: String,
    /// The customer's number.
    pub customer_number: String,
    /// The customer's name.
    pub customer_name: Option<Private<String>>,
    /// Whether it runs until finished.
    pub continuous: Option<bool>,
    /// Length in months.
    pub contract_length: Option<i64>,
    /// Months between invoices.
    pub invoice_interval: Option<i64>,
    /// Invoices still to come, of a contract that does not run on.
    pub invoices_remaining: Option<i64>,
    /// Date of the last invoice.
    pub last_invoice_date: Option<NaiveDate>,
    /// Start of the next period or of the whole term: Fortnox does not say which.
    pub period_start: Option<NaiveDate>,
    /// End of the same.
    pub period_end: Option<NaiveDate>,
    /// `ACTIVE`, `INACTIVE` or `FINISHED` as far as known.
    pub status: Option<String>,
    /// Total in `currency`.
    pub total: Option<Decimal>,
    /// Three-letter code.
    pub currency: Option<String>,
}

impl FromObject for ContractListItem {
    fn from_object(contract: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            document_number: contract.required("DocumentNumber", Object::text)?,
            customer_number: contract.required("CustomerNumber", Object::text)?,
            customer_name: contract.private("CustomerName")?,
            continuous: contract.flag("Continuous")?,
            contract_length: contract.integer("ContractLength")?,
            invoice_interval: interval(contract)?,
            invoices_remaining: contract.integer("InvoicesRemaining")?,
            last_invoice_date: contract.date("LastInvoiceDate")?,
            period_start: contract.date("PeriodStart")?,
            period_end: contract.date("PeriodEnd")?,
            status: contract.text("Status")?,
            total: contract.decimal("Total")?,
            currency: contract.text("Currency")?,
        })
    }
}

/// A contract with its rows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Contract {
    /// The contract's number.
    pub document_number: String,
    /// The customer's number.
    pub customer_number: String,
    /// The customer's name.
    pub customer_name: Option<Private<String>>,
    /// Whether it may be invoiced.
    pub active: Option<bool>,
    /// Date of the agreement.
    pub contract_date: Option<NaiveDate>,
    /// Whether it runs until finished.
    pub continuous: Option<bool>,
    /// Length in months.
    pub contract_length: Option<i64>,
    /// Months between invoices.
    pub invoice_interval: Option<i64>,
    /// Invoices still to come, of a contract that does not run on.
    pub invoices_remaining: Option<i64>,
    /// Date of the last invoice.
    pub last_invoice_date: Option<NaiveDate>,
    /// Start of the next period or of the whole term: Fortnox does not say which.
    pub period_start: Option<NaiveDate>,
    /// End of the same.
    pub period_end: Option<NaiveDate>,
    /// Total without VAT, in `currency`.
    pub net: Option<Decimal>,
    /// Total in `currency`.
    pub total: Option<Decimal>,
    /// VAT in `currency`.
    pub total_vat: Option<Decimal>,
    /// What the customer would pay, in `currency`.
    pub total_to_pay: Option<Decimal>,
    /// Three-letter code.
    pub currency: Option<String>,
    /// Whether prices include VAT.
    pub vat_included: Option<bool>,
    /// Percent; wins over the rows' own.
    pub invoice_discount: Option<Decimal>,
    /// Freight in `currency`.
    pub freight: Option<Decimal>,
    /// Invoice fee in `currency`.
    pub administration_fee: Option<Decimal>,
    /// Code of the price list.
    pub price_list: Option<String>,
    /// Code of the terms of payment.
    pub terms_of_payment: Option<String>,
    /// `SV` or `EN`.
    pub language: Option<String>,
    /// `none`, `rot`, `rut` or `green`.
    pub tax_reduction_type: Option<String>,
    /// The number of the template it was made from.
    pub template_number: Option<i64>,
    /// The seller's person.
    pub our_reference: Option<Private<String>>,
    /// The customer's person.
    pub your_reference: Option<Private<String>>,
    /// The customer's order number.
    pub your_order_number: Option<String>,
    /// Free field.
    pub external_invoice_reference1: Option<String>,
    /// Free field.
    pub external_invoice_reference2: Option<String>,
    /// Internal text.
    pub comments: Option<Private<String>>,
    /// Text printed on the invoice.
    pub remarks: Option<Private<String>>,
    /// How Fortnox would mail the invoice.
    pub email_information: EmailInformation,
    /// The rows, which Fortnox calls invoice rows here too.
    pub invoice_rows: Vec<Row>,
}

impl FromObject for Contract {
    fn from_object(contract: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            document_number: contract.required("DocumentNumber", Object::text)?,
            customer_number: contract.required("CustomerNumber", Object::text)?,
            customer_name: contract.private("CustomerName")?,
            active: contract.flag("Active")?,
            contract_date: contract.date("ContractDate")?,
            continuous: contract.flag("Continuous")?,
            contract_length: contract.integer("ContractLength")?,
            invoice_interval: interval(contract)?,
            invoices_remaining: contract.integer("InvoicesRemaining")?,
            last_invoice_date: contract.date("LastInvoiceDate")?,
            period_start: contract.date("PeriodStart")?,
            period_end: contract.date("PeriodEnd")?,
            net: contract.decimal("Net")?,
            total: contract.decimal("Total")?,
            total_vat: contract.decimal("TotalVAT")?,
            total_to_pay: contract.decimal("TotalToPay")?,
            currency: contract.text("Currency")?,
            vat_included: contract.flag("VATIncluded")?,
            invoice_discount: contract.decimal("InvoiceDiscount")?,
            freight: contract.decimal("Freight")?,
            administration_fee: contract.decimal("AdministrationFee")?,
            price_list: contract.text("PriceList")?,
            terms_of_payment: contract.text("TermsOfPayment")?,
            language: contract.text("Language")?,
            tax_reduction_type: contract.text("TaxReductionType")?,
            template_number: contract.integer("TemplateNumber")?,
            our_reference: contract.private("OurReference")?,
            your_reference: contract.private("YourReference")?,
            your_order_number: contract.text("YourOrderNumber")?,
            external_invoice_reference1: contract.text("ExternalInvoiceReference1")?,
            external_invoice_reference2: contract.text("ExternalInvoiceReference2")?,
            comments: contract.private("Comments")?,
            remarks: contract.private("Remarks")?,
            email_information: EmailInformation::of(contract)?,
            invoice_rows: contract.list("InvoiceRows")?,
        })
    }
}

/// The interval goes by `Invoiceinterval`, `InvoiceInterval` or `Interval`, depending on whom one asks.
fn interval(contract: &Object<'_>) -> Result<Option<i64>, Malformed> {
    match contract.integer("InvoiceInterval")? {
        None => contract.integer("Interval"),
        months => Ok(months),
    }
}

/// What Fortnox answers to `createinvoice`: its own descriptions disagree, so both are taken.
#[derive(Clone, Debug, PartialEq)]
pub enum CreateInvoiceAnswer {
    /// The new invoice.
    Invoice(Box<Invoice>),
    /// The contract after the fact. The invoice was made, but its number must be looked up.
    Contract(Box<Contract>),
}

impl CreateInvoiceAnswer {
    fn read(root: &Object<'_>) -> Result<Self, Malformed> {
        if let Some(invoice) = root.object("Invoice")? {
            return Invoice::from_object(&invoice).map(|invoice| Self::Invoice(Box::new(invoice)));
        }
        let contract = root.object("Contract")?.ok_or(Malformed::Missing { field: "Invoice or Contract".into() })?;
        Contract::from_object(&contract).map(|contract| Self::Contract(Box::new(contract)))
    }
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// One page (from 1) of the active contracts, in rising order of their numbers, 500 a page.
    pub async fn active_contracts(&self, page: u32) -> Result<Page<ContractListItem>, Error> {
        let call = Call::get("contracts")
            .query("filter", "active")
            .query("page", page.to_string())
            .query("limit", LARGEST_PAGE.to_string())
            .query("sortby", "documentnumber")
            .query("sortorder", "ascending");
        self.json(call, |root| Page::read(root, "Contracts")).await
    }

    /// One page (from 1) of the active contracts that were touched since a moment of Swedish time, in rising order of their numbers.
    ///
    /// The parameter is known second-hand only. Should Fortnox pass it over, all active contracts come.
    pub async fn contracts_touched_since(
        &self,
        since: NaiveDateTime,
        page: u32,
    ) -> Result<Page<ContractListItem>, Error> {
        let call = Call::get("contracts")
            .query("filter", "active")
            .query("lastmodified", since.format(LAST_MODIFIED).to_string())
            .query("page", page.to_string())
            .query("limit", LARGEST_PAGE.to_string())
            .query("sortby", "documentnumber")
            .query("sortorder", "ascending");
        self.json(call, |root| Page::read(root, "Contracts")).await
    }

    /// One contract with its rows.
    pub async fn contract(&self, document_number: &str) -> Result<Contract, Error> {
        let call = Call::get("contracts/{DocumentNumber}").argument(document_number);
        self.document(call, "Contract").await
    }

    /// Creates the invoice of a contract's next period, dated `invoice_date` or else today in Fortnox.
    ///
    /// **Has an effect and no protection of its own**: Fortnox most likely neither refuses a contract that is not yet due
    /// nor a second call, and there is no idempotency key. Is sent once. After an error with
    /// [`Effect::Unknown`](crate::Effect::Unknown) read the contract and the invoices before calling again.
    ///
    /// The `invoicedate` parameter is known second-hand only; without a date it is not sent.
    pub async fn create_invoice(
        &self,
        document_number: &str,
        invoice_date: Option<NaiveDate>,
    ) -> Result<CreateInvoiceAnswer, Error> {
        let mut call = Call::put("contracts/{DocumentNumber}/createinvoice").argument(document_number);
        if let Some(date) = invoice_date {
            call = call.query("invoicedate", date.to_string());
        }
        self.json(call, CreateInvoiceAnswer::read).await
    }
}
