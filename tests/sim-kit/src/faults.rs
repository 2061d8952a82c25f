//! Faults that a test injects: which calls they hit, and whether they strike before or after the effect.

use serde::{Deserialize, Serialize};

use crate::message::{Delivery, Method, SimResponse};

/// Which calls a fault hits; an absent part matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaultMatch {
    /// HTTP method.
    pub method: Option<Method>,
    /// Part of the path.
    pub path_contains: Option<String>,
    /// Number of the company.
    pub tenant: Option<u64>,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// The request is lost and the client waits in vain.
    TimeoutBeforeEffect,
    /// The work is done and the client waits in vain.
    TimeoutAfterEffect,
    /// The connection breaks before anything is done.
    DropBeforeEffect,
    /// The connection breaks after the work is done.
    DropAfterEffect,
    /// This status, and nothing is done.
    StatusBeforeEffect(FaultAnswer),
    /// This status although the work is done.
    StatusAfterEffect(FaultAnswer),
    /// The true answer comes late.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// 429 in the shape the switches ask for.
    RateLimited,
    /// 401 as for an expired token.
    Unauthorized,
}

/// The wrong answer of a status fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultAnswer {
    /// HTTP status.
    pub status: u16,
    /// Body, empty by default.
    #[serde(default)]
    pub body: String,
    /// Content type, `text/html` by default: such answers mostly come from a proxy.
    #[serde(default = "proxy_content_type")]
    pub content_type: String,
}

fn proxy_content_type() -> String {
    "text/html".to_owned()
}

/// One injected fault. It hits calls of the app only: a person does not call over the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Which calls.
    #[serde(rename = "match", default)]
    pub matching: FaultMatch,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// How many matching calls are hit.
    #[serde(default = "once")]
    pub times: u32,
    /// How many matching calls pass unharmed first.
    #[serde(default)]
    pub skip: u32,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// A fault that hits the next call whose path contains this.
    pub fn next_on(path_contains: &str, kind: FaultKind) -> Self {
        Self {
            matching: FaultMatch { path_contains: Some(path_contains.to_owned()), ..FaultMatch::default() },
            kind,
            times: 1,
            skip: 0,
        }
    }

    fn matches(&self, method: Method, path: &str, tenant: Option<u64>) -> bool {
        let wanted = &self.matching;
        wanted.method.is_none_or(|wanted| wanted == method)
            && wanted.path_contains.as_deref().is_none_or(|part| path.contains(part))
            && wanted.tenant.is_none_or(|wanted| tenant == Some(wanted))
    }
}

impl FaultKind {
    /// The work is not done at all.
    pub fn strikes_before_effect(&self) -> bool {
        matches!(
            self,
            Self::TimeoutBeforeEffect
                | Self::DropBeforeEffect
                | Self::StatusBeforeEffect(_)
                | Self::RateLimited
                | Self::Unauthorized
        )
    }

    /// What becomes of the true answer.
    pub fn spoil(&self, mut answer: SimResponse) -> SimResponse {
        match self {
            Self::TimeoutBeforeEffect | Self::TimeoutAfterEffect => {
                answer.delivery = Delivery::HoldUntilClientGivesUp;
                answer
            }
            Self::DropBeforeEffect | Self::DropAfterEffect => {
                answer.delivery = Delivery::DropConnection;
                answer
            }
            Self::StatusBeforeEffect(wrong) | Self::StatusAfterEffect(wrong) => {
                SimResponse::new(wrong.status, &wrong.content_type, wrong.body.clone())
            }
            Self::Delay { ms } => {
                answer.delivery = Delivery::DelayThenAnswer(*ms);
                answer
            }
            Self::RateLimited | Self::Unauthorized => answer,
        }
    }
}

/// The faults still to strike, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    waiting: Vec<Fault>,
}

impl Faults {
    /// One more, behind those already waiting.
    pub fn add(&mut self, fault: Fault) {
        if fault.times > 0 {
            self.waiting.push(fault);
        }
    }

    /// Takes all back.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    /// Those that have not struck yet.
    pub fn waiting(&self) -> &[Fault] {
        &self.waiting
    }

    /// The fault that strikes this call. Uses up one of its times; faults that let the call pass use up one skip.
    pub fn strike(&mut self, method: Method, path: &str, tenant: Option<u64>) -> Option<FaultKind> {
        let mut struck = None;
        for fault in &mut self.waiting {
            if !fault.matches(method, path, tenant) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            fault.times -= 1;
            struck = Some(fault.kind.clone());
            break;
        }
        self.waiting.retain(|fault| fault.times > 0);
        struck
    }
}
