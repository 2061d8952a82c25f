//! An invoice: its fields and how it is shown, with the quirks of recorded answers.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::company::Company;
use super::finance::AtFinance;
use super::number;
use super::record::Record;
use super::refusal::Refusal;
use super::rows::{self, Row};
use super::totals::{Totals, totals};

/// Where an invoice stands in the books.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Voucher {
    pub(crate) series: String,
    pub(crate) number: u64,
    /// Financial year. Fortnox has an id of its own here; the calendar year stands in for it.
    pub(crate) year: i32,
}

/// One invoice.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own in Fortnox, and all mixtures occur")]
pub(crate) struct Invoice {
    pub(crate) number: u64,
    #[serde(deserialize_with = "super::snapshot::invoice_head")]
    pub(crate) head: Record,
    pub(crate) rows: Vec<Row>,
    /// The contract it was made from.
    pub(crate) contract: Option<u64>,
    /// The period as shown; nothing when the switch leaves it out.
    pub(crate) period: Option<(NaiveDate, NaiveDate)>,
    pub(crate) booked: Option<Voucher>,
    pub(crate) cancelled: bool,
    pub(crate) sent: bool,
    /// This is a credit note.
    pub(crate) credit: bool,
    /// The credit note of an invoice, or the invoice of a credit note.
    pub(crate) credit_reference: Option<u64>,
    /// Somebody paid it: known from the company file only.
    pub(crate) paid: bool,
    pub(crate) reminders: u32,
    /// How it stands with the invoice service, which it was handed over to.
    #[serde(default)]
    pub(crate) finance: Option<AtFinance>,
    pub(crate) modified: DateTime<Utc>,
}

impl Invoice {
    pub(crate) fn totals(&self, round_off: bool) -> Totals {
        totals(&self.head, &self.rows, round_off)
    }

    pub(crate) fn balance(&self, totals: &Totals) -> Decimal {
        if self.paid || self.cancelled { Decimal::ZERO } else { totals.total }
    }

    /// Booked and not paid.
    pub(crate) fn is_unpaid(&self) -> bool {
        self.booked.is_some() && !self.paid && !self.cancelled
    }

    fn url(&self) -> Value {
        json!(format!("https://api.fortnox.se/3/invoices/{}", self.number))
    }

    fn voucher_fields(&self) -> [(&'static str, Value); 3] {
        let voucher = self.booked.as_ref();
        [
            ("VoucherNumber", json!(voucher.map(|v| v.number))),
            ("VoucherSeries", json!(voucher.map(|v| &v.series))),
            ("VoucherYear", json!(voucher.map(|v| v.year))),
        ]
    }
}

impl Company {
    pub(crate) fn invoice(&self, number: u64) -> Result<&Invoice, Refusal> {
        self.invoices.get(&number).ok_or_else(Refusal::invoice_not_found)
    }

    pub(crate) fn invoice_mut(&mut self, number: u64) -> Result<&mut Invoice, Refusal> {
        self.invoices.get_mut(&number).ok_or_else(Refusal::invoice_not_found)
    }

    /// The invoice as `GET /3/invoices/{DocumentNumber}` shows it.
    pub(crate) fn render_invoice(&self, invoice: &Invoice) -> Value {
        let mut out = Map::new();
        invoice.head.render_into(&mut out);
        for (name, value) in self
            .invoice_states(invoice)
            .into_iter()
            .chain(self.invoice_amounts(invoice))
            .chain(invoice.voucher_fields())
        {
            out.insert(name.to_owned(), value);
        }
        Value::Object(out)
    }

