//! The companies, and their customers' names.

use std::{collections::BTreeMap, path::Path};

use domain::{
    ids::{SystemKind, TenantId},
    settings::Scope,
};
use serde::Serialize;
use serde_json::{Map, Value};
use stage::{Stage, StageError};

/// Which company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Place {
    /// The one in Fortnox.
    Bjorkangen,
    /// The one in e-conomic.
    Sonderaa,
}

impl Place {
    /// The company that a tenant is here.
    pub(crate) fn of(tenant: &TenantId) -> Self {
        match tenant.system() {
            SystemKind::Fortnox => Self::Bjorkangen,
            SystemKind::Economic => Self::Sonderaa,
        }
    }

    /// As people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bjorkangen => "Björkängen",
            Self::Sonderaa => "Sønderå",
        }
    }
}

/// The companies' files.
pub(crate) struct Cast {
    pub(crate) bjorkangen: fortnox_sim::CompanyFile,
    pub(crate) sonderaa: economic_sim::CompanyFile,
}

impl Cast {
    pub(crate) fn read(root: &Path) -> Result<Self, StageError> {
        Ok(Self {
            bjorkangen: fortnox_sim::CompanyFile::read(&root.join("tests/fortnox-sim/companies/bjorkangen.json"))?,
            sonderaa: economic_sim::CompanyFile::read(&root.join("tests/economic-sim/companies/sonderaa.json"))?,
        })
    }

    /// Customers' names by company and number.
    pub(crate) fn names(&self) -> BTreeMap<(Place, String), String> {
        let text = |value: Option<&Value>| match value {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let of = |place, customers: &[Map<String, Value>], number: &str, name: &str| -> Vec<_> {
            customers.iter().map(|it| ((place, text(it.get(number))), text(it.get(name)))).collect()
        };
        let mut names = of(Place::Bjorkangen, &self.bjorkangen.customers, "CustomerNumber", "Name");
        names.extend(of(Place::Sonderaa, &self.sonderaa.customers, "customerNumber", "name"));
        names.into_iter().collect()
    }
}

/// Writes a tenant's settings as its file has them.
pub(crate) fn set_all(stage: &Stage, tenant: &TenantId, file: &Path) -> Result<(), StageError> {
    let items: Map<String, Value> = serde_json::from_slice(&std::fs::read(file)?)?;
    for (scope, fields) in items {
        stage.set(tenant, &scope.parse::<Scope>()?, &fields)?;
    }
    Ok(())
}
