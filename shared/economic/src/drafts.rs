//! Draft invoices (fakturakladder).

use chrono::{DateTime, NaiveDate, Utc};
use http_once::Transport;
use lenient_json::{FromObject, Malformed, Object};
use rust_decimal::Decimal;

use crate::call::Call;
use crate::client::Session;
use crate::error::Error;
use crate::filter::DraftFilter;
use crate::numbers::{CustomerNumber, DraftNumber, demanded_in, number};
use crate::pacer::Pacer;
use crate::page::{PAGE_SIZE, Page};
use crate::parts::{Line, Notes, PaymentTerms, Place, Recipient, References, part};

/// A draft as lists show it: without its lines.
///
/// Nothing on a draft says that it's finished (there is no such state in e-conomic), and nothing protects it from changes between
/// this and its booking (no version): note what matters of it before.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftHead {
    /// Its number.
    pub number: DraftNumber,
    /// Invoice date. Booking keeps it.
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
    /// The customer's number.
    pub customer: CustomerNumber,
    /// Whom it is made out to.
    pub recipient: Recipient,
    /// Where it is delivered to.
    pub delivery: Place,
    /// Terms of payment.
    pub payment_terms: PaymentTerms,
    /// Number of the layout. Lists may leave it out (the schema of lists has none).
    pub layout: Option<i64>,
    /// Printed texts.
    pub notes: Notes,
    /// References.
    pub references: References,
    /// When it last changed; to the minute only in all public samples.
    pub last_updated: Option<DateTime<Utc>>,
    /// An internal id (`soap.currentInvoiceHandle.id`): tells a draft from a later one with the same number, if those exist.
    pub soap_handle: Option<i64>,
}

impl FromObject for DraftHead {
    fn from_object(draft: &Object<'_>) -> Result<Self, Malformed> {
        let layout = draft.object("layout")?;
        let handle = draft.object("soap")?.map(|soap| soap.object("currentInvoiceHandle")).transpose()?.flatten();
        Ok(Self {
            number: draft.required("draftInvoiceNumber", number)?,
            date: draft.required("date", Object::date)?,
            due_date: draft.date("dueDate")?,
            currency: draft.required("currency", Object::text)?,
            net_amount: draft.decimal("netAmount")?,
            gross_amount: draft.decimal("grossAmount")?,
            vat_amount: draft.decimal("vatAmount")?,
            customer: demanded_in(draft, "customer", "customerNumber")?,
            recipient: part(draft, "recipient")?,
            delivery: part(draft, "delivery")?,
            payment_terms: part(draft, "paymentTerms")?,
            layout: layout.map(|layout| layout.integer("layoutNumber")).transpose()?.flatten(),
            notes: part(draft, "notes")?,
            references: part(draft, "references")?,
            last_updated: draft.moment("lastUpdated")?,
            soap_handle: handle.map(|handle| handle.integer("id")).transpose()?.flatten(),
        })
    }
}

/// A draft with its lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// All but the lines.
    pub head: DraftHead,
    /// The lines; a draft may have none.
    pub lines: Vec<Line>,
}

impl FromObject for Draft {
    fn from_object(draft: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self { head: DraftHead::from_object(draft)?, lines: draft.list("lines")? })
    }
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// One page of the drafts with greater numbers than `after`, in the order of their numbers.
    ///
    /// If the page is [`full`](Page::full), go on after its [`last`](Page::last). The filter is e-conomic's own work, except
    /// that drafts with too small a number are dropped here.
    pub async fn drafts_after(
        &self,
        after: Option<DraftNumber>,
        filter: &DraftFilter,
    ) -> Result<Page<DraftHead>, Error> {
        let call = Call::rest("invoices/drafts")
            .query("filter", filter.text(after)?)
            .query("sort", "draftInvoiceNumber")
            .query("pagesize", PAGE_SIZE.to_string());
        let mut page: Page<DraftHead> = self.json(call, |root| Page::read(root, "draftInvoiceNumber")).await?;
        page.items.retain(|draft| Some(draft.number) > after);
        Ok(page)
    }

    /// One draft with its lines. `None` only if e-conomic itself says that there is none: it was booked or deleted.
    pub async fn draft(&self, draft: DraftNumber) -> Result<Option<Draft>, Error> {
        self.document_if_any(Call::rest("invoices/drafts/{draftInvoiceNumber}").argument(&draft)).await
    }
}
