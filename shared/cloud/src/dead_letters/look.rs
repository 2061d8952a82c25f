//! A person's side: to look, take in hand, put back and remove.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use aws_sdk_sqs::{
    Client,
    error::ProvideErrorMetadata,
    types::{ChangeMessageVisibilityBatchRequestEntry, Message, MessageSystemAttributeName, QueueAttributeName},
};
use workflow::{
    dead_letters::{DeadLetter, DeadLetterQueue, LetterId},
    ports::{DeadLetters, InHand, Listing, PortError},
};

use super::attributes;
use crate::items::failed;

/// How long a letter is hidden from others once it was looked at: longer than the few calls that acting on it takes, and
/// short enough to wait for when somebody died with it in hand.
const HELD_FOR: Duration = Duration::from_secs(30);

/// Most messages that SQS takes or gives in one call.
const AT_A_LOOK: usize = 10;

/// SQS asks all of its servers only when it may wait. A look at an empty queue takes this long.
const LOOK_SECONDS: i32 = 1;

/// Looks in a row after which a search ends, whatever it still meets: twenty thousand letters.
const MOST_LOOKS: usize = 2_000;

/// Addresses of the dead letter queues: the template's outputs.
#[derive(Debug, Clone)]
pub struct DeadLetterUrls {
    /// `ScanDeadLettersUrl`
    pub scan: String,
    /// `BookingDeadLettersUrl`
    pub booking: String,
    /// `DeliveryDeadLettersUrl`
    pub delivery: String,
    /// `SweepDeadLettersUrl`
    pub sweep: String,
    /// `PricesDeadLettersUrl`
    pub prices: String,
    /// `DigestDeadLettersUrl`
    pub digest: String,
    /// `ScheduleDeadLettersUrl`
    pub schedule: String,
}

/// The dead letter queues in SQS.
#[derive(Debug, Clone)]
pub struct SqsDeadLetters {
    client: Client,
    urls: DeadLetterUrls,
    held_for: Duration,
}

/// What SQS says, with or without a prefix, of a receipt whose message isn't in hand any more: it's back, or gone. It has
/// said so in several ways over the years.
const NOT_IN_HAND: [&str; 3] = ["MessageNotInflight", "ReceiptHandleIsInvalid", "InvalidParameterValue"];

/// Letters in this person's hands, each with its newest receipt.
type Held = BTreeMap<LetterId, InHand>;

impl SqsDeadLetters {
    pub(crate) fn new(client: Client, urls: DeadLetterUrls) -> Self {
        Self { client, urls, held_for: HELD_FOR }
    }

    /// Hides what is looked at for another time, in whole seconds and at least one.
    #[must_use]
    pub fn held_for(self, held_for: Duration) -> Self {
        Self { held_for: Duration::from_secs(held_for.as_secs().max(1)), ..self }
    }

    fn url(&self, queue: DeadLetterQueue) -> &str {
        match queue {
            DeadLetterQueue::Scan => &self.urls.scan,
            DeadLetterQueue::Booking => &self.urls.booking,
            DeadLetterQueue::Delivery => &self.urls.delivery,
            DeadLetterQueue::Sweep => &self.urls.sweep,
            DeadLetterQueue::Prices => &self.urls.prices,
            DeadLetterQueue::Digest => &self.urls.digest,
            DeadLetterQueue::Schedule => &self.urls.schedule,
        }
    }

    /// Takes whatever comes first, at most `most`.
    async fn look(&self, queue: DeadLetterQueue, most: usize) -> Result<Vec<InHand>, PortError> {
        let answer = self
            .client
            .receive_message()
            .queue_url(self.url(queue))
            .max_number_of_messages(i32::try_from(most.min(AT_A_LOOK)).unwrap_or(1))
            .visibility_timeout(i32::try_from(self.held_for.as_secs()).unwrap_or(i32::MAX))
            .wait_time_seconds(LOOK_SECONDS)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All")
            .send()
            .await
            .map_err(failed("looking at the dead letters"))?;
        Ok(answer.messages.unwrap_or_default().into_iter().map(|message| in_hand(queue, message)).collect())
    }

