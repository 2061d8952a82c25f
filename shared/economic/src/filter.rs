//! Filters of the legacy REST API.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use crate::error::Error;
use crate::numbers::{BookedNumber, CustomerNumber, DraftNumber};

/// Most values of a bracket list (e-conomic's documentation).
const LONGEST_LIST: usize = 200;

/// Most customers in one filter: four lists of up to 2 kB. How long an address may be is not documented; 8 kB commonly pass.
pub const MOST_CUSTOMERS: usize = 4 * LONGEST_LIST;

/// Which drafts to list. Everything that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftFilter {
    /// Only these customers'; at least one and at most [`MOST_CUSTOMERS`].
    pub customers: Option<Vec<CustomerNumber>>,
    /// Only those changed at or after this. Drafts tell it to the minute only (seen in all public samples), so take off one.
    pub updated_from: Option<DateTime<Utc>>,
    /// Only with such a free reference (`references.other`).
    pub other_reference: Option<TextMatch>,
}

/// How a text is to match. e-conomic compares without regard to case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextMatch {
    /// It is this text.
    Equals(String),
    /// It contains this text.
    Contains(String),
}

/// Which booked invoices of a customer to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dated {
    /// Of this day.
    On(NaiveDate),
    /// Of this day or later.
    From(NaiveDate),
}

impl DraftFilter {
    /// The filter for drafts with greater numbers than `after`.
    pub(crate) fn text(&self, after: Option<DraftNumber>) -> Result<String, Error> {
        let mut clauses = vec![format!("draftInvoiceNumber$gt:{}", after.map_or(0, DraftNumber::get))];
        if let Some(customers) = &self.customers {
            clauses.push(any_customer(customers)?);
        }
        if let Some(from) = self.updated_from {
            clauses.push(format!("lastUpdated$gte:{}", from.to_rfc3339_opts(SecondsFormat::Secs, true)));
        }
        if let Some(reference) = &self.other_reference {
            clauses.push(format!("references.other{}", reference.text()?));
        }
        Ok(clauses.join("$and:"))
    }
}

impl Dated {
    /// Whether this is such a day.
    pub fn has(self, date: NaiveDate) -> bool {
        match self {
            Self::On(day) => date == day,
            Self::From(day) => date >= day,
        }
    }
}

impl TextMatch {
    fn text(&self) -> Result<String, Error> {
        let (operator, text) = match self {
            Self::Equals(text) => ("$eq:", escaped(text)),
            // Under `$like:` a bracket begins a set of characters; a set of one bracket is the bracket itself.
            Self::Contains(text) => ("$like:", escaped(text).replace('[', "[[]")),
        };
        if text.trim().is_empty() {
            return Err(Error::InvalidArgument { what: "a filter for an empty text" });
        }
        Ok(format!("{operator}{text}"))
    }
}

/// The filter for a customer's booked invoices with greater numbers than `after`.
pub(crate) fn booked(customer: CustomerNumber, dated: Dated, after: Option<BookedNumber>) -> String {
    let date = match dated {
        Dated::On(date) => format!("date$eq:{date}"),
        Dated::From(date) => format!("date$gte:{date}"),
    };
    let after = after.map_or(0, BookedNumber::get);
    format!("customer.customerNumber$eq:{customer}$and:{date}$and:bookedInvoiceNumber$gt:{after}")
}

fn any_customer(customers: &[CustomerNumber]) -> Result<String, Error> {
    if customers.is_empty() {
        return Err(Error::InvalidArgument { what: "a filter for no customer" });
    }
    if customers.len() > MOST_CUSTOMERS {
        return Err(Error::InvalidArgument { what: "a filter for so many customers" });
    }
    let list = |customers: &[CustomerNumber]| {
        let numbers = customers.iter().map(ToString::to_string).collect::<Vec<_>>();
        format!("customer.customerNumber$in:[{}]", numbers.join(","))
    };
    let lists = customers.chunks(LONGEST_LIST).map(list).collect::<Vec<_>>();
    Ok(if let [list] = &lists[..] { list.clone() } else { format!("({})", lists.join("$or:")) })
}

/// A text as a value. Brackets stay as they are: an escaped one matches nothing (seen by others).
fn escaped(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '$' | '(' | ')' | '*' | ',') {
            value.push('$');
        }
        value.push(c);
    }
    value
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn customers(count: u32) -> Vec<CustomerNumber> {
        (1..=count).map(|number| CustomerNumber::new(number).unwrap()).collect()
    }

    fn text(filter: &DraftFilter) -> String {
        filter.text(DraftNumber::new(17)).unwrap()
    }

    #[test]
    fn everything_that_is_set_is_asked_for() {
        assert_eq!(DraftFilter::default().text(None).unwrap(), "draftInvoiceNumber$gt:0");
        let filter = DraftFilter {
            customers: Some(customers(3)),
            updated_from: DateTime::from_timestamp(1_785_542_400, 0),
            other_reference: Some(TextMatch::Equals("#send".into())),
        };
        assert_eq!(
            text(&filter),
            "draftInvoiceNumber$gt:17$and:customer.customerNumber$in:[1,2,3]\
             $and:lastUpdated$gte:2026-08-01T00:00:00Z$and:references.other$eq:#send"
        );
    }

    #[test]
    fn long_lists_of_customers_are_split() {
        let all = text(&DraftFilter { customers: Some(customers(201)), ..DraftFilter::default() });
        assert!(all.starts_with("draftInvoiceNumber$gt:17$and:(customer.customerNumber$in:[1,2,"), "{all}");
        assert!(all.ends_with(",200]$or:customer.customerNumber$in:[201])"), "{all}");
        for bad in [0, u32::try_from(MOST_CUSTOMERS).unwrap() + 1] {
            let filter = DraftFilter { customers: Some(customers(bad)), ..DraftFilter::default() };
            assert!(matches!(filter.text(None), Err(Error::InvalidArgument { .. })), "{bad}");
        }
    }

    #[test]
    fn what_filters_are_made_of_is_escaped_in_texts() {
        let reference = |reference| text(&DraftFilter { other_reference: Some(reference), ..DraftFilter::default() });
        for (written, expected) in [
            ("Ordre 7, del (1)", "Ordre 7$, del $(1$)"),
            ("5 $ * 2", "5 $$ $* 2"),
            ("a$or:b", "a$$or:b"),
            ("[auto]", "[auto]"),
            ("Blåbærgrød", "Blåbærgrød"),
        ] {
            let filter = reference(TextMatch::Equals(written.into()));
            assert_eq!(filter, format!("draftInvoiceNumber$gt:17$and:references.other$eq:{expected}"));
        }
        let filter = reference(TextMatch::Contains("[auto]*".into()));
        assert_eq!(filter, "draftInvoiceNumber$gt:17$and:references.other$like:[[]auto]$*");
        assert!(TextMatch::Contains(" ".into()).text().is_err(), "matches everything");
    }

    #[test]
    fn booked_invoices_are_asked_for_by_day() {
        let (customer, day) = (CustomerNumber::new(7).unwrap(), NaiveDate::from_ymd_opt(2026, 8, 1).unwrap());
        assert_eq!(
            booked(customer, Dated::On(day), None),
            "customer.customerNumber$eq:7$and:date$eq:2026-08-01$and:bookedInvoiceNumber$gt:0"
        );
        assert_eq!(
            booked(customer, Dated::From(day), BookedNumber::new(31)),
            "customer.customerNumber$eq:7$and:date$gte:2026-08-01$and:bookedInvoiceNumber$gt:31"
        );
    }
}
