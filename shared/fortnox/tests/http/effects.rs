//! One call is one request, and an error says what became of it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use fortnox::{Advice, Effect, Error, LocalPacer, PaceError, Session};

use crate::server::{
    Reply, Server, nobody, server_that_hangs_up_after, server_that_hangs_up_on_the_second, session,
    session_with_patience,
};

/// Both calls that must never happen twice, in turn.
async fn act(session: &Session<LocalPacer>) -> [Error; 2] {
    [session.create_invoice("17", None).await.unwrap_err(), session.bookkeep("1001").await.unwrap_err()]
}

fn assert_unknown(error: &Error) {
    assert_eq!((error.effect(), error.advice()), (Effect::Unknown, Advice::ObserveFirst), "{error:?}");
}

#[tokio::test]
async fn failures_of_fortnox_are_unknown_and_not_repeated() {
    for status in [500, 502, 503, 504, 408] {
        let server = Server::that_says(Reply::new(status, "<html>oj</html>")).await;
        for error in act(&server.session()).await {
            assert!(matches!(&error, Error::Server { status: told, .. } if *told == status), "{error:?}");
            assert_unknown(&error);
        }
        assert_eq!(server.requests(), 2, "one for each call");
    }
}

#[tokio::test]
async fn a_system_exception_is_a_failure_even_with_status_400() {
    let body = r#"{"ErrorInformation":{"error":1,"message":"Systemfel.","code":1000003}}"#;
    let server = Server::that_says(Reply::new(400, body)).await;
    for error in act(&server.session()).await {
        assert!(matches!(&error, Error::Server { status: 400, message, .. } if message == "Systemfel."), "{error:?}");
        assert_unknown(&error);
    }
}

#[tokio::test]
async fn no_answer_in_time_is_unknown_and_not_repeated() {
    let server = Server::that_says(Reply::never()).await;
    for error in act(&server.session()).await {
        assert!(matches!(error, Error::Unanswered { timed_out: true, .. }), "{error:?}");
        assert_unknown(&error);
    }
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_lost_connection_is_unknown_and_not_repeated() {
    let nothing: &[u8] = b"";
    let half: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"Invoice\":";
    for said in [nothing, half] {
        let (url, requests) = server_that_hangs_up_after(said).await;
        for error in act(&session(&url)).await {
            assert!(matches!(error, Error::Unanswered { timed_out: false, .. }), "{error:?}");
            assert_unknown(&error);
        }
        assert_eq!(requests.load(Ordering::SeqCst), 2);
    }
}

#[tokio::test]
async fn a_kept_connection_that_breaks_is_unknown_and_not_repeated() {
    let contract = r#"{"Contract":{"DocumentNumber":"17","CustomerNumber":"1"}}"#;
    let (url, requests) = server_that_hangs_up_on_the_second(contract).await;
    let session = session(&url);
    session.contract("17").await.unwrap();
    let error = session.create_invoice("17", None).await.unwrap_err();
    assert!(matches!(error, Error::Unanswered { timed_out: false, .. }), "{error:?}");
    assert_unknown(&error);
    assert_eq!(requests.load(Ordering::SeqCst), 2, "one read, one create");
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_unknown() {
    for body in ["", "ok", "[]", "{}", r#"{"Invoice":{}}"#, r#"{"Contract":{"DocumentNumber":"17"}}"#] {
        let server = Server::that_says(Reply::ok(body).header("X-Uid", "abc123")).await;
        for error in act(&server.session()).await {
            assert!(matches!(error, Error::Unreadable { status: 200, .. }), "{error:?}");
            assert_unknown(&error);
            assert_eq!(error.uid(), Some("abc123"));
        }
        assert_eq!(server.requests(), 2);
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let server = Server::that_says(Reply::ok(vec![b' '; 5 * 1024 * 1024])).await;
    let error = server.session().bookkeep("1").await.unwrap_err();
    assert!(matches!(&error, Error::Unreadable { reason, .. } if reason.contains("longer than")), "{error:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let server = Server::that_says(Reply::new(status, "").header("Location", "/3/invoices/1/bookkeep")).await;
        assert_unknown(&server.session().bookkeep("1").await.unwrap_err());
        assert_eq!(server.requests(), 1);
    }
}

#[tokio::test]
async fn without_connection_nothing_was_done() {
    let url = nobody().await;
    for error in act(&session(&url)).await {
        assert!(matches!(error, Error::NotSent(_)), "{error:?}");
        assert_eq!((error.effect(), error.advice()), (Effect::NotDone, Advice::RepeatLater));
    }
}

#[tokio::test]
async fn over_the_limit_nothing_was_done_and_the_pacer_knows() {
    let with = Reply::new(429, "<h1>Too Many Requests</h1>").header("Retry-After", "3");
    let without = Reply::new(429, "");
    for (reply, told, blocked_s) in [(with, Some(Duration::from_secs(3)), 3), (without, None, 1)] {
        let server = Server::that_says(reply).await;
        let impatient = session_with_patience(&server.url, Duration::ZERO);
        let error = impatient.create_invoice("17", None).await.unwrap_err();
        assert!(matches!(error, Error::RateLimited { .. }), "{error:?}");
        assert_eq!((error.effect(), error.retry_after()), (Effect::NotDone, told));

        let error = impatient.create_invoice("17", None).await.unwrap_err();
        let Error::Paced(PaceError::Busy { retry_in }) = error else { panic!("{error:?}") };
        assert!(retry_in <= Duration::from_secs(blocked_s));
        assert!(retry_in > Duration::from_secs(blocked_s) / 2);
        assert_eq!((error.effect(), error.advice()), (Effect::NotDone, Advice::RepeatLater));
        assert_eq!(server.requests(), 1, "without a slot nothing is sent");
    }
}

#[tokio::test]
async fn what_cannot_be_part_of_a_path_is_not_sent() {
    let server = Server::that_says(Reply::ok("{}")).await;
    let error = server.session().bookkeep("..").await.unwrap_err();
    assert_eq!((error.effect(), error.advice()), (Effect::NotDone, Advice::FixProgram));
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn calls_can_be_made_from_any_task() {
    let server = Server::that_says(Reply::new(500, "")).await;
    let session = server.session();
    let task = tokio::spawn(async move { session.create_invoice("17", None).await });
    assert_unknown(&task.await.unwrap().unwrap_err());
}
