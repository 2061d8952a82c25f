//! SQS: the code that runs on AWS, over an emulator with the template's queues.

use std::{
    collections::BTreeMap,
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::Mutex,
};

use chrono::DateTime;
use cloud::{SqsDeadLetters, SqsGiveUp, environment::WorkerEnvironment};
use contract::letters::Office;
use local::{LocalQueues, LocalTables};
use serde_json::{Value, json};
use stage::{Operator, letters_name, queue_name};
use workflow::{
    WorkQueue,
    dead_letters::{DeadLetterQueue, Record},
};

/// The template's own default, by which the emulator's queues go.
const MAX_RECEIVE_COUNT: NonZeroU32 = NonZeroU32::new(5).unwrap();

pub(crate) struct SqsOffice {
    pub(crate) queues: LocalQueues,
    operator: Operator,
    workers: BTreeMap<WorkQueue, SqsGiveUp>,
    /// What messages in hand are settled by.
    receipts: Mutex<BTreeMap<String, Value>>,
    _tables: LocalTables,
}

fn template() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml")
}

impl SqsOffice {
    /// The address of a queue, in a request for it.
    fn of(&self, queue: &str) -> Value {
        json!({"QueueUrl": self.queues.queue_url(queue)})
    }

    async fn settle(&self, action: &str, record: &Record, mut more: Value) {
        more["QueueUrl"] = self.of(queue_name(record.queue))["QueueUrl"].clone();
        more["ReceiptHandle"] = self.receipts.lock().unwrap().remove(&record.id).unwrap();
        self.queues.call(action, more).await.unwrap();
    }

    async fn bodies(&self, queue: &str) -> Vec<String> {
        let messages = self.queues.messages(queue).await.unwrap();
        messages.iter().map(|message| message["Body"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) async fn put(&self, queue: &str, mut message: Value) {
        message["QueueUrl"] = self.queues.queue_url(queue).into();
        self.queues.call("SendMessage", message).await.unwrap();
    }
}

impl Office for SqsOffice {
    type Ports = Operator;
    type Worker = SqsGiveUp;
    type Letters = SqsDeadLetters;

    async fn open() -> Self {
        let (tables, queues) =
            (LocalTables::start(&template()).await.unwrap(), LocalQueues::start(&template()).await.unwrap());
        let url = |queue: &str| queues.queue_url(queue);
        let operator = Operator::new(tables.url(), queues.url(), queues.region(), url, None).unwrap();
        let worker = |queue| {
            let dead_letters_url = queues.queue_url(letters_name(DeadLetterQueue::of(queue)));
            operator.worker(WorkerEnvironment { dead_letters_url, max_receive_count: MAX_RECEIVE_COUNT })
        };
        let workers = WorkQueue::ALL.map(|queue| (queue, worker(queue))).into();
        Self { queues, operator, workers, receipts: Mutex::default(), _tables: tables }
    }

    fn ports(&self) -> &Operator {
        &self.operator
    }

    fn worker(&self, queue: WorkQueue) -> &SqsGiveUp {
        &self.workers[&queue]
    }

    fn letters(&self) -> &SqsDeadLetters {
        self.operator.letters()
    }

    async fn send(&self, queue: WorkQueue, body: &str) {
        self.put(queue_name(queue), json!({"MessageBody": body})).await;
    }

    async fn hand_out(&self, queue: WorkQueue) -> Option<Record> {
        let mut wanted = self.of(queue_name(queue));
        wanted["MessageSystemAttributeNames"] = json!(["All"]);
        let answer = self.queues.call("ReceiveMessage", wanted).await.unwrap();
        let message = answer["Messages"].get(0)?;
        let attribute = |name: &str| message["Attributes"][name].as_str().unwrap();
        let id = message["MessageId"].as_str().unwrap().to_owned();
        self.receipts.lock().unwrap().insert(id.clone(), message["ReceiptHandle"].clone());
        Some(Record {
            queue,
            id,
            body: message["Body"].as_str().unwrap().to_owned(),
            tries: Some(attribute("ApproximateReceiveCount").parse().unwrap()),
            sent_at: DateTime::from_timestamp_millis(attribute("SentTimestamp").parse().unwrap()),
        })
    }

    async fn come_back(&self, record: &Record) {
        self.settle("ChangeMessageVisibility", record, json!({"VisibilityTimeout": 0})).await;
    }

    async fn dealt_with(&self, record: &Record) {
        self.settle("DeleteMessage", record, json!({})).await;
    }

    async fn in_queue(&self, queue: WorkQueue) -> Vec<String> {
        self.bodies(queue_name(queue)).await
    }

    async fn put_letter(&self, queue: DeadLetterQueue, body: &str) {
        self.put(letters_name(queue), json!({"MessageBody": body})).await;
    }

    async fn in_letters(&self, queue: DeadLetterQueue) -> Vec<String> {
        self.bodies(letters_name(queue)).await
    }
}

contract::letters_suite!(crate::letters::sqs::SqsOffice);
