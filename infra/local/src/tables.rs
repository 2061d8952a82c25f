//! The tables alone, for tests of what reads and writes them.

use std::{collections::BTreeMap, path::Path};

use serde_json::Value as Json;
use tokio::task::JoinSet;

use crate::{
    access::{Gate, Service},
    cloud::{ACCOUNT, CloudError, REGION},
    emulators::{Dynamo, EmulatorError, listen, url},
    tally::Tally,
    template::{Place, Template},
};

/// The template's tables in a DynamoDB emulator of their own, in memory: no queues, no mails, no functions. Dropping it
/// ends them.
pub struct LocalTables {
    dynamodb: Dynamo,
    _server: JoinSet<()>,
}

impl LocalTables {
    /// Makes the tables of the template at `template`, with the defaults of its parameters.
    pub async fn start(template: &Path) -> Result<Self, CloudError> {
        let listener = listen(0).await?;
        // A table's definition names no queue, so this address is never asked.
        let sqs_url = url(&listener)?;
        let place = Place { region: REGION.to_owned(), account: ACCOUNT.to_owned(), sqs_url };
        let template = Template::read(template, &BTreeMap::new(), &place)?;
        let mut server = JoinSet::new();
        let dynamodb =
            Dynamo::start(listener, None, Gate::new(None, Service::DynamoDb, Tally::default()), &mut server)?;
        for (name, table) in &template.tables {
            dynamodb.create_table(name, table)?;
        }
        Ok(Self { dynamodb, _server: server })
    }

    /// Address of the emulator.
    pub fn url(&self) -> &str {
        &self.dynamodb.url
    }

    /// Region that a client must name.
    pub fn region(&self) -> &'static str {
        REGION
    }

    /// Writes an item, given as plain JSON.
    pub fn put_item(&self, table: &str, item: &Json) -> Result<(), EmulatorError> {
        self.dynamodb.put(table, item)
    }

    /// Every item of a table, as plain JSON. Whole numbers are numbers; others are text, so that they keep every digit.
    pub fn scan(&self, table: &str) -> Result<Vec<Json>, EmulatorError> {
        self.dynamodb.scan(table)
    }
}
