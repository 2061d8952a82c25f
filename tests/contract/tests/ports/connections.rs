//! e-conomic's tokens as a person puts them into the connections table.

use accounting::TokenError;
use cloud::EconomicTokens;
use contract::ports::signals::dane;
use serde_json::json;

use crate::dynamo::{CONNECTIONS, DynamoStore};

const APP_SECRET: &str = "app-secret-hemligt";

fn put(store: &DynamoStore, grant: &str) {
    let item = json!({"tenant": "economic-1", "app_secret_token": APP_SECRET, "agreement_grant_token": grant});
    store.put(CONNECTIONS, &item);
}

async fn grant(store: &DynamoStore) -> String {
    store.pipeline().connections().economic(&dane(1)).await.unwrap().grant
}

#[tokio::test]
async fn tokens_are_read_once_and_again_after_they_were_refused() {
    let store = DynamoStore::start().await;
    put(&store, "grant-1");
    let tokens = store.pipeline().connections().economic(&dane(1)).await.unwrap();
    assert_eq!(tokens, EconomicTokens { app_secret: APP_SECRET.to_owned(), grant: "grant-1".to_owned() });
    assert!(!format!("{tokens:?} {:?}", store.pipeline().connections()).contains("grant-1"));
    put(&store, "grant-2");
    assert_eq!(grant(&store).await, "grant-1");
    store.pipeline().connections().forget(&dane(1));
    assert_eq!(grant(&store).await, "grant-2");
}

#[tokio::test]
async fn a_connection_that_is_missing_or_lacks_a_token_blocks_its_tenant() {
    let store = DynamoStore::start().await;
    let blocked = async |tenant| match store.pipeline().connections().economic(&dane(tenant)).await {
        Err(TokenError::Blocked { problem, .. }) => problem,
        other => panic!("{other:?}"),
    };
    assert!(blocked(1).await.contains("economic-1 has no connection"));
    store.put(CONNECTIONS, &json!({"tenant": "economic-2", "app_secret_token": APP_SECRET}));
    let problem = blocked(2).await;
    assert!(problem.contains("agreement_grant_token") && !problem.contains(APP_SECRET), "{problem}");
}
