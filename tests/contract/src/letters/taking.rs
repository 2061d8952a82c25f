//! To take a letter in hand.

use workflow::{
    dead_letters::{DeadLetterQueue, LetterId},
    ports::DeadLetters,
};

use super::{CROWD, Office, book, listed, the_letter};

const QUEUE: DeadLetterQueue = DeadLetterQueue::Booking;

/// Hidden until let go, and then there at once.
pub async fn what_is_in_hand_is_seen_by_nobody_until_it_is_put_back<O: Office>() {
    let office = O::open().await;
    let letters = office.letters();
    office.put_letter(QUEUE, &book(1)).await;
    let letter = the_letter(&office, QUEUE).await;
    let held = letters.take(QUEUE, &letter.id).await.unwrap().expect("a letter");
    assert_eq!(held.letter, letter);
    // Not `assert_eq!` on a listing, which takes longer than a holding may last.
    assert_eq!(letters.take_any(QUEUE).await.unwrap(), []);

    let held = letters.take(QUEUE, &letter.id).await.unwrap().expect("it's back in the end");
    letters.put_back(&held).await.unwrap();
    letters.put_back(&held).await.unwrap();
    assert_eq!(the_letter(&office, QUEUE).await, letter);
}

/// For everybody who comes later, who may be late with anything.
pub async fn what_is_removed_is_gone<O: Office>() {
    let office = O::open().await;
    let letters = office.letters();
    office.put_letter(QUEUE, &book(1)).await;
    office.put_letter(QUEUE, &book(2)).await;
    let all = listed(&office, QUEUE).await;
    let gone = all.iter().find(|letter| letter.body == book(1)).unwrap();
    let held = letters.take(QUEUE, &gone.id).await.unwrap().expect("a letter");
    letters.delete(&held).await.unwrap();
    letters.delete(&held).await.unwrap();
    letters.put_back(&held).await.unwrap();
    assert_eq!(letters.take(QUEUE, &gone.id).await.unwrap(), None);
    assert_eq!(office.in_letters(QUEUE).await, [book(2)]);
}

/// By its id among many, which are free again at once.
pub async fn one_of_many_is_found_and_the_others_are_left<O: Office>() {
    let office = O::open().await;
    for n in 0..CROWD {
        office.put_letter(QUEUE, &book(n)).await;
    }
    let all = listed(&office, QUEUE).await;
    let last = all.iter().find(|letter| letter.body == book(CROWD - 1)).unwrap();
    let held = office.letters().take(QUEUE, &last.id).await.unwrap().expect("a letter");
    assert_eq!(held.letter, *last);
    office.letters().delete(&held).await.unwrap();
    assert_eq!(listed(&office, QUEUE).await.len(), CROWD - 1);
}

/// An id is one queue's.
pub async fn a_letter_of_another_queue_is_not_there<O: Office>() {
    let office = O::open().await;
    office.put_letter(QUEUE, &book(1)).await;
    let letter = the_letter(&office, QUEUE).await;
    assert_eq!(office.letters().take(DeadLetterQueue::Delivery, &letter.id).await.unwrap(), None);
    assert_eq!(office.letters().take(QUEUE, &LetterId::new("nobody's")).await.unwrap(), None);
    assert_eq!(the_letter(&office, QUEUE).await, letter);
}

/// Some at a time, until all are in hand.
pub async fn all_are_taken_in_the_end<O: Office>() {
    let office = O::open().await;
    for n in 0..CROWD {
        office.put_letter(QUEUE, &book(n)).await;
    }
    let mut bodies = Vec::new();
    loop {
        let taken = office.letters().take_any(QUEUE).await.unwrap();
        if taken.is_empty() {
            break;
        }
        for held in taken {
            office.letters().delete(&held).await.unwrap();
            bodies.push(held.letter.body);
        }
    }
    bodies.sort();
    let mut expected: Vec<_> = (0..CROWD).map(book).collect();
    expected.sort();
    assert_eq!(bodies, expected);
}
