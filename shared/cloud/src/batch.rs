//! A batch of SQS records: each on its own. One that can't be read, fails or panics comes back alone, and after its last try
//! lies with the dead letters.

mod record;

use std::{
    collections::BTreeMap,
    future::Future,
    panic::AssertUnwindSafe,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use domain::ids::TenantId;
use futures_util::{FutureExt, StreamExt, stream};
use lambda_runtime::Context;
use tracing::Instrument;
use workflow::{
    Outcome, QueueMessage, TimeLeft,
    dead_letters::{self, Record},
    ports::{GiveUp, PortError, Ports, Queues},
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

/// Works on each record of a batch with `work`, and tells the platform which ones must come again. A record whose last try
/// fails goes to the dead `letters` with the reason, and is dealt with.
pub async fn handle<P, G, M, W, F>(
    ports: &P,
    letters: &G,
    event: SqsEvent,
    deadline: Deadline,
    work: W,
) -> SqsBatchResponse
where
    P: Ports,
    G: GiveUp,
    M: QueueMessage,
    W: Fn(M) -> F,
    F: Future<Output = Result<Outcome, PortError>>,
{
    let mut failures: Vec<String> = Vec::new();
    let mut by_tenant: BTreeMap<Option<TenantId>, Vec<(Record, M)>> = BTreeMap::new();
    for message in event.records {
        let record = record::of(M::QUEUE, message);
        match record::read::<M>(&record) {
            Ok(message) => {
                let tenant = message.clone().into().tenant().cloned();
                by_tenant.entry(tenant).or_default().push((record, message));
            }
            Err(why) => {
                let span = tracing::info_span!("record", message_id = %record.id);
                if !dead_letters::failed(letters, &record, &why).instrument(span).await {
                    failures.push(record.id);
                }
            }
        }
    }
    let (work, deadline) = (&work, &deadline);
    let per_tenant = stream::iter(by_tenant).map(|(tenant, records)| async move {
        let mut failed = Vec::new();
        for (record, message) in records {
            let span = tracing::info_span!("record", message_id = %record.id, tenant = tenant.as_ref().map(tracing::field::display));
            let settled = async {
                match one(ports, message, deadline, work).await {
                    Ok(()) => true,
                    Err(why) => dead_letters::failed(letters, &record, &why).await,
                }
            };
            if !settled.instrument(span).await {
                failed.push(record.id);
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

/// Works on a record. The error is why this try failed: for the dead letters, never for a log.
async fn one<P, M, W, F>(ports: &P, message: M, deadline: &Deadline, work: &W) -> Result<(), String>
where
    P: Ports,
    M: QueueMessage,
    W: Fn(M) -> F,
    F: Future<Output = Result<Outcome, PortError>>,
{
    let failed = |error: PortError| {
        tracing::error!(error = error.for_logs(), "a try failed");
        error.in_full()
    };
    if deadline.time_left() < RECORD_NEEDS {
        return again(ports, message, Duration::ZERO).await.map_err(failed);
    }
    match AssertUnwindSafe(work(message.clone())).catch_unwind().await {
        Ok(Ok(Outcome::Settled)) => Ok(()),
        Ok(Ok(Outcome::Again(delay))) => again(ports, message, delay).await.map_err(failed),
        Ok(Err(error)) => Err(failed(error)),
        Err(panic) => {
            tracing::error!("the record made the worker panic");
            Err(record::words_of(panic.as_ref()))
        }
    }
}

async fn again<P: Ports, M: QueueMessage>(ports: &P, message: M, delay: Duration) -> Result<(), PortError> {
    ports.queues().send(&message.into(), delay).await
}
