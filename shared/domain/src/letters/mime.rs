//! The raw message: `multipart/mixed` of `multipart/alternative` (text, HTML) and the invoice's PDF. With a logo, the HTML is in a
//! `multipart/related` with it.
//!
//! The same input makes the same bytes: nothing in here asks a clock or a random number.

use std::fmt;

use chrono::{DateTime, Utc};
use mail_builder::{
    MessageBuilder,
    headers::{address::Address, content_type::ContentType, date::Date, raw::Raw},
    mime::MimePart,
};
use sha2::{Digest, Sha256};

use super::{
    Logo, RenderedLetter,
    address::{MAX_RECIPIENTS, MailAddress},
    clean::{clean_line, shorten},
    message_id::{MessageId, hex},
};

mod attachment;
mod job;
mod tags;

pub use attachment::Attachment;
pub use job::{InvalidJobReference, JobReference, MAX_JOB_REFERENCE_CHARS};
pub use tags::{ConfigurationSet, InvalidTag, MAX_TAGS, MessageTag, SetPrefix};

/// Largest raw message in bytes. SES takes 40 MB after encoding, but slows down an account's mails over 10 MB (source: AWS SES quotas), and
/// many a receiving server takes no more than that. Counted as decimal megabytes, the smaller reading.
pub const MAX_MESSAGE_BYTES: usize = 10_000_000;

/// Longest display name. Mail programs show far fewer characters, and the whole name is in the letter.
const MAX_DISPLAY_NAME_CHARS: usize = 100;

/// Bytes of the hash in a boundary: far from RFC 2046's 70 characters and beyond any chance of a collision.
const BOUNDARY_HASH_BYTES: usize = 16;

/// A text that reads as an encoded word is taken for one by some programs, and may then say anything, line breaks too. So none does.
fn plain(text: &str) -> String {
    text.replace("=?", "= ?")
}

/// An address with the name shown beside it.
#[derive(Clone, PartialEq, Eq)]
pub struct Mailbox {
    name: Option<String>,
    address: MailAddress,
}

impl Mailbox {
    /// `address`, shown as `name`. A name of blanks counts as none.
    pub fn new(name: Option<&str>, address: MailAddress) -> Self {
        let name = name.map(|name| plain(&clean_line(name))).filter(|name| !name.is_empty());
        Self { name: name.map(|name| shorten(name, MAX_DISPLAY_NAME_CHARS)), address }
    }

    /// The address.
    pub fn address(&self) -> &MailAddress {
        &self.address
    }

    /// The name as it stands in the mail.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn header(&self) -> Address<'_> {
        Address::new_address(self.name.as_deref(), self.address.as_str())
    }
}

/// Name and address are personal.
impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailbox(..)")
    }
}

/// Everything of a mail that isn't its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The sender: an identity that SES has verified.
    pub from: Mailbox,
    /// Where answers go: the tenant. Without it they go to `from`, and the letters ask the customer to reply.
    pub reply_to: Option<Mailbox>,
    /// The customer's addresses, shown to each other.
    pub to: Vec<Mailbox>,
    /// Control copies. Never in the message, only among [`Envelope::recipients`].
    pub bcc: Vec<MailAddress>,
    /// See [`super::message_id::message_id`].
    pub message_id: MessageId,
    /// When the mail was made; written in UTC.
    pub date: DateTime<Utc>,
    /// The SES configuration set whose events we read.
    pub configuration_set: Option<ConfigurationSet>,
    /// Tags that SES hands back with each event. At most [`MAX_TAGS`].
    pub tags: Vec<MessageTag>,
    /// The job that sends the mail, as the header `X-Fakturapilot-Job`, for whoever has only the mail.
    pub job: Option<JobReference>,
}

impl Envelope {
    /// Everyone who gets the mail, control copies included and each mailbox once: the destinations of the SES call.
    pub fn recipients(&self) -> Vec<&MailAddress> {
        let mut recipients: Vec<&MailAddress> = Vec::new();
        for address in self.to.iter().map(Mailbox::address).chain(&self.bcc) {
            if !recipients.iter().any(|known| known.same_mailbox(address)) {
                recipients.push(address);
            }
        }
        recipients
    }
}

/// Why no mail can be made. All are permanent: the same input fails again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// Nobody in `to`.
    #[error("the mail has no recipient")]
    NoRecipient,
    /// More mailboxes than SES takes in one mail, control copies counted.
    #[error("the mail has {0} recipients, more than {MAX_RECIPIENTS}")]
    TooManyRecipients(usize),
    /// Over [`MAX_TAGS`].
    #[error("the mail has {0} tags, more than {MAX_TAGS}")]
    TooManyTags(usize),
    /// Larger than SES takes: deliver the PDF another way.
    #[error("the mail has {0} bytes, more than {MAX_MESSAGE_BYTES}")]
    TooLarge(usize),
}

