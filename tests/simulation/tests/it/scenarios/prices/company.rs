//! A company with articles, price lists and agreements whose prices follow.

use chrono::TimeDelta;
use domain::{
    ids::{AgreementNumber, InvoiceNumber},
    prices::{NoteOutcome, PriceNote, Priced},
    settings::Scope,
};
use fortnox_sim::{Actor, Method};
use serde_json::{Value, json};
use workflow::ports::{Clock, Concern, Subject};

use crate::scenarios::world::{World, agreement_number, everything, with};

/// The time between two looks for changed prices, as the settings below say.
const TICK: TimeDelta = TimeDelta::minutes(5);

/// One with articles 1 (1000), 2 (80, from ten on 70) and 3 (50 in list B alone) that wants its prices to follow and its invoices left
/// unbooked.
pub(super) struct Company {
    pub(super) world: World,
}

impl Company {
    pub(super) fn new(sync: &str) -> Self {
        let profile = json!({"mode": "draft_only", "price_sync": sync, "price_sync_minutes": 5, "automatic": false});
        let company = Self { world: World::with_profile(with(everything(), profile)) };
        for (number, name) in [("2", "Support"), ("3", "Licens")] {
            let article = json!({"ArticleNumber": number, "Description": name, "VAT": 25, "SalesAccount": 3041});
            company.post("articles", "Article", article);
        }
        for (list, article, from, price) in
            [("A", "1", 0, 1000), ("A", "2", 0, 80), ("A", "2", 10, 70), ("B", "3", 0, 50)]
        {
            let price = json!({"PriceList": list, "ArticleNumber": article, "FromQuantity": from, "Price": price});
            company.post("prices", "Price", price);
        }
        company
    }

    #[expect(clippy::needless_pass_by_value, reason = "each is written where it's passed")]
    fn post(&self, path: &str, name: &str, fields: Value) {
        let answer = self.world.person().press(Method::Post, &format!("/3/{path}"), Some(&json!({name: fields})));
        assert!(answer.status < 300, "{path}: {}", String::from_utf8_lossy(&answer.body));
    }

    #[expect(clippy::needless_pass_by_value, reason = "each is written where it's passed")]
    pub(super) fn put(&self, path: &str, name: &str, fields: Value) {
        let answer = self.world.person().press(Method::Put, &format!("/3/{path}"), Some(&json!({name: fields})));
        assert!(answer.status < 300, "{path}: {}", String::from_utf8_lossy(&answer.body));
    }

    /// Enters an agreement of customer 10 with rows of (article, quantity, price), due on 1 February.
    pub(super) fn enter(&self, number: u32, rows: &[(&str, i64, i64)]) {
        self.enter_with(number, rows, json!({}));
    }

    pub(super) fn enter_with(&self, number: u32, rows: &[(&str, i64, i64)], other: Value) {
        let row = |(article, quantity, price): &(&str, i64, i64)| {
            json!({
                "ArticleNumber": article, "DeliveredQuantity": quantity.to_string(), "Price": price,
                "Description": format!("Rad {article}"), "Discount": 5, "DiscountType": "PERCENT", "Unit": "st",
            })
        };
        let contract = json!({
            "DocumentNumber": number.to_string(), "CustomerNumber": "10", "Continuous": true, "InvoiceInterval": 1,
            "PeriodStart": "2026-02-01", "PeriodEnd": "2026-02-28", "Comments": "Ring först", "YourOrderNumber": "B-77",
            "InvoiceRows": rows.iter().map(row).collect::<Vec<_>>(),
        });
        self.post("contracts", "Contract", with(contract, other));
    }

    /// Enters an article with a price in list A.
    pub(super) fn enter_article(&self, number: u32, price: i64) {
        let number = number.to_string();
        let article = json!({"ArticleNumber": number, "Description": "Artikel", "VAT": 25, "SalesAccount": 3041});
        self.post("articles", "Article", article);
        let price = json!({"PriceList": "A", "ArticleNumber": number, "FromQuantity": 0, "Price": price});
        self.post("prices", "Price", price);
    }

    /// Works off what is in the queue; `meanwhile` is done when so much time has passed in it.
    pub(super) fn step_and_meanwhile(&self, after: TimeDelta, meanwhile: impl FnOnce()) {
        use std::{
            future::Future,
            pin::pin,
            task::{Context, Poll, Waker},
        };
        let memory = &self.world.memory;
        let received = memory.queues().receive().expect("a message");
        let workflow::Message::Prices(message) = &received.message else { panic!("{received:?}") };
        let mut worker = pin!(workflow::prices::work(memory, message, &AllTheTime));
        let mut context = Context::from_waker(Waker::noop());
        let at = self.world.now() + after;
        let mut meanwhile = Some(meanwhile);
        loop {
            if let Poll::Ready(done) = worker.as_mut().poll(&mut context) {
                done.unwrap();
                memory.queues().delete(&received);
                assert!(meanwhile.is_none(), "the worker was done before");
                return;
            }
            let next = memory.clock().next_wake().expect("it waits for something");
            if next > at
                && let Some(meanwhile) = meanwhile.take()
            {
                memory.clock().pass_until(at);
                meanwhile();
                continue;
            }
            memory.clock().pass_until(next);
        }
    }

