//! A draft is booked once, however its answers get lost; and every failure tells whether it may have happened.

use accounting::{AccountingSystem, BookAnswer, Error, Happened};
use chrono::TimeDelta;
use domain::{
    draft::{FoundBooked, REPLAY_WITHIN},
    ids::DraftNumber,
    settings::Channel,
};

use crate::{Call, Deed, DraftSubject, EffectKind, Fault, Scene};

/// Words of a refusal that no adapter can know.
const WORDS: &str = "Kunden må ikke faktureres på en torsdag.";

const KEY: &str = "7b0a4d5e-1";

/// Nothing is sent by it, and the invoice is what the draft was.
pub async fn one_call_books_one_draft_by_one_request<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let draft = &subject.drafts().draft;
    let invoice = booked(book(&subject, draft.number, KEY).await);
    let ledger = subject.ledger();
    assert_eq!(ledger.requests(Call::BookDraft), 1);
    assert_eq!(ledger.changes(), ledger.effects(EffectKind::InvoiceBooked), "nothing is sent");
    let struck =
        ledger.effects(EffectKind::InvoiceBooked).into_iter().map(|effect| (effect.draft, effect.invoice.as_ref()));
    assert_eq!(struck.collect::<Vec<_>>(), [(Some(draft.number), Some(&invoice.number))]);
    assert_eq!(invoice.came_of, Some(u64::from(draft.number.get())));
    assert_eq!((invoice.date, invoice.gross), (draft.print.date, draft.print.gross));
    assert_eq!(subject.system().draft(&subject.tenant(), draft.number).await.unwrap(), None);
    let itself = subject.system().invoice(&subject.tenant(), &invoice.number).await.unwrap();
    assert!(itself.booked && !itself.sent);
    assert_eq!((itself.customer, itself.total), (draft.print.customer.clone(), draft.print.gross));
}

/// And it's sent once, if the system sends while booking; no other channel makes it send anything.
pub async fn what_booking_sends_is_what_was_asked_for<S: DraftSubject>() {
    assert!(S::CAPABILITIES.sends_while_booking);
    let subject = S::open(Scene::default()).await;
    let drafts = subject.drafts();
    assert!(!drafts.sent_by_booking.is_empty());
    for (count, (number, channel)) in drafts.sent_by_booking.iter().enumerate() {
        assert!(channel.is_sent_by_booking());
        let request = subject.system().booking_request(&subject.tenant(), *number, *channel).unwrap();
        let key = format!("{KEY}-{number}");
        for _ in 0..2 {
            booked(subject.system().book_draft(&subject.tenant(), &request, &key).await);
        }
        assert_eq!(subject.ledger().effects(EffectKind::Delivered).len(), count + 1, "{channel:?}");
    }
}

/// The second answer is the first.
pub async fn the_same_request_is_booked_once_while_its_key_lives<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let number = subject.drafts().bare;
    let first = booked(book(&subject, number, KEY).await);
    let again = booked(book(&subject, number, KEY).await);
    assert_eq!(again, first);
    assert!(REPLAY_WITHIN < key_lives::<S>(), "nothing is repeated that might book again");
    subject.later(REPLAY_WITHIN);
    assert_eq!(booked(book(&subject, number, KEY).await), first);
    let ledger = subject.ledger();
    assert_eq!(ledger.requests(Call::BookDraft), 3);
    assert_eq!(ledger.effects(EffectKind::InvoiceBooked).len(), 1);
}

/// Which is why nobody may believe it then: the draft is gone because it was booked.
pub async fn after_its_keys_life_a_request_finds_no_draft<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let number = subject.drafts().bare;
    booked(book(&subject, number, KEY).await);
    subject.later(key_lives::<S>());
    gone(book(&subject, number, KEY).await);
    assert_eq!(subject.ledger().effects(EffectKind::InvoiceBooked).len(), 1);
}

/// In whatever way the answer is lost. The invoice is found too.
pub async fn a_lost_answer_says_perhaps_and_the_same_request_tells<S: DraftSubject>() {
    for fault in Fault::LOST_ANSWERS {
        let subject = S::open(Scene::default()).await;
        let draft = &subject.drafts().draft;
        // An earlier call leaves a kept connection behind: the one case where an HTTP client repeats by itself.
        subject.system().draft(&subject.tenant(), draft.number).await.unwrap();
        subject.fail_next(Call::BookDraft, fault);
        perhaps(book(&subject, draft.number, KEY).await, fault);
        assert_eq!(subject.ledger().requests(Call::BookDraft), 1, "{fault:?}");
        let found =
            subject.system().booked_since(&subject.tenant(), &draft.print.customer, draft.print.date).await.unwrap();
        let came: Vec<_> = found.iter().filter(|one| one.came_of == Some(u64::from(draft.number.get()))).collect();
        assert_eq!(came, [&booked(book(&subject, draft.number, KEY).await)], "{fault:?}");
        assert_eq!(subject.ledger().effects(EffectKind::InvoiceBooked).len(), 1, "{fault:?}");
    }
}

