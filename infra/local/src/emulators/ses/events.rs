//! What SES tells of a mail, as EventBridge hands it on.

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use mail_parser::{HeaderValue, MessageParser};
use serde_json::{Value, json};

use super::{Mail, sets::MailSet};
use crate::{
    emulators::{EmulatorError, Sqs},
    template::{Place, Rule},
};

/// The header that the tags stand in.
const TAGS: &str = "X-SES-MESSAGE-TAGS";

/// Where events of mails go, and what time it is.
pub(crate) struct Events {
    sqs: Sqs,
    rules: Vec<Rule>,
    place: Place,
    /// The file that the functions' clock goes by, too.
    clock: PathBuf,
}

impl Events {
    pub(crate) fn new(sqs: Sqs, rules: Vec<Rule>, place: Place, clock: PathBuf) -> Self {
        Self { sqs, rules, place, clock }
    }

    /// Tells what becomes of a mail that was accepted, as far as its set has that told and a rule asks for it.
    pub(super) async fn tell(&self, mail: &Mail, set: &MailSet) -> Result<(), EmulatorError> {
        let at = self.now();
        for (_, event) in events(mail, at).iter().filter(|(kind, _)| self.is_told(set, kind)) {
            for queue in self.rules.iter().filter(|rule| rule.matches(event)).flat_map(|rule| &rule.queues) {
                let message = json!({"QueueUrl": self.sqs.queue_url(queue), "MessageBody": event.to_string()});
                self.sqs.call("SendMessage", message).await?;
            }
        }
        Ok(())
    }

    /// Rules stand on the account's own bus.
    fn is_told(&self, set: &MailSet, kind: &str) -> bool {
        let bus = self.place.arn("events", "event-bus/default");
        set.destinations.iter().any(|destination| {
            let mut kinds = destination.event_types.iter();
            destination.enabled && destination.bus == bus && kinds.any(|wanted| same_kind(wanted, kind))
        })
    }

    /// What the ARN of every configuration set begins with.
    pub(super) fn sets_arn(&self) -> String {
        self.place.arn("ses", "configuration-set/")
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        let offset = std::fs::read_to_string(&self.clock).ok().and_then(|text| text.trim().parse().ok());
        Utc::now() + offset.and_then(TimeDelta::try_milliseconds).unwrap_or_default()
    }
}

/// The API says `DELIVERY_DELAY`, CloudFormation `deliveryDelay` and the event itself `DeliveryDelay`.
fn same_kind(one: &str, other: &str) -> bool {
    let bare = |kind: &str| kind.replace('_', "").to_lowercase();
    bare(one) == bare(other)
}

/// It's with the mail service; then each recipient's own. As with SES's own simulator, the address says what happens: one that
/// begins with `bounce` doesn't exist, `complaint` calls it unwanted, `full` has a full mailbox. All others get it.
fn events(mail: &Mail, at: DateTime<Utc>) -> Vec<(&'static str, Value)> {
    let about = about(mail, at);
    let event = |kind: &'static str, part: &str, what: Value| {
        let mut detail = json!({"eventType": kind, "mail": about});
        detail[part] = what;
        (kind, json!({"version": "0", "source": "aws.ses", "detail-type": format!("Email {kind}"), "detail": detail}))
    };
    let mut events = vec![event("Send", "send", json!({}))];
    for address in &mail.destinations {
        let one = json!([{"emailAddress": address, "status": "5.1.1"}]);
        let bounce = |kind: &str| {
            event("Bounce", "bounce", json!({"bounceType": kind, "bouncedRecipients": one, "timestamp": at}))
        };
        let delivery = || event("Delivery", "delivery", json!({"recipients": [address], "timestamp": at}));
        match address {
            _ if address.starts_with("bounce") => events.push(bounce("Permanent")),
            _ if address.starts_with("full") => events.push(bounce("Transient")),
            _ if address.starts_with("complaint") => {
                let complaint = json!({"complainedRecipients": one, "timestamp": at});
                events.extend([delivery(), event("Complaint", "complaint", complaint)]);
            }
            _ => events.push(delivery()),
        }
    }
    events
}

fn about(mail: &Mail, at: DateTime<Utc>) -> Value {
    let parsed = MessageParser::default().parse_headers(mail.raw.as_slice());
    let header = parsed.as_ref().and_then(|parsed| parsed.header(TAGS)).and_then(HeaderValue::as_text);
    let mut tags = json!({"ses:configuration-set": [mail.configuration_set]});
    for (name, value) in header.unwrap_or_default().split(',').filter_map(|tag| tag.trim().split_once('=')) {
        tags[name] = json!([value]);
    }
    json!({"messageId": mail.message_id, "timestamp": at, "destination": mail.destinations, "tags": tags})
}
