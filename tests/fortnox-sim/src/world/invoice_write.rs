//! Addresses of invoices: list, read, create, change, and which action goes where.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::calendar::local_time;
use super::call::Call;
use super::company::{Company, Reply, Turn};
use super::invoice::Invoice;
use super::invoice_make::due_date;
use super::ledger::{Effect, EffectKind};
use super::list::{self, SortKey};
use super::refusal::{Refusal, code};
use super::rows::{self, NewRows};
use sim_kit::Method;

/// List parameters that match a field by "contains".
const TEXT_FILTERS: &[(&str, &str)] = &[
    ("costcenter", "CostCenter"),
    ("currency", "Currency"),
    ("customername", "CustomerName"),
    ("customernumber", "CustomerNumber"),
    ("externalinvoicereference1", "ExternalInvoiceReference1"),
    ("externalinvoicereference2", "ExternalInvoiceReference2"),
    ("ocr", "OCR"),
    ("ourreference", "OurReference"),
    ("project", "Project"),
    ("yourordernumber", "YourOrderNumber"),
    ("yourreference", "YourReference"),
];

/// The others. Labels, accounts and final pay dates are not simulated and are refused as unknown.
const OTHER_FILTERS: &[&str] = &[
    "filter",
    "documentnumber",
    "fromdate",
    "todate",
    "invoicetype",
    "sent",
    "notcompleted",
    "credit",
    "articlenumber",
    "articledescription",
];

/// The words of the parameter `filter`.
#[derive(Clone, Copy)]
enum StateFilter {
    Any,
    Cancelled,
    FullyPaid,
    Unpaid,
    UnpaidOverdue,
    Unbooked,
}

impl StateFilter {
    fn parse(call: &Call<'_>) -> Result<Self, Refusal> {
        Ok(match call.parameter("filter") {
            None => Self::Any,
            Some("cancelled") => Self::Cancelled,
            Some("fullypaid") => Self::FullyPaid,
            Some("unpaid") => Self::Unpaid,
            Some("unpaidoverdue") => Self::UnpaidOverdue,
            Some("unbooked") => Self::Unbooked,
            Some(_) => return Err(list::bad_filter()),
        })
    }

    fn matches(self, invoice: &Invoice, today: NaiveDate) -> bool {
        match self {
            Self::Any => true,
            Self::Cancelled => invoice.cancelled,
            Self::FullyPaid => invoice.paid,
            Self::Unpaid => invoice.is_unpaid(),
            Self::UnpaidOverdue => invoice.is_unpaid() && invoice.head.date("DueDate") < Some(today),
            Self::Unbooked => invoice.booked.is_none() && !invoice.cancelled,
        }
    }
}

impl Company {
    /// `/3/invoices…`
    pub(crate) fn route_invoices(&mut self, turn: &mut Turn<'_>, call: &Call<'_>) -> Result<Reply, Refusal> {
        let path = call.path();
        match (call.method, &path[1..]) {
            (Method::Get, []) => self.list_invoices(turn, call),
            (Method::Post, []) => {
                let number = self.create_invoice(turn, call.enveloped("Invoice")?)?;
                let invoice = self.render_invoice(self.invoice(number)?);
                Ok(Reply::created("invoices", json!({"Invoice": invoice})))
            }
            (method, [number, action @ ..]) => {
                let number = number.parse().map_err(|_| Refusal::invoice_not_found())?;
                self.invoice(number)?;
                match (method, action) {
                    (Method::Get, []) => self.invoice_reply(number),
                    (Method::Put, []) => {
                        self.update_invoice(turn, number, call.enveloped("Invoice")?)?;
                        self.invoice_reply(number)
                    }
                    (Method::Put | Method::Get, [action]) => self.act_on_invoice(turn, call, number, action),
                    _ => Err(Refusal::endpoint()),
                }
            }
            _ => Err(Refusal::endpoint()),
        }
    }

    pub(crate) fn invoice_reply(&self, number: u64) -> Result<Reply, Refusal> {
        let invoice = self.render_invoice(self.invoice(number)?);
        Ok(Reply::ok(json!({"Invoice": invoice})))
    }

