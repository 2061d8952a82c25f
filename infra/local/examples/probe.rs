//! A real Lambda function that does as its events say: the tests of the local cloud run it in a process of its own.

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sesv2::{
    primitives::Blob,
    types::{Destination, EmailContent, RawMessage},
};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let config = aws_config::load_from_env().await;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| handle(&config, event))).await
}

async fn handle(config: &aws_config::SdkConfig, event: LambdaEvent<Value>) -> Result<Value, Error> {
    if event.payload["routeKey"].is_string() {
        return answer(&event.payload);
    }
    let Some(records) = event.payload["Records"].as_array() else {
        return carry_out(config, &event.payload, 1).await;
    };
    let mut failures = Vec::new();
    for record in records {
        let order: Value = serde_json::from_str(record["body"].as_str().unwrap_or_default())?;
        let receives = record["attributes"]["ApproximateReceiveCount"].as_str().unwrap_or_default().parse()?;
        if carry_out(config, &order, receives).await.is_err() {
            failures.push(json!({"itemIdentifier": record["messageId"]}));
        }
    }
    Ok(json!({"batchItemFailures": failures}))
}

/// Counts every order under its id, then does as it says. `receives` is how often the message was received.
async fn carry_out(config: &aws_config::SdkConfig, order: &Value, receives: u32) -> Result<Value, Error> {
    count(config, order["id"].as_str().unwrap_or("none")).await?;
    match order["do"].as_str().unwrap_or_default() {
        "count" => Ok(json!({"clock": std::fs::read_to_string(std::env::var("FAKTURAPILOT_CLOCK_FILE")?)?})),
        "environment" => Ok(std::env::vars().map(|(name, value)| (name, Value::from(value))).collect()),
        "fail" => Err("told to fail".into()),
        "die" => std::process::exit(3),
        "hang once" if receives > 1 => Ok(Value::Null),
        "hang" | "hang once" => std::future::pending().await,
        "mail" => mail(config, order["from"].as_str().unwrap_or_default()).await,
        other => Err(format!("there is no order {other}").into()),
    }
}

/// Answers a request of the HTTP API as its query says.
fn answer(request: &Value) -> Result<Value, Error> {
    match request["rawQueryString"].as_str().unwrap_or_default() {
        "fail" => Err("told to fail".into()),
        "bare" => Ok(json!({"bare": true})),
        "binary" => Ok(json!({"statusCode": 200, "body": "AP8=", "isBase64Encoded": true})),
        "nonsense" => Ok(json!({"statusCode": "fine"})),
        _ => Ok(json!({"statusCode": 202, "headers": {"x-probe": "yes"}, "body": request.to_string()})),
    }
}

async fn count(config: &aws_config::SdkConfig, id: &str) -> Result<(), Error> {
    aws_sdk_dynamodb::Client::new(config)
        .update_item()
        .table_name(std::env::var("TABLE")?)
        .key("id", AttributeValue::S(id.to_owned()))
        .update_expression("ADD times :one")
        .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
        .send()
        .await?;
    Ok(())
}

async fn mail(config: &aws_config::SdkConfig, from: &str) -> Result<Value, Error> {
    let text =
        format!("From: {from}\r\nTo: kund@example.org\r\nSubject: Faktura\r\n\r\nR\u{e4}kning 1 + 1 = 2 & mer\r\n");
    let raw = RawMessage::builder().data(Blob::new(text)).build()?;
    let sent = aws_sdk_sesv2::Client::new(config)
        .send_email()
        .from_email_address(from)
        .destination(Destination::builder().to_addresses("kund@example.org").build())
        .content(EmailContent::builder().raw(raw).build())
        .send()
        .await?;
    Ok(json!(sent.message_id().unwrap_or_default()))
}
