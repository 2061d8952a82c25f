//! One company: what its agreements and invoices do.

use std::collections::BTreeMap;

use accounting::{AgreementPage, AgreementRow, BrokenAgreement, Company as Details, Customer, Invoice};
use chrono::NaiveDate;
use domain::{
    agreement::{Agreement, AgreementStatus},
    due::Reading,
    ids::{AgreementNumber, CustomerNumber, InvoiceNumber},
    job::observe::FoundInvoice,
    period::Period,
};

use super::ledger::{By, Effect, Entry};

/// Rows on a page unless told otherwise: Fortnox's most (fact sheet 1).
const PAGE_ROWS: usize = 500;
/// The first invoice's number.
const FIRST_INVOICE: u64 = 1001;

/// The accounting system's own words for a call that it doesn't do.
#[derive(Debug)]
pub(super) struct Refused(pub(super) &'static str);

/// A company and its books.
#[derive(Debug)]
pub(super) struct Company {
    pub(super) agreements: BTreeMap<AgreementNumber, Contract>,
    pub(super) customers: BTreeMap<CustomerNumber, Customer>,
    pub(super) ledger: Vec<Entry>,
    pub(super) page_size: usize,
    pub(super) answers_with_invoice: bool,
    pub(super) names_periods: bool,
    pub(super) blocked: Option<String>,
    invoices: BTreeMap<InvoiceNumber, (AgreementNumber, Invoice)>,
    made: u64,
}

/// An agreement and what moves it.
#[derive(Debug)]
pub(super) struct Contract {
    pub(super) agreement: Agreement,
    /// What its period fields mean.
    reading: Reading,
    /// Where its periods are counted from, so that the 31st comes back after a short month.
    anchor: NaiveDate,
    /// Invoices made since then.
    made: u32,
    /// Why its row can't be read.
    pub(super) broken: Option<String>,
}

impl Contract {
    pub(super) fn new(agreement: Agreement, reading: Reading) -> Self {
        Self { anchor: agreement.period.start(), agreement, reading, made: 0, broken: None }
    }

    /// New dates in the period fields; counting begins anew from them.
    pub(super) fn set_period(&mut self, period: Period) {
        self.agreement.period = period;
        self.anchor = period.start();
        self.made = 0;
    }

    fn row(&self) -> AgreementRow {
        match &self.broken {
            None => Ok(self.agreement.clone()),
            Some(problem) => Err(BrokenAgreement {
                number: self.agreement.number.clone(),
                customer: Some(self.agreement.customer.clone()),
                problem: problem.clone(),
            }),
        }
    }

    /// The period that the next invoice covers; what follows from its being made is written down.
    fn take_period(&mut self, invoice_date: NaiveDate) -> Result<Period, Refused> {
        const OFF_THE_CALENDAR: Refused = Refused("the period is off the calendar");
        let agreement = &mut self.agreement;
        if agreement.status != AgreementStatus::Active {
            return Err(Refused("the agreement is not active"));
        }
        if !agreement.continuous && agreement.remaining == Some(0) {
            return Err(Refused("no invoices remain on the agreement"));
        }
        let nth = |n| Period::nth(self.anchor, agreement.interval, n).ok_or(OFF_THE_CALENDAR);
        let period = match self.reading {
            Reading::NextPeriod => std::mem::replace(&mut agreement.period, nth(self.made + 1)?),
            Reading::WholeTerm => nth(self.made)?,
        };
        self.made += 1;
        agreement.last_invoice_date = Some(invoice_date);
        agreement.remaining = agreement.remaining.map(|remaining| remaining.saturating_sub(1));
        Ok(period)
    }
}

impl Default for Company {
    fn default() -> Self {
        Self {
            agreements: BTreeMap::new(),
            customers: BTreeMap::new(),
            ledger: Vec::new(),
            page_size: PAGE_ROWS,
            answers_with_invoice: true,
            names_periods: true,
            blocked: None,
            invoices: BTreeMap::new(),
            made: 0,
        }
    }
}

impl Company {
    pub(super) fn page(&self, page: u32) -> AgreementPage {
        let active = |contract: &&Contract| contract.agreement.status == AgreementStatus::Active;
        let skipped = self.page_size * usize::try_from(page.saturating_sub(1)).unwrap_or(usize::MAX);
        let mut rows = self.agreements.values().filter(active).skip(skipped).map(Contract::row);
        let page = rows.by_ref().take(self.page_size).collect();
        AgreementPage { rows: page, more: rows.next().is_some() }
    }

    pub(super) fn row(&self, number: &AgreementNumber) -> Option<AgreementRow> {
        self.agreements.get(number).map(Contract::row)
    }

    pub(super) fn create(
        &mut self,
        number: &AgreementNumber,
        invoice_date: NaiveDate,
        by: By,
    ) -> Result<InvoiceNumber, Refused> {
        let contract = self.agreements.get_mut(number).ok_or(Refused("there is no such agreement"))?;
        let period = contract.take_period(invoice_date)?;
        let agreement = contract.agreement.clone();
        let invoice = self.next_number()?;
        let document = Invoice {
            number: invoice.clone(),
            customer_name: self.customers.get(&agreement.customer).map(|it| it.name.clone()).unwrap_or_default(),
            customer: agreement.customer,
            invoice_date,
            due_date: Some(invoice_date),
            period: self.names_periods.then_some(period),
            total: agreement.total,
            ocr: None,
            our_reference: None,
            your_reference: None,
            email_to: None,
            booked: false,
            cancelled: false,
            sent: false,
            credit: false,
        };
        self.invoices.insert(invoice.clone(), (number.clone(), document));
        let effect = Effect::Created { agreement: number.clone(), period };
        self.ledger.push(Entry { by, invoice: invoice.clone(), effect });
        Ok(invoice)
    }

    fn next_number(&mut self) -> Result<InvoiceNumber, Refused> {
        let number = (FIRST_INVOICE + self.made).to_string();
        self.made += 1;
        number.parse().map_err(|_| Refused("the invoice numbers are used up"))
    }

    pub(super) fn book(&mut self, number: &InvoiceNumber, by: By) -> Result<(), Refused> {
        let invoice = self.open_invoice(number)?;
        if invoice.booked {
            return Err(Refused("the invoice is booked already"));
        }
        invoice.booked = true;
        self.tell(number, by, Effect::Booked);
        Ok(())
    }

    pub(super) fn mark_sent(&mut self, number: &InvoiceNumber, by: By) -> Result<(), Refused> {
        self.open_invoice(number)?.sent = true;
        self.tell(number, by, Effect::MarkedSent);
        Ok(())
    }

    pub(super) fn cancel(&mut self, number: &InvoiceNumber, by: By) -> Result<(), Refused> {
        self.open_invoice(number)?.cancelled = true;
        self.tell(number, by, Effect::Cancelled);
        Ok(())
    }

    fn open_invoice(&mut self, number: &InvoiceNumber) -> Result<&mut Invoice, Refused> {
        let (_, invoice) = self.invoices.get_mut(number).ok_or(Refused("there is no such invoice"))?;
        if invoice.cancelled { Err(Refused("the invoice is cancelled")) } else { Ok(invoice) }
    }

    fn tell(&mut self, invoice: &InvoiceNumber, by: By, effect: Effect) {
        self.ledger.push(Entry { by, invoice: invoice.clone(), effect });
    }

    pub(super) fn invoice(&self, number: &InvoiceNumber) -> Option<Invoice> {
        self.invoices.get(number).map(|(_, invoice)| invoice.clone())
    }

    pub(super) fn found_invoice(&self, number: &InvoiceNumber) -> Option<FoundInvoice> {
        self.invoices.get(number).map(|(_, invoice)| found(invoice))
    }

    pub(super) fn invoices_of(
        &self,
        agreement: &AgreementNumber,
        customer: &CustomerNumber,
        from: NaiveDate,
    ) -> Vec<FoundInvoice> {
        let of = |(from_agreement, invoice): &&(AgreementNumber, Invoice)| {
            from_agreement == agreement && invoice.customer == *customer && invoice.invoice_date >= from
        };
        self.invoices.values().filter(of).map(|(_, invoice)| found(invoice)).collect()
    }

    pub(super) fn customer(&self, number: &CustomerNumber) -> Option<Customer> {
        self.customers.get(number).cloned()
    }
}

/// The company itself, as its letters show it.
pub(super) fn details() -> Details {
    Details { name: "Exempelbolaget AB".to_owned(), bankgiro: Some("123-4567".to_owned()), plusgiro: None, iban: None }
}

fn found(invoice: &Invoice) -> FoundInvoice {
    FoundInvoice {
        number: invoice.number.clone(),
        invoice_date: invoice.invoice_date,
        period: invoice.period,
        total: invoice.total,
        cancelled: invoice.cancelled || invoice.credit,
    }
}
