//! A client's way to a simulated accounting system, with all that can happen to a request on it.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use chrono::TimeDelta;
use http_once::{Answer, Fault as Lack, HeaderMap, HeaderName, Lost, Request, Transport};
use sim_kit::{Delivery, Fault as Spoiled, FaultAnswer, FaultKind, Method, SimRequest, SimResponse};
use workflow::ports::Clock;

use super::{Rules, state::State};
use crate::{
    clock::VirtualClock,
    faults::{Call, Fault, Faults, When},
};

/// How long the functions' client waits for an answer.
pub(crate) const PATIENCE: TimeDelta = TimeDelta::seconds(20);

/// What is special about a system's requests.
#[derive(Clone, Copy)]
pub(crate) struct Ways {
    /// Which call of the trait a request belongs to.
    pub(crate) call: fn(&SimRequest) -> Call,
    /// A refusal that is about this call's data and nothing else, in these words.
    pub(crate) refused: fn(&str) -> FaultAnswer,
    /// A refusal that is about the tenant as a whole.
    pub(crate) blocked: fn(&str) -> FaultAnswer,
}

/// Requests as the system gets them.
pub struct Wire<W: Rules> {
    state: Arc<State<W>>,
    ways: Ways,
    clock: VirtualClock,
    faults: Faults,
}

impl<W: Rules> Clone for Wire<W> {
    fn clone(&self) -> Self {
        let Self { state, ways, clock, faults } = self;
        Self { state: Arc::clone(state), ways: *ways, clock: clock.clone(), faults: faults.clone() }
    }
}

impl<W: Rules> Wire<W> {
    pub(crate) fn new(state: Arc<State<W>>, ways: Ways, clock: VirtualClock, faults: Faults) -> Self {
        Self { state, ways, clock, faults }
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
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse()) {
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
            Fault::Refused(words) => self.spoiled(request, FaultKind::StatusBeforeEffect((self.ways.refused)(words))),
            Fault::TenantBlocked(words) => {
                self.spoiled(request, FaultKind::StatusBeforeEffect((self.ways.blocked)(words)))
            }
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

impl<W: Rules> Transport for Wire<W> {
    async fn send(&self, request: Request, _largest_body: usize) -> Result<Answer, Lack> {
        let request = taken(&request);
        let late = |_, by| self.state.take_late(request.clone(), by);
        match self.faults.make_or((self.ways.call)(&request), PATIENCE, || self.state.handle(&request), late).await {
            Ok(response) => self.deliver(response).await,
            Err(fault) => self.instead(&request, fault).await,
        }
    }
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
