//! Records read back from a snapshot. It holds their values alone, decimals as text; which table they belong to
//! follows from where they stand, so the reader brings it along. Fortnox's limits are not checked again: a document
//! may rightly hold what a write may not say (a contract's invoice takes over texts as they are).

use std::collections::BTreeMap;
use std::str::FromStr as _;

use rust_decimal::Decimal;
use serde::de::{Deserialize as _, Deserializer, Error as _};
use serde_json::{Map, Value};

use super::{Field, Kind, Record, Stored};

impl Record {
    /// Reads a record of this table.
    pub(crate) fn from_snapshot<'de, D: Deserializer<'de>>(
        fields: &'static [Field],
        source: D,
    ) -> Result<Self, D::Error> {
        let values = Map::deserialize(source)?;
        Self::with_values(fields, &values).map_err(|name| D::Error::custom(format!("the field {name} does not fit")))
    }

    /// The error is the name of the field that is unknown, or holds what a field of its kind cannot.
    fn with_values(fields: &'static [Field], input: &Map<String, Value>) -> Result<Self, String> {
        let mut values = BTreeMap::new();
        for (name, value) in input {
            let field = fields.iter().find(|field| field.name == name).ok_or_else(|| name.clone())?;
            values.insert(field.name, stored(field, value)?);
        }
        Ok(Self { fields, values })
    }
}

fn stored(field: &Field, value: &Value) -> Result<Stored, String> {
    let read = match (field.kind, value) {
        (Kind::Text(_) | Kind::OneOf(_), Value::String(text)) => Some(Stored::Text(text.clone())),
        (Kind::Number | Kind::NumberText | Kind::Int(..), Value::String(text)) => {
            Decimal::from_str(text).ok().map(Stored::Number)
        }
        (Kind::Flag, Value::Bool(flag)) => Some(Stored::Flag(*flag)),
        (Kind::Date, Value::String(text)) => text.parse().ok().map(Stored::Date),
        (Kind::Group(fields), Value::Object(input)) => Some(Stored::Group(Record::with_values(fields, input)?)),
        _ => None,
    };
    read.ok_or_else(|| field.name.to_owned())
}
