//! Workers on one thread: each a future that is polled when what it waits for has come, in a fixed order.

use std::{
    collections::{BTreeMap, VecDeque},
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Wake, Waker},
};

use crate::lock;

/// Futures of one kind, polled one after another.
pub(crate) struct Tasks<'a, T> {
    started: u64,
    running: BTreeMap<u64, Task<'a, T>>,
    woken: Arc<Woken>,
}

struct Task<'a, T> {
    future: Pin<Box<dyn Future<Output = T> + 'a>>,
    waker: Waker,
}

/// Whose turn it is, first come first served.
#[derive(Default)]
struct Woken(Mutex<VecDeque<u64>>);

struct Bell {
    task: u64,
    woken: Arc<Woken>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        let mut queue = lock(&self.woken.0);
        if !queue.contains(&self.task) {
            queue.push_back(self.task);
        }
    }
}

impl<'a, T> Tasks<'a, T> {
    pub(crate) fn new() -> Self {
        Self { started: 0, running: BTreeMap::new(), woken: Arc::default() }
    }

    /// Starts a task; it's polled when its turn comes.
    pub(crate) fn start(&mut self, future: impl Future<Output = T> + 'a) -> u64 {
        self.started += 1;
        let id = self.started;
        let waker = Waker::from(Arc::new(Bell { task: id, woken: Arc::clone(&self.woken) }));
        waker.wake_by_ref();
        self.running.insert(id, Task { future: Box::pin(future), waker });
        id
    }

    /// Polls the task whose turn it is. `None` when all of them wait.
    pub(crate) fn turn(&mut self) -> Option<(u64, Poll<T>)> {
        loop {
            let id = lock(&self.woken.0).pop_front()?;
            // A timer may ring for a task that is gone.
            let Some(task) = self.running.get_mut(&id) else { continue };
            let polled = task.future.as_mut().poll(&mut Context::from_waker(&task.waker));
            if polled.is_ready() {
                self.running.remove(&id);
            }
            return Some((id, polled));
        }
    }

    /// Ends a task where it stands, as SIGKILL would.
    pub(crate) fn kill(&mut self, id: u64) {
        self.running.remove(&id);
    }
}
