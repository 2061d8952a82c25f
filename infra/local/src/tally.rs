//! What the functions cost: their calls of AWS, with what DynamoDB charges for them, and how their processes fare.
//!
//! Kept only where it's asked for ([`Options::tally`](crate::Options::tally)): it has DynamoDB say more than a function asks for, and reads
//! every answer.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

/// What a run cost so far.
#[derive(Clone, Debug, Default)]
pub struct Spent {
    /// The functions' calls of AWS, by kind.
    pub calls: BTreeMap<CallKind, CallSum>,
    /// The functions' processes, in the order in which they began.
    pub processes: Vec<Life>,
}

/// Calls that are alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallKind {
    /// Logical name of the function.
    pub function: String,
    /// The service's word, such as `GetItem` or `SendMessage`.
    pub operation: String,
    /// The table or the queue; tables with a plus between them; empty for what has none.
    pub on: String,
}

/// Calls of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallSum {
    /// How many.
    pub calls: u64,
    /// What DynamoDB charges: its read or write units, by the kind of the call.
    pub units: Decimal,
}

/// One process of a function.
#[derive(Clone, Debug)]
pub struct Life {
    /// Logical name.
    pub function: String,
    /// When it was started, by the system's clock.
    pub began: DateTime<Utc>,
    /// From its start to its first question for an event.
    pub to_first_poll: Option<Duration>,
    /// Most memory that it had at once, in bytes. Known on Linux only.
    pub peak_bytes: Option<u64>,
    /// Its invocations that ended with an answer, each from the event being taken to the answer.
    pub invocations: Vec<Duration>,
}

impl Spent {
    /// What was called since `before`; the processes are all.
    #[must_use]
    pub fn since(mut self, before: &Self) -> Self {
        for (kind, sum) in &before.calls {
            if let Some(now) = self.calls.get_mut(kind) {
                now.calls = now.calls.saturating_sub(sum.calls);
                now.units -= sum.units;
            }
        }
        self.calls.retain(|_, sum| sum.calls > 0);
        self
    }
}

/// Where it's written down, if it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally(Option<Arc<Mutex<Spent>>>);

impl Tally {
    pub(crate) fn new(wanted: bool) -> Self {
        Self(wanted.then(Arc::default))
    }

