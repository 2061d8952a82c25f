//! The calls of SES's API v2, as REST with JSON.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json as JsonBody, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, Query, State},
    http::{HeaderName, StatusCode},
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Mail, Shared, lock, sets::MailSet};
use crate::template::MailDestination;

/// Largest message (source: SES quotas: 40 MB after encoding through API v2).
const MAX_MESSAGE_BYTES: usize = 40 * 1024 * 1024;

/// Largest request: base64 makes a message larger by a third.
const MAX_REQUEST_BYTES: usize = 60 * 1024 * 1024;

/// Most recipients of a mail (source: SES quotas).
const MAX_RECIPIENTS: usize = 50;

/// A call that is refused: status, code and words.
struct Refusal(StatusCode, &'static str, String);

impl Refusal {
    fn bad(words: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, "BadRequestException", words.into())
    }

    fn no_set(name: &str) -> Self {
        Self(StatusCode::NOT_FOUND, "NotFoundException", format!("Configuration set <{name}> does not exist."))
    }
}

/// What it keeps can't be written.
impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        tracing::error!(%error, "the mail service's files can't be written");
        Self(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", String::new())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(status, code, words) = self;
        let kind = HeaderName::from_static("x-amzn-errortype");
        (status, [(kind, code)], JsonBody(json!({"message": words}))).into_response()
    }
}

type Answer = Result<JsonBody<Json>, Refusal>;

/// All calls.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    let set = "/v2/email/configuration-sets/{name}";
    Router::new()
        .route("/v2/email/outbound-emails", post(send))
        .route("/v2/email/account", get(account))
        .route("/v2/email/configuration-sets", post(create_set))
        .route(set, get(get_set))
        .route(&format!("{set}/event-destinations"), post(create_destination))
        .route(&format!("{set}/sending"), put(put_sending))
        .route("/v2/email/tags", delete(untag))
        .fallback(unknown)
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .with_state(shared)
}

/// A request. What isn't known of one is refused by name.
fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::bad(error.to_string()))
}

