//! What Fortnox says when it refuses, and what that means.

use lenient_json::Object;

/// Longest part of Fortnox's own words that is kept: its messages are one sentence, more is a page of something else.
const LONGEST_MESSAGE_CHARS: usize = 300;

/// Why a call was refused, as far as the code, the status or (last resort) the text tells.
///
/// The codes are from Fortnox's guide on errors, from recorded answers and from client libraries. Which code a locked
/// period or an already booked invoice gives is not known; both arrive as [`Refusal::Other`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The company has not switched the feature on, for contracts: Settings > Fakturering > Avtalsfakturering.
    ///
    /// Known by its text only (`Feature inte tillgänglig`); code and status are unknown.
    FeatureUnavailable,
    /// The consent lacks a scope: a new consent is needed.
    MissingScope,
    /// The company lacks the licence for this part of the API.
    MissingLicence,
    /// The user or service account behind the token may not do this.
    Forbidden,
    /// The document, customer or article that the path names does not exist.
    NotFound,
    /// Something that the document refers to does not exist: a customer, an article, a term, a unit.
    UnknownReference,
    /// An account or a predefined account is missing or closed in the company's settings.
    AccountSettings,
    /// The company has no bank details, without which nothing can be printed or mailed.
    MissingBankDetails,
    /// The company isn't registered for the print service.
    ///
    /// Known by its text only (`Kan inte skicka dokument om inte företaget är registrerat`).
    NotRegistered,
    /// The list filter is not one that Fortnox knows: a defect of the caller.
    InvalidFilter,
    /// The request itself was wrong (headers, fields, syntax): a defect of the caller or of this client.
    InvalidRequest,
    /// The data break a rule of Fortnox: a length, a character, house work, a row without article.
    InvalidData,
    /// Anything else; the message tells.
    Other,
}

impl Refusal {
    /// Reads the reason. The code decides where it is known, because Fortnox has answered a missing scope with both
    /// 400 and 403; the text decides only where no code is known.
    pub(crate) fn of(status: u16, said: Option<&ErrorInformation>) -> Self {
        let by_code = said.and_then(|said| said.code).and_then(|code| Self::of_code(status, code));
        by_code.or_else(|| Self::of_text(&said?.message)).unwrap_or(match status {
            // Without Fortnox's own words a 404 may come from anything in between: it proves nothing about a document.
            404 if said.is_some() => Self::NotFound,
            403 => Self::Forbidden,
            _ => Self::Other,
        })
    }

    fn of_code(status: u16, code: i64) -> Option<Self> {
        Some(match code {
            2_000_663 | 2_001_393 | 2_002_455 => Self::MissingScope,
            2_001_101 | 2_001_103 => Self::MissingLicence,
            2_000_204 | 2_000_427..=2_000_435 | 2_000_439 | 2_001_161 | 2_001_302 => {
                if status == 404 {
                    Self::NotFound
                } else {
                    Self::UnknownReference
                }
            }
            2_000_423 | 2_000_550 | 2_001_304 | 2_001_403 | 2_003_095 | 2_004_167 => Self::AccountSettings,
            2_000_587 => Self::InvalidFilter,
            1_000_030 | 1_000_031 | 2_000_588 | 2_000_729 | 2_001_392 | 2_001_399 | 2_001_740 | 2_002_115 => {
                Self::InvalidRequest
            }
            2_000_106..=2_000_108
            | 2_000_134
            | 2_000_359
            | 2_000_637
            | 2_002_980
            | 2_003_157
            | 2_003_977
            | 2_004_021 => Self::InvalidData,
            _ => return None,
        })
    }

    fn of_text(message: &str) -> Option<Self> {
        let message = message.to_lowercase();
        [
            ("feature inte tillgänglig", Self::FeatureUnavailable),
            ("bankuppgifter saknas", Self::MissingBankDetails),
            ("om inte företaget är registrerat", Self::NotRegistered),
            ("behörighet saknas", Self::Forbidden),
        ]
        .into_iter()
        .find_map(|(text, refusal)| message.contains(text).then_some(refusal))
    }
}

/// Fortnox's error envelope, in either of its two casings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ErrorInformation {
    pub(crate) code: Option<i64>,
    pub(crate) message: String,
}

