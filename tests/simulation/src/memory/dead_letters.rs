//! The dead letters of the queues in memory.

use chrono::{DateTime, TimeDelta, Utc};

use workflow::{
    dead_letters::{DeadLetter, DeadLetterQueue, LetterId, Record, Told},
    ports::{Clock, DeadLetters, GiveUp, GivenUp, InHand, Listing, PortError},
};

use super::{MOST_TRIES, MemoryQueues};
use crate::{faults::Call, lock};

/// How long a letter is in the hands of whoever took it.
const HELD_FOR: TimeDelta = TimeDelta::seconds(30);

/// Letters that one look finds, as SQS gives them.
const AT_A_LOOK: usize = 10;

/// All letters, in the order they came.
#[derive(Debug, Default)]
pub(super) struct Letters {
    lying: Vec<Lying>,
    /// Letters and holdings so far, for their ids.
    ids: u64,
}

#[derive(Debug)]
struct Lying {
    letter: DeadLetter,
    held_until: Option<DateTime<Utc>>,
    receipt: u64,
}

impl Letters {
    fn add(&mut self, queue: DeadLetterQueue, id: LetterId, body: &str, told: Told) {
        let letter = DeadLetter::read(queue, id, body.to_owned(), told);
        self.lying.push(Lying { letter, held_until: None, receipt: 0 });
    }

    /// The queue moves a message by itself: under its own id, and without a word.
    pub(super) fn moved(&mut self, record: &Record) {
        let told = Told { first_sent_at: record.sent_at, ..Told::default() };
        self.add(DeadLetterQueue::of(record.queue), LetterId::new(&record.id), &record.body, told);
    }

    fn next_id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    fn of(&self, queue: DeadLetterQueue) -> impl Iterator<Item = &Lying> {
        self.lying.iter().filter(move |lying| lying.letter.queue == queue)
    }

    /// Takes those that are `wanted` in hand, at most `most`.
    fn hold(&mut self, most: usize, until: DateTime<Utc>, wanted: impl Fn(&Lying) -> bool) -> Vec<InHand> {
        let Self { lying, ids } = self;
        let take = |lying: &mut Lying| {
            *ids += 1;
            (lying.held_until, lying.receipt) = (Some(until), *ids);
            InHand { letter: lying.letter.clone(), receipt: ids.to_string() }
        };
        lying.iter_mut().filter(|lying| wanted(lying)).take(most).map(take).collect()
    }
}

impl Lying {
    fn is_free(&self, now: DateTime<Utc>) -> bool {
        self.held_until.is_none_or(|until| until <= now)
    }

    fn is_in(&self, hand: &InHand) -> bool {
        self.letter.id == hand.letter.id && self.receipt.to_string() == hand.receipt
    }
}

impl MemoryQueues {
    /// The letters of a queue, held ones included.
    pub fn letters(&self, queue: DeadLetterQueue) -> Vec<DeadLetter> {
        lock(&self.state).letters.of(queue).map(|lying| lying.letter.clone()).collect()
    }

    /// Puts any text with the dead letters.
    pub fn put_letter(&self, queue: DeadLetterQueue, body: &str) {
        let letters = &mut lock(&self.state).letters;
        let id = LetterId::new(format!("letter-{}", letters.next_id()));
        letters.add(queue, id, body, Told { arrived_at: Some(self.clock.now()), ..Told::default() });
    }
}

impl GiveUp for MemoryQueues {
    fn most_tries(&self) -> u32 {
        MOST_TRIES
    }

    async fn give_up(&self, letter: &GivenUp<'_>) -> Result<(), PortError> {
        let told = Told {
            error: Some(letter.error.to_owned()),
            tries: Some(letter.tries),
            first_sent_at: letter.first_sent_at,
            arrived_at: Some(self.clock.now()),
            original_id: Some(letter.id.to_owned()),
        };
        let give_up = || {
            let letters = &mut lock(&self.state).letters;
            let id = LetterId::new(format!("letter-{}", letters.next_id()));
            letters.add(DeadLetterQueue::of(letter.queue), id, letter.body, told);
        };
        self.faults.store(Call::GiveUp, "giving up a message", give_up).await
    }
}

impl DeadLetters for MemoryQueues {
    async fn list(&self, queue: DeadLetterQueue, limit: usize) -> Result<Listing, PortError> {
        let now = self.clock.now();
        let list = || {
            let state = lock(&self.state);
            let seen = state.letters.of(queue).filter(|lying| lying.is_free(now));
            let mut letters: Vec<_> = seen.take(limit).map(|lying| lying.letter.clone()).collect();
            letters.sort_by_key(DeadLetter::since);
            let more = state.letters.of(queue).count() - letters.len();
            Listing { letters, more: u64::try_from(more).unwrap_or(u64::MAX) }
        };
        self.faults.store(Call::ListLetters, "listing dead letters", list).await
    }

    async fn take(&self, queue: DeadLetterQueue, id: &LetterId) -> Result<Option<InHand>, PortError> {
        let until = self.clock.now() + HELD_FOR;
        // Held by somebody or not: waiting until that's over takes no time here.
        let wanted = |lying: &Lying| lying.letter.queue == queue && lying.letter.id == *id;
        let take = || lock(&self.state).letters.hold(1, until, wanted).pop();
        self.faults.store(Call::TakeLetter, "taking a dead letter", take).await
    }

    async fn take_any(&self, queue: DeadLetterQueue) -> Result<Vec<InHand>, PortError> {
        let now = self.clock.now();
        let wanted = |lying: &Lying| lying.letter.queue == queue && lying.is_free(now);
        let take = || lock(&self.state).letters.hold(AT_A_LOOK, now + HELD_FOR, wanted);
        self.faults.store(Call::TakeLetters, "taking dead letters", take).await
    }

    async fn put_back(&self, held: &InHand) -> Result<(), PortError> {
        let put_back = || {
            let mut state = lock(&self.state);
            if let Some(lying) = state.letters.lying.iter_mut().find(|lying| lying.is_in(held)) {
                lying.held_until = None;
            }
        };
        self.faults.store(Call::PutBackLetter, "putting back a dead letter", put_back).await
    }

    async fn delete(&self, held: &InHand) -> Result<(), PortError> {
        let delete = || lock(&self.state).letters.lying.retain(|lying| !lying.is_in(held));
        self.faults.store(Call::DeleteLetter, "removing a dead letter", delete).await
    }
}
