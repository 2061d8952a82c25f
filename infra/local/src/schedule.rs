//! The template's schedules, on the movable clock.
//!
//! They fire only when the clock is moved or when asked to, never by themselves: a run is the same every time. Occurrences
//! that were passed over collapse into one firing. That is what a heartbeat is for: it says "look what is due", and one
//! look finds all of it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};
use tokio::task::JoinSet;

use crate::{
    emulators::{EmulatorError, Sqs},
    lambda::{InvokeError, Lambda},
    template::{AsyncInvocation, Function, Schedule},
};

/// What came of one firing.
#[derive(Debug)]
pub struct Firing {
    /// Name of the schedule.
    pub schedule: String,
    /// The function's answer, or its last error once it failed every try.
    pub outcome: Result<Json, InvokeError>,
    /// Runs, the first included.
    pub tries: u32,
}

/// Why a schedule did not fire.
#[derive(Debug, thiserror::Error)]
pub enum FireError {
    /// The template has no such schedule.
    #[error("there is no schedule called {0}")]
    Unknown(String),
    /// The record of a failed run could not be put in its queue.
    #[error(transparent)]
    DeadLetter(#[from] EmulatorError),
    /// The clock could not be moved. May be repeated.
    #[error("the clock cannot be moved: {0}")]
    Clock(#[from] std::io::Error),
}

/// All schedules of the template.
pub(crate) struct Schedules {
    lambda: Arc<Lambda>,
    sqs: Sqs,
    entries: BTreeMap<String, Arc<Entry>>,
    last: Mutex<BTreeMap<String, DateTime<Utc>>>,
}

struct Entry {
    function: String,
    schedule: Schedule,
    asynchronous: AsyncInvocation,
}

impl Schedules {
    /// Their first occurrence is one span after `start`, as with a schedule that is created then.
    pub(crate) fn new(
        functions: &BTreeMap<String, Function>,
        lambda: Arc<Lambda>,
        sqs: Sqs,
        start: DateTime<Utc>,
    ) -> Self {
        let mut entries = BTreeMap::new();
        for (function, definition) in functions {
            for (name, schedule) in &definition.schedules {
                let entry = Entry {
                    function: function.clone(),
                    schedule: schedule.clone(),
                    asynchronous: definition.asynchronous.clone(),
                };
                entries.insert(name.clone(), Arc::new(entry));
            }
        }
        let last = entries.keys().map(|name| (name.clone(), start)).collect();
        Self { lambda, sqs, entries, last: Mutex::new(last) }
    }

    /// Fires what had an occurrence since it fired last, all at once, and waits for the runs.
    pub(crate) async fn advanced(&self, now: DateTime<Utc>) -> Result<Vec<Firing>, FireError> {
        let mut runs = JoinSet::new();
        for name in self.due(now) {
            let Some(entry) = self.entries.get(&name) else { continue };
            runs.spawn(run(name, Arc::clone(entry), Arc::clone(&self.lambda), self.sqs.clone()));
        }
        let mut firings = Vec::new();
        while let Some(firing) = runs.join_next().await {
            match firing {
                Ok(firing) => firings.push(firing?),
                Err(panic) => std::panic::resume_unwind(panic.into_panic()),
            }
        }
        Ok(firings)
    }

    /// Fires one schedule now, enabled or not.
    pub(crate) async fn fire(&self, name: &str) -> Result<Firing, FireError> {
        let entry = self.entries.get(name).ok_or_else(|| FireError::Unknown(name.to_owned()))?;
        run(name.to_owned(), Arc::clone(entry), Arc::clone(&self.lambda), self.sqs.clone()).await
    }

    /// Names with an occurrence up to `now`, which are then done with.
    fn due(&self, now: DateTime<Utc>) -> Vec<String> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = Vec::new();
        for (name, entry) in &self.entries {
            let Some(last) = last.get_mut(name) else { continue };
            if *last > now {
                // The clock went back: count on from there.
                *last = now;
            }
            let occurrence = latest_occurrence(*last, entry.schedule.every, now);
            if occurrence > *last {
                *last = occurrence;
                if entry.schedule.enabled {
                    due.push(name.clone());
                }
            }
        }
        due
    }
}

/// The last of `last`, `last + every`, `last + 2 every`, ... that is not after `now`.
fn latest_occurrence(last: DateTime<Utc>, every: TimeDelta, now: DateTime<Utc>) -> DateTime<Utc> {
    let passed = (now - last).num_milliseconds();
    // A rate is at least one minute, so this never divides by zero.
    last + TimeDelta::milliseconds(passed - passed % every.num_milliseconds())
}

/// One firing. The scheduler's own part, handing the event over, cannot fail in one process. A run that fails is repeated
/// as Lambda repeats an asynchronous invocation, only without its minutes of waiting; then its record is put in the queue
/// that the template names.
async fn run(schedule: String, entry: Arc<Entry>, lambda: Arc<Lambda>, sqs: Sqs) -> Result<Firing, FireError> {
    // The template reader has already seen that it is JSON.
    let event = serde_json::from_str(&entry.schedule.input).unwrap_or(Json::Null);
    let mut tries = 0;
    let outcome = loop {
        tries += 1;
        let outcome = lambda.invoke(&entry.function, &event).await;
        match &outcome {
            Err(error) if error.may_be_repeated() && tries <= entry.asynchronous.retries => {
                tracing::warn!(schedule, tries, %error, "a scheduled run failed and is repeated");
            }
            _ => break outcome,
        }
    };
    if let (Err(error), Some(queue)) = (&outcome, &entry.asynchronous.on_failure) {
        sqs.send(queue, &failure_record(&sqs.function_arn(&entry.function), &event, error, tries).to_string()).await?;
    }
    Ok(Firing { schedule, outcome, tries })
}

/// What Lambda sends to an on-failure destination, in the parts that have a meaning here.
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>
fn failure_record(function_arn: &str, event: &Json, error: &InvokeError, tries: u32) -> Json {
    json!({
        "version": "1.0",
        "timestamp": Utc::now().to_rfc3339(),
        "requestContext": {
            "functionArn": function_arn,
            "condition": "RetriesExhausted",
            "approximateInvokeCount": tries,
        },
        "requestPayload": event,
        "responsePayload": {"errorMessage": error.to_string()},
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn occurrences_that_were_passed_over_collapse_into_the_last_one() {
        let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let every = TimeDelta::minutes(5);
        let at = |minutes| start + TimeDelta::minutes(minutes);
        assert_eq!(latest_occurrence(start, every, at(4)), start);
        assert_eq!(latest_occurrence(start, every, at(5)), at(5));
        assert_eq!(latest_occurrence(start, every, at(1444)), at(1440));
    }
}
