//! One JSON object, read field by field.

use std::collections::HashMap;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::value::RawValue;

use crate::private::Private;

/// A field that could not be read: names it, and never tells its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It is demanded, and absent, `null` or blank.
    #[error("{field} is missing or empty")]
    Missing {
        /// The way to the field.
        field: String,
    },
    /// It is of another kind.
    #[error("{field} is not {expected}")]
    NotA {
        /// The way to the field.
        field: String,
        /// The kind that was expected.
        expected: &'static str,
    },
}

/// A model that is read from one JSON object.
pub trait FromObject: Sized {
    /// Reads it.
    fn from_object(object: &Object<'_>) -> Result<Self, Malformed>;
}

/// A JSON object whose fields are read one by one.
pub struct Object<'a> {
    fields: HashMap<String, &'a RawValue>,
    path: String,
}

/// A scalar that is there. `null`, an absent field and blank text all count as not there.
enum Scalar<'a> {
    Flag(bool),
    Number(&'a str),
    Text(String),
}

impl<'a> Object<'a> {
    /// Reads the object that a whole text is.
    pub fn root(text: &'a str) -> Result<Self, Malformed> {
        Self::parse(text.trim_start_matches('\u{feff}'), String::new())
    }

    /// The elements of the array that a whole text is, each to be read with [`Object::element`].
    pub fn root_elements(text: &'a str) -> Result<Vec<&'a RawValue>, Malformed> {
        serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|_| Malformed::NotA { field: "the body".to_owned(), expected: "a JSON array" })
    }

