//! The Lambda function `sweep`: the drafts' heartbeat, and the reading of each tenant's drafts.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{
    Pipeline, batch,
    environment::{Environment, WorkerEnvironment},
};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde::Deserialize;
use workflow::{
    SweepMessage,
    sweep::{self, SweepTick},
};

/// What wakes the function: a schedule, or the sweep queue.
#[derive(Deserialize)]
#[serde(untagged)]
enum Event {
    Tick(SweepTick),
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
            Event::Tick(SweepTick::Sweep) => sweep::tick(pipeline).await?,
            Event::Messages(messages) => {
                let work =
                    |message: SweepMessage| async move { Box::pin(sweep::work(pipeline, &message, &deadline)).await };
                return Ok(batch::handle(pipeline, letters, messages, deadline, work).await);
            }
        }
        Ok::<_, Error>(SqsBatchResponse::default())
    }))
    .await
}
