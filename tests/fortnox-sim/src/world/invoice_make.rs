//! How an invoice comes to be: from a contract, by hand, or as a credit note.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::company::{Company, Turn, default_delivery};
use super::contract::Contract;
use super::contract_write::document_number;
use super::invoice::Invoice;
use super::invoice_fields::INVOICE;
use super::ledger::{Effect, EffectKind};
use super::record::Record;
use super::refusal::{Refusal, code};
use super::rows::{self, NewRows, Row};
use super::totals::ocr;

/// What every contract hands on to its invoices (assumption from the field names).
const FROM_CONTRACT: &[&str] = &[
    "AdministrationFee",
    "Comments",
    "CostCenter",
    "Currency",
    "CustomerNumber",
    "Freight",
    "Language",
    "OurReference",
    "PriceList",
    "PrintTemplate",
    "Project",
    "Remarks",
    "TaxReductionType",
    "TermsOfDelivery",
    "TermsOfPayment",
    "VATIncluded",
    "WayOfDelivery",
    "YourReference",
];

/// What an invoice takes from its customer where it has nothing of its own.
const FROM_CUSTOMER: &[&str] = &[
    "Address1",
    "Address2",
    "City",
    "Currency",
    "DeliveryAddress1",
    "DeliveryAddress2",
    "DeliveryCity",
    "DeliveryName",
    "DeliveryZipCode",
    "OurReference",
    "Phone1",
    "Phone2",
    "PriceList",
    "TermsOfPayment",
    "YourReference",
    "ZipCode",
];

impl Company {
    /// Makes the invoice of one period. The contract itself is moved on by the caller. Answers the invoice's number.
    pub(crate) fn insert_contract_invoice(
        &mut self,
        turn: &mut Turn<'_>,
        contract: &Contract,
        invoice_date: NaiveDate,
        period: (NaiveDate, NaiveDate),
    ) -> Result<u64, Refusal> {
        let mut head = Record::new(INVOICE);
        head.copy_from(&contract.head, FROM_CONTRACT);
        head.set_text("InvoiceType", "AGREEMENTINVOICE");
        head.set_date("InvoiceDate", invoice_date);
        let switches = &self.switches;
        if switches.copy_external_references {
            head.copy_from(&contract.head, &["ExternalInvoiceReference1", "ExternalInvoiceReference2"]);
        }
        if switches.copy_your_order_number {
            head.copy_from(&contract.head, &["YourOrderNumber"]);
        }
        let copies_email = switches.copy_email_information;
        let shown_period = switches.fill_invoice_period.then_some(period);
        let number = self.next_invoice;
        self.fill_invoice(turn, number, &mut head)?;
        if copies_email {
            copy_email(&contract.head, &mut head)?;
        }
        let rows = self.contract_rows(contract);
        self.insert_invoice(
            turn,
            Invoice { contract: Some(contract.number), period: shown_period, ..blank(number, head, rows, turn) },
        );
        let totals = self.invoice(number)?.totals(self.info.round_off);
        turn.effects.push(Effect {
            contract: Some(contract.number),
            default_delivery: self
                .customers
                .get(contract.head.text("CustomerNumber"))
                .map(|customer| default_delivery(&customer.record)),
            customer: Some(contract.head.text("CustomerNumber").to_owned()),
            period_start: Some(period.0),
            period_end: Some(period.1),
            invoice_date: Some(invoice_date),
            total: Some(totals.total),
            currency: Some(contract.head.text("Currency").to_owned()),
            ..Effect::invoice(EffectKind::InvoiceCreated, number)
        });
        Ok(number)
    }

    /// The contract's rows for an invoice. Its percentage discount goes onto the rows, since it wins over theirs and an
    /// invoice has no such field.
    fn contract_rows(&mut self, contract: &Contract) -> Vec<Row> {
        let discount = contract.head.number("InvoiceDiscount");
        contract
            .rows
            .iter()
            .map(|row| {
                let mut fields = row.fields.clone();
                if !discount.is_zero() {
                    fields.set_number("Discount", discount);
                    fields.set_text("DiscountType", "PERCENT");
                }
                Row { id: self.take_row_id(), fields }
            })
            .collect()
    }

    /// Adds an invoice that a person writes, from the API or the company file. Answers its number.
    pub(crate) fn create_invoice(
        &mut self,
        turn: &mut Turn<'_>,
        mut input: Map<String, Value>,
    ) -> Result<u64, Refusal> {
        let number = match input.remove("DocumentNumber") {
            None => self.next_invoice,
            Some(value) => document_number(&value)?,
        };
        if self.invoices.contains_key(&number) {
            return Err(Refusal::invalid(code::NUMBER_TAKEN, "Numret används redan."));
        }
        let row_input = Self::split_rows(&mut input).unwrap_or_else(|| json!([]));
        let mut head = Record::new(INVOICE);
        head.apply(&input, self.unknown_fields())?;
        if !head.is_set("CustomerNumber") {
            return Err(Refusal::required("CustomerNumber"));
        }
        self.check_references(&head)?;
        head.default_text("InvoiceType", "INVOICE");
        let records = rows::merge(&[], &row_input, self.unknown_fields(), NewRows::AreFree)?;
        self.fill_invoice(turn, number, &mut head)?;
        let rows = self.finish_rows(&head, records)?;
        self.insert_invoice(turn, blank(number, head, rows, turn));
        self.created_by_hand(turn, number)?;
        Ok(number)
    }

