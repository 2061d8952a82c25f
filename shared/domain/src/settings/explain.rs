//! Where each value comes from, of the items as they're written.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Mode, Reach, Source, Sourced, settings};

/// The items in question: the tenant's profile, and what is otherwise for one customer and one agreement of theirs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Items<'a> {
    /// The profile.
    pub profile: Option<&'a Map<String, Value>>,
    /// The customer's.
    pub customer: Option<&'a Map<String, Value>>,
    /// The agreement's.
    pub agreement: Option<&'a Map<String, Value>>,
}

/// A setting in force.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    /// Which.
    pub name: String,
    /// Its value; null where nothing is set and there's no default but in words.
    pub value: Value,
    /// Where it was set.
    pub source: Source,
    /// Where nobody set it: what counts then, in words.
    pub default: Option<String>,
}

/// Each setting in force for what the items are of. `mode` is what a pre-flight may have made of the profile's.
pub fn explain(items: Items<'_>, mode: &Sourced<Mode>) -> Vec<Explained> {
    let layers = [
        (Source::Agreement, items.agreement, Reach::Anywhere),
        (Source::Customer, items.customer, Reach::Anywhere),
        (Source::Tenant, items.profile, Reach::Tenant),
    ];
    let explained = |setting: super::Setting| {
        let set = layers.iter().find_map(|(source, item, reach)| {
            let within = *reach == Reach::Tenant || setting.reach == Reach::Anywhere;
            let value = item.filter(|_| within)?.get(&setting.name).filter(|value| !value.is_null())?;
            Some((value.clone(), *source))
        });
        if setting.name == "mode" && mode.source == Source::Preflight {
            return Explained {
                name: setting.name,
                value: mode.value.name().into(),
                source: mode.source,
                default: None,
            };
        }
        match set {
            Some((value, source)) => Explained { name: setting.name, value, source, default: None },
            None => Explained {
                value: setting.schema.get("default").cloned().unwrap_or_default(),
                source: Source::Default,
                default: Some(setting.default),
                name: setting.name,
            },
        }
    };
    settings().into_iter().map(explained).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::settings::{TenantSettings, schema::object};

    #[test]
    fn what_is_explained_is_what_is_in_force() {
        let profile =
            object(&json!({"auto_book": true, "days_before": 5, "language": "da", "scan_hour": 4, "hold_word": null}));
        let customer = object(&json!({"auto_book": false, "max_amount": {"SEK": 10}, "channel": "fortnox_email"}));
        let agreement = object(&json!({"days_before": 0, "price_sync": "follow"}));
        let mut all = TenantSettings::new(profile.clone());
        all.add("customer#1".parse().unwrap(), customer.clone());
        all.add("agreement#2".parse().unwrap(), agreement.clone());
        let resolved = object(&all.resolve(&"1".parse().unwrap(), &"2".parse().unwrap()).unwrap());
        let items = Items { profile: Some(&profile), customer: Some(&customer), agreement: Some(&agreement) };
        let explained = explain(items, &all.mode_in_force().unwrap());
        let mut compared = 0;
        for Explained { name, value, source, .. } in &explained {
            let Some(told) = resolved.get(name).filter(|told| told.get("source").is_some() && name != "mode") else {
                continue;
            };
            assert_eq!(json!(source), told["source"], "{name}");
            if name != "max_amount" {
                let empty = told["value"] == json!([]) || told["value"] == json!({});
                assert!(*value == told["value"] || empty && value.is_null(), "{name}: {value} {}", told["value"]);
            }
            compared += 1;
        }
        assert!(compared > 25, "{compared}");
        let of = |wanted: &str| explained.iter().find(|it| it.name == wanted).unwrap();
        assert_eq!((&of("scan_hour").value, of("scan_hour").source), (&json!(4), Source::Tenant));
        assert_eq!(of("max_amount").source, Source::Customer);
        assert_eq!(of("max_change_percent").default.as_deref(), Some("no limit"));
    }
}
