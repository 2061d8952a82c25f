//! The raw mail, read back by an independent parser: exactly what was put in, and no header more.
#![allow(clippy::unwrap_used)]

use domain::letters::{
    RenderedLetter,
    address::MailAddress,
    message_id::message_id,
    mime::{
        Attachment, ComposeError, Envelope, JobReference, MAX_MESSAGE_BYTES, MAX_TAGS, Mailbox, MessageTag, compose,
    },
};
use mail_parser::{MessageParser, MimeHeaders, PartType};
use proptest::prelude::*;

fn address(text: &str) -> MailAddress {
    text.parse().unwrap()
}

fn envelope() -> Envelope {
    let from = address("faktura@fakturapilot.example");
    Envelope {
        message_id: message_id("fortnox-1#agreement-7#2026-01-01", "invoice", 1, &from),
        from: Mailbox::new(Some("Nord & Väst Redovisning AB"), from),
        reply_to: Some(Mailbox::new(Some("Åsa Öberg"), address("asa@nordvast.example"))),
        to: vec![
            Mailbox::new(Some("Björkängens Café AB"), address("ekonomi@bjork.example")),
            Mailbox::new(None, address("anna@bjork.example")),
        ],
        bcc: vec![address("kontroll@nordvast.example")],
        date: "2026-01-31T07:05:09Z".parse().unwrap(),
        configuration_set: Some("fakturapilot".parse().unwrap()),
        tags: vec![MessageTag::new("tenant", "fortnox-1").unwrap(), MessageTag::new("job", "a1b2").unwrap()],
        job: Some("fortnox-1:7:2026-01-01".parse().unwrap()),
    }
}

fn letter() -> RenderedLetter {
    RenderedLetter {
        subject: "Faktura 1001 från Nord & Väst Redovisning AB".to_owned(),
        text: "Hej Anna Åkesson!\n\nAtt betala: 1\u{a0}250,50\u{a0}kr\n.\nFrom here on\n".to_owned(),
        html: "<!DOCTYPE html>\n<html lang=\"sv\">\n<body>Att betala: 1\u{a0}250,50\u{a0}kr</body>\n</html>\n"
            .to_owned(),
        logo: None,
    }
}

const PDF: &[u8] = b"%PDF-1.7\n\x00\xff\r\n%%EOF";

/// Line ends as in a mail, so that texts can be compared.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Names of the top headers, in order.
fn header_names(raw: &[u8]) -> Vec<String> {
    let text = String::from_utf8(raw.to_vec()).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap();
    head.split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split_once(':').unwrap().0.to_owned())
        .collect()
}

const HEADERS: [&str; 11] = [
    "From",
    "To",
    "Subject",
    "Message-ID",
    "Date",
    "Reply-To",
    "X-SES-CONFIGURATION-SET",
    "X-SES-MESSAGE-TAGS",
    "X-Fakturapilot-Job",
    "MIME-Version",
    "Content-Type",
];

fn assert_reads_back(envelope: &Envelope, letter: &RenderedLetter, attachment: &Attachment<'_>) {
    let raw = compose(envelope, letter, attachment).unwrap();
    assert_eq!(raw, compose(envelope, letter, attachment).unwrap(), "the same input makes the same bytes");
    assert_eq!(header_names(&raw), HEADERS);
    let text = std::str::from_utf8(&raw).unwrap();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "a bare line feed");
    assert_eq!(text.matches('\r').count(), text.matches("\r\n").count(), "a bare carriage return");
    assert!(text.split("\r\n").all(|line| line.len() <= 998), "a line over RFC 5322's limit");

    let mail = MessageParser::new().parse(&raw).unwrap();
    let mailbox = |found: &mail_parser::Addr<'_>, given: &Mailbox| {
        assert_eq!(found.address(), Some(given.address().as_str()));
        assert_eq!(found.name(), given.name());
    };
    let from: Vec<_> = mail.from().unwrap().iter().collect();
    assert_eq!(from.len(), 1);
    mailbox(from[0], &envelope.from);
    let to: Vec<_> = mail.to().unwrap().iter().collect();
    assert_eq!(to.len(), envelope.to.len());
    to.into_iter().zip(&envelope.to).for_each(|(found, given)| mailbox(found, given));
    mailbox(mail.reply_to().unwrap().first().unwrap(), envelope.reply_to.as_ref().unwrap());
    assert!(mail.bcc().is_none() && mail.cc().is_none());
    assert_eq!(mail.message_id(), Some(envelope.message_id.as_str()));
    assert_eq!(mail.date().unwrap().to_timestamp(), envelope.date.timestamp());
    assert_eq!(mail.subject().unwrap_or_default(), letter.subject);

    assert_eq!(mail.content_type().unwrap().subtype(), Some("mixed"));
    let types: Vec<_> = mail
        .parts
        .iter()
        .map(|part| part.content_type().map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap())).unwrap())
        .collect();
    assert_eq!(types, ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"]);
    let PartType::Text(plain) = &mail.parts[2].body else { panic!("the text part") };
    assert_eq!(lines(plain), letter.text);
    let PartType::Html(html) = &mail.parts[3].body else { panic!("the HTML part") };
    assert_eq!(lines(html), letter.html);
    let file = mail.attachment(0).unwrap();
    assert_eq!(file.attachment_name(), Some(attachment.name()));
    assert_eq!(file.contents(), attachment.bytes());
    assert_eq!(mail.attachment_count(), 1);
}

