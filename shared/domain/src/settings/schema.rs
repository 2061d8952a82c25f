//! The settings as a JSON Schema, made from the types that read them: published as `docs/settings.schema.json`, shown by the
//! command line, and what a refusal quotes as allowed.

mod allowed;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{Layer, Profile, TenantFields, resolve};

pub(super) use self::allowed::allowed;

/// Where a setting can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Only in the tenant's profile.
    Tenant,
    /// There, and otherwise for a customer or an agreement.
    Anywhere,
}

/// One setting, as the schema has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Where it can be set.
    pub reach: Reach,
    /// What it does, in a sentence or two.
    pub says: String,
    /// What is allowed, in words.
    pub allowed: String,
    /// What counts where nobody sets it; or why there's no such value, in words.
    pub default: String,
    /// Its part of the schema.
    pub schema: Value,
}

/// All settings by name: those of the whole tenant first.
pub fn settings() -> Vec<Setting> {
    let (tenant, layer) = (properties::<TenantFields>(), properties::<Layer>());
    let defaults = defaults();
    let setting = |reach| {
        let defaults = &defaults;
        move |(name, mut schema): (String, Value)| {
            let (says, told) = split(schema.get("description").and_then(Value::as_str).unwrap_or_default());
            let default = match defaults.get(&name) {
                None | Some(Value::Null) => told.unwrap_or_else(|| "none".to_owned()),
                Some(value) => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            };
            if let Some(value) = defaults.get(&name).filter(|value| !value.is_null()) {
                schema["default"] = value.clone();
            }
            Setting { allowed: allowed(&schema), name, reach, says, default, schema }
        }
    };
    let tenant = tenant.into_iter().map(setting(Reach::Tenant));
    tenant.chain(layer.into_iter().map(setting(Reach::Anywhere))).collect()
}

/// The schema of a file with all of a tenant's settings, by scope; each item's own is among its `$defs`.
pub fn settings_schema() -> Value {
    let settings = settings();
    let item = |title: &str, within: &dyn Fn(&Setting) -> bool| {
        let fields = settings.iter().filter(|setting| within(setting));
        let fields: Map<String, Value> = fields.map(|setting| (setting.name.clone(), setting.schema.clone())).collect();
        json!({"title": title, "type": "object", "additionalProperties": false, "properties": fields})
    };
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of a tenant of Fakturapilot",
        "description": "As `fakturapilot settings export` writes them and `settings import` reads them. Null is the same as not set.",
        "type": "object",
        "additionalProperties": false,
        "properties": {"profile": {"$ref": "#/$defs/profile"}},
        "patternProperties": {"^(customer|agreement)#.+$": {"$ref": "#/$defs/override"}},
        "$defs": {
            "profile": item("The tenant's own settings", &|_| true),
            "override": item("What is otherwise for a customer or an agreement", &|of| of.reach == Reach::Anywhere),
        },
    })
}

/// A struct's fields and what the schema says of each.
fn properties<T: JsonSchema>() -> Vec<(String, Value)> {
    let generator = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true).into_generator();
    let schema = generator.into_root_schema_for::<T>();
    let fields = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    fields.into_iter().collect()
}

/// What counts where nobody sets anything.
fn defaults() -> Map<String, Value> {
    let mut defaults = object(&TenantFields::default());
    let resolved = object(&resolve(&Profile::default(), None, None));
    let sourced = resolved.into_iter().filter_map(|(name, told)| Some((name, told.get("value")?.clone())));
    for (name, value) in sourced {
        let empty = value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty);
        defaults.entry(name).or_insert(if empty { Value::Null } else { value });
    }
    defaults
}

/// Most characters of a value that a refusal or a table repeats.
const MOST_SHOWN: usize = 60;

/// A value for people, cut where it's long: a letter or a logo says nothing in a table.
pub fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(MOST_SHOWN) {
        None => text,
        // A picture's first characters are as good as none.
        Some(_) if text.starts_with("\"data:") => format!("a picture of {} characters", text.len()),
        Some((end, _)) => format!("{}\u{2026} ({} characters)", &text[..end], text.chars().count()),
    }
}

pub(super) fn object(of: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(of) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// A doc comment's words, and what it says of the default.
fn split(description: &str) -> (String, Option<String>) {
    let line = description.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.split_once("Default: ") {
        Some((says, default)) => (says.trim().to_owned(), Some(default.trim_end_matches('.').to_owned())),
        None => (line, None),
    }
}

#[cfg(test)]
mod tests;
