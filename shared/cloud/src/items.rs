//! DynamoDB items and our documents.

use std::{collections::HashMap, error::Error};

use aws_sdk_dynamodb::{
    error::{DisplayErrorContext, SdkError},
    operation::transact_write_items::TransactWriteItemsError,
    types::AttributeValue,
};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, de::DeserializeOwned};
use workflow::ports::PortError;

pub(crate) type Item = HashMap<String, AttributeValue>;

/// An SDK error with all that led to it in one text.
pub(crate) fn failed<E: Error>(what: &'static str) -> impl Fn(E) -> PortError {
    move |error| PortError::new(what, DisplayErrorContext(&error).to_string())
}

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// An instant as a text whose order is the instants' order.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(crate) fn get_text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

pub(crate) fn get_number<T: std::str::FromStr>(item: &Item, name: &str) -> Option<T> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

/// A document as a map attribute. By way of JSON, so that what the golden files show is what is stored.
pub(crate) fn document<T: Serialize>(value: &T) -> Result<AttributeValue, PortError> {
    let broken = |error| PortError::new("writing a document", error);
    let json = serde_json::to_value(value).map_err(|error| PortError::new("writing a document", error))?;
    serde_dynamo::to_attribute_value(json).map_err(broken)
}

/// A document from a map attribute.
pub(crate) fn read_document<T: DeserializeOwned>(item: &Item, name: &str, what: &'static str) -> Result<T, PortError> {
    let value = item.get(name).cloned().ok_or_else(|| PortError::new(what, format!("the item has no `{name}`")))?;
    let json: serde_json::Value =
        serde_dynamo::from_attribute_value(value).map_err(|error| PortError::new(what, error))?;
    serde_json::from_value(json).map_err(|error| PortError::new(what, error))
}

/// What stood in the way of each write of a transaction that our own conditions refused: `None` for a write that could have
/// gone, and nothing at all for a transaction that failed otherwise.
pub(crate) fn refused_items(error: &SdkError<TransactWriteItemsError>) -> Vec<Option<Item>> {
    let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) = error.as_service_error() else {
        return Vec::new();
    };
    let refused = |reason: &aws_sdk_dynamodb::types::CancellationReason| {
        (reason.code() == Some("ConditionalCheckFailed")).then(|| reason.item.clone().unwrap_or_default())
    };
    canceled.cancellation_reasons().iter().map(refused).collect()
}
