//! What a pre-flight leaves behind, and the mode that it guards.

use chrono::TimeDelta;
use domain::{
    preflight::{About, Report, Standing, What},
    settings::{Channel, Mode, Scope, Source},
};
use serde_json::json;
use workflow::ports::{Journal, Settings};

use super::{
    Store,
    sample::{item, morning, namesakes, tenant},
    settings::in_force,
};

/// A report with this many findings that block.
pub fn report(blocking: u32, ticks: u32) -> Report {
    let at = morning() + TimeDelta::minutes(ticks.into());
    let mut report = Report::new(tenant(1), at, at.date_naive());
    report.add(About::Tenant, What::RightCompany);
    for _ in 0..blocking {
        report.add(About::Tenant, What::NoBankAccount { channel: Some(Channel::FortnoxEmail) });
    }
    report.add(About::Agreement("A#7 å".parse().unwrap()), What::AlreadyRecurring);
    report
}

fn standing(blocking: u32, ticks: u32) -> Standing {
    report(blocking, ticks).standing()
}

async fn mode<S: Store>(store: &S) -> (Mode, Source) {
    let mode = in_force(store, &tenant(1), ("10", "7")).await.unwrap().mode;
    let of_customer = store.settings().of_customer(&tenant(1), &"10".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(of_customer.resolve_customer(&"10".parse().unwrap()).unwrap().mode, mode);
    (mode.value, mode.source)
}

/// By every way of reading, at once, and until a later one finds nothing. A tenant without any acts as its profile says.
pub async fn what_blocks_holds_back_full_until_it_is_gone<S: Store>() {
    let store = S::open().await;
    store.put_settings(&tenant(1), Scope::Profile, item(json!({"mode": "full"})));
    assert_eq!(mode(&store).await, (Mode::Full, Source::Tenant));
    store.settings().keep_standing(&tenant(1), &standing(2, 1)).await.unwrap();
    assert_eq!(mode(&store).await, (Mode::DraftOnly, Source::Preflight));
    // Whoever writes the profile anew doesn't get around it.
    store.put_settings(&tenant(1), Scope::Profile, item(json!({"mode": "full", "scan_hour": 7})));
    assert_eq!(mode(&store).await, (Mode::DraftOnly, Source::Preflight));
    store.settings().keep_standing(&tenant(1), &standing(0, 2)).await.unwrap();
    assert_eq!(mode(&store).await, (Mode::Full, Source::Tenant));
}

/// Of two at once the one that was begun later counts.
pub async fn a_preflight_that_was_begun_before_changes_nothing<S: Store>() {
    let store = S::open().await;
    store.put_settings(&tenant(1), Scope::Profile, item(json!({"mode": "full"})));
    store.settings().keep_standing(&tenant(1), &standing(2, 2)).await.unwrap();
    store.settings().keep_standing(&tenant(1), &standing(0, 1)).await.unwrap();
    assert_eq!(mode(&store).await, (Mode::DraftOnly, Source::Preflight));
    store.settings().keep_standing(&tenant(1), &standing(0, 2)).await.unwrap();
    assert_eq!(mode(&store).await, (Mode::Full, Source::Tenant), "of the same instant the last word counts");
}

/// A standing makes no tenant, schedules nobody and concerns no namesake.
pub async fn a_standing_is_the_tenants_own<S: Store>() {
    let store = S::open().await;
    let [one, other] = namesakes();
    for of in [&one, &other] {
        store.put_settings(of, Scope::Profile, item(json!({"mode": "full"})));
    }
    store.settings().keep_standing(&one, &standing(1, 1)).await.unwrap();
    let held_back = async |of| store.settings().of_tenant(of).await.unwrap().unwrap().held_back().is_some();
    assert!(held_back(&one).await && !held_back(&other).await);
    let mut unscheduled = store.settings().unscheduled().await.unwrap();
    unscheduled.sort();
    let mut both = vec![one, other];
    both.sort();
    assert_eq!(unscheduled, both);
    store.settings().keep_standing(&tenant(9), &standing(1, 1)).await.unwrap();
    assert!(store.settings().of_tenant(&tenant(9)).await.unwrap().is_none());
}

/// Written only over the mode that was seen; everything else in the profile stays.
pub async fn a_mode_is_set_only_where_the_expected_one_stands<S: Store>() {
    let store = S::open().await;
    let set = async |from, to| store.settings().set_mode(&tenant(1), from, to).await.unwrap();
    assert!(!set(Mode::Preview, Mode::Full).await, "nobody knows the tenant");
    assert!(store.settings().of_tenant(&tenant(1)).await.unwrap().is_none());
    store.put_settings(&tenant(1), Scope::Profile, item(json!({"auto_book": true})));
    assert!(!set(Mode::Off, Mode::Full).await);
    assert_eq!(mode(&store).await.0, Mode::Preview);
    assert!(set(Mode::Preview, Mode::DraftOnly).await, "which is what a profile says that says nothing");
    assert!(!set(Mode::Preview, Mode::Full).await);
    assert!(set(Mode::DraftOnly, Mode::Full).await);
    assert_eq!(mode(&store).await.0, Mode::Full);
    assert!(in_force(&store, &tenant(1), ("10", "7")).await.unwrap().auto_book.value);
}

/// The newest is all that's kept.
pub async fn a_report_takes_the_place_of_the_one_before<S: Store>() {
    let store = S::open().await;
    assert_eq!(store.journal().report(&tenant(1)).await.unwrap(), None);
    for report in [report(2, 1), report(0, 2)] {
        store.journal().keep_report(&report).await.unwrap();
        assert_eq!(store.journal().report(&tenant(1)).await.unwrap(), Some(report));
    }
    assert_eq!(store.journal().report(&tenant(2)).await.unwrap(), None);
}
