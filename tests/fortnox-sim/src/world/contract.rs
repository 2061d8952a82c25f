//! A contract (avtal): its fields, how it is written and shown.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::calendar::Anchor;
use super::company::Company;
use super::email::EMAIL_INFORMATION;
use super::number;
use super::record::{Field, Kind, Record};
use super::rows::{self, Row};
use super::switches::{IntervalKey, PeriodReading, VatIncludedKey};
use super::totals::{Totals, totals};

/// Writable fields of a contract, with their limits (source: specification; lengths of codes are assumed).
pub(crate) const CONTRACT: &[Field] = &[
    Field::flag("Active"),
    Field::number("AdministrationFee"),
    Field::text("Comments", 1024),
    Field::flag("Continuous"),
    Field::date("ContractDate"),
    Field::new("ContractLength", Kind::Int(1, 9999)),
    Field::text("CostCenter", 6),
    Field::text("Currency", 3),
    Field::text("CustomerNumber", 1024),
    Field::new("EmailInformation", Kind::Group(EMAIL_INFORMATION)),
    Field::text("ExternalInvoiceReference1", 80),
    Field::text("ExternalInvoiceReference2", 80),
    Field::number("Freight"),
    Field::flag("HouseWork"),
    Field::number("InvoiceDiscount"),
    Field::new("InvoiceInterval", Kind::Int(1, 9999)),
    Field::new("Language", Kind::OneOf(&["SV", "EN"])),
    // Shorter here than on invoices (50).
    Field::text("OurReference", 25),
    Field::date("PeriodEnd"),
    Field::date("PeriodStart"),
    Field::text("PriceList", 10),
    Field::text("PrintTemplate", 1024),
    Field::text("Project", 20),
    Field::text("Remarks", 1024),
    Field::new("TaxReductionType", Kind::OneOf(&["none", "rot", "rut", "green"])),
    Field::new("TemplateNumber", Kind::Int(0, 999_999)),
    Field::text("TermsOfDelivery", 10),
    Field::text("TermsOfPayment", 10),
    Field::flag(VAT_INCLUDED),
    Field::text("WayOfDelivery", 10),
    Field::text("YourOrderNumber", 75),
    Field::text("YourReference", 50),
];

pub(crate) const VAT_INCLUDED: &str = "VATIncluded";
/// The older spelling, accepted on writing.
pub(crate) const VAT_INCLUDED_OLDER: &str = "VatIncluded";

/// One contract.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contract {
    pub(crate) number: u64,
    #[serde(deserialize_with = "super::snapshot::contract_head")]
    pub(crate) head: Record,
    pub(crate) rows: Vec<Row>,
    pub(crate) last_invoice_date: Option<NaiveDate>,
    pub(crate) invoices_remaining: u32,
    pub(crate) finished: bool,
    /// What its period fields mean, when it differs from the company's switch.
    pub(crate) reading: Option<PeriodReading>,
    /// The period as last written by somebody; periods are counted from here.
    pub(crate) anchor: Anchor,
    /// Periods invoiced or skipped since the anchor.
    pub(crate) periods_made: u32,
    pub(crate) modified: DateTime<Utc>,
}

impl Contract {
    pub(crate) fn is_active(&self) -> bool {
        self.head.flag("Active") && !self.finished
    }

    /// The list's word. Only `INACTIVE` has been seen; the others are presumed.
    pub(crate) fn status(&self) -> &'static str {
        if self.finished {
            "FINISHED"
        } else if self.head.flag("Active") {
            "ACTIVE"
        } else {
            "INACTIVE"
        }
    }

    pub(crate) fn interval_months(&self) -> u32 {
        interval_of(&self.head)
    }
}

/// Months between invoices, at least one.
pub(crate) fn interval_of(head: &Record) -> u32 {
    u32::try_from(head.number("InvoiceInterval")).unwrap_or(1).max(1)
}

fn url(contract: &Contract) -> Value {
    json!(format!("https://api.fortnox.se/3/contracts/{}", contract.number))
}

fn date_or_blank(date: Option<NaiveDate>) -> Value {
    date.map_or_else(|| json!(""), |date| json!(date))
}

