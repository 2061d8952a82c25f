//! Addresses of contracts, and their creation and change.

use chrono::Months;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::calendar::Anchor;
use super::call::Call;
use super::company::{Company, Reply, Turn};
use super::contract::{CONTRACT, Contract, VAT_INCLUDED, VAT_INCLUDED_OLDER, interval_of};
use super::ledger::{Effect, EffectKind};
use super::record::Record;
use super::refusal::{Refusal, code};
use super::rows::{self, NewRows};
use sim_kit::Method;

/// Fields that decide which period comes next; writing one starts the count anew.
const PERIOD_FIELDS: [&str; 3] = ["PeriodStart", "PeriodEnd", "InvoiceInterval"];

impl Company {
    /// `/3/contracts…`
    pub(crate) fn route_contracts(&mut self, turn: &mut Turn<'_>, call: &Call<'_>) -> Result<Reply, Refusal> {
        let path = call.path();
        match (call.method, &path[1..]) {
            (Method::Get, []) => self.list_contracts(call),
            (Method::Post, []) => {
                let input = call.enveloped("Contract")?;
                let number = self.create_contract(turn, input, NewRows::NeedArticleAndQuantity)?;
                let body = json!({"Contract": self.render_contract(self.contract(number)?)});
                Ok(Reply::created("contracts", body))
            }
            (method, [number, action @ ..]) => {
                let number = number.parse().map_err(|_| Refusal::contract_not_found())?;
                self.contract(number)?;
                match (method, action) {
                    (Method::Get, []) => {}
                    (Method::Put, []) => {
                        let input = call.enveloped("Contract")?;
                        self.update_contract(turn, number, input)?;
                    }
                    (Method::Put, ["createinvoice"]) => {
                        return self.create_contract_invoice(turn, call, number);
                    }
                    (Method::Put, ["finish"]) => self.finish_contract(turn, number)?,
                    (Method::Put, ["increaseinvoicecount"]) => {
                        self.increase_invoice_count(turn, number)?;
                    }
                    _ => return Err(Refusal::endpoint()),
                }
                self.contract_reply(number)
            }
            _ => Err(Refusal::endpoint()),
        }
    }

    pub(crate) fn contract_reply(&self, number: u64) -> Result<Reply, Refusal> {
        let contract = self.render_contract(self.contract(number)?);
        Ok(Reply::ok(json!({"Contract": contract})))
    }

    pub(crate) fn contract(&self, number: u64) -> Result<&Contract, Refusal> {
        self.contracts.get(&number).ok_or_else(Refusal::contract_not_found)
    }

    pub(crate) fn contract_mut(&mut self, number: u64) -> Result<&mut Contract, Refusal> {
        self.contracts.get_mut(&number).ok_or_else(Refusal::contract_not_found)
    }

    /// Adds a contract, from the API or the company file. Answers its number.
    pub(crate) fn create_contract(
        &mut self,
        turn: &mut Turn<'_>,
        mut input: Map<String, Value>,
        new_rows: NewRows,
    ) -> Result<u64, Refusal> {
        for name in ["CustomerNumber", "InvoiceRows", "PeriodEnd"] {
            if input.get(name).is_none_or(Value::is_null) {
                return Err(Refusal::required(name));
            }
        }
        respell_vat(&mut input);
        let number = self.take_number(&mut input)?;
        let row_input = Self::split_rows(&mut input).unwrap_or_else(|| json!([]));
        let mut head = Record::new(CONTRACT);
        head.set_flag("Active", true);
        head.apply(&input, self.unknown_fields())?;
        self.check_references(&head)?;
        self.fill_contract(turn, &mut head);
        let records = rows::merge(&[], &row_input, self.unknown_fields(), new_rows)?;
        let rows = self.finish_rows(&head, records)?;
        let contract = Contract {
            number,
            invoices_remaining: planned_invoices(&head),
            anchor: anchor_of(&head, turn),
            head,
            rows,
            last_invoice_date: None,
            finished: false,
            reading: None,
            periods_made: 0,
            modified: turn.now,
        };
        self.contracts.insert(number, contract);
        self.next_contract = self.next_contract.max(number.saturating_add(1));
        turn.effects.push(Effect::contract(EffectKind::ContractCreated, number));
        Ok(number)
    }

