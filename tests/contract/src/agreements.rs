//! All agreements are seen: every page, in order, nothing twice, nothing hidden.

use std::cmp::Ordering;

use accounting::{AccountingSystem, AgreementRow};
use domain::agreement::AgreementStatus;

use crate::{AgreementSubject, Call, Deed, Scene};

/// More pages than two, so that the way from one page to the next is taken more than once.
const FULL_PAGES: usize = 2;

/// Most pages that a check reads before it calls the listing endless.
const MOST_PAGES: u32 = 20;

/// One request a page, all agreements, in rising order.
pub async fn pages_come_in_order_and_no_row_twice<S: AgreementSubject>() {
    let more_agreements = FULL_PAGES * S::HABITS.a_page;
    let subject = S::open(Scene { more_agreements, ..Scene::default() }).await;
    let pages = all_pages(&subject).await;
    assert_eq!(pages.len(), FULL_PAGES + 1);
    assert_eq!(subject.ledger().requests(Call::Agreements), pages.len(), "one request a page");
    let rows: Vec<AgreementRow> = pages.into_iter().flatten().collect();
    assert_eq!(rows.len(), subject.agreements().active + more_agreements);
    for pair in rows.windows(2) {
        let order = by_number(number_of(&pair[0]), number_of(&pair[1]));
        assert_eq!(order, Ordering::Less, "{} before {}", number_of(&pair[0]), number_of(&pair[1]));
    }
}

/// A page number that's too high is no error: the list may have become shorter meanwhile.
pub async fn a_page_past_the_end_is_empty<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let page = subject.system().agreements(&subject.tenant(), MOST_PAGES).await.unwrap();
    assert!(page.rows.is_empty());
    assert!(!page.more);
}

/// Nonsense in one agreement is told with its number, and all others are there.
pub async fn an_unreadable_row_is_reported_and_hides_no_other<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let agreements = subject.agreements();
    let page = subject.system().agreements(&subject.tenant(), 1).await.unwrap();
    assert_eq!(page.rows.len(), agreements.active);
    let broken: Vec<_> = page.rows.iter().filter_map(|row| row.as_ref().err()).collect();
    assert_eq!(broken.len(), 1);
    assert_eq!(broken[0].number, agreements.broken);
    assert!(broken[0].customer.is_some());
    assert!(!broken[0].problem.is_empty());
    let alone = subject.system().agreement(&subject.tenant(), &agreements.broken).await.unwrap();
    assert_eq!(alone.as_ref().err(), Some(broken[0]));
}

/// Deciding on a list's row and on the agreement itself gives the same: preview is what run does.
pub async fn a_row_says_what_the_agreement_alone_says<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let tenant = subject.tenant();
    let page = subject.system().agreements(&tenant, 1).await.unwrap();
    assert!(!subject.agreements().varied.is_empty());
    for number in &subject.agreements().varied {
        let listed = page.rows.iter().find(|row| number_of(row) == number.as_str());
        let listed = listed.unwrap_or_else(|| panic!("agreement {number} is not listed"));
        let alone = subject.system().agreement(&tenant, number).await.unwrap();
        assert_eq!(*listed, alone);
        assert_eq!(alone.unwrap().status, AgreementStatus::Active);
    }
}

/// It's not among the active ones, and read alone it says why.
pub async fn an_ended_agreement_is_not_listed<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let tenant = subject.tenant();
    let page = subject.system().agreements(&tenant, 1).await.unwrap();
    assert!(!subject.agreements().inactive.is_empty());
    for number in &subject.agreements().inactive {
        assert!(page.rows.iter().all(|row| number_of(row) != number.as_str()), "{number} is listed");
        let alone = subject.system().agreement(&tenant, number).await.unwrap().unwrap();
        assert_ne!(alone.status, AgreementStatus::Active);
    }
}

/// No name, no text, no amount of an agreement or of an invoice that came of it, and no trace of the reading.
pub async fn reading_agreements_leaves_no_trace_and_shows_nobody<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let (system, tenant, agreements) = (subject.system(), subject.tenant(), subject.agreements());
    subject.by_hand(Deed::CreateInvoice(agreements.agreement.clone()));
    let page = system.agreements(&tenant, 1).await.unwrap();
    let alone = system.agreement(&tenant, &agreements.agreement).await.unwrap();
    let broken = system.agreement(&tenant, &agreements.broken).await.unwrap();
    let (agreement, customer) = (&agreements.agreement, &agreements.customer);
    let found = system.invoices_of(&tenant, agreement, customer, agreements.today, &[]).await.unwrap();
    let found: Vec<_> = found.into_iter().map(accounting::CreateAnswer::Invoice).collect();
    let shown = format!("{page:?}{page:#?}{alone:?}{broken:?}{found:?}{found:#?}");
    for customer in &subject.sample().customers {
        assert!(!shown.contains(&customer.name), "{shown}");
    }
    assert!(!shown.contains('@'), "{shown}");
    assert!(subject.ledger().changes().is_empty());
}

async fn all_pages<S: AgreementSubject>(subject: &S) -> Vec<Vec<AgreementRow>> {
    let mut pages = Vec::new();
    for number in 1..=MOST_PAGES {
        let page = subject.system().agreements(&subject.tenant(), number).await.unwrap();
        pages.push(page.rows);
        if !page.more {
            return pages;
        }
    }
    panic!("the list has no end");
}

fn number_of(row: &AgreementRow) -> &str {
    match row {
        Ok(agreement) => agreement.number.as_str(),
        Err(broken) => broken.number.as_str(),
    }
}

/// Numbers are texts, but rise as numbers do.
fn by_number(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}
