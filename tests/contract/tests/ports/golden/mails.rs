//! What is remembered of mails.

use contract::ports::{
    Store,
    mails::{counted, record},
    sample::{date, morning, tenant},
};
use domain::mail::{AddressHash, MailCounts, MailEvent, MailState, Reported};
use workflow::{
    FeedbackMessage, Message, WorkQueue,
    ports::{MailBook, MailStop},
};

use super::as_ever;
use crate::dynamo::{DynamoStore, JOURNAL};

const STATES: [MailState; 8] = [
    MailState::Queued,
    MailState::Accepted,
    MailState::Delayed,
    MailState::Failed,
    MailState::Delivered,
    MailState::Rejected,
    MailState::Bounced,
    MailState::Complained,
];

fn event(nth: u8, state: MailState) -> MailEvent {
    let address = AddressHash::of(&tenant(1), "kund@kund.example");
    let recipients = vec![Reported { address, code: Some("5.1.1".to_owned()) }];
    let mail = record(&tenant(1), nth).mail;
    MailEvent { tenant: tenant(1), mail, accepted_as: "ses-1".to_owned(), state, at: morning(), recipients }
}

#[tokio::test]
async fn mails_in_every_state() {
    let store = DynamoStore::start().await;
    for (nth, state) in (1..).zip(STATES) {
        store.mails().keep(&record(&tenant(1), nth)).await.unwrap();
        let mut kept = store.mails().record(&record(&tenant(1), nth).mail).await.unwrap().unwrap();
        kept.record.fold(&event(nth, state));
        let adds = counted("2026-03-29", 1, u32::from(state == MailState::Bounced));
        store.mails().save(&kept, &adds).await.unwrap();
    }
    let store = as_ever("mails", JOURNAL, store.items(JOURNAL)).await;
    for (nth, state) in (1..).zip(STATES) {
        let kept = store.mails().record(&record(&tenant(1), nth).mail).await.unwrap().unwrap();
        let states: Vec<_> = kept.record.recipients.values().map(|recipient| recipient.state).collect();
        assert_eq!(states, [state]);
    }
    assert_eq!(
        store.mails().counts(&tenant(1), date("2026-03-29")).await.unwrap(),
        MailCounts { accepted: 8, bounced: 1 }
    );
}

#[tokio::test]
async fn whom_no_mail_goes_to() {
    let store = DynamoStore::start().await;
    let whom = AddressHash::of(&tenant(1), "kund@kund.example");
    let stops = [MailStop::Address(whom.clone()), MailStop::Customer("A#7 å".parse().unwrap())];
    for stop in &stops {
        store.mails().stop(&tenant(1), stop, morning()).await.unwrap();
    }
    let store = as_ever("mail-stops", JOURNAL, store.items(JOURNAL)).await;
    for stop in &stops {
        assert_eq!(store.mails().stopped(&tenant(1), stop).await.unwrap(), Some(morning()));
    }
}

/// As we put it back into the queue, and as it was put there by a version before this one.
#[test]
fn an_event_that_comes_again() {
    let text = r#"{"kind":"mail_event.v1","event":{"tenant":"fortnox-1","mail":"fp_00000000000000000000000000000001","accepted_as":"ses-1","state":"bounced","at":"2026-03-29T04:00:00.125Z","recipients":[{"address":"ADDRESS","code":"5.1.1"}]}}"#;
    let text = text.replace("ADDRESS", AddressHash::of(&tenant(1), "kund@kund.example").as_str());
    let message = Message::Feedback(FeedbackMessage { event: Some(event(1, MailState::Bounced)), times: 0 });
    assert_eq!(message.body().unwrap(), text);
    assert_eq!(WorkQueue::Feedback.read(&text).unwrap(), message);
}
