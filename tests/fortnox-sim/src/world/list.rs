//! Lists: paging, sorting, and the filters that all kinds of documents share.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::call::Call;
use super::refusal::{Refusal, code};

/// Rows a page without a `limit` (source: developer guide).
const DEFAULT_LIMIT: usize = 100;
/// Most rows a page (source: developer guide); a larger `limit` is cut down to it.
pub(crate) const MAX_LIMIT: usize = 500;
/// Parameters that every list takes.
const GENERAL: [&str; 6] = ["page", "limit", "offset", "sortby", "sortorder", "lastmodified"];

/// By what a list is sorted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SortKey {
    Number(Decimal),
    Text(String),
    Date(Option<NaiveDate>),
}

impl SortKey {
    /// Customer and article numbers: plain numbers first and by size, then the rest as text.
    pub(crate) fn number_or_text(number: &str) -> Self {
        number.parse::<u64>().map_or_else(|_| Self::Text(number.to_owned()), |n| Self::Number(n.into()))
    }
}

/// How to sort by one name.
pub(crate) type Sorter<T> = (&'static str, fn(&T) -> SortKey);

/// Refuses parameters that neither all lists nor this one know: a misspelt filter must not look like a wide one.
pub(crate) fn check_parameters(call: &Call<'_>, own: &[&str]) -> Result<(), Refusal> {
    call.parameters()
        .find(|(name, _)| !GENERAL.contains(name) && !own.contains(name))
        .map_or(Ok(()), |(name, _)| Err(Refusal::parameter(name)))
}

/// Sorts as asked; without `sortby` the order stays.
pub(crate) fn sort<T>(items: &mut [&T], call: &Call<'_>, sorters: &[Sorter<T>]) -> Result<(), Refusal> {
    let descending = match call.parameter("sortorder") {
        None | Some("ascending") => false,
        Some("descending") => true,
        Some(_) => return Err(Refusal::parameter("sortorder")),
    };
    let Some(name) = call.parameter("sortby") else {
        if descending {
            items.reverse();
        }
        return Ok(());
    };
    let (_, key) = sorters.iter().find(|(known, _)| *known == name).ok_or_else(|| Refusal::parameter("sortby"))?;
    items.sort_by(|a, b| {
        let order = key(a).cmp(&key(b));
        if descending { order.reverse() } else { order }
    });
    Ok(())
}

/// One page in its envelope, of `largest` rows at most. Only the rows of the page are rendered.
pub(crate) fn page<T>(
    call: &Call<'_>,
    largest: usize,
    plural: &str,
    items: &[&T],
    render: impl Fn(&T) -> Value,
) -> Result<Value, Refusal> {
    let limit = whole(call, "limit")?.unwrap_or(DEFAULT_LIMIT);
    let current = whole(call, "page")?.unwrap_or(1);
    if limit == 0 || current == 0 {
        return Err(Refusal::parameter(if limit == 0 { "limit" } else { "page" }));
    }
    let limit = limit.min(largest.max(1));
    let offset = whole(call, "offset")?.unwrap_or_else(|| (current - 1).saturating_mul(limit));
    let rows: Vec<Value> = items.iter().skip(offset).take(limit).map(|item| render(item)).collect();
    let mut envelope = Map::new();
    envelope.insert(
        "MetaInformation".to_owned(),
        json!({
            "@TotalResources": items.len(),
            "@TotalPages": items.len().div_ceil(limit),
            "@CurrentPage": current,
        }),
    );
    envelope.insert(plural.to_owned(), Value::Array(rows));
    Ok(Value::Object(envelope))
}

fn whole(call: &Call<'_>, name: &str) -> Result<Option<usize>, Refusal> {
    call.parameter(name).map(|text| text.parse().map_err(|_| Refusal::parameter(name))).transpose()
}

/// Contains, without regard to case: how Fortnox matches text.
pub(crate) fn contains(value: &str, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| value.to_lowercase().contains(&wanted.to_lowercase()))
}

/// A `true`/`false` parameter.
pub(crate) fn flag(call: &Call<'_>, name: &str) -> Result<Option<bool>, Refusal> {
    call.parameter(name).map(|text| text.parse().map_err(|_| Refusal::parameter(name))).transpose()
}

/// A date parameter.
pub(crate) fn date(call: &Call<'_>, name: &str) -> Result<Option<NaiveDate>, Refusal> {
    call.parameter(name).map(|text| text.parse().map_err(|_| Refusal::parameter(name))).transpose()
}

/// `lastmodified=2026-01-31` or `2026-01-31 14:05`, Swedish local time.
pub(crate) fn last_modified(call: &Call<'_>) -> Result<Option<NaiveDateTime>, Refusal> {
    let Some(text) = call.parameter("lastmodified") else {
        return Ok(None);
    };
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S"))
        .ok()
        .or_else(|| {
            let date: NaiveDate = text.parse().ok()?;
            Some(date.and_time(NaiveTime::MIN))
        })
        .map(Some)
        .ok_or_else(|| Refusal::parameter("lastmodified"))
}

/// The refusal of an unknown `filter` word (recorded).
pub(crate) fn bad_filter() -> Refusal {
    Refusal::invalid(code::INVALID_FILTER, "Ett ogiltigt filter har använts.")
}
