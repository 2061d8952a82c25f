//! SQS: standard queues, with the tenant as message group, so that a busy tenant doesn't delay the others (fair queues).

use std::time::Duration;

use aws_sdk_sqs::Client;
use workflow::{
    Message,
    ports::{PortError, Queues},
};

use crate::{environment::Environment, items::failed};

/// Longest delay that SQS takes.
const LONGEST_DELAY_SECONDS: u64 = 900;

#[derive(Debug, Clone)]
pub struct SqsQueues {
    client: Client,
    scan_url: String,
    booking_url: String,
    delivery_url: String,
    sweep_url: String,
    prices_url: String,
    digest_url: String,
}

impl SqsQueues {
    pub(crate) fn new(client: Client, environment: &Environment) -> Self {
        Self {
            client,
            scan_url: environment.scan_queue_url.clone(),
            booking_url: environment.booking_queue_url.clone(),
            delivery_url: environment.delivery_queue_url.clone(),
            sweep_url: environment.sweep_queue_url.clone(),
            prices_url: environment.prices_queue_url.clone(),
            digest_url: environment.digest_queue_url.clone(),
        }
    }

    fn url(&self, message: &Message) -> &str {
        match message {
            Message::Scan(_) => &self.scan_url,
            Message::Booking(_) => &self.booking_url,
            Message::Delivery(_) => &self.delivery_url,
            Message::Sweep(_) => &self.sweep_url,
            Message::Prices(_) => &self.prices_url,
            Message::Digest(_) => &self.digest_url,
        }
    }
}

impl Queues for SqsQueues {
    async fn send(&self, message: &Message, delay: Duration) -> Result<(), PortError> {
        let body = message.body().map_err(|error| PortError::new("writing a message", error))?;
        // Rounded up: coming early would only find the rate still used up.
        let seconds = delay.as_millis().div_ceil(1000).min(u128::from(LONGEST_DELAY_SECONDS));
        self.client
            .send_message()
            .queue_url(self.url(message))
            .message_body(body)
            .message_group_id(message.tenant().to_string())
            .delay_seconds(i32::try_from(seconds).unwrap_or(0))
            .send()
            .await
            .map_err(failed("sending a message"))?;
        Ok(())
    }
}
