//! Drafts are all seen, read right, and known again; and none is taken to be gone without proof.

use accounting::{AccountingSystem, DraftRow, Error};
use chrono::TimeDelta;
use domain::{draft::Draft, ids::DraftNumber};

use crate::{Call, Deed, DraftSubject, Edit, Fault, Scene};

/// Most pages that a check reads before it calls the listing endless.
const MOST_PAGES: usize = 20;

/// More than two pages beyond the sample's own.
fn many<S: DraftSubject>() -> Scene {
    Scene { more_drafts: u32::try_from(2 * S::A_PAGE).unwrap(), ..Scene::default() }
}

/// One request a page, all drafts, in rising order.
pub async fn drafts_come_in_order_and_none_twice<S: DraftSubject>() {
    let subject = S::open(many::<S>()).await;
    let pages = all_pages(&subject).await;
    assert_eq!(pages.len(), 3);
    assert_eq!(subject.ledger().requests(Call::Drafts), pages.len(), "one request a page");
    let numbers: Vec<DraftNumber> = pages.concat();
    assert_eq!(numbers.len(), subject.drafts().count + 2 * S::A_PAGE);
    assert!(numbers.is_sorted_by(|one, next| one < next));
}

/// Of those before the border of the pages and of those behind it.
pub async fn drafts_that_disappear_between_two_pages_hide_no_other<S: DraftSubject>() {
    let subject = S::open(many::<S>()).await;
    let all: Vec<DraftNumber> = all_pages(&subject).await.concat();
    let page = subject.system().drafts(&subject.tenant(), None).await.unwrap();
    let (read, rest) = all.split_at(page.rows.len());
    let gone = [read[3], read[7], *read.last().unwrap(), rest[0]];
    for number in gone {
        subject.by_hand(Deed::DeleteDraft(number));
    }
    let next = subject.system().drafts(&subject.tenant(), page.next).await.unwrap();
    assert_eq!(number(&next.rows[0]), rest[1]);
    assert_eq!(next.rows.len(), S::A_PAGE);
}

/// But for its lines, which no list has: then nothing is said of them.
pub async fn a_row_says_what_the_draft_alone_says<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let page = subject.system().drafts(&subject.tenant(), None).await.unwrap();
    assert_eq!((page.rows.len(), page.next), (subject.drafts().count, None));
    for row in page.rows {
        let row = row.unwrap();
        assert_eq!((row.priced_lines, &row.print.content), (None, &None));
        let whole = read(&subject, row.number).await;
        assert!(whole.priced_lines.is_some() && whole.print.content.is_some());
        assert!(row.print.is_unchanged(&whole.print));
        let mut as_row = whole.clone();
        (as_row.priced_lines, as_row.print.content) = (None, None);
        assert_eq!(row, as_row);
    }
}

/// Every field.
pub async fn a_draft_is_read_right<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let expected = &subject.drafts().draft;
    let mut draft = read(&subject, expected.number).await;
    (draft.print.handle, draft.print.content) = (None, None);
    assert!(draft.texts == expected.texts, "its texts");
    assert_eq!(draft, *expected);
}

/// Whatever was edited. It's still the same draft.
pub async fn a_visible_edit_changes_what_a_draft_is_known_by<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let number = subject.drafts().draft.number;
    let mut before = read(&subject, number).await;
    for edit in Edit::VISIBLE {
        subject.by_hand(Deed::EditDraft(number, edit));
        let after = read(&subject, number).await;
        assert!(!after.print.is_unchanged(&before.print), "{edit:?} goes unnoticed");
        assert!(after.print.is_surely(&before.print), "{edit:?} makes another draft of it");
        before = after;
    }
}

/// However much later: that it was touched is all that can be seen.
pub async fn saving_a_draft_unchanged_changes_nothing_it_is_known_by<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let number = subject.drafts().draft.number;
    let before = read(&subject, number).await;
    subject.later(TimeDelta::hours(1));
    subject.by_hand(Deed::EditDraft(number, Edit::Nothing));
    let after = read(&subject, number).await;
    assert_ne!(after.touched_at, before.touched_at);
    assert_eq!(after.print, before.print);
}

