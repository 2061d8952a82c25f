//! What IAM is asked about calls of SES's API v2.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html>

use std::collections::BTreeMap;

use axum::{
    extract::Query,
    http::{Method, Uri},
};
use serde_json::Value as Json;

use super::{Account, Call};

const SETS: &str = "configuration-sets";

pub(super) fn calls(account: &Account, method: &Method, uri: &Uri, body: &Json) -> Vec<Call> {
    let path: Vec<&str> = uri.path().trim_start_matches("/v2/email/").split('/').collect();
    let set = |name: &str| account.place.arn("ses", &format!("configuration-set/{name}"));
    let named = body["ConfigurationSetName"].as_str().unwrap_or_default();
    match (method.as_str(), path.as_slice()) {
        ("POST", ["outbound-emails"]) => send(account, body, &set(named)),
        ("GET", ["account"]) => vec![Call::new("ses:GetAccount", "*")],
        ("POST", [SETS]) => {
            let tagged = body["Tags"].as_array().is_some_and(|tags| !tags.is_empty());
            let tag = tagged.then(|| Call::new("ses:TagResource", set(named)));
            [Call::new("ses:CreateConfigurationSet", set(named))].into_iter().chain(tag).collect()
        }
        ("GET", [SETS, name]) => vec![Call::new("ses:GetConfigurationSet", set(name))],
        ("POST", [SETS, name, "event-destinations"]) => {
            vec![Call::new("ses:CreateConfigurationSetEventDestination", set(name))]
        }
        ("PUT", [SETS, name, "sending"]) => vec![Call::new("ses:PutConfigurationSetSendingOptions", set(name))],
        ("DELETE", ["tags"]) => {
            let query = Query::<BTreeMap<String, String>>::try_from_uri(uri).map(|Query(query)| query);
            let arn = query.unwrap_or_default().remove("ResourceArn").unwrap_or_default();
            vec![Call::new("ses:UntagResource", arn)]
        }
        _ => vec![Call::new("ses:(unknown)", "*")],
    }
}

/// Which of the two actions a raw message needs isn't written anywhere, so that a role must have both.
fn send(account: &Account, body: &Json, set: &str) -> Vec<Call> {
    let identity = account.place.arn("ses", &format!("identity/{}", account.identity));
    let under_set = body["ConfigurationSetName"].is_string().then(|| set.to_owned());
    let resources = [identity].into_iter().chain(under_set);
    resources
        .flat_map(|resource| ["ses:SendEmail", "ses:SendRawEmail"].map(|action| Call::new(action, resource.clone())))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::template::Place;

    fn asked(method: &Method, path: &str, body: &Json) -> Vec<String> {
        let place = Place { region: "r".into(), account: "1".into(), sqs_url: String::new() };
        let account = Account { place, tables: [].into(), secrets: [].into(), identity: "example.com".into() };
        let calls = calls(&account, method, &path.parse().unwrap(), body);
        calls.iter().map(|call| format!("{} {}", call.action, call.resource)).collect()
    }

    #[test]
    fn a_mail_needs_its_sender_and_its_set() {
        let asked = asked(&Method::POST, "/v2/email/outbound-emails", &json!({"ConfigurationSetName": "a-1"}));
        let wanted = ["identity/example.com", "configuration-set/a-1"]
            .map(|on| ["ses:SendEmail", "ses:SendRawEmail"].map(|action| format!("{action} arn:aws:ses:r:1:{on}")));
        assert_eq!(asked, wanted.concat());
    }

    #[test]
    fn a_set_that_is_made_with_a_tag_is_tagged_and_untagged_by_its_arn() {
        let body = json!({"ConfigurationSetName": "a-1", "Tags": [{"Key": "k", "Value": "v"}]});
        let arn = "arn:aws:ses:r:1:configuration-set/a-1";
        let made = [format!("ses:CreateConfigurationSet {arn}"), format!("ses:TagResource {arn}")];
        assert_eq!(asked(&Method::POST, "/v2/email/configuration-sets", &body), made);
        let untag = "/v2/email/tags?ResourceArn=arn%3Aaws%3Ases%3Ar%3A1%3Aconfiguration-set%2Fa-1&TagKeys=k";
        assert_eq!(asked(&Method::DELETE, untag, &Json::Null), [format!("ses:UntagResource {arn}")]);
    }
}
