//! Tokens.

use std::sync::atomic::Ordering;
use std::time::Duration;

use fortnox::{AccessToken, Advice, Auth, AuthError, AuthorizationCode, ClientSecret, Effect, RefreshToken};

use crate::server::{Reply, SECRET, Server, TENANT, http, nobody, server_that_hangs_up_after};

const BOTH: &str = r#"{"access_token":"a-1","expires_in":3600,"token_type":"bearer","scope":"invoice customer",
    "refresh_token":"r-2"}"#;

/// `client-id:very-secret-client-secret`, base64.
const BASIC: &str = "Basic Y2xpZW50LWlkOnZlcnktc2VjcmV0LWNsaWVudC1zZWNyZXQ=";

#[tokio::test]
async fn client_credentials_name_the_company_in_a_header() {
    let body = r#"{"access_token":"a-1","expires_in":"3600","token_type":"bearer"}"#;
    let server = Server::that_says(Reply::ok(body)).await;
    let token = server.auth().client_credentials(TENANT).await.unwrap();
    assert_eq!((token.access_token, token.refresh_token), (AccessToken::new("a-1"), None));
    assert_eq!(token.expires_in, Duration::from_hours(1));
    let request = server.only_request();
    assert_eq!(request.line, "POST /oauth-v1/token");
    assert_eq!(request.body, "grant_type=client_credentials");
    assert_eq!(request.headers["tenantid"], "123456");
    assert_eq!(request.headers["authorization"], BASIC);
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
}

#[tokio::test]
async fn a_refresh_gives_a_new_refresh_token() {
    let server = Server::that_says(Reply::ok(BOTH)).await;
    let token = server.auth().refresh(&RefreshToken::new("r-1")).await.unwrap();
    assert_eq!(token.refresh_token, Some(RefreshToken::new("r-2")));
    assert_eq!(token.scopes, ["invoice", "customer"]);
    let request = server.only_request();
    assert_eq!(request.body, "grant_type=refresh_token&refresh_token=r-1");
    assert!(!request.headers.contains_key("tenantid"));
}

#[tokio::test]
async fn a_code_is_exchanged_with_the_address_it_came_back_to() {
    let server = Server::that_says(Reply::ok(BOTH)).await;
    let code = AuthorizationCode::new("c/1");
    server.auth().authorization_code(&code, Some("https://me.test/back")).await.unwrap();
    let form = "grant_type=authorization_code&code=c%2F1&redirect_uri=https%3A%2F%2Fme.test%2Fback";
    assert_eq!(server.only_request().body, form);
}

#[tokio::test]
async fn errors_are_json_behind_other_content_types() {
    let body = r#"{"error":"invalid_client","error_description":"The client credentials are invalid"}"#;
    let reply = Reply::new(401, body).header("Content-Type", "text/plain;charset=UTF-8");
    let error = Server::that_says(reply).await.auth().client_credentials(TENANT).await.unwrap_err();
    assert!(matches!(error, AuthError::InvalidClient { .. }), "{error:?}");

    let body = r#"{"error":"invalid_grant","error_description":"Invalid refresh token"}"#;
    let reply = Reply::new(400, body).header("Content-Type", "text/html; charset=UTF-8");
    let error = Server::that_says(reply).await.auth().refresh(&RefreshToken::new("r")).await.unwrap_err();
    assert!(matches!(&error, AuthError::InvalidGrant { description } if description == "Invalid refresh token"));
    assert_eq!((error.effect(), error.advice()), (Effect::NotDone, Advice::AskPerson));

    let body = r#"{"error":"error_missing_license"}"#;
    let error = Server::that_says(Reply::new(400, body)).await.auth().client_credentials(TENANT).await.unwrap_err();
    assert!(matches!(&error, AuthError::Refused { error, .. } if error == "error_missing_license"));

    let error = Server::that_says(Reply::new(403, "<html>")).await.auth().client_credentials(TENANT).await.unwrap_err();
    assert!(matches!(&error, AuthError::Refused { status: 403, error, .. } if error.is_empty()));
}

#[tokio::test]
async fn a_lost_answer_may_have_spent_the_refresh_token_and_is_not_repeated() {
    let spent = |error: AuthError| {
        assert_eq!((error.effect(), error.advice()), (Effect::Unknown, Advice::ObserveFirst), "{error:?}");
    };
    let refresh_token = RefreshToken::new("r-1");
    for reply in [Reply::new(500, ""), Reply::never(), Reply::ok("<html>"), Reply::ok("{}"), Reply::new(302, "")] {
        let server = Server::that_says(reply).await;
        spent(server.auth().refresh(&refresh_token).await.unwrap_err());
        assert_eq!(server.requests(), 1);
    }
    let (url, requests) = server_that_hangs_up_after(b"").await;
    let auth = Auth::new(http(), &url, "client-id", ClientSecret::new(SECRET)).unwrap();
    spent(auth.refresh(&refresh_token).await.unwrap_err());
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_was_not_sent_or_only_postponed_spent_nothing() {
    let auth = Auth::new(http(), &nobody().await, "client-id", ClientSecret::new(SECRET)).unwrap();
    let error = auth.refresh(&RefreshToken::new("r")).await.unwrap_err();
    assert!(matches!(error, AuthError::NotSent(_)), "{error:?}");
    assert_eq!((error.effect(), error.advice()), (Effect::NotDone, Advice::RepeatLater));

    let server = Server::that_says(Reply::new(429, "").header("Retry-After", "9")).await;
    let error = server.auth().refresh(&RefreshToken::new("r")).await.unwrap_err();
    assert!(matches!(error, AuthError::RateLimited { retry_after: Some(pause) } if pause.as_secs() == 9));
    assert_eq!(error.effect(), Effect::NotDone);
}
