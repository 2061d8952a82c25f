//! The consent page: `GET /oauth-v1/auth` shows it, and each of its links is one thing that a person may do there.
//!
//! The words of a no are Fortnox's where they are documented (`error_missing_license`, "Client does not allow service account")
//! and OAuth's own else.

use chrono::{DateTime, Utc};
use sim_kit::{SimRequest, SimResponse, encode, parse_form};

use super::tokens::Tokens;

/// Where the links lead: no address of Fortnox's own.
pub(super) const ANSWER: &str = "/oauth-v1/auth/answer";

const HTML: &str = "text/html; charset=utf-8";

/// What the integration asks for.
struct Asked {
    query: Vec<(String, String)>,
}

impl Asked {
    fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Back to the integration, with `state` unchanged.
    fn back(&self, more: &[(&str, &str)]) -> SimResponse {
        let to = self.get("redirect_uri").unwrap_or_default();
        let state = self.get("state").unwrap_or_default();
        let pairs: Vec<String> =
            more.iter().chain(&[("state", state)]).map(|(k, v)| format!("{k}={}", encode(v))).collect();
        let between = if to.contains('?') { '&' } else { '?' };
        let mut answer = SimResponse::new(302, HTML, "");
        answer.headers.push(("Location".to_owned(), format!("{to}{between}{}", pairs.join("&"))));
        answer
    }

    fn no(&self, error: &str, description: &str) -> SimResponse {
        self.back(&[("error", error), ("error_description", description)])
    }
}

/// The page, or what comes of one of its links.
pub(super) fn handle(tokens: &mut Tokens, now: DateTime<Utc>, request: &SimRequest) -> SimResponse {
    let asked = Asked { query: parse_form(&request.query) };
    let client = asked.get("client_id").unwrap_or_default().to_owned();
    let tenants = tokens.tenants_of(&client);
    let complete = asked.get("response_type") == Some("code")
        && ["redirect_uri", "scope", "state"].iter().all(|name| asked.get(name).is_some_and(|value| !value.is_empty()));
    // Nobody is sent anywhere then: the address may be anybody's.
    if tenants.is_empty() || !complete {
        return SimResponse::new(400, HTML, "<!doctype html><p>Ogiltig begäran.</p>");
    }
    if request.path != ANSWER {
        return page(&tenants, &request.query);
    }
    let service = asked.get("account_type") == Some("service");
    match asked.get("choice") {
        Some("approve") => {
            let tenant = asked.get("tenant").and_then(|tenant| tenant.parse().ok());
            let scopes = asked.get("scope").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
            let offline = asked.get("access_type") == Some("offline");
            let redirect_uri = asked.get("redirect_uri").unwrap_or_default();
            match tenant
                .and_then(|tenant| tokens.consent(tenant, &client, scopes, (service, offline), redirect_uri, now))
            {
                Some(code) => asked.back(&[("code", &code)]),
                None => SimResponse::new(404, HTML, "<!doctype html><p>Inget sådant företag.</p>"),
            }
        }
        Some("deny") => asked.no("access_denied", "The user denied the request"),
        Some("missing_licence") => asked.no("error_missing_license", "Licens saknas för Kundfaktura"),
        Some("no_administrator") if service => {
            asked.no("access_denied", "Only a system administrator can give consent to a service account")
        }
        Some("no_service_account") if service => asked.no("invalid_request", "Client does not allow service account"),
        _ => SimResponse::new(400, HTML, "<!doctype html><p>Inget sådant val.</p>"),
    }
}

fn page(tenants: &[u64], query: &str) -> SimResponse {
    let link = |choice: &str, words: &str| {
        let query = query.replace('&', "&amp;");
        format!("<li><a href=\"{ANSWER}?{query}&amp;choice={choice}\">{words}</a></li>")
    };
    let mut links: Vec<String> = tenants
        .iter()
        .map(|tenant| link(&format!("approve&amp;tenant={tenant}"), &format!("Godkänn för företag {tenant}")))
        .collect();
    links.push(link("deny", "Avbryt"));
    links.push(link("missing_licence", "Godkänn utan licens"));
    links.push(link("no_administrator", "Godkänn utan att vara systemadministratör"));
    links.push(link("no_service_account", "Godkänn åt en integration utan servicekonto"));
    SimResponse::new(200, HTML, format!("<!doctype html><h1>Godkänn integrationen</h1><ul>{}</ul>", links.concat()))
}
