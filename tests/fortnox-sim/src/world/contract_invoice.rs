//! `createinvoice`, `finish`, `increaseinvoicecount`: what moves a contract on.
//!
//! Nothing here looks at whether an invoice is due: Fortnox does not refuse early or repeated calls.

use chrono::NaiveDate;
use serde_json::json;

use super::call::Call;
use super::company::{Company, Reply, Turn};
use super::contract::Contract;
use super::ledger::{Effect, EffectKind};
use super::list;
use super::refusal::{Refusal, code};
use super::switches::{CreateInvoiceAnswer, IncreaseInvoiceCount, InvoiceDateQuery, PeriodReading, WholeTermCounting};

impl Company {
    /// The period that the next invoice of this contract covers.
    pub(crate) fn next_period(&self, contract: &Contract) -> (NaiveDate, NaiveDate) {
        let anchor = &contract.anchor;
        match self.reading(contract) {
            PeriodReading::NextPeriod => (
                contract.head.date("PeriodStart").unwrap_or(anchor.start),
                contract.head.date("PeriodEnd").unwrap_or(anchor.end),
            ),
            PeriodReading::WholeTerm => {
                let k = match self.switches.whole_term_counting {
                    WholeTermCounting::Counter => contract.periods_made,
                    WholeTermCounting::LastInvoiceDate => {
                        contract.last_invoice_date.map_or(0, |date| anchor.slices_started_by(date))
                    }
                };
                anchor.slice(k, self.switches.month_end)
            }
        }
    }

    pub(crate) fn create_contract_invoice(
        &mut self,
        turn: &mut Turn<'_>,
        call: &Call<'_>,
        number: u64,
    ) -> Result<Reply, Refusal> {
        list::check_parameters(call, &["invoicedate"])?;
        let invoice_date = self.wanted_invoice_date(call)?;
        let input = call.enveloped_if_any("Contract")?;
        if !self.contract(number)?.is_active() && !self.switches.invoice_finished_contracts {
            return Err(Refusal::invalid(code::CONTRACT_FINISHED, "Avtalet är avslutat."));
        }
        if let Some(input) = input.filter(|_| self.switches.createinvoice_applies_body) {
            self.update_contract(turn, number, input)?;
        }
        let contract = self.contract(number)?.clone();
        let (period_start, period_end) = self.next_period(&contract);
        let invoice_date = invoice_date.unwrap_or_else(|| turn.today());
        let invoice = self.insert_contract_invoice(turn, &contract, invoice_date, (period_start, period_end))?;
        self.contract_mut(number)?.last_invoice_date = Some(invoice_date);
        self.move_on(turn, number)?;
        match self.switches.createinvoice_answer {
            CreateInvoiceAnswer::Contract => self.contract_reply(number),
            CreateInvoiceAnswer::Invoice => {
                let invoice = self.render_invoice(self.invoice(invoice)?);
                Ok(Reply::ok(json!({"Invoice": invoice})))
            }
        }
    }

    fn wanted_invoice_date(&self, call: &Call<'_>) -> Result<Option<NaiveDate>, Refusal> {
        match self.switches.invoicedate_query {
            InvoiceDateQuery::Honour => list::date(call, "invoicedate"),
            InvoiceDateQuery::Reject if call.parameter("invoicedate").is_some() => {
                Err(Refusal::parameter("invoicedate"))
            }
            InvoiceDateQuery::Reject | InvoiceDateQuery::Ignore => Ok(None),
        }
    }

    /// One period is done: under M1 the period fields move, under M2 only the count does.
    fn move_on(&mut self, turn: &mut Turn<'_>, number: u64) -> Result<(), Refusal> {
        let month_end = self.switches.month_end;
        let finish_at_zero = self.switches.finish_at_zero;
        let reading = self.reading(self.contract(number)?);
        let contract = self.contract_mut(number)?;
        contract.modified = turn.now;
        contract.periods_made = contract.periods_made.saturating_add(1);
        if reading == PeriodReading::NextPeriod {
            let (start, end) = contract.anchor.next_period(contract.periods_made, month_end);
            contract.head.set_date("PeriodStart", start);
            contract.head.set_date("PeriodEnd", end);
        }
        let mut finished = false;
        if !contract.head.flag("Continuous") {
            contract.invoices_remaining = contract.invoices_remaining.saturating_sub(1);
            finished = finish_at_zero && contract.invoices_remaining == 0 && !contract.finished;
        }
        contract.finished |= finished;
        turn.effects.push(Effect::contract(EffectKind::ContractChanged, number));
        if finished {
            turn.effects.push(Effect::contract(EffectKind::ContractFinished, number));
        }
        Ok(())
    }

    pub(crate) fn finish_contract(&mut self, turn: &mut Turn<'_>, number: u64) -> Result<(), Refusal> {
        let contract = self.contract_mut(number)?;
        contract.finished = true;
        contract.modified = turn.now;
        turn.effects.push(Effect::contract(EffectKind::ContractFinished, number));
        Ok(())
    }

    pub(crate) fn increase_invoice_count(&mut self, turn: &mut Turn<'_>, number: u64) -> Result<(), Refusal> {
        turn.effects.push(Effect::contract(EffectKind::InvoiceCountIncreased, number));
        match self.switches.increase_invoice_count {
            IncreaseInvoiceCount::Skips => self.move_on(turn, number),
            IncreaseInvoiceCount::Extends => {
                let contract = self.contract_mut(number)?;
                contract.invoices_remaining = contract.invoices_remaining.saturating_add(1);
                contract.modified = turn.now;
                turn.effects.push(Effect::contract(EffectKind::ContractChanged, number));
                Ok(())
            }
        }
    }
}
