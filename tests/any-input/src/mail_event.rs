//! What the mail service tells, whatever it tells.
#![expect(clippy::expect_used, reason = "panicking is how a broken promise is told here")]

use std::collections::BTreeMap;

use chrono::DateTime;
use domain::{
    job::JobKey,
    mail::{MailEvent, MailRecord, Recipient, Role, ses},
};

/// Reads any bytes as an event of the mail service. What can be read says nothing of any address, is the same after its way through
/// a queue, and changes a record once.
pub fn any_bytes(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(Some(event)) = ses::read(text) else { return };
    let stored = serde_json::to_string(&event).expect("an event is plain data");
    // The mail service's own name of the mail is whatever it says.
    let others = serde_json::to_string(&MailEvent { accepted_as: String::new(), ..event.clone() });
    assert!(!others.expect("an event is plain data").contains('@'), "an address in {stored}");
    assert_eq!(serde_json::from_str::<MailEvent>(&stored).expect("it was written just now"), event);
    let mut record = record(&event);
    record.fold(&event);
    let once = record.clone();
    assert!(!record.fold(&event).changed && record == once, "folded twice");
    assert!(record.was_accepted());
}

/// The record of the mail that it's about, to the first whom it names and to another.
fn record(event: &MailEvent) -> MailRecord {
    let first = event.recipients.first().map(|reported| reported.address.clone());
    let other = domain::mail::AddressHash::of(&event.tenant, "another");
    let recipients: BTreeMap<_, _> = first
        .into_iter()
        .chain([other])
        .map(|address| (address, Recipient::announced(Role::Customer, DateTime::UNIX_EPOCH)))
        .collect();
    let number = |text: &str| text.parse().expect("digits are a number");
    MailRecord {
        tenant: event.tenant.clone(),
        mail: event.mail.clone(),
        job: JobKey::new(event.tenant.clone(), number("7"), DateTime::UNIX_EPOCH.date_naive()),
        invoice: "1001".parse().expect("digits are an invoice's number"),
        customer: "10".parse().expect("digits are a customer's number"),
        announced_at: DateTime::UNIX_EPOCH,
        recipients,
        accepted_as: None,
    }
}