/// Deleted, booked by a person, or never there.
pub async fn a_draft_that_is_gone_is_none<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let drafts = subject.drafts();
    subject.by_hand(Deed::DeleteDraft(drafts.bare));
    subject.by_hand(Deed::BookDraft(drafts.other));
    for number in [drafts.bare, drafts.other, drafts.nowhere] {
        assert_eq!(subject.system().draft(&subject.tenant(), number).await.unwrap(), None);
    }
}

/// No failure is proof.
pub async fn without_proof_no_draft_is_gone<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let number = subject.drafts().bare;
    for fault in [Fault::NotReached, Fault::AnswerCut, Fault::AnswerNever, Fault::AnswerFailure, Fault::RateLimited] {
        subject.fail_next(Call::Draft, fault);
        let error = subject.system().draft(&subject.tenant(), number).await.unwrap_err();
        let again = matches!(error, Error::NoAnswer { .. } | Error::NotTaken { .. });
        assert!(again, "{fault:?}: {error}");
    }
}

/// Among those asked about.
pub async fn what_the_subscription_run_made_is_told_apart<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let (system, tenant, drafts) = (subject.system(), subject.tenant(), subject.drafts());
    let among = [drafts.bare, drafts.subscription, drafts.nowhere];
    assert_eq!(system.subscription_drafts(&tenant, &among).await.unwrap(), [drafts.subscription]);
    assert!(system.subscription_drafts(&tenant, &[drafts.bare]).await.unwrap().is_empty());
    subject.by_hand(Deed::DeleteDraft(drafts.subscription));
    assert!(system.subscription_drafts(&tenant, &among).await.unwrap().is_empty());
}

/// Years and periods, open and closed, and days in none.
pub async fn open_periods_are_told_beforehand<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    for (day, is_open) in &subject.drafts().days {
        let told = subject.system().is_open_period(&subject.tenant(), *day).await.unwrap();
        assert_eq!(told, Some(*is_open), "{day}");
    }
}

/// No text of a draft, no trace in the books.
pub async fn reading_drafts_leaves_no_trace_and_shows_nobody<S: DraftSubject>() {
    let subject = S::open(Scene::default()).await;
    let (system, tenant, drafts) = (subject.system(), subject.tenant(), subject.drafts());
    let page = system.drafts(&tenant, None).await.unwrap();
    let whole = read(&subject, drafts.draft.number).await;
    let customer = &drafts.draft.print.customer;
    let found = system.booked_since(&tenant, customer, drafts.draft.print.date).await.unwrap();
    let shown = format!("{page:?}{page:#?}{whole:?}{whole:#?}{found:?}");
    let texts = &drafts.draft.texts;
    for text in [&texts.reference, &texts.heading, &texts.first, &texts.second] {
        let text = text.as_deref().expect("the sample has every text");
        assert!(!shown.contains(text), "{text} is in {shown}");
    }
    for customer in &subject.sample().customers {
        assert!(!shown.contains(&customer.name), "{shown}");
    }
    assert!(subject.ledger().changes().is_empty());
}

async fn read<S: DraftSubject>(subject: &S, number: DraftNumber) -> Draft {
    subject.system().draft(&subject.tenant(), number).await.unwrap().unwrap().unwrap()
}

async fn all_pages<S: DraftSubject>(subject: &S) -> Vec<Vec<DraftNumber>> {
    let (mut pages, mut after) = (Vec::new(), None);
    while pages.len() < MOST_PAGES {
        let page = subject.system().drafts(&subject.tenant(), after).await.unwrap();
        pages.push(page.rows.iter().map(number).collect());
        after = page.next;
        if after.is_none() {
            return pages;
        }
    }
    panic!("the list has no end");
}

fn number(row: &DraftRow) -> DraftNumber {
    row.as_ref().unwrap().number
}
