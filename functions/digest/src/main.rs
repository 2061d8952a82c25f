//! The Lambda function `digest`: the digests' heartbeats, and what each tenant's people are told.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{
    Pipeline, batch,
    environment::{Environment, MailEnvironment, WorkerEnvironment},
};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde::Deserialize;
use workflow::{
    DigestMessage,
    digest::{self, DigestTick},
};

/// What wakes the function: a schedule, or the digests' queue.
#[derive(Deserialize)]
#[serde(untagged)]
enum Event {
    Tick(DigestTick),
    Messages(SqsEvent),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let pipeline = Pipeline::connect(&Environment::read()?).await?;
    let mailer = pipeline.mailer(MailEnvironment::read()?);
    let letters = pipeline.give_up(WorkerEnvironment::read()?);
    let (pipeline, mailer, letters) = (&pipeline, &mailer, &letters);
    run(service_fn(|event: LambdaEvent<Event>| async move {
        let deadline = batch::Deadline::of(&event.context);
        match event.payload {
            Event::Tick(DigestTick::Digest) => digest::tick(pipeline).await?,
            Event::Tick(DigestTick::RegisterDigests) => digest::register(pipeline).await?,
            Event::Messages(messages) => {
                let work = |message: DigestMessage| async move { digest::work(pipeline, mailer, &message).await };
                return Ok(batch::handle(pipeline, letters, messages, deadline, work).await);
            }
        }
        Ok::<_, Error>(SqsBatchResponse::default())
    }))
    .await
}
