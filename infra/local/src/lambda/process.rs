//! How a function's process is started.

use std::{collections::BTreeMap, fs::OpenOptions, io, net::SocketAddr, path::PathBuf, process::Stdio, time::Duration};

use tokio::process::{Child, Command};

use super::Surroundings;
use crate::{tally::Tally, template::Function};

/// Variables of this process that a function gets too: they change what is written about it, not what it does.
const PASSED_ON: [&str; 2] = ["LLVM_PROFILE_FILE", "RUST_BACKTRACE"];

/// Version of a function that is not published under a number.
const UNPUBLISHED: &str = "$LATEST";

/// What it takes to start a function.
pub(crate) struct Launch {
    /// Logical name.
    pub(crate) function: String,
    /// ARN that the invocations carry.
    pub(crate) arn: String,
    /// The executable.
    pub(crate) binary: PathBuf,
    /// How long one invocation may take.
    pub(crate) timeout: Duration,
    pub(super) tally: Tally,
    environment: BTreeMap<String, String>,
    log: PathBuf,
}

impl Launch {
    pub(crate) fn new(name: &str, arn: String, binary: PathBuf, function: &Function, around: &Surroundings) -> Self {
        let lambda = [
            ("AWS_LAMBDA_FUNCTION_NAME", name),
            ("AWS_LAMBDA_FUNCTION_VERSION", UNPUBLISHED),
            ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", name),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "local"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &function.memory_mb.to_string()),
            ("AWS_REGION", &around.region),
            ("AWS_DEFAULT_REGION", &around.region),
            // The emulators check no signature, but whose it is: see `access`.
            ("AWS_ACCESS_KEY_ID", name),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("FAKTURAPILOT_CLOCK_FILE", &around.clock_file.to_string_lossy()),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()));
        let endpoints = [
            ("AWS_ENDPOINT_URL_DYNAMODB", &around.dynamodb_url),
            ("AWS_ENDPOINT_URL_SQS", &around.sqs_url),
            ("AWS_ENDPOINT_URL_SESV2", &around.ses_url),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &around.secrets_url),
        ]
        .map(|(key, value)| (key.to_owned(), value.clone()));
        // As in AWS: a template may name an endpoint of its own, but none of Lambda's reserved variables.
        let mut environment = BTreeMap::from(endpoints);
        environment.extend(function.environment.clone());
        environment.extend(lambda);
        Self {
            function: name.to_owned(),
            arn,
            binary,
            timeout: function.timeout,
            tally: around.tally.clone(),
            environment,
            log: around.logs.join(format!("{name}.log")),
        }
    }

    /// Starts the process, which is to ask `runtime_api` for events. It has no environment but what Lambda gives it, so that
    /// a variable that the template lacks is missing here too. It dies when the handle is dropped.
    pub(super) fn spawn(&self, runtime_api: SocketAddr) -> io::Result<Child> {
        let log = OpenOptions::new().create(true).append(true).open(&self.log)?;
        Command::new(&self.binary)
            .env_clear()
            .envs(PASSED_ON.iter().filter_map(|name| std::env::var_os(name).map(|value| (name, value))))
            .envs(&self.environment)
            .env("AWS_LAMBDA_RUNTIME_API", runtime_api.to_string())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
    }
}
