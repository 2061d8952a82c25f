//! DynamoDB tables.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;
use serde_yaml_ng::Value;

use super::{Resolver, TemplateError};

/// One DynamoDB table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Partition key.
    pub hash_key: String,
    /// Sort key.
    pub range_key: Option<String>,
    /// Type of every key attribute: `S`, `N` or `B`.
    pub attributes: BTreeMap<String, String>,
    /// Global secondary indexes.
    pub indexes: Vec<Index>,
    /// Attribute that says when an item may be removed, in seconds since 1970.
    pub ttl_attribute: Option<String>,
    /// ARN of the key that encrypts it, where that's one of ours.
    pub key: Option<String>,
}

/// One global secondary index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Partition key.
    pub hash_key: String,
    /// Sort key.
    pub range_key: Option<String>,
    /// `ALL` or `KEYS_ONLY`.
    pub projection: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Properties {
    attribute_definitions: Vec<Attribute>,
    key_schema: Vec<KeyPart>,
    #[serde(default)]
    global_secondary_indexes: Vec<IndexProperties>,
    time_to_live_specification: Option<TimeToLive>,
    #[serde(rename = "SSESpecification")]
    encryption: Option<Encryption>,
    // What follows is about cost and backup: nothing to do on one machine.
    #[serde(rename = "BillingMode")]
    _billing: Option<Json>,
    #[serde(rename = "DeletionProtectionEnabled")]
    _protection: Option<Json>,
    #[serde(rename = "PointInTimeRecoverySpecification")]
    _recovery: Option<Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Attribute {
    attribute_name: String,
    attribute_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct KeyPart {
    attribute_name: String,
    key_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct IndexProperties {
    index_name: String,
    key_schema: Vec<KeyPart>,
    projection: Projection,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Projection {
    projection_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct TimeToLive {
    attribute_name: String,
    enabled: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Encryption {
    #[serde(rename = "KMSMasterKeyId")]
    key: Option<String>,
    #[serde(rename = "SSEEnabled")]
    _enabled: Json,
    #[serde(rename = "SSEType")]
    _kind: Option<Json>,
}

impl Table {
    pub(super) fn read(resolver: &Resolver<'_>, name: &str, properties: &Value) -> Result<Self, TemplateError> {
        let properties: Properties = resolver.read(name, properties)?;
        let (hash_key, range_key) = keys(name, properties.key_schema)?;
        let mut indexes = Vec::with_capacity(properties.global_secondary_indexes.len());
        for index in properties.global_secondary_indexes {
            let (hash_key, range_key) = keys(name, index.key_schema)?;
            indexes.push(Index {
                name: index.index_name,
                hash_key,
                range_key,
                projection: index.projection.projection_type,
            });
        }
        Ok(Self {
            hash_key,
            range_key,
            attributes: properties
                .attribute_definitions
                .into_iter()
                .map(|attribute| (attribute.attribute_name, attribute.attribute_type))
                .collect(),
            indexes,
            ttl_attribute: properties
                .time_to_live_specification
                .filter(|ttl| ttl.enabled)
                .map(|ttl| ttl.attribute_name),
            key: properties.encryption.and_then(|encryption| encryption.key),
        })
    }
}

fn keys(table: &str, schema: Vec<KeyPart>) -> Result<(String, Option<String>), TemplateError> {
    let mut hash = None;
    let mut range = None;
    for part in schema {
        match part.key_type.as_str() {
            "HASH" => hash = Some(part.attribute_name),
            "RANGE" => range = Some(part.attribute_name),
            other => return Err(TemplateError::property(table, format!("there is no key type {other}"))),
        }
    }
    hash.map(|hash| (hash, range)).ok_or_else(|| TemplateError::property(table, "a key schema has no HASH key"))
}
