//! A document's fields as data: one table per kind of document says name, type and limits, and one reader and one
//! writer serve them all. That keeps Fortnox's habits (text or number, "" leaves, `API_BLANK` clears) in one place.

mod read;
mod snapshot;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Map, Value};

use super::number;
use super::refusal::{Refusal, code};
use read::{Change, read};

/// One field of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    empty: Empty,
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Text of at most this many characters.
    Text(usize),
    /// A number with two decimals, as a JSON number.
    Number,
    /// A number with two decimals, as JSON text.
    NumberText,
    /// A whole number in these bounds, both included.
    Int(i64, i64),
    /// True or false.
    Flag,
    /// A plain date.
    Date,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// An object with its own fields.
    Group(&'static [Field]),
}

/// How an empty field is written.
#[derive(Debug, Clone, Copy)]
enum Empty {
    Blank,
    Null,
}

/// What happens to a field that the table does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnknownFields {
    Reject,
    Ignore,
}

impl Field {
    pub(crate) const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, empty: Empty::Blank }
    }

    pub(crate) const fn text(name: &'static str, max: usize) -> Self {
        Self::new(name, Kind::Text(max))
    }

    pub(crate) const fn number(name: &'static str) -> Self {
        Self::new(name, Kind::Number)
    }

    pub(crate) const fn flag(name: &'static str) -> Self {
        Self::new(name, Kind::Flag)
    }

    pub(crate) const fn date(name: &'static str) -> Self {
        Self::new(name, Kind::Date)
    }

    /// The same field, written as null when empty.
    pub(crate) const fn nullable(mut self) -> Self {
        self.empty = Empty::Null;
        self
    }
}

/// A stored value; "empty" is absence from the record.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
enum Stored {
    Text(String),
    Number(Decimal),
    Flag(bool),
    Date(NaiveDate),
    Group(Record),
}

/// The values of one document, by the table of its kind.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Record {
    #[serde(skip)]
    fields: &'static [Field],
    values: BTreeMap<&'static str, Stored>,
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl Record {
    pub(crate) fn new(fields: &'static [Field]) -> Self {
        Self { fields, values: BTreeMap::new() }
    }

    /// Takes over what a write says. All or nothing: on a refusal the record is as before.
    pub(crate) fn apply(&mut self, input: &Map<String, Value>, unknown: UnknownFields) -> Result<(), Refusal> {
        let mut values = self.values.clone();
        for (name, value) in input {
            let Some(field) = self.fields.iter().find(|field| field.name == name) else {
                if unknown == UnknownFields::Reject {
                    return Err(Refusal::invalid(code::UNKNOWN_FIELD, format!("Okänt fält: {name}.")));
                }
                continue;
            };
            match read(field, values.get(field.name), value, unknown)? {
                Change::Keep => {}
                Change::Clear => {
                    values.remove(field.name);
                }
                Change::Set(stored) => {
                    values.insert(field.name, stored);
                }
            }
        }
        self.values = values;
        Ok(())
    }

    /// Writes every field of the table into a JSON object.
    pub(crate) fn render_into(&self, out: &mut Map<String, Value>) {
        for field in self.fields {
            out.insert(field.name.to_owned(), self.render_field(field));
        }
    }

    fn render_field(&self, field: &Field) -> Value {
        match (self.values.get(field.name), field.kind, field.empty) {
            (Some(Stored::Number(value)), Kind::NumberText, _) => Value::from(value.normalize().to_string()),
            (Some(Stored::Number(value)), _, _) => number::to_json(*value),
            (Some(Stored::Text(text)), _, _) => Value::from(text.as_str()),
            (Some(Stored::Flag(flag)), _, _) => Value::from(*flag),
            (Some(Stored::Date(date)), _, _) => Value::from(date.to_string()),
            (Some(Stored::Group(group)), _, _) => group.render(),
            (None, Kind::Group(fields), _) => Self::new(fields).render(),
            (None, _, Empty::Null) => Value::Null,
            (None, Kind::Number | Kind::Int(..), Empty::Blank) => Value::from(0),
            (None, Kind::NumberText, Empty::Blank) => Value::from("0"),
            (None, Kind::Flag, Empty::Blank) => Value::from(false),
            (None, Kind::Text(_) | Kind::Date | Kind::OneOf(_), Empty::Blank) => Value::from(""),
        }
    }

    fn render(&self) -> Value {
        let mut out = Map::new();
        self.render_into(&mut out);
        Value::Object(out)
    }

    /// A text field; "" when empty.
    pub(crate) fn text(&self, name: &str) -> &str {
        match self.values.get(name) {
            Some(Stored::Text(text)) => text,
            _ => "",
        }
    }

    /// A number; zero when empty.
    pub(crate) fn number(&self, name: &str) -> Decimal {
        match self.values.get(name) {
            Some(Stored::Number(value)) => *value,
            _ => Decimal::ZERO,
        }
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some(Stored::Flag(true)))
    }

    pub(crate) fn date(&self, name: &str) -> Option<NaiveDate> {
        match self.values.get(name) {
            Some(Stored::Date(date)) => Some(*date),
            _ => None,
        }
    }

    /// A text field inside a group; "" when empty.
    pub(crate) fn text_in(&self, group: &str, name: &str) -> &str {
        match self.values.get(group) {
            Some(Stored::Group(record)) => record.text(name),
            _ => "",
        }
    }

    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    pub(crate) fn set_text(&mut self, name: &'static str, text: &str) {
        if text.is_empty() {
            self.values.remove(name);
        } else {
            self.values.insert(name, Stored::Text(text.to_owned()));
        }
    }

    pub(crate) fn set_number(&mut self, name: &'static str, value: Decimal) {
        // A negated zero keeps its sign in a decimal, and would be written as "-0".
        let value = if value.is_zero() { Decimal::ZERO } else { value };
        self.values.insert(name, Stored::Number(value));
    }

    pub(crate) fn set_flag(&mut self, name: &'static str, flag: bool) {
        self.values.insert(name, Stored::Flag(flag));
    }

    pub(crate) fn set_date(&mut self, name: &'static str, date: NaiveDate) {
        self.values.insert(name, Stored::Date(date));
    }

    /// Takes over the fields of these names from another record, as they are there.
    pub(crate) fn copy_from(&mut self, other: &Self, names: &[&'static str]) {
        for name in names {
            if let Some(stored) = other.values.get(name) {
                self.values.insert(name, stored.clone());
            }
        }
    }

    /// Fills in text only where there is none.
    pub(crate) fn default_text(&mut self, name: &'static str, text: &str) {
        if !self.is_set(name) {
            self.set_text(name, text);
        }
    }
}
