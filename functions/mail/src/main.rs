//! The Lambda function `mail`: delivers invoices by e-mail.

use aws_lambda_events::sqs::SqsEvent;
use cloud::{
    Pipeline, batch,
    environment::{Environment, MailEnvironment, WorkerEnvironment},
};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use workflow::{DeliveryMessage, Notebook, mail};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let pipeline = Pipeline::connect(&Environment::read()?.with_apps()?).await?;
    let mailer = pipeline.mailer(MailEnvironment::read()?);
    let letters = pipeline.give_up(WorkerEnvironment::read()?);
    let notebook = Notebook::default();
    let (pipeline, mailer, letters, notebook) = (&pipeline, &mailer, &letters, &notebook);
    pipeline.warm().await?;
    run(service_fn(|event: LambdaEvent<SqsEvent>| async move {
        let deadline = batch::Deadline::of(&event.context);
        let work = |message: DeliveryMessage| async move { mail::work(pipeline, mailer, notebook, &message).await };
        Ok::<_, Error>(batch::handle(pipeline, letters, event.payload, deadline, work).await)
    }))
    .await
}
