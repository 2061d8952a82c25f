//! Booking, and what each answer to it means.

use std::sync::Arc;
use std::time::Duration;

use economic::{
    Advice, AgreementNumber, AppSecretToken, Client, Effect, Error, IdempotencyKey, KeyMisuse, SendBy, SendByWords,
    Settings,
};

use crate::fake::{Cut, Economic, NOT_FOUND, Recorder, Reply, Shared, booked, draft, grant, session};
use crate::models::BOOKED;

fn key() -> IdempotencyKey {
    IdempotencyKey::new("7b0a4d5e-148").unwrap()
}

async fn error(reply: Reply) -> Error {
    let (session, economic) = session(reply);
    let body = session.booking_body(draft(148), SendBy::None);
    let error = session.book(&body, &key()).await.unwrap_err();
    assert_eq!(economic.seen().len(), 1, "nothing is sent twice");
    error
}

const VALIDATION: &str = r#"{"message":"Validation failed. 1 error found.","errorCode":"E04300","httpStatusCode":400,
    "errorCount":1,"developerHint":"Inspect validation errors.","logId":"log-1","errors":{"lines":[{"arrayIndex":0,
    "unitNetPrice":{"errors":[{"propertyName":"unitNetPrice","errorMessage":"Too many decimals.","errorCode":"E04740",
    "inputValue":"hemmelig"}]}}]}}"#;

#[tokio::test]
async fn exactly_the_stored_bytes_are_sent_with_the_key() {
    for status in [200, 201] {
        let (session, economic) = session(Reply::new(status, BOOKED));
        let body = session.booking_body(draft(148), SendBy::None);
        assert_eq!(body, br#"{"draftInvoice":{"draftInvoiceNumber":148}}"#);
        let booking = session.book(b"{ \"as\":  \"stored\" }", &key()).await.unwrap();
        assert_eq!((booking.invoice.number, booking.invoice.order_number), (booked(31), Some(draft(148))));
        assert!(!booking.from_cache);
        let seen = &economic.seen()[0];
        assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "restapi.e-conomic.com/invoices/booked"));
        assert_eq!(seen.body.as_deref(), Some("{ \"as\":  \"stored\" }"));
        assert_eq!(seen.headers["Idempotency-Key"], "7b0a4d5e-148");
        assert_eq!(seen.headers["Content-Type"], "application/json");
    }
}

#[tokio::test]
async fn a_stored_answer_says_so() {
    let (session, _) = session(Reply::new(201, BOOKED).header("X-ResultFromCache", "true"));
    assert!(session.book(b"{}", &key()).await.unwrap().from_cache);
}

