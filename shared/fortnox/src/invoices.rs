//! Invoices (fakturor).

use chrono::NaiveDate;
use http_once::Transport;
use lenient_json::{FromObject, Malformed, Object, Private};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::call::Call;
use crate::client::Session;
use crate::error::Error;
use crate::invoice_query::InvoiceQuery;
use crate::pacer::Pacer;
use crate::page::Page;
use crate::rows::{EmailInformation, Row};

/// What sort of invoice it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum InvoiceType {
    /// `INVOICE`
    Invoice,
    /// `AGREEMENTINVOICE`: made from a contract.
    AgreementInvoice,
    /// `INTRESTINVOICE`, spelled so by Fortnox.
    InterestInvoice,
    /// `SUMMARYINVOICE`
    SummaryInvoice,
    /// `CASHINVOICE`
    CashInvoice,
    /// One that this version does not know.
    Other(String),
}

impl InvoiceType {
    /// The word that Fortnox uses.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Invoice => "INVOICE",
            Self::AgreementInvoice => "AGREEMENTINVOICE",
            Self::InterestInvoice => "INTRESTINVOICE",
            Self::SummaryInvoice => "SUMMARYINVOICE",
            Self::CashInvoice => "CASHINVOICE",
            Self::Other(word) => word,
        }
    }
}

impl From<String> for InvoiceType {
    fn from(word: String) -> Self {
        [Self::Invoice, Self::AgreementInvoice, Self::InterestInvoice, Self::SummaryInvoice, Self::CashInvoice]
            .into_iter()
            .find(|known| known.as_str() == word)
            .unwrap_or(Self::Other(word))
    }
}

/// An invoice as the list shows it. The list does not tell which contract it is from.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent flags of Fortnox's own")]
pub struct InvoiceListItem {
    /// The invoice's number.
    pub document_number: String,
    /// The customer's number.
    pub customer_number: String,
    /// The customer's name.
    pub customer_name: Option<Private<String>>,
    /// What sort of invoice.
    pub invoice_type: Option<InvoiceType>,
    /// Invoice date.
    pub invoice_date: Option<NaiveDate>,
    /// Due date.
    pub due_date: Option<NaiveDate>,
    /// Whether it is booked.
    pub booked: bool,
    /// Whether it is cancelled.
    pub cancelled: bool,
    /// Whether it counts as sent.
    pub sent: bool,
    /// Total in `currency`.
    pub total: Option<Decimal>,
    /// What is unpaid, in `currency`.
    pub balance: Option<Decimal>,
    /// Three-letter code.
    pub currency: Option<String>,
    /// Payment reference.
    pub ocr: Option<String>,
    /// Whether Fortnox Finans handles it.
    pub nox_finans: bool,
    /// Free field.
    pub external_invoice_reference1: Option<String>,
    /// Free field.
    pub external_invoice_reference2: Option<String>,
}

impl FromObject for InvoiceListItem {
    fn from_object(invoice: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            document_number: invoice.required("DocumentNumber", Object::text)?,
            customer_number: invoice.required("CustomerNumber", Object::text)?,
            customer_name: invoice.private("CustomerName")?,
            invoice_type: invoice.text("InvoiceType")?.map(InvoiceType::from),
            invoice_date: invoice.date("InvoiceDate")?,
            due_date: invoice.date("DueDate")?,
            booked: invoice.required("Booked", Object::flag)?,
            cancelled: invoice.required("Cancelled", Object::flag)?,
            sent: invoice.required("Sent", Object::flag)?,
            total: invoice.decimal("Total")?,
            balance: invoice.decimal("Balance")?,
            currency: invoice.text("Currency")?,
            ocr: invoice.text("OCR")?,
            nox_finans: invoice.flag("NoxFinans")?.unwrap_or(false),
            external_invoice_reference1: invoice.text("ExternalInvoiceReference1")?,
            external_invoice_reference2: invoice.text("ExternalInvoiceReference2")?,
        })
    }
}

