//! What a scan decided, page by page.

use chrono::TimeDelta;
use domain::{
    draft::{DraftDecision, DraftVerdict, Unfinished},
    due::{Decision, SkipReason, Verdict},
    hold::HoldReason,
    money::{Currency, Money},
};
use workflow::ports::{Journal, ScanPage, SweepPage};

use super::{
    Store,
    sample::{date, morning, namesakes, number, tenant},
};

/// Decisions on a full page: the most agreements that an accounting system gives at once.
const FULL: usize = 500;

/// A page with this many decisions.
pub fn page(page: u32, decisions: usize) -> ScanPage {
    let decision = |n: usize| Decision {
        agreement: number(&format!("{page} å{n}")),
        customer: Some("10".parse().unwrap()),
        reading: None,
        reading_reason: None,
        verdict: match n % 2 {
            0 => Verdict::Skipped { reason: SkipReason::SwitchedOff },
            _ => Verdict::Held { due: None, reason: HoldReason::Unreadable { problem: "no period".to_owned() } },
        },
    };
    let decisions = (0..decisions).map(decision).collect();
    ScanPage { at: morning(), date: date("2026-03-29"), page, decisions }
}

/// An empty page is kept too: it shows that the scan came to its end.
pub async fn pages_of_every_size_are_kept_whole<S: Store>() {
    let store = S::open().await;
    let pages: Vec<ScanPage> = (1..).zip([FULL, 1, 0, 99, 100, 101]).map(|(n, size)| page(n, size)).collect();
    for page in &pages {
        store.journal().keep_page(&tenant(1), page).await.unwrap();
    }
    assert_eq!(store.pages(&tenant(1)), pages);
}

/// A page that is kept again, after an answer was lost, is still one page; a second scan of the day is another.
pub async fn a_page_kept_again_is_one_page_and_a_second_scan_another<S: Store>() {
    let store = S::open().await;
    let first = page(1, 3);
    let second = ScanPage { at: first.at + TimeDelta::hours(1), ..page(1, 2) };
    for page in [&first, &first, &second] {
        store.journal().keep_page(&tenant(1), page).await.unwrap();
    }
    assert_eq!(store.pages(&tenant(1)), [first, second]);
}

/// Tenants whose names begin alike.
pub async fn namesakes_share_no_page<S: Store>() {
    let store = S::open().await;
    let [one, other] = namesakes();
    store.journal().keep_page(&one, &page(1, 1)).await.unwrap();
    store.journal().keep_page(&other, &page(1, 2)).await.unwrap();
    assert_eq!(store.pages(&one), [page(1, 1)]);
    assert_eq!(store.pages(&other), [page(1, 2)]);
}

/// A page of a sweep with this many decisions.
fn sweep(page: u32, decisions: u32) -> SweepPage {
    let decision = |n: u32| DraftDecision {
        draft: (page * 10_000 + n + 1).try_into().unwrap(),
        customer: "10".parse().unwrap(),
        date: date("2026-03-29"),
        gross: Money::new(n.into(), Currency::DKK),
        verdict: DraftVerdict::Unfinished { why: Unfinished::NoSign },
    };
    SweepPage { at: morning(), date: date("2026-03-29"), page, decisions: (0..decisions).map(decision).collect() }
}

/// A later sweep of the day takes the earlier one's place, page by page; another day's is another.
pub async fn a_day_keeps_the_last_word_of_its_sweeps<S: Store>() {
    let store = S::open().await;
    let next_day = SweepPage { date: date("2026-03-30"), ..sweep(0, 2) };
    for page in [&sweep(0, 250), &sweep(7, 1), &sweep(0, 251), &next_day] {
        store.journal().keep_sweep(&tenant(1), page).await.unwrap();
    }
    let kept = |page: SweepPage| (page.date, page.page, page.decisions);
    assert_eq!(store.sweeps(&tenant(1)), [sweep(0, 251), sweep(7, 1), next_day].map(kept));
    assert_eq!(store.sweeps(&tenant(11)), []);
}
