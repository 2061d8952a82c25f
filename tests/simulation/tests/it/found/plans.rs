//! Plans told by hand: one company, one agreement, and what happens to it.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{agreement::Agreement, due::Reading, job::JobState};
use fortnox_sim::EffectKind;
use serde_json::{Map, Value};
use simulation::{Act, AgreementPlan, Call, Fault, Outcome, Plan, Quirks, Telling, TenantPlan, Trouble};

use domain::settings::Scope;

/// Just before the scan of a day on which a monthly agreement is due.
const START: &str = "2026-02-01T04:55:00Z";

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("not an object: {other}"),
    }
}

/// A company with this agreement, whose dates are those of its next period.
pub(super) fn one_company(agreement: &Agreement, profile: Value) -> Plan {
    let start: DateTime<Utc> = START.parse().unwrap();
    let plan = AgreementPlan {
        number: agreement.number.as_str().parse().unwrap(),
        customer: agreement.customer.as_str().parse().unwrap(),
        interval: agreement.interval.months(),
        reading: Reading::NextPeriod,
        next: agreement.period.start(),
        made_before: 0,
        length: None,
        remaining: agreement.remaining,
        last_invoice_date: None,
        amount: 1000,
        currency: agreement.total.currency,
    };
    let tenant = TenantPlan {
        number: 1,
        quirks: Quirks::NONE,
        profile: object(profile),
        layers: Vec::new(),
        fates: Vec::new(),
        recurring: Vec::new(),
        default_deliveries: Vec::new(),
        without_address: Vec::new(),
        agreements: vec![plan],
    };
    Plan {
        seed: 1,
        start,
        lasts: TimeDelta::hours(6),
        workers: 2,
        ends_slow_workers: true,
        telling: Telling::Never,
        digests: false,
        tenants: vec![tenant],
        troubles: Vec::new(),
    }
}

/// The first such call goes wrong.
pub(super) fn first(call: Call, fault: Fault) -> Trouble {
    Trouble::Fault { call, nth: 1, fault, meanwhile: Vec::new() }
}

/// The first such call goes wrong, and something happens so long after that.
pub(super) fn first_and(call: Call, fault: Fault, after: TimeDelta, act: Act) -> Trouble {
    Trouble::Fault { call, nth: 1, fault, meanwhile: vec![(after, act)] }
}

/// Something happens so long after the start.
pub(super) fn after_seconds(seconds: i64, act: Act) -> Trouble {
    Trouble::Deed { after: TimeDelta::seconds(seconds), act }
}

pub(super) fn create_by_hand() -> Act {
    Act::CreateByHand { tenant: 1, agreement: 7 }
}

pub(super) fn set_profile(item: Value) -> Act {
    Act::Set { tenant: 1, scope: Scope::Profile, item: object(item) }
}

/// What was done to invoices, in order, as far as the trouble goes: the people who put things in order come after it.
pub(super) fn effects(outcome: &Outcome) -> Vec<String> {
    let told = outcome.evidence.effects().filter_map(|(entry, effect)| {
        let what = match effect.kind {
            EffectKind::InvoiceCreated => format!("created {}", effect.period_start?),
            EffectKind::InvoiceBooked => "booked".to_owned(),
            EffectKind::MarkedSent => "sent".to_owned(),
            _ => return None,
        };
        Some(format!("{what} by {:?}", entry.actor))
    });
    told.collect()
}

/// What held the job of the period that starts so, one after another.
pub(super) fn held_for(outcome: &Outcome, start: &str) -> Vec<&'static str> {
    let job = outcome
        .evidence
        .jobs
        .iter()
        .find(|record| record.job.due().unwrap().period.start().to_string() == start)
        .unwrap();
    assert!(!matches!(job.job.state, JobState::Working));
    let held = job.events.iter().filter_map(|event| match &event.kind {
        domain::job::EventKind::Held { reason } => Some(reason.code()),
        _ => None,
    });
    held.collect()
}
