//! The mail service in memory.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Mutex,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::TenantId,
    letters::{
        address::MailAddress,
        mime::{ConfigurationSet, SetPrefix},
    },
};
use serde_json::{Value, json};
use workflow::ports::{Clock, MailError, Mailer, NoRoom, RawMail};

use crate::{
    clock::VirtualClock,
    dice::Dice,
    faults::{Call, Fault, Faults},
    lock,
};

/// How long the functions' client waits for the mail service.
const PATIENCE: TimeDelta = TimeDelta::seconds(20);

/// How long it takes until it tells that it has a mail.
const TELLS_AFTER: TimeDelta = TimeDelta::seconds(1);

/// How long a mail takes.
const ARRIVES_AFTER: TimeDelta = TimeDelta::seconds(4);

/// Our own address in tests.
const SENDER: &str = "faktura@fakturapilot.example";

/// What the names of its configuration sets begin with.
const SETS: &str = "fakturapilot";

/// A mail that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMail {
    /// When it was accepted.
    pub at: DateTime<Utc>,
    /// The service's own id of it.
    pub id: String,
    /// The whole message.
    pub raw: String,
    /// Everybody it went to.
    pub recipients: Vec<String>,
    /// Nobody in its `To` has it or will get it.
    pub came_back: bool,
}

impl SentMail {
    /// The value of a header that stands on one line.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = self.raw.split("\r\n\r\n").next()?;
        head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    }
}

impl SentMail {
    /// Whether it's a digest or a notice, as the tag says that the mail service is given.
    pub(crate) fn is_digest(&self) -> bool {
        self.header("X-SES-MESSAGE-TAGS").is_some_and(|tags| tags.contains("digest="))
    }
}

/// What becomes of a mail to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It arrives.
    Arrives,
    /// There is no such mailbox.
    Bounces,
    /// The mailbox is full, for good.
    Fails,
    /// It arrives, and somebody calls it unwanted.
    Unwanted,
}

/// How the mail service tells what becomes of its mails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Telling {
    /// Not at all.
    #[default]
    Never,
    /// Each thing once, soon, and in the order in which it happened.
    Well,
    /// Some things never, some twice, some late; by these dice.
    Badly(u64),
}

/// What the mail service does with its mails.
#[derive(Debug, Default)]
struct Post {
    /// Whether it tells what becomes of them.
    tells: Telling,
    /// Addresses that mails don't just arrive at.
    fates: BTreeMap<String, Fate>,
    /// What it's about to tell, and when.
    to_tell: Vec<(DateTime<Utc>, String)>,
}

impl Post {
    /// The tenant's own fate of an address, else everybody's.
    fn fate(&self, mail: &SentMail, address: &str) -> Fate {
        let tags = mail.header("X-SES-MESSAGE-TAGS").unwrap_or_default();
        let tenant = tags.split(',').find_map(|tag| tag.trim().strip_prefix("tenant=")).unwrap_or_default();
        let own = self.fates.get(&of_tenant(tenant, address));
        own.or_else(|| self.fates.get(address)).copied().unwrap_or(Fate::Arrives)
    }
}

fn of_tenant(tenant: &str, address: &str) -> String {
    format!("{tenant} {address}")
}

/// Keeps what it's given.
#[derive(Debug)]
pub struct MemoryMailer {
    sent: Mutex<Vec<SentMail>>,
    post: Mutex<Post>,
    sender: MailAddress,
    sets: SetPrefix,
    clock: VirtualClock,
    faults: Faults,
}

impl MemoryMailer {
    pub(super) fn new(clock: VirtualClock, faults: Faults) -> Self {
        #[expect(clippy::expect_used, reason = "the constant is an address")]
        let sender = SENDER.parse().expect("SENDER is written as an address");
        #[expect(clippy::expect_used, reason = "the constant is a name that SES takes")]
        let sets = SETS.parse().expect("SETS is written as a name");
        Self { sent: Mutex::default(), post: Mutex::default(), sender, sets, clock, faults }
    }

    /// From now on it tells so what becomes of its mails.
    pub fn tell(&self, how: Telling) {
        lock(&self.post).tells = how;
    }

    /// What becomes of one tenant's mails to an address.
    pub(crate) fn set_fate_of(&self, tenant: &TenantId, address: &str, fate: Fate) {
        self.set_fate(&of_tenant(&tenant.to_string(), address), fate);
    }

    /// From now on every mail arrives.
    pub fn mend(&self) {
        lock(&self.post).fates.clear();
    }

    /// What becomes of mails to an address.
    pub fn set_fate(&self, address: &str, fate: Fate) {
        lock(&self.post).fates.insert(address.to_owned(), fate);
    }

    /// When it next has something to tell.
    pub fn tells_next(&self) -> Option<DateTime<Utc>> {
        lock(&self.post).to_tell.iter().map(|(at, _)| *at).min()
    }

    /// What it tells by `now`, as EventBridge would hand it on; in the order of the moments it happened.
    pub(super) fn told_by(&self, now: DateTime<Utc>) -> Vec<String> {
        let mut post = lock(&self.post);
        let mut told: Vec<_> = post.to_tell.extract_if(.., |(at, _)| *at <= now).collect();
        told.sort_by_key(|(at, _)| *at);
        told.into_iter().map(|(_, text)| text).collect()
    }

