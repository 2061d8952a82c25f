//! DynamoDB: the code that runs on AWS, over an emulator with the template's tables.

use std::{collections::BTreeMap, path::Path};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use chrono::NaiveDate;
use cloud::{
    DynamoSignalSecrets, Pipeline,
    connect::ConnectDesk,
    environment::{ApiEnvironment, ConnectEnvironment, Environment},
};
use contract::ports::Store;
use domain::{
    draft::DraftDecision,
    ids::TenantId,
    job::{Event, JobKey},
    settings::Scope,
};
use local::LocalTables;
use serde_json::{Map, Value, json};
use workflow::ports::{Ports, ScanPage};

pub(crate) const SETTINGS: &str = "SettingsTable";
pub(crate) const CONNECTIONS: &str = "ConnectionsTable";
pub(crate) const CONSENTS: &str = "ConsentsTable";
pub(crate) const JOURNAL: &str = "JournalTable";
pub(crate) const SIGNAL_SECRETS: &str = "SignalSecretsTable";

/// The template's own default.
pub(crate) const KEEP_DECISIONS_DAYS: u32 = 400;

/// Where nobody listens: these tests call nobody but the emulator.
pub(crate) const NOWHERE: &str = "http://127.0.0.1:9";

/// The tables and the ports over them.
pub(crate) struct DynamoStore {
    tables: LocalTables,
    pipeline: Pipeline,
    secrets: DynamoSignalSecrets,
}

impl DynamoStore {
    /// Empty tables, as the template makes them.
    pub(crate) async fn start() -> Self {
        let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml");
        let tables = LocalTables::start(&template).await.unwrap();
        let pipeline = pipeline(&tables, NOWHERE);
        let secrets = pipeline.signal_secrets(ApiEnvironment { signal_secrets_table: SIGNAL_SECRETS.to_owned() });
        Self { tables, pipeline, secrets }
    }

    /// A worker of its own over the same tables, with Fortnox at this address.
    pub(crate) fn another_worker(&self, fortnox_url: &str) -> Pipeline {
        pipeline(&self.tables, fortnox_url)
    }

    /// What connects companies, over the tables.
    pub(crate) fn connect_desk(&self) -> ConnectDesk {
        let environment =
            ConnectEnvironment { consents_table: CONSENTS.to_owned(), economic_grant_url: NOWHERE.to_owned() };
        self.pipeline.connect_desk(environment)
    }

    /// The worker over the tables.
    pub(crate) fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    /// A client that writes what a person might.
    pub(crate) fn client(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&aws(&self.tables))
    }

    /// Writes an item as it stands.
    pub(crate) fn put(&self, table: &str, item: &Value) {
        self.tables.put_item(table, item).unwrap();
    }

    /// All items of a table in the order of their keys.
    pub(crate) fn items(&self, table: &str) -> Vec<Value> {
        let mut items = self.tables.scan(table).unwrap();
        let key = |item: &Value| ["pk", "sk", "tenant", "scope"].map(|name| item[name].as_str().map(str::to_owned));
        items.sort_by_key(key);
        items
    }

    /// The journal's items of a partition, by sort key.
    pub(crate) fn partition(&self, pk: &str) -> BTreeMap<String, Value> {
        let of = self.items(JOURNAL).into_iter().filter(|item| item["pk"] == pk);
        of.map(|item| (item["sk"].as_str().unwrap().to_owned(), item)).collect()
    }
}

fn aws(tables: &LocalTables) -> SdkConfig {
    aws_at(tables.url(), tables.region())
}

