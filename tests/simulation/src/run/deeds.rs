//! What people and the platform do, one deed at a time.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{
    agreement::AgreementStatus,
    ids::{AgreementNumber, InvoiceNumber, SystemKind, TenantId},
    job::Job,
    money::Money,
    period::{Interval, Period},
    settings::Scope,
};
use fortnox_sim::{FaultAnswer, FaultKind, Method};

use super::{open::address, people, platform::Platform, worker::Work};
use crate::{
    fortnox::{Effect, Person},
    memory::Memory,
    plan::{Act, AgreementPlan, Plan},
};

/// What each agreement amounted to, and since when: the model that the ledger's amounts must agree with.
#[derive(Debug, Default)]
pub(super) struct Amounts(BTreeMap<(TenantId, u32), OverTime>);

/// Amounts, each since when.
type OverTime = Vec<(DateTime<Utc>, Money)>;

impl Amounts {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut amounts = Self::default();
        for tenant in &plan.tenants {
            for AgreementPlan { number, amount, currency, .. } in &tenant.agreements {
                amounts.set(tenant.tenant(), *number, plan.start, Money::new((*amount).into(), *currency));
            }
        }
        amounts
    }

    fn set(&mut self, tenant: TenantId, agreement: u32, at: DateTime<Utc>, money: Money) {
        self.0.entry((tenant, agreement)).or_default().push((at, money));
    }

    fn newest(&self, tenant: &TenantId, agreement: u32) -> Option<Money> {
        self.0.get(&(tenant.clone(), agreement))?.last().map(|(_, money)| *money)
    }

    /// What it amounted to at `at`.
    pub(super) fn at(&self, tenant: &TenantId, agreement: u32, at: DateTime<Utc>) -> Option<Money> {
        let told = self.0.get(&(tenant.clone(), agreement))?;
        told.iter().rev().find(|(since, _)| *since <= at).map(|(_, money)| *money)
    }
}

fn id(tenant: u64) -> TenantId {
    TenantId::new(SystemKind::Fortnox, tenant)
}

fn number(agreement: u32) -> AgreementNumber {
    #[expect(clippy::expect_used, reason = "digits are a number")]
    agreement.to_string().parse().expect("digits are an agreement's number")
}

/// The agreement's newest invoice.
fn newest(memory: &Memory, tenant: &TenantId, agreement: u32) -> Option<InvoiceNumber> {
    let of = number(agreement);
    let ledger = memory.fortnox().ledger(tenant);
    let made = |effect: &Effect| matches!(effect, Effect::Created { agreement, .. } if *agreement == of);
    ledger.into_iter().rev().find(|entry| made(&entry.effect)).map(|entry| entry.invoice)
}