async fn unknown() -> Refusal {
    Refusal(StatusCode::NOT_FOUND, "UnknownOperationException", "the local cloud does not know this call".to_owned())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct SendRequest {
    from_email_address: String,
    destination: Recipients,
    content: Content,
    configuration_set_name: Option<String>,
    #[serde(default)]
    email_tags: Vec<Tag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Recipients {
    #[serde(default)]
    to_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Content {
    raw: Raw,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Raw {
    data: String,
}

/// A tag of a mail is a name and a value, one of a set a key and a value.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Tag {
    #[serde(alias = "Key")]
    name: String,
    value: String,
}

async fn send(State(shared): State<Arc<Shared>>, body: Bytes) -> Answer {
    let request: SendRequest = read(&body)?;
    let raw = BASE64_STANDARD.decode(&request.content.raw.data).map_err(|error| Refusal::bad(error.to_string()))?;
    may_be_sent(&shared, &request, raw.len())?;
    let mail = shared.keep(Mail {
        message_id: String::new(),
        source: request.from_email_address,
        destinations: request.destination.to_addresses,
        configuration_set: request.configuration_set_name,
        tags: request.email_tags.into_iter().map(|tag| (tag.name, tag.value)).collect(),
        raw,
        file: std::path::PathBuf::new(),
    })?;
    let set = mail.configuration_set.as_ref().and_then(|name| lock(&shared.sets).all().get(name).cloned());
    // Events may get lost on the way; the mail is accepted all the same.
    if let Some(set) = set
        && let Err(error) = shared.events.tell(&mail, &set).await
    {
        tracing::warn!(%error, "what became of a mail could not be told");
    }
    Ok(JsonBody(json!({"MessageId": mail.message_id})))
}

fn may_be_sent(shared: &Shared, request: &SendRequest, bytes: usize) -> Result<(), Refusal> {
    let rejected = |words: String| Refusal(StatusCode::BAD_REQUEST, "MessageRejected", words);
    let paused = |words: &str| Refusal(StatusCode::BAD_REQUEST, "SendingPausedException", words.to_owned());
    let (sender, recipients) = (&request.from_email_address, request.destination.to_addresses.len());
    if !shared.is_verified(sender) {
        return Err(rejected(format!(
            "Email address is not verified. The following identities failed the check: {sender}"
        )));
    }
    if let Some(name) = &request.configuration_set_name {
        let set = lock(&shared.sets).all().get(name).cloned().ok_or_else(|| Refusal::no_set(name))?;
        if !set.sending {
            return Err(paused("Sending is disabled for the configuration set."));
        }
    }
    if recipients > MAX_RECIPIENTS {
        return Err(Refusal::bad(format!("Recipient count exceeds {MAX_RECIPIENTS}.")));
    }
    if bytes > MAX_MESSAGE_BYTES {
        return Err(Refusal::bad(format!("Message length is more than {MAX_MESSAGE_BYTES} bytes long.")));
    }
    let allowance = *lock(&shared.allowance);
    if !allowance.sending {
        return Err(paused("Email sending is paused for the account."));
    }
    let used = i64::try_from(shared.sent_of_the_day() + recipients).unwrap_or(i64::MAX);
    if allowance.a_day >= 0 && used > allowance.a_day {
        let words = "Daily message quota exceeded.".to_owned();
        return Err(Refusal(StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException", words));
    }
    Ok(())
}

async fn account(State(shared): State<Arc<Shared>>) -> Answer {
    let allowance = *lock(&shared.allowance);
    let quota = json!({
        "Max24HourSend": allowance.a_day, "MaxSendRate": allowance.a_second, "SentLast24Hours": shared.sent_of_the_day(),
    });
    Ok(JsonBody(json!({
        "SendingEnabled": allowance.sending, "ProductionAccessEnabled": true, "EnforcementStatus": "HEALTHY",
        "SendQuota": quota,
    })))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct NewSet {
    configuration_set_name: String,
    sending_options: Option<Sending>,
    #[serde(rename = "ReputationOptions")]
    _reputation_options: Option<Json>,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Sending {
    /// As in the model of the API, and so left out by clients where it's so.
    #[serde(default)]
    sending_enabled: bool,
}

/// A call that changes sets, if it's carried out.
fn change(shared: &Shared) -> Result<(), Refusal> {
    if shared.takes_change() { Ok(()) } else { Err(Refusal::bad("told to refuse it")) }
}

async fn create_set(State(shared): State<Arc<Shared>>, body: Bytes) -> Answer {
    change(&shared)?;
    let new: NewSet = read(&body)?;
    let name = new.configuration_set_name;
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.is_empty() || name.len() > 64 || !name.chars().all(allowed) {
        return Err(Refusal::bad("Invalid configuration set name."));
    }
    let set = MailSet {
        sending: new.sending_options.is_none_or(|options| options.sending_enabled),
        tags: new.tags.into_iter().map(|tag| (tag.name, tag.value)).collect(),
        destinations: Vec::new(),
    };
    if lock(&shared.sets).add(&name, set)? {
        return Ok(JsonBody(json!({})));
    }
    Err(exists(&format!("Configuration set <{name}> already exists.")))
}

fn exists(words: &str) -> Refusal {
    Refusal(StatusCode::BAD_REQUEST, "AlreadyExistsException", words.to_owned())
}

async fn get_set(State(shared): State<Arc<Shared>>, Path(name): Path<String>) -> Answer {
    let set = lock(&shared.sets).all().get(&name).cloned().ok_or_else(|| Refusal::no_set(&name))?;
    let tags: Vec<Json> = set.tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
    let sending = json!({"SendingEnabled": set.sending});
    Ok(JsonBody(json!({"ConfigurationSetName": name, "SendingOptions": sending, "Tags": tags})))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct NewDestination {
    event_destination_name: String,
    event_destination: Definition,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Definition {
    #[serde(default)]
    enabled: bool,
    matching_event_types: Vec<String>,
    event_bridge_destination: Bus,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Bus {
    event_bus_arn: String,
}

async fn create_destination(State(shared): State<Arc<Shared>>, Path(set): Path<String>, body: Bytes) -> Answer {
    change(&shared)?;
    let new: NewDestination = read(&body)?;
    let Definition { enabled, matching_event_types, event_bridge_destination } = new.event_destination;
    let destination = MailDestination {
        name: new.event_destination_name,
        enabled,
        event_types: matching_event_types,
        bus: event_bridge_destination.event_bus_arn,
    };
    let added = lock(&shared.sets).change(&set, |set| {
        let is_new = set.destinations.iter().all(|known| known.name != destination.name);
        if is_new {
            set.destinations.push(destination);
        }
        is_new
    })?;
    match added {
        None => Err(Refusal::no_set(&set)),
        Some(false) => Err(exists("Event destination already exists.")),
        Some(true) => Ok(JsonBody(json!({}))),
    }
}

async fn put_sending(State(shared): State<Arc<Shared>>, Path(set): Path<String>, body: Bytes) -> Answer {
    change(&shared)?;
    let sending: Sending = read(&body)?;
    let changed = lock(&shared.sets).change(&set, |set| set.sending = sending.sending_enabled)?;
    changed.map(|()| JsonBody(json!({}))).ok_or_else(|| Refusal::no_set(&set))
}

async fn untag(State(shared): State<Arc<Shared>>, Query(query): Query<BTreeMap<String, String>>) -> Answer {
    change(&shared)?;
    let part = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let (arn, key) = (part("ResourceArn"), part("TagKeys"));
    let set = arn.strip_prefix(&shared.events.sets_arn()).ok_or_else(|| Refusal::no_set(arn))?;
    let changed = lock(&shared.sets).change(set, |set| set.tags.remove(key))?;
    changed.map(|_| JsonBody(json!({}))).ok_or_else(|| Refusal::no_set(set))
}
