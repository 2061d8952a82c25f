//! What the digests are made from, and what became of them.

use chrono::TimeDelta;
use contract::ports::{
    Store,
    digests::{kept, line},
    mails::{counted, record},
    sample::{date, morning, tenant},
};
use domain::{
    digest::{Content, Fate, Input, Kept, Line, MailKind, NotMailed, Span, What, compose},
    letters::Language,
    mail::Bounce,
    settings::Channel,
};
use workflow::ports::{Digests, MailAdds, MailBook};

use super::as_ever;
use crate::dynamo::{DynamoStore, JOURNAL};

fn lines() -> Vec<Line> {
    let whats = [
        What::Created { adopted: true },
        What::Booked { found: false },
        What::Delivered { channel: Channel::SesEmail, found: false },
        What::Bounced { why: Bounce::Undeliverable },
        What::Bounced { why: Bounce::InPart },
        What::Bounced { why: Bounce::Complained },
        What::Bounced { why: Bounce::ControlCopy },
    ];
    let at = (0..).map(|minutes| morning() + TimeDelta::minutes(minutes));
    at.zip(whats).map(|(at, what)| Line { what, ..line(&tenant(1), "A#7", at) }).collect()
}

fn span() -> Span {
    Span { from: morning(), to: morning() + TimeDelta::days(1) }
}

#[tokio::test]
async fn lines_of_every_kind() {
    let store = DynamoStore::start().await;
    store.mails().keep(&record(&tenant(1), 1)).await.unwrap();
    let mail = store.mails().record(&record(&tenant(1), 1).mail).await.unwrap().unwrap();
    store.mails().save(&mail, &MailAdds { lines: lines(), ..counted("2026-03-29", 0, 0) }).await.unwrap();
    let store = as_ever("happened", JOURNAL, store.items(JOURNAL)).await;
    assert_eq!(store.journal().happened(&tenant(1), span()).await.unwrap(), lines());
}

fn mails() -> Vec<Kept> {
    let digest = compose(Input {
        tenant: &tenant(1),
        company: Some("Åsas Städ"),
        language: Language::Sv,
        date: date("2026-03-29"),
        span: span(),
        happened: lines(),
        waiting: &[],
        concerns: &[],
        prices: &[],
        coming: Vec::new(),
        mails: Vec::new(),
    });
    let at = morning();
    let fates = [
        Fate::NotMailed { why: NotMailed::NothingToSay },
        Fate::Ready,
        Fate::Intended { at },
        Fate::Accepted { at, accepted_as: "0100-1".to_owned() },
        Fate::Refused { at, words: "MessageRejected".to_owned() },
        Fate::Unknown { at, seen: "no answer".to_owned() },
    ];
    let days = date("2026-03-24").iter_days();
    let notices = days.zip(fates).map(|(day, mail)| Kept { mail, ..kept(&day.to_string(), MailKind::Stopped) });
    let says = Content::Digest(Box::new(digest));
    let digest = Kept { says, ..kept("2026-03-29", MailKind::Digest) };
    notices.chain([digest]).collect()
}

#[tokio::test]
async fn digests_and_notices_with_every_fate() {
    let store = DynamoStore::start().await;
    store.journal().start_digests(&tenant(1), morning()).await.unwrap();
    for mail in mails() {
        store.journal().keep_new(&tenant(1), &mail).await.unwrap();
    }
    let store = as_ever("digests", JOURNAL, store.items(JOURNAL)).await;
    assert_eq!(store.journal().digests_wake(&tenant(1)).await.unwrap(), Some(morning()));
    for mail in mails() {
        let mut read = store.journal().kept(&tenant(1), &mail.key).await.unwrap().unwrap();
        assert_eq!(read.kept, mail);
        store.journal().settle(&tenant(1), &mut read).await.unwrap();
    }
}