impl Company {
    pub(crate) fn reading(&self, contract: &Contract) -> PeriodReading {
        contract.reading.unwrap_or(self.switches.period_reading)
    }

    pub(crate) fn contract_totals(&self, contract: &Contract) -> Totals {
        totals(&contract.head, &contract.rows, self.info.round_off)
    }

    fn customer_name(&self, head: &Record) -> &str {
        self.customers.get(head.text("CustomerNumber")).map_or("", |customer| customer.record.text("Name"))
    }

    /// The contract as `GET /3/contracts/{DocumentNumber}` shows it.
    pub(crate) fn render_contract(&self, contract: &Contract) -> Value {
        let totals = self.contract_totals(contract);
        let mut out = Map::new();
        contract.head.render_into(&mut out);
        if self.switches.vat_included_key == VatIncludedKey::Older
            && let Some(flag) = out.remove(VAT_INCLUDED)
        {
            out.insert(VAT_INCLUDED_OLDER.to_owned(), flag);
        }
        let rows: Vec<Value> =
            contract.rows.iter().map(|row| Value::Object(rows::render(&contract.head, row))).collect();
        let read_only = [
            ("@url", url(contract)),
            (
                "@urlTaxReductionList",
                json!(format!(
                    "https://api.fortnox.se/3/taxreductions?filter=contracts&referencenumber={}",
                    contract.number
                )),
            ),
            ("Active", json!(contract.is_active())),
            ("BasisTaxReduction", json!(0)),
            ("ContributionPercent", json!(0)),
            ("ContributionValue", json!(0)),
            ("CustomerName", json!(self.customer_name(&contract.head))),
            ("DocumentNumber", json!(contract.number.to_string())),
            ("Gross", number::to_json(totals.gross)),
            ("InvoiceRows", Value::Array(rows)),
            // Text here, a number in the list.
            ("InvoicesRemaining", json!(contract.invoices_remaining.to_string())),
            ("LastInvoiceDate", date_or_blank(contract.last_invoice_date)),
            ("Net", number::to_json(totals.net)),
            ("RoundOff", number::to_json(totals.round_off)),
            ("TaxReduction", json!(0)),
            ("TemplateName", json!("")),
            ("Total", number::to_json(totals.total)),
            ("TotalToPay", number::to_json(totals.total)),
            ("TotalVAT", number::to_json(totals.total_vat)),
        ];
        for (name, value) in read_only {
            out.insert(name.to_owned(), value);
        }
        Value::Object(out)
    }

    /// The contract as the list shows it.
    pub(crate) fn render_contract_item(&self, contract: &Contract) -> Value {
        let head = &contract.head;
        let interval_key = match self.switches.interval_key {
            IntervalKey::Invoiceinterval => "Invoiceinterval",
            IntervalKey::InvoiceInterval => "InvoiceInterval",
            IntervalKey::Interval => "Interval",
        };
        json!({
            "@url": url(contract),
            "Continuous": head.flag("Continuous"),
            "ContractLength": number::to_json(head.number("ContractLength")),
            "Currency": head.text("Currency"),
            "CustomerName": self.customer_name(head),
            "CustomerNumber": head.text("CustomerNumber"),
            "DocumentNumber": contract.number.to_string(),
            interval_key: contract.interval_months(),
            "InvoicesRemaining": contract.invoices_remaining,
            "LastInvoiceDate": date_or_blank(contract.last_invoice_date),
            "PeriodStart": head.date("PeriodStart"),
            "PeriodEnd": head.date("PeriodEnd"),
            "Status": contract.status(),
            "TemplateNumber": number::to_json(head.number("TemplateNumber")),
            "Total": number::to_json(self.contract_totals(contract).total),
        })
    }

    /// The contract with what Fortnox would not show, for a test's oracle.
    pub(crate) fn contract_state(&self, contract: &Contract) -> Value {
        let mut out = self.render_contract(contract);
        let (period_start, period_end) = self.next_period(contract);
        out["sim"] = json!({
            "status": contract.status(),
            "reading": self.reading(contract),
            "anchor_start": contract.anchor.start,
            "anchor_end": contract.anchor.end,
            "periods_made": contract.periods_made,
            "next_invoice_covers": {"start": period_start, "end": period_end},
        });
        out
    }
}
