//! Collections: filter, sort, pages.

use serde_json::{Value, json};

use super::call::Call;
use super::figure::number;
use super::filter::{Filter, at, text};
use super::refusal::{Refusal, code};

const DEFAULT_SIZE: usize = 20;
const MAX_SIZE: usize = 1000;
const MAX_PROBLEM_SIZE: usize = 100;

/// Fields of drafts that a filter may name; live probes of 2026.
pub(crate) const DRAFT_FIELDS: &[&str] = &[
    "draftInvoiceNumber",
    "date",
    "currency",
    "exchangeRate",
    "customer.customerNumber",
    "paymentTerms.paymentTermsNumber",
    "recipient.name",
    "recipient.address",
    "recipient.zip",
    "recipient.city",
    "recipient.country",
    "recipient.ean",
    "recipient.publicEntryNumber",
    "delivery.address",
    "delivery.zip",
    "delivery.city",
    "delivery.country",
    "deliveryLocation.deliveryLocationNumber",
    "notes.heading",
    "notes.textLine1",
    "notes.textLine2",
    "references.other",
    "references.salesPerson.employeeNumber",
    "references.vendorReference.employeeNumber",
    "lastUpdated",
    "soap.currentInvoiceHandle.id",
];

/// The same for booked invoices, from e-conomic's schema. `orderNumber` is not among them.
pub(crate) const BOOKED_FIELDS: &[&str] = &[
    "bookedInvoiceNumber",
    "date",
    "currency",
    "exchangeRate",
    "customer.customerNumber",
    "paymentTerms.paymentTermsNumber",
    "recipient.name",
    "recipient.address",
    "recipient.zip",
    "recipient.city",
    "recipient.country",
    "recipient.ean",
    "recipient.publicEntryNumber",
    "recipient.vatZone.vatZoneNumber",
    "delivery.address",
    "delivery.zip",
    "delivery.city",
    "delivery.country",
    "notes.heading",
    "notes.textLine1",
    "notes.textLine2",
    "references.other",
    "references.salesPerson.employeeNumber",
    "references.vendorReference.employeeNumber",
];

/// The same for customers.
pub(crate) const CUSTOMER_FIELDS: &[&str] = &[
    "customerNumber",
    "name",
    "email",
    "address",
    "zip",
    "city",
    "country",
    "currency",
    "balance",
    "creditLimit",
    "barred",
    "ean",
    "publicEntryNumber",
    "corporateIdentificationNumber",
    "vatNumber",
    "telephoneAndFaxNumber",
    "mobilePhone",
    "website",
    "lastUpdated",
    "customerGroup.customerGroupNumber",
    "pNumber",
];

/// A page in the envelope of the older surface.
pub(crate) fn page(call: &Call<'_>, items: Vec<Value>, allowed: Option<&[&str]>) -> Result<Value, Refusal> {
    let size = whole(call, "pagesize", DEFAULT_SIZE)?;
    if !(1..=MAX_SIZE).contains(&size) {
        let message = "Page size must be between 1 and 1000.";
        return Err(Refusal::new(400, Some(code::PAGE_SIZE), message));
    }
    let skip = whole(call, "skippages", 0)?;
    let all = items.len();
    let mut items = filtered(call, items, allowed)?;
    sort(call, &mut items, allowed)?;
    let results = items.len();
    let last = results.saturating_sub(1) / size;
    let link = |page: usize| {
        let mut link = format!("{}{}?skippages={page}&pagesize={size}", call.base, call.raw_path);
        for pair in ["filter", "sort"].iter().filter_map(|name| call.raw_parameter(name)) {
            link.push('&');
            link.push_str(pair);
        }
        link
    };
    let mut pagination = json!({
        "skipPages": skip, "pageSize": size, "maxPageSizeAllowed": MAX_SIZE, "results": results,
        "resultsWithoutFilter": all, "firstPage": link(0), "lastPage": link(last),
    });
    if skip < last {
        pagination["nextPage"] = json!(link(skip + 1));
    }
    if skip > 0 {
        pagination["previousPage"] = json!(link(skip - 1));
    }
    let collection: Vec<Value> = items.into_iter().skip(skip.saturating_mul(size)).take(size).collect();
    Ok(json!({"collection": collection, "pagination": pagination, "metaData": {}, "self": link(skip)}))
}

/// A page of the newer surface: cursor, `paged` or `count`.
pub(crate) fn cursor(
    call: &Call<'_>,
    kind: Option<&str>,
    items: Vec<Value>,
    allowed: &[&str],
) -> Result<Value, Refusal> {
    let mut items = filtered(call, items, Some(allowed))?;
    match kind {
        Some("count") => Ok(json!(items.len())),
        Some("paged") => {
            sort(call, &mut items, Some(allowed))?;
            let size = whole(call, "pageSize", DEFAULT_SIZE)?.clamp(1, MAX_PROBLEM_SIZE);
            let skip = whole(call, "skipPages", 0)?;
            Ok(json!(items.into_iter().skip(skip.saturating_mul(size)).take(size).collect::<Vec<_>>()))
        }
        _ => {
            let start = whole(call, "cursor", 0)?;
            let end = start.saturating_add(MAX_SIZE);
            let more = items.len() > end;
            let items: Vec<Value> = items.into_iter().skip(start).take(MAX_SIZE).collect();
            let mut body = json!({"items": items});
            if more {
                body["cursor"] = json!(end.to_string());
            }
            Ok(body)
        }
    }
}

fn filtered(call: &Call<'_>, mut items: Vec<Value>, allowed: Option<&[&str]>) -> Result<Vec<Value>, Refusal> {
    if let Some(text) = call.parameter("filter").filter(|text| !text.is_empty()) {
        let filter = Filter::parse(text, allowed)?;
        items.retain(|item| filter.holds(item));
    }
    Ok(items)
}

fn sort(call: &Call<'_>, items: &mut [Value], allowed: Option<&[&str]>) -> Result<(), Refusal> {
    // The last key first, so that a stable sort leaves the first one in charge.
    for key in call.parameter("sort").unwrap_or_default().split(',').rev().filter(|key| !key.is_empty()) {
        let field = key.trim_start_matches(['-', '~']);
        let sortable = field != "lastUpdated" && allowed.is_none_or(|allowed| allowed.contains(&field));
        if !sortable {
            return Err(Refusal::new(400, None, format!("Sorting on '{field}' is not supported.")));
        }
        items.sort_by(|left, right| {
            let (left, right) = (at(left, field), at(right, field));
            let order = match (number(left), number(right)) {
                (Some(left), Some(right)) if !key.contains('~') => left.cmp(&right),
                _ => text(left).cmp(&text(right)),
            };
            if key.starts_with('-') { order.reverse() } else { order }
        });
    }
    Ok(())
}

fn whole(call: &Call<'_>, name: &str, default: usize) -> Result<usize, Refusal> {
    call.parameter(name)
        .map_or(Ok(default), str::parse)
        .map_err(|_| Refusal::new(400, None, format!("{name} must be an integer.")))
}
