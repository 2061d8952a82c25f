//! The world around the functions: it breaks calls, goes down in parts, and hands messages out twice.

use std::{cell::Cell, pin::pin};

use stage::{Fronts, Mischief, Service};

use super::trial::{Suffered, Trial};
use crate::scene::Scene;

/// An outage ends within this many calls to the other services, or when nobody has anything left to try.
const OUTAGE_LASTS_CALLS: u64 = 30;

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
            () = self.beat_with_outages(scene) => {}
            () = self.redeliver(scene) => {}
        }
    }

    /// A heartbeat in which one service after another goes down for a while.
    async fn beat_with_outages(&self, scene: &Scene) {
        let mut beat = pin!(scene.beat());
        loop {
            let (begins, service) = (self.until_outage(), self.any_service());
            tokio::select! {
                () = &mut beat => return,
                () = begins => {}
            }
            service.go_down(&scene.stage, &self.fronts).await.unwrap();
            self.outages.set(self.outages.get() + 1);
            let over = tokio::select! {
                () = &mut beat => true,
                () = self.mischief.after_calls(self.mischief.below(OUTAGE_LASTS_CALLS)) => false,
            };
            service.come_back(&scene.stage, &self.fronts).await.unwrap();
            if over {
                return;
            }
        }
    }

    async fn until_outage(&self) {
        if self.trial.outages == 0 {
            return std::future::pending().await;
        }
        self.mischief.after_calls(self.mischief.below(2 * self.trial.outages)).await;
    }

    fn any_service(&self) -> Service {
        let chosen = self.mischief.below(Service::ALL.len().try_into().unwrap());
        Service::ALL[usize::try_from(chosen).unwrap()]
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
