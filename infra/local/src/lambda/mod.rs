//! Runs the real function binaries and speaks the Lambda Runtime API to them.
//!
//! A *sandbox* is one process that handles one invocation at a time, as in Lambda. It starts with the first invocation
//! that finds no idle one, stays warm, and is thrown away when it died, ran out of time, or failed to start.

mod api;
mod process;
mod sandbox;
mod switch;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::body::Bytes;
use serde_json::Value as Json;
use tokio::sync::Semaphore;

use crate::{activity::Activity, tally::Tally};
pub(crate) use process::Launch;
use sandbox::Sandbox;
use switch::Switch;

/// Why an invocation gave no answer. All but [`InvokeError::Unknown`] may be repeated, as Lambda itself does.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// The template has no such function.
    #[error("there is no function called {0}")]
    Unknown(String),
    /// The process could not be started.
    #[error("{function} cannot be started: {source}")]
    Start {
        /// Logical name.
        function: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The process asked for no event in time.
    #[error("{function} asked for no event within {limit:?} of its start")]
    NotReady {
        /// Logical name.
        function: String,
        /// What it was given.
        limit: Duration,
    },
    /// The invocation took longer than the template allows; its process was killed.
    #[error("{function} did not answer within its timeout of {timeout:?}")]
    TimedOut {
        /// Logical name.
        function: String,
        /// From the template.
        timeout: Duration,
    },
    /// The process ended before it answered.
    #[error("{function} died before it answered: {status}")]
    Died {
        /// Logical name.
        function: String,
        /// Exit status or signal.
        status: String,
    },
    /// The function answered with an error.
    #[error("{function} failed: {kind}: {message}")]
    Failed {
        /// Logical name.
        function: String,
        /// `errorType` of the answer.
        kind: String,
        /// `errorMessage` of the answer.
        message: String,
    },
    /// The answer is no JSON.
    #[error("{function} gave an answer that is no JSON: {source}")]
    Answer {
        /// Logical name.
        function: String,
        /// What the parser says.
        source: serde_json::Error,
    },
}

impl InvokeError {
    /// Whether the same invocation may be tried again.
    pub fn may_be_repeated(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

/// A live process of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    /// Process id.
    pub pid: u32,
    /// Whether it is handling an invocation.
    pub busy: bool,
}

/// All functions of the template.
pub(crate) struct Lambda {
    pools: BTreeMap<String, Pool>,
    activity: Activity,
    requests: AtomicU64,
}

/// The sandboxes of one function.
struct Pool {
    launch: Arc<Launch>,
    /// One permit for each sandbox that may be busy at once.
    permits: Semaphore,
    sandboxes: Mutex<Sandboxes>,
}

#[derive(Default)]
struct Sandboxes {
    idle: Vec<Sandbox>,
    busy: BTreeMap<u32, Arc<Switch>>,
}

impl Lambda {
    /// `functions` with the number of sandboxes that each may have.
    pub(crate) fn new(functions: Vec<(Launch, usize)>, activity: Activity) -> Self {
        let pools = functions
            .into_iter()
            .map(|(launch, sandboxes)| {
                let name = launch.function.clone();
                let pool =
                    Pool { launch: Arc::new(launch), permits: Semaphore::new(sandboxes), sandboxes: Mutex::default() };
                (name, pool)
            })
            .collect();
        Self { pools, activity, requests: AtomicU64::new(1) }
    }

    /// Invokes a function and waits for its answer. Waits for a free sandbox first.
    ///
    /// A caller that stops waiting takes the process with it.
    pub(crate) async fn invoke(&self, function: &str, event: &Json) -> Result<Json, InvokeError> {
        let pool = self.pool(function)?;
        let _running = self.activity.begin();
        // The semaphore is never closed, so there is always a permit in the end.
        let _permit = pool.permits.acquire().await;
        let request_id = format!("00000000-0000-4000-8000-{:012x}", self.requests.fetch_add(1, Ordering::Relaxed));
        let mut sandbox = match pool.idle() {
            Some(sandbox) => sandbox,
            None => Sandbox::start(&pool.launch).await?,
        };
        let busy = Busy::new(pool, &sandbox);
        let answer = sandbox.run(request_id, Bytes::from(event.to_string()), &busy.switch).await;
        drop(busy);
        if sandbox.is_usable() {
            pool.lock().idle.push(sandbox);
        }
        let answer = answer?;
        serde_json::from_slice(&answer).map_err(|source| InvokeError::Answer { function: function.to_owned(), source })
    }

