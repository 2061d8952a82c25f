//! The Lambda function `api`: what integrations call.

use cloud::{
    Pipeline,
    api::{self, HttpRequest},
    environment::{ApiEnvironment, Environment},
};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let pipeline = Pipeline::connect(&Environment::read()?).await?;
    let secrets = pipeline.signal_secrets(ApiEnvironment::read()?);
    let (pipeline, secrets) = (&pipeline, &secrets);
    run(service_fn(|event: LambdaEvent<HttpRequest>| async move {
        Ok::<_, Error>(api::answer(pipeline, secrets, &event.payload).await)
    }))
    .await
}
