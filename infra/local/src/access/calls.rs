//! What IAM is asked about a request, by the Service Authorization Reference.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

mod dynamodb;
mod ses;

use axum::http::request::Parts;
use serde_json::Value as Json;

use super::{Account, Call, Service};

/// Everything that must be allowed. A request that the service does not know is nothing to IAM: the service refuses it.
pub(super) fn of(service: Service, account: &Account, parts: &Parts, body: &Json) -> Vec<Call> {
    let operation = operation(parts).unwrap_or_default();
    match service {
        Service::DynamoDb => dynamodb::calls(account, operation, body),
        Service::Sqs => sqs(account, operation, body),
        Service::Ses => ses::calls(account, &parts.method, &parts.uri, body),
        Service::Secrets => secrets(account, operation, body),
    }
}

/// The service's word for what is asked, where it's said in a header.
pub(super) fn operation(parts: &Parts) -> Option<&str> {
    parts.headers.get("x-amz-target")?.to_str().ok()?.rsplit('.').next()
}

/// A batch needs the right to its parts' action.
fn sqs(account: &Account, operation: &str, body: &Json) -> Vec<Call> {
    let action = match operation {
        "SendMessage" | "SendMessageBatch" => "sqs:SendMessage",
        "ReceiveMessage" => "sqs:ReceiveMessage",
        "DeleteMessage" | "DeleteMessageBatch" => "sqs:DeleteMessage",
        "ChangeMessageVisibility" | "ChangeMessageVisibilityBatch" => "sqs:ChangeMessageVisibility",
        "GetQueueAttributes" => "sqs:GetQueueAttributes",
        "GetQueueUrl" => "sqs:GetQueueUrl",
        _ => "sqs:(unknown)",
    };
    let named = body["QueueUrl"].as_str().and_then(|url| url.rsplit('/').next()).or_else(|| body["QueueName"].as_str());
    vec![Call::new(action, account.place.arn("sqs", named.unwrap_or_default()))]
}

fn secrets(account: &Account, operation: &str, body: &Json) -> Vec<Call> {
    let action = match operation {
        "GetSecretValue" => "secretsmanager:GetSecretValue",
        _ => "secretsmanager:(unknown)",
    };
    let id = body["SecretId"].as_str().unwrap_or_default();
    // By name or by ARN.
    vec![Call::new(action, account.secrets.get(id).map_or(id, String::as_str))]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::template::Place;

    fn account() -> Account {
        let place = Place { region: "r".into(), account: "1".into(), sqs_url: "http://q".into() };
        let secrets = [("AppSecret".to_owned(), place.secret_arn("AppSecret"))].into();
        Account { place, tables: [].into(), secrets, identity: "example.com".into() }
    }

    #[test]
    fn a_batch_of_messages_is_sent_by_the_right_to_send_one() {
        let asked = sqs(&account(), "SendMessageBatch", &json!({"QueueUrl": "http://q/1/ScanQueue", "Entries": []}));
        assert_eq!(asked, [Call::new("sqs:SendMessage", "arn:aws:sqs:r:1:ScanQueue")]);
    }

    #[test]
    fn a_secret_is_the_same_by_name_and_by_arn() {
        let by = |id: &str| secrets(&account(), "GetSecretValue", &json!({"SecretId": id}));
        assert_eq!(by("AppSecret"), by("arn:aws:secretsmanager:r:1:secret:AppSecret-AbCdEf"));
    }
}