/// An invoice with its rows.
///
/// `booked`, `cancelled` and `sent` are demanded: taking an absent flag for "no" would book or send again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "independent flags of Fortnox's own")]
pub struct Invoice {
    /// The invoice's number.
    pub document_number: String,
    /// The customer's number.
    pub customer_number: String,
    /// The customer's name.
    pub customer_name: Option<Private<String>>,
    /// First line of the address.
    pub address1: Option<Private<String>>,
    /// Second line of the address.
    pub address2: Option<Private<String>>,
    /// Postcode.
    pub zip_code: Option<Private<String>>,
    /// Town.
    pub city: Option<Private<String>>,
    /// What sort of invoice.
    pub invoice_type: Option<InvoiceType>,
    /// The number of the contract it was made from.
    pub contract_reference: Option<String>,
    /// Start of the period that it covers.
    pub invoice_period_start: Option<NaiveDate>,
    /// End of the period that it covers.
    pub invoice_period_end: Option<NaiveDate>,
    /// Invoice date.
    pub invoice_date: Option<NaiveDate>,
    /// Due date.
    pub due_date: Option<NaiveDate>,
    /// Date of delivery of the goods.
    pub delivery_date: Option<NaiveDate>,
    /// Date of the payment that settled it.
    pub final_pay_date: Option<NaiveDate>,
    /// Whether it is booked.
    pub booked: bool,
    /// Whether it is cancelled.
    pub cancelled: bool,
    /// Whether it counts as sent.
    pub sent: bool,
    /// Whether it is a credit note.
    pub credit: bool,
    /// The number of the credit note for it, or of the invoice that this credits.
    pub credit_invoice_reference: Option<String>,
    /// Whether Fortnox Finans handles it.
    pub nox_finans: bool,
    /// Whether somebody marked it as not completed.
    pub not_completed: bool,
    /// Total without VAT, in `currency`.
    pub net: Option<Decimal>,
    /// Total in `currency`.
    pub total: Option<Decimal>,
    /// VAT in `currency`.
    pub total_vat: Option<Decimal>,
    /// What the customer pays, in `currency`.
    pub total_to_pay: Option<Decimal>,
    /// What is unpaid, in `currency`.
    pub balance: Option<Decimal>,
    /// Freight in `currency`.
    pub freight: Option<Decimal>,
    /// Invoice fee in `currency`.
    pub administration_fee: Option<Decimal>,
    /// Three-letter code.
    pub currency: Option<String>,
    /// Value of `currency` in the company's own.
    pub currency_rate: Option<Decimal>,
    /// Whether prices include VAT.
    pub vat_included: Option<bool>,
    /// Payment reference.
    pub ocr: Option<String>,
    /// `CASH`, `CARD` or `AG` (autogiro).
    pub payment_way: Option<String>,
    /// Code of the price list.
    pub price_list: Option<String>,
    /// Code of the terms of payment.
    pub terms_of_payment: Option<String>,
    /// `SV` or `EN`.
    pub language: Option<String>,
    /// `none`, `rot`, `rut` or `green`.
    pub tax_reduction_type: Option<String>,
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
    /// Series of the voucher, once booked.
    pub voucher_series: Option<String>,
    /// Number of the voucher, once booked.
    pub voucher_number: Option<i64>,
    /// Year of the voucher, once booked.
    pub voucher_year: Option<i64>,
    /// How Fortnox would mail it.
    pub email_information: EmailInformation,
    /// The rows.
    pub invoice_rows: Vec<Row>,
}

impl FromObject for Invoice {
    fn from_object(invoice: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            document_number: invoice.required("DocumentNumber", Object::text)?,
            customer_number: invoice.required("CustomerNumber", Object::text)?,
            customer_name: invoice.private("CustomerName")?,
            address1: invoice.private("Address1")?,
            address2: invoice.private("Address2")?,
            zip_code: invoice.private("ZipCode")?,
            city: invoice.private("City")?,
            invoice_type: invoice.text("InvoiceType")?.map(InvoiceType::from),
            contract_reference: invoice.reference("ContractReference")?,
            invoice_period_start: invoice.date("InvoicePeriodStart")?,
            invoice_period_end: invoice.date("InvoicePeriodEnd")?,
            invoice_date: invoice.date("InvoiceDate")?,
            due_date: invoice.date("DueDate")?,
            delivery_date: invoice.date("DeliveryDate")?,
            final_pay_date: invoice.date("FinalPayDate")?,
            booked: invoice.required("Booked", Object::flag)?,
            cancelled: invoice.required("Cancelled", Object::flag)?,
            sent: invoice.required("Sent", Object::flag)?,
            credit: invoice.flag("Credit")?.unwrap_or(false),
            credit_invoice_reference: invoice.reference("CreditInvoiceReference")?,
            nox_finans: invoice.flag("NoxFinans")?.unwrap_or(false),
            not_completed: invoice.flag("NotCompleted")?.unwrap_or(false),
            net: invoice.decimal("Net")?,
            total: invoice.decimal("Total")?,
            total_vat: invoice.decimal("TotalVAT")?,
            total_to_pay: invoice.decimal("TotalToPay")?,
            balance: invoice.decimal("Balance")?,
            freight: invoice.decimal("Freight")?,
            administration_fee: invoice.decimal("AdministrationFee")?,
            currency: invoice.text("Currency")?,
            currency_rate: invoice.decimal("CurrencyRate")?,
            vat_included: invoice.flag("VATIncluded")?,
            ocr: invoice.text("OCR")?,
            payment_way: invoice.text("PaymentWay")?,
            price_list: invoice.text("PriceList")?,
            terms_of_payment: invoice.text("TermsOfPayment")?,
            language: invoice.text("Language")?,
            tax_reduction_type: invoice.text("TaxReductionType")?,
            our_reference: invoice.private("OurReference")?,
            your_reference: invoice.private("YourReference")?,
            your_order_number: invoice.text("YourOrderNumber")?,
            external_invoice_reference1: invoice.text("ExternalInvoiceReference1")?,
            external_invoice_reference2: invoice.text("ExternalInvoiceReference2")?,
            comments: invoice.private("Comments")?,
            remarks: invoice.private("Remarks")?,
            voucher_series: invoice.text("VoucherSeries")?,
            voucher_number: invoice.integer("VoucherNumber")?,
            voucher_year: invoice.integer("VoucherYear")?,
            email_information: EmailInformation::of(invoice)?,
            invoice_rows: invoice.list("InvoiceRows")?,
        })
    }
}

