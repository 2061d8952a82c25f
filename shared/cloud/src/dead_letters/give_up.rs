//! A worker's side: to send what it gives up.

use aws_sdk_sqs::Client;
use workflow::ports::{GiveUp, GivenUp, PortError};

use super::attributes;
use crate::{environment::WorkerEnvironment, items::failed};

/// The dead letters of the queue that a function works on.
#[derive(Debug, Clone)]
pub struct SqsGiveUp {
    client: Client,
    environment: WorkerEnvironment,
}

impl SqsGiveUp {
    pub(crate) fn new(client: Client, environment: WorkerEnvironment) -> Self {
        Self { client, environment }
    }
}

impl GiveUp for SqsGiveUp {
    fn most_tries(&self) -> u32 {
        self.environment.max_receive_count.get()
    }

    async fn give_up(&self, letter: &GivenUp<'_>) -> Result<(), PortError> {
        self.client
            .send_message()
            .queue_url(&self.environment.dead_letters_url)
            .message_body(letter.body)
            .set_message_attributes(Some(attributes::of(letter)?))
            .send()
            .await
            .map_err(failed("giving up a message"))?;
        Ok(())
    }
}