/// AWS with this one service at an address.
pub(crate) fn aws_at(url: &str, region: &'static str) -> SdkConfig {
    let credentials = Credentials::new("local", "local", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .endpoint_url(url)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build()
}

fn pipeline(tables: &LocalTables, fortnox_url: &str) -> Pipeline {
    Pipeline::over(aws(tables), &environment(fortnox_url)).unwrap()
}

/// What every function is told, with Fortnox at this address and everything else nowhere.
pub(crate) fn environment(fortnox_url: &str) -> Environment {
    Environment {
        settings_table: SETTINGS.to_owned(),
        connections_table: CONNECTIONS.to_owned(),
        journal_table: JOURNAL.to_owned(),
        scan_queue_url: NOWHERE.to_owned(),
        booking_queue_url: NOWHERE.to_owned(),
        delivery_queue_url: NOWHERE.to_owned(),
        sweep_queue_url: NOWHERE.to_owned(),
        prices_queue_url: NOWHERE.to_owned(),
        feedback_queue_url: NOWHERE.to_owned(),
        digest_queue_url: NOWHERE.to_owned(),
        fortnox_api_url: fortnox_url.to_owned(),
        fortnox_auth_url: fortnox_url.to_owned(),
        economic_api_url: NOWHERE.to_owned(),
        economic_openapi_url: NOWHERE.to_owned(),
        keep_decisions_days: KEEP_DECISIONS_DAYS,
        apps: None,
        clock_file: None,
    }
}

impl Store for DynamoStore {
    type Settings = <Pipeline as Ports>::Settings;
    type Journal = <Pipeline as Ports>::Journal;
    type Signals = <Pipeline as Ports>::Signals;
    type Secrets = DynamoSignalSecrets;
    type Prices = <Pipeline as Ports>::Prices;
    type Mails = <Pipeline as Ports>::Mails;

    async fn open() -> Self {
        Self::start().await
    }

    fn settings(&self) -> &Self::Settings {
        self.pipeline.settings()
    }

    fn journal(&self) -> &Self::Journal {
        self.pipeline.journal()
    }

    fn signals(&self) -> &Self::Signals {
        self.pipeline.signals()
    }

    fn secrets(&self) -> &DynamoSignalSecrets {
        &self.secrets
    }

    fn prices(&self) -> &Self::Prices {
        self.pipeline.prices()
    }

    fn mails(&self) -> &Self::Mails {
        self.pipeline.mails()
    }

    fn put_secret(&self, tenant: &TenantId, id: &str, secret: &str) {
        self.put(SIGNAL_SECRETS, &json!({"tenant": tenant.to_string(), "secret_id": id, "secret": secret}));
    }

    fn put_settings(&self, tenant: &TenantId, scope: Scope, mut item: Map<String, Value>) {
        item.insert("tenant".to_owned(), tenant.to_string().into());
        item.insert("scope".to_owned(), scope.to_string().into());
        self.put(SETTINGS, &item.into());
    }

    fn story(&self, key: &JobKey) -> Vec<Event> {
        let items = self.partition(&format!("job#{key}")).into_iter();
        let events = items.filter(|(sk, _)| sk.starts_with("event#"));
        events.map(|(_, item)| serde_json::from_value(item["event"].clone()).unwrap()).collect()
    }

    fn sweeps(&self, tenant: &TenantId) -> Vec<(NaiveDate, u32, Vec<DraftDecision>)> {
        let mut pages: BTreeMap<(NaiveDate, u32), Vec<DraftDecision>> = BTreeMap::new();
        for (sk, item) in self.partition(&format!("sweep#{tenant}")) {
            let [date, page, _part] = sk.split('#').collect::<Vec<_>>()[..] else { panic!("{sk}") };
            let kept = pages.entry((date.parse().unwrap(), page.parse().unwrap())).or_default();
            kept.extend(serde_json::from_value::<Vec<_>>(item["decisions"].clone()).unwrap());
        }
        pages.into_iter().map(|((date, page), decisions)| (date, page, decisions)).collect()
    }

    fn pages(&self, tenant: &TenantId) -> Vec<ScanPage> {
        let mut pages: BTreeMap<String, ScanPage> = BTreeMap::new();
        for (sk, item) in self.partition(&format!("scan#{tenant}")) {
            let (page, _part) = sk.rsplit_once('#').unwrap();
            let [date, at, number] = page.split('#').collect::<Vec<_>>()[..] else { panic!("{sk}") };
            let empty = json!({"date": date, "at": at, "page": number.parse::<u32>().unwrap(), "decisions": []});
            let kept = pages.entry(page.to_owned()).or_insert_with(|| serde_json::from_value(empty).unwrap());
            kept.decisions.extend(serde_json::from_value::<Vec<_>>(item["decisions"].clone()).unwrap());
        }
        pages.into_values().collect()
    }
}

contract::ports_suite!(crate::dynamo::DynamoStore);