    fn take_number(&self, input: &mut Map<String, Value>) -> Result<u64, Refusal> {
        let Some(value) = input.remove("DocumentNumber") else {
            return Ok(self.next_contract);
        };
        let number = document_number(&value)?;
        if self.contracts.contains_key(&number) {
            return Err(Refusal::invalid(code::NUMBER_TAKEN, "Numret används redan."));
        }
        Ok(number)
    }

    /// What a new contract has when nobody says otherwise.
    fn fill_contract(&self, turn: &Turn<'_>, head: &mut Record) {
        let customer = self.customers.get(head.text("CustomerNumber"));
        let of_customer = |name| customer.map_or("", |customer| customer.record.text(name));
        head.default_text("Currency", of_customer("Currency"));
        head.default_text("PriceList", of_customer("PriceList"));
        head.default_text("TermsOfPayment", of_customer("TermsOfPayment"));
        head.default_text("Language", "SV");
        head.default_text("TaxReductionType", "none");
        if !head.is_set("InvoiceInterval") {
            head.set_number("InvoiceInterval", Decimal::ONE);
        }
        if head.date("ContractDate").is_none() {
            head.set_date("ContractDate", turn.today());
        }
        if head.date("PeriodStart").is_none() {
            head.set_date("PeriodStart", turn.today());
        }
    }

    /// Changes a contract. Every row gets a new id, also when the rows themselves stay.
    pub(crate) fn update_contract(
        &mut self,
        turn: &mut Turn<'_>,
        number: u64,
        mut input: Map<String, Value>,
    ) -> Result<(), Refusal> {
        respell_vat(&mut input);
        if let Some(value) = input.remove("DocumentNumber")
            && document_number(&value)? != number
        {
            return Err(Refusal::parameter("DocumentNumber"));
        }
        let unknown = self.unknown_fields();
        let row_input = Self::split_rows(&mut input);
        let old = self.contract(number)?.clone();
        let mut head = old.head;
        head.apply(&input, unknown)?;
        self.check_references(&head)?;
        let records = match row_input {
            Some(input) => rows::merge(&old.rows, &input, unknown, NewRows::NeedArticleAndQuantity)?,
            None => old.rows.into_iter().map(|row| row.fields).collect(),
        };
        let rows = self.finish_rows(&head, records)?;
        let anchor = PERIOD_FIELDS.iter().any(|name| input.contains_key(*name)).then(|| anchor_of(&head, turn));
        let contract = self.contract_mut(number)?;
        contract.head = head;
        contract.rows = rows;
        contract.modified = turn.now;
        if let Some(anchor) = anchor.filter(|anchor| *anchor != contract.anchor) {
            contract.anchor = anchor;
            contract.periods_made = 0;
        }
        turn.effects.push(Effect::contract(EffectKind::ContractChanged, number));
        Ok(())
    }
}

/// Both spellings may be written.
fn respell_vat(input: &mut Map<String, Value>) {
    if let Some(flag) = input.remove(VAT_INCLUDED_OLDER) {
        input.insert(VAT_INCLUDED.to_owned(), flag);
    }
}

pub(crate) fn document_number(value: &Value) -> Result<u64, Refusal> {
    super::number::from_json(value)
        .and_then(|number| u64::try_from(number).ok())
        .filter(|number| *number > 0)
        .ok_or_else(|| Refusal::parameter("DocumentNumber"))
}

/// The period as written. A missing end is one interval after the start; the company file may leave it out.
pub(crate) fn anchor_of(head: &Record, turn: &Turn<'_>) -> Anchor {
    let interval_months = interval_of(head);
    let start = head.date("PeriodStart").unwrap_or_else(|| turn.today());
    let end = head.date("PeriodEnd").unwrap_or_else(|| {
        start.checked_add_months(Months::new(interval_months)).and_then(|next| next.pred_opt()).unwrap_or(start)
    });
    Anchor { start, end, interval_months }
}

/// Invoices of a fixed length; a running contract counts none (assumption: the sources show no recording).
fn planned_invoices(head: &Record) -> u32 {
    if head.flag("Continuous") {
        return 0;
    }
    let length = u32::try_from(head.number("ContractLength")).unwrap_or(0);
    length.div_ceil(interval_of(head))
}
