//! The client's way to the simulated Fortnox, with all that can happen to a request on it.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use chrono::TimeDelta;
use fortnox::{Answer, Fault as Lack, HeaderMap, Lost, Request, Transport};
use fortnox_sim::{Delivery, Fault as Spoiled, FaultAnswer, FaultKind, Method, SimRequest, SimResponse};
use serde_json::json;
use workflow::ports::Clock;

use super::state::State;
use crate::{
    clock::VirtualClock,
    faults::{Call, Fault, Faults, When},
};

/// How long the functions' client waits for an answer.
pub(super) const PATIENCE: TimeDelta = TimeDelta::seconds(20);

/// The code by which Fortnox says that a licence is missing: the tenant as a whole can't be used.
const LICENCE_MISSING: u32 = 2_001_103;
/// A refusal that is about this call's data and nothing else.
const BAD_DATA: u32 = 2_000_106;

/// Requests as Fortnox gets them.
pub struct Wire {
    state: Arc<State>,
    clock: VirtualClock,
    faults: Faults,
}

impl Wire {
    pub(super) fn new(state: Arc<State>, clock: VirtualClock, faults: Faults) -> Self {
        Self { state, clock, faults }
    }

    /// The answer to `request`, which the simulator's own fault spoils.
    fn spoiled(&self, request: &SimRequest, kind: FaultKind) -> SimResponse {
        self.state.with(|world| world.inject(Spoiled::next_on(&request.path, kind)));
        self.state.handle(request)
    }

    async fn deliver(&self, response: SimResponse) -> Result<Answer, Lack> {
        match response.delivery {
            Delivery::Answer => {}
            Delivery::DelayThenAnswer(ms) => self.clock.sleep(milliseconds(ms)).await,
            Delivery::DropConnection => return Err(lost(false)),
            Delivery::HoldUntilClientGivesUp => {
                self.clock.sleep(PATIENCE).await;
                return Err(lost(true));
            }
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &response.headers {
            if let (Ok(name), Ok(value)) = (name.parse::<fortnox::HeaderName>(), value.parse()) {
                headers.insert(name, value);
            }
        }
        let now = u64::try_from(self.clock.now().timestamp()).unwrap_or(0);
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(now);
        Ok(Answer::new(response.status, &headers, now, Ok(response.body)))
    }

    /// What stands in the answer's place.
    async fn instead(&self, request: &SimRequest, fault: Fault) -> Result<Answer, Lack> {
        let unavailable = FaultAnswer {
            status: 503,
            body: "upstream connect error or disconnect/reset before headers".to_owned(),
            content_type: "text/plain".to_owned(),
        };
        let response = match fault {
            Fault::NotTaken | Fault::Busy(_) => self.spoiled(request, FaultKind::RateLimited),
            Fault::Unauthorized => self.spoiled(request, FaultKind::Unauthorized),
            Fault::Failed(When::Before) => self.spoiled(request, FaultKind::StatusBeforeEffect(unavailable)),
            Fault::Refused(words) => self.spoiled(request, refusal(words, BAD_DATA)),
            Fault::TenantBlocked(words) => self.spoiled(request, refusal(words, LICENCE_MISSING)),
            // The work was done, or is going to be; only the answer is another.
            Fault::Failed(When::After) => SimResponse {
                status: 503,
                headers: Vec::new(),
                body: unavailable.body.into_bytes(),
                delivery: Delivery::Answer,
            },
            Fault::TimeOut(_) | Fault::Late(_) => return Err(lost(true)),
            Fault::NoAnswer(_) | Fault::Crash(_) | Fault::CrashLate(_) | Fault::Slow(..) => return Err(lost(false)),
        };
        self.deliver(response).await
    }
}

impl Transport for Wire {
    async fn send(&self, request: Request, _largest_body: usize) -> Result<Answer, Lack> {
        let request = taken(&request);
        let late = |_, by| self.state.take_late(request.clone(), by);
        match self.faults.make_or(call(&request), PATIENCE, || self.state.handle(&request), late).await {
            Ok(response) => self.deliver(response).await,
            Err(fault) => self.instead(&request, fault).await,
        }
    }
}

fn refusal(words: &str, code: u32) -> FaultKind {
    let body = json!({"ErrorInformation": {"error": 1, "message": words, "code": code}}).to_string();
    FaultKind::StatusBeforeEffect(FaultAnswer { status: 400, body, content_type: "application/json".to_owned() })
}

fn lost(timed_out: bool) -> Lack {
    let cause = if timed_out { "no answer in time" } else { "the connection broke" };
    Lack::Lost(Lost { timed_out, cause: cause.into() })
}

fn milliseconds(ms: u64) -> TimeDelta {
    TimeDelta::milliseconds(i64::try_from(ms).unwrap_or(i64::MAX / 2))
}

fn taken(request: &Request) -> SimRequest {
    let url = request.url();
    SimRequest {
        method: Method::named(request.method().as_str()),
        path: url.path().to_owned(),
        query: url.query().unwrap_or_default().to_owned(),
        headers: request
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned()))
            .collect(),
        body: request.body().and_then(|body| body.as_bytes()).unwrap_or_default().to_vec(),
    }
}

/// Which call of the trait a request belongs to. Looking for an invoice takes more than one: its list is
/// [`Call::InvoicesOf`], and each that's read is a [`Call::Invoice`].
fn call(request: &SimRequest) -> Call {
    let path: Vec<&str> = request.path.split('/').filter(|part| !part.is_empty()).skip(1).collect();
    match path[..] {
        ["contracts"] => Call::Agreements,
        ["contracts", _] => Call::Agreement,
        ["contracts", ..] => Call::CreateInvoice,
        ["invoices"] => Call::InvoicesOf,
        ["invoices", _, "bookkeep"] => Call::Book,
        ["invoices", _, "externalprint"] => Call::MarkSent,
        ["invoices", _, "preview"] => Call::Pdf,
        ["invoices", ..] => Call::Invoice,
        ["customers", ..] => Call::Customer,
        _ => Call::Company,
    }
}