impl Platform<'_> {
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the methods are for a person of one lifetime only")]
    pub(super) fn act(&mut self, act: &Act) {
        self.done.push((self.now(), format!("{act:?}")));
        match act {
            // Of an agreement whose dates stand still and that we never invoiced nobody could tell what was made ahead.
            Act::CreateByHand { tenant, agreement } if self.is_ahead_of_all(&id(*tenant), *agreement) => {}
            Act::CreateByHand { tenant, agreement } => {
                create_by_hand(self.memory, &id(*tenant), *agreement, self.now().date_naive());
            }
            Act::Book { tenant, agreement } => self.with_newest(*tenant, *agreement, |person, it| person.book(it)),
            Act::Send { tenant, agreement } => self.with_newest(*tenant, *agreement, |person, it| person.send(it)),
            Act::HandOver { tenant, agreement } => {
                self.with_newest(*tenant, *agreement, |person, it| person.hand_over(it));
            }
            Act::SetDefaultDelivery { tenant, customer, word } => {
                set_default_delivery(self.memory, &id(*tenant), *customer, word);
            }
            Act::Authorize { tenant, yes } => {
                self.memory.fortnox().switch(&id(*tenant), |switches| switches.finance_is_authorized = *yes);
            }
            Act::TakeBack { tenant, agreement } => {
                self.with_newest(*tenant, *agreement, |person, it| person.cancel(it).or_else(|| person.credit(it)));
            }
            Act::Reprice { tenant, agreement, amount } => self.reprice(&id(*tenant), *agreement, *amount),
            Act::MovePeriod { tenant, agreement } => {
                move_period(self.memory, &id(*tenant), *agreement);
            }
            Act::SetActive { tenant, agreement, active } => {
                let status = if *active { AgreementStatus::Active } else { AgreementStatus::Inactive };
                self.memory.fortnox().person(&id(*tenant)).set_status(&number(*agreement), status);
            }
            Act::Finish { tenant, agreement } => {
                self.memory.fortnox().person(&id(*tenant)).set_status(&number(*agreement), AgreementStatus::Finished);
            }
            Act::Garble { tenant, agreement, broken } => self.garble(&id(*tenant), *agreement, *broken),
            Act::SetAddress { tenant, customer, there } => {
                let to = there.then(|| address(*customer));
                enter_customer(self.memory, &id(*tenant), *customer, to.as_deref());
            }
            Act::Set { tenant, scope, item } => self.memory.settings().put(&id(*tenant), scope.clone(), item.clone()),
            Act::Approve { tenant, place } => self.answer(*tenant, *place, people::Answer::Yes),
            Act::Skip { tenant, place } => self.answer(*tenant, *place, people::Answer::Skip),
            Act::Consent { tenant, given } => self.memory.fortnox().set_consent(&id(*tenant), *given),
            Act::Feature { tenant, on } => {
                self.memory.fortnox().switch(&id(*tenant), |switches| switches.contracts_feature = *on);
            }
            Act::Outage { tenant, path } => self.outage(*tenant, path),
            other => self.act_of_platform(other),
        }
    }

    fn act_of_platform(&mut self, act: &Act) {
        let queues = self.memory.queues();
        match act {
            Act::NoTicks { lasts } => {
                let until = self.now() + *lasts;
                self.no_ticks_until(until);
            }
            Act::ExtraTicks { count } => self.tick_now(*count),
            Act::ExtraScans { tenant, count } => (0..*count).for_each(|_| queues.ask_for_scan(&id(*tenant))),
            // What is doubled again and again never ends.
            Act::DoubleMessages if queues.len() < 40 => queues.duplicate(),
            Act::ReverseMessages => queues.reverse(),
            Act::DelayMessages { by } => queues.delay(*by),
            Act::OldMessages { count } => queues.old_again(*count),
            Act::LoseMessages => queues.lose_all(),
            Act::KillWorkers => self.kill_all(),
            _ => {}
        }
    }

    /// Whether the agreement's dates are a whole term's, it's not due, and we have made no invoice of it.
    fn is_ahead_of_all(&self, tenant: &TenantId, agreement: u32) -> bool {
        let ours = |job: &Job| job.key.tenant() == tenant && job.key.agreement() == Some(&number(agreement));
        let known = self.memory.journal().jobs().iter().any(|job| ours(job) && job.invoice().is_some());
        let today = self.now().date_naive();
        !known && next_period(self.memory, tenant, agreement).is_some_and(|(term, next)| term && next > today)
    }

    fn with_newest(&self, tenant: u64, agreement: u32, act: impl FnOnce(&Person<'_>, &InvoiceNumber) -> Option<()>) {
        let tenant = id(tenant);
        if let Some(invoice) = newest(self.memory, &tenant, agreement) {
            act(&self.memory.fortnox().person(&tenant), &invoice);
        }
    }

    fn reprice(&mut self, tenant: &TenantId, agreement: u32, amount: i64) {
        let Some(now) = self.amounts.newest(tenant, agreement) else { return };
        let money = Money::new(amount.into(), now.currency);
        if self.memory.fortnox().person(tenant).set_total(&number(agreement), money).is_some() {
            self.amounts.set(tenant.clone(), agreement, self.now(), money);
        }
    }

    /// A currency that's none: the amount is the same as before once it's mended.
    pub(super) fn garble(&self, tenant: &TenantId, agreement: u32, broken: bool) {
        let Some(money) = self.amounts.newest(tenant, agreement) else { return };
        let currency = if broken { "K?".to_owned() } else { money.currency.to_string() };
        self.memory.fortnox().person(tenant).set_currency(&number(agreement), &currency);
    }

    fn outage(&self, tenant: u64, path: &str) {
        let unavailable = FaultAnswer { status: 503, body: String::new(), content_type: "text/html".to_owned() };
        let mut fault = fortnox_sim::Fault::next_on(path, FaultKind::StatusBeforeEffect(unavailable));
        fault.matching.tenant = Some(tenant);
        fault.times = u32::MAX;
        self.memory.fortnox().with_world(|world| world.inject(fault));
    }

    /// A person takes a look at one of the waiting jobs, or stops one. A yes is only said where it can't make anything twice.
    fn answer(&mut self, tenant: u64, place: usize, answer: people::Answer) {
        let tenant = id(tenant);
        let jobs = self.memory.journal().jobs();
        let waits = |job: &Job| job.needs_person() || (answer == people::Answer::Skip && job.may_be_stopped());
        let waiting: Vec<Job> = jobs.into_iter().filter(|job| *job.key.tenant() == tenant && waits(job)).collect();
        let Some(job) = waiting.get(place) else { return };
        let answer = if answer == people::Answer::Yes { people::look(self.memory, job) } else { answer };
        self.start(match answer {
            people::Answer::Yes => Work::Approve(job.key.clone()),
            people::Answer::Skip => Work::Skip(job.key.clone()),
        });
    }

    /// A person writes the settings anew.
    pub(super) fn set(&self, tenant: &TenantId, scope: Scope, item: serde_json::Map<String, serde_json::Value>) {
        self.memory.settings().put(tenant, scope, item);
    }
}

