//! What customers, articles, price lists and terms of payment have in common: a number, fields, a list and a write.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::calendar::local_time;
use super::call::Call;
use super::company::{Company, Reply, Turn};
use super::ledger::EffectKind;
use super::list::{self, SortKey};
use super::record::{Field, Record};
use super::refusal::{Refusal, code};
use sim_kit::Method;

/// One kind of register.
pub(crate) struct RegisterKind {
    /// First path segment below `/3/`.
    pub(crate) path: &'static str,
    pub(crate) singular: &'static str,
    pub(crate) plural: &'static str,
    /// The field that identifies an entry.
    pub(crate) key: &'static str,
    pub(crate) fields: &'static [Field],
    /// Query parameter and the field that must contain its value.
    pub(crate) filters: &'static [(&'static str, &'static str)],
    pub(crate) not_found: (u32, &'static str),
    /// What is recorded when an entry is written; nothing for registers that only the company file fills.
    pub(crate) written: Option<EffectKind>,
    pub(crate) register: fn(&mut Company) -> &mut Register,
    pub(crate) peek: fn(&Company) -> &Register,
    pub(crate) fill: fn(&mut Record),
    pub(crate) detail: fn(&Company, &Entry) -> Value,
    pub(crate) list_item: fn(&Company, &Entry) -> Value,
}

/// One entry.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Entry {
    /// The key that the register keeps it under.
    #[serde(skip)]
    pub(crate) number: String,
    pub(crate) record: Record,
    pub(crate) modified: DateTime<Utc>,
}

/// All entries of one kind.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Register {
    entries: BTreeMap<String, Entry>,
}

impl Register {
    pub(crate) fn get(&self, number: &str) -> Option<&Entry> {
        self.entries.get(number)
    }

    pub(crate) fn contains(&self, number: &str) -> bool {
        self.entries.contains_key(number)
    }

    pub(crate) fn touch(&mut self, number: &str, now: DateTime<Utc>) {
        if let Some(entry) = self.entries.get_mut(number) {
            entry.modified = now;
        }
    }

    pub(crate) fn insert(&mut self, entry: Entry) {
        self.entries.insert(entry.number.clone(), entry);
    }

    /// By number, ascending: the documented order of customers and articles.
    pub(crate) fn in_order(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_by_cached_key(|entry| SortKey::number_or_text(&entry.number));
        entries
    }

    fn next_number(&self) -> String {
        let highest = self.entries.keys().filter_map(|number| number.parse::<u64>().ok()).max();
        highest.map_or(1, |number| number.saturating_add(1)).to_string()
    }
}

impl Company {
    /// `/3/customers…`, `/3/articles…` and their like.
    pub(crate) fn route_register(
        &mut self,
        turn: &mut Turn<'_>,
        call: &Call<'_>,
        kind: &RegisterKind,
    ) -> Result<Reply, Refusal> {
        let path = call.path();
        match (call.method, &path[1..]) {
            (Method::Get, []) => self.list_register(call, kind),
            (Method::Get, [number]) => {
                let entry = self.entry(kind, number)?;
                Ok(Reply::ok(json!({kind.singular: (kind.detail)(self, entry)})))
            }
            (Method::Post, []) if kind.written.is_some() => {
                let input = call.enveloped(kind.singular)?;
                let number = self.create_entry(turn, kind, &input)?;
                let entry = self.entry(kind, &number)?;
                Ok(Reply::created(kind.path, json!({kind.singular: (kind.detail)(self, entry)})))
            }
            (Method::Put, [number]) if kind.written.is_some() => {
                let input = call.enveloped(kind.singular)?;
                self.update_entry(turn, kind, number, &input)?;
                let entry = self.entry(kind, number)?;
                Ok(Reply::ok(json!({kind.singular: (kind.detail)(self, entry)})))
            }
            _ => Err(Refusal::endpoint()),
        }
    }

    fn entry(&self, kind: &RegisterKind, number: &str) -> Result<&Entry, Refusal> {
        (kind.peek)(self).get(number).ok_or_else(|| Refusal::not_found(kind.not_found.0, kind.not_found.1))
    }

    fn list_register(&self, call: &Call<'_>, kind: &RegisterKind) -> Result<Reply, Refusal> {
        let mut own = vec!["filter"];
        own.extend(kind.filters.iter().map(|(parameter, _)| *parameter));
        list::check_parameters(call, &own)?;
        let active = match call.parameter("filter") {
            None => None,
            Some("active") => Some(true),
            Some("inactive") => Some(false),
            Some(_) => return Err(list::bad_filter()),
        };
        let since = list::last_modified(call)?;
        let mut entries = (kind.peek)(self).in_order();
        entries.retain(|entry| {
            let record = &entry.record;
            active.is_none_or(|active| record.flag("Active") == active)
                && since.is_none_or(|since| local_time(entry.modified) >= since)
                && kind
                    .filters
                    .iter()
                    .all(|(parameter, field)| list::contains(record.text(field), call.parameter(parameter)))
        });
        list::sort(
            &mut entries,
            call,
            &[
                ("customernumber", |entry| SortKey::number_or_text(&entry.number)),
                ("articlenumber", |entry| SortKey::number_or_text(&entry.number)),
                ("name", |entry| SortKey::Text(entry.record.text("Name").to_lowercase())),
            ],
        )?;
        let page = list::page(call, list::MAX_LIMIT, kind.plural, &entries, |entry| (kind.list_item)(self, entry))?;
        Ok(Reply::ok(page))
    }

    /// Adds an entry, from the API or the company file. Answers its number.
    pub(crate) fn create_entry(
        &mut self,
        turn: &mut Turn<'_>,
        kind: &RegisterKind,
        input: &Map<String, Value>,
    ) -> Result<String, Refusal> {
        let mut record = Record::new(kind.fields);
        (kind.fill)(&mut record);
        record.apply(input, self.unknown_fields())?;
        for name in kind.required() {
            if !record.is_set(name) {
                return Err(Refusal::required(name));
            }
        }
        if !record.is_set(kind.key) {
            record.set_text(kind.key, &(kind.peek)(self).next_number());
        }
        let number = record.text(kind.key).to_owned();
        if (kind.peek)(self).contains(&number) {
            return Err(Refusal::invalid(code::NUMBER_TAKEN, "Numret används redan."));
        }
        self.store(turn, kind, number.clone(), record);
        Ok(number)
    }

    fn update_entry(
        &mut self,
        turn: &mut Turn<'_>,
        kind: &RegisterKind,
        number: &str,
        input: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        let mut record = self.entry(kind, number)?.record.clone();
        record.apply(input, self.unknown_fields())?;
        record.set_text(kind.key, number);
        self.store(turn, kind, number.to_owned(), record);
        Ok(())
    }

    fn store(&mut self, turn: &mut Turn<'_>, kind: &RegisterKind, number: String, record: Record) {
        if let Some(effect) = kind.written {
            turn.register_written(effect, &number, &record);
        }
        (kind.register)(self).insert(Entry { number, record, modified: turn.now });
    }
}

impl RegisterKind {
    /// The fields without which nothing is created.
    fn required(&self) -> &'static [&'static str] {
        match self.singular {
            "Customer" => &["Name"],
            "Article" => &["Description"],
            _ => &["Code", "Description"],
        }
    }
}