/// Seen from here it looks the same as a lost answer.
pub async fn a_call_that_never_arrived_says_perhaps_and_books_when_repeated<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let number = subject.drafts().bare;
    subject.system().draft(&subject.tenant(), number).await.unwrap();
    subject.fail_next(Call::BookDraft, Fault::NotReached);
    perhaps(book(&subject, number, KEY).await, Fault::NotReached);
    assert!(subject.ledger().changes().is_empty());
    assert!(subject.system().draft(&subject.tenant(), number).await.unwrap().is_some());
    booked(book(&subject, number, KEY).await);
    assert_eq!(subject.ledger().effects(EffectKind::InvoiceBooked).len(), 1);
}

/// Whether one too many may have been carried out, nobody has documented.
pub async fn one_call_too_many_says_perhaps<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    subject.fail_next(Call::BookDraft, Fault::RateLimited);
    perhaps(book(&subject, subject.drafts().bare, KEY).await, Fault::RateLimited);
    assert_eq!(subject.ledger().requests(Call::BookDraft), 1);
    assert!(subject.ledger().changes().is_empty());
}

/// With advice for a person, and without a second try. The draft stays as it is.
pub async fn a_refusal_says_no_in_the_systems_own_words<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let drafts = subject.drafts();
    subject.fail_next(Call::BookDraft, Fault::Refused(WORDS));
    refused(book(&subject, drafts.bare, KEY).await, WORDS);
    assert!(!drafts.refused.is_empty());
    for (number, channel, words) in &drafts.refused {
        let before = subject.system().draft(&subject.tenant(), *number).await.unwrap();
        assert!(before.is_some(), "{number}");
        let request = subject.system().booking_request(&subject.tenant(), *number, *channel).unwrap();
        let key = format!("{KEY}-{number}");
        refused(subject.system().book_draft(&subject.tenant(), &request, &key).await, words);
        assert_eq!(subject.system().draft(&subject.tenant(), *number).await.unwrap(), before);
    }
    assert_eq!(subject.ledger().requests(Call::BookDraft), 1 + drafts.refused.len());
    assert!(subject.ledger().changes().is_empty());
}

/// Deleted, booked by a person, or never there.
pub async fn a_draft_that_is_gone_is_not_booked<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let drafts = subject.drafts();
    subject.by_hand(Deed::DeleteDraft(drafts.bare));
    subject.by_hand(Deed::BookDraft(drafts.other));
    for number in [drafts.bare, drafts.other, drafts.nowhere] {
        gone(book(&subject, number, &format!("{KEY}-{number}")).await);
    }
    assert!(subject.ledger().changes().is_empty());
}

/// The refusal proves that nothing happened, and the next call has tokens read anew.
pub async fn a_booking_is_not_repeated_after_dead_tokens<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let number = subject.drafts().bare;
    subject.fail_next(Call::BookDraft, Fault::TokenDead);
    let error = book(&subject, number, KEY).await.unwrap_err();
    assert_eq!(error.happened(), Happened::No, "{error}");
    assert!(matches!(error, Error::TenantBlocked { .. } | Error::NotTaken { .. }), "{error}");
    assert_eq!((subject.ledger().requests(Call::BookDraft), subject.tokens_fetched()), (1, 1));
    booked(book(&subject, number, KEY).await);
    assert_eq!((subject.ledger().requests(Call::BookDraft), subject.tokens_fetched()), (2, 2));
    assert_eq!(subject.ledger().effects(EffectKind::InvoiceBooked).len(), 1);
}

fn key_lives<S: DraftSubject>() -> TimeDelta {
    let lives = S::CAPABILITIES.booking_key_lives.expect("nothing else keeps a draft from being booked twice");
    TimeDelta::from_std(lives).unwrap()
}

async fn book<S: DraftSubject>(subject: &S, number: DraftNumber, key: &str) -> Result<BookAnswer, Error> {
    let request = subject.system().booking_request(&subject.tenant(), number, Channel::SesEmail).unwrap();
    subject.system().book_draft(&subject.tenant(), &request, key).await
}

fn booked(answer: Result<BookAnswer, Error>) -> FoundBooked {
    match answer.unwrap() {
        BookAnswer::Booked(invoice) => invoice,
        gone @ BookAnswer::NoSuchDraft { .. } => panic!("{gone:?}"),
    }
}

fn gone(answer: Result<BookAnswer, Error>) {
    match answer.unwrap() {
        BookAnswer::NoSuchDraft { words } => assert!(!words.is_empty()),
        booked @ BookAnswer::Booked(_) => panic!("{booked:?}"),
    }
}

fn perhaps(answer: Result<BookAnswer, Error>, fault: Fault) {
    let error = answer.expect_err("a fault goes unnoticed");
    assert_eq!(error.happened(), Happened::Perhaps, "{fault:?}: {error}");
    assert!(matches!(error, Error::NoAnswer { .. }), "{fault:?}: {error}");
}

fn refused(answer: Result<BookAnswer, Error>, expected: &str) {
    let error = answer.expect_err("a refusal goes unnoticed");
    assert_eq!(error.happened(), Happened::No);
    let Error::Refused { words, advice } = error else { panic!("{error}") };
    assert!(words.contains(expected), "{words}");
    assert!(!advice.is_empty());
}
