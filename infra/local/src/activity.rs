//! Knows whether anything is going on, and wakes who waits for that to change.

use std::sync::Arc;

use tokio::sync::watch;

/// Counts running invocations, and every change that may make work appear or end.
#[derive(Clone, Debug)]
pub(crate) struct Activity {
    state: Arc<watch::Sender<State>>,
}

/// `changes` tells two moments apart that look the same: a message can move from one queue to the next between two looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) running: usize,
    pub(crate) changes: u64,
}

/// One invocation: it runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    activity: Activity,
}

impl Activity {
    pub(crate) fn new() -> Self {
        Self { state: Arc::new(watch::Sender::new(State::default())) }
    }

    /// Says that something happened that may make or end work.
    pub(crate) fn changed(&self) {
        self.state.send_modify(|state| state.changes += 1);
    }

    pub(crate) fn begin(&self) -> Running {
        self.state.send_modify(|state| {
            state.running += 1;
            state.changes += 1;
        });
        Running { activity: self.clone() }
    }

    pub(crate) fn watch(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.activity.state.send_modify(|state| {
            state.running -= 1;
            state.changes += 1;
        });
    }
}
