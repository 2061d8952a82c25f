//! `fakturapilot settings`.

mod change;
mod check;
mod file;
mod page;

use std::{collections::BTreeMap, path::Path};

use accounting::AccountingSystem;
use cloud::{Pipeline, WrittenItem};
use domain::{
    ids::{AgreementNumber, CustomerNumber, TenantId},
    settings::{Explained, Items, Scope, explain, settings_schema, shown},
};
use serde_json::{Map, Value};
use workflow::{
    PreviewError,
    ports::{Ports, Settings},
};

use crate::{
    arguments::{Item, SettingsCommand},
    error::CliError,
    output::{self, Output},
    stack::Stack,
};

/// The settings of a file, by scope.
pub(crate) type ByScope = BTreeMap<String, Map<String, Value>>;

/// What needs no stack: `None` if that was all, else the command.
pub(crate) fn without_a_stack(output: Output, command: SettingsCommand) -> Result<Option<SettingsCommand>, CliError> {
    match command {
        SettingsCommand::Schema { markdown: true } => output::line(page::page().trim_end()),
        SettingsCommand::Schema { markdown: false } => output::line(&pretty(&settings_schema())?),
        SettingsCommand::Validate { what } if what.parse::<TenantId>().is_err() => {
            let items = file::read(Path::new(&what))?;
            check::all(&items)?;
            said_right(output, &items)?;
        }
        command => return Ok(Some(command)),
    }
    Ok(None)
}

pub(crate) async fn run(
    pipeline: &Pipeline,
    stack: &Stack,
    output: Output,
    command: SettingsCommand,
) -> Result<(), CliError> {
    let desk = stack.settings(pipeline)?;
    match command {
        SettingsCommand::Get { tenant, item, setting } => {
            get(output, &known(&desk, &tenant).await?, &item, setting.as_deref())
        }
        SettingsCommand::Set { tenant, item, changes, dry_run } => {
            change::set(&desk, output, &tenant, &item.scope(), &changes, dry_run).await
        }
        SettingsCommand::Diff { tenant, file, prune } => {
            let (from, to) = (desk.items(&tenant).await?, file::read(&file)?);
            check::all(&to)?;
            file::show(output, &file::changes(&from, &to, prune))
        }
        SettingsCommand::Validate { what } => {
            let tenant: TenantId = what.parse().map_err(|_| CliError::Missing(format!("there is no tenant {what}")))?;
            let items = plain(&known(&desk, &tenant).await?);
            check::all(&items)?;
            said_right(output, &items)
        }
        SettingsCommand::Export { tenant, to } => {
            let text = pretty(&plain(&known(&desk, &tenant).await?))?;
            if let Some(path) = to {
                return std::fs::write(&path, text + "\n").map_err(|error| CliError::File { path, error });
            }
            output::line(&text);
            Ok(())
        }
        SettingsCommand::Import { tenant, file, prune, dry_run, yes } => {
            let wanted = file::Wanted { file: file::read(&file)?, prune, dry_run, yes };
            file::import(&desk, output, &tenant, wanted).await
        }
        SettingsCommand::Explain { tenant, customer, agreement, setting } => {
            let customer = match (&customer, &agreement) {
                (None, Some(agreement)) => Some(customer_of(pipeline, &tenant, agreement).await?),
                _ => customer,
            };
            let all = explained(pipeline, stack, &tenant, customer.as_ref(), agreement.as_ref()).await?;
            let some: Vec<Explained> =
                all.into_iter().filter(|it| setting.as_ref().is_none_or(|name| *name == it.name)).collect();
            if some.is_empty() {
                return Err(no_such_setting(&setting.unwrap_or_default()));
            }
            output.say(&some, || show_explained(&some))
        }
        SettingsCommand::Schema { .. } => Ok(()),
    }
}

fn said_right(output: Output, items: &ByScope) -> Result<(), CliError> {
    let scopes: Vec<&String> = items.keys().collect();
    output.say(&scopes, || output::line(&format!("{} items, all as they must be", scopes.len())))
}

