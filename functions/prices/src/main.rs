//! The Lambda function `prices`: the comparisons' heartbeat, and the comparison of each tenant's prices with its lists.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{
    Pipeline, batch,
    environment::{Environment, WorkerEnvironment},
};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde::Deserialize;
use workflow::{
    PriceMessage,
    prices::{self, PriceTick},
};

/// What wakes the function: a schedule, or the prices' queue.
#[derive(Deserialize)]
#[serde(untagged)]
enum Event {
    Tick(PriceTick),
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
            Event::Tick(PriceTick::Prices) => prices::tick(pipeline).await?,
            Event::Messages(messages) => {
                let work = |message: PriceMessage| async move { prices::work(pipeline, &message, &deadline).await };
                return Ok(batch::handle(pipeline, letters, messages, deadline, work).await);
            }
        }
        Ok::<_, Error>(SqsBatchResponse::default())
    }))
    .await
}
