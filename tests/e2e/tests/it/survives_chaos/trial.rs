//! A town that lives through some months while things go wrong, and what is seen of it in the end.

#![expect(clippy::print_stdout, reason = "the seed and what it led to, for whoever repeats a trial")]

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use fortnox_sim::CompanyFile;
use stage::{Evidence, Fronts, Harm, Killer, Mischief, Odds, promises};

use super::{
    people,
    town::{self, Wish},
    world::World,
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
    /// How often calls go wrong.
    pub(super) odds: Odds,
    /// Once in so many calls a service goes down; never where it's 0.
    pub(super) outages: u64,
    /// Once in so many calls what is in hand is handed out again; never where it's 0.
    pub(super) redelivery: u64,
}

/// What went wrong in a trial.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Suffered {
    pub(super) harm: Harm,
    pub(super) outages: usize,
    pub(super) redelivered: usize,
}

/// One that goes on.
struct Running<'a> {
    trial: &'a Trial,
    scene: Scene,
    world: World<'a>,
    killer: Killer,
    town: Vec<Wish>,
}

impl Trial {
    /// Lives through all days while things go wrong, recovers when they don't any more, and is judged.
    pub(super) async fn run(&self) -> Suffered {
        let mut running = self.begin().await;
        running.world.mischief.set(self.odds);
        for day in town::days(self.months) {
            running.day(day).await;
        }
        Box::pin(running.end()).await
    }

    async fn begin(&self) -> Running<'_> {
        let seed = std::env::var(SEED).ok().map_or(self.seed, |seed| seed.parse().expect("the seed is a number"));
        println!("{}: {SEED}={seed}", self.name);
        let (mischief, killer) = Mischief::new(seed);
        let fronts = Fronts::open(&mischief).await.unwrap();
        let town = town::town(self.first_company, self.companies);
        let companies: Vec<CompanyFile> = town.iter().map(|wish| wish.company.clone()).collect();
        let scene = Scene::open_behind(self.name, companies, &fronts, |options| {
            // What was in a dead worker's hand is in another's at once.
            options.retry_after = Duration::ZERO;
            // Tables in a file, so that a restarted DynamoDB has what was written and nothing else.
            options.keep = self.outages > 0;
            if self.outages > 0 {
                // Fewer tries, so that an outage that nothing gets past is over sooner.
                options.parameters.insert("MaxReceiveCount".to_owned(), "3".to_owned());
            }
        })
        .await;
        town::tell(&scene, &town);
        Running { trial: self, scene, world: World::new(self, fronts, mischief), killer, town }
    }
}

impl Running<'_> {
    async fn day(&mut self, day: NaiveDate) {
        let began = Instant::now();
        self.scene.begin(day);
        for _ in 0..BEATS_A_DAY {
            self.beat(self.world.troubled_beat(&self.scene)).await;
        }
        self.assert_unbroken();
        println!("{}: {day} took {:?}, {:?} so far", self.trial.name, began.elapsed(), self.world.suffered());
    }

    /// A heartbeat and all that comes of it, with the killer about.
    async fn beat(&self, beat: impl Future<Output = ()>) {
        tokio::select! {
            () = beat => {}
            ended = self.killer.go_about(&self.scene.stage.cloud) => panic!("the killer gave up: {ended:?}"),
        }
    }

    /// What must hold in the middle of trouble, too.
    fn assert_unbroken(&self) {
        assert_eq!(promises::check_so_far(&self.scene.evidence()), []);
    }

    /// Nothing goes wrong any more: waits until all is well, lets people decide what only they can, and judges.
    async fn end(mut self) -> Suffered {
        self.world.mischief.rest();
        self.recover().await;
        people::decide(&self.scene).await;
        self.recover().await;
        self.catch_up().await;
        let (suffered, months) = (self.world.suffered(), self.trial.months);
        println!("{}: {suffered:?}", self.trial.name);
        let evidence: Evidence = self.scene.close_with_dead_letters();
        for late in self.town.iter().flat_map(|wish| wish.late(&evidence)) {
            println!("{}: {late}", self.trial.name);
        }
        for wish in &self.town {
            wish.assert_invoiced(&evidence, months);
            wish.assert_finished(&evidence, months);
        }
        people::assert_nobody_waits(&evidence);
        suffered
    }

    /// Days without trouble. A period behind one that came late follows it at once, unless that message was lost with its
    /// worker: then it's the next day's scan that finds it due.
    async fn catch_up(&mut self) {
        for day in town::days_to_catch_up(self.trial.months) {
            self.scene.begin(day);
            self.recover().await;
        }
    }

    /// Heartbeats until every promise holds.
    async fn recover(&self) {
        let began = Instant::now();
        for beat in 1..=BEATS_TO_RECOVER {
            self.beat(self.scene.beat()).await;
            self.assert_unbroken();
            if self.scene.broken().is_empty() {
                println!("{}: well after {beat} beats and {:?}", self.trial.name, began.elapsed());
                return;
            }
        }
        panic!("not well again: {:#?}", self.scene.broken());
    }
}
