#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::*;
use crate::mail::Reported;

fn tenant() -> TenantId {
    "fortnox-1".parse().unwrap()
}

fn address(name: &str) -> AddressHash {
    AddressHash::of(&tenant(), name)
}

fn at(minute: u32) -> DateTime<Utc> {
    format!("2026-02-01T06:{minute:02}:00Z").parse().unwrap()
}

fn record(customers: &[&str]) -> MailRecord {
    let of = |name: &&str, role| (address(name), Recipient::announced(role, at(0)));
    let customers = customers.iter().map(|name| of(name, Role::Customer));
    MailRecord {
        tenant: tenant(),
        mail: MailName::of_text("fp.3fb423f3cad7835c343b1c28022cd403@example.se"),
        job: JobKey::new(tenant(), "7".parse().unwrap(), "2026-02-01".parse().unwrap()),
        invoice: "1001".parse().unwrap(),
        customer: "10".parse().unwrap(),
        announced_at: at(0),
        recipients: customers.chain([of(&"user", Role::ControlCopy)]).collect(),
        accepted_as: None,
    }
}

impl MailRecord {
    fn fold_all(&mut self, events: &[MailEvent]) {
        for event in events {
            self.fold(event);
        }
    }
}

fn event(state: MailState, minute: u32, recipients: &[&str]) -> MailEvent {
    let reported = |name: &&str| Reported { address: address(name), code: Some("5.1.1".to_owned()) };
    MailEvent {
        tenant: tenant(),
        mail: record(&[]).mail,
        accepted_as: "ses-1".to_owned(),
        state,
        at: at(minute),
        recipients: recipients.iter().map(reported).collect(),
    }
}

const STATES: [MailState; 7] = [
    MailState::Accepted,
    MailState::Delayed,
    MailState::Failed,
    MailState::Delivered,
    MailState::Rejected,
    MailState::Bounced,
    MailState::Complained,
];

fn any_event() -> impl Strategy<Value = MailEvent> {
    let names: [&'static [&'static str]; 5] = [&[], &["anna"], &["arne"], &["anna", "user"], &["somebody else"]];
    (prop::sample::select(STATES.to_vec()), 0..9u32, prop::sample::select(names.to_vec()))
        .prop_map(|(state, minute, names)| event(state, minute, names))
}

proptest! {
    #[test]
    fn neither_order_nor_doubles_matter(
        events in prop::collection::vec(any_event(), 0..12),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..24),
    ) {
        let mut straight = record(&["anna", "arne"]);
        straight.fold_all(&events);
        let mut shuffled = record(&["anna", "arne"]);
        if !events.is_empty() {
            for index in &order {
                shuffled.fold(index.get(&events));
            }
        }
        for event in events.iter().rev() {
            shuffled.fold(event);
        }
        prop_assert_eq!(&shuffled, &straight);
        for event in &events {
            assert!(!straight.fold(event).changed);
        }
    }

    #[test]
    fn what_is_first_is_first_once(events in prop::collection::vec(any_event(), 0..12)) {
        let mut record = record(&["anna"]);
        let folded: Vec<Folded> = events.iter().map(|event| record.fold(event)).collect();
        prop_assert!(folded.iter().filter(|folded| folded.accepted).count() <= 1);
        prop_assert!(folded.iter().filter(|folded| folded.bounced).count() <= 1);
        prop_assert_eq!(folded.iter().any(|folded| folded.accepted), !events.is_empty());
    }
}

#[test]
fn a_mail_is_lost_when_nobody_at_the_customer_can_have_it() {
    let after = |events: &[MailEvent]| {
        let mut record = record(&["anna", "arne"]);
        record.fold_all(events);
        record.standing()
    };
    let lost = |state| Standing::Lost { state, code: Some("5.1.1".to_owned()) };
    for (events, standing) in [
        (vec![], Standing::Hopeful(MailState::Queued)),
        (vec![event(MailState::Accepted, 1, &[])], Standing::Hopeful(MailState::Accepted)),
        (vec![event(MailState::Bounced, 1, &["anna"])], Standing::Hopeful(MailState::Queued)),
        (
            vec![event(MailState::Bounced, 1, &["anna"]), event(MailState::Failed, 2, &["arne"])],
            lost(MailState::Bounced),
        ),
        (
            vec![event(MailState::Bounced, 1, &["anna"]), event(MailState::Delivered, 2, &["arne"])],
            Standing::Hopeful(MailState::Delivered),
        ),
        // An automatic answer to what arrived.
        (
            vec![event(MailState::Delivered, 1, &["anna"]), event(MailState::Failed, 2, &["anna", "arne"])],
            Standing::Hopeful(MailState::Delivered),
        ),
        (vec![event(MailState::Delivered, 1, &[]), event(MailState::Complained, 2, &["arne"])], Standing::Unwanted),
        (vec![event(MailState::Bounced, 1, &["user"])], Standing::Hopeful(MailState::Queued)),
    ] {
        assert_eq!(after(&events), standing, "{events:?}");
    }
}

#[test]
fn a_mailbox_that_was_forwarded_to_is_the_only_one_there_is() {
    let mut one = record(&["anna"]);
    one.recipients.retain(|_, recipient| recipient.role == Role::Customer);
    one.fold(&event(MailState::Bounced, 1, &["somebody else"]));
    assert_eq!(one.dead_addresses().collect::<Vec<_>>(), [&address("anna")]);
    let mut more = record(&["anna"]);
    more.fold(&event(MailState::Bounced, 1, &["somebody else"]));
    assert_eq!(more.dead_addresses().count(), 0, "it can't be told whose");
    assert!(more.was_accepted());
}

/// Told once, when it's news; that nobody has the mail is told with the job.
#[test]
fn what_is_new_of_a_mail_that_came_back() {
    let told = |record: &mut MailRecord, state, minute, whom: &[&str]| {
        record.fold(&event(state, minute, whom)).bounces.into_iter().collect::<Vec<_>>()
    };
    let mut two = record(&["anna", "arne"]);
    assert_eq!(told(&mut two, MailState::Bounced, 1, &["anna"]), [Bounce::InPart]);
    assert_eq!(told(&mut two, MailState::Bounced, 2, &["anna"]), []);
    assert_eq!(told(&mut two, MailState::Delivered, 3, &["arne", "user"]), []);
    assert_eq!(told(&mut two, MailState::Complained, 4, &["arne"]), [Bounce::Complained]);
    assert_eq!(told(&mut two, MailState::Complained, 5, &["arne", "user"]), [Bounce::ControlCopy]);
    let mut one = record(&["anna"]);
    assert_eq!(told(&mut one, MailState::Failed, 1, &["anna", "user"]), [Bounce::ControlCopy]);
    assert_eq!(told(&mut one, MailState::Bounced, 2, &["anna", "user"]), []);
    let mut last = record(&["anna", "arne"]);
    assert_eq!(told(&mut last, MailState::Bounced, 1, &["anna"]), [Bounce::InPart]);
    assert_eq!(told(&mut last, MailState::Bounced, 1, &["arne"]), []);
}
