//! A mail as two independent libraries read it.

use mail_parser::{MessageParser, MimeHeaders, PartType};
use mailparse::{DispositionType, MailAddr, MailHeaderMap, ParsedMail};

/// What a mail program shows of a mail.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Mail {
    /// Name and address of each.
    pub(crate) from: Vec<Mailbox>,
    pub(crate) to: Vec<Mailbox>,
    pub(crate) reply_to: Vec<Mailbox>,
    pub(crate) subject: String,
    pub(crate) message_id: String,
    pub(crate) date: i64,
    /// The parts' types, in order and depth first.
    pub(crate) types: Vec<String>,
    pub(crate) text: String,
    pub(crate) html: String,
    /// Name and bytes of what is attached.
    pub(crate) attached: Vec<(String, Vec<u8>)>,
    /// Content id, name and bytes of what stands in the page.
    pub(crate) inline: Vec<(String, String, Vec<u8>)>,
}

pub(crate) type Mailbox = (Option<String>, String);

/// Line ends as in a template, so that texts can be compared.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

pub(crate) fn by_mail_parser(raw: &[u8]) -> Mail {
    let mail = MessageParser::new().parse(raw).unwrap();
    assert!(mail.bcc().is_none() && mail.cc().is_none());
    let mailboxes = |list: Option<&mail_parser::Address<'_>>| {
        let found = list.unwrap().iter();
        found.map(|one| (one.name().map(str::to_owned), one.address().unwrap().to_owned())).collect::<Vec<_>>()
    };
    let mut read = Mail {
        from: mailboxes(mail.from()),
        to: mailboxes(mail.to()),
        reply_to: mailboxes(mail.reply_to()),
        subject: mail.subject().unwrap_or_default().to_owned(),
        message_id: mail.message_id().unwrap().to_owned(),
        date: mail.date().unwrap().to_timestamp(),
        ..Mail::default()
    };
    for part in &mail.parts {
        let kind = part.content_type().unwrap();
        read.types.push(format!("{}/{}", kind.ctype(), kind.subtype().unwrap()));
        let name = || part.attachment_name().unwrap().to_owned();
        match &part.body {
            PartType::Text(text) => read.text = lines(text),
            PartType::Html(html) => read.html = lines(html),
            PartType::Multipart(_) => {}
            _ if part.content_disposition().unwrap().is_inline() => {
                let cid = part.content_id().unwrap().to_owned();
                read.inline.push((cid, name(), part.contents().to_vec()));
            }
            _ => read.attached.push((name(), part.contents().to_vec())),
        }
    }
    read
}

pub(crate) fn by_mailparse(raw: &[u8]) -> Mail {
    let mail = mailparse::parse_mail(raw).unwrap();
    assert!(mail.headers.get_first_header("Bcc").is_none() && mail.headers.get_first_header("Cc").is_none());
    let mailboxes = |name| {
        let list = mailparse::addrparse_header(mail.headers.get_first_header(name).unwrap()).unwrap();
        let found = list.iter().map(|one| match one {
            MailAddr::Single(one) => (one.display_name.clone(), one.addr.clone()),
            MailAddr::Group(group) => panic!("a group of {}", group.addrs.len()),
        });
        found.collect::<Vec<_>>()
    };
    let header = |name| mail.headers.get_first_value(name).unwrap_or_default();
    let mut read = Mail {
        from: mailboxes("From"),
        to: mailboxes("To"),
        reply_to: mailboxes("Reply-To"),
        subject: header("Subject"),
        message_id: header("Message-ID").trim_matches(['<', '>']).to_owned(),
        date: mailparse::dateparse(&header("Date")).unwrap(),
        ..Mail::default()
    };
    part(&mail, &mut read);
    read
}

fn part(mail: &ParsedMail<'_>, read: &mut Mail) {
    read.types.push(mail.ctype.mimetype.clone());
    let disposition = mail.get_content_disposition();
    let name = || disposition.params.get("filename").unwrap().clone();
    let bytes = || mail.get_body_raw().unwrap();
    match (mail.ctype.mimetype.as_str(), &disposition.disposition) {
        (_, DispositionType::Attachment) => read.attached.push((name(), bytes())),
        ("text/plain", _) => read.text = lines(&mail.get_body().unwrap()),
        ("text/html", _) => read.html = lines(&mail.get_body().unwrap()),
        (kind, _) if kind.starts_with("image/") => {
            let cid = mail.headers.get_first_value("Content-ID").unwrap();
            read.inline.push((cid.trim_matches(['<', '>']).to_owned(), name(), bytes()));
        }
        _ => {}
    }
    mail.subparts.iter().for_each(|inner| part(inner, read));
}