    pub(crate) fn spent(&self) -> Spent {
        self.0.as_ref().map(|spent| lock(spent).clone()).unwrap_or_default()
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn call(&self, kind: CallKind, units: Decimal) {
        if let Some(spent) = &self.0 {
            let mut spent = lock(spent);
            let sum = spent.calls.entry(kind).or_default();
            sum.calls += 1;
            sum.units += units;
        }
    }

    /// A process begins.
    pub(crate) fn begin(&self, function: &str) -> LifeBook {
        let index = self.0.as_ref().map(|spent| {
            let mut spent = lock(spent);
            spent.processes.push(Life {
                function: function.to_owned(),
                began: Utc::now(),
                to_first_poll: None,
                peak_bytes: None,
                invocations: Vec::new(),
            });
            spent.processes.len() - 1
        });
        LifeBook { tally: self.clone(), index }
    }
}

/// Where one process is written down.
pub(crate) struct LifeBook {
    tally: Tally,
    index: Option<usize>,
}

impl LifeBook {
    /// Notes what came of an invocation of the process.
    pub(crate) fn note(&self, pid: u32, to_first_poll: Option<Duration>, took: Duration) {
        let (Some(spent), Some(index)) = (&self.tally.0, self.index) else { return };
        let peak_bytes = peak_bytes(pid);
        if let Some(life) = lock(spent).processes.get_mut(index) {
            life.to_first_poll = to_first_poll;
            life.peak_bytes = peak_bytes.or(life.peak_bytes);
            life.invocations.push(took);
        }
    }
}

/// `VmHWM:     12345 kB` of the process's status.
fn peak_bytes(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// Has DynamoDB say what it charges.
pub(crate) fn ask_for_units(request: &mut Json) {
    if let Some(request) = request.as_object_mut() {
        request.insert("ReturnConsumedCapacity".to_owned(), json!("TOTAL"));
    }
}

/// What it charged: one figure, or one a table.
pub(crate) fn units(answer: &Json) -> Decimal {
    let of = |one: &Json| one["CapacityUnits"].as_number().and_then(|units| units.to_string().parse::<Decimal>().ok());
    match &answer["ConsumedCapacity"] {
        Json::Array(tables) => tables.iter().filter_map(of).sum(),
        one => of(one).unwrap_or_default(),
    }
}

/// What a refusal costs: a condition that isn't met is charged as the write would have been. Of what size the item is isn't
/// told, so it's taken for a small one.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html>
pub(crate) fn units_of_refusal(request: &Json, answer: &Json) -> Decimal {
    let kind = answer["__type"].as_str().unwrap_or_default();
    if kind.ends_with("ConditionalCheckFailedException") {
        return Decimal::ONE;
    }
    if kind.ends_with("TransactionCanceledException") {
        let parts = request["TransactItems"].as_array().map_or(0, Vec::len);
        // A part of a transaction is charged twice.
        return Decimal::TWO * Decimal::from(parts);
    }
    Decimal::ZERO
}

/// The tables, or the queue, that a request is about.
pub(crate) fn subject(request: &Json) -> String {
    if let Some(table) = request["TableName"].as_str() {
        return match request["IndexName"].as_str() {
            Some(index) => format!("{table}/{index}"),
            None => table.to_owned(),
        };
    }
    if let Some(queue) = request["QueueUrl"].as_str() {
        return queue.rsplit('/').next().unwrap_or_default().to_owned();
    }
    let parts = request["TransactItems"].as_array().into_iter().flatten();
    let acts = parts.filter_map(|part| part.as_object()).flat_map(serde_json::Map::values);
    let mut tables: Vec<&str> = acts.filter_map(|act| act["TableName"].as_str()).collect();
    tables.sort_unstable();
    tables.dedup();
    tables.join("+")
}

fn lock(spent: &Mutex<Spent>) -> MutexGuard<'_, Spent> {
    spent.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_is_of_its_tables_and_costs_their_sum() {
        let parts = json!({"TransactItems": [
            {"Put": {"TableName": "B"}}, {"Update": {"TableName": "A"}}, {"Put": {"TableName": "B"}},
        ]});
        assert_eq!(subject(&parts), "A+B");
        assert_eq!(subject(&json!({"TableName": "A", "IndexName": "due"})), "A/due");
        assert_eq!(subject(&json!({"QueueUrl": "http://q/1/ScanQueue"})), "ScanQueue");
        let answer = json!({"ConsumedCapacity": [{"CapacityUnits": 4.0}, {"CapacityUnits": 0.5}]});
        assert_eq!(units(&answer), Decimal::new(45, 1));
        assert_eq!(units(&json!({"ConsumedCapacity": {"CapacityUnits": 1.5}})), Decimal::new(15, 1));
        assert_eq!(units(&json!({})), Decimal::ZERO);
        let refused =
            |kind: &str| units_of_refusal(&parts, &json!({"__type": format!("com.amazonaws.dynamodb#{kind}")}));
        assert_eq!(refused("ConditionalCheckFailedException"), Decimal::ONE);
        assert_eq!(refused("TransactionCanceledException"), Decimal::from(6));
        assert_eq!(refused("ValidationException"), Decimal::ZERO);
    }

    #[test]
    fn what_was_there_before_is_not_counted_again() {
        let tally = Tally::new(true);
        let kind = |on: &str| CallKind { function: "f".into(), operation: "GetItem".into(), on: on.into() };
        tally.call(kind("A"), Decimal::ONE);
        tally.call(kind("B"), Decimal::ONE);
        let before = tally.spent();
        tally.call(kind("A"), Decimal::TWO);
        let since = tally.spent().since(&before);
        assert_eq!(since.calls, [(kind("A"), CallSum { calls: 1, units: Decimal::TWO })].into());
    }
}
