//! How the API's answers look on the wire.

use serde_json::{Value, json};

use super::company::Reply;
use super::refusal::Refusal;
use super::switches::{RateLimitBody, Switches};
use sim_kit::SimResponse;

/// 429. Neither body nor header is documented, so both are switches.
pub(crate) fn too_many_requests(switches: &Switches) -> SimResponse {
    let mut answer = match switches.rate_limit_body {
        RateLimitBody::Empty => SimResponse { headers: Vec::new(), ..SimResponse::new(429, "text/plain", "") },
        RateLimitBody::Text => SimResponse::new(429, "text/plain", "Too Many Requests"),
        RateLimitBody::Html => {
            SimResponse::new(429, "text/html", "<html><body><h1>429 Too Many Requests</h1></body></html>")
        }
    };
    if let Some(seconds) = switches.retry_after_seconds {
        answer.headers.push(("Retry-After".to_owned(), seconds.to_string()));
    }
    answer
}

/// Recorded: not an `ErrorInformation`.
pub(crate) fn unauthorized() -> SimResponse {
    SimResponse::json(401, &json!({"message": "unauthorized"}))
}

/// A granted or refused call.
pub(crate) fn render(reply: Result<Reply, Refusal>) -> SimResponse {
    let mut answer = match reply {
        Ok(Reply::Pdf(bytes)) => SimResponse::new(200, "application/pdf", bytes),
        Ok(Reply::Json { status: 204, .. }) => {
            SimResponse { headers: Vec::new(), ..SimResponse::new(204, "application/json", "") }
        }
        Ok(Reply::Json { status, location, body }) => {
            let mut answer = SimResponse::new(status, "application/json", escape_slashes(&body));
            if let Some(location) = location {
                answer.headers.push(("Location".to_owned(), location.to_owned()));
            }
            answer
        }
        Ok(Reply::Newer { headers, body }) => {
            let mut answer = SimResponse::new(200, "application/json", body.to_string());
            answer.headers.extend(headers.into_iter().map(|(name, value)| (name.to_owned(), value)));
            answer
        }
        Err(refusal) => SimResponse::new(refusal.status, "application/json", escape_slashes(&refusal.body())),
    };
    for (name, value) in [("Server", "Fortnox"), ("X-Build", "simulated")] {
        answer.headers.push((name.to_owned(), value.to_owned()));
    }
    answer
}

/// Recorded: `https:\/\/…`. A slash occurs in JSON only inside text, so replacing all of them is safe.
fn escape_slashes(body: &Value) -> String {
    body.to_string().replace('/', "\\/")
}
