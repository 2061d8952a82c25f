//! A town that lives through some months while things go wrong, and what is seen of it in the end.

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use fortnox_sim::CompanyFile;
use local::Options;
use stage::{Evidence, Fronts, Harm, Killer, Mischief, Odds, promises};

use super::{
    people,
    town::{self, Wish},
};
use crate::scene::Scene;

/// Heartbeats of a day with trouble: what is killed in the first goes on in the next ones.
const BEATS_A_DAY: usize = 6;
/// Heartbeats without trouble within which all must be well again. The longest that a job waits after looks in vain is
/// most of them.
const BEATS_TO_RECOVER: usize = 60;
/// Replaces the seed of every trial: for repeating one that failed, and for finding new ones.
const SEED: &str = "FAKTURAPILOT_CHAOS_SEED";

/// How a trial is to be.
pub(super) struct Trial {
    pub(super) name: &'static str,
    /// Number of the first company.
    pub(super) first_company: u64,
    pub(super) companies: usize,
    pub(super) months: u32,
    pub(super) seed: u64,
    pub(super) odds: Odds,
}

/// One that has begun.
pub(super) struct Running {
    pub(super) scene: Scene,
    pub(super) fronts: Fronts,
    pub(super) mischief: Mischief,
    killer: Killer,
    town: Vec<Wish>,
    months: u32,
}

impl Trial {
    /// Sets the stage.
    pub(super) async fn begin(&self, tune: impl FnOnce(&mut Options)) -> Running {
        let seed = std::env::var(SEED).ok().map_or(self.seed, |seed| seed.parse().expect("the seed is a number"));
        println!("{}: {SEED}={seed}", self.name);
        let (mischief, killer) = Mischief::new(seed);
        let fronts = Fronts::open(&mischief).await.unwrap();
        let town = town::town(self.first_company, self.companies);
        let companies: Vec<CompanyFile> = town.iter().map(|wish| wish.company.clone()).collect();
        let scene = Scene::open_behind(self.name, companies, &fronts, |options| {
            // What was in a dead worker's hand is in another's at once.
            options.retry_after = Duration::ZERO;
            tune(options);
        })
        .await;
        town::tell(&scene, &town);
        Running { scene, fronts, mischief, killer, town, months: self.months }
    }

    /// Lives through all days with the odds of going wrong, recovers without them, and is judged.
    pub(super) async fn run(&self) -> Harm {
        let mut running = self.begin(|_| ()).await;
        running.mischief.set(self.odds);
        for day in town::days(self.months) {
            running.day(day, async |_| ()).await;
        }
        running.end().await
    }
}

impl Running {
    /// A day of heartbeats, with `between` done beside each of them.
    pub(super) async fn day(&mut self, day: NaiveDate, between: impl AsyncFn(&Self)) {
        self.scene.begin(day);
        let began = Instant::now();
        for _ in 0..BEATS_A_DAY {
            self.beat(&between).await;
        }
        self.assert_unbroken();
        println!("{day} took {:?}, {:?} so far", began.elapsed(), self.mischief.harm());
    }

    /// What must hold in the middle of trouble, too.
    fn assert_unbroken(&self) {
        assert_eq!(promises::check_so_far(&self.scene.evidence()), []);
    }

    async fn beat(&self, between: &impl AsyncFn(&Self)) {
        tokio::select! {
            _ = async { tokio::join!(self.scene.beat(), between(self)) } => {}
            ended = self.killer.go_about(&self.scene.stage.cloud) => panic!("the killer gave up: {ended:?}"),
        }
    }

    /// Nothing goes wrong any more: waits until all is well, lets people decide what only they can, and judges.
    pub(super) async fn end(self) -> Harm {
        self.mischief.rest();
        self.recover().await;
        people::decide(&self.scene).await;
        self.recover().await;
        let (harm, months) = (self.mischief.harm(), self.months);
        println!("{harm:?} to {} jobs", self.scene.evidence().jobs.len());
        let evidence: Evidence = self.scene.close_with_dead_letters();
        for wish in &self.town {
            wish.assert_invoiced(&evidence, months);
            wish.assert_finished(&evidence, months);
        }
        people::assert_nobody_waits(&evidence);
        harm
    }

    /// Heartbeats until every promise holds.
    async fn recover(&self) {
        for _ in 0..BEATS_TO_RECOVER {
            self.beat(&async |_| ()).await;
            self.assert_unbroken();
            if self.scene.broken().is_empty() {
                return;
            }
        }
        panic!("not well again: {:#?}", self.scene.broken());
    }
}
