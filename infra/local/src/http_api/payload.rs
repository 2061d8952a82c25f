//! Requests and answers in payload format 2.0.

use std::collections::BTreeMap;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Response, StatusCode, request::Parts},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value as Json, json};

use super::{header_text, respond};
use crate::cloud::ACCOUNT;

/// The event of a request that came `now`.
pub(super) fn event(
    route: &str,
    parameters: &BTreeMap<String, String>,
    parts: &Parts,
    body: &Bytes,
    now: DateTime<Utc>,
) -> Json {
    let headers = headers(&parts.headers);
    let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
    let mut event = json!({
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": query,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": headers.get("host"),
            "http": {
                "method": parts.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": headers.get("user-agent"),
            },
            "requestId": format!("local-{}", now.timestamp_micros()),
            "routeKey": route,
            "stage": "$default",
            "time": now.format("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.timestamp_millis(),
        },
        "isBase64Encoded": false,
    });
    if !parameters.is_empty() {
        event["pathParameters"] = json!(parameters);
    }
    if !body.is_empty() {
        // Text of a kind that is known to be text comes as it is.
        let kind = headers.get("content-type").and_then(Json::as_str).unwrap_or_default();
        let is_text = ["text/", "application/json", "application/xml", "application/javascript"]
            .iter()
            .any(|text| kind.starts_with(text));
        let text = std::str::from_utf8(body).ok().filter(|_| is_text);
        event["isBase64Encoded"] = text.is_none().into();
        event["body"] = text.map_or_else(|| STANDARD.encode(body), str::to_owned).into();
    }
    event["headers"] = Json::Object(headers);
    event
}

/// Their names are in lower case already; several of one name become one.
fn headers(headers: &HeaderMap) -> Map<String, Json> {
    let all = |name| {
        let values = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        Json::String(values.collect::<Vec<_>>().join(","))
    };
    headers.keys().map(|name| (name.to_string(), all(name))).collect()
}

/// What a function's answer is to whoever asked. `None` for one that API Gateway can't read.
pub(super) fn answer(answer: &Json) -> Option<Response<Body>> {
    let Some(status) = answer.get("statusCode") else {
        // Anything else is taken for the body of a success.
        let kind = ("content-type".to_owned(), "application/json".to_owned());
        return respond(StatusCode::OK, [kind], header_text(answer));
    };
    let status = StatusCode::from_u16(u16::try_from(status.as_u64()?).ok()?).ok()?;
    let headers = answer["headers"].as_object().cloned().unwrap_or_default();
    let headers = headers.iter().map(|(name, value)| (name.clone(), header_text(value)));
    let body = answer["body"].as_str().unwrap_or_default();
    if answer["isBase64Encoded"] == true {
        return respond(status, headers, STANDARD.decode(body).ok()?);
    }
    respond(status, headers, body.to_owned())
}
