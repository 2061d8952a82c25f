//! Sample values, short to write.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    agreement::LastInvoice,
    due::DuePeriod,
    hold::HoldReason,
    ids::{AgreementNumber, SystemKind, TenantId},
    job::{Created, Event, EventKind, Job, JobState, Step, StepName},
    money::{Currency, Money},
    period::{Interval, Period},
};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use workflow::ports::{Also, Claim, Claimed, History, Journal, Remembered};

/// How long the checks take a job for.
pub const LEASE: TimeDelta = TimeDelta::seconds(90);

/// The smallest step of time that a store must tell apart.
pub const TICK: TimeDelta = TimeDelta::milliseconds(1);

/// Numbers that people give agreements and customers, with whatever a store might take for a separator of its own.
pub const ODD_NUMBERS: [&str; 10] =
    ["7", "07", "A#7", "A:7:2026-01-01", "a/7", "7 b", "Åäö ÅÄÖ", "agreement#7", "tenant", "\"7\" {}%?&\\"];

/// A sum that takes more than one of the answers DynamoDB gives (1 MB), in bytes.
pub const MORE_THAN_ONE_ANSWER: usize = 1_400_000;

/// The Fortnox company with this number.
pub fn tenant(number: u64) -> TenantId {
    TenantId::new(SystemKind::Fortnox, number)
}

/// Two companies, the second of whose names begins with the first's.
pub fn namesakes() -> [TenantId; 2] {
    [tenant(1), tenant(11)]
}

/// An agreement's number.
pub fn number(text: &str) -> AgreementNumber {
    text.parse().unwrap()
}

/// A date.
pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The morning on which everything here begins.
pub fn morning() -> DateTime<Utc> {
    "2026-03-29T04:00:00.125Z".parse().unwrap()
}

/// The period of a month that starts on this date.
pub fn month(start: &str) -> Period {
    Period::nth(date(start), Interval::MONTHLY, 0).unwrap()
}

/// An amount in kronor, with öre.
pub fn kronor(amount: &str) -> Money {
    Money::new(amount.parse::<Decimal>().unwrap(), Currency::SEK)
}

/// A new job for the month from this date.
pub fn job_for(tenant: &TenantId, agreement: &str, start: &str) -> Job {
    let due = DuePeriod {
        period: month(start),
        due_on: date(start),
        invoice_date: None,
        total: kronor("1250.50"),
        more_due: 0,
    };
    Job::new(tenant.clone(), number(agreement), "10".parse().unwrap(), due, date("2026-03-29"), morning())
}

/// A new job for March.
pub fn job(tenant: &TenantId, agreement: &str) -> Job {
    job_for(tenant, agreement, "2026-03-01")
}

/// A new job for April.
pub fn later_job(tenant: &TenantId, agreement: &str) -> Job {
    job_for(tenant, agreement, "2026-04-01")
}

/// One with a text of this many bytes in it.
pub fn large_job(tenant: &TenantId, agreement: &str, bytes: usize) -> Job {
    let create = Step::Open { attempts: 1, last: Some("x".repeat(bytes)) };
    Job { create, ..job(tenant, agreement) }
}

/// An event that can be told from others by its words.
pub fn event(why: &str) -> Event {
    Event { at: morning(), kind: EventKind::NotDone { step: StepName::Create, why: why.to_owned() } }
}

/// Events that can be told from each other.
pub fn events(story: &str, count: usize) -> Vec<Event> {
    (0..count).map(|n| event(&format!("{story} {n}"))).collect()
}

/// The state of a job that waits for a person.
pub fn held(since: DateTime<Utc>) -> JobState {
    JobState::Held { reason: HoldReason::DayLimit { limit: 3 }, since }
}

/// The state of a job that was refused for good.
pub fn failed(since: DateTime<Utc>) -> JobState {
    JobState::Failed {
        step: StepName::Create,
        words: "Kunden är spärrad".to_owned(),
        advice: "lift the block".to_owned(),
        since,
    }
}

/// A made invoice.
pub fn created(adopted: bool) -> Created {
    Created {
        invoice: "1001".parse().unwrap(),
        invoice_date: date("2026-03-29"),
        total: kronor("1250.50"),
        adopted,
        known_at: None,
    }
}

/// What is remembered of an agreement with these invoices, oldest first.
pub fn history(invoices: &[String]) -> History {
    let mut history = History { known: invoices.iter().map(|number| number.parse().unwrap()).collect(), last: None };
    history.last = Some(LastInvoice {
        period: month("2026-02-01"),
        invoice_date: date("2026-02-01"),
        total: kronor("999.90"),
        fields_before: month("2026-02-01"),
    });
    history
}

/// A first history, to be saved where there was none.
pub fn first(history: History) -> Also {
    Also { events: Vec::new(), history: Some(Remembered { history, version: 0 }) }
}

/// The claimed job, where it must be free.
pub async fn claimed<J: Journal>(journal: &J, job: &Job, now: DateTime<Utc>) -> Claimed {
    match journal.claim(&job.key, now, LEASE).await.unwrap() {
        Claim::Taken(claimed) => *claimed,
        other => panic!("the job must be free: {other:?}"),
    }
}

/// Opens the job and takes it.
pub async fn opened<J: Journal>(journal: &J, job: &Job) -> Claimed {
    journal.open(job, &[]).await.unwrap();
    claimed(journal, job, morning()).await
}

/// The fields of an item.
pub fn item(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("an item is an object: {other}"),
    }
}