    /// How many letters a queue has, about: SQS counts no more exactly.
    async fn count(&self, queue: DeadLetterQueue) -> Result<usize, PortError> {
        use QueueAttributeName::{ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible};
        let names = [ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible];
        let answer = self
            .client
            .get_queue_attributes()
            .queue_url(self.url(queue))
            .set_attribute_names(Some(names.to_vec()))
            .send()
            .await
            .map_err(failed("counting the dead letters"))?;
        let counts = answer.attributes.unwrap_or_default();
        Ok(names.iter().filter_map(|name| counts.get(name)?.parse::<usize>().ok()).sum())
    }

    /// Lets letters go. Those for which that fails are back by themselves a little later.
    async fn put_all_back(&self, queue: DeadLetterQueue, held: &Held) {
        let held: Vec<&InHand> = held.values().collect();
        for some in held.chunks(AT_A_LOOK) {
            let entries = some.iter().enumerate().map(|(n, held)| {
                let entry = ChangeMessageVisibilityBatchRequestEntry::builder().id(n.to_string());
                entry.receipt_handle(&held.receipt).visibility_timeout(0).build()
            });
            let Ok(entries) = entries.collect::<Result<Vec<_>, _>>() else { continue };
            let back = self.client.change_message_visibility_batch().queue_url(self.url(queue));
            if let Err(error) = back.set_entries(Some(entries)).send().await {
                let error = failed("putting back dead letters")(error);
                tracing::warn!(error = error.for_logs(), "dead letters could not be put back");
            }
        }
    }
}

fn in_hand(queue: DeadLetterQueue, message: Message) -> InHand {
    let told = attributes::told(queue, &message);
    let id = LetterId::new(message.message_id.unwrap_or_default());
    let letter = DeadLetter::read(queue, id, message.body.unwrap_or_default(), told);
    InHand { letter, receipt: message.receipt_handle.unwrap_or_default() }
}

fn says_not_in_hand(code: &str) -> bool {
    NOT_IN_HAND.iter().any(|said| code.ends_with(said))
}

/// Adds what was taken. Whether any of it is new: what was held too long comes again.
fn add(held: &mut Held, taken: Vec<InHand>) -> bool {
    let before = held.len();
    held.extend(taken.into_iter().map(|hand| (hand.letter.id.clone(), hand)));
    held.len() > before
}

impl DeadLetters for SqsDeadLetters {
    async fn list(&self, queue: DeadLetterQueue, limit: usize) -> Result<Listing, PortError> {
        let mut held = Held::new();
        while held.len() < limit {
            let taken = self.look(queue, limit - held.len()).await?;
            if !add(&mut held, taken) {
                break;
            }
        }
        let count = self.count(queue).await?;
        self.put_all_back(queue, &held).await;
        let more = u64::try_from(count.saturating_sub(held.len())).unwrap_or(u64::MAX);
        let mut letters: Vec<_> = held.into_values().map(|hand| hand.letter).collect();
        letters.sort_by_key(DeadLetter::since);
        Ok(Listing { letters, more })
    }

    async fn take(&self, queue: DeadLetterQueue, id: &LetterId) -> Result<Option<InHand>, PortError> {
        let begun = Instant::now();
        let mut held = Held::new();
        for _ in 0..MOST_LOOKS {
            let taken = self.look(queue, AT_A_LOOK).await?;
            let none_left = taken.is_empty();
            add(&mut held, taken);
            // Whoever held it when this began must have let it go by now.
            if held.contains_key(id) || (none_left && begun.elapsed() > self.held_for) {
                break;
            }
        }
        let found = held.remove(id);
        self.put_all_back(queue, &held).await;
        Ok(found)
    }

    async fn take_any(&self, queue: DeadLetterQueue) -> Result<Vec<InHand>, PortError> {
        self.look(queue, AT_A_LOOK).await
    }

    async fn put_back(&self, held: &InHand) -> Result<(), PortError> {
        let back = self.client.change_message_visibility().queue_url(self.url(held.letter.queue));
        match back.receipt_handle(&held.receipt).visibility_timeout(0).send().await {
            Ok(_) => Ok(()),
            Err(error) if error.code().is_some_and(says_not_in_hand) => Ok(()),
            Err(error) => Err(failed("putting back a dead letter")(error)),
        }
    }

    async fn delete(&self, held: &InHand) -> Result<(), PortError> {
        self.client
            .delete_message()
            .queue_url(self.url(held.letter.queue))
            .receipt_handle(&held.receipt)
            .send()
            .await
            .map_err(failed("removing a dead letter"))?;
        Ok(())
    }
}