    fn list_invoices(&self, turn: &Turn<'_>, call: &Call<'_>) -> Result<Reply, Refusal> {
        let mut own = OTHER_FILTERS.to_vec();
        own.extend(TEXT_FILTERS.iter().map(|(parameter, _)| *parameter));
        list::check_parameters(call, &own)?;
        let today = turn.today();
        let state = StateFilter::parse(call)?;
        let since = list::last_modified(call)?;
        let from = list::date(call, "fromdate")?;
        let to = list::date(call, "todate")?;
        let sent = list::flag(call, "sent")?;
        let not_completed = list::flag(call, "notcompleted")?;
        let credit = list::flag(call, "credit")?;
        let mut invoices: Vec<&Invoice> = self
            .invoices
            .values()
            .filter(|invoice| {
                let head = &invoice.head;
                let date = head.date("InvoiceDate");
                state.matches(invoice, today)
                    && since.is_none_or(|since| local_time(invoice.modified) >= since)
                    && from.is_none_or(|from| date >= Some(from))
                    && to.is_none_or(|to| date <= Some(to))
                    && sent.is_none_or(|sent| invoice.sent == sent)
                    && not_completed.is_none_or(|wanted| head.flag("NotCompleted") == wanted)
                    && credit.is_none_or(|credit| invoice.credit == credit)
                    && call.parameter("invoicetype").is_none_or(|kind| head.text("InvoiceType") == kind)
                    && list::contains(&invoice.number.to_string(), call.parameter("documentnumber"))
                    && TEXT_FILTERS
                        .iter()
                        .all(|(parameter, field)| list::contains(head.text(field), call.parameter(parameter)))
                    && has_row_with(invoice, "ArticleNumber", call.parameter("articlenumber"))
                    && has_row_with(invoice, "Description", call.parameter("articledescription"))
            })
            .collect();
        list::sort(
            &mut invoices,
            call,
            &[
                ("documentnumber", |i| SortKey::Number(Decimal::from(i.number))),
                ("customername", |i| SortKey::Text(i.head.text("CustomerName").to_lowercase())),
                ("customernumber", |i| SortKey::number_or_text(i.head.text("CustomerNumber"))),
                ("invoicedate", |i| SortKey::Date(i.head.date("InvoiceDate"))),
                ("ocr", |i| SortKey::Text(i.head.text("OCR").to_owned())),
                ("total", |i| SortKey::Number(i.totals(false).total)),
            ],
        )?;
        let page =
            list::page(call, list::MAX_LIMIT, "Invoices", &invoices, |invoice| self.render_invoice_item(invoice))?;
        Ok(Reply::ok(page))
    }

    /// Refuses to touch an invoice that is beyond change.
    pub(crate) fn check_open(&self, number: u64) -> Result<(), Refusal> {
        let invoice = self.invoice(number)?;
        if invoice.booked.is_some() {
            return Err(Refusal::invalid(code::INVOICE_BOOKED, "Fakturan är bokförd."));
        }
        if invoice.cancelled {
            return Err(Refusal::invalid(code::INVOICE_CANCELLED, "Fakturan är makulerad."));
        }
        Ok(())
    }

    fn update_invoice(
        &mut self,
        turn: &mut Turn<'_>,
        number: u64,
        mut input: Map<String, Value>,
    ) -> Result<(), Refusal> {
        let only_email = input.keys().all(|name| name == "EmailInformation");
        if !(only_email && self.switches.booked_invoice_takes_email_information) || self.invoice(number)?.cancelled {
            self.check_open(number)?;
        }
        let old = self.invoice(number)?.clone();
        if old.sent && self.switches.sent_invoice_locked {
            return Err(Refusal::invalid(code::INVOICE_SENT, "Fakturan är skickad."));
        }
        let unknown = self.unknown_fields();
        let row_input = Self::split_rows(&mut input);
        let mut head = old.head;
        head.apply(&input, unknown)?;
        self.check_references(&head)?;
        // A due date follows its invoice date and terms unless it is written itself (assumption).
        let moves_due_date = ["InvoiceDate", "TermsOfPayment"].iter().any(|name| input.contains_key(*name));
        if let Some(date) = head.date("InvoiceDate")
            && moves_due_date
            && !input.contains_key("DueDate")
        {
            head.set_date("DueDate", due_date(&head, date));
        }
        let records = match row_input {
            Some(input) => rows::merge(&old.rows, &input, unknown, NewRows::AreFree)?,
            None => old.rows.into_iter().map(|row| row.fields).collect(),
        };
        let rows = self.finish_rows(&head, records)?;
        let invoice = self.invoice_mut(number)?;
        invoice.head = head;
        invoice.rows = rows;
        invoice.modified = turn.now;
        turn.effects.push(Effect::invoice(EffectKind::InvoiceChanged, number));
        Ok(())
    }
}

fn has_row_with(invoice: &Invoice, field: &str, wanted: Option<&str>) -> bool {
    wanted.is_none() || invoice.rows.iter().any(|row| list::contains(row.fields.text(field), wanted))
}