    /// Read-only fields that say what the invoice is and what has happened to it.
    fn invoice_states(&self, invoice: &Invoice) -> Vec<(&'static str, Value)> {
        let text_number = |number: Option<u64>| json!(number.unwrap_or(0).to_string());
        let period_day = |day: Option<NaiveDate>| day.map_or_else(|| json!(""), |day| json!(day));
        vec![
            ("@url", invoice.url()),
            (
                "@urlTaxReductionList",
                json!(format!(
                    "https://api.fortnox.se/3/taxreductions?filter=invoices&referencenumber={}",
                    invoice.number
                )),
            ),
            ("AccountingMethod", json!("ACCRUAL")),
            ("Booked", json!(invoice.booked.is_some())),
            ("Cancelled", json!(invoice.cancelled)),
            ("ContractReference", self.reference(invoice.contract.unwrap_or(0))),
            // Text, not a boolean (recorded).
            ("Credit", json!(invoice.credit.to_string())),
            ("CreditInvoiceReference", text_number(invoice.credit_reference)),
            ("DocumentNumber", json!(invoice.number.to_string())),
            ("FinalPayDate", Value::Null),
            ("HouseWork", json!(false)),
            ("InvoicePeriodEnd", period_day(invoice.period.map(|p| p.1))),
            ("InvoicePeriodReference", json!("")),
            ("InvoicePeriodStart", period_day(invoice.period.map(|p| p.0))),
            ("InvoiceReference", json!("0")),
            ("Labels", json!([])),
            ("LastRemindDate", Value::Null),
            ("NoxFinans", json!(self.shows_finance(invoice))),
            ("OfferReference", json!("0")),
            ("OrderReference", json!("0")),
            ("OrganisationNumber", json!(self.organisation_number(invoice))),
            ("Reminders", json!(invoice.reminders)),
            ("Sent", json!(invoice.sent)),
            ("TaxReduction", Value::Null),
            ("TimeBasisReference", Value::Null),
            ("WarehouseReady", json!(true)),
        ]
    }

    fn organisation_number(&self, invoice: &Invoice) -> &str {
        self.customers
            .get(invoice.head.text("CustomerNumber"))
            .map_or("", |customer| customer.record.text("OrganisationNumber"))
    }

    fn invoice_amounts(&self, invoice: &Invoice) -> Vec<(&'static str, Value)> {
        let totals = invoice.totals(self.info.round_off);
        let rows: Vec<Value> = invoice
            .rows
            .iter()
            .map(|row| {
                let mut out = rows::render(&invoice.head, row);
                out.insert("Cost".to_owned(), json!(0));
                out.insert("StockPointCode".to_owned(), Value::Null);
                out.insert("VATCode".to_owned(), Value::Null);
                Value::Object(out)
            })
            .collect();
        vec![
            ("AdministrationFeeVAT", number::to_json(totals.administration_fee_vat)),
            ("Balance", number::to_json(invoice.balance(&totals))),
            ("BasisTaxReduction", json!(0)),
            ("ContributionPercent", json!(0)),
            ("ContributionValue", json!(0)),
            ("FreightVAT", number::to_json(totals.freight_vat)),
            ("Gross", number::to_json(totals.gross)),
            ("InvoiceRows", Value::Array(rows)),
            ("Net", number::to_json(totals.net)),
            ("RoundOff", number::to_json(totals.round_off)),
            ("Total", number::to_json(totals.total)),
            ("TotalToPay", number::to_json(totals.total)),
            ("TotalVAT", number::to_json(totals.total_vat)),
        ]
    }

    /// The invoice as the list shows it: without contract, period and rows.
    pub(crate) fn render_invoice_item(&self, invoice: &Invoice) -> Value {
        let head = &invoice.head;
        let totals = invoice.totals(self.info.round_off);
        let mut out = json!({
            "@url": invoice.url(),
            "Balance": number::to_json(invoice.balance(&totals)),
            "Booked": invoice.booked.is_some(),
            "Cancelled": invoice.cancelled,
            // Text in the list, a number in the detail (recorded).
            "CurrencyRate": head.number("CurrencyRate").normalize().to_string(),
            "CurrencyUnit": 1,
            "DocumentNumber": invoice.number.to_string(),
            "DueDate": head.date("DueDate"),
            "FinalPayDate": Value::Null,
            "InvoiceDate": head.date("InvoiceDate"),
            "NoxFinans": self.shows_finance(invoice),
            "Sent": invoice.sent,
            "Total": number::to_json(totals.total),
        });
        for name in [
            "CostCenter",
            "Currency",
            "CustomerName",
            "CustomerNumber",
            "ExternalInvoiceReference1",
            "ExternalInvoiceReference2",
            "InvoiceType",
            "OCR",
            "Project",
            "TermsOfPayment",
            "WayOfDelivery",
        ] {
            out[name] = json!(head.text(name));
        }
        for (name, value) in invoice.voucher_fields() {
            out[name] = value;
        }
        out
    }
}
