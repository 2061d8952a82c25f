//! Booked invoices (bogførte fakturaer).

use chrono::NaiveDate;
use http_once::Transport;
use lenient_json::{FromObject, Malformed, Object};
use rust_decimal::Decimal;

use crate::call::Call;
use crate::client::Session;
use crate::error::Error;
use crate::filter::{self, Dated};
use crate::numbers::{BookedNumber, CustomerNumber, DraftNumber, demanded_in, number};
use crate::pacer::Pacer;
use crate::page::{PAGE_SIZE, Page};
use crate::parts::{Recipient, References, part};

/// A booked invoice, without its lines.
#[derive(Clone, Debug, PartialEq)]
pub struct BookedInvoice {
    /// Its number.
    pub number: BookedNumber,
    /// The number of the draft that it was, in all samples since 2024; older ones have none. Drafts and orders are said to share
    /// one series, so it may be an order's.
    pub order_number: Option<DraftNumber>,
    /// Invoice date.
    pub date: NaiveDate,
    /// Due date.
    pub due_date: Option<NaiveDate>,
    /// Three-letter code.
    pub currency: String,
    /// Total without VAT, in `currency`; negative for a credit note.
    pub net_amount: Option<Decimal>,
    /// Total in `currency`.
    pub gross_amount: Option<Decimal>,
    /// VAT in `currency`.
    pub vat_amount: Option<Decimal>,
    /// What is unpaid, in `currency`.
    pub remainder: Option<Decimal>,
    /// The customer's number.
    pub customer: CustomerNumber,
    /// Whom it is made out to.
    pub recipient: Recipient,
    /// References.
    pub references: References,
}

impl FromObject for BookedInvoice {
    fn from_object(invoice: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            number: invoice.required("bookedInvoiceNumber", number)?,
            order_number: invoice
                .integer("orderNumber")?
                .and_then(|number| u32::try_from(number).ok())
                .and_then(DraftNumber::new),
            date: invoice.required("date", Object::date)?,
            due_date: invoice.date("dueDate")?,
            currency: invoice.required("currency", Object::text)?,
            net_amount: invoice.decimal("netAmount")?,
            gross_amount: invoice.decimal("grossAmount")?,
            vat_amount: invoice.decimal("vatAmount")?,
            remainder: invoice.decimal("remainder")?,
            customer: demanded_in(invoice, "customer", "customerNumber")?,
            recipient: part(invoice, "recipient")?,
            references: part(invoice, "references")?,
        })
    }
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// One page of a customer's booked invoices with greater numbers than `after`, in the order of their numbers.
    ///
    /// The draft's number can't be asked for: compare [`order_number`](BookedInvoice::order_number) and what else is known.
    pub async fn booked_after(
        &self,
        customer: CustomerNumber,
        dated: Dated,
        after: Option<BookedNumber>,
    ) -> Result<Page<BookedInvoice>, Error> {
        let call = Call::rest("invoices/booked")
            .query("filter", filter::booked(customer, dated, after))
            .query("sort", "bookedInvoiceNumber")
            .query("pagesize", PAGE_SIZE.to_string());
        let mut page: Page<BookedInvoice> = self.json(call, |root| Page::read(root, "bookedInvoiceNumber")).await?;
        page.items
            .retain(|invoice| Some(invoice.number) > after && invoice.customer == customer && dated.has(invoice.date));
        Ok(page)
    }

    /// All of a customer's booked invoices of a day, or from a day on: as many calls as there are pages, most often one.
    pub async fn booked_of(&self, customer: CustomerNumber, dated: Dated) -> Result<Page<BookedInvoice>, Error> {
        let mut all = self.booked_after(customer, dated, None).await?;
        while all.full {
            let after = all.last.and_then(BookedNumber::new);
            let page = self.booked_after(customer, dated, after).await?;
            // Without an end this would go on for ever.
            if after.is_none() || (page.full && page.last <= all.last) {
                let reason = "the list of invoices does not go on".to_owned();
                return Err(Error::Unreadable { status: 200, reason, request_id: None });
            }
            all.items.extend(page.items);
            all.unreadable.extend(page.unreadable);
            (all.full, all.last) = (page.full, all.last.max(page.last));
        }
        Ok(all)
    }

    /// One booked invoice; `None` only if e-conomic itself says that there is none.
    pub async fn booked(&self, invoice: BookedNumber) -> Result<Option<BookedInvoice>, Error> {
        self.document_if_any(Call::rest("invoices/booked/{bookedInvoiceNumber}").argument(&invoice)).await
    }

    /// A booked invoice as PDF. It may take a moment after booking until there is one.
    pub async fn booked_pdf(&self, invoice: BookedNumber) -> Result<Vec<u8>, Error> {
        self.pdf(Call::rest("invoices/booked/{bookedInvoiceNumber}/pdf").argument(&invoice)).await
    }
}
