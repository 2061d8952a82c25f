//! Promise 6: what preview shows is what a run does. Two copies of the world go their own ways from one moment, one in
//! preview, the other in full, and must agree.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::NaiveDate;
use domain::{
    due::{Decision, Verdict},
    hold::HoldReason,
    ids::{AgreementNumber, TenantId},
    job::JobState,
    money::Money,
    settings::Scope,
};
use fortnox_sim::{Actor, EffectKind};
use judge::promises::Broken;
use serde_json::json;
use workflow::{Message, Notebook, ScanMessage, book, digest, feedback, mail, prices, scan, sweep};

use crate::{memory::Memory, plan::Plan};

/// What is made: for which agreement, from which date on, how much.
type Made = (AgreementNumber, NaiveDate, Money);

struct AllTheTime;

impl workflow::TimeLeft for AllTheTime {
    fn time_left(&self) -> Duration {
        Duration::MAX
    }
}

/// Where the two differ for the plan's companies as they are now.
pub(super) fn differs_from_run(memory: &Memory, plan: &Plan) -> Vec<Broken> {
    plan.tenants.iter().flat_map(|tenant| of_tenant(memory, &tenant.tenant())).collect()
}

fn of_tenant(memory: &Memory, tenant: &TenantId) -> Vec<Broken> {
    let Some(profile) = memory.settings().profile(tenant) else { return Vec::new() };
    let in_mode = |mode: &str| {
        let copy = memory.copy();
        copy.fortnox().with_world(fortnox_sim::World::clear_faults);
        let mut profile = profile.clone();
        profile.insert("mode".to_owned(), json!(mode));
        copy.settings().put(tenant, Scope::Profile, profile);
        scan_all(&copy, tenant);
        copy
    };
    let (preview, run) = (in_mode("preview"), in_mode("full"));
    let before = memory.fortnox().requests().len();
    let (shown, decided) = (decisions(memory, &preview, tenant), decisions(memory, &run, tenant));
    if shown != decided {
        return vec![broken(format!("{tenant}: preview shows {shown:?}, and a run decides {decided:?}"))];
    }
    work_off(&run);
    let made = made_since(&run, tenant, before);
    let missing =
        shown.iter().filter_map(due).filter(|due| !made.contains(due) && !is_excused(memory, &run, tenant, due));
    let promised: BTreeSet<_> = shown.iter().filter_map(due).map(|(agreement, ..)| agreement).collect();
    let surplus = made.iter().filter(|(agreement, ..)| !promised.contains(agreement));
    let missing = missing.map(|due| broken(format!("{tenant}: preview shows {due:?}, and a run doesn't make it")));
    missing
        .chain(surplus.map(|made| broken(format!("{tenant}: a run makes {made:?}, which preview doesn't show"))))
        .collect()
}

fn broken(how: String) -> Broken {
    Broken { promise: 6, how }
}

fn scan_all(memory: &Memory, tenant: &TenantId) {
    let message = ScanMessage::Tenant { tenant: tenant.clone(), page: 1, counted: 0, total: None };
    // Whoever can't be read is no worse off in one mode than in the other.
    let _ = memory.run(scan::work(memory, &message, &AllTheTime));
}

/// What the copy decided beyond what was decided before.
fn decisions(before: &Memory, copy: &Memory, tenant: &TenantId) -> Vec<Decision> {
    let pages = copy.journal().pages(tenant).into_iter().skip(before.journal().pages(tenant).len());
    pages.flat_map(|page| page.decisions).collect()
}

fn due(decision: &Decision) -> Option<Made> {
    match &decision.verdict {
        Verdict::Due(due) => Some((decision.agreement.clone(), due.period.start(), due.total)),
        _ => None,
    }
}

/// Takes what can be seen in the queues until there is no more.
fn work_off(memory: &Memory) {
    let notebook = Arc::new(Notebook::default());
    while let Some(received) = memory.queues().receive() {
        let _ = match &received.message {
            Message::Scan(message) => memory.run(scan::work(memory, message, &AllTheTime)),
            Message::Sweep(message) => memory.run(sweep::work(memory, message, &AllTheTime)),
            Message::Prices(message) => memory.run(prices::work(memory, message, &AllTheTime)),
            Message::Feedback(message) => memory.run(feedback::work(memory, message)),
            Message::Digest(message) => memory.run(digest::work(memory, memory.mailer(), message)),
            Message::Booking(message) => memory.run(book::work(memory, &notebook, message)),
            Message::Delivery(message) => memory.run(mail::work(memory, memory.mailer(), &notebook, message)),
        };
        memory.queues().delete(&received);
    }
}

fn made_since(memory: &Memory, tenant: &TenantId, before: usize) -> Vec<Made> {
    let requests = memory.fortnox().requests();
    let own = requests.iter().skip(before).filter(|it| it.tenant == Some(tenant.number()) && it.actor == Actor::App);
    let effects = own.flat_map(|entry| &entry.effects).filter(|effect| effect.kind == EffectKind::InvoiceCreated);
    effects
        .filter_map(|effect| {
            let money = Money::new(effect.total?, effect.currency.as_deref()?.parse().ok()?);
            Some((effect.contract?.to_string().parse().ok()?, effect.period_start?, money))
        })
        .collect()
}

/// A period that has its job already goes the job's way; and a closer look may find that a person was there before.
fn is_excused(before: &Memory, run: &Memory, tenant: &TenantId, (agreement, start, _): &Made) -> bool {
    let key = domain::job::JobKey::new(tenant.clone(), agreement.clone(), *start);
    let by_hand = |job: domain::job::Job| match job.state {
        JobState::Held { reason, .. } => {
            matches!(reason, HoldReason::PerhapsInvoicedByHand { .. } | HoldReason::OtherPeriod { .. })
        }
        _ => job.create.outcome().is_some_and(|created| created.adopted),
    };
    before.journal().job(&key).is_some() || run.journal().job(&key).is_some_and(by_hand)
}
