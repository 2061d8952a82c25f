//! SES: rustack, which accepts a mail and delivers it nowhere. Each raw mail is kept, and written out as an `.eml` file. What
//! the mail itself doesn't say, its envelope first of all, stands in a file beside them, so that a later start on the same
//! state knows every mail that was ever accepted.

mod events;

use std::{
    fmt,
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, State},
    http::{Response, StatusCode},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use rustack_ses_core::{config::SesConfig, handler::RustackSesHandler, provider::RustackSes};
use rustack_ses_http::{
    dispatch::SesHandler,
    request::{get_optional_param, parse_form_params, parse_member_list, parse_tag_list},
    response::error_to_response,
    router::resolve_operation,
};
use tokio::{net::TcpListener, task::JoinSet};

use super::{EmulatorError, MAX_BODY_BYTES, Setting, collect, url};
use serde::{Deserialize, Serialize};

pub(crate) use events::Events;

/// What requests said of their mails, one JSON object a line, oldest first. In the mails' folder.
const ENVELOPES: &str = "envelopes.jsonl";

/// A mail that SES accepted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// What SES answered.
    pub message_id: String,
    /// The `Source` of the request: the envelope's sender. Empty if the request named none.
    pub source: String,
    /// Envelope recipients, the control copy's included. Empty if the request named none, and the headers decide.
    pub destinations: Vec<String>,
    /// Configuration set it was sent under.
    pub configuration_set: Option<String>,
    /// Tags of the request.
    pub tags: Vec<(String, String)>,
    /// The message, byte for byte.
    #[serde(skip)]
    pub raw: Vec<u8>,
    /// Where it was written.
    pub file: PathBuf,
}

/// What was accepted on this state before, from its files.
fn earlier(folder: &Path) -> std::io::Result<Vec<Mail>> {
    let lines = match std::fs::read_to_string(folder.join(ENVELOPES)) {
        Ok(lines) => lines,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let read = |line: &str| {
        let mail: Mail = serde_json::from_str(line)?;
        // The folder may have been moved since.
        let file = folder.join(mail.file.file_name().unwrap_or_default());
        Ok(Mail { raw: std::fs::read(&file)?, file, ..mail })
    };
    lines.lines().map(read).collect()
}

/// Addresses and content stay out of logs.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("message_id", &self.message_id)
            .field("bytes", &self.raw.len())
            .finish_non_exhaustive()
    }
}

/// The SES emulator.
pub(crate) struct Ses {
    shared: Arc<Shared>,
    pub(crate) url: String,
}

struct Shared {
    handler: RustackSesHandler,
    mails: Mutex<Vec<Mail>>,
    folder: PathBuf,
    events: Events,
}

impl Ses {
    /// Serves on `listener`. Only what is under the sender identity may be sent, as in AWS.
    pub(super) async fn start(
        listener: TcpListener,
        setting: &Setting<'_>,
        events: Events,
        servers: &mut JoinSet<()>,
    ) -> Result<Self, EmulatorError> {
        let config = SesConfig {
            default_region: setting.place.region.clone(),
            default_account_id: setting.place.account.clone(),
            require_verified_identity: true,
            ..SesConfig::default()
        };
        let folder = setting.state.join("mail");
        std::fs::create_dir_all(&folder)?;
        let shared = Arc::new(Shared {
            handler: RustackSesHandler::new(Arc::new(RustackSes::new(config))),
            mails: Mutex::new(earlier(&folder)?),
            folder,
            events,
        });
        if let Some(identity) = setting.sender_identity {
            shared.verify(identity).await?;
        }
        let ses = Self { shared, url: url(&listener)? };
        ses.serve(listener, servers);
        Ok(ses)
    }

    /// Serves, also after a stop: what was accepted stays so.
    pub(super) fn serve(&self, listener: TcpListener, servers: &mut JoinSet<()>) {
        let shared = Arc::clone(&self.shared);
        let router = Router::new().fallback(answer).layer(DefaultBodyLimit::max(MAX_BODY_BYTES)).with_state(shared);
        servers.spawn(async move {
            // Serving ends with the task: accept errors are retried inside.
            let _ = axum::serve(listener, router).await;
        });
    }

    /// Every mail accepted on this state, earlier starts' included, oldest first.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.shared.mails.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Shared {
    async fn verify(&self, identity: &str) -> Result<(), EmulatorError> {
        let (action, parameter) = if identity.contains('@') {
            ("VerifyEmailIdentity", "EmailAddress")
        } else {
            ("VerifyDomainIdentity", "Domain")
        };
        let form = Bytes::from(format!("Action={action}&{parameter}={}", form_encoded(identity)));
        let refused = |reason: String| EmulatorError::Refused { service: "SES", action: action.to_owned(), reason };
        let operation = resolve_operation(&parse_form_params(&form)).map_err(|error| refused(error.to_string()))?;
        self.handler.handle_operation(operation, form).await.map_err(|error| refused(error.to_string()))?;
        Ok(())
    }

    /// Keeps a mail that was accepted. The file is there before SES answers, as a mail that is accepted is safe.
    fn keep(&self, form: &[(String, String)], answer: &[u8]) -> std::io::Result<Mail> {
        let text = String::from_utf8_lossy(answer);
        let message_id = between(&text, "<MessageId>", "</MessageId>").unwrap_or_default().to_owned();
        let raw = get_optional_param(form, "RawMessage.Data").unwrap_or_default();
        let raw = BASE64_STANDARD.decode(raw).map_err(std::io::Error::other)?;
        let mut mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        // Numbered, so that they sort in the order of sending.
        let file = self.folder.join(format!("{:04}-{message_id}.eml", mails.len() + 1));
        std::fs::write(&file, &raw)?;
        let mail = Mail {
            message_id,
            source: get_optional_param(form, "Source").unwrap_or_default().to_owned(),
            destinations: parse_member_list(form, "Destinations"),
            configuration_set: get_optional_param(form, "ConfigurationSetName").map(ToOwned::to_owned),
            tags: parse_tag_list(form, "Tags"),
            raw,
            file,
        };
        let mut line = serde_json::to_vec(&mail)?;
        line.push(b'\n');
        std::fs::File::options().create(true).append(true).open(self.folder.join(ENVELOPES))?.write_all(&line)?;
        mails.push(mail.clone());
        Ok(mail)
    }
}

async fn answer(State(shared): State<Arc<Shared>>, body: Bytes) -> Response<Body> {
    let form = parse_form_params(&body);
    let answer = match resolve_operation(&form) {
        Ok(operation) => shared.handler.handle_operation(operation, body).await,
        Err(error) => Err(error),
    };
    let (parts, body) = answer.unwrap_or_else(|error| error_to_response(&error, "local")).into_parts();
    let sent = parts.status == StatusCode::OK && get_optional_param(&form, "Action") == Some("SendRawEmail");
    let kept = match collect(body).await {
        Ok(body) if sent => match shared.keep(&form, &body) {
            Ok(mail) => {
                // Events may get lost on the way; the mail is accepted all the same.
                if let Err(error) = shared.events.tell(&mail).await {
                    tracing::warn!(%error, "what became of a mail could not be told");
                }
                Ok(body)
            }
            Err(error) => Err(error),
        },
        other => other,
    };
    match kept {
        Ok(body) => Response::from_parts(parts, Body::from(body)),
        Err(error) => {
            tracing::error!(%error, "a mail could not be written");
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }
    }
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    text.split_once(open)?.1.split_once(close).map(|(inner, _)| inner)
}

/// Percent-encodes everything but letters and digits.
fn form_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
