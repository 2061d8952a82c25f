//! The template's HTTP API on a port of this machine: API Gateway's part between a request and a function.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

mod payload;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{Response, StatusCode},
};
use serde_json::{Value as Json, json};
use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    clock::Clock,
    lambda::Lambda,
    template::{Function, Route},
};

/// Largest body: API Gateway takes 10 MB.
const MOST_BODY_BYTES: usize = 10 * 1024 * 1024;

/// The API; it serves until this is dropped.
pub(crate) struct HttpApi {
    pub(crate) url: String,
    _server: JoinSet<()>,
}

struct Shared {
    routes: Vec<(Route, String)>,
    lambda: Arc<Lambda>,
    clock: Arc<Clock>,
}

impl HttpApi {
    /// Serves the functions' routes. There may be none: then nothing is found.
    pub(crate) fn serve(
        listener: TcpListener,
        url: String,
        functions: &BTreeMap<String, Function>,
        lambda: Arc<Lambda>,
        clock: Arc<Clock>,
    ) -> Self {
        let of = |(name, function): (&String, &Function)| {
            let routes = function.routes.values().cloned();
            routes.map(|route| (route, name.clone())).collect::<Vec<_>>()
        };
        let shared = Shared { routes: functions.iter().flat_map(of).collect(), lambda, clock };
        let router = Router::new().fallback(handle).with_state(Arc::new(shared));
        let mut server = JoinSet::new();
        server.spawn(async move {
            // Serving ends with the task: accept errors are retried inside.
            let _ = axum::serve(listener, router).await;
        });
        Self { url, _server: server }
    }
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let find = |(route, function): &'_ (Route, String)| {
        let fits = route.method == "ANY" || route.method == parts.method.as_str();
        let parameters = route.parameters(parts.uri.path()).filter(|_| fits)?;
        let parameters = parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Some((route.key(), function.clone(), parameters))
    };
    let Some((route, function, parameters)) = shared.routes.iter().find_map(find) else {
        return message(StatusCode::NOT_FOUND, "Not Found");
    };
    let Ok(body) = axum::body::to_bytes(body, MOST_BODY_BYTES).await else {
        return message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
    };
    let event = payload::event(&route, &parameters, &parts, &body, shared.clock.now());
    match shared.lambda.invoke(&function, &event).await {
        Ok(answer) => payload::answer(&answer).unwrap_or_else(broken),
        Err(error) => {
            tracing::warn!(function, %error, "a request to the HTTP API failed");
            broken()
        }
    }
}

fn broken() -> Response<Body> {
    message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

/// API Gateway's own answers.
fn message(status: StatusCode, text: &str) -> Response<Body> {
    respond(status, [("content-type".to_owned(), "application/json".to_owned())], json!({"message": text}).to_string())
        .unwrap_or_default()
}

fn respond(
    status: StatusCode,
    headers: impl IntoIterator<Item = (String, String)>,
    body: impl Into<Bytes>,
) -> Option<Response<Body>> {
    let start = Response::builder().status(status);
    let response = headers.into_iter().fold(start, |response, (name, value)| response.header(name, value));
    response.body(Body::from(body.into())).ok()
}

/// A JSON value as the text of a header.
fn header_text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
