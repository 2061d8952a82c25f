//! The Lambda function `connect`: a company's people consent, and the company becomes a tenant.

use cloud::{
    Pipeline,
    api::HttpRequest,
    connect,
    environment::{ConnectEnvironment, Environment},
};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let pipeline = Pipeline::connect(&Environment::read()?.with_apps()?).await?;
    pipeline.ready_to_call()?;
    let desk = &pipeline.connect_desk(ConnectEnvironment::read()?);
    run(service_fn(|event: LambdaEvent<HttpRequest>| async move {
        Ok::<_, Error>(connect::answer(desk, &event.payload).await)
    }))
    .await
}
