//! The Lambda function `feedback`: takes in what the mail service tells of the mails.

use aws_lambda_events::sqs::SqsEvent;
use cloud::{
    Pipeline, batch,
    environment::{Environment, WorkerEnvironment},
};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use workflow::{FeedbackMessage, feedback};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let pipeline = Pipeline::connect(&Environment::read()?).await?;
    let letters = pipeline.give_up(WorkerEnvironment::read()?);
    let (pipeline, letters) = (&pipeline, &letters);
    run(service_fn(|event: LambdaEvent<SqsEvent>| async move {
        let deadline = batch::Deadline::of(&event.context);
        let work = |message: FeedbackMessage| async move { feedback::work(pipeline, &message).await };
        Ok::<_, Error>(batch::handle(pipeline, letters, event.payload, deadline, work).await)
    }))
    .await
}
