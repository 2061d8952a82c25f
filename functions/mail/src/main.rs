//! The Lambda function `mail`: delivers invoices by e-mail.

use aws_lambda_events::sqs::SqsEvent;
use cloud::{
    Pipeline, batch,
    environment::{Environment, MailEnvironment},
};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use workflow::{DeliveryMessage, Letterheads, mail};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let pipeline = Pipeline::connect(&Environment::read()?).await?;
    let mailer = pipeline.mailer(MailEnvironment::read()?);
    let letterheads = Letterheads::default();
    let (pipeline, mailer, letterheads) = (&pipeline, &mailer, &letterheads);
    run(service_fn(|event: LambdaEvent<SqsEvent>| async move {
        let deadline = batch::Deadline::of(&event.context);
        let work = |message: DeliveryMessage| async move { mail::work(pipeline, mailer, letterheads, &message).await };
        Ok::<_, Error>(batch::handle(pipeline, event.payload, deadline, work).await)
    }))
    .await
}
