//! A Fortnox that says what it is told to say and remembers what it was asked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use fortnox::{AccessToken, Auth, Client, ClientSecret, HttpClient, LocalPacer, Session, TenantId, Timeouts};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

pub(crate) const TENANT: TenantId = TenantId::new(123_456);
pub(crate) const TOKEN: &str = "very-secret-access-token";
pub(crate) const SECRET: &str = "very-secret-client-secret";

/// Long enough for an answer from this machine under load, short enough to run out in a test.
const ANSWER_WITHIN: Duration = Duration::from_millis(1_500);

/// What the server says to every request.
#[derive(Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
    never: bool,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self { status, headers: Vec::new(), body: body.as_ref().to_vec(), never: false }
    }

    pub(crate) fn ok(body: impl AsRef<[u8]>) -> Self {
        Self::new(200, body)
    }

    /// Takes the request and never answers.
    pub(crate) fn never() -> Self {
        Self { never: true, ..Self::ok("") }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// A request as it came in.
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

pub(crate) struct Server {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

#[derive(Clone)]
struct Script {
    reply: Reply,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub(crate) async fn that_says(reply: Reply) -> Self {
        let seen = Arc::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script = Script { reply, seen: Arc::clone(&seen) };
        let app = Router::new().fallback(answer).with_state(script);
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, seen }
    }

    pub(crate) fn requests(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The one request that came in.
    pub(crate) fn only_request(&self) -> Seen {
        let mut seen = self.seen.lock().unwrap();
        assert_eq!(seen.len(), 1, "exactly one request");
        seen.pop().unwrap()
    }

    pub(crate) fn session(&self) -> Session<LocalPacer> {
        session(&self.url)
    }

    pub(crate) fn auth(&self) -> Auth {
        Auth::new(http(), &self.url, "client-id", ClientSecret::new(SECRET)).unwrap()
    }
}

async fn answer(State(script): State<Script>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 1_000_000).await.unwrap();
    script.seen.lock().unwrap().push(Seen {
        line: format!("{} {}", head.method, head.uri),
        headers: head.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    if script.reply.never {
        std::future::pending::<()>().await;
    }
    let mut response = Response::builder().status(script.reply.status);
    for (name, value) in script.reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(script.reply.body)).unwrap()
}

/// A server that reads a request, says the given bytes and hangs up. Counts connections that brought a request.
pub(crate) async fn server_that_hangs_up_after(bytes: &'static [u8]) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut start = [0_u8; 1024];
            if connection.read(&mut start).await.is_ok_and(|length| length > 0) {
                count.fetch_add(1, Ordering::SeqCst);
                connection.write_all(bytes).await.unwrap();
            }
        }
    });
    (url, requests)
}

/// A server that answers the first request of a connection, keeps the connection, reads the second and hangs up.
pub(crate) async fn server_that_hangs_up_on_the_second(body: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            let mut start = [0_u8; 1024];
            for answer in [answer.as_bytes(), b""] {
                if connection.read(&mut start).await.is_ok_and(|length| length > 0) {
                    count.fetch_add(1, Ordering::SeqCst);
                    connection.write_all(answer).await.unwrap();
                }
            }
        }
    });
    (url, requests)
}

/// An address where nobody listens.
pub(crate) async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

pub(crate) fn http() -> HttpClient {
    HttpClient::new(Timeouts { connect: ANSWER_WITHIN, answer: ANSWER_WITHIN })
}

pub(crate) fn session(url: &str) -> Session<LocalPacer> {
    session_with_patience(url, Duration::from_mins(1))
}

pub(crate) fn session_with_patience(url: &str, longest_wait: Duration) -> Session<LocalPacer> {
    let client = Client::new(http(), url, LocalPacer::new(longest_wait)).unwrap();
    client.for_tenant(TENANT, AccessToken::new(TOKEN))
}