/// Whom Fortnox is to mail an invoice to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipients {
    /// The recipient, or several in one text.
    pub to: Private<String>,
    /// Blind copy. `None` leaves the one that there is.
    pub bcc: Option<Private<String>>,
}

impl Serialize for Recipients {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("EmailAddressTo", self.to.get())?;
        if let Some(bcc) = &self.bcc {
            fields.serialize_entry("EmailAddressBCC", bcc.get())?;
        }
        fields.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Change<'a> {
    invoice: Fields<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Fields<'a> {
    email_information: &'a Recipients,
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// One invoice with its rows.
    pub async fn invoice(&self, document_number: &str) -> Result<Invoice, Error> {
        let call = Call::get("invoices/{DocumentNumber}").argument(document_number);
        self.document(call, "Invoice").await
    }

    /// One page of the invoices that match the query exactly.
    ///
    /// Fortnox's own filters match parts of words (customer 1 finds 10 and 21 too), so the page may hold fewer than
    /// Fortnox counts, even none, and still have a next page.
    pub async fn invoices(&self, query: &InvoiceQuery) -> Result<Page<InvoiceListItem>, Error> {
        let page = self.json(query.call(), |root| Page::read(root, "Invoices")).await?;
        Ok(page.retain(|invoice| query.matches(invoice)))
    }

    /// Books the invoice (bokför). **Has an effect**; is sent once. After
    /// [`Effect::Unknown`](crate::Effect::Unknown) read the invoice and look at `booked`.
    pub async fn bookkeep(&self, document_number: &str) -> Result<Invoice, Error> {
        let call = Call::put("invoices/{DocumentNumber}/bookkeep").argument(document_number);
        self.document(call, "Invoice").await
    }

    /// Marks the invoice as sent, without sending anything (`externalprint`). Doing it again changes nothing.
    pub async fn mark_sent(&self, document_number: &str) -> Result<Invoice, Error> {
        let call = Call::put("invoices/{DocumentNumber}/externalprint").argument(document_number);
        self.document(call, "Invoice").await
    }

    /// Writes on the invoice whom [`email`](Self::email) mails it to. Writing the same again changes nothing; what is `None`
    /// stays as it is. Fortnox refuses changes of a booked invoice, presumably this one too.
    pub async fn set_recipients(&self, document_number: &str, recipients: &Recipients) -> Result<Invoice, Error> {
        let change = Change { invoice: Fields { email_information: recipients } };
        let body = serde_json::to_string(&change).map_err(|_| Error::InvalidArgument { what: "the recipients" })?;
        let call = Call::put("invoices/{DocumentNumber}").argument(document_number).json(body);
        self.document(call, "Invoice").await
    }

    /// Has Fortnox mail the invoice. **Has an effect although it's a `GET`**: each call mails it once more. Is sent once. After
    /// [`Effect::Unknown`](crate::Effect::Unknown) read the invoice: `sent` says that it was mailed; that it isn't set proves
    /// nothing, since Fortnox doesn't document that mailing sets it.
    pub async fn email(&self, document_number: &str) -> Result<Invoice, Error> {
        self.document(Call::get("invoices/{DocumentNumber}/email").argument(document_number), "Invoice").await
    }

    /// Has Fortnox send the invoice as an e-invoice. **Has an effect although it's a `GET`**, as [`email`](Self::email) has, but
    /// that it sets `sent` is documented.
    pub async fn einvoice(&self, document_number: &str) -> Result<Invoice, Error> {
        self.document(Call::get("invoices/{DocumentNumber}/einvoice").argument(document_number), "Invoice").await
    }

    /// Has Fortnox's print service print and post the invoice, which costs money (`eprint`; `print` only gives a PDF and
    /// `externalprint` only marks as sent). **Has an effect although it's a `GET`**, as [`email`](Self::email) has.
    pub async fn print_service(&self, document_number: &str) -> Result<Invoice, Error> {
        self.document(Call::get("invoices/{DocumentNumber}/eprint").argument(document_number), "Invoice").await
    }

    /// The invoice as PDF. Unlike Fortnox's `print` this does not mark it as sent; it changes nothing.
    pub async fn preview(&self, document_number: &str) -> Result<Vec<u8>, Error> {
        self.pdf(Call::get("invoices/{DocumentNumber}/preview").argument(document_number)).await
    }
}
