//! e-conomic as the subject: the real adapter and its pacing, over the simulator in this process.

mod company;
mod deeds;
mod faults;
mod grants;
mod ledger;
mod only;

use std::{sync::Arc, time::Duration};

use accounting::{Capabilities, EconomicSystem};
use chrono::TimeDelta;
use contract::{Call, Deed, DraftSubject, Drafts, Fault, Ledger, Sample, Scene, Subject};
use domain::ids::{DraftNumber, InvoiceNumber, SystemKind, TenantId};
use economic::{HttpClient, LocalPacer, PAGE_SIZE, Settings, Timeouts};
use economic_sim::{CompanyFile, FaultKind, LedgerEntry, Simulator, SimulatorOptions, Switches};

use self::grants::{KeptGrant, Shared};

/// How long the adapter waits for an answer here: long for a simulator on the same machine, short where it never comes.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long a call may wait for its turn.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

type System = EconomicSystem<Shared, Arc<LocalPacer>>;

/// e-conomic with one company.
pub(crate) struct EconomicSubject {
    simulator: Simulator,
    system: System,
    grants: Arc<KeptGrant>,
    number: u64,
    sample: Sample,
    drafts: Drafts,
}

impl EconomicSubject {
    /// Starts e-conomic with this company, whose first two drafts are booked by hand.
    pub(crate) async fn start(file: CompanyFile, longest_wait: Duration) -> Self {
        let number = file.agreement_number;
        let grants = Arc::new(KeptGrant::new(&file.access));
        let options = SimulatorOptions {
            companies: vec![file],
            start_at: Some(company::OPENS_AT.parse().unwrap()),
            ..SimulatorOptions::default()
        };
        let simulator = Simulator::start(options).await.unwrap();
        let http = HttpClient::new(Timeouts { answer: PATIENCE, ..Timeouts::default() });
        let settings =
            Settings { rest_url: simulator.base_url(), open_api_url: simulator.base_url(), ..Settings::default() };
        let pacer = Arc::new(LocalPacer::new(longest_wait));
        let system = EconomicSystem::new(http, settings, pacer, Shared(Arc::clone(&grants)));
        let subject = Self { simulator, system, grants, number, sample: company::sample(), drafts: company::drafts() };
        for draft in company::BOOKED {
            subject.by_hand(Deed::BookDraft(draft.try_into().unwrap()));
        }
        subject
    }

    /// Turns switches of the simulator.
    pub(crate) fn switch(&self, turn: impl FnOnce(&mut Switches)) {
        self.simulator.with_world(|world| turn(world.switches_mut(self.number).unwrap()));
    }

    /// Makes the next call to this path go wrong.
    pub(crate) fn fault(&self, path: &str, kind: FaultKind) {
        self.simulator.with_world(|world| world.inject(economic_sim::Fault::next_on(path, kind)));
    }

    /// Answers the next call to this path with this instead of the truth. Nothing is done.
    pub(crate) fn answer_next(&self, path: &str, status: u16, body: &serde_json::Value) {
        self.fault(path, FaultKind::StatusBeforeEffect(faults::json(status, body)));
    }

    /// What the simulator wrote down.
    pub(crate) fn requests(&self) -> Vec<LedgerEntry> {
        self.simulator.ledger()
    }
}

impl Subject for EconomicSubject {
    type System = System;

    const CAPABILITIES: Capabilities = Capabilities::ECONOMIC;

    const PDF_MAY_COME_LATER: bool = true;

    async fn open(scene: Scene) -> Self {
        Self::start(company::file(scene.more_drafts), LONGEST_WAIT).await
    }

    fn system(&self) -> &Self::System {
        &self.system
    }

    fn tenant(&self) -> TenantId {
        TenantId::new(SystemKind::Economic, self.number)
    }

    fn sample(&self) -> &Sample {
        &self.sample
    }

    fn fail_next(&self, call: Call, fault: Fault) {
        self.simulator.with_world(|world| world.inject(faults::on_next(call, fault)));
    }

    fn by_hand(&self, deed: Deed) -> Option<InvoiceNumber> {
        deeds::act(&self.simulator, self.number, &deed)
    }

    fn ledger(&self) -> Ledger {
        Ledger(self.requests().iter().map(ledger::entry).collect())
    }

    fn tokens_fetched(&self) -> usize {
        self.grants.fetched()
    }
}

impl DraftSubject for EconomicSubject {
    const A_PAGE: usize = PAGE_SIZE;

    fn drafts(&self) -> &Drafts {
        &self.drafts
    }

    fn later(&self, by: TimeDelta) {
        self.simulator.set_now(self.simulator.now() + by).unwrap();
    }

    fn book_more_by_hand(&self, count: u32) {
        let now = self.simulator.now();
        for number in company::FIRST_OF_MORE..company::FIRST_OF_MORE + count {
            let draft = company::full_draft(number);
            self.simulator.with_world(|world| world.add_draft(self.number, draft, now)).unwrap();
            self.by_hand(Deed::BookDraft(DraftNumber::try_from(number).unwrap()));
        }
    }
}
