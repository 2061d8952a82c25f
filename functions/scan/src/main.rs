//! The Lambda function `scan`: the heartbeat, and the daily reading of each tenant's agreements.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{
    Pipeline, batch,
    environment::{Environment, WorkerEnvironment},
};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde::Deserialize;
use workflow::{
    ScanMessage,
    scan::{self, Tick},
};

/// What wakes the function: a schedule, or the scan queue.
#[derive(Deserialize)]
#[serde(untagged)]
enum Event {
    Tick(Tick),
    Messages(SqsEvent),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let pipeline = Pipeline::connect(&Environment::read()?.with_apps()?).await?;
    let letters = pipeline.give_up(WorkerEnvironment::read()?);
    let (pipeline, letters) = (&pipeline, &letters);
    pipeline.warm().await?;
    run(service_fn(|event: LambdaEvent<Event>| async move {
        let deadline = batch::Deadline::of(&event.context);
        match event.payload {
            Event::Tick(Tick::Scan) => scan::tick(pipeline).await?,
            Event::Tick(Tick::Register) => scan::register(pipeline).await?,
            Event::Messages(messages) => {
                let work = |message: ScanMessage| async move { scan::work(pipeline, &message, &deadline).await };
                return Ok(batch::handle(pipeline, letters, messages, deadline, work).await);
            }
        }
        Ok::<_, Error>(SqsBatchResponse::default())
    }))
    .await
}