    fn parse(text: &'a str, path: String) -> Result<Self, Malformed> {
        let Ok(fields) = serde_json::from_str::<HashMap<String, &'a RawValue>>(text) else {
            let field = if path.is_empty() { "the body".to_owned() } else { path };
            return Err(Malformed::NotA { field, expected: "a JSON object" });
        };
        let fields = fields.into_iter().map(|(key, value)| (key.to_lowercase(), value)).collect();
        Ok(Self { fields, path })
    }

    /// Turns a field that is not there into a complaint.
    pub fn required<T>(
        &self,
        name: &str,
        read: impl FnOnce(&Self, &str) -> Result<Option<T>, Malformed>,
    ) -> Result<T, Malformed> {
        read(self, name)?.ok_or_else(|| Malformed::Missing { field: self.field(name) })
    }

    /// Text, or a number or flag as text.
    pub fn text(&self, name: &str) -> Result<Option<String>, Malformed> {
        Ok(self.scalar(name)?.map(|scalar| match scalar {
            Scalar::Flag(flag) => flag.to_string(),
            Scalar::Number(number) => number.to_owned(),
            Scalar::Text(text) => text,
        }))
    }

    /// Text of a person, which stays out of logs.
    pub fn private(&self, name: &str) -> Result<Option<Private<String>>, Malformed> {
        Ok(self.text(name)?.map(Private::new))
    }

    /// The number of another document. `0` in any spelling means none.
    pub fn reference(&self, name: &str) -> Result<Option<String>, Malformed> {
        Ok(self.text(name)?.filter(|number| number != "0"))
    }

    /// A decimal, exactly as written, be it a number or text.
    pub fn decimal(&self, name: &str) -> Result<Option<Decimal>, Malformed> {
        self.convert(name, "a decimal number", |scalar| match scalar {
            Scalar::Number(number) => decimal(number),
            Scalar::Text(text) => decimal(text.trim()),
            Scalar::Flag(_) => None,
        })
    }

    /// A whole number, be it a number or text.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, Malformed> {
        let whole = |number: &str| decimal(number).filter(Decimal::is_integer)?.to_i64();
        self.convert(name, "a whole number", |scalar| match scalar {
            Scalar::Number(number) => whole(number),
            Scalar::Text(text) => whole(text.trim()),
            Scalar::Flag(_) => None,
        })
    }

    /// A flag, be it one, `0` or `1`, or text.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Malformed> {
        let word = |word: &str| match word {
            "1" => Some(true),
            "0" => Some(false),
            _ if word.eq_ignore_ascii_case("true") => Some(true),
            _ if word.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        };
        self.convert(name, "true or false", |scalar| match scalar {
            Scalar::Flag(flag) => Some(flag),
            Scalar::Number(number) => word(number),
            Scalar::Text(text) => word(text.trim()),
        })
    }

    /// A plain date. Of a date with a time only the date is read.
    pub fn date(&self, name: &str) -> Result<Option<NaiveDate>, Malformed> {
        const DATE_LENGTH: usize = "YYYY-MM-DD".len();
        self.convert(name, "a date (YYYY-MM-DD)", |scalar| match scalar {
            Scalar::Text(text) => {
                let (date, rest) = text.trim().split_at_checked(DATE_LENGTH)?;
                let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
                (rest.is_empty() || rest.starts_with([' ', 'T'])).then_some(date)
            }
            Scalar::Flag(_) | Scalar::Number(_) => None,
        })
    }

    /// A moment. One without a zone is taken for UTC.
    pub fn moment(&self, name: &str) -> Result<Option<DateTime<Utc>>, Malformed> {
        self.convert(name, "a date with time", |scalar| match scalar {
            Scalar::Text(text) => moment(text.trim()),
            Scalar::Flag(_) | Scalar::Number(_) => None,
        })
    }

    /// An object within this one.
    pub fn object(&self, name: &str) -> Result<Option<Object<'a>>, Malformed> {
        let Some(raw) = self.raw(name).filter(|raw| raw.get() != "null") else {
            return Ok(None);
        };
        Self::parse(raw.get(), self.field(name)).map(Some)
    }

    /// The elements of an array, each to be read with [`Object::element`], so that one bad element spoils no other.
    pub fn elements(&self, name: &str) -> Result<Option<Vec<&'a RawValue>>, Malformed> {
        let Some(raw) = self.raw(name).filter(|raw| raw.get() != "null") else {
            return Ok(None);
        };
        serde_json::from_str(raw.get())
            .map(Some)
            .map_err(|_| Malformed::NotA { field: self.field(name), expected: "a JSON array" })
    }

    /// Reads one of the [`elements`](Self::elements); `path` is what complaints call it.
    pub fn element(raw: &'a RawValue, path: String) -> Result<Self, Malformed> {
        Self::parse(raw.get(), path)
    }

    /// All elements of an array of objects; an array that is not there is empty.
    pub fn list<T: FromObject>(&self, name: &str) -> Result<Vec<T>, Malformed> {
        let elements = self.elements(name)?.unwrap_or_default().into_iter();
        elements
            .enumerate()
            .map(|(index, raw)| T::from_object(&Self::element(raw, format!("{}[{index}]", self.field(name)))?))
            .collect()
    }

    /// All elements of an array of texts; an array that is not there is empty.
    pub fn texts(&self, name: &str) -> Result<Vec<String>, Malformed> {
        let Some(raw) = self.raw(name).filter(|raw| raw.get() != "null") else {
            return Ok(Vec::new());
        };
        serde_json::from_str(raw.get())
            .map_err(|_| Malformed::NotA { field: self.field(name), expected: "an array of texts" })
    }

    fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.fields.get(&name.to_lowercase()).copied()
    }

    /// The way to a field of this object, as complaints call it.
    pub fn field(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn convert<T>(
        &self,
        name: &str,
        expected: &'static str,
        read: impl FnOnce(Scalar<'a>) -> Option<T>,
    ) -> Result<Option<T>, Malformed> {
        let Some(scalar) = self.scalar(name)? else {
            return Ok(None);
        };
        match read(scalar) {
            Some(value) => Ok(Some(value)),
            None => Err(Malformed::NotA { field: self.field(name), expected }),
        }
    }

    fn scalar(&self, name: &str) -> Result<Option<Scalar<'a>>, Malformed> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        let not_text = || Malformed::NotA { field: self.field(name), expected: "a single value" };
        match raw.get() {
            "null" => Ok(None),
            "true" => Ok(Some(Scalar::Flag(true))),
            "false" => Ok(Some(Scalar::Flag(false))),
            quoted if quoted.starts_with('"') => {
                let text: String = serde_json::from_str(quoted).map_err(|_| not_text())?;
                Ok((!text.trim().is_empty()).then_some(Scalar::Text(text)))
            }
            nested if nested.starts_with(['{', '[']) => Err(not_text()),
            number => Ok(Some(Scalar::Number(number))),
        }
    }
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.to_utc());
    }
    let text = text.strip_suffix('Z').unwrap_or(text);
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
        .into_iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .map(|moment| moment.and_utc())
}

/// The decimal that a JSON number's own text says. Only digits beyond the 28 that a `Decimal` holds are rounded away.
fn decimal(text: &str) -> Option<Decimal> {
    // Only what JSON calls a number: the parsers alone would also take `1_000` or `+1`.
    let digits = text.strip_prefix('-').unwrap_or(text);
    let allowed = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || !digits.chars().all(allowed) {
        return None;
    }
    if digits.contains(['e', 'E']) { Decimal::from_scientific(text).ok() } else { Decimal::from_str(text).ok() }
}

#[cfg(test)]
mod tests;
