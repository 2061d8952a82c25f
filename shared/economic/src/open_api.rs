//! The few things that only the OpenAPI tells: which drafts subscriptions made, and which draft has which id.

use chrono::NaiveDate;
use http_once::Transport;
use lenient_json::{FromObject, Malformed, Object};

use crate::call::Call;
use crate::client::Session;
use crate::error::Error;
use crate::numbers::{CustomerNumber, DocumentId, DraftNumber, number};
use crate::pacer::Pacer;
use crate::page::{Cursor, CursorPage};

/// A customer's part in a subscription (Subscriptions API, version 6.0.3; the agreement needs the module).
///
/// Which drafts were made by a subscription is told by [`draft`](Self::draft) alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// Its number.
    pub number: i64,
    /// The customer.
    pub customer: CustomerNumber,
    /// The subscription.
    pub subscription: i64,
    /// First day.
    pub start: Option<NaiveDate>,
    /// Last day.
    pub end: Option<NaiveDate>,
    /// Until when it has been invoiced, presumably.
    pub expiry: Option<NaiveDate>,
    /// The draft that was last made for it, by the id that [`q2c_draft`](Session::q2c_draft) translates.
    pub draft: Option<DocumentId>,
    /// The invoice that was last booked for it, by an internal id.
    pub booked_invoice: Option<i64>,
}

impl FromObject for Subscriber {
    fn from_object(subscriber: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            number: subscriber.required("number", Object::integer)?,
            customer: subscriber.required("customerNumber", number)?,
            subscription: subscriber.required("subscriptionNumber", Object::integer)?,
            start: subscriber.date("startDate")?,
            end: subscriber.date("endDate")?,
            expiry: subscriber.date("expiryDate")?,
            draft: number(subscriber, "draftDocumentId")?,
            booked_invoice: subscriber.integer("bookedInvoiceId")?.filter(|id| *id != 0),
        })
    }
}

/// A draft as the OpenAPI shows it (Q2C API, version 5.3.0).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Q2cDraft {
    /// Its id in this API.
    pub id: DocumentId,
    /// The number that users see, and that books it.
    pub number: DraftNumber,
    /// The customer.
    pub customer: Option<CustomerNumber>,
    /// An id that some integration gave it.
    pub external_id: Option<String>,
    /// Changes whenever the draft changes.
    pub object_version: Option<String>,
}

impl FromObject for Q2cDraft {
    fn from_object(draft: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            id: draft.required("number", number)?,
            number: draft.required("draftInvoiceNumber", number)?,
            customer: number(draft, "customerNumber")?,
            external_id: draft.text("externalId")?,
            object_version: draft.text("objectVersion")?,
        })
    }
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// One page of all subscribers, from the beginning or from where the page before says. If
    /// [`Error::is_forbidden`], the agreement has no subscriptions.
    pub async fn subscribers(&self, from: Option<&Cursor>) -> Result<CursorPage<Subscriber>, Error> {
        let mut call = Call::open_api("subscriptionsapi/v6.0.3/subscribers");
        if let Some(Cursor(cursor)) = from {
            call = call.query("cursor", cursor);
        }
        self.json(call, |root| CursorPage::read(root, "number")).await
    }

    /// A draft by its id in this API; `None` only if e-conomic itself says that there is none.
    pub async fn q2c_draft(&self, id: DocumentId) -> Result<Option<Q2cDraft>, Error> {
        self.document_if_any(Call::open_api("q2capi/v5.3.0/invoices/drafts/{documentId}").argument(&id)).await
    }

    /// A draft by the number that users see.
    pub async fn q2c_draft_by_number(&self, draft: DraftNumber) -> Result<Option<Q2cDraft>, Error> {
        let call = Call::open_api("q2capi/v5.3.0/invoices/drafts")
            .query("filter", format!("draftInvoiceNumber$eq:{}", draft.get()));
        let page: CursorPage<Q2cDraft> = self.json(call, |root| CursorPage::read(root, "number")).await?;
        if let Some(bad) = page.unreadable.into_iter().next() {
            return Err(Error::Unreadable { status: 200, reason: bad.reason, request_id: None });
        }
        let mut found = page.items.into_iter().filter(|found| found.number == draft);
        let first = found.next();
        if found.next().is_some() {
            let reason = "several drafts have the same number".to_owned();
            return Err(Error::Unreadable { status: 200, reason, request_id: None });
        }
        Ok(first)
    }
}
