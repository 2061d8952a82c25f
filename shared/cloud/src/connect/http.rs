//! The three routes of connecting: `GET /connect/{system}` shows what a link is for, `POST /connect/{system}` leads to the
//! consent page, and `GET /connect/{system}/callback` takes the answer.
//!
//! Nothing of a request gets into a log, and nobody is led anywhere but to the accounting system's own page.

use domain::{
    connect::{Page, callback_address, language_of, named},
    ids::SystemKind,
};
use workflow::connect::{self, ConnectPorts, Connected, Proof, Said, Stop};

use crate::api::{HttpAnswer, HttpRequest};

/// Answers a request.
pub async fn answer<P: ConnectPorts>(ports: &P, request: &HttpRequest) -> HttpAnswer {
    let language = language_of(request.header("accept-language"));
    // Boxed, or the future is nested deeper than the compiler follows.
    match Box::pin(reply(ports, request)).await {
        Reply::Page(page) => HttpAnswer::page(page.status(), page.html(language)),
        Reply::Elsewhere(address) => HttpAnswer::see_other(address),
    }
}

enum Reply {
    Page(Page),
    Elsewhere(String),
}

/// Which route it is.
enum Route {
    Look(SystemKind),
    Ask(SystemKind),
    Answer(SystemKind),
}

fn route(request: &HttpRequest) -> Option<Route> {
    let rest = request.raw_path.strip_prefix("/connect/")?;
    match (request.method(), rest.split_once('/')) {
        ("GET", None) => named(rest).map(Route::Look),
        ("POST", None) => named(rest).map(Route::Ask),
        ("GET", Some((system, "callback"))) => named(system).map(Route::Answer),
        _ => None,
    }
}

async fn reply<P: ConnectPorts>(ports: &P, request: &HttpRequest) -> Reply {
    let query = Fields::of(request.raw_query_string.as_bytes());
    let done = match route(request) {
        None => return Reply::Page(Page::Nowhere),
        Some(Route::Look(system)) => {
            let link = query.get("link");
            connect::look(ports, system, link).await.map(|_| Reply::Page(Page::Start { system, link: link.to_owned() }))
        }
        Some(Route::Ask(system)) => {
            let callback = callback_address(request.host(), system);
            let form = Fields::of(&request.body());
            connect::ask(ports, system, form.get("link"), &callback).await.map(Reply::Elsewhere)
        }
        Some(Route::Answer(system)) => {
            let callback = callback_address(request.host(), system);
            let done = connect::answer(ports, system, query.get("state"), said(system, &query), &callback).await;
            done.map(|Connected { tenant, name }| Reply::Page(Page::Connected { tenant, name }))
        }
    };
    done.unwrap_or_else(|stop| {
        told(&stop);
        Reply::Page(stop.page())
    })
}

fn told(stop: &Stop) {
    let error = stop.for_logs();
    if matches!(stop, Stop::Port(_)) {
        tracing::error!(error, "a company could not be connected");
    } else {
        tracing::warn!(error, "a company was not connected");
    }
}

/// What came back. A no counts before a yes: both together are nothing that an accounting system sends.
fn said(system: SystemKind, query: &Fields) -> Said {
    let proof = match system {
        SystemKind::Fortnox => query.get("code"),
        SystemKind::Economic => query.get("token"),
    };
    match query.get("error") {
        "" if !proof.is_empty() => Said::Yes(Proof::new(proof)),
        // Neither: e-conomic documents no no.
        "" => Said::No { error: "access_denied".to_owned(), description: String::new() },
        error => Said::No { error: error.to_owned(), description: query.get("error_description").to_owned() },
    }
}

/// A query or form, decoded.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn of(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The first of that name; one that isn't there is as good as an empty one.
    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}
