//! How an invocation is killed from outside, and how its killer learns whether that hit.

use tokio::sync::{Notify, watch};

/// One invocation's kill switch.
#[derive(Debug)]
pub(super) struct Switch {
    pulled: Notify,
    stage: watch::Sender<Stage>,
}

/// How far the invocation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The process hasn't fetched the event.
    Waiting,
    /// It has, and hasn't answered.
    AtWork,
    /// It answered, died by itself, or ran out of time.
    Over,
    /// It was killed at work.
    Killed,
}

impl Switch {
    pub(super) fn new() -> Self {
        Self { pulled: Notify::new(), stage: watch::Sender::new(Stage::Waiting) }
    }

    /// Asks for the process to be killed as soon as its keeper gets to it.
    pub(super) fn pull(&self) {
        self.pulled.notify_one();
    }

    /// Once somebody pulls it.
    pub(super) async fn pulled(&self) {
        self.pulled.notified().await;
    }

    /// The process has fetched the event.
    pub(super) fn taken(&self) {
        self.stage.send_replace(Stage::AtWork);
    }

    pub(super) fn is_at_work(&self) -> bool {
        *self.stage.borrow() == Stage::AtWork
    }

    /// The process is dead by the switch; that counts where it was at work.
    pub(super) fn killed(&self) {
        self.stage.send_if_modified(|stage| {
            let at_work = *stage == Stage::AtWork;
            *stage = if at_work { Stage::Killed } else { Stage::Over };
            true
        });
    }

    /// The invocation is over, however it ended.
    pub(super) fn over(&self) {
        self.stage.send_if_modified(|stage| {
            let ended = matches!(stage, Stage::Over | Stage::Killed);
            if !ended {
                *stage = Stage::Over;
            }
            !ended
        });
    }

    /// Waits for the end of the invocation. Whether it was killed at work.
    pub(super) async fn hit(&self) -> bool {
        let mut stage = self.stage.subscribe();
        // The sender is this switch itself, so there is always an end to wait for.
        let end = stage.wait_for(|stage| matches!(stage, Stage::Over | Stage::Killed)).await;
        end.is_ok_and(|stage| *stage == Stage::Killed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_a_death_at_work_is_a_hit() {
        let early = Switch::new();
        early.pull();
        early.pulled().await;
        early.killed();
        assert!(!early.hit().await, "it had not begun");

        let late = Switch::new();
        late.taken();
        late.over();
        late.pull();
        assert!(!late.hit().await, "it was done");

        let hit = Switch::new();
        hit.taken();
        assert!(hit.is_at_work());
        hit.killed();
        hit.over();
        assert!(hit.hit().await);
    }
}
