//! Booking a draft: what is announced, and what an observation proves afterwards.
//!
//! Booking can't be taken back. e-conomic's own protection is an idempotency key that lives for an hour (API fact sheet, 2.2);
//! afterwards only the booked invoice's `orderNumber`, which is the former draft's number, tells what happened (6.5).

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Fingerprint;
use crate::{
    ids::{DraftNumber, InvoiceNumber},
    job::SETTLED_AFTER,
    money::Money,
    settings::Channel,
};

/// The same request is sent again only this soon after its key was first used: the key lives an hour, after which the same
/// request would book once more. The margin is for clocks that differ and calls that take their time.
pub const REPLAY_WITHIN: TimeDelta = TimeDelta::minutes(50);
/// Bytes of a key: 128 bits, so that no two are ever alike.
const KEY_BYTES: usize = 16;
/// A booked invoice may take this long to show in the list. An assumption: nobody documents it.
const LISTED_AFTER: TimeDelta = TimeDelta::minutes(10);

/// What we announce before a draft is booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftBooking {
    /// Which draft.
    pub draft: DraftNumber,
    /// The request's body, byte for byte: a replay must not differ.
    pub body: String,
    /// Its idempotency key.
    pub key: String,
    /// When the key was first used.
    pub first_used_at: DateTime<Utc>,
    /// How the accounting system is asked to send it along with the booking; `none` if it isn't.
    pub send_by: Channel,
    /// The draft as it was read just before.
    pub before: Fingerprint,
}

impl DraftBooking {
    /// Whether the very same request may be sent once more.
    pub fn may_be_replayed(&self, now: DateTime<Utc>) -> bool {
        now >= self.first_used_at && now - self.first_used_at < REPLAY_WITHIN
    }
}

/// A key that no other request has: not another attempt's, nor that of another installation with the same company.
pub fn booking_key(job_key: &str, attempt: u32, at: DateTime<Utc>) -> String {
    let mut hash = Sha256::new();
    hash.update((job_key.len() as u64).to_be_bytes());
    hash.update(job_key);
    hash.update(attempt.to_be_bytes());
    hash.update(at.timestamp_nanos_opt().unwrap_or_default().to_be_bytes());
    hash.finalize().iter().take(KEY_BYTES).fold(String::from("fp-"), |key, byte| key + &format!("{byte:02x}"))
}

/// A booked invoice that may have been the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBooked {
    /// Its number.
    pub number: InvoiceNumber,
    /// The draft or order it came of, where the accounting system says.
    pub came_of: Option<u64>,
    /// Its date.
    pub date: NaiveDate,
    /// To pay, VAT included.
    pub gross: Money,
}

/// What there is to see after a booking call.
#[derive(Debug, Clone, Copy)]
pub struct BookedLook<'a> {
    /// The draft of that number, if there is one now.
    pub draft: Option<&'a Fingerprint>,
    /// The customer's booked invoices since the draft's date, without those that are known to have come of others.
    pub found: &'a [FoundBooked],
}

/// What the look proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The draft was booked, as this invoice; by whom, only a replay could tell.
    Booked(FoundBooked),
    /// It wasn't, and no call is on its way any more: decide anew.
    NotBooked,
    /// The draft is gone, and no invoice came of it.
    Gone,
    /// Look again at this time.
    TooEarly(DateTime<Utc>),
    /// The very same request tells what happened, as long as its key lives.
    Replay,
    /// Only a person can tell.
    Ask(String),
}

/// Whether the booking that was announced `at` as `intent` happened.
pub fn judge_booking(intent: &DraftBooking, at: DateTime<Utc>, now: DateTime<Utc>, look: BookedLook<'_>) -> Verdict {
    let settled = at + SETTLED_AFTER;
    if now < settled {
        return Verdict::TooEarly(settled);
    }
    let before = &intent.before;
    let came_of_it = |one: &&FoundBooked| one.came_of == Some(u64::from(intent.draft.get()));
    let looks_like_it =
        |one: &&FoundBooked| one.came_of.is_none() && one.date == before.date && one.gross == before.gross;
    let mut named = look.found.iter().filter(came_of_it);
    match (named.next(), named.next()) {
        (Some(one), None) => return Verdict::Booked(one.clone()),
        (Some(one), Some(other)) => {
            let (one, other) = (&one.number, &other.number);
            return Verdict::Ask(format!(
                "invoices {one} and {other} both say that they came of draft {}",
                intent.draft
            ));
        }
        (None, _) => {}
    }
    let alike = look.found.iter().find(looks_like_it);
    match (look.draft, alike) {
        // Booking takes the draft away, so it wasn't.
        (Some(draft), _) if draft.is_same_draft(before) => Verdict::NotBooked,
        (None, Some(_)) if intent.may_be_replayed(now) => Verdict::Replay,
        (_, Some(alike)) => Verdict::Ask(format!(
            "draft {} is gone; invoice {} has its date and amount, but doesn't say what it came of",
            intent.draft, alike.number
        )),
        (_, None) if now < at + LISTED_AFTER => Verdict::TooEarly(at + LISTED_AFTER),
        (Some(_), None) => Verdict::NotBooked,
        (None, None) => Verdict::Gone,
    }
}
