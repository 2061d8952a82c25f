//! From a seed to a plan.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc};
use domain::{
    due::{DuePolicy, Reading},
    money::Currency,
    period::{Interval, Period},
    settings::{Scope, TenantSettings},
};
use serde_json::{Map, Value, json};

use super::{
    Plan,
    act::Act,
    tenant::{AgreementPlan, Quirks, TenantPlan},
    trouble::Trouble,
};
use crate::{
    dice::Dice,
    faults::{Call, Fault, When},
};

/// The settings by which a company has invoiced before we came.
pub(crate) const HABITS: [&str; 5] = ["timing", "days_before", "business_day", "invoice_date", "time_zone"];

/// What Fortnox may fail to do for a while.
const OUTAGES: [&str; 6] = ["createinvoice", "bookkeep", "externalprint", "/3/invoices", "/3/customers", "preview"];

/// Dates on which something is about to happen: months' and years' ends, leap days, both changes of the clock.
const STARTS: [&str; 12] = [
    "2025-12-30",
    "2026-01-29",
    "2026-02-26",
    "2026-03-28",
    "2026-03-30",
    "2026-04-29",
    "2026-06-28",
    "2026-10-23",
    "2026-10-30",
    "2026-12-22",
    "2027-02-27",
    "2028-02-27",
];

pub(super) fn plan(seed: u64) -> Plan {
    let mut dice = Dice::new(seed);
    let start = start(&mut dice);
    let lasts = lasts(&mut dice);
    // A run of years has less in it, so that all runs take about as long.
    let long = lasts > TimeDelta::days(100);
    let count = if long { 1 } else { *dice.pick(&[1, 1, 1, 2, 2, 3]) };
    let tenants: Vec<_> =
        (1..=count).map(|number| tenant(&mut dice.split(), number, start.date_naive(), long)).collect();
    let workers = *dice.pick(&[1, 1, 2, 2, 3, 4]);
    let ends_slow_workers = dice.one_in(2);
    let troubles = troubles(&mut dice.split(), &tenants, lasts);
    Plan { seed, start, lasts, workers, ends_slow_workers, tenants, troubles }
}

fn start(dice: &mut Dice) -> DateTime<Utc> {
    let day: NaiveDate = dice.pick(&STARTS).parse().unwrap_or_default();
    let day = if dice.one_in(3) { day + Days::new(dice.below(27)) } else { day };
    day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(dice.between(0, 23 * 60))
}

fn lasts(dice: &mut Dice) -> TimeDelta {
    match dice.below(1000) {
        0..=881 => TimeDelta::hours(dice.between(6, 5 * 24)),
        882..=971 => TimeDelta::days(dice.between(6, 35)),
        972..=989 => TimeDelta::days(dice.between(36, 100)),
        990..=997 => TimeDelta::days(dice.between(101, 250)),
        _ => TimeDelta::days(dice.between(365, 800)),
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn tenant(dice: &mut Dice, number: u64, start: NaiveDate, long: bool) -> TenantPlan {
    let customers = u32::try_from(1 + dice.below(3)).unwrap_or(1);
    let count = 1 + dice.below(if long { 2 } else { 4 });
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
            page: if dice.one_in(4) { 2 } else { 500 },
        },
        profile,
        layers,
        without_address: if dice.one_in(6) { vec![1] } else { Vec::new() },
        agreements,
    }
}

fn number_of<T: std::str::FromStr<Err: std::fmt::Debug>>(number: u32) -> T {
    #[expect(clippy::expect_used, reason = "digits are a number")]
    number.to_string().parse().expect("digits are the number of an agreement or customer")
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

/// How the company invoices: when, and by which dates. It did so before we came, and goes on so: what the dates of a whole
/// term's earlier invoices mean depends on it.
fn habits(dice: &mut Dice) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut maybe = |one_in, name: &str, value: Value| {
        if dice.one_in(one_in) {
            fields.insert(name.to_owned(), value);
        }
    };
    maybe(8, "timing", json!("arrears"));
    maybe(6, "days_before", json!(5));
    maybe(6, "business_day", json!("next"));
    maybe(8, "business_day", json!("previous"));
    maybe(6, "invoice_date", json!("period_start"));
    let zones = ["Europe/Stockholm", "Europe/Stockholm", "Europe/Stockholm", "Europe/Helsinki", "Atlantic/Reykjavik"];
    fields.insert("time_zone".to_owned(), json!(*dice.pick(&zones)));
    fields
}

/// A profile that mostly has everything done, in the company's habits.
fn profile(dice: &mut Dice, habits: &Map<String, Value>) -> Map<String, Value> {
    let mode = *dice.pick(&["full", "full", "full", "full", "full", "full", "full", "draft_only", "preview", "off"]);
    let mut fields = object(json!({
        "mode": mode,
        "sender_name": "Exempelbolaget",
        "reply_to": "ekonomi@exempelbolaget.example",
        "auto_book": !dice.one_in(4),
        "channel": if dice.one_in(5) { "none" } else { "ses_email" },
        "catch_up_periods": dice.below(5),
        "scan_hour": *dice.pick(&[0, 1, 3, 4, 5, 6, 7, 8]),
    }));
    fields.extend(habits.clone());
    let mut maybe = |one_in, name: &str, value: Value| {
        if dice.one_in(one_in) {
            fields.insert(name.to_owned(), value);
        }
    };
    maybe(5, "continue_adopted", json!(true));
    maybe(5, "max_amount", json!({"SEK": 3000, "EUR": 2000}));
    maybe(10, "max_amount", json!({"SEK": 2000}));
    maybe(8, "max_change_percent", json!(20));
    maybe(6, "max_invoices_per_day", json!(2));
    maybe(6, "control_copy", json!("kopia@exempelbolaget.example"));
    fields
}

