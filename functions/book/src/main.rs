//! The Lambda function `book`: takes jobs through creating and booking.

use aws_lambda_events::sqs::SqsEvent;
use cloud::{
    Pipeline, batch,
    environment::{Environment, WorkerEnvironment},
};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use workflow::{BookingMessage, Notebook, book};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let pipeline = Pipeline::connect(&Environment::read()?.with_apps()?).await?;
    let letters = pipeline.give_up(WorkerEnvironment::read()?);
    let notebook = Notebook::default();
    let (pipeline, letters, notebook) = (&pipeline, &letters, &notebook);
    pipeline.warm().await?;
    run(service_fn(|event: LambdaEvent<SqsEvent>| async move {
        let deadline = batch::Deadline::of(&event.context);
        let work = |message: BookingMessage| async move { book::work(pipeline, notebook, &message).await };
        Ok::<_, Error>(batch::handle(pipeline, letters, event.payload, deadline, work).await)
    }))
    .await
}
