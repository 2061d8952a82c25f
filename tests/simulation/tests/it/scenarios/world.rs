//! A company in memory, and the functions as the platform runs them: a heartbeat, queues polled until empty.

use std::time::Duration;

use accounting::AccountingSystem as _;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    agreement::{Agreement, AgreementStatus},
    due::Reading,
    hold::HoldReason,
    ids::{AgreementNumber, CustomerNumber, InvoiceNumber, TenantId},
    job::{Event, EventKind, Job, JobKey, JobState},
    money::{Currency, Money},
    period::{Interval, Period},
    settings::Scope,
};
use serde_json::{Value, json};
use simulation::{
    Memory, VirtualClock, company,
    fortnox::{By, Effect, Person},
};
use workflow::{
    BookingMessage, Message, Notebook, Outcome, ScanMessage, book, dead_letters, digest, feedback, mail,
    ports::{Clock, Concern, Journal, Ports as _, Subject},
    prices, scan, sweep,
};

/// A day on which a monthly agreement is due, after its scan hour.
pub(crate) const FIRST: &str = "2026-02-01T05:30:00Z";

/// The least time between two looks at a world where nothing is due.
const BEAT: TimeDelta = TimeDelta::minutes(5);

pub(crate) struct World {
    pub(crate) memory: Memory,
    notebook: Notebook,
    pub(crate) tenant: TenantId,
    /// What a scan thinks it has left of its invocation.
    pub(crate) time_left: Duration,
}

pub(crate) struct Left(pub(crate) Duration);

impl workflow::TimeLeft for Left {
    fn time_left(&self) -> Duration {
        self.0
    }
}

pub(crate) fn agreement_number(number: u32) -> AgreementNumber {
    number.to_string().parse().unwrap()
}

