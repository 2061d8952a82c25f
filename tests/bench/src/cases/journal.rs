//! What a job reads and writes in DynamoDB, and how large its items are.

mod size;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;
use stage::StageError;

use super::calls::{CHANNELS, Made, run};
use crate::{
    Report, Setting,
    figure::{Bar, Figures, Unit, count, ratio},
    report::Sheet,
};

const INVOICES: usize = 30;
/// Half of what DynamoDB allows in one item: whatever comes near it needs another shape.
const LARGEST_ITEM: Decimal = Decimal::from_parts(200 * 1024, 0, 0, false, 0);
/// Of a job's own items, so that a look at one is one unit of four kilobytes.
const LARGEST_JOB: Decimal = Decimal::from_parts(4 * 1024, 0, 0, false, 0);
/// Functions that a job passes through.
const FUNCTIONS: [&str; 3] = ["ScanFunction", "BookFunction", "MailFunction"];

/// The journal's fewest writes and reads for a job that's created and booked, and what's there more.
struct Fewest {
    operation: &'static str,
    on: &'static str,
    at_least: u32,
    /// Most that are still as they should be, with what the day takes besides shared out.
    most: Decimal,
    why: &'static str,
}

const CREATED_AND_BOOKED: [Fewest; 4] = [
    Fewest {
        operation: "TransactWriteItems",
        on: "JournalTable",
        at_least: 5,
        most: Decimal::from_parts(60, 0, 0, false, 1),
        why: "opened; for each of two effects announced before and its outcome after. One more ends the job",
    },
    Fewest {
        operation: "UpdateItem",
        on: "JournalTable",
        at_least: 4,
        most: Decimal::from_parts(80, 0, 0, false, 1),
        why: "claimed once; a slot in the shared rate for each of three calls. More where workers race for a slot",
    },
    Fewest {
        operation: "GetItem",
        on: "JournalTable",
        at_least: 1,
        most: Decimal::from_parts(13, 0, 0, false, 1),
        why: "what was invoiced of the agreement before",
    },
    Fewest {
        operation: "BatchGetItem",
        on: "",
        at_least: 2,
        most: Decimal::from_parts(44, 0, 0, false, 1),
        why: "settings, anew before each effect, since a switch works at once; and once more for what comes after",
    },
];

/// Measures.
pub(crate) async fn measure(setting: &Setting, report: &mut Report) -> Result<(), StageError> {
    of_a_job(setting, report, INVOICES).await
}

/// Has so many invoices created and booked.
pub async fn of_a_job(setting: &Setting, report: &mut Report, invoices: usize) -> Result<(), StageError> {
    let mut sheet = Sheet::new(
        "DynamoDB for one job that's created and booked",
        ["call", "of", "fewest", "measured", "units", "why"],
    );
    let channel = &CHANNELS[0];
    let made = run(setting, channel, invoices).await?;
    let mut figures = Figures::of("journal", format!("{invoices} jobs, created and booked"));
    for Fewest { operation, on, at_least, most, why } in CREATED_AND_BOOKED {
        let (calls, units) = of(&made, operation, on);
        let each = ratio(calls, count(made.invoices));
        sheet.row([
            operation.to_owned(),
            on.to_owned(),
            at_least.to_string(),
            each.round_dp(2).normalize().to_string(),
            ratio(units, count(made.invoices)).round_dp(2).normalize().to_string(),
            why.to_owned(),
        ]);
        figures.add(format!("{operation} {on}"), "each", each, Unit::Times, Some(Bar::AtMost(most)));
    }
    let sizes = sizes(&made.items);
    let largest = sizes.values().flatten().copied().max().unwrap_or_default();
    figures.add("the largest item", "max", count(largest), Unit::Bytes, Some(Bar::AtMost(LARGEST_ITEM)));
    let job = sizes.get("job").into_iter().flatten().copied().max().unwrap_or_default();
    figures.add("the largest job", "max", count(job), Unit::Bytes, Some(Bar::AtMost(LARGEST_JOB)));
    report.figures.append(&mut figures.all);
    report.sheets.push(sheet);
    report.sheets.push(as_sheet(&sizes));
    Ok(())
}

/// How often so was called, and for how many units, by the functions that a job passes through.
fn of(made: &Made, operation: &str, on: &str) -> (Decimal, Decimal) {
    let own = made.spent.calls.iter().filter(|(kind, _)| {
        kind.operation == operation && kind.on == on && FUNCTIONS.contains(&kind.function.as_str())
    });
    own.fold(Default::default(), |(calls, units), (_, sum)| (calls + Decimal::from(sum.calls), units + sum.units))
}

/// The items' sizes in bytes, by kind.
fn sizes(items: &[Value]) -> BTreeMap<String, Vec<usize>> {
    let mut sizes: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for item in items {
        let key = |name: &str| item[name].as_str().unwrap_or_default().split('#').next().unwrap_or_default();
        let kind = match (key("pk"), key("sk")) {
            ("job", "job") => "job".to_owned(),
            ("job", _) => "job: a line of its story".to_owned(),
            (kind, _) => kind.to_owned(),
        };
        sizes.entry(kind).or_default().push(size::of(item));
    }
    sizes
}

fn as_sheet(sizes: &BTreeMap<String, Vec<usize>>) -> Sheet {
    let mut sheet =
        Sheet::new("Items of the journal after that day", ["kind", "how many", "bytes, mean", "bytes, most"]);
    for (kind, sizes) in sizes {
        let whole: usize = sizes.iter().sum();
        sheet.row([
            kind.clone(),
            sizes.len().to_string(),
            ratio(count(whole), count(sizes.len())).round_dp(0).to_string(),
            sizes.iter().max().copied().unwrap_or_default().to_string(),
        ]);
    }
    sheet
}