#[test]
fn reads_back_as_it_was_put_in() {
    let attachment = Attachment::pdf("Faktura 1001 Björkängens.pdf", PDF);
    assert_eq!(attachment.name(), "Faktura 1001 Björkängens.pdf");
    assert_reads_back(&envelope(), &letter(), &attachment);
    let raw = String::from_utf8(compose(&envelope(), &letter(), &attachment).unwrap()).unwrap();
    assert!(raw.contains("filename*=UTF-8''Faktura%201001%20Bj%C3%B6rk%C3%A4ngens.pdf"), "{raw}");
    assert!(raw.contains("Date: Sat, 31 Jan 2026 07:05:09 +0000\r\n"), "{raw}");
    assert!(raw.contains("X-SES-CONFIGURATION-SET: fakturapilot\r\n"), "{raw}");
    assert!(raw.contains("X-SES-MESSAGE-TAGS: tenant=fortnox-1, job=a1b2\r\n"), "{raw}");
    assert!(raw.contains("X-Fakturapilot-Job: fortnox-1:7:2026-01-01\r\n"), "{raw}");
    let raw = compose(&Envelope { job: None, ..envelope() }, &letter(), &attachment).unwrap();
    assert_eq!(
        header_names(&raw),
        HEADERS.into_iter().filter(|name| *name != "X-Fakturapilot-Job").collect::<Vec<_>>()
    );
}

#[test]
fn the_control_copy_is_a_recipient_and_not_in_the_mail() {
    let mut envelope = envelope();
    envelope.bcc.push(address("ANNA@bjork.example"));
    let recipients: Vec<_> = envelope.recipients().into_iter().map(MailAddress::as_str).collect();
    assert_eq!(recipients, ["ekonomi@bjork.example", "anna@bjork.example", "kontroll@nordvast.example"]);
    let raw = compose(&envelope, &letter(), &Attachment::pdf("f", PDF)).unwrap();
    let raw = String::from_utf8(raw).unwrap().to_lowercase();
    assert!(!raw.contains("kontroll@") && !raw.contains("bcc"));
}

#[test]
fn what_ses_would_refuse_is_refused_here() {
    let pdf = Attachment::pdf("f", PDF);
    let refused = |change: fn(&mut Envelope)| {
        let mut envelope = envelope();
        change(&mut envelope);
        compose(&envelope, &letter(), &pdf).unwrap_err()
    };
    assert_eq!(refused(|envelope| envelope.to.clear()), ComposeError::NoRecipient);
    let many = |envelope: &mut Envelope| {
        envelope.bcc = (0..49).map(|n| address(&format!("a{n}@x.example"))).collect();
    };
    assert_eq!(refused(many), ComposeError::TooManyRecipients(51));
    let tags = |envelope: &mut Envelope| envelope.tags = vec![MessageTag::new("n", "v").unwrap(); MAX_TAGS + 1];
    assert_eq!(refused(tags), ComposeError::TooManyTags(MAX_TAGS + 1));
    for size in [MAX_MESSAGE_BYTES * 4 / 5, MAX_MESSAGE_BYTES + 1] {
        let bytes = vec![0; size];
        let error = compose(&envelope(), &letter(), &Attachment::pdf("f", &bytes)).unwrap_err();
        assert!(matches!(error, ComposeError::TooLarge(_)), "{error}");
    }
}

