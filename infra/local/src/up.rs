//! `local up`: everything stays up, for curl, the AWS CLI and a debugger.

use std::{
    error::Error,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use clap::Args;
use local::{LocalCloud, Options, Ports, control};

/// Options of `local up`.
#[derive(Args)]
pub(crate) struct Up {
    /// Port of DynamoDB; 0 is any free one.
    #[arg(long, default_value_t = 8000)]
    dynamodb_port: u16,
    /// Port of SQS; 0 is any free one.
    #[arg(long, default_value_t = 9324)]
    sqs_port: u16,
    /// Port of SES; 0 is any free one.
    #[arg(long, default_value_t = 8005)]
    ses_port: u16,
    /// Port of Secrets Manager; 0 is any free one.
    #[arg(long, default_value_t = 8006)]
    secrets_port: u16,
    /// Port of the template's HTTP API; 0 is any free one.
    #[arg(long, default_value_t = 8081)]
    api_port: u16,
    /// Port of the control API; 0 is any free one.
    #[arg(long, default_value_t = 8080)]
    control_port: u16,
    /// Folder for tables, queues, mails, logs and the clock. A later run goes on from it.
    #[arg(long, default_value = "target/local")]
    state: PathBuf,
    /// Sets a template parameter; may be given several times.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
    /// Sets the clock, e.g. 2026-02-01T06:00:00Z.
    #[arg(long)]
    now: Option<DateTime<Utc>>,
}

impl Up {
    pub(crate) async fn run(self) -> Result<(), Box<dyn Error>> {
        let root = local::workspace_root()?;
        let binaries = local::build(&root)?;
        let options = Options {
            parameters: self.parameters.into_iter().collect(),
            keep: true,
            start: self.now,
            ports: Ports {
                dynamodb: self.dynamodb_port,
                sqs: self.sqs_port,
                ses: self.ses_port,
                secrets: self.secrets_port,
                api: self.api_port,
            },
            ..Options::new(root.join("template.yaml"), binaries, self.state)
        };
        let listener = control::listen(self.control_port).await?;
        let cloud = Arc::new(LocalCloud::start(options).await?);
        let stack = cloud.state().join("stack.json");
        std::fs::write(&stack, serde_json::to_vec_pretty(&cloud.outputs())?)?;
        announce(&listener.local_addr()?.to_string(), &cloud, &stack);
        tokio::select! {
            served = control::serve(listener, Arc::clone(&cloud)) => served?,
            () = interrupted() => {}
        }
        Ok(cloud.shutdown().await?)
    }
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Done at Ctrl-C or a termination signal.
async fn interrupted() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            // Ctrl-C still works.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

#[expect(clippy::print_stdout, reason = "the command line's own output")]
fn announce(control: &str, cloud: &LocalCloud, stack: &Path) {
    println!("Fakturapilot is up. Stop it with Ctrl-C: what is in the queues is kept.\n");
    println!("  control    http://{control}");
    println!("  HTTP API   {}", cloud.api_url());
    println!("  DynamoDB   {}", cloud.dynamodb_url());
    println!("  SQS        {}", cloud.sqs_url());
    println!("  SES        {}", cloud.ses_url());
    println!("  Secrets    {}", cloud.secrets_url());
    println!("  region     {}", cloud.region());
    println!("  state      {}", cloud.state().display());
    println!("  the time   {}\n", cloud.clock().now().format("%Y-%m-%d %H:%M:%S UTC"));
    println!("Everything it can do: curl http://{control}/\n");
    println!("To look and decide, from another terminal:\n");
    println!("  export AWS_REGION={} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local", cloud.region());
    println!("  export AWS_ENDPOINT_URL_DYNAMODB={} AWS_ENDPOINT_URL_SQS={}", cloud.dynamodb_url(), cloud.sqs_url());
    println!("  export AWS_ENDPOINT_URL_SECRETS_MANAGER={}", cloud.secrets_url());
    println!(
        "  export FAKTURAPILOT_CLOCK_FILE={} FAKTURAPILOT_STACK={}",
        cloud.clock().file().display(),
        stack.display()
    );
    println!("  cargo run --bin fakturapilot -- --help");
}