impl ErrorInformation {
    /// Reads the envelope, whatever content type it came as. `None` if the body is something else.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let body = std::str::from_utf8(body).ok()?;
        let envelope = Object::root(body).ok()?.object("ErrorInformation").ok()??;
        Some(Self {
            code: envelope.integer("Code").ok().flatten(),
            message: presentable(&envelope.text("Message").ok().flatten().unwrap_or_default()),
        })
    }

    /// Whether the token was refused although the status may say otherwise.
    pub(crate) fn is_about_the_token(&self) -> bool {
        matches!(self.code, Some(2_000_310 | 2_000_311 | 2_004_054))
    }

    /// Whether Fortnox itself failed, in which case it is unknown how far it came.
    pub(crate) fn is_a_failure(&self) -> bool {
        self.code == Some(1_000_003)
    }
}

/// Fortnox's own words, made fit for an error.
pub(crate) fn presentable(words: &str) -> String {
    lenient_json::presentable(words, LONGEST_MESSAGE_CHARS)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn refusal(status: u16, body: &str) -> Refusal {
        Refusal::of(status, ErrorInformation::read(body.as_bytes()).as_ref())
    }

    #[test]
    fn both_casings_are_read() {
        let capitals = r#"{"ErrorInformation":{"Error":1,"Message":"Kan inte hitta fakturan.","Code":2000434}}"#;
        let small = r#"{"ErrorInformation":{"error":1,"message":"Kan inte hitta fakturan.","code":"2000434"}}"#;
        let said = ErrorInformation { code: Some(2_000_434), message: "Kan inte hitta fakturan.".into() };
        assert_eq!(ErrorInformation::read(capitals.as_bytes()), Some(said.clone()));
        assert_eq!(ErrorInformation::read(small.as_bytes()), Some(said));
    }

    #[test]
    fn the_code_decides_before_the_status() {
        let scope = r#"{"ErrorInformation":{"error":1,"message":"Har inte behörighet för scope.","code":2000663}}"#;
        assert_eq!(refusal(400, scope), Refusal::MissingScope);
        assert_eq!(refusal(403, scope), Refusal::MissingScope);
        let licence = r#"{"ErrorInformation":{"error":1,"message":"x","code":2001103}}"#;
        assert_eq!(refusal(400, licence), Refusal::MissingLicence);
        let filter = r#"{"ErrorInformation":{"error":1,"message":"Ett ogiltigt filter har använts.","code":2000587}}"#;
        assert_eq!(refusal(400, filter), Refusal::InvalidFilter);
    }

    #[test]
    fn not_found_is_about_the_path_only_when_the_status_says_so() {
        let customer = r#"{"ErrorInformation":{"Error":1,"Message":"Kan inte hitta kunden.","Code":2000433}}"#;
        assert_eq!(refusal(404, customer), Refusal::NotFound);
        assert_eq!(refusal(400, customer), Refusal::UnknownReference);
        let unknown_code = r#"{"ErrorInformation":{"Error":1,"Message":"Kan inte hitta avtalet.","Code":1}}"#;
        assert_eq!(refusal(404, unknown_code), Refusal::NotFound);
        assert_eq!(refusal(404, "<html>no such host</html>"), Refusal::Other);
    }

    #[test]
    fn texts_decide_where_no_code_is_known() {
        for (text, expected) in [
            ("Feature inte tillgänglig", Refusal::FeatureUnavailable),
            ("Bankuppgifter saknas", Refusal::MissingBankDetails),
            ("Kan inte skicka dokument om inte företaget är registrerat", Refusal::NotRegistered),
            ("Behörighet saknas", Refusal::Forbidden),
            ("Något helt annat", Refusal::Other),
        ] {
            let body = format!(r#"{{"ErrorInformation":{{"error":1,"message":"{text}","code":9999999}}}}"#);
            assert_eq!(refusal(400, &body), expected);
        }
    }

    #[test]
    fn an_envelope_without_code_or_message_is_still_one() {
        let said = ErrorInformation::read(br#"{"ErrorInformation":{"code":"x"}}"#).unwrap();
        assert_eq!(said, ErrorInformation { code: None, message: String::new() });
        assert_eq!(ErrorInformation::read(br#"{"message":"unauthorized"}"#), None);
        assert_eq!(ErrorInformation::read(&[0xff, 0xfe]), None);
    }
}