#[test]
fn nothing_personal_in_debug() {
    let shown = format!("{:?} {:?} {:?}", letter(), envelope(), Attachment::pdf("Anna.pdf", PDF));
    for personal in ["Anna", "anna", "Åsa", "Björk", "Nord", "nordvast", "1001"] {
        assert!(!shown.contains(personal), "{shown}");
    }
}

/// Text that tries: any Unicode, and the pieces an injection is made of.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        proptest::sample::select(vec![
            "\r\nBcc: x@evil.example",
            "\n\n",
            "\r",
            "=?utf-8?Q?=0D=0ABcc:_x?=",
            "\"",
            "\\",
            "<",
            ">",
            ",",
            ";",
            ":",
            "å",
            "\u{2028}",
            "\u{85}",
            "\0",
            "(",
            ")",
            "--",
            " ",
            "\t",
            "=",
            "'",
            "%",
            "\u{a0}",
            "😀",
            "a",
        ])
        .prop_map(str::to_owned),
        "[a-zA-ZåäöÅÄÖ &.]{0,90}",
    ];
    proptest::collection::vec(piece, 0..5).prop_map(|all| all.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_name_or_subject_makes_a_header(subject in hostile(), sender in hostile(), customer in hostile(), file in hostile()) {
        let mut envelope = envelope();
        envelope.from = Mailbox::new(Some(&sender), address("a@x.example"));
        envelope.reply_to = Some(Mailbox::new(Some(&customer), address("b@x.example")));
        envelope.to = vec![Mailbox::new(Some(&customer), address("c@x.example")), Mailbox::new(Some(&sender), address("d@x.example"))];
        let raw = compose(&envelope, &RenderedLetter { subject, ..letter() }, &Attachment::pdf(&file, PDF)).unwrap();
        prop_assert_eq!(header_names(&raw), HEADERS);
        let mail = MessageParser::new().parse(&raw).unwrap();
        let to: Vec<_> = mail.to().unwrap().iter().map(|found| found.address().unwrap().to_owned()).collect();
        prop_assert_eq!(to, ["c@x.example", "d@x.example"]);
        prop_assert!(mail.bcc().is_none());
        prop_assert_eq!(mail.parts.len(), 5);
    }

    #[test]
    fn no_job_makes_a_header(text in prop_oneof![hostile(), "[!-~]{1,210}", "[a-zA-Z0-9:._/#+-]{1,200}"]) {
        if let Ok(job) = text.parse::<JobReference>() {
            let raw = compose(&Envelope { job: Some(job), ..envelope() }, &letter(), &Attachment::pdf("f", PDF)).unwrap();
            prop_assert_eq!(header_names(&raw), HEADERS);
            let mail = MessageParser::new().parse(&raw).unwrap();
            prop_assert_eq!(mail.header("X-Fakturapilot-Job").unwrap().as_text(), Some(text.as_str()));
        }
    }

    #[test]
    fn any_letter_reads_back(
        subject in "[a-zA-ZåäöÅÄÖæøß0-9&,.\"'()€😀-]{1,40}( [a-zåäö0-9:;=?_<>@-]{1,30}){0,6}",
        name in "[a-zA-ZåäöÅÄÖæøß0-9&,.\"'()€😀-]{1,20}( [a-zåäö0-9:;=?_<>@-]{1,20}){0,3}",
        file in "[a-zA-ZåäöÅÄÖ0-9%'*=;_-]{1,20}( [a-zåäö0-9]{1,20}){0,2}",
        text in "([ -~åäö€\u{a0}]{0,120}[!-~]\n){0,8}[!-~]{1,5}\n",
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        let mut envelope = envelope();
        envelope.from = Mailbox::new(Some(&name), address("a@x.example"));
        let html = format!("<p>{text}</p>\n");
        assert_reads_back(&envelope, &RenderedLetter { subject, text, html, logo: None }, &Attachment::pdf(&file, &bytes));
    }
}
