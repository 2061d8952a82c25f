//! SES: the calls of API v2 that are used here. It accepts a mail and delivers it nowhere. Each raw mail is kept, and written out as an
//! `.eml` file. What the mail itself doesn't say, its envelope first of all, stands in a file beside them, and so do the
//! configuration sets, so that a later start on the same state knows every mail that was ever accepted.

mod calls;
mod events;
mod sets;

use std::{
    fmt,
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, task::JoinSet};

use super::{EmulatorError, Setting, url};
use crate::{
    access::{Gate, Service},
    template::MailDestination,
};

pub(crate) use events::Events;
pub use sets::MailSet;
use sets::Sets;

/// What requests said of their mails, one JSON object a line, oldest first. In the mails' folder.
const ENVELOPES: &str = "envelopes.jsonl";

/// How far back a day's quota counts.
const A_DAY: TimeDelta = TimeDelta::hours(24);

/// A mail that SES accepted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// What SES answered.
    pub message_id: String,
    /// The envelope's sender. Empty if the request named none.
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

/// What SES allows the account.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MailAllowance {
    /// Whether it may send at all.
    pub sending: bool,
    /// Recipients in 24 hours; -1 is any number.
    pub a_day: i64,
    /// Recipients a second. It's told and not insisted on.
    pub a_second: f64,
}

/// Nothing is in the way.
impl Default for MailAllowance {
    fn default() -> Self {
        Self { sending: true, a_day: -1, a_second: 10_000.0 }
    }
}

/// The SES emulator.
pub(crate) struct Ses {
    shared: Arc<Shared>,
    gate: Gate,
    pub(crate) url: String,
}

struct Shared {
    /// What mails may be sent under.
    identity: Option<String>,
    mails: Mutex<Vec<Mail>>,
    sets: Mutex<Sets>,
    allowance: Mutex<MailAllowance>,
    /// When this start accepted mails, and to how many recipients each.
    sent: Mutex<Vec<(DateTime<Utc>, usize)>>,
    /// So many more calls that change sets are carried out.
    changes_left: AtomicU32,
    folder: PathBuf,
    events: Events,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ses {
    /// Serves on `listener`. Only what is under the sender identity may be sent, as in AWS. The template's own sets are there.
    pub(crate) fn start(
        listener: TcpListener,
        setting: &Setting<'_>,
        destinations: &std::collections::BTreeMap<String, Vec<MailDestination>>,
        events: Events,
        servers: &mut JoinSet<()>,
    ) -> Result<Self, EmulatorError> {
        let folder = setting.state.join("mail");
        std::fs::create_dir_all(&folder)?;
        let shared = Arc::new(Shared {
            identity: setting.sender_identity.map(ToOwned::to_owned),
            mails: Mutex::new(earlier(&folder)?),
            sets: Mutex::new(Sets::open(&folder, destinations)?),
            allowance: Mutex::default(),
            sent: Mutex::default(),
            changes_left: AtomicU32::new(u32::MAX),
            folder,
            events,
        });
        let ses = Self { shared, gate: setting.gate(Service::Ses), url: url(&listener)? };
        ses.serve(listener, servers);
        Ok(ses)
    }

    /// Serves, also after a stop: what was accepted stays so.
    pub(super) fn serve(&self, listener: TcpListener, servers: &mut JoinSet<()>) {
        let router = self.gate.before(calls::router(Arc::clone(&self.shared)));
        servers.spawn(async move {
            // Serving ends with the task: accept errors are retried inside.
            let _ = axum::serve(listener, router).await;
        });
    }

    /// Every mail accepted on this state, earlier starts' included, oldest first.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        lock(&self.shared.mails).clone()
    }

    /// The configuration sets, by name.
    pub(crate) fn sets(&self) -> std::collections::BTreeMap<String, MailSet> {
        lock(&self.shared.sets).all().clone()
    }

    /// Switches sending under a set on or off, as a person does.
    pub(crate) fn switch(&self, set: &str, on: bool) -> Result<(), EmulatorError> {
        let switched = lock(&self.shared.sets).change(set, |set| set.sending = on)?;
        switched.ok_or_else(|| EmulatorError::Unknown { kind: "configuration set", name: set.to_owned() })
    }

    /// From now on the account is allowed this.
    pub(crate) fn allow(&self, allowance: MailAllowance) {
        *lock(&self.shared.allowance) = allowance;
    }

    /// Carries out so many more calls that change sets, and refuses the others.
    pub(crate) fn refuse_changes_after(&self, calls: u32) {
        self.shared.changes_left.store(calls, Ordering::SeqCst);
    }
}

impl Shared {
    /// Whether the one more call that changes sets is carried out.
    fn takes_change(&self) -> bool {
        self.changes_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    }

    /// Whether a sender is or is under the verified identity.
    fn is_verified(&self, sender: &str) -> bool {
        let address = sender.rsplit('<').next().unwrap_or(sender).trim_end_matches('>');
        let domain = address.rsplit('@').next().unwrap_or_default();
        let under = |identity: &String| {
            address == identity
                || domain == identity
                || domain.strip_suffix(identity.as_str()).is_some_and(|sub| sub.ends_with('.'))
        };
        self.identity.as_ref().is_some_and(under)
    }

    /// Recipients of the last 24 hours.
    fn sent_of_the_day(&self) -> usize {
        let now = self.events.now();
        lock(&self.sent).iter().filter(|(at, _)| now - *at < A_DAY).map(|(_, recipients)| recipients).sum()
    }

    /// Keeps a mail that is accepted. The file is there before SES answers, as a mail that is accepted is safe.
    fn keep(&self, mail: Mail) -> std::io::Result<Mail> {
        let mut mails = lock(&self.mails);
        let now = self.events.now();
        let nth = mails.len() + 1;
        let message_id = format!("{:016x}-{nth:08x}-000000", now.timestamp_nanos_opt().unwrap_or_default());
        // Numbered, so that they sort in the order of sending.
        let file = self.folder.join(format!("{nth:04}-{message_id}.eml"));
        std::fs::write(&file, &mail.raw)?;
        let mail = Mail { message_id, file, ..mail };
        let mut line = serde_json::to_vec(&mail)?;
        line.push(b'\n');
        std::fs::File::options().create(true).append(true).open(self.folder.join(ENVELOPES))?.write_all(&line)?;
        lock(&self.sent).push((now, mail.destinations.len()));
        mails.push(mail.clone());
        Ok(mail)
    }
}
