//! dynoxide behind the gate. It serves on a port of its own and takes no layers, so what passes the gate is carried there.

use std::net::Ipv4Addr;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use dynoxide::Database;
use tokio::{net::TcpListener, task::JoinSet};

use crate::{access::Gate, emulators::MAX_BODY_BYTES};

/// Headers that are about one connection alone.
const OF_THE_CONNECTION: [HeaderName; 3] = [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING];

/// Serves on `listener` until dropped, and dynoxide with it.
pub(super) async fn serve(listener: TcpListener, gate: Gate, database: Database) {
    let Ok(behind) = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await else {
        return tracing::error!("there is no port for the tables");
    };
    let Ok(address) = behind.local_addr() else { return };
    let mut server = JoinSet::new();
    server.spawn(dynoxide::server::serve_on(behind, database));
    // Nothing on this machine is behind a proxy.
    let Ok(client) = reqwest::Client::builder().no_proxy().build() else {
        return tracing::error!("there is no client for the tables");
    };
    let to = (client, format!("http://{address}/"));
    let router = Router::new().fallback(carry).layer(DefaultBodyLimit::max(MAX_BODY_BYTES)).with_state(to);
    // Serving ends with the task: accept errors are retried inside.
    let _ = axum::serve(listener, gate.before(router)).await;
}

async fn carry(
    State((client, url)): State<(reqwest::Client, String)>,
    method: axum::http::Method,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response {
    forget(&mut headers);
    let Ok(answer) = client.request(method, url).headers(headers).body(body).send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    forget(&mut headers);
    match answer.bytes().await {
        Ok(body) => (status, headers, Body::from(body)).into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

fn forget(headers: &mut HeaderMap) {
    for name in OF_THE_CONNECTION {
        headers.remove(name);
    }
}
