//! DynamoDB: dynoxide, over SQLite in memory or in the state folder.

mod carrier;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use dynoxide::{Database, DynoxideError};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use tokio::{net::TcpListener, task::JoinSet};

use super::{EmulatorError, item, url};
use crate::{
    access::Gate,
    template::{Index, Table},
};

/// The DynamoDB emulator.
pub(crate) struct Dynamo {
    database: Mutex<Database>,
    file: Option<PathBuf>,
    gate: Gate,
    pub(crate) url: String,
}

impl Dynamo {
    /// Serves on `listener`; keeps the tables in `file`, if one is given.
    pub(crate) fn start(
        listener: TcpListener,
        file: Option<&Path>,
        gate: Gate,
        servers: &mut JoinSet<()>,
    ) -> Result<Self, EmulatorError> {
        let (database, file) = (Mutex::new(open(file)?), file.map(Path::to_owned));
        let dynamo = Self { database, file, gate, url: url(&listener)? };
        dynamo.serve(listener, servers);
        Ok(dynamo)
    }

    /// Serves anew after a stop, from the file if there is one: what wasn't written there is lost, as in a crash.
    pub(super) fn restart(&self, listener: TcpListener, servers: &mut JoinSet<()>) -> Result<(), EmulatorError> {
        if let Some(file) = &self.file {
            *self.database.lock().unwrap_or_else(PoisonError::into_inner) = open(Some(file))?;
        }
        self.serve(listener, servers);
        Ok(())
    }

    fn serve(&self, listener: TcpListener, servers: &mut JoinSet<()>) {
        if self.gate.is_open() {
            servers.spawn(dynoxide::server::serve_on(listener, self.database()));
        } else {
            servers.spawn(carrier::serve(listener, self.gate.clone(), self.database()));
        }
    }

    /// A handle to the same tables.
    fn database(&self) -> Database {
        self.database.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes the table, or keeps the one of an earlier run.
    pub(crate) fn create_table(&self, name: &str, table: &Table) -> Result<(), EmulatorError> {
        let request: dynoxide::actions::create_table::CreateTableRequest =
            request("CreateTable", definition(name, table))?;
        match self.database().create_table(request) {
            Ok(_) => self.set_ttl(name, table),
            Err(DynoxideError::ResourceInUseException(_)) => self.same_keys(name, table),
            Err(error) => Err(refused("CreateTable", &error)),
        }
    }

    fn set_ttl(&self, name: &str, table: &Table) -> Result<(), EmulatorError> {
        let Some(attribute) = &table.ttl_attribute else {
            return Ok(());
        };
        let wanted = json!({
            "TableName": name,
            "TimeToLiveSpecification": {"AttributeName": attribute, "Enabled": true},
        });
        self.database()
            .update_time_to_live(request("UpdateTimeToLive", wanted)?)
            .map(|_| ())
            .map_err(|error| refused("UpdateTimeToLive", &error))
    }

    fn same_keys(&self, name: &str, table: &Table) -> Result<(), EmulatorError> {
        let found = self
            .database()
            .describe_table(request("DescribeTable", json!({"TableName": name}))?)
            .map_err(|error| refused("DescribeTable", &error))?;
        let found = serde_json::to_value(found)?;
        let wanted = definition(name, table);
        let indexes = |table: &Json| -> Vec<Json> {
            let list = table["GlobalSecondaryIndexes"].as_array().cloned().unwrap_or_default();
            let mut keys: Vec<Json> =
                list.iter().map(|index| json!([index["IndexName"], index["KeySchema"]])).collect();
            keys.sort_by_key(ToString::to_string);
            keys
        };
        let same = found["Table"]["KeySchema"] == wanted["KeySchema"] && indexes(&found["Table"]) == indexes(&wanted);
        if same { Ok(()) } else { Err(EmulatorError::OtherTable { table: name.to_owned() }) }
    }

    /// Writes an item given as plain JSON.
    pub(crate) fn put(&self, table: &str, plain: &Json) -> Result<(), EmulatorError> {
        let wanted = json!({"TableName": table, "Item": item::typed_attributes(plain)});
        self.database().put_item(request("PutItem", wanted)?).map(|_| ()).map_err(|error| refused("PutItem", &error))
    }

    /// Every item of a table, as plain JSON.
    pub(crate) fn scan(&self, table: &str) -> Result<Vec<Json>, EmulatorError> {
        let mut items = Vec::new();
        let mut start = Json::Null;
        loop {
            let mut wanted = json!({"TableName": table, "ConsistentRead": true});
            if !start.is_null() {
                wanted["ExclusiveStartKey"] = start;
            }
            let page = self.database().scan(request("Scan", wanted)?).map_err(|error| refused("Scan", &error))?;
            let mut page = serde_json::to_value(page)?;
            if let Json::Array(found) = page["Items"].take() {
                items.extend(found.iter().map(item::plain_attributes));
            }
            start = page["LastEvaluatedKey"].take();
            if start.is_null() {
                return Ok(items);
            }
        }
    }
}

fn open(file: Option<&Path>) -> Result<Database, EmulatorError> {
    let database = match file {
        Some(file) => Database::new(&file.to_string_lossy()),
        None => Database::memory(),
    };
    database.map_err(|error| refused("open", &error))
}

fn request<T: DeserializeOwned>(action: &str, body: Json) -> Result<T, EmulatorError> {
    serde_json::from_value(body).map_err(|error| refused(action, &error))
}

fn refused(action: &str, reason: &impl ToString) -> EmulatorError {
    EmulatorError::Refused { service: "DynamoDB", action: action.to_owned(), reason: reason.to_string() }
}

/// The `CreateTable` request of a table.
fn definition(name: &str, table: &Table) -> Json {
    let attributes: Vec<Json> =
        table.attributes.iter().map(|(name, kind)| json!({"AttributeName": name, "AttributeType": kind})).collect();
    let mut wanted = json!({
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": attributes,
        "KeySchema": keys(&table.hash_key, table.range_key.as_deref()),
    });
    if !table.indexes.is_empty() {
        wanted["GlobalSecondaryIndexes"] = table.indexes.iter().map(index).collect();
    }
    wanted
}

fn index(index: &Index) -> Json {
    json!({
        "IndexName": index.name,
        "KeySchema": keys(&index.hash_key, index.range_key.as_deref()),
        "Projection": {"ProjectionType": index.projection},
    })
}

fn keys(hash: &str, range: Option<&str>) -> Json {
    let mut schema = vec![json!({"AttributeName": hash, "KeyType": "HASH"})];
    schema.extend(range.map(|range| json!({"AttributeName": range, "KeyType": "RANGE"})));
    Json::Array(schema)
}
