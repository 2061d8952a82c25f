//! What happened in a run, line by line, for a person who has to find out why a promise was broken.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use domain::job::{Event, EventKind, JobState};
use fortnox_sim::Actor;

use crate::{
    plan::{AgreementPlan, Plan, Trouble},
    run::Outcome,
};

type Line = (DateTime<Utc>, String);

/// Plan, run and judgement in words.
pub fn story(plan: &Plan, outcome: &Outcome) -> String {
    let mut text = String::new();
    let mut say = |line: &str| {
        // Writing to a text can't fail.
        let _ = writeln!(text, "{line}");
    };
    say(&format!("Seed {}, from {} for {} h, {} workers", plan.seed, plan.start, plan.lasts.num_hours(), plan.workers));
    for tenant in &plan.tenants {
        say(&format!("  {} {}", tenant.tenant(), serde_json::Value::Object(tenant.profile.clone())));
        say(&format!("    {:?}", tenant.quirks));
        for (scope, item) in &tenant.layers {
            say(&format!("    {scope}: {}", serde_json::Value::Object(item.clone())));
        }
        for agreement in &tenant.agreements {
            say(&format!("    {}", in_words(agreement)));
        }
    }
    for trouble in &plan.troubles {
        say(&format!("  {}", trouble_in_words(trouble)));
    }
    say("What happened:");
    for (at, what) in lines(outcome) {
        say(&format!("  {} {what}", at.format("%Y-%m-%d %H:%M:%S%.3f")));
    }
    say("How the jobs ended:");
    for record in &outcome.evidence.jobs {
        let state = match &record.job.state {
            JobState::Held { reason, .. } => format!("held: {reason}"),
            other => format!("{other:?}"),
        };
        say(&format!("  {} {state}", record.job.key));
    }
    say("Broken promises:");
    for broken in &outcome.broken {
        say(&format!("  {}: {}", broken.promise, broken.how));
    }
    text
}

fn in_words(plan: &AgreementPlan) -> String {
    let AgreementPlan { number, customer, interval, reading, next, made_before, .. } = plan;
    let date = plan.last_invoice_date.map_or_else(|| "never".to_owned(), |date| date.to_string());
    let length = plan.length.map_or_else(|| "an unknown number of".to_owned(), |length| length.to_string());
    let left = plan.remaining.map_or_else(String::new, |left| format!(", {left} left"));
    format!(
        "agreement {number} of customer {customer}: {} {} each {interval} months, {reading:?} of {length} periods{left}, next \
         from {next}, {made_before} made before, last on {date}",
        plan.amount, plan.currency
    )
}

fn trouble_in_words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Fault { call, nth, fault, meanwhile } => {
            let meanwhile: Vec<_> =
                meanwhile.iter().map(|(after, act)| format!("{} s later: {act:?}", after.num_seconds())).collect();
            format!("{call:?} number {nth}: {fault:?} {}", meanwhile.join(", "))
        }
        Trouble::Storm { after, lasts, one_in, faults, .. } => {
            format!("after {} s, for {} s, 1 in {one_in} calls: {faults:?}", after.num_seconds(), lasts.num_seconds())
        }
        Trouble::Deed { after, act } => format!("after {} s: {act:?}", after.num_seconds()),
    }
}

fn lines(outcome: &Outcome) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    lines.extend(outcome.done.iter().map(|(at, what)| (*at, format!("** {what}"))));
    let strike = |strike: &crate::faults::Strike| {
        (strike.at, format!("!! {:?} number {}: {:?}", strike.call, strike.nth, strike.fault))
    };
    lines.extend(outcome.struck.iter().map(strike));
    for entry in
        outcome.evidence.ledger.iter().filter(|entry| entry.actor == Actor::Person || !entry.effects.is_empty())
    {
        let who = if entry.actor == Actor::Person { "person" } else { "app" };
        let effects: Vec<String> = entry
            .effects
            .iter()
            .map(|effect| {
                let period = effect.period_start.map(|start| format!(" from {start}")).unwrap_or_default();
                let of = |name: &str, number: Option<u64>| number.map(|it| format!(" {name} {it}")).unwrap_or_default();
                format!(
                    "{:?}{}{}{period}",
                    effect.kind,
                    of("invoice", effect.invoice),
                    of("agreement", effect.contract)
                )
            })
            .collect();
        let tenant = entry.tenant.unwrap_or_default();
        lines.push((entry.at, format!("-> {tenant}: {who} {} {}: {}", entry.method, entry.path, effects.join(", "))));
    }
    for mail in &outcome.evidence.mails {
        let at = mail.at.unwrap_or_default();
        lines.push((at, format!("-> mail of invoice {} of {:?} to {:?}", mail.invoice, mail.tenant, mail.to)));
    }
    for record in &outcome.evidence.jobs {
        lines.extend(record.events.iter().map(|event| (event.at, format!("   {}: {}", record.job.key, told(event)))));
    }
    lines.sort_by_key(|(at, _)| *at);
    lines
}

fn told(event: &Event) -> String {
    match &event.kind {
        EventKind::Decided { decision } => format!("decided: {:?}", decision.verdict),
        other => format!("{other:?}"),
    }
}
