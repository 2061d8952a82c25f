//! Everything that happens to a run.

use chrono::TimeDelta;
use domain::settings::Scope;
use serde_json::json;

use super::{
    deeds::{deed, platform_act, switch_off},
    faults::{fault, fault_of, when},
    number_of, object,
};
use crate::{
    dice::Dice,
    faults::{Call, Fault, When},
    plan::{act::Act, tenant::TenantPlan, trouble::Trouble},
};

pub(super) fn troubles(dice: &mut Dice, tenants: &[TenantPlan], lasts: TimeDelta) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    // Some runs have nothing but calls that fail, some nothing but people, some everything, and a few nothing at all.
    let (faults, storms, people, platform) = match dice.below(10) {
        0 => (0, 0, 0, 0),
        1 => (1 + dice.below(3), 0, 0, 0),
        2 => (0, 0, 2 + dice.below(8), 0),
        3 => (dice.below(6), 0, 0, 1 + dice.below(5)),
        4 => (0, 1 + dice.below(2), 0, 0),
        _ => (dice.below(8), dice.below(2), dice.below(8), dice.below(5)),
    };
    for _ in 0..faults {
        let (call, fault) = fault(dice);
        let tenant = dice.pick(tenants);
        let meanwhile = if dice.one_in(4) { meanwhile(dice, tenant) } else { Vec::new() };
        troubles.push(Trouble::Fault { call, nth: nth(dice), fault, meanwhile });
    }
    if dice.one_in(5) {
        let tenant = dice.pick(tenants);
        troubles.push(held_up(dice, tenant));
    }
    if dice.one_in(8) {
        let tenant = dice.pick(tenants);
        troubles.push(overtaken(dice, tenant));
    }
    for _ in 0..storms {
        troubles.push(storm(dice, lasts));
    }
    // In some runs one company is left in peace, whatever happens to the others.
    let concerned =
        if faults + storms + platform == 0 && dice.one_in(2) { &tenants[..tenants.len().max(2) - 1] } else { tenants };
    if people > 0 && dice.one_in(6) {
        let tenant = dice.pick(concerned);
        troubles.extend(two_periods_at_once(dice, tenant, lasts));
    }
    for _ in 0..people {
        let after = some_time(dice, lasts);
        let tenant = dice.pick(concerned);
        troubles.push(Trouble::Deed { after, act: deed(dice, tenant) });
    }
    for _ in 0..platform {
        let after = some_time(dice, lasts);
        let tenant = dice.pick(tenants);
        troubles.push(Trouble::Deed { after, act: platform_act(dice, tenant) });
    }
    troubles
}

/// Early calls are those of the first scan and the first invoices: that's where it matters most.
fn nth(dice: &mut Dice) -> u64 {
    match dice.below(3) {
        0 => 1,
        1 => 1 + dice.below(4),
        _ => 1 + dice.below(25),
    }
}

fn some_time(dice: &mut Dice, lasts: TimeDelta) -> TimeDelta {
    TimeDelta::seconds(dice.between(0, lasts.num_seconds().max(1)))
}

fn storm(dice: &mut Dice, lasts: TimeDelta) -> Trouble {
    let after = some_time(dice, lasts);
    let faults = (0..=dice.below(4)).map(|_| fault_of(dice, Call::Agreement)).collect();
    Trouble::Storm {
        after,
        lasts: TimeDelta::minutes(dice.between(1, 24 * 60)),
        one_in: 2 + dice.below(20),
        faults,
        seed: dice.below(u64::MAX),
    }
}

/// Somebody is at it just when a call goes wrong.
fn meanwhile(dice: &mut Dice, tenant: &TenantPlan) -> Vec<(TimeDelta, Act)> {
    let count = 1 + dice.below(3);
    let soon =
        |dice: &mut Dice| TimeDelta::seconds(if dice.one_in(2) { dice.between(1, 20) } else { dice.between(1, 350) });
    (0..count).map(|_| (soon(dice), deed(dice, tenant))).collect()
}

/// A worker that stands still in the middle of a job, longer than its lease, while others go on and people act.
fn held_up(dice: &mut Dice, tenant: &TenantPlan) -> Trouble {
    const WHERE: [Call; 10] = [
        Call::Claim,
        Call::OfAgreement,
        Call::History,
        Call::Agreement,
        Call::Save,
        Call::Save,
        Call::Save,
        Call::Invoice,
        Call::Customer,
        Call::Pdf,
    ];
    let call = *dice.pick(&WHERE);
    let fault = Fault::Slow(when(dice), TimeDelta::seconds(dice.between(95, 900)));
    let meanwhile = match dice.below(4) {
        0 => Vec::new(),
        1 => meanwhile(dice, tenant),
        _ => vec![(TimeDelta::seconds(dice.between(1, 90)), switch_off(dice, tenant))],
    };
    Trouble::Fault { call, nth: 1 + dice.below(12), fault, meanwhile }
}

/// An agreement is moved on although its last period still waits for somebody, and then both periods are said yes to at once.
fn two_periods_at_once(dice: &mut Dice, plan: &TenantPlan, lasts: TimeDelta) -> Vec<Trouble> {
    let (tenant, agreement) = (plan.number, dice.pick(&plan.agreements).number);
    let doubtful = json!({"max_amount": {"SEK": 1, "EUR": 1}});
    let asked = Act::Set { tenant, scope: Scope::Agreement(number_of(agreement)), item: object(doubtful) };
    let moved = some_time(dice, lasts / 2).max(TimeDelta::hours(1));
    let agreed = moved + TimeDelta::hours(dice.between(25, 40));
    let mut troubles = vec![
        Trouble::Deed { after: TimeDelta::zero(), act: asked },
        Trouble::Deed { after: moved, act: Act::MovePeriod { tenant, agreement } },
    ];
    let both = [0, 1].map(|place| Trouble::Deed { after: agreed, act: Act::Approve { tenant, place } });
    troubles.extend(both);
    troubles
}

/// A person is faster than our call, which is on its way already.
fn overtaken(dice: &mut Dice, plan: &TenantPlan) -> Trouble {
    let (tenant, agreement) = (plan.number, dice.pick(&plan.agreements).number);
    let act = match dice.below(4) {
        0 => Act::Finish { tenant, agreement },
        1 => Act::MovePeriod { tenant, agreement },
        _ => Act::CreateByHand { tenant, agreement },
    };
    let fault = match dice.below(3) {
        0 => Fault::Late(TimeDelta::seconds(dice.between(10, 78))),
        1 => Fault::CrashLate(TimeDelta::seconds(dice.between(10, 78))),
        _ => Fault::Slow(When::Before, TimeDelta::seconds(dice.between(10, 19))),
    };
    let meanwhile = vec![(TimeDelta::seconds(dice.between(1, 9)), act)];
    Trouble::Fault { call: Call::CreateInvoice, nth: 1 + dice.below(4), fault, meanwhile }
}
