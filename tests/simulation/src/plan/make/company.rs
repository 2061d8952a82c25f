//! A company and its agreements.

use chrono::{Datelike, Days, Months, NaiveDate};
use domain::{
    due::{DuePolicy, Reading},
    money::Currency,
    period::{Interval, Period},
    settings::{Scope, TenantSettings},
};
use serde_json::{Map, Value};

use super::{
    number_of,
    settings::{habits, layer, profile},
};
use crate::{
    dice::Dice,
    memory::Fate,
    plan::tenant::{AgreementPlan, Quirks, TenantPlan},
};

/// What a customer's card may say of how its invoices are delivered. The last is a word that nobody knows.
pub(super) const DEFAULT_DELIVERIES: [&str; 6] =
    ["EMAIL", "EMAIL", "ELECTRONICINVOICE", "PRINTSERVICE", "PRINT", "PIGEON"];

const FATES: [Fate; 4] = [Fate::Bounces, Fate::Bounces, Fate::Fails, Fate::Unwanted];

pub(super) fn tenant(dice: &mut Dice, number: u64, start: NaiveDate, long: bool) -> TenantPlan {
    let customers = u32::try_from(1 + dice.below(3)).unwrap_or(1);
    let count = 1 + dice.below(if long { 2 } else { 3 });
    let clamps_month_ends = dice.one_in(6);
    let habits = habits(dice);
    let profile = profile(dice, &habits);
    let policy = policy(&profile);
    let agreements: Vec<_> = (1..=count)
        .map(|at| agreement(dice, u32::try_from(at).unwrap_or(1), customers, start, &policy))
        .map(|agreement| if clamps_month_ends { without_month_end(agreement) } else { agreement })
        .collect();
    let mut layers = Vec::new();
    for agreement in agreements.iter().filter(|_| true) {
        if dice.one_in(8) {
            layers.push((Scope::Agreement(number_of(agreement.number)), layer(dice)));
        }
    }
    if dice.one_in(6) {
        layers.push((Scope::Customer(number_of(1)), layer(dice)));
    }
    TenantPlan {
        number,
        quirks: Quirks {
            answers_with_contract: dice.one_in(2),
            hides_periods: dice.one_in(4),
            clamps_month_ends,
            keeps_finished_active: dice.one_in(5),
            references_are_text: dice.one_in(3),
            leaves_no_mark: dice.one_in(4),
            addresses_booked: dice.one_in(3),
            hides_recurring: dice.one_in(3),
            serves_anything: dice.one_in(3),
            serves_in_secret: dice.one_in(3),
            serves_after_minutes: *dice.pick(&[1, 20, 90, 600]),
            page: if dice.one_in(4) { 2 } else { 500 },
        },
        profile,
        layers,
        fates: if dice.one_in(5) { vec![(1, *dice.pick(&FATES))] } else { Vec::new() },
        recurring: if dice.one_in(5) { vec![1] } else { Vec::new() },
        default_deliveries: (0..customers).map(|_| *dice.pick::<&str>(&DEFAULT_DELIVERIES)).collect(),
        without_address: if dice.one_in(6) { vec![1] } else { Vec::new() },
        agreements,
    }
}

fn agreement(dice: &mut Dice, number: u32, customers: u32, start: NaiveDate, policy: &DuePolicy) -> AgreementPlan {
    let interval = *dice.pick(&[1, 1, 1, 1, 2, 3, 6, 12]);
    let reading = if dice.one_in(3) { Reading::WholeTerm } else { Reading::NextPeriod };
    let next = if dice.one_in(3) {
        start + Days::new(dice.below(12))
    } else {
        // The first of a month, or its last day, around the start.
        let first = start.with_day(1).unwrap_or(start) + Months::new(u32::try_from(dice.below(2)).unwrap_or(0));
        if dice.one_in(4) { first.pred_opt().unwrap_or(first) } else { first }
    };
    let behind = if dice.one_in(6) { u32::try_from(dice.below(4)).unwrap_or(0) } else { 0 };
    let next = next.checked_sub_months(Months::new(behind * interval)).unwrap_or(next);
    let (made_before, length) = match reading {
        // Half of them don't say how long they run.
        Reading::NextPeriod => {
            (0, if dice.one_in(2) { None } else { Some(u32::try_from(2 + dice.below(11)).unwrap_or(2)) })
        }
        Reading::WholeTerm => {
            (u32::try_from(dice.below(4)).unwrap_or(0), Some(u32::try_from(5 + dice.below(20)).unwrap_or(5)))
        }
    };
    let ends = dice.one_in(4);
    let remaining = ends.then(|| match reading {
        Reading::NextPeriod => u32::try_from(1 + dice.below(4)).unwrap_or(1),
        Reading::WholeTerm => length.unwrap_or(5).saturating_sub(made_before),
    });
    let (next, last_invoice_date) = last_before(next, interval, start, policy);
    let invoiced_before = reading == Reading::NextPeriod || made_before > 0;
    AgreementPlan {
        number,
        customer: 1 + u32::try_from(dice.below(u64::from(customers))).unwrap_or(0),
        interval,
        reading,
        next,
        made_before,
        length,
        remaining,
        amount: 100 * dice.between(1, 40),
        last_invoice_date: last_invoice_date.filter(|_| invoiced_before),
        currency: if dice.one_in(6) { "EUR".parse().unwrap_or(Currency::SEK) } else { Currency::SEK },
    }
}

/// Which day Fortnox takes for the 31st of a term in a short month nobody can know, where it forgets the 31st: see what is not
/// promised. The dates of a next period are its own word, whatever they are.
fn without_month_end(plan: AgreementPlan) -> AgreementPlan {
    /// In every month.
    const LAST_DAY_OF_ALL: u32 = 28;
    match plan.next.with_day(LAST_DAY_OF_ALL) {
        Some(day) if plan.reading == Reading::WholeTerm && plan.next > day => AgreementPlan { next: day, ..plan },
        _ => plan,
    }
}

/// The first date of the next period, and when the one before it was invoiced: by the company's own habit, and before we came.
fn last_before(next: NaiveDate, interval: u32, start: NaiveDate, policy: &DuePolicy) -> (NaiveDate, Option<NaiveDate>) {
    let Ok(months) = Interval::try_from(interval) else { return (next, None) };
    let mut next = next;
    while let Some(before) = next.checked_sub_months(Months::new(interval)) {
        match Period::nth(before, months, 0).and_then(|last| policy.due_on(last)) {
            Some(made) if made > start => next = before,
            made => return (next, made),
        }
    }
    (next, None)
}

/// By which dates a profile invoices.
fn policy(profile: &Map<String, Value>) -> DuePolicy {
    let settings = TenantSettings::new(profile.clone());
    #[expect(clippy::expect_used, reason = "what the settings refuse would be a defect of this file")]
    settings.resolve(&number_of(1), &number_of(1)).expect("a plan's profile is one that can be used").due_policy()
}
