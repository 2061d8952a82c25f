//! To redrive and to discard.

use futures_util::future::join;
use workflow::{
    WorkQueue,
    dead_letters::{Acted, DeadLetterQueue, Deed, LetterDeed, RedriveError, discard, redrive, redrive_all},
    ports::{Journal, Ports},
};

use super::{CROWD, Office, book, given_up, listed, message, the_letter};

const QUEUE: DeadLetterQueue = DeadLetterQueue::Booking;

async fn deeds<O: Office>(office: &O, queue: DeadLetterQueue) -> Vec<LetterDeed> {
    office.ports().journal().deeds(queue, super::ALL).await.unwrap()
}

/// Back to its own queue with all tries before it; and when that fails again, a letter again.
pub async fn a_redriven_letter_is_a_new_message_of_its_queue<O: Office>() {
    let office = O::open().await;
    for queue in WorkQueue::ALL {
        let (letters, body) = (DeadLetterQueue::of(queue), message(queue));
        given_up(&office, queue, &body, "first").await;
        let letter = the_letter(&office, letters).await;
        let acted = redrive(office.ports(), office.letters(), "Åsa", letters, &letter.id).await.unwrap();
        assert_eq!(acted, Acted::Done(Box::new(letter.clone())));
        assert_eq!(office.in_letters(letters).await, [""; 0]);

        let record = office.hand_out(queue).await.expect("the message");
        assert_eq!((record.body.as_str(), record.tries), (body.as_str(), Some(1)));
        office.dealt_with(&record).await;
        let told = deeds(&office, letters).await;
        let [deed] = &told[..] else { panic!("{told:?}") };
        assert_eq!((deed.by.as_str(), deed.deed, &deed.letter, deed.done), ("Åsa", Deed::Redrive, &letter.id, true));
        assert_eq!((deed.queue, &deed.body, deed.error.as_deref()), (letters, &body, Some("first")));
    }
}

/// Gone, and told of.
pub async fn a_discarded_letter_goes_nowhere<O: Office>() {
    let office = O::open().await;
    office.put_letter(DeadLetterQueue::Schedule, "gibberish").await;
    let letter = the_letter(&office, DeadLetterQueue::Schedule).await;
    let acted = discard(office.ports(), office.letters(), "Bo", letter.queue, &letter.id).await.unwrap();
    assert_eq!(acted, Acted::Done(Box::new(letter.clone())));
    assert_eq!(office.in_letters(letter.queue).await, [""; 0]);
    for queue in WorkQueue::ALL {
        assert_eq!(office.in_queue(queue).await, [""; 0]);
    }
    let told = deeds(&office, letter.queue).await;
    let [deed] = &told[..] else { panic!("{told:?}") };
    assert_eq!((deed.by.as_str(), deed.deed, &deed.letter, deed.done), ("Bo", Deed::Discard, &letter.id, true));
    assert_eq!(deed.body, "gibberish");
}

/// And free for others at once.
pub async fn an_unreadable_letter_stays_where_it_is<O: Office>() {
    let office = O::open().await;
    office.put_letter(QUEUE, r#"{"kind":"book.v9"}"#).await;
    let letter = the_letter(&office, QUEUE).await;
    let refusal = redrive(office.ports(), office.letters(), "Åsa", QUEUE, &letter.id).await.unwrap_err();
    assert!(matches!(&refusal, RedriveError::Unreadable { id, .. } if *id == letter.id), "{refusal}");
    assert_eq!(the_letter(&office, QUEUE).await, letter);
    assert_eq!(office.in_queue(WorkQueue::Booking).await, [""; 0]);
    assert_eq!(deeds(&office, QUEUE).await, []);
}

/// Two people at once, with one letter: one or both do it, and a late one is told so.
pub async fn of_two_at_once_each_gets_an_answer_and_nothing_is_lost<O: Office>() {
    let office = O::open().await;
    let (ports, letters) = (office.ports(), office.letters());
    office.put_letter(QUEUE, &book(1)).await;
    let id = the_letter(&office, QUEUE).await.id;
    let (one, other) =
        join(redrive(ports, letters, "Åsa", QUEUE, &id), redrive(ports, letters, "Bo", QUEUE, &id)).await;
    let done = [one.unwrap(), other.unwrap()].iter().filter(|acted| matches!(acted, Acted::Done(_))).count();
    assert!(done > 0, "nobody did it");
    assert_eq!(office.in_queue(WorkQueue::Booking).await, vec![book(1); done]);
    assert_eq!(office.in_letters(QUEUE).await, [""; 0]);
    assert_eq!(deeds(&office, QUEUE).await.len(), done);
    let late = discard(ports, letters, "Cecilia", QUEUE, &id).await.unwrap();
    assert_eq!(late, Acted::AlreadyGone);
}

/// What can be read goes back; what can't is named and left.
pub async fn all_readable_letters_of_a_queue_go_back<O: Office>() {
    let office = O::open().await;
    for n in 0..CROWD {
        office.put_letter(QUEUE, &book(n)).await;
        if n % 10 == 0 {
            office.put_letter(QUEUE, &format!("gibberish {n}")).await;
        }
    }
    let unreadable = CROWD.div_ceil(10);
    let other = DeadLetterQueue::Delivery;
    office.put_letter(other, &message(WorkQueue::Delivery)).await;
    let all = redrive_all(office.ports(), office.letters(), "Åsa", QUEUE).await.unwrap();
    assert_eq!((all.redriven.len(), all.refused.len()), (CROWD, unreadable));
    assert_eq!((all.elsewhere.len(), all.more, all.stopped.is_none()), (0, 0, true));
    let mut sent = office.in_queue(WorkQueue::Booking).await;
    sent.sort();
    let mut expected: Vec<_> = (0..CROWD).map(book).collect();
    expected.sort();
    assert_eq!(sent, expected);
    let left = listed(&office, QUEUE).await;
    assert!(left.len() == unreadable && left.iter().all(|letter| letter.body.starts_with("gibberish")), "{left:?}");
    assert_eq!(deeds(&office, QUEUE).await.len(), CROWD);
    assert_eq!(office.in_letters(other).await.len(), 1);
}
