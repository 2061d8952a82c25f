//! Booking (bogføring): the one call that cannot be undone.

use http_once::Transport;
use lenient_json::FromObject as _;
use serde_json::json;

use crate::booked::BookedInvoice;
use crate::call::Call;
use crate::client::Session;
use crate::error::Error;
use crate::numbers::DraftNumber;
use crate::outcome::Purpose;
use crate::pacer::Pacer;
use crate::tokens::IdempotencyKey;

/// What e-conomic is to send as it books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SendBy {
    /// Nothing; `sendBy` is left out.
    #[default]
    None,
    /// An e-invoice (NemHandel). Needs the agreement's CVR number, an EAN number, and a contact on the invoice.
    Ean,
    /// A mail of e-conomic's own; what is in it and who gets it is not documented.
    Email,
}

/// How the ways of sending are spelled in `sendBy`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendByWords {
    /// For [`SendBy::Ean`].
    pub ean: String,
    /// For [`SendBy::Email`].
    pub email: String,
}

impl Default for SendByWords {
    /// `EAN` and `Email`, as in e-conomic's schema; its documentation of 2019 and others' code say `ean`.
    fn default() -> Self {
        Self { ean: "EAN".to_owned(), email: "Email".to_owned() }
    }
}

/// A draft was booked.
#[derive(Clone, Debug, PartialEq)]
pub struct Booking {
    /// What became of it.
    pub invoice: BookedInvoice,
    /// Whether this is the stored answer to an earlier call with the same key (`X-ResultFromCache`).
    pub from_cache: bool,
}

/// The body that books a draft, as text: what [`Session::booking_body`] gives, without tokens at hand.
pub fn booking_body(draft: DraftNumber, send_by: SendBy, words: &SendByWords) -> String {
    let mut body = json!({"draftInvoice": {"draftInvoiceNumber": draft.get()}});
    match send_by {
        SendBy::None => {}
        SendBy::Ean => body["sendBy"] = json!(words.ean),
        SendBy::Email => body["sendBy"] = json!(words.email),
    }
    body.to_string()
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// The exact bytes that book a draft, to be stored **before** they are sent: only the same bytes can be sent again with the
    /// same key.
    pub fn booking_body(&self, draft: DraftNumber, send_by: SendBy) -> Vec<u8> {
        booking_body(draft, send_by, self.send_by_words()).into_bytes()
    }

    /// Books what [`booking_body`](Self::booking_body) says. **Has an effect that cannot be undone**; is sent once.
    ///
    /// After [`Effect::Unknown`](crate::Effect::Unknown) the same bytes may be sent again with the same key while the key
    /// surely lives, if [`Advice::ReplaySame`](crate::Advice::ReplaySame) says so. **Later they would book again**: look for the
    /// draft and for the invoice instead. Check that the invoice in the answer is the draft's.
    pub async fn book(&self, body: &[u8], key: &IdempotencyKey) -> Result<Booking, Error> {
        let success = self.call(Call::book(body.to_vec(), key.clone()), Purpose::Book).await?;
        let from_cache = success.from_cache;
        let invoice = success.read(BookedInvoice::from_object)?;
        Ok(Booking { invoice, from_cache })
    }
}
