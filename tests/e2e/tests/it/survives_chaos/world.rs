//! The world around the functions: it breaks calls, goes down in parts, and hands messages out twice.

use std::{cell::Cell, pin::pin};

use stage::{Fronts, Mischief, Service};

use super::trial::{Suffered, Trial};
use crate::scene::Scene;

/// An outage begins within this many calls of a heartbeat, and ends this many calls to the other services later, or when
/// nobody has anything left to try.
const OUTAGE_WITHIN_CALLS: u64 = 60;

pub(super) struct World<'a> {
    trial: &'a Trial,
    fronts: Fronts,
    pub(super) mischief: Mischief,
    outages: Cell<usize>,
    redelivered: Cell<usize>,
}

impl<'a> World<'a> {
    pub(super) fn new(trial: &'a Trial, fronts: Fronts, mischief: Mischief) -> Self {
        Self { trial, fronts, mischief, outages: Cell::default(), redelivered: Cell::default() }
    }

    pub(super) fn suffered(&self) -> Suffered {
        Suffered { harm: self.mischief.harm(), outages: self.outages.get(), redelivered: self.redelivered.get() }
    }

    /// A heartbeat with whatever may go wrong in it.
    pub(super) async fn troubled_beat(&self, scene: &Scene) {
        tokio::select! {
            () = self.beat_with_outage(scene) => {}
            () = self.redeliver(scene) => {}
        }
    }

    async fn beat_with_outage(&self, scene: &Scene) {
        let mut beat = pin!(scene.beat());
        if self.trial.outages == 0 || self.mischief.below(self.trial.outages) > 0 {
            return beat.await;
        }
        let (begins, lasts) = (self.mischief.below(OUTAGE_WITHIN_CALLS), self.mischief.below(OUTAGE_WITHIN_CALLS));
        let chosen = self.mischief.below(Service::ALL.len().try_into().unwrap());
        let service = Service::ALL[usize::try_from(chosen).unwrap()];
        tokio::select! {
            // It was over before.
            () = &mut beat => return,
            () = self.mischief.after_calls(begins) => {}
        }
        service.go_down(&scene.stage, &self.fronts).await;
        self.outages.set(self.outages.get() + 1);
        let over = tokio::select! {
            () = &mut beat => true,
            () = self.mischief.after_calls(lasts) => false,
        };
        service.come_back(&scene.stage, &self.fronts).await.unwrap();
        if !over {
            beat.await;
        }
    }

    /// Hands out again what is in hand, again and again.
    async fn redeliver(&self, scene: &Scene) {
        if self.trial.redelivery == 0 {
            return std::future::pending().await;
        }
        loop {
            self.mischief.after_calls(self.mischief.below(2 * self.trial.redelivery)).await;
            self.redelivered.set(self.redelivered.get() + scene.stage.cloud.redeliver().await);
        }
    }
}
