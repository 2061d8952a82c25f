//! Mails as a mail program sees them.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use domain::ids::TenantId;
use mail_parser::{Address, HeaderValue, MessageParser, MimeHeaders};

/// The headers that the mail service itself reads.
const TAGS: &str = "X-SES-MESSAGE-TAGS";
const CONFIGURATION_SET: &str = "X-SES-CONFIGURATION-SET";

/// A mail that the mail service accepted.
#[derive(Debug, Clone)]
pub struct SentMail {
    /// When it was written, as its `Date` says.
    pub at: Option<DateTime<Utc>>,
    /// Whose invoice it carries, as its tag says.
    pub tenant: Option<TenantId>,
    /// Everybody it went to, blind copies included.
    pub envelope: Vec<String>,
    /// The addresses in its `To`.
    pub to: Vec<String>,
    /// The addresses in its `Reply-To`.
    pub reply_to: Vec<String>,
    /// The configuration set that the mail service's events go by, where header and request agree on it.
    pub configuration_set: Option<String>,
    /// Its `Message-ID`.
    pub message_id: String,
    /// Its subject.
    pub subject: String,
    /// Its text part.
    pub text: String,
    /// The attachment's name.
    pub attachment: String,
    /// The attachment itself.
    pub pdf: Vec<u8>,
    /// The invoice number that its attachment names.
    pub invoice: String,
    /// Whether the mail service knows that none of those in its `To` has it or will get it.
    pub came_back: bool,
    /// Whether a header gives the blind copies away.
    pub shows_bcc: bool,
    /// Where it lies, if anywhere.
    pub file: PathBuf,
}

/// Whether a mail is a digest or a notice to the company's own people, as its tag says, and so carries no invoice.
pub fn is_digest(raw: &[u8]) -> bool {
    let parsed = MessageParser::default().parse(raw);
    let tags = parsed.as_ref().and_then(|mail| mail.header(TAGS)?.as_text()).unwrap_or_default();
    tags.split(',').any(|tag| tag.trim().starts_with("digest="))
}

/// A digest or a notice as it arrives at the company's own people.
#[derive(Debug, Clone)]
pub struct DigestMail {
    /// Whose, as its tag says.
    pub tenant: TenantId,
    /// Which, as its tag says: `digest` or a notice's name.
    pub kind: String,
    /// Its `Message-ID`.
    pub message_id: String,
    /// The addresses in its `To`.
    pub to: Vec<String>,
    /// Its text part.
    pub text: String,
}

/// Such a mail by its text; `None` if it's none.
pub fn read_digest(raw: &[u8]) -> Option<DigestMail> {
    let parsed = MessageParser::default().parse(raw)?;
    let tags = parsed.header(TAGS).and_then(HeaderValue::as_text)?;
    let tag = |name: &str| tags.split(',').find_map(|tag| tag.trim().strip_prefix(name)?.strip_prefix('='));
    Some(DigestMail {
        tenant: tag("tenant")?.parse().ok()?,
        kind: tag("digest")?.to_owned(),
        message_id: parsed.message_id()?.to_owned(),
        to: addresses(parsed.to()),
        text: parsed.body_text(0)?.into_owned(),
    })
}

/// A mail by its text, its envelope and the configuration set that the request named. What is wrong with it, if it's none of
/// ours.
pub fn read_mail(raw: &[u8], envelope: &[String], configuration_set: Option<&str>) -> Result<SentMail, &'static str> {
    let parsed = MessageParser::default().parse(raw).ok_or("a mail can't be parsed")?;
    // A logo is a part of the page, though the library counts it among these.
    let attachment = parsed.attachments().find(|part| part.is_content_type("application", "pdf"));
    let attachment = attachment.ok_or("a mail has no PDF attached")?;
    let name = attachment.attachment_name().unwrap_or_default().to_owned();
    let set = parsed.header(CONFIGURATION_SET).and_then(HeaderValue::as_text).map(str::trim);
    let tags = parsed.header(TAGS).and_then(HeaderValue::as_text).unwrap_or_default();
    let tenant = tags.split(',').find_map(|tag| tag.trim().strip_prefix("tenant="));
    let invoice = name.trim_end_matches(".pdf").rsplit(' ').next().unwrap_or_default().to_owned();
    Ok(SentMail {
        at: parsed.date().and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0)),
        envelope: envelope.to_vec(),
        tenant: tenant.map(str::parse).transpose().map_err(|_| "a mail's tag names no tenant")?,
        to: addresses(parsed.to()),
        reply_to: addresses(parsed.reply_to()),
        configuration_set: configuration_set.filter(|asked| set == Some(asked)).map(str::to_owned),
        message_id: parsed.message_id().unwrap_or_default().to_owned(),
        subject: parsed.subject().unwrap_or_default().to_owned(),
        text: parsed.body_text(0).unwrap_or_default().into_owned(),
        pdf: attachment.contents().to_vec(),
        attachment: name,
        invoice,
        came_back: false,
        shows_bcc: parsed.bcc().is_some(),
        file: PathBuf::new(),
    })
}

fn addresses(header: Option<&Address<'_>>) -> Vec<String> {
    header.into_iter().flat_map(Address::iter).filter_map(|one| one.address().map(str::to_owned)).collect()
}
