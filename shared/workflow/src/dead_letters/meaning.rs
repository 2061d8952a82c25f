//! What a letter means to the person who finds it.

use super::{Content, DeadLetter};
use crate::message::{
    BookingMessage, DeliveryMessage, DigestMessage, Message, PriceMessage, ScanMessage, SweepMessage,
};

impl DeadLetter {
    /// What it means that this letter lies here, and what a person can do. Why it does is [`DeadLetter::why`].
    pub fn what_it_means(&self) -> String {
        match &self.content {
            Content::Message(message) => {
                format!("{} So this letter can be redriven or discarded without risk.", found_without(message))
            }
            Content::Tick(_) => {
                "A tick of a schedule failed. The next tick finds everything that is due, so this letter can be discarded."
                    .to_owned()
            }
            Content::Unreadable { .. } => {
                "This version can't read it. If a newer version sent it, deploy that version and redrive the letter. \
                 Otherwise find out who sends such messages, and discard it."
                    .to_owned()
            }
        }
    }
}

/// How the work that a message asks for is found without it.
fn found_without(message: &Message) -> String {
    match message {
        Message::Scan(ScanMessage::Tenant { tenant, .. }) => format!(
            "A scan of {tenant} didn't get through. The heartbeat starts it again by itself, a quarter of an hour after the \
             last time."
        ),
        Message::Scan(ScanMessage::Agreement { tenant, agreement }) => format!(
            "Agreement {agreement} of {tenant} was to be looked at again, since another period may be due. The tenant's next \
             daily scan does that by itself."
        ),
        Message::Scan(ScanMessage::Preflight { tenant }) => format!(
            "A pre-flight of {tenant} didn't get through. Nothing starts it again by itself: requeue the letter, or ask for it \
             anew. Until then the tenant's last pre-flight counts."
        ),
        Message::Booking(BookingMessage::Job { job }) => {
            format!("The job {job} was to be created or booked. The heartbeat finds it by itself at its wake-up time.")
        }
        Message::Delivery(DeliveryMessage::Job { job }) => {
            format!("The job {job} was to be delivered. The heartbeat finds it by itself at its wake-up time.")
        }
        Message::Sweep(SweepMessage::Tenant { tenant, .. }) => format!(
            "A sweep of {tenant}'s drafts didn't get through. The heartbeat starts it again by itself, a quarter of an hour \
             after the last time."
        ),
        Message::Sweep(SweepMessage::Draft { tenant, draft }) => format!(
            "Draft {draft} of {tenant} was to be looked at, since its integration says that it's finished. That word is kept, \
             and the tenant's next sweep finds it by itself."
        ),
        Message::Prices(PriceMessage::Tenant { tenant }) => format!(
            "A comparison of {tenant}'s prices with its lists didn't get through. The heartbeat goes on with it by itself, a quarter \
             of an hour after the last time."
        ),
        Message::Digest(DigestMessage::Tenant { tenant }) => format!(
            "A digest or a notice for {tenant} didn't get through. The heartbeat tries again by itself, a quarter of an hour after the \
             last time; a mail that may have been sent is never sent again."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dead_letters::{DeadLetterQueue, LetterId, Told};

    #[test]
    fn every_letter_says_what_it_is_about_and_what_can_be_done() {
        let letters = [
            (
                DeadLetterQueue::Scan,
                r#"{"kind":"scan_tenant.v1","tenant":"fortnox-1","page":1,"counted":0}"#,
                "fortnox-1",
            ),
            (DeadLetterQueue::Scan, r#"{"kind":"scan_agreement.v1","tenant":"fortnox-1","agreement":"A 7"}"#, "A 7"),
            (
                DeadLetterQueue::Booking,
                r#"{"kind":"book.v1","job":"fortnox-1:7:2026-01-31"}"#,
                "fortnox-1:7:2026-01-31",
            ),
            (
                DeadLetterQueue::Delivery,
                r#"{"kind":"deliver.v1","job":"fortnox-1:8:2026-01-31"}"#,
                "fortnox-1:8:2026-01-31",
            ),
            (DeadLetterQueue::Sweep, r#"{"kind":"sweep_tenant.v1","tenant":"economic-1","after":null}"#, "economic-1"),
            (DeadLetterQueue::Sweep, r#"{"kind":"sweep_draft.v1","tenant":"economic-1","draft":148}"#, "148"),
            (DeadLetterQueue::Prices, r#"{"kind":"prices_tenant.v1","tenant":"fortnox-1"}"#, "fortnox-1"),
            (DeadLetterQueue::Digest, r#"{"kind":"digest_tenant.v1","tenant":"fortnox-1"}"#, "fortnox-1"),
            (DeadLetterQueue::Schedule, r#"{"tick":"scan"}"#, "tick"),
            (DeadLetterQueue::Schedule, r#"{"tick":"sweep"}"#, "tick"),
            (DeadLetterQueue::Booking, "gibberish", "who sends"),
        ];
        for (queue, body, about) in letters {
            let letter = DeadLetter::read(queue, LetterId::new("1"), body.to_owned(), Told::default());
            let meaning = letter.what_it_means();
            assert!(meaning.contains(about) && meaning.contains("discard"), "{meaning}");
            let safe = matches!(letter.content, Content::Message(_));
            assert_eq!(meaning.contains("without risk"), safe, "{meaning}");
            assert!(!meaning.contains("gibberish"), "{meaning}");
        }
    }
}
