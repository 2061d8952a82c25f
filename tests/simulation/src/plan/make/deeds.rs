//! What people and the platform do.

use chrono::TimeDelta;
use domain::settings::Scope;
use serde_json::json;

use super::{
    company::DEFAULT_DELIVERIES,
    number_of,
    settings::{habits_of, layer, profile},
};
use crate::{
    dice::Dice,
    plan::{act::Act, tenant::TenantPlan},
};

/// What Fortnox may fail to do for a while.
const OUTAGES: [&str; 9] = [
    "createinvoice",
    "bookkeep",
    "externalprint",
    "/3/invoices",
    "/3/customers",
    "preview",
    "/email",
    "noxfinansinvoices",
    "recurring-billing",
];

/// What a person does.
pub(super) fn deed(dice: &mut Dice, plan: &TenantPlan) -> Act {
    let tenant = plan.number;
    let agreement = dice.pick(&plan.agreements).number;
    let yes = dice.one_in(2);
    match dice.below(29) {
        0 | 1 => Act::CreateByHand { tenant, agreement },
        2 => Act::Book { tenant, agreement },
        3 => Act::Send { tenant, agreement },
        4 => Act::TakeBack { tenant, agreement },
        5 => Act::Reprice { tenant, agreement, amount: 100 * dice.between(1, 60) },
        6 => Act::MovePeriod { tenant, agreement },
        7 => Act::SetActive { tenant, agreement, active: yes },
        8 => Act::Finish { tenant, agreement },
        9 => Act::Garble { tenant, agreement, broken: yes },
        10 => Act::SetAddress { tenant, customer: 1, there: yes },
        11..=14 => Act::Set { tenant, scope: Scope::Profile, item: profile(dice, &habits_of(plan)) },
        15 => {
            let mut item = habits_of(plan);
            item.insert("mode".to_owned(), json!("fulll"));
            Act::Set { tenant, scope: Scope::Profile, item }
        }
        16 => Act::Set { tenant, scope: Scope::Agreement(number_of(agreement)), item: layer(dice) },
        17..=19 => Act::Approve { tenant, place: usize::try_from(dice.below(3)).unwrap_or(0) },
        20 => Act::Skip { tenant, place: usize::try_from(dice.below(3)).unwrap_or(0) },
        21 => Act::Consent { tenant, given: yes },
        22 => Act::Feature { tenant, on: yes },
        23 => Act::Outage { tenant, path: dice.pick::<&str>(&OUTAGES) },
        24 => switch_off(dice, plan),
        25 => Act::HandOver { tenant, agreement },
        26 => Act::SetDefaultDelivery { tenant, customer: 1, word: dice.pick::<&str>(&DEFAULT_DELIVERIES) },
        27 => Act::Authorize { tenant, yes },
        _ => Act::Set { tenant, scope: Scope::Profile, item: plan.profile.clone() },
    }
}

/// A person wants less done from now on.
pub(super) fn switch_off(dice: &mut Dice, plan: &TenantPlan) -> Act {
    let mut item = plan.profile.clone();
    item.insert("mode".to_owned(), json!(*dice.pick(&["off", "preview", "draft_only"])));
    Act::Set { tenant: plan.number, scope: Scope::Profile, item }
}

/// What the platform does.
pub(super) fn platform_act(dice: &mut Dice, plan: &TenantPlan) -> Act {
    let count = usize::try_from(1 + dice.below(4)).unwrap_or(1);
    match dice.below(12) {
        0 => Act::NoTicks { lasts: TimeDelta::minutes(dice.between(10, 3 * 24 * 60)) },
        1 | 2 => Act::ExtraTicks { count },
        3 | 4 => Act::ExtraScans { tenant: plan.number, count },
        5 => Act::DoubleMessages,
        6 => Act::ReverseMessages,
        7 => Act::DelayMessages { by: TimeDelta::minutes(dice.between(1, 600)) },
        8 | 9 => Act::OldMessages { count },
        10 => Act::LoseMessages,
        _ => Act::KillWorkers,
    }
}