/// The raw message with `letter` as its text and `attachment` attached.
pub fn compose(
    envelope: &Envelope,
    letter: &RenderedLetter,
    attachment: &Attachment<'_>,
) -> Result<Vec<u8>, ComposeError> {
    check(envelope, attachment)?;
    written(envelope, letter, body(envelope, letter, attachment))
}

/// The raw message with `letter` as its text and nothing attached.
pub fn compose_without(envelope: &Envelope, letter: &RenderedLetter) -> Result<Vec<u8>, ComposeError> {
    let nothing = Attachment::pdf("", &[]);
    check(envelope, &nothing)?;
    let mark = content_mark(envelope, letter, &nothing);
    written(envelope, letter, alternative(&mark, letter))
}

fn written(envelope: &Envelope, letter: &RenderedLetter, body: MimePart<'_>) -> Result<Vec<u8>, ComposeError> {
    let mut message = MessageBuilder::new()
        .from(envelope.from.header())
        .to(Address::new_list(envelope.to.iter().map(Mailbox::header).collect()))
        .subject(clean_line(&letter.subject))
        .message_id(envelope.message_id.as_str())
        .date(Date::new(envelope.date.timestamp()));
    if let Some(reply_to) = &envelope.reply_to {
        message = message.reply_to(reply_to.header());
    }
    if let Some(set) = &envelope.configuration_set {
        message = message.header("X-SES-CONFIGURATION-SET", Raw::new(set.as_str()));
    }
    if !envelope.tags.is_empty() {
        let tags: Vec<_> = envelope.tags.iter().map(MessageTag::to_string).collect();
        message = message.header("X-SES-MESSAGE-TAGS", Raw::new(tags.join(", ")));
    }
    if let Some(job) = &envelope.job {
        message = message.header("X-Fakturapilot-Job", Raw::new(job.as_str()));
    }
    let mut raw = Vec::new();
    message.body(body).serialize(&mut raw);
    if raw.len() > MAX_MESSAGE_BYTES { Err(ComposeError::TooLarge(raw.len())) } else { Ok(raw) }
}

fn check(envelope: &Envelope, attachment: &Attachment<'_>) -> Result<(), ComposeError> {
    let recipients = envelope.recipients().len();
    if envelope.to.is_empty() {
        return Err(ComposeError::NoRecipient);
    }
    if recipients > MAX_RECIPIENTS {
        return Err(ComposeError::TooManyRecipients(recipients));
    }
    if envelope.tags.len() > MAX_TAGS {
        return Err(ComposeError::TooManyTags(envelope.tags.len()));
    }
    // Before it is encoded, so that a giant isn't copied first.
    if attachment.bytes().len() > MAX_MESSAGE_BYTES {
        return Err(ComposeError::TooLarge(attachment.bytes().len()));
    }
    Ok(())
}

fn body<'x>(envelope: &Envelope, letter: &'x RenderedLetter, attachment: &'x Attachment<'_>) -> MimePart<'x> {
    let mark = content_mark(envelope, letter, attachment);
    let pdf = MimePart::new("application/pdf", attachment.bytes()).attachment(attachment.name());
    MimePart::new(boundary("multipart/mixed", "mail", &mark), vec![alternative(&mark, letter), pdf])
}

fn alternative<'x>(mark: &str, letter: &'x RenderedLetter) -> MimePart<'x> {
    let html = MimePart::new("text/html", letter.html.as_str());
    let html = match &letter.logo {
        None => html,
        Some(logo) => MimePart::new(boundary("multipart/related", "page", mark), vec![html, inline(logo)]),
    };
    let parts = vec![MimePart::new("text/plain", letter.text.as_str()), html];
    MimePart::new(boundary("multipart/alternative", "letter", mark), parts)
}

fn boundary(kind: &str, name: &str, mark: &str) -> ContentType<'static> {
    ContentType::new(kind.to_owned()).attribute("boundary", format!("{name}_{mark}"))
}

/// The logo as a part that mail programs show in its place and don't list as an attachment.
fn inline(logo: &Logo) -> MimePart<'_> {
    let disposition = ContentType::new("inline").attribute("filename", logo.file_name());
    MimePart::new(logo.mime(), logo.bytes()).cid(logo.cid()).header("Content-Disposition", disposition)
}

/// What the boundaries are made of: a hash over id and content. No text can hold the hash of itself, so none can end
/// its own part.
fn content_mark(envelope: &Envelope, letter: &RenderedLetter, attachment: &Attachment<'_>) -> String {
    let mut hash = Sha256::new();
    let parts = [envelope.message_id.as_str(), &letter.subject, &letter.text, &letter.html, attachment.name()];
    let pictures = [attachment.bytes()].into_iter().chain(letter.logo.as_ref().map(Logo::bytes));
    for part in parts.map(str::as_bytes).into_iter().chain(pictures) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex(&hash.finalize()[..BOUNDARY_HASH_BYTES])
}
