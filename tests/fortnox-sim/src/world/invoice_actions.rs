//! What can be done to an invoice: book, cancel, credit, and every way of sending it, most of which are GETs.

use chrono::Datelike as _;
use rust_decimal::Decimal;

use super::call::Call;
use super::company::{Company, Reply, Turn};
use super::email;
use super::invoice::{Invoice, Voucher};
use super::invoice_pdf;
use super::ledger::{Effect, EffectKind};
use super::refusal::{Refusal, code};
use sim_kit::Method;

/// Voucher series of customer invoices: Fortnox's usual one, assumed.
const INVOICE_SERIES: &str = "B";

impl Company {
    /// `/3/invoices/{DocumentNumber}/{action}`
    pub(crate) fn act_on_invoice(
        &mut self,
        turn: &mut Turn<'_>,
        call: &Call<'_>,
        number: u64,
        action: &str,
    ) -> Result<Reply, Refusal> {
        match (call.method, action) {
            (Method::Put, "bookkeep") => {
                self.check_content_type(call)?;
                self.bookkeep(turn, number)?;
            }
            (Method::Put, "cancel") => self.cancel(turn, number)?,
            (Method::Put, "credit") => {
                self.check_content_type(call)?;
                self.credit(turn, number)?;
            }
            (Method::Put, "externalprint") => self.mark_sent(turn, number)?,
            (Method::Get, "email") => self.send_email(turn, number)?,
            (Method::Get, "einvoice") => self.send_einvoice(turn, number)?,
            (Method::Get, "eprint") => self.send_to_print_service(turn, number)?,
            (Method::Get, "preview") => return self.pdf(number),
            (Method::Get, "print") => {
                self.mark_sent(turn, number)?;
                return self.pdf(number);
            }
            (Method::Get, "printreminder") => {
                let invoice = self.invoice_mut(number)?;
                invoice.reminders = invoice.reminders.saturating_add(1);
                self.mark_sent(turn, number)?;
                return self.pdf(number);
            }
            _ => return Err(Refusal::endpoint()),
        }
        self.invoice_reply(number)
    }

    /// Reported since 2026: these two want a JSON content type even without a body.
    fn check_content_type(&self, call: &Call<'_>) -> Result<(), Refusal> {
        if self.switches.require_json_content_type && !call.has_json_content_type() {
            return Err(Call::bad_content_type());
        }
        Ok(())
    }

    fn bookkeep(&mut self, turn: &mut Turn<'_>, number: u64) -> Result<(), Refusal> {
        self.check_open(number)?;
        let invoice = self.invoice(number)?;
        let date = invoice.head.date("InvoiceDate").unwrap_or_else(|| turn.today());
        if self.locked_until.is_some_and(|locked| date <= locked) {
            return Err(Refusal::invalid(code::PERIOD_LOCKED, "Perioden är låst."));
        }
        if invoice.rows.iter().any(|row| {
            row.fields.number("DeliveredQuantity") > Decimal::ZERO
                && row.fields.text("ArticleNumber").is_empty()
                && row.fields.text("Description").is_empty()
        }) {
            return Err(Refusal::invalid(
                code::ROW_WITHOUT_ARTICLE,
                "En rad med antal saknar artikel eller benämning.",
            ));
        }
        self.book(number, date.year())?;
        let totals = self.invoice(number)?.totals(self.info.round_off);
        let invoice = self.invoice_mut(number)?;
        invoice.modified = turn.now;
        turn.effects.push(Effect {
            contract: invoice.contract,
            invoice_date: Some(date),
            total: Some(totals.total),
            currency: Some(invoice.head.text("Currency").to_owned()),
            ..Effect::invoice(EffectKind::InvoiceBooked, number)
        });
        Ok(())
    }

    /// Gives an invoice its voucher.
    pub(crate) fn book(&mut self, number: u64, year: i32) -> Result<(), Refusal> {
        let voucher = self.next_voucher;
        self.invoice_mut(number)?.booked = Some(Voucher { series: INVOICE_SERIES.to_owned(), number: voucher, year });
        self.next_voucher += 1;
        Ok(())
    }

    fn cancel(&mut self, turn: &mut Turn<'_>, number: u64) -> Result<(), Refusal> {
        self.check_open(number)?;
        let invoice = self.invoice_mut(number)?;
        invoice.cancelled = true;
        invoice.modified = turn.now;
        turn.effects.push(Effect::invoice(EffectKind::InvoiceCancelled, number));
        Ok(())
    }