    pub(crate) fn created_by_hand(&self, turn: &mut Turn<'_>, number: u64) -> Result<(), Refusal> {
        let invoice = self.invoice(number)?;
        turn.effects.push(Effect {
            customer: Some(invoice.head.text("CustomerNumber").to_owned()),
            invoice_date: invoice.head.date("InvoiceDate"),
            total: Some(invoice.totals(self.info.round_off).total),
            currency: Some(invoice.head.text("Currency").to_owned()),
            ..Effect::invoice(EffectKind::InvoiceCreated, number)
        });
        Ok(())
    }

    pub(crate) fn insert_invoice(&mut self, turn: &Turn<'_>, mut invoice: Invoice) {
        invoice.modified = turn.now;
        self.next_invoice = self.next_invoice.max(invoice.number.saturating_add(1));
        self.invoices.insert(invoice.number, invoice);
    }

    /// What a new invoice has when nobody says otherwise: the customer's data, dates, rates, OCR.
    fn fill_invoice(&self, turn: &Turn<'_>, number: u64, head: &mut Record) -> Result<(), Refusal> {
        if let Some(customer) = self.customers.get(head.text("CustomerNumber")) {
            for name in FROM_CUSTOMER {
                head.default_text(name, customer.record.text(name));
            }
            head.default_text("CustomerName", customer.record.text("Name"));
            head.default_text("Remarks", customer.record.text("InvoiceRemark"));
            head.default_text("Country", country(customer.record.text("CountryCode")));
        }
        head.default_text("Currency", "SEK");
        head.default_text("Language", "SV");
        head.default_text("TaxReductionType", "none");
        head.default_text("PrintTemplate", "st");
        head.default_text("OCR", &ocr(number));
        let invoice_date = head.date("InvoiceDate").unwrap_or_else(|| turn.today());
        head.set_date("InvoiceDate", invoice_date);
        if head.date("OutboundDate").is_none() {
            head.set_date("OutboundDate", invoice_date);
        }
        if head.date("DueDate").is_none() {
            head.set_date("DueDate", due_date(head, invoice_date));
        }
        if !head.is_set("CurrencyRate") {
            let rate = self.currency_rates.get(head.text("Currency"));
            head.set_number("CurrencyRate", rate.copied().unwrap_or(Decimal::ONE));
            head.set_number("CurrencyUnit", Decimal::ONE);
        }
        fill_email(head)
    }
}

/// An invoice to which nothing has happened yet.
pub(crate) fn blank(number: u64, head: Record, rows: Vec<Row>, turn: &Turn<'_>) -> Invoice {
    Invoice {
        number,
        head,
        rows,
        contract: None,
        period: None,
        booked: None,
        cancelled: false,
        sent: false,
        credit: false,
        credit_reference: None,
        paid: false,
        reminders: 0,
        finance: None,
        modified: turn.now,
    }
}

/// The invoice date plus the days that are the code of the terms of payment; without terms the invoice date.
pub(crate) fn due_date(head: &Record, invoice_date: NaiveDate) -> NaiveDate {
    let days = head.text("TermsOfPayment").parse().unwrap_or(0);
    invoice_date.checked_add_days(Days::new(days)).unwrap_or(invoice_date)
}

/// Recorded defaults of a new invoice's e-mail.
fn fill_email(head: &mut Record) -> Result<(), Refusal> {
    let mut email = json!({});
    if head.text_in("EmailInformation", "EmailSubject").is_empty() {
        email["EmailSubject"] = json!("Faktura {no} bifogas");
    }
    if head.text_in("EmailInformation", "EmailBody").is_empty() {
        email["EmailBody"] = json!(" ");
    }
    apply_email(head, &email)
}

/// What the contract says about the e-mail; its empty fields leave the defaults.
fn copy_email(contract: &Record, invoice: &mut Record) -> Result<(), Refusal> {
    let mut fields = Map::new();
    contract.render_into(&mut fields);
    let email = fields.remove("EmailInformation").unwrap_or_default();
    apply_email(invoice, &email)
}

fn apply_email(head: &mut Record, email: &Value) -> Result<(), Refusal> {
    let mut input = Map::new();
    input.insert("EmailInformation".to_owned(), email.clone());
    head.apply(&input, super::record::UnknownFields::Reject)
}

/// The few countries that the sample companies trade with; others show their code.
fn country(country_code: &str) -> &str {
    match country_code {
        "SE" => "Sverige",
        "DE" => "Tyskland",
        "DK" => "Danmark",
        "FI" => "Finland",
        "NO" => "Norge",
        other => other,
    }
}
