//! Messages that a clean stop leaves in the queues, kept in the state folder for the next start.
//!
//! Dead letters too. A message comes back with its body and attributes and as a new one: its receive count starts again.

use std::{collections::BTreeMap, path::Path, time::Duration};

use serde_json::{Value as Json, json};
use tokio::time::Instant;

use super::{EmulatorError, Sqs};
use crate::template::Queue;

const FILE: &str = "queues.json";

/// Longest wait for messages in hand. Longer than the retry delay and the delays, which come back within seconds.
const PATIENCE: Duration = Duration::from_secs(30);

type Stored = BTreeMap<String, Vec<Json>>;

impl Sqs {
    /// Takes every message out of every queue and stores it. Nobody may be polling any more.
    pub(crate) async fn store(&self, queues: &BTreeMap<String, Queue>, state: &Path) -> Result<(), EmulatorError> {
        let mut stored = Stored::new();
        // Dead letter queues last: emptying a queue may move messages there.
        let (sources, targets): (Vec<_>, Vec<_>) = queues.iter().partition(|(_, queue)| queue.redrive.is_some());
        for (name, _) in sources.into_iter().chain(targets) {
            stored.insert(name.clone(), self.take_all(name).await?);
        }
        let new = state.join("queues.new");
        std::fs::write(&new, serde_json::to_vec_pretty(&stored)?)?;
        std::fs::rename(new, state.join(FILE))?;
        Ok(())
    }

    /// Sends what an earlier run stored. The file goes away once all of it is in the queues.
    pub(crate) async fn restore(&self, state: &Path) -> Result<(), EmulatorError> {
        let file = state.join(FILE);
        let text = match std::fs::read(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        for (queue, messages) in serde_json::from_slice::<Stored>(&text)? {
            for mut message in messages {
                message["QueueUrl"] = self.queue_url(&queue).into();
                self.call("SendMessage", message).await?;
            }
        }
        std::fs::remove_file(file)?;
        Ok(())
    }

    async fn take_all(&self, queue: &str) -> Result<Vec<Json>, EmulatorError> {
        let url = self.queue_url(queue);
        let deadline = Instant::now() + PATIENCE;
        let mut taken = Vec::new();
        while !self.counts(queue).await?.is_empty() {
            if Instant::now() > deadline {
                return Err(EmulatorError::NotDrained { queue: queue.to_owned(), waited: PATIENCE });
            }
            let wanted = json!({
                "QueueUrl": url, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 1, "MessageAttributeNames": ["All"],
            });
            let mut answer = self.call("ReceiveMessage", wanted).await?;
            let Json::Array(messages) = answer["Messages"].take() else {
                continue;
            };
            for mut message in messages {
                let gone = json!({"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]});
                let mut kept = json!({"MessageBody": message["Body"].take()});
                if let Json::Object(attributes) = message["MessageAttributes"].take() {
                    kept["MessageAttributes"] = attributes.into();
                }
                taken.push(kept);
                self.call("DeleteMessage", gone).await?;
            }
        }
        Ok(taken)
    }

    /// Messages of a queue as SQS gives them, oldest first. They stay there.
    pub(crate) async fn peek(&self, queue: &str) -> Result<Vec<Json>, EmulatorError> {
        let url = self.queue_url(queue);
        let wanted = json!({
            "QueueUrl": url, "MaxNumberOfMessages": 10, "MessageSystemAttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        });
        let mut found = BTreeMap::new();
        let mut handles = Vec::new();
        loop {
            let mut answer = self.call("ReceiveMessage", wanted.clone()).await?;
            let messages = answer["Messages"].as_array_mut().map(std::mem::take).unwrap_or_default();
            if messages.is_empty() {
                break;
            }
            for mut message in messages {
                handles.push(message["ReceiptHandle"].take());
                let sent = message["Attributes"]["SentTimestamp"].as_str().unwrap_or_default().to_owned();
                let id = message["MessageId"].as_str().unwrap_or_default().to_owned();
                found.insert((sent, id), message);
            }
        }
        for handle in handles {
            let back = json!({"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": 0});
            self.call("ChangeMessageVisibility", back).await?;
        }
        Ok(found.into_values().collect())
    }
}
