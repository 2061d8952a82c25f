//! Settings as a person writes them in AWS's console: with DynamoDB's own numbers, and with types we have no use for.

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use contract::ports::{
    Store,
    sample::{morning, tenant},
    settings::{in_force, named},
};
use domain::{ids::TenantId, money::Currency, settings::Resolved};
use rust_decimal::Decimal;
use workflow::ports::{Look, Settings};

use crate::dynamo::{DynamoStore, SETTINGS};

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn number(value: &str) -> AttributeValue {
    AttributeValue::N(value.to_owned())
}

async fn put(store: &DynamoStore, tenant: &str, scope: &str, fields: &[(&str, AttributeValue)]) {
    let mut put =
        store.client().put_item().table_name(SETTINGS).item("tenant", text(tenant)).item("scope", text(scope));
    for (name, value) in fields {
        put = put.item(*name, value.clone());
    }
    put.send().await.unwrap();
}

async fn resolved(store: &DynamoStore, tenant: &TenantId) -> Resolved {
    in_force(store, tenant, ("10", "7")).await.unwrap()
}

#[tokio::test]
async fn an_amount_keeps_every_digit_that_was_typed() {
    let store = DynamoStore::start().await;
    for typed in ["250000", "0.1", "1250.55", "33.30", "99999999999999.99", "1234567890123456.78"] {
        let amounts = AttributeValue::M([("SEK".to_owned(), number(typed))].into());
        let fields = [("max_amount", amounts), ("max_change_percent", number(typed))];
        put(&store, "fortnox-1", "profile", &fields).await;
        let got = resolved(&store, &tenant(1)).await;
        let exact: Decimal = typed.parse().unwrap();
        assert_eq!(got.max_amount.value[&Currency::SEK], exact);
        assert_eq!(got.max_change_percent.value, Some(exact));
    }
}

#[tokio::test]
async fn a_number_that_does_not_fit_is_refused_by_its_field() {
    let store = DynamoStore::start().await;
    for typed in ["2.5", "-1", "93", "70000", "12345678901234567890123456789"] {
        put(&store, "fortnox-1", "profile", &[("days_before", number(typed))]).await;
        let got = in_force(&store, &tenant(1), ("10", "7")).await;
        assert_eq!(named(&got), Some(("profile", "days_before")), "{typed}");
    }
}

#[tokio::test]
async fn a_type_we_have_no_use_for_is_refused_by_its_field() {
    let store = DynamoStore::start().await;
    let types = [
        AttributeValue::B(Blob::new(*b"full")),
        AttributeValue::Bs(vec![Blob::new(*b"full")]),
        AttributeValue::Ss(vec!["full".to_owned()]),
        AttributeValue::Ns(vec!["1".to_owned()]),
    ];
    for value in types {
        for field in ["mode", "sender_name", "automatic", "max_amount", "days_before", "letter", "unheard_of"] {
            put(&store, "fortnox-1", "profile", &[("auto_book", AttributeValue::Bool(true)), (field, value.clone())])
                .await;
            let got = in_force(&store, &tenant(1), ("10", "7")).await;
            let (scope, named) = named(&got).unwrap_or_else(|| panic!("{field} {value:?}"));
            assert_eq!(scope, "profile");
            assert!(named.starts_with(field), "{named} instead of {field} for {value:?}");
        }
    }
    let within = AttributeValue::M([("SEK".to_owned(), AttributeValue::B(Blob::new(*b"1")))].into());
    put(&store, "fortnox-1", "profile", &[("max_amount", within)]).await;
    let got = in_force(&store, &tenant(1), ("10", "7")).await;
    assert!(named(&got).unwrap().1.starts_with("max_amount"), "{got:?}");
}

#[tokio::test]
async fn null_is_nothing_set() {
    let store = DynamoStore::start().await;
    let fields = [("auto_book", AttributeValue::Null(true)), ("sender_name", AttributeValue::Null(true))];
    put(&store, "fortnox-1", "profile", &fields).await;
    assert!(!resolved(&store, &tenant(1)).await.auto_book.value);
}

#[tokio::test]
async fn an_item_with_a_misspelt_scope_holds_its_tenant() {
    let store = DynamoStore::start().await;
    put(&store, "fortnox-1", "profile", &[]).await;
    put(&store, "fortnox-1", "custommer#10", &[("auto_book", AttributeValue::Bool(false))]).await;
    let settings = store.settings().of_tenant(&tenant(1)).await.unwrap().unwrap();
    let reason = settings.profile().unwrap_err().to_string();
    assert!(reason.contains("custommer#10") && reason.contains("scope"), "{reason}");
}

#[tokio::test]
async fn items_that_belong_to_nobody_disturb_nobody() {
    let store = DynamoStore::start().await;
    put(&store, "fortnox-1", "profile", &[]).await;
    for nobody in ["fortnox-01", "Fortnox-2", "visma-1"] {
        put(&store, nobody, "profile", &[]).await;
        let state = [("due_kind", text("scan")), ("due_at", text("2026-01-01T00:00:00.000Z"))];
        put(&store, nobody, "state", &state).await;
    }
    assert_eq!(store.settings().unscheduled().await.unwrap(), [tenant(1)]);
    store.settings().schedule_next(&tenant(1), morning()).await.unwrap();
    assert_eq!(store.settings().due_for(Look::Scan, morning(), 1).await.unwrap(), [tenant(1)]);
    assert!(!resolved(&store, &tenant(1)).await.auto_book.value);
}