    /// Kills one process of a function with SIGKILL: a busy one, if there is any. Gives its process id.
    pub(crate) fn kill_one(&self, function: &str) -> Result<Option<u32>, InvokeError> {
        let mut sandboxes = self.pool(function)?.lock();
        if let Some((pid, switch)) = sandboxes.busy.first_key_value() {
            switch.pull();
            return Ok(Some(*pid));
        }
        // Dropping a sandbox kills its process.
        Ok(sandboxes.idle.pop().map(|sandbox| sandbox.pid()))
    }

    /// Kills every process of a function that is at work with SIGKILL, and waits until they are dead. Gives how many there
    /// were; one that answered before it died doesn't count.
    pub(crate) async fn kill_at_work(&self, function: &str) -> Result<usize, InvokeError> {
        let at_work: Vec<Arc<Switch>> =
            self.pool(function)?.lock().busy.values().filter(|switch| switch.is_at_work()).cloned().collect();
        for switch in &at_work {
            switch.pull();
        }
        let mut hits = 0;
        for switch in &at_work {
            hits += usize::from(switch.hit().await);
        }
        Ok(hits)
    }

    /// The live processes of a function.
    pub(crate) fn processes(&self, function: &str) -> Result<Vec<Process>, InvokeError> {
        let sandboxes = self.pool(function)?.lock();
        let busy = sandboxes.busy.keys().map(|pid| Process { pid: *pid, busy: true });
        let idle = sandboxes.idle.iter().map(|sandbox| Process { pid: sandbox.pid(), busy: false });
        Ok(busy.chain(idle).collect())
    }

    /// Ends every idle process.
    pub(crate) fn stop(&self) {
        for pool in self.pools.values() {
            pool.lock().idle.clear();
        }
    }

    fn pool(&self, function: &str) -> Result<&Pool, InvokeError> {
        self.pools.get(function).ok_or_else(|| InvokeError::Unknown(function.to_owned()))
    }
}

impl Pool {
    /// The idle sandbox that was used last, if its process is still alive.
    fn idle(&self) -> Option<Sandbox> {
        let mut sandboxes = self.lock();
        while let Some(mut sandbox) = sandboxes.idle.pop() {
            if sandbox.is_usable() {
                return Some(sandbox);
            }
        }
        None
    }

    /// A panic elsewhere cannot leave these lists in a state that matters.
    fn lock(&self) -> MutexGuard<'_, Sandboxes> {
        self.sandboxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lists a sandbox as busy until dropped, also when the caller stops waiting.
struct Busy<'a> {
    pool: &'a Pool,
    pid: u32,
    switch: Arc<Switch>,
}

impl<'a> Busy<'a> {
    fn new(pool: &'a Pool, sandbox: &Sandbox) -> Self {
        let (pid, switch) = (sandbox.pid(), Arc::new(Switch::new()));
        pool.lock().busy.insert(pid, Arc::clone(&switch));
        Self { pool, pid, switch }
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.switch.over();
        self.pool.lock().busy.remove(&self.pid);
    }
}

/// What every function is told beside its own environment.
pub(crate) struct Surroundings {
    pub(crate) region: String,
    pub(crate) dynamodb_url: String,
    pub(crate) sqs_url: String,
    pub(crate) ses_url: String,
    pub(crate) secrets_url: String,
    pub(crate) clock_file: PathBuf,
    /// Folder for one log file a function.
    pub(crate) logs: PathBuf,
    /// Where their processes are written down.
    pub(crate) tally: Tally,
}
