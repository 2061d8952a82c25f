//! What SES tells through EventBridge, read into [`MailEvent`]s.
//!
//! Source: SES developer guide, "Contents of event data that Amazon SES publishes" (event types, tags, recipients) and
//! "Monitoring using EventBridge" (the envelope with `detail`).

use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::BTreeMap;

use super::{AddressHash, MailEvent, MailName, MailState, Reported};
use crate::ids::TenantId;

/// Longest status that's kept: a server may write a novel.
const MAX_CODE_CHARS: usize = 40;

/// Why a text isn't an event.
#[derive(Debug, thiserror::Error)]
#[error("not an event of the mail service: {0}")]
pub struct Unreadable(#[from] serde_json::Error);

/// Reads an event. `None`: it's about a mail that isn't ours, or of a kind that says nothing of whether a mail arrives.
pub fn read(text: &str) -> Result<Option<MailEvent>, Unreadable> {
    read_value(serde_json::from_str(text)?)
}

/// The same of a text that was read into a value.
pub fn read_value(value: serde_json::Value) -> Result<Option<MailEvent>, Unreadable> {
    let Envelope { detail } = serde_json::from_value(value)?;
    Ok(detail.event())
}

#[derive(Deserialize)]
struct Envelope {
    detail: Detail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    event_type: String,
    mail: Mail,
    delivery: Option<Happening>,
    delivery_delay: Option<Happening>,
    bounce: Option<Happening>,
    complaint: Option<Happening>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    message_id: String,
    timestamp: DateTime<Utc>,
    #[serde(default)]
    tags: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Happening {
    timestamp: Option<DateTime<Utc>>,
    bounce_type: Option<String>,
    #[serde(default)]
    recipients: Vec<String>,
    #[serde(default, alias = "bouncedRecipients", alias = "complainedRecipients", alias = "delayedRecipients")]
    named: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    email_address: String,
    status: Option<String>,
}

impl Detail {
    fn event(self) -> Option<MailEvent> {
        let tag = |name: &str| self.mail.tags.get(name).and_then(|values| values.first());
        let tenant: TenantId = tag("tenant")?.parse().ok()?;
        let mail: MailName = tag("mail")?.parse().ok()?;
        let (state, happening) = match self.event_type.as_str() {
            "Send" => (MailState::Accepted, None),
            "Delivery" => (MailState::Delivered, self.delivery),
            "DeliveryDelay" => (MailState::Delayed, self.delivery_delay),
            "Bounce" => (bounce(self.bounce.as_ref()), self.bounce),
            "Complaint" => (MailState::Complained, self.complaint),
            "Reject" => (MailState::Rejected, None),
            // Letters are whole when SES gets them; it renders none. That one was opened or clicked nobody asked.
            _ => return None,
        };
        let Happening { timestamp, recipients, named, .. } = happening.unwrap_or_default();
        let plain = recipients.into_iter().map(|address| (address, None));
        let reported = named.into_iter().map(|named| (named.email_address, named.status)).chain(plain);
        let reported = reported.map(|(address, status)| Reported {
            address: AddressHash::of(&tenant, bare(&address)),
            code: status.and_then(|status| code(&status)),
        });
        let recipients: Vec<Reported> = reported.collect();
        // A bounce that names nobody says of nobody that they didn't get it.
        if recipients.is_empty() && matches!(state, MailState::Bounced | MailState::Failed | MailState::Complained) {
            return None;
        }
        let at = timestamp.unwrap_or(self.mail.timestamp);
        Some(MailEvent { tenant, mail, accepted_as: self.mail.message_id, state, at, recipients })
    }
}

/// Only a permanent bounce says that there's no such mailbox.
fn bounce(bounce: Option<&Happening>) -> MailState {
    match bounce.and_then(|bounce| bounce.bounce_type.as_deref()) {
        Some("Permanent") => MailState::Bounced,
        _ => MailState::Failed,
    }
}

/// The address without a name beside it.
fn bare(address: &str) -> &str {
    address.rsplit_once('<').map_or(address, |(_, rest)| rest.trim_end_matches(['>', ' ']))
}

/// What of a status may be kept: digits and dots. Anything else may quote the address.
fn code(status: &str) -> Option<String> {
    let first = status.split_whitespace().next()?;
    let plain = first.len() <= MAX_CODE_CHARS && first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    plain.then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const MAIL: &str = "fp_3fb423f3cad7835c343b1c28022cd403";

    fn told(kind: &str, more: &Value) -> String {
        let mut detail = json!({
            "eventType": kind,
            "mail": {
                "timestamp": "2026-02-01T05:40:00.000Z", "messageId": "0100-ses", "source": "faktura@example.com",
                "destination": ["kund@kunden.example"],
                "tags": {"tenant": ["fortnox-1"], "mail": [MAIL], "ses:configuration-set": ["fakturapilot"]},
            },
        });
        detail.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"version": "0", "source": "aws.ses", "detail-type": "Email", "detail": detail}).to_string()
    }

    fn state(text: &str) -> Option<MailState> {
        read(text).unwrap().map(|event| event.state)
    }

    #[test]
    fn each_kind_tells_how_the_mail_stands() {
        let one = json!([{"emailAddress": "kund@kunden.example", "status": "5.1.1"}]);
        let bounce = |kind: &str| json!({"bounce": {"bounceType": kind, "bouncedRecipients": one}});
        for (kind, more, wanted) in [
            ("Send", json!({"send": {}}), Some(MailState::Accepted)),
            ("Delivery", json!({"delivery": {"recipients": ["kund@kunden.example"]}}), Some(MailState::Delivered)),
            ("DeliveryDelay", json!({"deliveryDelay": {"delayedRecipients": one}}), Some(MailState::Delayed)),
            ("Bounce", bounce("Permanent"), Some(MailState::Bounced)),
            ("Bounce", bounce("Transient"), Some(MailState::Failed)),
            ("Bounce", bounce("Undetermined"), Some(MailState::Failed)),
            ("Bounce", json!({}), None),
            ("Complaint", json!({"complaint": {"complainedRecipients": one}}), Some(MailState::Complained)),
            ("Reject", json!({"reject": {"reason": "Bad content"}}), Some(MailState::Rejected)),
            ("Open", json!({"open": {}}), None),
            ("Something new", json!({}), None),
        ] {
            assert_eq!(state(&told(kind, &more)), wanted, "{kind}");
        }
    }

    #[test]
    fn whom_it_is_about_is_a_hash_and_what_a_server_said_a_code() {
        let named = |status: &str| {
            let one = json!([{"emailAddress": "\"Kund, Anna\" <Kund@kunden.example>", "status": status,
                "diagnosticCode": "smtp; 550 no such user kund@kunden.example"}]);
            let more = json!({"bounce": {"bounceType": "Permanent", "bouncedRecipients": one,
                "timestamp": "2026-02-01T05:41:00.000Z"}});
            read(&told("Bounce", &more)).unwrap().unwrap()
        };
        let event = named("5.1.1");
        let address = AddressHash::of(&"fortnox-1".parse().unwrap(), "kund@kunden.example");
        assert_eq!(event.recipients, [Reported { address, code: Some("5.1.1".to_owned()) }]);
        assert_eq!(
            (event.at.to_rfc3339().as_str(), event.accepted_as.as_str()),
            ("2026-02-01T05:41:00+00:00", "0100-ses")
        );
        assert_eq!(named("kund@kunden.example").recipients[0].code, None);
        assert!(!format!("{event:?}{}", serde_json::to_string(&event).unwrap()).contains('@'));
    }

    #[test]
    fn what_is_not_ours_is_nothing_and_what_is_no_event_an_error() {
        assert_eq!(state(&told("Send", &json!({})).replace(MAIL, "another")), None);
        assert_eq!(state(&told("Send", &json!({})).replace("fortnox-1", "somebody")), None);
        for text in ["", "{}", "[]", r#"{"detail": {}}"#, r#"{"detail": {"eventType": "Send"}}"#] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "\\PC*", cut in 0..600usize) {
            _ = read(&text);
            let one = json!([{"emailAddress": text, "status": text}]);
            let whole = told("Bounce", &json!({"bounce": {"bounceType": text, "bouncedRecipients": one}}));
            prop_assert!(read(&whole).is_ok());
            let cut: String = whole.chars().take(cut).collect();
            prop_assert!(read(&cut).is_err() || cut == whole);
        }
    }
}
