//! Files of settings: what they would change, and changing it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use cloud::{SettingsDesk, WrittenItem};
use domain::{
    ids::TenantId,
    settings::{Mode, Scope, TenantFields, shown},
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{ByScope, check};
use crate::{
    error::CliError,
    output::{self, Output},
};

/// A setting that is, or would be, changed. `None`: not set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Change {
    item: String,
    setting: String,
    from: Option<Value>,
    to: Option<Value>,
}

/// What is to be imported, and how.
pub(super) struct Wanted {
    pub(super) file: ByScope,
    pub(super) prune: bool,
    pub(super) dry_run: bool,
    pub(super) yes: bool,
}

pub(super) fn read(path: &Path) -> Result<ByScope, CliError> {
    let text = std::fs::read_to_string(path).map_err(|error| CliError::File { path: path.to_owned(), error })?;
    let wrong = |error| CliError::NotSettings(format!("{} holds no items by scope: {error}", path.display()));
    serde_json::from_str(&text).map_err(wrong)
}

/// What changes of one item.
pub(super) fn changes_of(
    scope: &str,
    from: Option<&Map<String, Value>>,
    to: Option<&Map<String, Value>>,
) -> Vec<Change> {
    let of = |item: Option<&Map<String, Value>>, name: &String| {
        item.and_then(|item| item.get(name)).filter(|value| !value.is_null()).cloned()
    };
    let names: BTreeSet<&String> = from.into_iter().chain(to).flat_map(Map::keys).collect();
    let change = |name: &String| Change {
        item: scope.to_owned(),
        setting: name.clone(),
        from: of(from, name),
        to: of(to, name),
    };
    names.into_iter().map(change).filter(|change| change.from != change.to).collect()
}

/// What a file would change.
pub(super) fn changes(from: &BTreeMap<String, WrittenItem>, to: &ByScope, prune: bool) -> Vec<Change> {
    let scopes: BTreeSet<&String> = to.keys().chain(from.keys().filter(|_| prune)).collect();
    let of = |scope: &String| changes_of(scope, from.get(scope).map(|item| &item.fields), to.get(scope));
    scopes.into_iter().flat_map(of).collect()
}

pub(super) fn show(output: Output, changes: &[Change]) -> Result<(), CliError> {
    output.say(&changes, || {
        let told = |value: &Option<Value>| value.as_ref().map_or_else(|| "not set".to_owned(), shown);
        let row = |it: &Change| vec![it.item.clone(), it.setting.clone(), told(&it.from), told(&it.to)];
        if changes.is_empty() {
            return output::line("nothing changes");
        }
        output::table(&["ITEM", "SETTING", "FROM", "TO"], changes.iter().map(row).collect());
    })
}

pub(super) async fn import(
    desk: &SettingsDesk,
    output: Output,
    tenant: &TenantId,
    wanted: Wanted,
) -> Result<(), CliError> {
    let Wanted { file, prune, dry_run, yes } = wanted;
    check::all(&file)?;
    let read = desk.items(tenant).await?;
    leaves_the_mode(&read, &file)?;
    if prune && !file.contains_key("profile") {
        let why = "a file without a profile would take the company's away; `tenant erase` is for that".to_owned();
        return Err(CliError::NotSettings(why));
    }
    let changes = changes(&read, &file, prune);
    if dry_run || changes.is_empty() {
        return show(output, &changes);
    }
    let scopes: BTreeSet<String> = changes.iter().map(|change| change.item.clone()).collect();
    output::confirm(
        &format!("{} settings of {} items of {tenant} change. Write them?", changes.len(), scopes.len()),
        yes,
    )?;
    for scope in scopes {
        let written = match (read.get(&scope), file.get(&scope)) {
            (read, Some(item)) => desk.write(tenant, &check::named(&scope)?, read, item).await?,
            (Some(read), None) => desk.remove(tenant, &scope, read).await?,
            (None, None) => true,
        };
        if !written {
            return Err(CliError::Moved(check::named(&scope).unwrap_or(Scope::Profile)));
        }
    }
    show(output, &changes)
}

/// A company goes to `full` by `tenant mode` alone, and down too: a file that is imported again mustn't switch anything.
fn leaves_the_mode(read: &BTreeMap<String, WrittenItem>, file: &ByScope) -> Result<(), CliError> {
    let said = |item: Option<&Map<String, Value>>| {
        let mode = item.and_then(|item| item.get("mode")).and_then(Value::as_str);
        mode.unwrap_or(TenantFields::default().mode.name()).to_owned()
    };
    let Some(profile) = file.get("profile") else { return Ok(()) };
    let (to, from) = (said(Some(profile)), read.get("profile").map(|item| said(Some(&item.fields))));
    let harmless = [Mode::Off.name(), Mode::Preview.name()];
    match from {
        None if harmless.contains(&to.as_str()) => Ok(()),
        Some(from) if from == to => Ok(()),
        from => {
            let is = from.unwrap_or_else(|| "not set yet".to_owned());
            Err(CliError::NotSettings(format!(
                "the file's mode is {to}, and the company's is {is}: make them the same, and use `fakturapilot tenant mode`"
            )))
        }
    }
}