fn layer(dice: &mut Dice) -> Map<String, Value> {
    object(match dice.below(8) {
        0 => json!({"automatic": false}),
        1 => json!({"auto_book": false}),
        2 => json!({"auto_book": true}),
        3 => json!({"channel": "none"}),
        4 => json!({"language": "en"}),
        5 => json!({"recipient": "annan@kunden.example"}),
        6 => json!({"auto_bok": true}),
        _ => json!({"catch_up_periods": 0}),
    })
}

fn troubles(dice: &mut Dice, tenants: &[TenantPlan], lasts: TimeDelta) -> Vec<Trouble> {
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

fn when(dice: &mut Dice) -> When {
    if dice.one_in(2) { When::Before } else { When::After }
}

/// Effects are hit as often as all the rest together.
fn fault(dice: &mut Dice) -> (Call, Fault) {
    const EFFECTS: [Call; 4] = [Call::CreateInvoice, Call::Book, Call::SendMail, Call::MarkSent];
    let call = match dice.below(10) {
        0..=3 => *dice.pick(&EFFECTS),
        4..=5 => *dice.pick(&[Call::Save, Call::Claim, Call::Open, Call::SendMessage]),
        _ => *dice.pick(&Call::ALL),
    };
    (call, fault_of(dice, call))
}

fn fault_of(dice: &mut Dice, call: Call) -> Fault {
    // A client gives up after 20 s, and a server is done within a minute after that.
    let late = TimeDelta::seconds(dice.between(1, 78));
    // Longer than the lease, shorter than the function's time.
    let held_up = TimeDelta::seconds(*dice.pick(&[2, 12, 45, 92, 95, 110, 400]));
    if call == Call::Slot && dice.one_in(2) {
        return Fault::Busy(std::time::Duration::from_secs(3));
    }
    if !call.is_far() {
        return match dice.below(8) {
            0 | 1 => Fault::Crash(When::Before),
            2 | 3 => Fault::Crash(When::After),
            4 => Fault::NoAnswer(When::Before),
            5 => Fault::NoAnswer(When::After),
            _ => Fault::Slow(when(dice), held_up),
        };
    }
    match dice.below(19) {
        0..=2 => Fault::Crash(when(dice)),
        3 => Fault::CrashLate(late),
        4..=6 => Fault::NoAnswer(when(dice)),
        7..=8 => Fault::TimeOut(when(dice)),
        9..=10 => Fault::Late(late),
        11..=12 => Fault::Failed(when(dice)),
        13 => Fault::NotTaken,
        14 => Fault::Unauthorized,
        15 => Fault::Refused("Kunden är spärrad."),
        16 => Fault::TenantBlocked("Licens saknas."),
        // A call that is on its way longer than this has been given up by its client.
        17 => Fault::Slow(When::Before, TimeDelta::seconds(dice.between(1, 19))),
        _ => Fault::Slow(When::After, held_up),
    }
}

fn storm(dice: &mut Dice, lasts: TimeDelta) -> Trouble {
    let after = some_time(dice, lasts);
    let faults = (0..1 + dice.below(4)).map(|_| fault_of(dice, Call::Agreement)).collect();
    Trouble::Storm {
        after,
        lasts: TimeDelta::minutes(dice.between(1, 24 * 60)),
        one_in: 2 + dice.below(20),
        faults,
        seed: dice.below(u64::MAX),
    }
}

fn habits_of(plan: &TenantPlan) -> Map<String, Value> {
    let own = plan.profile.iter().filter(|(name, _)| HABITS.contains(&name.as_str()));
    own.map(|(name, value)| (name.clone(), value.clone())).collect()
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
    let meanwhile = if dice.one_in(2) { meanwhile(dice, tenant) } else { Vec::new() };
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

/// What a person does.
fn deed(dice: &mut Dice, plan: &TenantPlan) -> Act {
    let tenant = plan.number;
    let agreement = dice.pick(&plan.agreements).number;
    let yes = dice.one_in(2);
    match dice.below(26) {
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
        23 => Act::Outage { tenant, path: OUTAGES[usize::try_from(dice.below(6)).unwrap_or(0)] },
        24 => {
            let mut item = plan.profile.clone();
            item.insert("mode".to_owned(), json!(*dice.pick(&["off", "preview", "draft_only"])));
            Act::Set { tenant, scope: Scope::Profile, item }
        }
        _ => Act::Set { tenant, scope: Scope::Profile, item: plan.profile.clone() },
    }
}

/// What the platform does.
fn platform_act(dice: &mut Dice, plan: &TenantPlan) -> Act {
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