    fn is_lost(&self, mail: &SentMail) -> bool {
        let post = lock(&self.post);
        let to = mail.header("To").unwrap_or_default();
        let lost = |address: &String| matches!(post.fate(mail, address), Fate::Bounces | Fate::Fails);
        let mut customers = mail.recipients.iter().filter(|address| to.contains(address.as_str())).peekable();
        customers.peek().is_some() && customers.all(lost)
    }

    fn will_tell(&self, mail: &SentMail) {
        let mut post = lock(&self.post);
        if post.tells == Telling::Never {
            return;
        }
        let mut events = vec![(mail.at + TELLS_AFTER, told(mail, mail.at, "Send", "send", &json!({})))];
        for address in &mail.recipients {
            let at = mail.at + ARRIVES_AFTER;
            let delivery = json!({"recipients": [address]});
            let one = json!([{"emailAddress": address, "status": "5.1.1"}]);
            let bounce = |kind: &str| json!({"bounceType": kind, "bouncedRecipients": one});
            let mut tell = |at, kind, part, what: &Value| events.push((at, told(mail, at, kind, part, what)));
            match post.fate(mail, address) {
                Fate::Arrives => tell(at, "Delivery", "delivery", &delivery),
                Fate::Bounces => tell(at, "Bounce", "bounce", &bounce("Permanent")),
                Fate::Fails => tell(at, "Bounce", "bounce", &bounce("Transient")),
                Fate::Unwanted => {
                    tell(at, "Delivery", "delivery", &delivery);
                    tell(at + ARRIVES_AFTER, "Complaint", "complaint", &json!({"complainedRecipients": one}));
                }
            }
        }
        if let Telling::Badly(seed) = post.tells {
            // By the mail alone, whatever others there are.
            let mut hasher = DefaultHasher::new();
            mail.header("Message-ID").hash(&mut hasher);
            events = badly(&mut Dice::new(seed ^ hasher.finish()), events);
        }
        post.to_tell.extend(events);
    }

    /// The mails that were accepted, oldest first, whether or not anybody was told so.
    pub fn sent(&self) -> Vec<SentMail> {
        lock(&self.sent).clone()
    }
}

/// Some never, some twice, some late.
fn badly(dice: &mut Dice, events: Vec<(DateTime<Utc>, String)>) -> Vec<(DateTime<Utc>, String)> {
    let mut told = Vec::new();
    for (at, text) in events {
        let times = *dice.pick(&[0, 1, 1, 2]);
        for _ in 0..times {
            let late = if dice.one_in(2) { TimeDelta::seconds(dice.between(0, 3600)) } else { TimeDelta::zero() };
            told.push((at + late, text.clone()));
        }
    }
    told
}

/// What SES tells through EventBridge, in its own form.
fn told(mail: &SentMail, at: DateTime<Utc>, kind: &str, part: &str, what: &Value) -> String {
    let header = mail.header("X-SES-MESSAGE-TAGS").unwrap_or_default();
    let tags: BTreeMap<&str, [&str; 1]> =
        header.split(',').filter_map(|tag| tag.trim().split_once('=')).map(|(name, value)| (name, [value])).collect();
    let mut what = what.clone();
    what["timestamp"] = json!(at);
    let about = json!({"messageId": mail.id, "timestamp": mail.at, "destination": mail.recipients, "tags": tags});
    let detail = json!({"eventType": kind, "mail": about, part: what});
    json!({"version": "0", "source": "aws.ses", "detail-type": "Email", "detail": detail}).to_string()
}

impl Mailer for MemoryMailer {
    async fn room(&self, _recipients: usize) -> Result<(), NoRoom> {
        match self.faults.make(Call::Room, PATIENCE, || ()).await {
            Err(Fault::NotTaken | Fault::Busy(_)) => Err(NoRoom("the day's quota is used up".to_owned())),
            Err(Fault::Refused(words) | Fault::TenantBlocked(words)) => Err(NoRoom(words.to_owned())),
            // Who can't ask goes on without an answer.
            Ok(()) | Err(_) => Ok(()),
        }
    }

    async fn send(&self, mail: RawMail<'_>) -> Result<String, MailError> {
        let accept = || {
            let mut sent = lock(&self.sent);
            let id = format!("mail-{}", sent.len() + 1);
            let raw = String::from_utf8_lossy(mail.raw).into_owned();
            let recipients = mail.recipients.to_vec();
            let mut mail = SentMail { at: self.clock.now(), id: id.clone(), raw, recipients, came_back: false };
            mail.came_back = self.is_lost(&mail);
            self.will_tell(&mail);
            sent.push(mail);
            id
        };
        self.faults.make(Call::SendMail, PATIENCE, accept).await.map_err(|fault| match fault {
            Fault::NotTaken => MailError::NotTaken("the sending rate is used up".to_owned()),
            Fault::Busy(_) => MailError::MadeReady("the company had no configuration set".to_owned()),
            Fault::Refused(words) | Fault::TenantBlocked(words) => MailError::Refused(words.to_owned()),
            _ => MailError::NoAnswer("the connection broke".to_owned()),
        })
    }

    fn sender(&self) -> &MailAddress {
        &self.sender
    }

    fn configuration_set(&self, tenant: &TenantId) -> Option<ConfigurationSet> {
        Some(self.sets.set_of(tenant))
    }
}