    fn credit(&mut self, turn: &mut Turn<'_>, number: u64) -> Result<(), Refusal> {
        let credited = self.invoice(number)?.clone();
        let creditable = credited.booked.is_some() && credited.credit_reference.is_none() && !credited.credit;
        if !creditable {
            return Err(Refusal::invalid(code::NOT_CREDITABLE, "Fakturan kan inte krediteras."));
        }
        let note = self.insert_credit_note(turn, &credited)?;
        let invoice = self.invoice_mut(number)?;
        invoice.credit_reference = Some(note);
        invoice.modified = turn.now;
        turn.effects.push(Effect::invoice(EffectKind::InvoiceCredited, number));
        Ok(())
    }

    fn mark_sent(&mut self, turn: &mut Turn<'_>, number: u64) -> Result<(), Refusal> {
        let invoice = self.invoice_mut(number)?;
        invoice.sent = true;
        invoice.modified = turn.now;
        turn.effects.push(Effect::invoice(EffectKind::MarkedSent, number));
        Ok(())
    }

    /// Sends every time it is called; so, presumably, does Fortnox.
    fn send_email(&mut self, turn: &mut Turn<'_>, number: u64) -> Result<(), Refusal> {
        self.check_sendable(number)?;
        if !self.info.has_bank_details() {
            return Err(Refusal::invalid(code::BANK_DETAILS_MISSING, "Bankuppgifter saknas"));
        }
        let invoice = self.invoice(number)?;
        let from = email::address(&invoice.head, "EmailAddressFrom");
        if !from.is_empty() && !self.trusted_senders.iter().any(|sender| sender == from) {
            return Err(Refusal::invalid(code::SENDER_NOT_TRUSTED, "Avsändaren är inte godkänd."));
        }
        let to =
            self.recipient(invoice).ok_or_else(|| Refusal::invalid(code::RECIPIENT_MISSING, "E-postadress saknas."))?;
        let bcc = Some(email::address(&invoice.head, "EmailAddressBCC").to_owned()).filter(|bcc| !bcc.is_empty());
        turn.effects.push(Effect { to: Some(to), bcc, ..Effect::invoice(EffectKind::EmailSent, number) });
        if self.switches.email_sets_sent {
            self.mark_sent(turn, number)?;
        }
        Ok(())
    }

    /// The invoice's own address, else the customer's for invoices, else the customer's (assumption).
    fn recipient(&self, invoice: &Invoice) -> Option<String> {
        let customer = self.customers.get(invoice.head.text("CustomerNumber"));
        let of_customer = |name| customer.map_or("", |entry| entry.record.text(name));
        [email::address(&invoice.head, "EmailAddressTo"), of_customer("EmailInvoice"), of_customer("Email")]
            .into_iter()
            .find(|address| !address.is_empty())
            .map(str::to_owned)
    }

    fn send_einvoice(&mut self, turn: &mut Turn<'_>, number: u64) -> Result<(), Refusal> {
        self.check_sendable(number)?;
        let customer = self.invoice(number)?.head.text("CustomerNumber");
        let reachable = self
            .customers
            .get(customer)
            .is_some_and(|entry| entry.record.is_set("GLN") || entry.record.is_set("OrganisationNumber"));
        if !reachable {
            return Err(Refusal::invalid(code::RECIPIENT_MISSING, "Mottagaren kan inte ta emot e-faktura."));
        }
        turn.effects.push(Effect::invoice(EffectKind::EinvoiceSent, number));
        self.mark_sent(turn, number)
    }

    fn send_to_print_service(&mut self, turn: &mut Turn<'_>, number: u64) -> Result<(), Refusal> {
        self.check_sendable(number)?;
        if !self.info.registered_for_print_service {
            return Err(Refusal::invalid(
                code::COMPANY_NOT_REGISTERED,
                "Kan inte skicka dokument om inte företaget är registrerat",
            ));
        }
        turn.effects.push(Effect::invoice(EffectKind::PrintServiceSent, number));
        if self.switches.eprint_sets_sent {
            self.mark_sent(turn, number)?;
        }
        Ok(())
    }

    pub(crate) fn check_sendable(&self, number: u64) -> Result<(), Refusal> {
        if self.invoice(number)?.cancelled {
            return Err(Refusal::invalid(code::INVOICE_CANCELLED, "Fakturan är makulerad."));
        }
        Ok(())
    }

    fn pdf(&self, number: u64) -> Result<Reply, Refusal> {
        let invoice = self.invoice(number)?;
        Ok(Reply::Pdf(invoice_pdf::draw(&self.info, invoice)))
    }
}
