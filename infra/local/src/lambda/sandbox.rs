//! One process and its Runtime API.

use std::{net::Ipv4Addr, process::ExitStatus, sync::Arc, time::Duration};

use axum::body::Bytes;
use tokio::{net::TcpListener, process::Child, time::Instant};

use super::{
    InvokeError,
    api::{Api, Invocation, Signal},
    process::Launch,
    switch::Switch,
};
use crate::tally::LifeBook;

/// Longest time from the start of a process to its first question for an event. Lambda gives 10 s; here a compiler may be
/// running beside it.
const START_LIMIT: Duration = Duration::from_secs(30);

/// One process, which handles one invocation at a time.
pub(super) struct Sandbox {
    launch: Arc<Launch>,
    child: Child,
    pid: u32,
    api: Api,
    began: std::time::Instant,
    book: LifeBook,
    /// The last invocation ended with an answer or an error of the function, so the process can take the next one.
    answered: bool,
}

impl Sandbox {
    pub(super) async fn start(launch: &Arc<Launch>) -> Result<Self, InvokeError> {
        let failed = |source| InvokeError::Start { function: launch.function.clone(), source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let api = Api::serve(listener, launch.arn.clone(), launch.timeout);
        let (began, book) = (std::time::Instant::now(), launch.tally.begin(&launch.function));
        let child = launch.spawn(address).map_err(failed)?;
        // There is no id only once the process was waited for.
        let pid = child.id().unwrap_or_default();
        Ok(Self { launch: Arc::clone(launch), child, pid, api, began, book, answered: true })
    }

    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// Whether the process can take another invocation.
    pub(super) fn is_usable(&mut self) -> bool {
        self.answered && matches!(self.child.try_wait(), Ok(None))
    }

    /// Hands over one event and waits for the answer, the death of the process, or the timeout. Kills the process when
    /// somebody pulls the switch.
    pub(super) async fn run(
        &mut self,
        request_id: String,
        event: Bytes,
        switch: &Switch,
    ) -> Result<Bytes, InvokeError> {
        self.answered = false;
        let invocation = Invocation { request_id: request_id.clone(), event };
        // The channel has room for the one invocation there is, and its receiver lives in our own server.
        let _ = self.api.invocations.send(invocation).await;

        let mut taken = false;
        let mut taken_at = std::time::Instant::now();
        let mut deadline = Instant::now() + START_LIMIT;
        loop {
            tokio::select! {
                // An answer that is already there counts, even if the process died right after it.
                biased;
                signal = self.api.signals.recv() => match signal {
                    Some(Signal::Taken) => {
                        taken = true;
                        taken_at = std::time::Instant::now();
                        switch.taken();
                        deadline = Instant::now() + self.launch.timeout;
                    }
                    Some(Signal::Answered { request_id: about, answer }) if about == request_id => {
                        self.answered = true;
                        self.note(taken_at.elapsed());
                        return Ok(answer);
                    }
                    Some(Signal::Failed { request_id: about, kind, message }) if about == request_id => {
                        self.answered = true;
                        return Err(self.failed(kind, message));
                    }
                    Some(Signal::InitFailed { kind, message }) => return Err(self.failed(kind, message)),
                    // About an invocation that was given up.
                    Some(Signal::Answered { .. } | Signal::Failed { .. }) | None => {}
                },
                status = self.child.wait() => return Err(self.died(status)),
                () = switch.pulled() => return self.killed(switch).await,
                () = tokio::time::sleep_until(deadline) => {
                    // Killed with the sandbox as well, should this fail.
                    let _ = self.child.kill().await;
                    return Err(self.late(taken));
                }
            }
        }
    }

    fn note(&self, took: Duration) {
        let to_first_poll = self.api.first_asked.get().map(|asked| asked.duration_since(self.began));
        self.book.note(self.pid, to_first_poll, took);
    }

    async fn killed(&mut self, switch: &Switch) -> Result<Bytes, InvokeError> {
        let function = self.launch.function.clone();
        self.child.start_kill().map_err(|source| InvokeError::Start { function, source })?;
        let status = self.child.wait().await;
        switch.killed();
        Err(self.died(status))
    }

    fn died(&self, status: std::io::Result<ExitStatus>) -> InvokeError {
        let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        InvokeError::Died { function: self.launch.function.clone(), status }
    }

    fn failed(&self, kind: String, message: String) -> InvokeError {
        InvokeError::Failed { function: self.launch.function.clone(), kind, message }
    }

    fn late(&self, taken: bool) -> InvokeError {
        let function = self.launch.function.clone();
        if taken {
            InvokeError::TimedOut { function, timeout: self.launch.timeout }
        } else {
            InvokeError::NotReady { function, limit: START_LIMIT }
        }
    }
}