    /// A person changes a list price.
    pub(super) fn set_price(&self, list: &str, article: &str, from: i64, price: i64) {
        self.put(&format!("prices/{list}/{article}/{from}"), "Price", json!({"Price": price}));
    }

    /// A person makes the agreement's invoice, which stays open.
    pub(super) fn invoice(&self, number: u32) -> InvoiceNumber {
        self.world.person().create(&agreement_number(number)).unwrap()
    }

    pub(super) fn set_agreement(&self, number: u32, settings: Value) {
        self.world.put(&self.world.tenant, Scope::Agreement(agreement_number(number)), settings);
    }

    pub(super) fn document(&self, path: &str, name: &str) -> Value {
        let answer = self.world.person().press(Method::Get, &format!("/3/{path}"), None);
        answer.json_body()[name].clone()
    }

    pub(super) fn agreement(&self, number: u32) -> Value {
        self.document(&format!("contracts/{number}"), "Contract")
    }

    pub(super) fn invoice_document(&self, number: &InvoiceNumber) -> Value {
        self.document(&format!("invoices/{number}"), "Invoice")
    }

    pub(super) fn prices(&self, number: u32) -> Vec<f64> {
        prices(&self.agreement(number))
    }

    /// Has the comparison begun, as a scan would, and lets it come to rest.
    pub(super) fn first_look(&self) {
        self.world.scan_now();
        self.pass(TimeDelta::hours(1));
    }

    /// One look for changed prices.
    pub(super) fn tick(&self) {
        self.pass(TICK);
    }

    pub(super) fn night(&self) {
        self.pass(TimeDelta::days(1));
    }

    /// Lets time pass, with the heartbeat of the prices alone.
    pub(super) fn pass(&self, time: TimeDelta) {
        let memory = &self.world.memory;
        let end = self.world.now() + time;
        loop {
            self.world.tick_prices();
            self.world.drain();
            if memory.clock().now() >= end {
                return;
            }
            let events = [memory.prices().next_wake(), memory.queues().next_visible()];
            let next = events.into_iter().flatten().min().unwrap_or(end).max(self.world.now() + TimeDelta::minutes(1));
            memory.clock().pass_until(next.min(end));
        }
    }

    pub(super) fn notes(&self) -> Vec<PriceNote> {
        self.world.memory.prices().all_notes(&self.world.tenant)
    }

    /// What was noted, in short: agreement, on what, what came of it, and each row with its reason.
    pub(super) fn told(&self) -> Vec<String> {
        let text = |note: PriceNote| {
            let on = match note.on {
                Priced::Agreement => String::new(),
                Priced::Invoice(number) => format!("/{number}"),
            };
            let outcome = match note.outcome {
                NoteOutcome::LeftAlone => "left alone",
                NoteOutcome::Foreseen => "foreseen",
                NoteOutcome::Changed => "changed",
                NoteOutcome::FoundChanged => "found changed",
                NoteOutcome::FoundUnchanged => "found unchanged",
                NoteOutcome::Refused { .. } => "refused",
                NoteOutcome::EditedMeanwhile => "edited meanwhile",
            };
            let rows: Vec<String> = note.rows.iter().map(|row| format!("{}: {}", row.place, row.why)).collect();
            format!("{}{on} {outcome}: {}", note.agreement, rows.join("; "))
        };
        self.notes().into_iter().map(text).collect()
    }

    pub(super) fn concern(&self, number: u32) -> Option<Concern> {
        let number: AgreementNumber = agreement_number(number);
        self.world.concern(&self.world.tenant, &Subject::Prices(Some(number)))
    }

    /// The pipeline's calls to Fortnox since the `before`-th request, as `METHOD path`.
    pub(super) fn calls_since(&self, before: usize) -> Vec<String> {
        let requests = self.world.memory.fortnox().requests();
        let ours = requests.into_iter().skip(before).filter(|entry| entry.actor == Actor::App);
        ours.map(|entry| format!("{:?} {}", entry.method, entry.path).to_uppercase()).collect()
    }

    pub(super) fn requests(&self) -> usize {
        self.world.memory.fortnox().requests().len()
    }
}

struct AllTheTime;

impl workflow::TimeLeft for AllTheTime {
    fn time_left(&self) -> std::time::Duration {
        std::time::Duration::from_mins(5)
    }
}

pub(super) fn prices(document: &Value) -> Vec<f64> {
    let rows = document["InvoiceRows"].as_array().unwrap();
    rows.iter().map(|row| row["Price"].as_f64().unwrap()).collect()
}

/// A document without prices, sums and the numbers of rows, which change with them.
pub(super) fn without_prices(mut document: Value) -> Value {
    const SUMS: [&str; 9] = [
        "Net",
        "Gross",
        "Total",
        "TotalToPay",
        "TotalVAT",
        "RoundOff",
        "Balance",
        "ContributionPercent",
        "ContributionValue",
    ];
    let fields = document.as_object_mut().unwrap();
    fields.retain(|name, _| !SUMS.contains(&name.as_str()));
    for row in fields["InvoiceRows"].as_array_mut().unwrap() {
        let row = row.as_object_mut().unwrap();
        row.retain(|name, _| {
            !["Price", "PriceExcludingVAT", "Total", "TotalExcludingVAT", "RowId"].contains(&name.as_str())
        });
    }
    document
}
