//! Mails as a mail program sees them.

use std::path::PathBuf;

use local::Mail;
use mail_parser::{MessageParser, MimeHeaders};

use crate::StageError;

/// A mail that the mail service accepted.
#[derive(Debug, Clone)]
pub struct SentMail {
    /// Everybody it went to, blind copies included.
    pub envelope: Vec<String>,
    /// The addresses in its `To`.
    pub to: Vec<String>,
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
    let to = parsed.to().map(|to| to.iter().filter_map(|to| to.address().map(str::to_owned)).collect());
    let invoice = name.trim_end_matches(".pdf").rsplit(' ').next().unwrap_or_default().to_owned();
    Ok(SentMail {
        envelope: mail.destinations.clone(),
        to: to.unwrap_or_default(),
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