#[test]
fn ways_of_sending_are_spelled_as_set() {
    let economic = Economic::that_says([Reply::ok("")]);
    let bodies = |settings: &Settings| {
        let app = AppSecretToken::new("x");
        let client = Client::new(Shared(Arc::clone(&economic)), settings, app, Recorder::default()).unwrap();
        let session = client.for_agreement(AgreementNumber::new(1).unwrap(), grant());
        [SendBy::Ean, SendBy::Email].map(|by| String::from_utf8(session.booking_body(draft(7), by)).unwrap())
    };
    let body = |word| format!(r#"{{"draftInvoice":{{"draftInvoiceNumber":7}},"sendBy":"{word}"}}"#);
    assert_eq!(bodies(&Settings::default()), [body("EAN"), body("Email")]);
    let send_by_words = SendByWords { ean: "ean".into(), email: "email".into() };
    assert_eq!(bodies(&Settings { send_by_words, ..Settings::default() }), [body("ean"), body("email")]);
}

#[tokio::test]
async fn a_refusal_in_words_means_that_nothing_was_booked() {
    for status in [400, 403, 405, 406, 415, 422] {
        let error = error(Reply::new(status, VALIDATION)).await;
        assert_eq!(error.effect(), Effect::NotDone, "{status}: {error:?}");
        let Error::Refused(refusal) = &error else { panic!("{error:?}") };
        assert_eq!((refusal.status, refusal.code.as_deref()), (status, Some("E04300")));
        assert_eq!(refusal.details[0].to_string(), "lines[0].unitNetPrice: Too many decimals. (E04740)");
        assert_eq!((refusal.log_id.as_deref(), error.request_id()), (Some("log-1"), Some("a2a25bfb88b1f4bd-CPH")));
        assert!(!format!("{error} {error:?}").contains("hemmelig"));
    }
    let error = error(Reply::new(400, VALIDATION)).await;
    assert_eq!(error.advice(), Advice::AskPerson);
    assert_eq!(
        error.to_string(),
        "e-conomic refused the call: 400, E04300: Validation failed. 1 error found.; \
         lines[0].unitNetPrice: Too many decimals. (E04740)"
    );
    let bare = self::error(Reply::new(400, r#"{"message":"Nej."}"#)).await;
    assert!(matches!(bare, Error::Refused(_)), "a message is reason enough");
}

#[tokio::test]
async fn a_refusal_without_words_proves_nothing() {
    for status in [400, 403, 405, 406, 415, 422] {
        for body in ["", "<html>no</html>", "[]", "{}", "\"no\""] {
            let error = error(Reply::new(status, body)).await;
            assert!(matches!(error, Error::Server(_)), "{status} {body}: {error:?}");
            assert_eq!((error.effect(), error.advice()), (Effect::Unknown, Advice::ReplaySame));
        }
        let error = error(Reply::cut(status, Cut::InTheMiddle)).await;
        assert_eq!(error.effect(), Effect::Unknown);
    }
}

#[tokio::test]
async fn tokens_that_are_not_accepted_book_nothing() {
    let said = r#"{"message":"Could not resolve context.","errorCode":"E02250","httpStatusCode":401}"#;
    for reply in [Reply::new(401, said), Reply::new(403, said), Reply::new(401, "no")] {
        let error = error(reply).await;
        assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
        assert_eq!((error.effect(), error.advice()), (Effect::NotDone, Advice::RenewConsent));
    }
}

#[tokio::test]
async fn a_missing_draft_may_be_a_booked_one() {
    let missing = r#"{"message":"Draft invoice not found.","errorCode":"E06000","httpStatusCode":400}"#;
    let within = r#"{"message":"Validation failed.","errorCode":"E04300","errors":{"draftInvoice":{"errors":[
        {"errorMessage":"Not found.","errorCode":"E06000","inputValue":148}]}}}"#;
    for reply in [Reply::new(404, NOT_FOUND), Reply::new(400, missing), Reply::new(400, within)] {
        let error = error(reply).await;
        assert!(matches!(error, Error::DraftGone(_)), "{error:?}");
        assert_eq!((error.effect(), error.advice()), (Effect::Unknown, Advice::ObserveFirst));
    }
}

#[tokio::test]
async fn a_misused_key_is_a_matter_for_a_person() {
    for (body, expected) in [
        (r#"{"message":"PayloadChanged","httpStatusCode":400}"#, KeyMisuse::PayloadChanged),
        (r#"{"errors":["Idempotency: URLChanged"]}"#, KeyMisuse::UrlChanged),
        ("PayloadChanged", KeyMisuse::PayloadChanged),
    ] {
        let error = error(Reply::new(400, body)).await;
        assert!(matches!(error, Error::KeyMisused { misuse, .. } if misuse == expected), "{error:?}");
        assert_eq!((error.effect(), error.advice()), (Effect::Unknown, Advice::AskPerson));
    }
}

#[tokio::test]
async fn whatever_else_may_have_booked_and_may_be_replayed() {
    let statuses = [300, 302, 402, 408, 409, 410, 418, 500, 501, 502, 503, 504];
    let mut replies: Vec<_> = statuses.into_iter().map(|status| Reply::new(status, "upstream connect error")).collect();
    replies.extend(statuses.map(|status| Reply::new(status, r#"{"message":"Ups","logId":"1"}"#)));
    // A gateway's, which knows of no draft: a replay that met it must not be taken for "somebody else booked it".
    replies.extend(["", "nothing here", r#"{"message":"no Route matched"}"#].map(|body| Reply::new(404, body)));
    replies.extend([
        Reply::cut(201, Cut::NoAnswer { timed_out: true }),
        Reply::cut(201, Cut::NoAnswer { timed_out: false }),
        Reply::cut(201, Cut::InTheMiddle),
        Reply::cut(201, Cut::TooLong),
        Reply::new(201, ""),
        Reply::new(201, r#"{"orderNumber":148}"#),
        Reply::new(204, ""),
        Reply::new(429, ""),
    ]);
    for reply in replies {
        let error = error(reply).await;
        assert_eq!((error.effect(), error.advice()), (Effect::Unknown, Advice::ReplaySame), "{error:?}");
    }
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let error = error(Reply::cut(0, Cut::NoConnection)).await;
    assert_eq!((error.effect(), error.advice()), (Effect::NotDone, Advice::RepeatLater));
}

#[tokio::test]
async fn a_429_tells_how_long_to_wait() {
    let error = error(Reply::new(429, "").header("Retry-After", "17")).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(17)));
}
