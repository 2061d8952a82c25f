//! Fortnox as the subject: the real adapter and its pacing, over the simulator in this process.

mod company;
mod deeds;
mod faults;
mod ledger;
mod tokens;

use std::time::Duration;

use accounting::{Capabilities, FortnoxSystem};
use contract::{
    AgreementSubject, Agreements, AnswersWithInvoice, Call, CreationAnswer, Deed, EffectKind, Fault, Habits, Ledger,
    Sample, Scene, Subject,
};
use domain::ids::{InvoiceNumber, SystemKind, TenantId};
use fortnox::{Auth, Client, ClientSecret, HttpClient, LARGEST_PAGE, LocalPacer, Timeouts};
use fortnox_sim::{CompanyFile, Simulator, SimulatorOptions, Switches, World};

use self::tokens::CachedToken;

/// How long the adapter waits for an answer here: long for a simulator on the same machine, short where it never comes.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long a call may wait for its turn: more than the sixty calls of the crowd take.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Fortnox with one company.
pub(crate) struct FortnoxSubject {
    simulator: Simulator,
    system: FortnoxSystem<CachedToken, LocalPacer>,
    number: u64,
    sample: Sample,
    agreements: Agreements,
}

impl FortnoxSubject {
    /// Starts Fortnox with this company.
    pub(crate) async fn start(file: CompanyFile) -> Self {
        let (number, access) = (file.company.database_number, file.access.clone());
        let options = SimulatorOptions {
            companies: vec![file],
            start_at: Some(company::OPENS_AT.parse().unwrap()),
            ..SimulatorOptions::default()
        };
        let simulator = Simulator::start(options).await.unwrap();
        let http = HttpClient::new(Timeouts { answer: PATIENCE, ..Timeouts::default() });
        let secret = ClientSecret::new(access.client_secret);
        let auth = Auth::new(http.clone(), &simulator.base_url(), access.client_id, secret).unwrap();
        let client = Client::new(http, &simulator.base_url(), LocalPacer::new(LONGEST_WAIT)).unwrap();
        let system = FortnoxSystem::new(client, CachedToken::new(auth));
        Self { simulator, system, number, sample: company::sample(), agreements: company::agreements() }
    }

    /// Starts Fortnox with the sample company, whose consent covers this.
    pub(crate) async fn with_scopes(scopes: &[&str]) -> Self {
        let mut file = company::file(0);
        file.access.scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        Self::start(file).await
    }

    /// Changes the simulator's world.
    pub(crate) fn world(&self, change: impl FnOnce(&mut World, u64)) {
        self.simulator.with_world(|world| change(world, self.number));
    }

    /// Turns switches of the simulator.
    pub(crate) fn switch(&self, turn: impl FnOnce(&mut Switches)) {
        self.simulator.with_world(|world| turn(world.switches_mut(self.number).unwrap()));
    }

    /// Answers the next such call with this instead of the truth, after the call took effect.
    pub(crate) fn answer_next(&self, call: Call, status: u16, body: &serde_json::Value) {
        self.simulator.with_world(|world| world.inject(faults::answer(call, status, body)));
    }
}

impl Subject for FortnoxSubject {
    type System = FortnoxSystem<CachedToken, LocalPacer>;

    const CAPABILITIES: Capabilities = Capabilities::FORTNOX;

    const PDF_MAY_COME_LATER: bool = false;

    async fn open(scene: Scene) -> Self {
        let mut file = company::file(scene.more_agreements);
        file.switches.createinvoice_answer = match scene.creation_answer {
            CreationAnswer::Invoice => fortnox_sim::CreateInvoiceAnswer::Invoice,
            CreationAnswer::NoInvoice => fortnox_sim::CreateInvoiceAnswer::Contract,
        };
        Self::start(file).await
    }

    fn system(&self) -> &Self::System {
        &self.system
    }

    fn tenant(&self) -> TenantId {
        TenantId::new(SystemKind::Fortnox, self.number)
    }

    fn sample(&self) -> &Sample {
        &self.sample
    }

    fn fail_next(&self, call: Call, fault: Fault) {
        self.simulator.with_world(|world| world.inject(faults::on_next(call, fault)));
    }

    fn by_hand(&self, deed: Deed) -> Option<InvoiceNumber> {
        deeds::act(&self.simulator, self.number, deed)
    }

    fn ledger(&self) -> Ledger {
        Ledger(self.simulator.ledger().iter().map(ledger::entry).collect())
    }

    fn tokens_fetched(&self) -> usize {
        self.ledger().effects(EffectKind::TokenIssued).len()
    }
}

impl AgreementSubject for FortnoxSubject {
    const HABITS: Habits = Habits {
        idempotent_creation: false,
        answers_with_invoice: AnswersWithInvoice::Sometimes,
        feature: "Avtalsfakturering",
        a_page: LARGEST_PAGE as usize,
    };

    fn agreements(&self) -> &Agreements {
        &self.agreements
    }
}