/// A person invoices what is next. Where the dates are a whole term's, they invoice all that is due or about to be: what they made only the
/// oldest of, nobody could tell from the agreement.
pub(super) fn create_by_hand(memory: &Memory, tenant: &TenantId, agreement: u32, today: NaiveDate) {
    /// More than anybody is behind.
    const MOST: usize = 24;
    /// The most that a plan's company invoices ahead, weekends included.
    const ABOUT_TO_BE_DUE_DAYS: u64 = 10;
    let person = memory.fortnox().person(tenant);
    for _ in 0..MOST {
        person.create(&number(agreement));
        let soon = today + Days::new(ABOUT_TO_BE_DUE_DAYS);
        if next_period(memory, tenant, agreement).is_none_or(|(whole_term, next)| !whole_term || next > soon) {
            return;
        }
    }
}

/// Whether the agreement's dates are a whole term's, and when its next period begins, as Fortnox itself knows it.
pub(super) fn next_period(memory: &Memory, tenant: &TenantId, agreement: u32) -> Option<(bool, NaiveDate)> {
    let state = memory.fortnox().with_world(|world| world.state());
    let companies = state["companies"].as_array()?;
    let company = companies.iter().find(|company| company["DatabaseNumber"] == tenant.number())?;
    let own = agreement.to_string();
    let contract = company["contracts"].as_array()?.iter().find(|it| it["DocumentNumber"] == own.as_str())?;
    let next = contract["sim"]["next_invoice_covers"]["start"].as_str()?.parse().ok()?;
    Some((contract["sim"]["reading"] == "whole_term", next))
}

/// Enters a customer's address, or takes it out.
pub(super) fn enter_customer(memory: &Memory, tenant: &TenantId, customer: u32, address: Option<&str>) {
    if let Ok(number) = customer.to_string().parse() {
        memory.fortnox().person(tenant).enter_customer(&number, &format!("Kund {customer} AB"), address);
    }
}

/// Enters on a customer's card how its invoices are delivered.
pub(super) fn set_default_delivery(memory: &Memory, tenant: &TenantId, customer: u32, word: &str) {
    if let Ok(number) = customer.to_string().parse() {
        memory.fortnox().person(tenant).set_default_delivery(&number, word);
    }
}

/// Moves the agreement's dates on by one interval, as a person does who invoiced it elsewhere.
pub(super) fn move_period(memory: &Memory, tenant: &TenantId, agreement: u32) -> Option<()> {
    let person = memory.fortnox().person(tenant);
    let shown = person.press(Method::Get, &format!("/3/contracts/{agreement}"), None).json_body();
    let date = |name: &str| shown["Contract"][name].as_str()?.parse().ok();
    let interval = Interval::try_from(u32::try_from(shown["Contract"]["InvoiceInterval"].as_u64()?).ok()?).ok()?;
    let start = date("PeriodStart")?;
    // Only where the dates are those of the next period; a term is something else.
    let next = Period::nth(start, interval, 0).filter(|period| date("PeriodEnd") == Some(period.end()))?;
    let after = Period::nth(next.start(), interval, 1)?;
    person.set_period(&number(agreement), after)
}
