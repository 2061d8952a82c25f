//! Whether items are as they must be: by the very functions that the workers read them with.

use std::collections::BTreeMap;

use cloud::WrittenItem;
use domain::{
    ids::{AgreementNumber, CustomerNumber},
    settings::{Scope, parse_layer, parse_profile},
};
use serde_json::{Map, Value};

use super::ByScope;
use crate::error::CliError;

/// One item.
pub(super) fn one(scope: &Scope, item: &Map<String, Value>) -> Result<(), CliError> {
    let read = match scope {
        Scope::Profile => parse_profile(item.clone()).map(drop),
        Scope::Customer(_) | Scope::Agreement(_) => parse_layer(item.clone()).map(drop),
    };
    read.map_err(|error| CliError::Settings { scope: scope.to_string(), error })
}

/// All of them; the first that isn't right is told.
pub(super) fn all(items: &ByScope) -> Result<(), CliError> {
    for (scope, item) in items {
        one(&named(scope)?, item)?;
    }
    Ok(())
}

/// The items that govern a customer and an agreement.
pub(super) fn some(
    items: &BTreeMap<String, WrittenItem>,
    customer: Option<&CustomerNumber>,
    agreement: Option<&AgreementNumber>,
) -> Result<(), CliError> {
    let scopes = customer.map(|number| Scope::Customer(number.clone())).into_iter();
    let scopes = scopes.chain(agreement.map(|number| Scope::Agreement(number.clone())));
    for scope in scopes {
        if let Some(item) = items.get(&scope.to_string()) {
            one(&scope, &item.fields)?;
        }
    }
    Ok(())
}

/// What an item is for.
pub(super) fn named(scope: &str) -> Result<Scope, CliError> {
    let wrong = || {
        CliError::NotSettings(format!(
            "`{scope}` is no item: there are `profile`, `customer#<number>` and `agreement#<number>`"
        ))
    };
    scope.parse().map_err(|_| wrong())
}