pub(super) fn pretty(value: &impl serde::Serialize) -> Result<String, CliError> {
    serde_json::to_string_pretty(value).map_err(|error| CliError::Shown(error.to_string()))
}

fn plain(items: &BTreeMap<String, WrittenItem>) -> ByScope {
    items.iter().map(|(scope, item)| (scope.clone(), item.fields.clone())).collect()
}

/// A company's items, where there are any.
async fn known(desk: &cloud::SettingsDesk, tenant: &TenantId) -> Result<BTreeMap<String, WrittenItem>, CliError> {
    let items = desk.items(tenant).await?;
    if items.is_empty() {
        return Err(CliError::Missing(format!("there are no settings of {tenant}: see `fakturapilot tenant list`")));
    }
    Ok(items)
}

fn no_such_setting(name: &str) -> CliError {
    CliError::NotSettings(format!("there is no setting `{name}`: see `fakturapilot settings schema --markdown`"))
}

fn get(
    output: Output,
    items: &BTreeMap<String, WrittenItem>,
    item: &Item,
    setting: Option<&str>,
) -> Result<(), CliError> {
    let scope = item.scope().to_string();
    let none = || CliError::Missing(format!("nothing is set in {scope}"));
    let fields = &items.get(&scope).ok_or_else(none)?.fields;
    let Some(name) = setting else {
        return output.say(fields, || {
            let rows = fields.iter().map(|(name, value)| vec![name.clone(), shown(value)]);
            output::table(&["SETTING", "VALUE"], rows.collect());
        });
    };
    if !domain::settings::settings().iter().any(|setting| setting.name == name) {
        return Err(no_such_setting(name));
    }
    let value = fields.get(name).cloned().unwrap_or_default();
    // All of it: a letter or a logo isn't cut where it's asked for alone.
    output.say(&value, || output::line(value.as_str().unwrap_or(&value.to_string())))
}

async fn customer_of(
    pipeline: &Pipeline,
    tenant: &TenantId,
    agreement: &AgreementNumber,
) -> Result<CustomerNumber, CliError> {
    let read = pipeline.accounting().agreement(tenant, agreement).await.map_err(PreviewError::Accounting)?;
    match read {
        Ok(agreement) => Ok(agreement.customer),
        Err(broken) => {
            let why = format!("agreement {agreement} can't be read, so name its --customer: {}", broken.problem);
            broken.customer.ok_or(CliError::Missing(why))
        }
    }
}

/// Every setting in force, and where it comes from.
pub(crate) async fn explained(
    pipeline: &Pipeline,
    stack: &Stack,
    tenant: &TenantId,
    customer: Option<&CustomerNumber>,
    agreement: Option<&AgreementNumber>,
) -> Result<Vec<Explained>, CliError> {
    let items = known(&stack.settings(pipeline)?, tenant).await?;
    let settings = pipeline.settings().of_tenant(tenant).await?;
    let settings = settings.ok_or_else(|| CliError::Missing(format!("there is no profile of {tenant}")))?;
    let mode = settings.mode_in_force().map_err(|reason| CliError::NotSettings(reason.to_string()))?;
    let of = |scope: Scope| items.get(&scope.to_string()).map(|item| &item.fields);
    let those = Items {
        profile: of(Scope::Profile),
        customer: customer.and_then(|number| of(Scope::Customer(number.clone()))),
        agreement: agreement.and_then(|number| of(Scope::Agreement(number.clone()))),
    };
    check::some(&items, customer, agreement)?;
    Ok(explain(those, &mode))
}

pub(crate) fn show_explained(all: &[Explained]) {
    let row = |it: &Explained| {
        let value = match (&it.value, &it.default) {
            (Value::Null, Some(default)) => format!("({default})"),
            (value, _) => shown(value),
        };
        vec![it.name.clone(), value, it.source.to_string()]
    };
    output::table(&["SETTING", "VALUE", "WHERE FROM"], all.iter().map(row).collect());
}
