//! Hours in which one call of a dozen goes wrong in whatever way, while people change prices, texts and invoices: in calm weather
//! afterwards each row has its price, and nothing that a person wrote is lost.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::{
    ids::InvoiceNumber,
    prices::{NoteOutcome, Priced},
};
use fortnox_sim::{Actor, EffectKind};
use serde_json::{Value, json};
use simulation::{Fault, Storm, When};

use super::company::{Company, prices, without_prices};
use crate::scenarios::world::agreement_number;

/// Storms. Each takes some milliseconds.
const STORMS: u64 = 200;
const AGREEMENTS: u32 = 4;

fn faults() -> Vec<Fault> {
    let late = TimeDelta::seconds(50);
    let mut faults = vec![Fault::CrashLate(late), Fault::Late(late), Fault::NotTaken, Fault::Unauthorized];
    for when in [When::Before, When::After] {
        faults.extend([
            Fault::Crash(when),
            Fault::NoAnswer(when),
            Fault::TimeOut(when),
            Fault::Failed(when),
            Fault::Slow(when, TimeDelta::seconds(15)),
        ]);
    }
    faults.push(Fault::Slow(When::After, TimeDelta::seconds(110)));
    faults
}

/// Chance, by a seed (the constants of Knuth's MMIX).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// What people know: the list's prices, and each document as they left it.
struct People {
    company: Company,
    chance: Chance,
    /// Of article 1 from one on, of article 2 from one and from ten on.
    list: [i64; 3],
    texts: BTreeMap<String, Value>,
    /// Invoices that were booked, with their prices then.
    booked: BTreeMap<InvoiceNumber, Vec<f64>>,
    open: Vec<InvoiceNumber>,
}

impl People {
    fn new(seed: u64) -> Self {
        let company = Company::new("follow");
        for number in 1..=AGREEMENTS {
            // The third row is one that a person set: no list ever says so.
            company.enter(number, &[("1", 1, 1000), ("2", 12, 70), ("1", 2, 777), ("2", 1, 80)]);
        }
        company.first_look();
        let mut people = Self {
            company,
            chance: Chance(seed),
            list: [1000, 80, 70],
            texts: BTreeMap::new(),
            booked: BTreeMap::new(),
            open: Vec::new(),
        };
        for number in 1..=AGREEMENTS {
            people.note_agreement(number);
        }
        people
    }

    fn note_agreement(&mut self, number: u32) {
        self.texts.insert(format!("contracts/{number}"), without_prices(self.company.agreement(number)));
    }

    fn note_invoice(&mut self, number: &InvoiceNumber) {
        self.texts.insert(format!("invoices/{number}"), without_prices(self.company.invoice_document(number)));
    }

    /// Something that somebody does.
    fn act(&mut self) {
        let number = 1 + u32::try_from(self.chance.below(u64::from(AGREEMENTS))).unwrap();
        match self.chance.below(8) {
            0..=3 => {
                let which = usize::try_from(self.chance.below(3)).unwrap();
                let price = [1000, 80, 70][which] + i64::try_from(self.chance.below(4)).unwrap();
                self.list[which] = price;
                let (article, from) = [("1", 0), ("2", 0), ("2", 10)][which];
                self.company.set_price("A", article, from, price);
            }
            4 => {
                let rows = self.company.agreement(number)["InvoiceRows"].clone();
                let mut rows: Vec<Value> =
                    rows.as_array().unwrap().iter().map(|row| json!({"RowId": row["RowId"]})).collect();
                rows[2]["Description"] = json!(format!("Rad {}", self.chance.below(100)));
                self.company.put(&format!("contracts/{number}"), "Contract", json!({"InvoiceRows": rows}));
                self.note_agreement(number);
            }
            5 | 6 => {
                if let Some(made) = self.company.world.person().create(&agreement_number(number)) {
                    self.note_invoice(&made);
                    self.note_agreement(number);
                    self.open.push(made);
                }
            }
            _ => {
                if let Some(made) = self.open.pop() {
                    self.company.world.person().book(&made).unwrap();
                    let document = self.company.invoice_document(&made);
                    self.note_invoice(&made);
                    self.booked.insert(made, prices(&document));
                }
            }
        }
    }

    fn storm(&mut self, seed: u64) {
        let from = self.company.world.now();
        let storm = Storm { from, to: from + TimeDelta::hours(5), one_in: 12, faults: faults(), seed };
        let memory = &self.company.world.memory;
        memory.faults().take_time(seed);
        memory.faults().storm(storm);
        for _ in 0..12 {
            let minutes = 1 + i64::try_from(self.chance.below(40)).unwrap();
            self.company.pass(TimeDelta::minutes(minutes));
            self.act();
        }
        self.company.world.memory.faults().clear();
        self.company.pass(TimeDelta::days(2));
    }

    fn judge(&self, seed: u64) {
        let [one, two, ten] = self.list.map(|price| f64::from(i32::try_from(price).unwrap()));
        let wanted = [one, ten, 777.0, two];
        let told = || format!("storm {seed}: {:#?}", self.company.told());
        for number in 1..=AGREEMENTS {
            assert_eq!(self.company.prices(number), wanted, "agreement {number} in {}", told());
        }
        for invoice in &self.open {
            assert_eq!(prices(&self.company.invoice_document(invoice)), wanted, "invoice {invoice} in {}", told());
        }
        for (invoice, prices_then) in &self.booked {
            assert_eq!(prices(&self.company.invoice_document(invoice)), *prices_then, "booked {invoice} in {}", told());
        }
        for (path, text) in &self.texts {
            let name = if path.starts_with("contracts") { "Contract" } else { "Invoice" };
            let now = without_prices(self.company.document(path, name));
            assert_eq!(now, *text, "{path} in {}", told());
        }
        assert_eq!(self.changes_told(), self.changes(), "{}", told());
    }

    /// How often each document's prices were changed by us, as Fortnox saw it.
    fn changes(&self) -> BTreeMap<String, usize> {
        let mut changes = BTreeMap::new();
        for entry in self.company.world.memory.fortnox().requests() {
            if entry.actor != Actor::App || entry.path.ends_with("createinvoice") {
                continue;
            }
            for effect in entry.effects {
                let document = match effect.kind {
                    EffectKind::ContractChanged => effect.contract.map(|number| format!("contracts/{number}")),
                    EffectKind::InvoiceChanged => effect.invoice.map(|number| format!("invoices/{number}")),
                    _ => None,
                };
                if let Some(document) = document {
                    *changes.entry(document).or_default() += 1;
                }
            }
        }
        changes
    }

    /// How often the journal says so.
    fn changes_told(&self) -> BTreeMap<String, usize> {
        let mut changes = BTreeMap::new();
        for note in self.company.notes() {
            if matches!(note.outcome, NoteOutcome::Changed | NoteOutcome::FoundChanged | NoteOutcome::EditedMeanwhile) {
                let document = match note.on {
                    Priced::Agreement => format!("contracts/{}", note.agreement),
                    Priced::Invoice(number) => format!("invoices/{number}"),
                };
                *changes.entry(document).or_default() += 1;
            }
        }
        changes
    }
}

#[test]
fn after_every_storm_each_row_has_its_price_and_no_text_is_lost() {
    let mut changed = 0;
    for seed in 0..STORMS {
        let mut people = People::new(seed);
        people.storm(seed);
        people.judge(seed);
        changed += people.changes().values().sum::<usize>();
    }
    assert!(changed > 1000, "the storms had little to do: {changed} changes");
}
