//! `filter=`: comparisons joined by `$and:` and `$or:`, with parentheses.

use serde_json::{Value, json};

use super::figure::number;
use super::refusal::Refusal;

/// A parsed filter.
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Compare { field: String, operator: String, value: String },
}

const OPERATORS: [&str; 9] = ["$eq:", "$ne:", "$gte:", "$gt:", "$lte:", "$lt:", "$like:", "$nin:", "$in:"];

impl Filter {
    /// `allowed`: the fields that may be asked for; all when there is none.
    pub(crate) fn parse(text: &str, allowed: Option<&[&str]>) -> Result<Self, Refusal> {
        let mut parser = Parser { rest: text, allowed };
        let filter = parser.any()?;
        if parser.rest.is_empty() { Ok(filter) } else { Err(malformed()) }
    }

    pub(crate) fn holds(&self, item: &Value) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(item)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(item)),
            Self::Compare { field, operator, value } => compare(at(item, field), operator, value),
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
    allowed: Option<&'a [&'a str]>,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Filter, Refusal> {
        let mut parts = vec![self.all()?];
        while self.skip("$or:") {
            parts.push(self.all()?);
        }
        Ok(Filter::Any(parts))
    }

    fn all(&mut self) -> Result<Filter, Refusal> {
        let mut parts = vec![self.one()?];
        while self.skip("$and:") {
            parts.push(self.one()?);
        }
        Ok(Filter::All(parts))
    }

    fn one(&mut self) -> Result<Filter, Refusal> {
        if self.skip("(") {
            let inner = self.any()?;
            return if self.skip(")") { Ok(inner) } else { Err(malformed()) };
        }
        let (field, _) = self.rest.split_once('$').ok_or_else(malformed)?;
        if self.allowed.is_some_and(|allowed| !allowed.contains(&field)) {
            return Err(unknown(field, self.allowed.unwrap_or_default()));
        }
        self.rest = self.rest.get(field.len()..).unwrap_or_default();
        let operator = OPERATORS.into_iter().find(|operator| self.skip(operator)).ok_or_else(malformed)?;
        let value = self.value();
        Ok(Filter::Compare { field: field.to_owned(), operator: operator.to_owned(), value })
    }

    /// Up to a joint or a closing parenthesis; `$` escapes one of `$()*,`.
    fn value(&mut self) -> String {
        let mut value = String::new();
        while let Some(first) = self.rest.chars().next() {
            if first == ')' || self.rest.starts_with("$and:") || self.rest.starts_with("$or:") {
                break;
            }
            if self.skip("$null:") {
                return "$null:".to_owned();
            }
            let escaped = self.rest.strip_prefix('$').and_then(|rest| rest.chars().next());
            let taken = match escaped {
                Some(next) if first == '$' && "$()*,".contains(next) => {
                    value.push(next);
                    1 + next.len_utf8()
                }
                _ => {
                    value.push(first);
                    first.len_utf8()
                }
            };
            self.rest = self.rest.get(taken..).unwrap_or_default();
        }
        value
    }

    fn skip(&mut self, token: &str) -> bool {
        self.rest.strip_prefix(token).is_some_and(|rest| {
            self.rest = rest;
            true
        })
    }
}

fn malformed() -> Refusal {
    Refusal::new(400, None, "The filter could not be parsed.")
}

pub(crate) fn unknown(field: &str, allowed: &[&str]) -> Refusal {
    let mut refusal = Refusal::new(400, None, format!("Filtering on '{field}' is not supported."));
    refusal.more.insert("errors".to_owned(), json!([format!("{field} is not a filterable property")]));
    refusal.more.insert("allowedFilteringFields".to_owned(), json!(allowed));
    refusal
}

/// The value at a dotted path.
pub(crate) fn at<'a>(item: &'a Value, field: &str) -> &'a Value {
    field.split('.').fold(item, |value, key| &value[key])
}

/// Numbers by value, everything else by its text without regard to case.
pub(crate) fn order(value: &Value, wanted: &str) -> std::cmp::Ordering {
    if let (Some(left), Ok(right)) = (number(value), wanted.parse()) {
        return left.cmp(&right);
    }
    text(value).cmp(&wanted.to_lowercase())
}

pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim_start_matches('\u{1}').to_lowercase(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn compare(value: &Value, operator: &str, wanted: &str) -> bool {
    let listed = || {
        let list = wanted.trim_start_matches('[').trim_end_matches(']');
        list.split(',').any(|one| order(value, one.trim()).is_eq())
    };
    if wanted == "$null:" {
        return value.is_null() == (operator == "$eq:");
    }
    match operator {
        "$eq:" => !value.is_null() && order(value, wanted).is_eq(),
        "$ne:" => order(value, wanted).is_ne(),
        "$gt:" => !value.is_null() && order(value, wanted).is_gt(),
        "$gte:" => !value.is_null() && order(value, wanted).is_ge(),
        "$lt:" => !value.is_null() && order(value, wanted).is_lt(),
        "$lte:" => !value.is_null() && order(value, wanted).is_le(),
        "$like:" => like(&text(value), &wanted.to_lowercase()),
        "$in:" => listed(),
        _ => !listed(),
    }
}

/// `*` stands for anything; without it, a part is enough.
fn like(text: &str, pattern: &str) -> bool {
    if !pattern.contains('*') {
        return text.contains(pattern);
    }
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}
