//! What settings say.

use serde_json::{Map, Value, json};

use super::object;
use crate::{dice::Dice, plan::tenant::TenantPlan};

/// The settings by which a company has invoiced before we came.
pub(crate) const HABITS: [&str; 5] = ["timing", "days_before", "business_day", "invoice_date", "time_zone"];

/// How the company invoices: when, and by which dates. It did so before we came, and goes on so: what the dates of a whole
/// term's earlier invoices mean depends on it.
pub(super) fn habits(dice: &mut Dice) -> Map<String, Value> {
    let mut fields = Map::new();
    // Whoever invoices in arrears dates invoices on the day they're made: see what is not promised.
    if dice.one_in(8) {
        fields.insert("timing".to_owned(), json!("arrears"));
    } else if dice.one_in(6) {
        fields.insert("invoice_date".to_owned(), json!("period_start"));
    }
    let mut maybe = |one_in, name: &str, value: Value| {
        if dice.one_in(one_in) {
            fields.insert(name.to_owned(), value);
        }
    };
    maybe(6, "days_before", json!(5));
    maybe(6, "business_day", json!("next"));
    maybe(8, "business_day", json!("previous"));
    let zones = ["Europe/Stockholm", "Europe/Stockholm", "Europe/Stockholm", "Europe/Helsinki", "Atlantic/Reykjavik"];
    fields.insert("time_zone".to_owned(), json!(*dice.pick(&zones)));
    fields
}

pub(super) fn habits_of(plan: &TenantPlan) -> Map<String, Value> {
    let own = plan.profile.iter().filter(|(name, _)| HABITS.contains(&name.as_str()));
    own.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// A profile that mostly has everything done, in the company's habits.
pub(super) fn profile(dice: &mut Dice, habits: &Map<String, Value>) -> Map<String, Value> {
    let mode = *dice.pick(&["full", "full", "full", "full", "full", "full", "full", "draft_only", "preview", "off"]);
    let mut fields = object(json!({
        "mode": mode,
        "sender_name": "Exempelbolaget",
        "reply_to": "ekonomi@exempelbolaget.example",
        "auto_book": !dice.one_in(4),
        "channel": channel(dice),
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
    maybe(8, "book_after_minutes", json!(90));
    maybe(8, "hold_if_recurring", json!(false));
    maybe(5, "bounce_channel", json!("fortnox_email"));
    maybe(8, "bounce_channel", json!("fortnox_print_service"));
    maybe(6, "control_copy", json!("kopia@exempelbolaget.example"));
    fields
}

/// The channels that are Fortnox's own.
const BY_FORTNOX: [&str; 5] =
    ["fortnox_email", "fortnox_einvoice", "fortnox_print_service", "fortnox_invoice_service", "customer_default"];

fn channel(dice: &mut Dice) -> &'static str {
    match dice.below(10) {
        0..=1 => "none",
        2..=4 => "ses_email",
        5 => "fortnox_email",
        6 => "fortnox_invoice_service",
        7 => "customer_default",
        _ => dice.pick::<&str>(&BY_FORTNOX),
    }
}

pub(super) fn layer(dice: &mut Dice) -> Map<String, Value> {
    object(match dice.below(10) {
        0 => json!({"automatic": false}),
        1 => json!({"auto_book": false}),
        2 => json!({"auto_book": true}),
        3 => json!({"channel": "none"}),
        4 => json!({"language": "en"}),
        5 => json!({"recipient": "annan@kunden.example"}),
        6 => json!({"auto_bok": true}),
        7 => json!({"channel": *dice.pick(&BY_FORTNOX)}),
        8 => json!({"hold_if_recurring": false}),
        _ => json!({"catch_up_periods": 0}),
    })
}
