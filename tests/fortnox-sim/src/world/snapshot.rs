//! A world written down and read again, by the same version of the simulator: the form is promised to no other.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::World;
use super::catalogue::{ARTICLES, CUSTOMERS, PRICE_LISTS, TERMS_OF_PAYMENTS};
use super::company::Company;
use super::contract::CONTRACT;
use super::invoice_fields::INVOICE;
use super::ledger::LedgerEntry;
use super::rate::RateWindows;
use super::record::Record;
use super::register::{Entry, Register, RegisterKind};
use super::rows::ROW;
use super::tokens::Tokens;
use sim_kit::{Faults, SnapshotError};

#[derive(Serialize)]
struct Written<'a> {
    companies: &'a BTreeMap<u64, Company>,
    tokens: &'a Tokens,
    rate: &'a RateWindows,
    ledger: &'a [LedgerEntry],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    companies: BTreeMap<u64, Company>,
    tokens: Tokens,
    rate: RateWindows,
    ledger: Vec<LedgerEntry>,
}

impl World {
    /// The whole world but for its faults: companies, tokens, rate windows, ledger. Decimals are text. It holds the
    /// simulated tokens and secrets.
    pub fn snapshot(&self) -> Value {
        let Self { companies, tokens, faults: _, rate, ledger } = self;
        let written = Written { companies, tokens, rate, ledger };
        #[expect(clippy::expect_used, reason = "cannot fail")]
        serde_json::to_value(written).expect("every key is text or a number, and nothing in it refuses to be written")
    }

    /// The world of a snapshot, without faults. It goes on as the one that was written would have.
    pub fn restore(snapshot: Value) -> Result<Self, SnapshotError> {
        let Read { companies, tokens, rate, ledger } = serde_json::from_value(snapshot)?;
        Ok(Self { companies, tokens, faults: Faults::default(), rate, ledger })
    }
}

pub(crate) fn contract_head<'de, D: Deserializer<'de>>(source: D) -> Result<Record, D::Error> {
    Record::from_snapshot(CONTRACT, source)
}

pub(crate) fn invoice_head<'de, D: Deserializer<'de>>(source: D) -> Result<Record, D::Error> {
    Record::from_snapshot(INVOICE, source)
}

pub(crate) fn row<'de, D: Deserializer<'de>>(source: D) -> Result<Record, D::Error> {
    Record::from_snapshot(ROW, source)
}

pub(crate) fn customers<'de, D: Deserializer<'de>>(source: D) -> Result<Register, D::Error> {
    register(&CUSTOMERS, source)
}

pub(crate) fn articles<'de, D: Deserializer<'de>>(source: D) -> Result<Register, D::Error> {
    register(&ARTICLES, source)
}

pub(crate) fn price_lists<'de, D: Deserializer<'de>>(source: D) -> Result<Register, D::Error> {
    register(&PRICE_LISTS, source)
}

pub(crate) fn terms<'de, D: Deserializer<'de>>(source: D) -> Result<Register, D::Error> {
    register(&TERMS_OF_PAYMENTS, source)
}

fn register<'de, D: Deserializer<'de>>(kind: &RegisterKind, source: D) -> Result<Register, D::Error> {
    let written = WrittenRegister::deserialize(source)?;
    let mut register = Register::default();
    for (number, entry) in written.entries {
        let record = Record::from_snapshot(kind.fields, entry.record).map_err(D::Error::custom)?;
        register.insert(Entry { number, record, modified: entry.modified });
    }
    Ok(register)
}

/// A [`Register`] before its records have found their table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRegister {
    entries: BTreeMap<String, WrittenEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenEntry {
    record: Value,
    modified: DateTime<Utc>,
}
