//! The list of contracts: filters and order.

use rust_decimal::Decimal;

use super::calendar::local_time;
use super::call::Call;
use super::company::{Company, Reply};
use super::contract::Contract;
use super::list::{self, SortKey};
use super::refusal::Refusal;

impl Company {
    /// `GET /3/contracts`
    pub(crate) fn list_contracts(&self, call: &Call<'_>) -> Result<Reply, Refusal> {
        const OWN: [&str; 7] = [
            "filter",
            "customernumber",
            "documentnumber",
            "templatenumber",
            "periodstart",
            "periodend",
            "invoicesremaining",
        ];
        list::check_parameters(call, &OWN)?;
        let status = match call.parameter("filter") {
            None => None,
            Some("active") => Some("ACTIVE"),
            Some("inactive") => Some("INACTIVE"),
            Some("finished") => Some("FINISHED"),
            Some(_) => return Err(list::bad_filter()),
        };
        let since = list::last_modified(call)?;
        // Whether these match exactly or as bounds is not known; exactly is assumed.
        let period_start = list::date(call, "periodstart")?;
        let period_end = list::date(call, "periodend")?;
        let mut contracts: Vec<&Contract> = self
            .contracts
            .values()
            .filter(|contract| {
                let head = &contract.head;
                let template = head.number("TemplateNumber").to_string();
                let remaining = contract.invoices_remaining.to_string();
                status.is_none_or(|status| contract.status() == status)
                    && since.is_none_or(|since| local_time(contract.modified) >= since)
                    && period_start.is_none_or(|date| head.date("PeriodStart") == Some(date))
                    && period_end.is_none_or(|date| head.date("PeriodEnd") == Some(date))
                    && list::contains(head.text("CustomerNumber"), call.parameter("customernumber"))
                    && list::contains(&contract.number.to_string(), call.parameter("documentnumber"))
                    && list::contains(&template, call.parameter("templatenumber"))
                    && list::contains(&remaining, call.parameter("invoicesremaining"))
            })
            .collect();
        list::sort(
            &mut contracts,
            call,
            &[
                ("documentnumber", |c| SortKey::Number(Decimal::from(c.number))),
                ("customernumber", |c| SortKey::number_or_text(c.head.text("CustomerNumber"))),
                ("periodstart", |c| SortKey::Date(c.head.date("PeriodStart"))),
                ("periodend", |c| SortKey::Date(c.head.date("PeriodEnd"))),
                ("lastinvoicedate", |c| SortKey::Date(c.last_invoice_date)),
                ("invoicesremaining", |c| SortKey::Number(Decimal::from(c.invoices_remaining))),
                ("templatenumber", |c| SortKey::Number(c.head.number("TemplateNumber"))),
            ],
        )?;
        let page = list::page(call, self.switches.contracts_a_page, "Contracts", &contracts, |contract| {
            self.render_contract_item(contract)
        })?;
        Ok(Reply::ok(page))
    }
}
