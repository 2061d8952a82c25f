//! Who may say that a draft is finished.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::{CLOCK_TOLERANCE, MOST_BODY_BYTES, Nonce, SignalSecret, VerifiedSignal};
use crate::ids::{DraftNumber, SystemKind, TenantId};

/// How a signature begins: the version of what is signed.
const VERSION: &str = "v1";

/// Stands in for the secret that a stranger doesn't have, so that both ways take the same time.
const NOBODYS_KEY: [u8; 32] = [0; 32];

/// A request as it came, of which nothing is known to be true.
#[derive(Clone, Copy, Default)]
pub struct Request<'a> {
    /// `POST`.
    pub method: &'a str,
    /// `/tenants/<tenant>/drafts/<draft>/ready`.
    pub path: &'a str,
    /// `X-Fakturapilot-Key`: the secret's id.
    pub key: &'a str,
    /// `X-Fakturapilot-Timestamp`: seconds since 1970.
    pub timestamp: &'a str,
    /// `X-Fakturapilot-Nonce`.
    pub nonce: &'a str,
    /// `X-Fakturapilot-Signature`: `v1=` and 64 hexadecimal digits.
    pub signature: &'a str,
    /// Anything, or nothing.
    pub body: &'a [u8],
}

/// Why a request isn't let in. For our own logs: whoever sent it is told no more than that it isn't.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stranger {
    /// It's about nothing that has secrets.
    Path,
    /// No live secret of that tenant has that id.
    Key,
    /// It isn't signed with that secret.
    Signature,
    /// It's older or younger than [`CLOCK_TOLERANCE`] allows, or has no time at all.
    Time,
}

/// Why there is no signal in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It's not known to come from the tenant's integration.
    #[error("the request is not signed by whom it is from")]
    Stranger(Stranger),
    /// It's theirs, but they got something wrong. Only they are told.
    #[error("{field} {must}")]
    Malformed {
        /// What.
        field: &'static str,
        /// How it should be.
        must: &'static str,
    },
}

impl<'a> Request<'a> {
    /// The texts between `/tenants/`, `/drafts/` and `/ready`.
    fn parts(&self) -> Option<(&'a str, &'a str)> {
        self.path.strip_prefix("/tenants/")?.strip_suffix("/ready")?.split_once("/drafts/")
    }

    /// Whose draft it's about, as it says: the tenant whose secrets decide. `None` if it can't be anybody's.
    pub fn tenant(&self) -> Option<TenantId> {
        let tenant: TenantId = self.parts()?.0.parse().ok()?;
        (tenant.system() == SystemKind::Economic).then_some(tenant)
    }

    fn canonical(&self) -> String {
        let Self { method, path, timestamp, nonce, .. } = self;
        format!("{VERSION}\n{method}\n{path}\n{timestamp}\n{nonce}\n{}", hex(&Sha256::digest(self.body)))
    }

    fn mac(&self, key: &[u8]) -> Option<Hmac<Sha256>> {
        // HMAC takes a key of any length, so this is never `None`.
        let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
        mac.update(self.canonical().as_bytes());
        Some(mac)
    }
}

/// The signature that `secret` gives the request, as its header says it.
pub fn sign(request: &Request<'_>, secret: &SignalSecret) -> String {
    let tag = request.mac(secret.key()).map(|mac| hex(&mac.finalize().into_bytes()));
    format!("{VERSION}={}", tag.unwrap_or_default())
}

/// The signal in a request at `now`, if one of the tenant's live `secrets` signed it.
pub fn verify(request: &Request<'_>, secrets: &[SignalSecret], now: DateTime<Utc>) -> Result<VerifiedSignal, Refused> {
    let stranger = |why| Refused::Stranger(why);
    let (Some(tenant), Some((_, draft))) = (request.tenant(), request.parts()) else {
        return Err(stranger(Stranger::Path));
    };
    let secret = secrets.iter().find(|secret| secret.id() == request.key && *secret.tenant() == tenant);
    let key = secret.map_or(&NOBODYS_KEY[..], SignalSecret::key);
    // Compared in constant time.
    let signed = tag(request.signature).zip(request.mac(key)).is_some_and(|(tag, mac)| mac.verify_slice(&tag).is_ok());
    if secret.is_none() {
        return Err(stranger(Stranger::Key));
    }
    if !signed {
        return Err(stranger(Stranger::Signature));
    }
    let sent_at = request.timestamp.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    if sent_at.is_none_or(|at| (now - at).abs() > CLOCK_TOLERANCE) {
        return Err(stranger(Stranger::Time));
    }
    let malformed = |field, must| Refused::Malformed { field, must };
    let draft: DraftNumber =
        draft.parse().map_err(|_| malformed("draft", "must be a draft's number, 1 to 999999999"))?;
    let nonce: Nonce =
        request.nonce.parse().map_err(|_| malformed("nonce", "must be 16 to 64 letters, digits, - and _"))?;
    if request.body.len() > MOST_BODY_BYTES || !is_json_or_nothing(request.body) {
        return Err(malformed("body", "must be empty, or JSON of at most 1024 bytes"));
    }
    Ok(VerifiedSignal { tenant, draft, at: now, nonce })
}

fn is_json_or_nothing(body: &[u8]) -> bool {
    body.is_empty() || serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}

/// The bytes of a signature's header.
fn tag(signature: &str) -> Option<Vec<u8>> {
    let digits = signature.strip_prefix(VERSION)?.strip_prefix('=')?.as_bytes();
    if digits.len() != 2 * <Sha256 as Digest>::output_size() {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    digits.chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
