//! Rows of contracts and invoices, and the rules by which a PUT changes them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::number;
use super::record::{Field, Kind, Record, UnknownFields};
use super::refusal::{Refusal, code};
use super::totals::row_amounts;

/// A row's fields. Invoice rows know a few more (`StockPointCode`, `VATCode`); they are shown empty and not writable.
pub(crate) const ROW: &[Field] = &[
    Field::new("AccountNumber", Kind::Int(1000, 9999)).nullable(),
    Field::text("ArticleNumber", 50),
    Field::text("CostCenter", 6),
    Field::new("DeliveredQuantity", Kind::NumberText),
    Field::text("Description", 255),
    Field::number("Discount"),
    Field::new("DiscountType", Kind::OneOf(&["PERCENT", "AMOUNT"])),
    Field::flag("HouseWork"),
    Field::new("HouseWorkHoursToReport", Kind::Int(0, 99_999)).nullable(),
    Field::text("HouseWorkType", 50).nullable(),
    Field::number("Price"),
    Field::text("Project", 20),
    Field::text("Unit", 6),
    Field::number("VAT"),
];

/// One row. Its id lives until the next update of the document.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) id: u64,
    #[serde(deserialize_with = "super::snapshot::row")]
    pub(crate) fields: Record,
}

/// Which fields a new row must bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NewRows {
    /// `ArticleNumber` and `DeliveredQuantity`: contract rows over the API.
    NeedArticleAndQuantity,
    /// Anything goes: invoices, and text rows that a person typed.
    AreFree,
}

/// What the rows are after a write that says `input`.
///
/// Without any `RowId` rows are matched by position and every row that stays must be there. With at least one, a row
/// with an id changes that row, a row without is added, and rows not mentioned are gone.
pub(crate) fn merge(
    existing: &[Row],
    input: &Value,
    unknown: UnknownFields,
    new_rows: NewRows,
) -> Result<Vec<Record>, Refusal> {
    let Value::Array(input) = input else {
        return Err(Refusal::parameter("InvoiceRows"));
    };
    let input = input.iter().map(split_id).collect::<Result<Vec<_>, _>>()?;
    let by_id = input.iter().any(|(id, _)| id.is_some());
    input
        .iter()
        .enumerate()
        .map(|(position, (id, fields))| {
            let old = if by_id { id.map(|id| find(existing, id)).transpose()? } else { existing.get(position) };
            match old {
                Some(row) => {
                    let mut record = row.fields.clone();
                    record.apply(fields, unknown)?;
                    Ok(record)
                }
                None => new_row(fields, unknown, new_rows),
            }
        })
        .collect()
}

fn new_row(fields: &Map<String, Value>, unknown: UnknownFields, new_rows: NewRows) -> Result<Record, Refusal> {
    let mut record = Record::new(ROW);
    record.apply(fields, unknown)?;
    if new_rows == NewRows::NeedArticleAndQuantity {
        for name in ["ArticleNumber", "DeliveredQuantity"] {
            if !record.is_set(name) {
                return Err(Refusal::required(name));
            }
        }
    }
    record.default_text("DiscountType", "PERCENT");
    Ok(record)
}

fn find(existing: &[Row], id: u64) -> Result<&Row, Refusal> {
    existing
        .iter()
        .find(|row| row.id == id)
        .ok_or_else(|| Refusal::invalid(code::UNKNOWN_ROW, format!("Kan inte hitta raden {id}.")))
}

fn split_id(row: &Value) -> Result<(Option<u64>, Map<String, Value>), Refusal> {
    let Value::Object(fields) = row else {
        return Err(Refusal::parameter("InvoiceRows"));
    };
    let mut fields = fields.clone();
    let id = match fields.remove("RowId") {
        None | Some(Value::Null) => None,
        Some(value) => Some(
            number::from_json(&value)
                .and_then(|id| u64::try_from(id).ok())
                .ok_or_else(|| Refusal::parameter("RowId"))?,
        ),
    };
    Ok((id, fields))
}

/// A row as the API shows it inside a document with this head.
pub(crate) fn render(head: &Record, row: &Row) -> Map<String, Value> {
    let amounts = row_amounts(head, row);
    let mut out = Map::new();
    row.fields.render_into(&mut out);
    let read_only = [
        ("RowId", json!(row.id)),
        ("ContributionPercent", json!("0")),
        ("ContributionValue", json!("0")),
        ("PriceExcludingVAT", number::to_json(amounts.price_excluding_vat)),
        ("Total", number::to_json(amounts.total)),
        ("TotalExcludingVAT", number::to_json(amounts.total_excluding_vat)),
    ];
    for (name, value) in read_only {
        out.insert(name.to_owned(), value);
    }
    out
}
