//! When each tenant is scanned or swept next.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::{SystemKind, TenantId},
    settings::Scope,
};
use serde_json::json;
use workflow::ports::{Look, Settings};

use super::{
    Store,
    sample::{TICK, item, morning, tenant},
};

/// More than any check writes.
const ALL: usize = 1000;

async fn due<S: Store>(store: &S, now: DateTime<Utc>) -> Vec<TenantId> {
    store.settings().due_for(Look::Scan, now, ALL).await.unwrap()
}

/// A tenant is due from its very instant on, and until it's told otherwise.
pub async fn a_tenant_is_due_from_its_instant_on<S: Store>() {
    let store = S::open().await;
    assert_eq!(due(&store, morning()).await, []);
    store.settings().schedule_next(&tenant(1), morning()).await.unwrap();
    assert_eq!(due(&store, morning() - TICK).await, []);
    assert_eq!(due(&store, morning()).await, [tenant(1)]);
    assert_eq!(due(&store, morning() + TimeDelta::days(40)).await, [tenant(1)], "a missed tick is caught up");
}

/// A tenant has one next time: setting it anew moves it, later or earlier.
pub async fn setting_the_next_scan_moves_it<S: Store>() {
    let store = S::open().await;
    let tomorrow = morning() + TimeDelta::days(1);
    for (at, now_due) in [(morning(), true), (tomorrow, false), (morning(), true)] {
        store.settings().schedule_next(&tenant(1), at).await.unwrap();
        assert_eq!(due(&store, morning()).await.len(), usize::from(now_due));
        assert_eq!(due(&store, tomorrow).await, [tenant(1)]);
    }
}

/// One that there isn't is taken off, and stays off until it's registered anew. Taking off what isn't there is no error.
pub async fn who_is_taken_off_is_looked_at_no_more<S: Store>() {
    let store = S::open().await;
    store.settings().schedule_next(&tenant(1), morning()).await.unwrap();
    store.settings().schedule_next(&tenant(12), morning()).await.unwrap();
    for _ in 0..2 {
        store.settings().forget_look(&tenant(1)).await.unwrap();
        assert_eq!(due(&store, morning()).await, [tenant(12)]);
    }
    store.settings().schedule_next(&tenant(1), morning() - TICK).await.unwrap();
    assert_eq!(due(&store, morning()).await, [tenant(1), tenant(12)]);
}

/// Those who wait longest come first, and no more than asked for.
pub async fn the_longest_waiting_come_first_up_to_the_limit<S: Store>() {
    let store = S::open().await;
    for (number, minutes) in [(1, 3), (2, 1), (30, 2), (4, 5), (5, 4)] {
        store.settings().schedule_next(&tenant(number), morning() + TimeDelta::minutes(minutes)).await.unwrap();
    }
    let order = [2, 30, 1, 5, 4].map(tenant);
    let now = morning() + TimeDelta::minutes(4);
    for limit in 0..=4 {
        assert_eq!(store.settings().due_for(Look::Scan, now, limit).await.unwrap(), order[..limit], "{limit}");
    }
    assert_eq!(due(&store, now).await, order[..4]);
}

/// A company in e-conomic.
fn dane(number: u64) -> TenantId {
    TenantId::new(SystemKind::Economic, number)
}

/// A tenant is due for what its accounting system has, and for nothing else: agreements are scanned, drafts are swept.
pub async fn a_tenant_is_due_for_what_its_system_has<S: Store>() {
    let store = S::open().await;
    // Namesakes but for the system.
    for tenant in [tenant(1), dane(1), dane(2)] {
        store.settings().schedule_next(&tenant, morning()).await.unwrap();
    }
    let later = morning() + TimeDelta::minutes(1);
    store.settings().schedule_next(&dane(1), later).await.unwrap();
    let due = async |look, now, limit| store.settings().due_for(look, now, limit).await.unwrap();
    assert_eq!(due(Look::Scan, later, ALL).await, [tenant(1)]);
    assert_eq!(due(Look::Sweep, later, ALL).await, [dane(2), dane(1)]);
    assert_eq!(due(Look::Sweep, later, 1).await, [dane(2)]);
    assert_eq!(due(Look::Sweep, morning(), ALL).await, [dane(2)]);
    assert_eq!(due(Look::Sweep, morning() - TICK, ALL).await, []);
}

