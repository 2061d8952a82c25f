//! `fakturapilot settings set`: some settings of one item.

use cloud::SettingsDesk;
use domain::{
    ids::TenantId,
    settings::{Scope, settings},
};
use serde_json::{Map, Value};

use super::{check, file};
use crate::{error::CliError, output::Output};

pub(super) async fn set(
    desk: &SettingsDesk,
    output: Output,
    tenant: &TenantId,
    scope: &Scope,
    changes: &[String],
    dry_run: bool,
) -> Result<(), CliError> {
    let items = desk.items(tenant).await?;
    let read = items.get(&scope.to_string());
    if read.is_none() && *scope != Scope::Profile && items.is_empty() {
        return Err(CliError::Missing(format!("there are no settings of {tenant}: see `fakturapilot tenant list`")));
    }
    let mut item = read.map(|read| read.fields.clone()).unwrap_or_default();
    for change in changes {
        let (name, value) =
            change.split_once('=').ok_or_else(|| CliError::NotSettings(format!("`{change}` isn't NAME=VALUE")))?;
        apply(scope, &mut item, name.trim(), value)?;
    }
    check::one(scope, &item)?;
    let change = file::changes_of(&scope.to_string(), read.map(|read| &read.fields), Some(&item));
    if !dry_run && !change.is_empty() && !desk.write(tenant, scope, read, &item).await? {
        return Err(CliError::Moved(scope.clone()));
    }
    file::show(output, &change)
}

/// Sets one. As JSON if that is what the setting takes, else as the text that it is.
fn apply(scope: &Scope, item: &mut Map<String, Value>, name: &str, text: &str) -> Result<(), CliError> {
    if name == "mode" {
        let how = "the mode is set by `fakturapilot tenant mode`, which looks first whether anything is in the way";
        return Err(CliError::NotSettings(how.to_owned()));
    }
    let setting = settings().into_iter().find(|setting| setting.name == name);
    let setting = setting.ok_or_else(|| super::no_such_setting(name))?;
    let json: Option<Value> = serde_json::from_str(text).ok();
    if json == Some(Value::Null) {
        item.remove(name);
        return Ok(());
    }
    let plain = Value::String(text.to_owned());
    let value = match json {
        // What only looks like a number, such as a company's name.
        Some(json)
            if !json.is_string() && takes(scope, &setting.name, &plain) && !takes(scope, &setting.name, &json) =>
        {
            plain
        }
        Some(json) => json,
        None => plain,
    };
    item.insert(name.to_owned(), value);
    Ok(())
}

/// Whether an item with this alone is right, as far as this setting goes.
fn takes(scope: &Scope, name: &str, value: &Value) -> bool {
    let alone = Map::from_iter([(name.to_owned(), value.clone())]);
    match check::one(scope, &alone) {
        Err(CliError::Settings { error, .. }) => !error.field.starts_with(name),
        _ => true,
    }
}
