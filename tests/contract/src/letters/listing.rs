//! To look at the letters.

use std::collections::BTreeSet;

use workflow::{
    WorkQueue,
    dead_letters::{DeadLetterQueue, list},
    ports::{DeadLetters, Listing},
};

use super::{ALL, CROWD, Office, book, given_up, listed};

const QUEUE: DeadLetterQueue = DeadLetterQueue::Booking;

/// Nothing there is nothing found.
pub async fn without_letters_nothing_is_listed<O: Office>() {
    let office = O::open().await;
    for queue in DeadLetterQueue::ALL {
        assert_eq!(office.letters().list(queue, ALL).await.unwrap(), Listing::default());
    }
}

/// As often as one likes, and at once for others.
pub async fn looking_leaves_every_letter_where_it_is<O: Office>() {
    let office = O::open().await;
    for n in 0..CROWD {
        office.put_letter(QUEUE, &book(n)).await;
    }
    let first = listed(&office, QUEUE).await;
    assert_eq!(first.len(), CROWD);
    let bodies: BTreeSet<_> = first.iter().map(|letter| letter.body.clone()).collect();
    assert_eq!(bodies, (0..CROWD).map(book).collect());
    assert!(first.is_sorted_by_key(workflow::dead_letters::DeadLetter::since));
    let mut again = listed(&office, QUEUE).await;
    again.sort_by_key(|letter| first.iter().position(|known| known.id == letter.id));
    assert_eq!(again, first);
    assert_eq!(office.in_letters(QUEUE).await.len(), CROWD);
}

/// Up to the limit, and how many there are besides.
pub async fn a_limit_is_kept_and_the_rest_is_told<O: Office>() {
    let office = O::open().await;
    for n in 0..CROWD {
        office.put_letter(QUEUE, &book(n)).await;
    }
    for limit in [0, 3, CROWD - 1] {
        let listing = office.letters().list(QUEUE, limit).await.unwrap();
        assert_eq!((listing.letters.len(), listing.more), (limit, u64::try_from(CROWD - limit).unwrap()));
    }
}

/// What can't be seen is told of.
pub async fn a_letter_in_somebody_s_hands_is_counted<O: Office>() {
    let office = O::open().await;
    office.put_letter(QUEUE, &book(1)).await;
    let held = office.letters().take_any(QUEUE).await.unwrap();
    assert_eq!(held.len(), 1);
    office.put_letter(QUEUE, &book(2)).await;
    let listing = office.letters().list(QUEUE, 1).await.unwrap();
    assert_eq!((&listing.letters[0].body, listing.more), (&book(2), 1));
}

/// All queues in one list.
pub async fn all_queues_are_listed_together<O: Office>() {
    let office = O::open().await;
    given_up(&office, WorkQueue::Scan, "gibberish", "no").await;
    office.put_letter(DeadLetterQueue::Delivery, "gibberish").await;
    office.put_letter(DeadLetterQueue::Schedule, r#"{"tick":"scan"}"#).await;
    let all = list(office.letters(), None, ALL).await.unwrap();
    let queues: Vec<_> = all.letters.iter().map(|letter| letter.queue).collect();
    assert_eq!(queues, [DeadLetterQueue::Scan, DeadLetterQueue::Delivery, DeadLetterQueue::Schedule]);
    let one = list(office.letters(), Some(DeadLetterQueue::Scan), ALL).await.unwrap();
    assert_eq!(one.letters, all.letters[..1]);
}
