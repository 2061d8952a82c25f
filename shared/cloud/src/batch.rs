//! A batch of SQS records: each on its own. One that can't be read, fails or panics comes back alone.

use std::{
    collections::BTreeMap,
    future::Future,
    panic::AssertUnwindSafe,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use domain::ids::TenantId;
use futures_util::{FutureExt, StreamExt, stream};
use lambda_runtime::Context;
use serde::de::DeserializeOwned;
use tracing::Instrument;
use workflow::{
    Message, Outcome,
    ports::{PortError, Ports, Queues},
    scan::TimeLeft,
};

/// A record is begun only with this much time left: the longest step with its waits (`domain::job::LEASE`) fits in. What
/// is not begun goes back to the queue as a new message, since a failed one would come closer to the dead letters.
const RECORD_NEEDS: Duration = Duration::from_secs(45);

/// Tenants worked on side by side. One tenant's records go one after another: its rate allows no more.
const TENANTS_AT_ONCE: usize = 5;

/// When the platform ends the invocation.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(SystemTime);

impl Deadline {
    /// From the invocation's context.
    pub fn of(context: &Context) -> Self {
        Self(UNIX_EPOCH + Duration::from_millis(context.deadline))
    }
}

impl TimeLeft for Deadline {
    fn time_left(&self) -> Duration {
        self.0.duration_since(SystemTime::now()).unwrap_or_default()
    }
}

/// Works on each record of a batch with `work`, and tells the platform which ones must come again.
pub async fn handle<P, M, W, F>(ports: &P, event: SqsEvent, deadline: Deadline, work: W) -> SqsBatchResponse
where
    P: Ports,
    M: DeserializeOwned + Clone + Into<Message>,
    W: Fn(M) -> F,
    F: Future<Output = Result<Outcome, PortError>>,
{
    let mut failures: Vec<String> = Vec::new();
    let mut by_tenant: BTreeMap<TenantId, Vec<(String, M)>> = BTreeMap::new();
    for record in event.records {
        let id = record.message_id.clone().unwrap_or_default();
        match read::<M>(&record) {
            Some(message) => {
                let tenant = message.clone().into().tenant().clone();
                by_tenant.entry(tenant).or_default().push((id, message));
            }
            None => failures.push(id),
        }
    }
    let (work, deadline) = (&work, &deadline);
    let per_tenant = stream::iter(by_tenant).map(|(tenant, records)| async move {
        let mut failed = Vec::new();
        for (id, message) in records {
            let span = tracing::info_span!("record", message_id = %id, tenant = %tenant);
            if !one(ports, message, deadline, work).instrument(span).await {
                failed.push(id);
            }
        }
        failed
    });
    failures.extend(per_tenant.buffer_unordered(TENANTS_AT_ONCE).collect::<Vec<_>>().await.into_iter().flatten());
    let mut response = SqsBatchResponse::default();
    response.batch_item_failures = failures.into_iter().map(failure).collect();
    response
}

fn failure(id: String) -> BatchItemFailure {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = id;
    failure
}

/// A record that can't be read never will be: it fails until it's with the dead letters, where a person sees it.
fn read<M: DeserializeOwned>(record: &SqsMessage) -> Option<M> {
    let read = serde_json::from_str(record.body.as_deref().unwrap_or_default());
    if let Err(error) = &read {
        let message_id = record.message_id.as_deref().unwrap_or_default();
        // Where it went wrong, never the text itself.
        tracing::error!(message_id, line = error.line(), column = error.column(), "a message can't be read");
    }
    read.ok()
}

/// Whether the record is dealt with.
async fn one<P, M, W, F>(ports: &P, message: M, deadline: &Deadline, work: &W) -> bool
where
    P: Ports,
    M: Clone + Into<Message>,
    W: Fn(M) -> F,
    F: Future<Output = Result<Outcome, PortError>>,
{
    if deadline.time_left() < RECORD_NEEDS {
        return again(ports, message, Duration::ZERO).await;
    }
    match AssertUnwindSafe(work(message.clone())).catch_unwind().await {
        Ok(Ok(Outcome::Settled)) => true,
        Ok(Ok(Outcome::Again(delay))) => again(ports, message, delay).await,
        Ok(Err(error)) => {
            tracing::error!(error = %error, "the record comes again");
            false
        }
        Err(_) => {
            tracing::error!("the record made the worker panic");
            false
        }
    }
}

async fn again<P: Ports, M: Into<Message>>(ports: &P, message: M, delay: Duration) -> bool {
    match ports.queues().send(&message.into(), delay).await {
        Ok(()) => true,
        Err(error) => {
            tracing::error!(error = %error, "the message could not be sent again");
            false
        }
    }
}
