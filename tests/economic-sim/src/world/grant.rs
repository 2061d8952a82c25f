//! The grant page, `/secure/api1/requestaccess.aspx`: each of its links is one thing that a person may do there.
//!
//! That `redirectUrl` is followed is said but not documented (API fact sheet, 1.2). What a no does isn't known at all: here the
//! person stays on e-conomic's page.

use sim_kit::{SimRequest, SimResponse, encode, parse_form};

use super::World;

/// Where the page is.
pub(super) const PAGE: &str = "/secure/api1/requestaccess.aspx";
/// Where its links lead: no address of e-conomic's own.
pub(super) const ANSWER: &str = "/secure/api1/answer";

const HTML: &str = "text/html; charset=utf-8";

pub(super) fn handle(world: &mut World, request: &SimRequest) -> SimResponse {
    let query = parse_form(&request.query);
    let get = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let (Some(_app), Some(back)) = (get("appPublicToken").filter(|app| !app.is_empty()), get("redirectUrl")) else {
        return SimResponse::new(400, HTML, "<!doctype html><p>Ugyldig forespørgsel.</p>");
    };
    if request.path == PAGE {
        return page(world, &request.query);
    }
    if get("choice") != Some("approve") {
        return SimResponse::new(200, HTML, "<!doctype html><p>Adgangen blev ikke givet.</p>");
    }
    let tenant = get("tenant").and_then(|tenant| tenant.parse().ok());
    let Some(agreement) = tenant.and_then(|tenant: u64| world.agreements.get_mut(&tenant)) else {
        return SimResponse::new(404, HTML, "<!doctype html><p>Ingen sådan aftale.</p>");
    };
    agreement.consent = true;
    let between = if back.contains('?') { '&' } else { '?' };
    let to = format!("{back}{between}token={}", encode(&agreement.grant_token));
    let mut answer = SimResponse::new(302, HTML, "");
    answer.headers.push(("Location".to_owned(), to));
    answer
}

fn page(world: &World, query: &str) -> SimResponse {
    let link = |choice: &str, words: &str| {
        let query = query.replace('&', "&amp;");
        format!("<li><a href=\"{ANSWER}?{query}&amp;choice={choice}\">{words}</a></li>")
    };
    let approve =
        |tenant: &u64| link(&format!("approve&amp;tenant={tenant}"), &format!("Tilføj app til aftale {tenant}"));
    let links: String = world.agreements.keys().map(approve).chain([link("deny", "Annuller")]).collect();
    SimResponse::new(200, HTML, format!("<!doctype html><h1>Giv adgang</h1><ul>{links}</ul>"))
}
