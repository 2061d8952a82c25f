//! A worker gives a message up, or doesn't live to.

use workflow::{
    WorkQueue,
    dead_letters::{Content, DeadLetterQueue, MOST_ERROR_CHARS, NOBODY_LIVED},
    ports::GiveUp,
};

use super::{Office, given_up, listed, message, the_letter};

/// Of every queue, and in no other's letters.
pub async fn the_last_try_s_words_are_kept_with_the_letter<O: Office>() {
    let office = O::open().await;
    for queue in WorkQueue::ALL {
        let (body, words) = (message(queue), format!("claiming a job: no answer of {queue:?}"));
        let record = given_up(&office, queue, &body, &words).await;
        assert_eq!(office.in_queue(queue).await, [""; 0]);

        let letter = the_letter(&office, DeadLetterQueue::of(queue)).await;
        assert_eq!((letter.queue, &letter.body), (DeadLetterQueue::of(queue), &body));
        assert!(matches!(&letter.content, Content::Message(message) if message.queue() == queue), "{letter:?}");
        assert_eq!(letter.why(), words);
        assert_eq!(letter.told.tries, Some(office.worker(queue).most_tries()));
        assert_eq!(letter.told.original_id.as_deref(), Some(record.id.as_str()));
        assert!(record.sent_at.is_some());
        assert_eq!(letter.told.first_sent_at, record.sent_at);
        assert!(letter.told.arrived_at >= record.sent_at, "{letter:?}");
    }
}

/// The queue moves it by itself, under its own id.
pub async fn a_message_whose_workers_all_died_is_moved_without_words<O: Office>() {
    let office = O::open().await;
    let queue = WorkQueue::Booking;
    office.send(queue, &message(queue)).await;
    let mut last = None;
    for _ in 0..office.worker(queue).most_tries() {
        let record = office.hand_out(queue).await.expect("a message");
        office.come_back(&record).await;
        last = Some(record);
    }
    assert_eq!(office.hand_out(queue).await, None);
    let (letter, last) = (the_letter(&office, DeadLetterQueue::Booking).await, last.unwrap());
    assert_eq!((&letter.body, letter.why()), (&last.body, NOBODY_LIVED));
    assert_eq!((letter.id.as_str(), letter.told.first_sent_at), (last.id.as_str(), last.sent_at));
    assert_eq!((letter.told.error, letter.told.tries, letter.told.arrived_at), (None, None, None));
}

/// Words that a queue wouldn't take as they are.
pub async fn long_and_odd_words_cost_no_letter<O: Office>() {
    let office = O::open().await;
    let odd = "\u{1b}[31mred\u{0} å 🧾 \u{FFFF}";
    let words = format!("{odd} {}", "🧾".repeat(4 * MOST_ERROR_CHARS));
    given_up(&office, WorkQueue::Scan, "gibberish", &words).await;
    let letter = the_letter(&office, DeadLetterQueue::Scan).await;
    assert!(letter.why().contains("red") && letter.why().contains("å 🧾"), "{}", letter.why());
    assert_eq!(letter.why().chars().count(), MOST_ERROR_CHARS);
    assert!(matches!(letter.content, Content::Unreadable { .. }));
}

/// A queue that doesn't say how often it handed a message out: it alone counts then.
pub async fn without_a_count_nothing_is_given_up<O: Office>() {
    let office = O::open().await;
    let queue = WorkQueue::Delivery;
    office.send(queue, &message(queue)).await;
    let mut record = office.hand_out(queue).await.expect("a message");
    record.tries = None;
    assert!(!workflow::dead_letters::failed(office.worker(queue), &record, "no").await);
    assert_eq!(listed(&office, DeadLetterQueue::Delivery).await, []);
}
