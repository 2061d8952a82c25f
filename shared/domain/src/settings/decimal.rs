//! Decimals as people and tables write them: `"250000"`, `250000`, `250000.50`. Read through their text.

use std::{collections::BTreeMap, fmt};

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::money::Currency;

/// A decimal that can be read from a number or a text, and is written as a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Lenient(Decimal);

impl Serialize for Lenient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Lenient;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal number, such as 250000 or \"1250.50\"")
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Lenient, E> {
                Ok(Lenient(Decimal::from(number)))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Lenient, E> {
                Ok(Lenient(Decimal::from(number)))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Lenient, E> {
                // The shortest text of the number is what was written, up to fifteen digits: no limit has more.
                self.visit_str(&number.to_string())
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Lenient, E> {
                text.parse().map(Lenient).map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

pub(super) mod percent {
    use super::{Decimal, Deserialize, Deserializer, Lenient, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "serde's signature")]
    pub(in super::super) fn serialize<S: Serializer>(value: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
        value.map(Lenient).serialize(to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
        Ok(Option::<Lenient>::deserialize(from)?.map(|lenient| lenient.0))
    }
}

pub(super) mod amounts {
    use super::{BTreeMap, Currency, Decimal, Deserialize, Deserializer, Lenient, Serialize, Serializer};

    type Amounts = BTreeMap<Currency, Decimal>;

    #[expect(clippy::ref_option, reason = "serde's signature")]
    pub(in super::super) fn serialize<S: Serializer>(value: &Option<Amounts>, to: S) -> Result<S::Ok, S::Error> {
        let lenient: Option<BTreeMap<_, _>> =
            value.as_ref().map(|map| map.iter().map(|(currency, amount)| (currency, Lenient(*amount))).collect());
        lenient.serialize(to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Amounts>, D::Error> {
        let lenient = Option::<BTreeMap<Currency, Lenient>>::deserialize(from)?;
        Ok(lenient.map(|map| map.into_iter().map(|(currency, amount)| (currency, amount.0)).collect()))
    }
}
