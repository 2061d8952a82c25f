//! An e-conomic that says what it is told to say and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use economic::{
    AgreementGrantToken, AgreementNumber, Answer, AppSecretToken, BodyFault, BookedNumber, Client, ContactNumber,
    CustomerNumber, DraftNumber, Fault, Figures, HeaderMap, Lost, PaceError, Pacer, Request, Session, Settings,
    Transport,
};

pub(crate) const APP: &str = "meget-hemmelig-app";
pub(crate) const GRANT: &str = "meget-hemmelig-aftale";

/// What is said to one request.
#[derive(Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Result<Vec<u8>, Cut>,
}

/// How an answer is spoilt.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cut {
    NoConnection,
    NoAnswer { timed_out: bool },
    InTheMiddle,
    TooLong,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl AsRef<[u8]>) -> Self {
        let headers = vec![("X-RequestId", "a2a25bfb88b1f4bd-CPH")];
        Self { status, headers, body: Ok(body.as_ref().to_vec()) }
    }

    pub(crate) fn ok(body: impl AsRef<[u8]>) -> Self {
        Self::new(200, body)
    }

    pub(crate) fn cut(status: u16, cut: Cut) -> Self {
        Self { status, headers: Vec::new(), body: Err(cut) }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Host and path.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<String>,
}

impl Seen {
    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find_map(|(key, value)| (key == name).then_some(value.as_str()))
    }
}

/// Says its replies one after another, the last again and again.
pub(crate) struct Economic {
    replies: Mutex<VecDeque<Reply>>,
    pub(crate) seen: Mutex<Vec<Seen>>,
}

impl Economic {
    pub(crate) fn that_says(replies: impl IntoIterator<Item = Reply>) -> Arc<Self> {
        Arc::new(Self { replies: Mutex::new(replies.into_iter().collect()), seen: Mutex::default() })
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    fn next_reply(&self) -> Reply {
        let mut replies = self.replies.lock().unwrap();
        if replies.len() > 1 { replies.pop_front().unwrap() } else { replies[0].clone() }
    }
}

/// A transport must be owned by the client, and the tests look at it afterwards.
pub(crate) struct Shared(pub(crate) Arc<Economic>);

impl Transport for Shared {
    async fn send(&self, request: Request, largest_body: usize) -> Result<Answer, Fault> {
        let body = request.body().map(|body| String::from_utf8(body.as_bytes().unwrap().to_vec()).unwrap());
        self.0.seen.lock().unwrap().push(Seen {
            method: request.method().to_string(),
            path: format!("{}{}", request.url().host_str().unwrap(), request.url().path()),
            query: request.url().query_pairs().into_owned().collect(),
            headers: request.headers().clone(),
            body,
        });
        let reply = self.0.next_reply();
        let headers = reply.headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let lost = |timed_out| Lost { timed_out, cause: "lost".into() };
        let body = match reply.body {
            Ok(body) => Ok(body),
            Err(Cut::NoConnection) => return Err(Fault::NotSent("refused".into())),
            Err(Cut::NoAnswer { timed_out }) => return Err(Fault::Lost(lost(timed_out))),
            Err(Cut::InTheMiddle) => Err(BodyFault::Lost(lost(false))),
            Err(Cut::TooLong) => Err(BodyFault::TooLarge(largest_body)),
        };
        Ok(Answer::new(reply.status, &headers.collect(), SystemTime::now(), body))
    }
}

/// What a pacer was asked and told.
#[derive(Clone, Default)]
pub(crate) struct Recorder(pub(crate) Arc<Mutex<Vec<Paced>>>);

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Paced {
    Slot(u32),
    Told(u32, Figures),
    Refused(u32, Option<Duration>),
}

impl Pacer for Recorder {
    async fn slot(&self, agreement: AgreementNumber) -> Result<(), PaceError> {
        self.0.lock().unwrap().push(Paced::Slot(agreement.get()));
        Ok(())
    }

    async fn told(&self, agreement: AgreementNumber, figures: Figures) {
        self.0.lock().unwrap().push(Paced::Told(agreement.get(), figures));
    }

    async fn refused(&self, agreement: AgreementNumber, retry_after: Option<Duration>) {
        self.0.lock().unwrap().push(Paced::Refused(agreement.get(), retry_after));
    }
}

pub(crate) fn client(economic: &Arc<Economic>, pacer: Recorder) -> Client<Recorder, Shared> {
    Client::new(Shared(Arc::clone(economic)), &Settings::default(), AppSecretToken::new(APP), pacer).unwrap()
}

pub(crate) fn grant() -> AgreementGrantToken {
    AgreementGrantToken::new(GRANT)
}

/// The API as an agreement, over an e-conomic that says this to everything.
pub(crate) fn session(reply: Reply) -> (Session<Recorder, Shared>, Arc<Economic>) {
    sessions([reply])
}

pub(crate) fn sessions(replies: impl IntoIterator<Item = Reply>) -> (Session<Recorder, Shared>, Arc<Economic>) {
    let economic = Economic::that_says(replies);
    let session =
        client(&economic, Recorder::default()).for_agreement(AgreementNumber::new(1_234_567).unwrap(), grant());
    (session, economic)
}

pub(crate) fn draft(number: u32) -> DraftNumber {
    DraftNumber::new(number).unwrap()
}

pub(crate) fn booked(number: u32) -> BookedNumber {
    BookedNumber::new(number).unwrap()
}

pub(crate) fn customer(number: u32) -> CustomerNumber {
    CustomerNumber::new(number).unwrap()
}

pub(crate) fn contact(number: u32) -> ContactNumber {
    ContactNumber::new(number).unwrap()
}

/// e-conomic's own 404.
pub(crate) const NOT_FOUND: &str = r#"{"message":"Resource not found.","developerHint":"Look at the links.",
    "logId":"8d79f54f226ebe44-CPH","httpStatusCode":404,"logTime":"2026-10-24T14:26:57"}"#;
