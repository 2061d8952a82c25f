#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::settings::{parse_layer, parse_profile};

/// What the parser says of one value of one setting, with what `ses_email` needs besides.
fn parse(setting: &Setting, value: &Value) -> Result<(), crate::settings::SettingsError> {
    let mut item = object(&json!({"sender_name": "A", "reply_to": "a@b.example"}));
    item.insert(setting.name.clone(), value.clone());
    parse_profile(item)?;
    if setting.reach == Reach::Anywhere {
        parse_layer(object(&json!({ setting.name.clone(): value })))?;
    }
    Ok(())
}

/// The part of the schema that isn't null's.
fn plain(schema: &Value) -> Value {
    let some = schema.get("anyOf").and_then(Value::as_array);
    let single = some
        .filter(|_| schema.get("title").is_none())
        .and_then(|some| some.iter().find(|one| one.get("type") != Some(&json!("null"))));
    single.unwrap_or(schema).clone()
}

fn kinds(schema: &Value) -> BTreeSet<String> {
    let own: Vec<String> = match schema.get("type") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(some)) => some.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let parts = ["anyOf", "oneOf"].iter().filter_map(|name| schema.get(*name)?.as_array()).flatten().flat_map(kinds);
    own.into_iter().chain(parts).collect()
}

/// Values that the setting's schema doesn't allow, each in a way of its own.
fn malformed(schema: &Value) -> Vec<Value> {
    let kinds = kinds(schema);
    let wrong_kinds = [
        ("boolean", json!(true)),
        ("integer", json!(7)),
        ("string", json!("?")),
        ("array", json!(["?"])),
        ("object", json!({"?": "?"})),
    ];
    let mut all: Vec<Value> = wrong_kinds
        .into_iter()
        .filter(|(kind, _)| !(kinds.contains(*kind) || *kind == "integer" && kinds.contains("number")))
        .map(|(_, value)| value)
        .collect();
    let schema = &plain(schema);
    if let Some(least) = schema.get("minimum").and_then(Value::as_i64) {
        all.push(json!(least - 1));
    }
    if let Some(most) = schema.get("maximum").and_then(Value::as_i64) {
        all.push(json!(most + 1));
    }
    if let Some(most) = schema.get("maxLength").and_then(Value::as_u64) {
        all.push(json!("x".repeat(usize::try_from(most).unwrap() + 1)));
    }
    if let Some(least) = schema.get("minLength").and_then(Value::as_u64) {
        all.push(json!("x".repeat(usize::try_from(least).unwrap() - 1)));
    }
    if let Some(most) = schema.get("maxItems").and_then(Value::as_u64) {
        let example = schema["items"]["examples"][0].clone();
        all.push(json!(vec![example; usize::try_from(most).unwrap() + 1]));
    }
    if let Some(not) = schema.get("not").and_then(|not| not.get("const")) {
        all.push(not.clone());
    }
    if kinds.contains("string") && schema.get("title").is_none() {
        all.push(json!("?"));
    }
    if kinds.contains("string") && schema.get("pattern").is_some() {
        all.push(json!(" "));
    }
    all
}

/// Values at the edges of what the setting's schema allows.
fn well_formed(schema: &Value) -> Vec<Value> {
    let schema = &plain(schema);
    let mut all: Vec<Value> = schema.get("examples").and_then(Value::as_array).cloned().unwrap_or_default();
    all.extend(["minimum", "maximum"].iter().filter_map(|bound| schema.get(*bound)).cloned());
    all.extend(schema.get("enum").and_then(Value::as_array).cloned().unwrap_or_default());
    for one in schema.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
        all.extend(one.get("const").cloned());
        all.extend(one.get("enum").and_then(Value::as_array).cloned().unwrap_or_default());
    }
    if kinds(schema).contains("boolean") {
        all.extend([json!(true), json!(false)]);
    }
    all
}

#[test]
fn a_malformed_value_of_each_setting_is_refused_with_field_value_why_and_what_is_allowed() {
    let settings = settings();
    assert!(settings.len() > 45, "{}", settings.len());
    for setting in &settings {
        let malformed = malformed(&setting.schema);
        assert!(malformed.len() >= 3, "{}: {malformed:?}", setting.name);
        for value in malformed {
            let Err(error) = parse(setting, &value) else {
                panic!("{} took {value}: {}", setting.name, setting.schema)
            };
            let words = error.to_string();
            assert!(error.field.starts_with(&setting.name), "{words}");
            let against = error.against.clone().unwrap_or_else(|| panic!("{words}"));
            assert_eq!(against.value, Some(shown(&value)), "{words}");
            assert_eq!(against.allowed, setting.allowed, "{words}");
            assert!(!error.problem.is_empty() && words.contains(&setting.allowed), "{words}");
        }
    }
}

#[test]
fn what_the_schema_allows_is_read() {
    let mut tried = 0;
    for setting in settings() {
        for value in well_formed(&setting.schema).into_iter().chain([Value::Null]) {
            // What isn't optional has a default instead of null.
            let no_null =
                value.is_null() && setting.reach == Reach::Tenant && !setting.schema.to_string().contains("null");
            if no_null {
                continue;
            }
            tried += 1;
            parse(&setting, &value).unwrap_or_else(|error| panic!("{} refused {value}: {error}", setting.name));
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn each_setting_says_what_it_does_and_what_counts_unless_it_is_set() {
    let settings = settings();
    for setting in &settings {
        assert!(setting.says.len() > 10 && setting.says.ends_with('.'), "{}: {}", setting.name, setting.says);
        assert!(!setting.allowed.is_empty() && setting.allowed != "a value", "{}: {}", setting.name, setting.schema);
    }
    let default = |name: &str| settings.iter().find(|setting| setting.name == name).unwrap().default.clone();
    assert_eq!(default("mode"), "preview");
    assert_eq!(default("auto_book"), "false");
    assert_eq!(default("max_amount"), "no limit");
    assert_eq!(default("hold_word"), "#vent");
    assert_eq!(default("digest_to"), "the `control_copy`, if there is one");
}

#[test]
fn every_channel_is_among_those_that_there_are() {
    let settings = settings();
    let channel = settings.iter().find(|setting| setting.name == "channel").unwrap();
    let allowed = well_formed(&channel.schema);
    let named: Vec<Value> = super::super::Channel::ALL.into_iter().map(|channel| json!(channel.name())).collect();
    assert_eq!(allowed.iter().map(Value::to_string).collect::<BTreeSet<_>>().len(), named.len());
    assert!(named.iter().all(|name| allowed.contains(name)), "{named:?} {allowed:?}");
}

/// A default that only stands in `resolve` has to have its setting's name there.
#[test]
fn what_is_in_force_has_the_settings_names() {
    let resolved = object(&resolve(&Profile::default(), None, None));
    for setting in settings().into_iter().filter(|setting| setting.reach == Reach::Anywhere) {
        assert!(resolved.contains_key(&setting.name) || setting.name.starts_with("letter"), "{}", setting.name);
    }
}

#[test]
fn long_values_are_cut_and_pictures_are_not_shown() {
    assert_eq!(shown(&json!("kort")), "\"kort\"");
    assert!(shown(&json!("å".repeat(100))).ends_with("\u{2026} (102 characters)"));
    let logo = shown(&json!(format!("data:image/png;base64,{}", "R0lGOD".repeat(20))));
    assert!(!logo.contains("R0lG") && logo.contains("a picture"), "{logo}");
}
