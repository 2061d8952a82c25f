//! Recurring Billing (Återkommande fakturering), Fortnox's own automatic invoicing of 2026, of which only the list is read.
//!
//! The released schema, scope and licence are unknown (fact sheet 13.11): what is read here is the draft specification and what
//! two public clients expect. It lives outside `/3/`, answers with a bare array, and pages by offset.

use http_once::{HeaderMap, Transport};
use lenient_json::{FromObject, Malformed, Object};

use crate::call::Call;
use crate::client::Session;
use crate::error::Error;
use crate::pacer::Pacer;

/// Most recurrences that Fortnox gives at a time.
pub const LARGEST_RECURRENCE_PAGE: u32 = 100;

/// Tells that nothing comes after the page. What it holds isn't documented: only a plain `true` is believed (assumption).
const LAST_RECORD: &str = "x-last-record";

/// The only status that makes invoices.
const ACTIVE: &str = "ACTIVE";

/// Who makes a recurrence's invoices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InvoiceHandling {
    /// `MANUAL`: a person starts each.
    Manual,
    /// Fortnox does, with or without its invoice service. Any word but `MANUAL` is taken for this one.
    Automatic,
}

/// A recurrence, as far as it tells whom Fortnox invoices by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// Its id.
    pub id: String,
    /// The customer's number.
    pub customer_number: String,
    /// Who makes its invoices.
    pub handling: InvoiceHandling,
}

/// Some recurrences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrences {
    /// The active ones that could be read.
    pub items: Vec<Recurrence>,
    /// How many could not.
    pub unreadable: usize,
    /// Whether more may follow.
    pub more: bool,
}

/// A row that's not active in spite of the filter is no recurrence to anybody.
struct Row(Option<Recurrence>);

impl FromObject for Row {
    fn from_object(row: &Object<'_>) -> Result<Self, Malformed> {
        if row.text("status")?.is_some_and(|status| !status.eq_ignore_ascii_case(ACTIVE)) {
            return Ok(Self(None));
        }
        let customer_number = match row.object("customer")? {
            Some(customer) => customer.required("number", Object::text)?,
            None => row.required("customer_number", Object::text)?,
        };
        let handling = row.required("invoice_handling", Object::text)?;
        Ok(Self(Some(Recurrence {
            id: row.required("id", Object::text)?,
            customer_number,
            handling: if handling.eq_ignore_ascii_case("MANUAL") {
                InvoiceHandling::Manual
            } else {
                InvoiceHandling::Automatic
            },
        })))
    }
}

impl Recurrences {
    fn read(text: &str, headers: &HeaderMap) -> Result<Self, Malformed> {
        let rows = Object::root_elements(text)?;
        let said_last =
            headers.get(LAST_RECORD).and_then(|value| value.to_str().ok()).is_some_and(|text| text == "true");
        let full = u32::try_from(rows.len()).is_ok_and(|rows| rows >= LARGEST_RECURRENCE_PAGE);
        let mut page = Self { items: Vec::new(), unreadable: 0, more: full && !said_last };
        for (index, raw) in rows.into_iter().enumerate() {
            match Object::element(raw, format!("[{index}]")).and_then(|row| Row::from_object(&row)) {
                Ok(Row(active)) => page.items.extend(active),
                Err(_) => page.unreadable += 1,
            }
        }
        Ok(page)
    }
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// The active recurrences from the `offset`th on, at most [`LARGEST_RECURRENCE_PAGE`].
    pub async fn active_recurrences(&self, offset: u32) -> Result<Recurrences, Error> {
        let call = Call::get_newer("recurring-billing/recurrings-v1")
            .query("statuses", ACTIVE)
            .query("offset", offset.to_string())
            .query("limit", LARGEST_RECURRENCE_PAGE.to_string());
        self.text(call, Recurrences::read).await
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn read(text: &str, last: Option<&str>) -> Recurrences {
        let headers = last.map(|text| (http_once::HeaderName::from_static(LAST_RECORD), text.parse().unwrap()));
        Recurrences::read(text, &headers.into_iter().collect()).unwrap()
    }

    #[test]
    fn a_bare_array_is_read_row_by_row() {
        let page = read(
            r#"[{"id":"a","status":"ACTIVE","invoice_handling":"AUTOMATIC","customer":{"number":"7"}},
                {"id":"b","invoice_handling":"manual","customer_number":8},
                {"id":"c","invoice_handling":"INVOICE_SERVICE_WITH_REMINDERS","customer":{"number":9}},
                {"id":"d","status":"INACTIVE"}, {"id":"e","invoice_handling":"AUTOMATIC"}, 17]"#,
            None,
        );
        let read: Vec<_> = page.items.iter().map(|item| (item.customer_number.as_str(), item.handling)).collect();
        let (manual, automatic) = (InvoiceHandling::Manual, InvoiceHandling::Automatic);
        assert_eq!(read, [("7", automatic), ("8", manual), ("9", automatic)]);
        assert_eq!((page.unreadable, page.more), (2, false));
        assert!(Recurrences::read("{}", &HeaderMap::new()).is_err());
    }

    #[test]
    fn more_may_follow_a_full_page_unless_it_says_otherwise() {
        let rows = vec![r#"{"id":"a","invoice_handling":"MANUAL","customer_number":"1"}"#; 100];
        let full = format!("[{}]", rows.join(","));
        assert!(read(&full, None).more);
        assert!(read(&full, Some("99")).more);
        assert!(!read(&full, Some("true")).more);
        let short = format!("[{}]", rows[..99].join(","));
        assert!(!read(&short, None).more);
    }
}