pub(crate) fn period(start: &str, end: &str) -> Period {
    Period::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

pub(crate) fn sek(amount: i64) -> Money {
    Money::new(amount.into(), Currency::SEK)
}

/// A monthly agreement of customer 10 that runs on, next (or first) due on 1 February 2026.
pub(crate) fn monthly(number: u32) -> Agreement {
    Agreement {
        number: agreement_number(number),
        customer: "10".parse().unwrap(),
        status: AgreementStatus::Active,
        interval: Interval::MONTHLY,
        length_months: None,
        continuous: true,
        remaining: None,
        last_invoice_date: None,
        period: period("2026-02-01", "2026-02-28"),
        total: sek(1000),
    }
}

/// The same under the whole-term reading: a year that began in February.
pub(crate) fn whole_year(number: u32) -> Agreement {
    Agreement { length_months: Some(12), period: period("2026-02-01", "2027-01-31"), ..monthly(number) }
}

/// Settings that do everything.
pub(crate) fn everything() -> Value {
    json!({
        "mode": "full", "auto_book": true, "channel": "ses_email", "sender_name": "Exempelbolaget",
        "reply_to": "ekonomi@exempelbolaget.example",
    })
}

/// `base` with some fields set otherwise.
pub(crate) fn with(mut base: Value, other: Value) -> Value {
    let (Value::Object(base_fields), Value::Object(other)) = (&mut base, other) else { panic!("objects") };
    base_fields.extend(other);
    base
}

impl World {
    /// One company with everything switched on, scheduled to be scanned now.
    pub(crate) fn new() -> Self {
        Self::with_profile(everything())
    }

    pub(crate) fn with_profile(profile: Value) -> Self {
        let memory = Memory::new(VirtualClock::new(FIRST.parse().unwrap()));
        let tenant: TenantId = "fortnox-1".parse().unwrap();
        let world = Self { memory, notebook: Notebook::default(), tenant, time_left: Duration::from_mins(5) };
        world.add_company(&world.tenant, profile);
        world
    }

    /// The usual world: one monthly agreement, number 7.
    pub(crate) fn due() -> Self {
        let world = Self::new();
        world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
        world
    }

    pub(crate) fn add_company(&self, tenant: &TenantId, profile: Value) {
        self.memory.fortnox().open(company(tenant)).unwrap();
        self.put(tenant, Scope::Profile, profile);
        self.scan_at(tenant, self.now());
        let customer: CustomerNumber = "10".parse().unwrap();
        self.memory.fortnox().person(tenant).enter_customer(&customer, "Kunden AB", Some("kund@kunden.example"));
    }

    pub(crate) fn put(&self, tenant: &TenantId, scope: Scope, item: Value) {
        let Value::Object(item) = item else { panic!("an object") };
        self.memory.settings().put(tenant, scope, item);
    }

    pub(crate) fn set_profile(&self, profile: Value) {
        self.put(&self.tenant, Scope::Profile, profile);
    }

    pub(crate) fn scan_at(&self, tenant: &TenantId, at: DateTime<Utc>) {
        use workflow::ports::Settings;
        self.memory.run(self.memory.settings().schedule_next(tenant, at)).unwrap().unwrap();
    }

    pub(crate) fn person(&self) -> Person<'_> {
        self.memory.fortnox().person(&self.tenant)
    }

    /// A recurrence in Fortnox's own recurring billing, with the customer's number as its id.
    pub(crate) fn add_recurring(&self, customer: &str, handling: &str) {
        let recurring = json!({"id": customer, "status": "ACTIVE", "invoice_handling": handling,
            "customer": {"number": customer}});
        let recurring = recurring.as_object().cloned().unwrap();
        self.memory.fortnox().with_world(|world| world.add_recurring(self.tenant.number(), recurring));
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.memory.clock().now()
    }

    /// One heartbeat, without anybody taking messages.
    pub(crate) fn tick(&self) {
        let _ = self.memory.run(scan::tick(&self.memory));
    }

    /// One heartbeat of the comparisons of prices.
    pub(crate) fn tick_prices(&self) {
        let _ = self.memory.run(prices::tick(&self.memory));
    }

    /// Takes one message and works it off. `false` when none can be seen.
    pub(crate) fn step(&self) -> bool {
        self.memory.hear_of_mails();
        let Some(received) = self.memory.queues().receive() else { return self.step_unreadable() };
        let (ports, mailer) = (&self.memory, self.memory.mailer());
        let outcome = match &received.message {
            Message::Scan(message) => ports.run(scan::work(ports, message, &Left(self.time_left))),
            Message::Sweep(message) => ports.run(sweep::work(ports, message, &Left(self.time_left))),
            Message::Prices(message) => ports.run(prices::work(ports, message, &Left(self.time_left))),
            Message::Feedback(message) => ports.run(feedback::work(ports, message)),
            Message::Digest(message) => ports.run(digest::work(ports, mailer, message)),
            Message::Booking(message) => ports.run(book::work(ports, &self.notebook, message)),
            Message::Delivery(message) => ports.run(mail::work(ports, mailer, &self.notebook, message)),
        };
        match outcome {
            Some(Ok(Outcome::Settled)) => ports.queues().delete(&received),
            Some(Ok(Outcome::Again(after))) => ports.queues().come_again(&received, after),
            Some(Err(error)) => self.failed(&received.record, &error.in_full()),
            // Dead: the queue hands it out again.
            None => {}
        }
        true
    }

    fn step_unreadable(&self) -> bool {
        let queues = self.memory.queues();
        let Some(record) = queues.receive_unreadable() else { return false };
        let error = record.queue.read(&record.body).unwrap_err();
        self.failed(&record, &error.to_string());
        true
    }

    /// A try that failed: the queue hands the message out again, unless it was the last.
    fn failed(&self, record: &dead_letters::Record, error: &str) {
        let queues = self.memory.queues();
        if self.memory.run(dead_letters::failed(queues, record, error)) == Some(true) {
            queues.remove(record);
        }
    }

    /// Works off what can be seen now.
    pub(crate) fn drain(&self) {
        for _ in 0..10_000 {
            if !self.step() {
                return;
            }
        }
        panic!("the queues never get empty");
    }

    /// A heartbeat and all that follows from it at once.
    pub(crate) fn beat(&self) {
        self.tick();
        self.drain();
    }

    /// Lets time pass, with heartbeats and workers.
    pub(crate) fn pass(&self, time: TimeDelta) {
        let end = self.now() + time;
        self.beat();
        while self.now() < end {
            let memory = &self.memory;
            let events =
                [memory.journal().next_wake(), memory.queues().next_visible(), memory.settings().earliest_scan()];
            let next = events.into_iter().flatten().min().unwrap_or(end).max(self.now() + BEAT);
            // What the mail service tells comes when it comes.
            let next = memory.mailer().tells_next().map_or(next, |told| next.min(told.max(self.now())));
            memory.clock().pass_until(next.min(end));
            self.beat();
        }
    }

    pub(crate) fn scan_now(&self) {
        self.scan_at(&self.tenant, self.now());
        self.beat();
    }

    /// Sends the tenant through a scan without working off what follows from it.
    pub(crate) fn scan_only(&self) {
        self.memory.run(self.scan()).unwrap();
    }

    /// A scan in progress.
    pub(crate) async fn scan(&self) {
        let message = ScanMessage::Tenant { tenant: self.tenant.clone(), page: 1, counted: 0, total: None };
        scan::work(&self.memory, &message, &Left(self.time_left)).await.unwrap();
    }

    pub(crate) fn key(&self, number: u32, start: &str) -> JobKey {
        JobKey::new(self.tenant.clone(), agreement_number(number), start.parse().unwrap())
    }

    /// The job of agreement 7 for February.
    pub(crate) fn february(&self) -> JobKey {
        self.key(7, "2026-02-01")
    }

    pub(crate) fn job(&self, key: &JobKey) -> Job {
        self.memory.journal().job(key).unwrap_or_else(|| panic!("no job {key}"))
    }

    pub(crate) fn state(&self, key: &JobKey) -> JobState {
        self.job(key).state
    }

    pub(crate) fn held_for(&self, key: &JobKey) -> HoldReason {
        match self.state(key) {
            JobState::Held { reason, .. } => reason,
            other => panic!("{key} is {other:?}; its story: {:#?}", self.story(key)),
        }
    }

    pub(crate) fn story(&self, key: &JobKey) -> Vec<EventKind> {
        self.memory.journal().story(key).into_iter().map(|Event { kind, .. }| kind).collect()
    }

    pub(crate) fn approve(&self, key: &JobKey) {
        self.memory.run(workflow::approve(&self.memory, key, "anna")).unwrap().unwrap();
    }

    pub(crate) fn skip(&self, key: &JobKey) {
        self.memory.run(workflow::skip(&self.memory, key, "anna")).unwrap().unwrap();
    }

    pub(crate) fn book_message(&self, key: &JobKey) -> Option<Result<Outcome, workflow::ports::PortError>> {
        self.memory.run(book::work(&self.memory, &self.notebook, &BookingMessage::Job { job: key.clone() }))
    }

    /// Invoices that the pipeline made.
    pub(crate) fn created(&self) -> Vec<InvoiceNumber> {
        self.created_by(By::App)
    }

    pub(crate) fn created_by(&self, by: By) -> Vec<InvoiceNumber> {
        self.entries(by, |effect| matches!(effect, Effect::Created { .. }))
    }

    pub(crate) fn booked(&self) -> Vec<InvoiceNumber> {
        self.entries(By::App, |effect| *effect == Effect::Booked)
    }

    pub(crate) fn marked_sent(&self) -> Vec<InvoiceNumber> {
        self.entries(By::App, |effect| *effect == Effect::MarkedSent)
    }

    fn entries(&self, by: By, wanted: impl Fn(&Effect) -> bool) -> Vec<InvoiceNumber> {
        let ledger = self.memory.fortnox().ledger(&self.tenant);
        ledger.into_iter().filter(|entry| entry.by == by && wanted(&entry.effect)).map(|entry| entry.invoice).collect()
    }

    /// The periods that anybody invoiced, in that order.
    pub(crate) fn periods(&self) -> Vec<String> {
        let ledger = self.memory.fortnox().ledger(&self.tenant);
        let period = |effect: &Effect| match effect {
            Effect::Created { agreement, period } => Some(format!("{agreement} {period}")),
            _ => None,
        };
        ledger.iter().filter_map(|entry| period(&entry.effect)).collect()
    }

    pub(crate) fn mails(&self) -> usize {
        self.memory.mailer().sent().len()
    }

    /// What was done by the pipeline, as counts: created, booked, mailed, marked as sent.
    pub(crate) fn done(&self) -> [usize; 4] {
        [self.created().len(), self.booked().len(), self.mails(), self.marked_sent().len()]
    }

    pub(crate) fn concern(&self, tenant: &TenantId, subject: &Subject) -> Option<Concern> {
        self.memory.run(self.memory.journal().concerns(tenant)).unwrap().unwrap().remove(subject)
    }

    pub(crate) fn is_marked_sent(&self, invoice: &InvoiceNumber) -> bool {
        self.memory.run(self.memory.accounting().invoice(&self.tenant, invoice)).unwrap().unwrap().sent
    }
}
