//! What people did with dead letters.

use workflow::{
    dead_letters::{DeadLetterQueue, Deed, LetterDeed, LetterId},
    ports::Journal,
};

use super::{
    Store,
    sample::{TICK, morning},
};

/// A deed so many ticks after the morning.
pub fn deed(queue: DeadLetterQueue, ticks: i32) -> LetterDeed {
    LetterDeed {
        at: morning() + TICK * ticks,
        by: "Åsa <asa@byran.example>".to_owned(),
        deed: if ticks % 2 == 0 { Deed::Redrive } else { Deed::Discard },
        queue,
        letter: LetterId::new(format!("0d1e9f1e-{ticks}")),
        body: r#"{"kind":"book.v1","job":"fortnox-1:7:2026-03-01"}"#.to_owned(),
        error: (ticks % 2 == 0).then(|| "claiming a job: no answer".to_owned()),
        done: ticks % 2 == 0,
    }
}

/// Every field, the newest first, whatever the order of keeping.
pub async fn what_was_done_with_letters_comes_back_newest_first_up_to_the_limit<S: Store>() {
    let store = S::open().await;
    let journal = store.journal();
    let queue = DeadLetterQueue::Scan;
    assert_eq!(journal.deeds(queue, 10).await.unwrap(), []);
    for ticks in [1, 3, 0, 2] {
        journal.keep_deed(&deed(queue, ticks)).await.unwrap();
    }
    let newest = [3, 2, 1, 0].map(|ticks| deed(queue, ticks));
    assert_eq!(journal.deeds(queue, 10).await.unwrap(), newest);
    assert_eq!(journal.deeds(queue, 2).await.unwrap(), newest[..2]);
    assert_eq!(journal.deeds(queue, 0).await.unwrap(), []);
}

/// Begun, then done. Another letter at the same instant is another deed.
pub async fn a_deed_kept_again_is_one_deed<S: Store>() {
    let store = S::open().await;
    let journal = store.journal();
    let begun = deed(DeadLetterQueue::Booking, 1);
    let done = LetterDeed { done: true, ..begun.clone() };
    let other = LetterDeed { letter: LetterId::new("other"), ..begun.clone() };
    for deed in [&begun, &other, &done] {
        journal.keep_deed(deed).await.unwrap();
    }
    let mut kept = journal.deeds(DeadLetterQueue::Booking, 10).await.unwrap();
    kept.sort_by_key(|deed| deed.done);
    assert_eq!(kept, [other, done]);
}

/// Each queue's deeds by themselves.
pub async fn queues_share_no_deed<S: Store>() {
    let store = S::open().await;
    for (ticks, queue) in (0..).zip(DeadLetterQueue::ALL) {
        store.journal().keep_deed(&deed(queue, ticks)).await.unwrap();
    }
    for (ticks, queue) in (0..).zip(DeadLetterQueue::ALL) {
        assert_eq!(store.journal().deeds(queue, 10).await.unwrap(), [deed(queue, ticks)]);
    }
}
