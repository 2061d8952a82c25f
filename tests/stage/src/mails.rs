//! Mails as a mail program sees them.

use std::path::PathBuf;

use domain::ids::TenantId;
use local::Mail;
use mail_parser::{Address, HeaderValue, MessageParser, MimeHeaders};

use crate::StageError;

/// The headers that the mail service itself reads.
const TAGS: &str = "X-SES-MESSAGE-TAGS";
const CONFIGURATION_SET: &str = "X-SES-CONFIGURATION-SET";

/// A mail that the mail service accepted.
#[derive(Debug, Clone)]
pub struct SentMail {
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
    /// Whether a header gives the blind copies away.
    pub shows_bcc: bool,
    /// Where it lies.
    pub file: PathBuf,
}

pub(crate) fn read(mail: &Mail) -> Result<SentMail, StageError> {
    let parsed = MessageParser::default().parse(&mail.raw).ok_or("a mail can't be parsed")?;
    let attachment = parsed.attachments().next().ok_or("a mail has no attachment")?;
    let name = attachment.attachment_name().unwrap_or_default().to_owned();
    let set = parsed.header(CONFIGURATION_SET).and_then(HeaderValue::as_text).map(str::trim);
    let tags = parsed.header(TAGS).and_then(HeaderValue::as_text).unwrap_or_default();
    let tenant = tags.split(',').find_map(|tag| tag.trim().strip_prefix("tenant="));
    let invoice = name.trim_end_matches(".pdf").rsplit(' ').next().unwrap_or_default().to_owned();
    Ok(SentMail {
        envelope: mail.destinations.clone(),
        tenant: tenant.map(str::parse).transpose()?,
        to: addresses(parsed.to()),
        reply_to: addresses(parsed.reply_to()),
        configuration_set: mail.configuration_set.clone().filter(|asked| set == Some(asked.as_str())),
        message_id: parsed.message_id().unwrap_or_default().to_owned(),
        subject: parsed.subject().unwrap_or_default().to_owned(),
        text: parsed.body_text(0).unwrap_or_default().into_owned(),
        pdf: attachment.contents().to_vec(),
        attachment: name,
        invoice,
        shows_bcc: parsed.bcc().is_some(),
        file: mail.file.clone(),
    })
}

fn addresses(header: Option<&Address<'_>>) -> Vec<String> {
    header.into_iter().flat_map(Address::iter).filter_map(|one| one.address().map(str::to_owned)).collect()
}
