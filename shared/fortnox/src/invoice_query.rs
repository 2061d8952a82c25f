//! Which invoices to list.

use chrono::NaiveDate;

use crate::call::Call;
use crate::invoices::{InvoiceListItem, InvoiceType};
use crate::page::LARGEST_PAGE;

/// What to sort invoices by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InvoiceSort {
    /// By number: the order in which pages stay put while invoices are added.
    #[default]
    DocumentNumber,
    /// By invoice date.
    InvoiceDate,
    /// By the customer's number.
    CustomerNumber,
    /// By total.
    Total,
}

/// Which end of the order comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortOrder {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

/// A state by which Fortnox itself can filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceFilter {
    /// Cancelled ones.
    Cancelled,
    /// Fully paid ones.
    FullyPaid,
    /// Unpaid ones.
    Unpaid,
    /// Unpaid ones past their due date.
    UnpaidOverdue,
    /// Those not booked.
    Unbooked,
}

/// A query over the list of invoices. Everything that is set must hold.
///
/// Fortnox's guide allows one filter of the resource per request, in practice several work; all are checked again here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceQuery {
    /// Only in this state. This one is Fortnox's word alone.
    pub filter: Option<InvoiceFilter>,
    /// Only of this sort.
    pub invoice_type: Option<InvoiceType>,
    /// Only this customer's.
    pub customer_number: Option<String>,
    /// Invoice date on or after.
    pub from_date: Option<NaiveDate>,
    /// Invoice date on or before.
    pub to_date: Option<NaiveDate>,
    /// What to sort by.
    pub sort: InvoiceSort,
    /// Which end first.
    pub order: SortOrder,
    /// Page, from 1.
    pub page: u32,
    /// Elements a page, at most [`LARGEST_PAGE`].
    pub limit: u32,
}

impl Default for InvoiceQuery {
    /// The first, largest page of all invoices, by number.
    fn default() -> Self {
        Self {
            filter: None,
            invoice_type: None,
            customer_number: None,
            from_date: None,
            to_date: None,
            sort: InvoiceSort::default(),
            order: SortOrder::default(),
            page: 1,
            limit: LARGEST_PAGE,
        }
    }
}

impl InvoiceQuery {
    pub(crate) fn call(&self) -> Call<'_> {
        let filter = self.filter.map(|filter| match filter {
            InvoiceFilter::Cancelled => "cancelled",
            InvoiceFilter::FullyPaid => "fullypaid",
            InvoiceFilter::Unpaid => "unpaid",
            InvoiceFilter::UnpaidOverdue => "unpaidoverdue",
            InvoiceFilter::Unbooked => "unbooked",
        });
        let sort = match self.sort {
            InvoiceSort::DocumentNumber => "documentnumber",
            InvoiceSort::InvoiceDate => "invoicedate",
            InvoiceSort::CustomerNumber => "customernumber",
            InvoiceSort::Total => "total",
        };
        let order = match self.order {
            SortOrder::Ascending => "ascending",
            SortOrder::Descending => "descending",
        };
        let conditions = [
            ("filter", filter.map(str::to_owned)),
            ("invoicetype", self.invoice_type.as_ref().map(|sort| sort.as_str().to_owned())),
            ("customernumber", self.customer_number.clone()),
            ("fromdate", self.from_date.map(|date| date.to_string())),
            ("todate", self.to_date.map(|date| date.to_string())),
        ];
        let call = Call::get("invoices")
            .query("page", self.page.max(1).to_string())
            .query("limit", self.limit.clamp(1, LARGEST_PAGE).to_string())
            .query("sortby", sort)
            .query("sortorder", order);
        conditions.into_iter().fold(call, |call, (name, value)| match value {
            Some(value) => call.query(name, value),
            None => call,
        })
    }

    /// Whether a listed invoice is really meant. What the list does not tell is taken on Fortnox's word.
    pub(crate) fn matches(&self, invoice: &InvoiceListItem) -> bool {
        let same_type = match (&self.invoice_type, &invoice.invoice_type) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => true,
        };
        let same_customer = self.customer_number.as_ref().is_none_or(|wanted| *wanted == invoice.customer_number);
        let in_time = invoice.invoice_date.is_none_or(|date| {
            self.from_date.is_none_or(|from| from <= date) && self.to_date.is_none_or(|to| date <= to)
        });
        same_type && same_customer && in_time
    }
}
