//! What a company chose, as a person wrote it.

use domain::{
    hold::HoldReason,
    ids::{CustomerNumber, TenantId},
    money::Currency,
    settings::{Mode, Resolved, Scope, Source, TenantSettings},
};
use rust_decimal::Decimal;
use serde_json::json;
use workflow::ports::Settings;

use super::{
    Store,
    sample::{ODD_NUMBERS, item, morning, namesakes, number, tenant},
};

fn customer(text: &str) -> CustomerNumber {
    text.parse().unwrap()
}

async fn of_tenant<S: Store>(store: &S, tenant: &TenantId) -> TenantSettings {
    store.settings().of_tenant(tenant).await.unwrap().expect("the tenant has a profile")
}

/// What is in force for an agreement: the same by both ways of reading.
pub async fn in_force<S: Store>(
    store: &S,
    tenant: &TenantId,
    (of_customer, of_agreement): (&str, &str),
) -> Result<Resolved, HoldReason> {
    let (of_customer, of_agreement) = (customer(of_customer), number(of_agreement));
    let narrow = store.settings().of_agreement(tenant, &of_customer, &of_agreement).await.unwrap();
    let narrow = narrow.expect("the tenant has a profile").resolve(&of_customer, &of_agreement);
    let wide = self::of_tenant(store, tenant).await.resolve(&of_customer, &of_agreement);
    assert_eq!(narrow, wide, "{of_customer} {of_agreement}");
    narrow
}

/// Overrides or a schedule without a profile make no tenant.
pub async fn without_a_profile_nobody_knows_the_tenant<S: Store>() {
    let store = S::open().await;
    let [known, stranger] = namesakes();
    store.put_settings(&known, Scope::Profile, item(json!({})));
    store.put_settings(&stranger, Scope::Customer(customer("10")), item(json!({"auto_book": true})));
    store.settings().schedule_next(&stranger, morning()).await.unwrap();
    assert!(store.settings().of_tenant(&known).await.unwrap().is_some());
    assert!(store.settings().of_tenant(&stranger).await.unwrap().is_none());
    let narrow = store.settings().of_agreement(&stranger, &customer("10"), &number("7")).await;
    assert!(narrow.unwrap().is_none());
}

/// Agreement before customer before tenant, each value from where it was set, numbers to their last digit.
pub async fn the_nearest_item_wins_by_both_ways_of_reading<S: Store>() {
    let store = S::open().await;
    let tenant = tenant(1);
    let profile = json!({
        "mode": "full", "auto_book": true, "days_before": 10, "catch_up_periods": 2, "max_invoices_per_day": 300,
        "max_amount": {"SEK": 250_000, "EUR": "20000.50", "DKK": 1250.25}, "max_change_percent": 12.5,
    });
    store.put_settings(&tenant, Scope::Profile, item(profile));
    store.put_settings(&tenant, Scope::Customer(customer("10")), item(json!({"auto_book": false, "days_before": 0})));
    store.put_settings(&tenant, Scope::Agreement(number("7")), item(json!({"days_before": 5})));
    store.settings().schedule_next(&tenant, morning()).await.unwrap();

    assert_eq!(of_tenant(&store, &tenant).await.profile().unwrap().tenant.max_invoices_per_day, Some(300));
    for (of, auto_book, days_before) in [
        (("10", "7"), (false, Source::Customer), (5, Source::Agreement)),
        (("10", "8"), (false, Source::Customer), (0, Source::Customer)),
        (("11", "7"), (true, Source::Tenant), (5, Source::Agreement)),
        (("11", "8"), (true, Source::Tenant), (10, Source::Tenant)),
    ] {
        let got = in_force(&store, &tenant, of).await.unwrap();
        assert_eq!((got.auto_book.value, got.auto_book.source), auto_book, "{of:?}");
        assert_eq!((got.days_before.value, got.days_before.source), days_before, "{of:?}");
        assert_eq!((got.mode.value, got.catch_up_periods.value), (Mode::Full, 2));
        assert_eq!(got.max_change_percent.value, Some(Decimal::new(125, 1)));
        assert_eq!(got.max_amount.value[&Currency::SEK], Decimal::from(250_000));
        assert_eq!(got.max_amount.value[&Currency::DKK], Decimal::new(125_025, 2));
        assert_eq!(got.max_amount.value[&"EUR".parse().unwrap()], Decimal::new(2_000_050, 2));
    }
}

/// Whatever a number holds, its item is its own.
pub async fn odd_numbers_have_settings_of_their_own<S: Store>() {
    let store = S::open().await;
    let tenant = tenant(1);
    store.put_settings(&tenant, Scope::Profile, item(json!({})));
    for (n, odd) in ODD_NUMBERS.into_iter().enumerate() {
        store.put_settings(&tenant, Scope::Customer(customer(odd)), item(json!({"days_before": n})));
        store.put_settings(&tenant, Scope::Agreement(number(odd)), item(json!({"max_change_percent": n})));
    }
    for (n, odd) in (0..).zip(ODD_NUMBERS) {
        let got = in_force(&store, &tenant, (odd, odd)).await.unwrap();
        assert_eq!((got.days_before.value, got.max_change_percent.value), (n, Some(Decimal::from(n))), "{odd}");
    }
}

/// An item is replaced whole, and works at once.
pub async fn an_item_written_again_counts_at_once<S: Store>() {
    let store = S::open().await;
    for (profile, mode) in [(json!({"mode": "full"}), Mode::Full), (json!({"mode": "off"}), Mode::Off)] {
        store.put_settings(&tenant(1), Scope::Profile, item(profile));
        assert_eq!(in_force(&store, &tenant(1), ("10", "7")).await.unwrap().mode.value, mode);
    }
}

/// A broken item holds what it governs and nothing else, and the hold names the item and the field.
pub async fn a_broken_item_holds_what_it_governs<S: Store>() {
    let store = S::open().await;
    let tenant = tenant(1);
    store.put_settings(&tenant, Scope::Profile, item(json!({"mode": "full"})));
    store.put_settings(&tenant, Scope::Customer(customer("10")), item(json!({"days_before": 93})));
    store.put_settings(&tenant, Scope::Agreement(number("7")), item(json!({"auto_bok": true})));
    for (of, broken) in [
        (("10", "8"), Some(("customer#10", "days_before"))),
        (("11", "7"), Some(("agreement#7", "auto_bok"))),
        (("11", "8"), None),
    ] {
        assert_eq!(named(&in_force(&store, &tenant, of).await), broken, "{of:?}");
    }
    store.put_settings(&tenant, Scope::Profile, item(json!({"mode": "full", "scan_hour": 24})));
    assert_eq!(named(&in_force(&store, &tenant, ("11", "8")).await), Some(("profile", "scan_hour")));
}

/// The item and field that a hold names.
pub fn named(got: &Result<Resolved, HoldReason>) -> Option<(&str, &str)> {
    match got {
        Ok(_) => None,
        Err(HoldReason::BrokenSettings { scope, field, .. }) => Some((scope, field)),
        Err(other) => panic!("{other}"),
    }
}