/// A tenant whose looks are started again and again without an end is late from its first instant on. One that was looked at isn't,
/// nor is one that's looked at for another thing.
pub async fn a_tenant_is_late_from_when_it_was_due_until_it_was_looked_at<S: Store>() {
    let store = S::open().await;
    let settings = store.settings();
    let late = async |look, since| settings.overdue(look, since).await.unwrap();
    let soon = |minutes| morning() + TimeDelta::minutes(minutes);
    assert_eq!(late(Look::Scan, soon(0)).await, 0);
    for (tenant, minutes) in [(tenant(1), 0), (tenant(2), 5), (dane(1), 0)] {
        settings.schedule_next(&tenant, soon(minutes)).await.unwrap();
    }
    assert_eq!(late(Look::Scan, soon(0) - TICK).await, 0);
    assert_eq!((late(Look::Scan, soon(0)).await, late(Look::Scan, soon(5)).await), (1, 2));
    for minutes in [15, 30, 45] {
        settings.look_again(&tenant(1), soon(minutes)).await.unwrap();
        assert_eq!((late(Look::Scan, soon(0) - TICK).await, late(Look::Scan, soon(0)).await), (0, 1), "{minutes}");
        assert_eq!(due(&store, soon(minutes) - TICK).await, [tenant(2)], "and isn't due meanwhile");
        assert!(due(&store, soon(minutes)).await.contains(&tenant(1)));
    }
    settings.schedule_next(&tenant(1), soon(60)).await.unwrap();
    assert_eq!((late(Look::Scan, soon(5)).await, late(Look::Scan, soon(60)).await), (1, 2));
    assert_eq!(late(Look::Sweep, soon(60)).await, 1);
    // Looked at by a person's wish before it was ever due.
    settings.look_again(&tenant(3), soon(10)).await.unwrap();
    assert_eq!((late(Look::Scan, soon(9)).await, late(Look::Scan, soon(10)).await), (1, 2));
    assert!(due(&store, soon(10)).await.contains(&tenant(3)));
}

/// A profile without a time is found, in order, until it has one. Overrides alone make no tenant, nor does a time.
pub async fn a_new_profile_is_unscheduled_until_it_has_a_time<S: Store>() {
    let store = S::open().await;
    let dane = dane(3);
    for tenant in [&dane, &tenant(12), &tenant(2)] {
        store.put_settings(tenant, Scope::Profile, item(json!({})));
    }
    store.put_settings(&tenant(4), Scope::Customer("10".parse().unwrap()), item(json!({})));
    store.settings().schedule_next(&tenant(5), morning()).await.unwrap();
    assert_eq!(store.settings().unscheduled().await.unwrap(), [tenant(2), tenant(12), dane.clone()]);
    store.settings().schedule_next(&tenant(12), morning()).await.unwrap();
    assert_eq!(store.settings().unscheduled().await.unwrap(), [tenant(2), dane]);
}

/// A profile that is broken or switched off is a tenant all the same: its scan is what tells a person.
pub async fn a_broken_profile_is_scheduled_like_any<S: Store>() {
    let store = S::open().await;
    store.put_settings(&tenant(1), Scope::Profile, item(json!({"mode": "fulll"})));
    assert_eq!(store.settings().unscheduled().await.unwrap(), [tenant(1)]);
}

/// A person who writes the profile anew doesn't undo the schedule.
pub async fn writing_a_profile_leaves_the_schedule<S: Store>() {
    let store = S::open().await;
    store.settings().schedule_next(&tenant(1), morning()).await.unwrap();
    store.put_settings(&tenant(1), Scope::Profile, item(json!({"mode": "full"})));
    assert_eq!(store.settings().unscheduled().await.unwrap(), []);
    assert_eq!(due(&store, morning()).await, [tenant(1)]);
}
