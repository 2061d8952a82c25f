//! What came of a draft is found, whoever booked it.

use accounting::{AccountingSystem, Error};
use chrono::Days;
use domain::{draft::FoundBooked, ids::InvoiceNumber};

use crate::{Call, Deed, DraftSubject, Fault, Scene};

/// With what the decision to adopt it needs.
pub async fn an_invoice_is_found_with_the_draft_that_it_came_of<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let draft = &subject.drafts().draft;
    let invoice = subject.by_hand(Deed::BookDraft(draft.number)).unwrap();
    let found = find(&subject, 0).await.unwrap();
    let found = found.iter().find(|one| one.number == invoice).expect("it isn't found");
    assert_eq!(found.came_of, Some(u64::from(draft.number.get())));
    assert_eq!((found.date, found.gross), (draft.print.date, draft.print.gross));
}

/// The date given is the first that counts.
pub async fn older_invoices_and_other_customers_are_left_out<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let own = subject.by_hand(Deed::BookDraft(subject.drafts().draft.number)).unwrap();
    let others = subject.by_hand(Deed::BookDraft(subject.drafts().other)).unwrap();
    let is_in = |found: &[FoundBooked], wanted: &InvoiceNumber| found.iter().any(|one| one.number == *wanted);
    let found = find(&subject, 0).await.unwrap();
    assert!(is_in(&found, &own) && !is_in(&found, &others));
    assert!(!is_in(&find(&subject, 1).await.unwrap(), &own));
}

/// One overlooked would be booked by a person's hand again.
pub async fn more_invoices_than_a_page_holds_are_all_found<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let before = find(&subject, 0).await.unwrap().len();
    subject.book_more_by_hand(u32::try_from(S::A_PAGE).unwrap() + 1);
    let mut numbers: Vec<String> = find(&subject, 0).await.unwrap().iter().map(|one| one.number.to_string()).collect();
    assert_eq!(numbers.len(), before + S::A_PAGE + 1);
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), before + S::A_PAGE + 1);
}

/// And never a shorter list.
pub async fn a_list_that_cannot_be_read_is_an_error<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    for fault in [Fault::AnswerGarbled, Fault::AnswerCut, Fault::AnswerFailure] {
        subject.fail_next(Call::Invoices, fault);
        let error = find(&subject, 0).await.unwrap_err();
        assert!(matches!(error, Error::NoAnswer { .. }), "{fault:?}: {error}");
    }
}

/// The invoices of the full draft's customer, from so many days after its date on.
async fn find<S: DraftSubject>(subject: &S, days_later: u64) -> Result<Vec<FoundBooked>, Error> {
    let print = &subject.drafts().draft.print;
    let from = print.date.checked_add_days(Days::new(days_later)).unwrap();
    subject.system().booked_since(&subject.tenant(), &print.customer, from).await
}
