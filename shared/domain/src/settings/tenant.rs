//! All settings of a tenant, as read from the table, broken items included.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Layer, Profile, Resolved, Scope, SettingsError, parse_layer, parse_profile, resolve};
use crate::{
    hold::HoldReason,
    ids::{AgreementNumber, CustomerNumber},
};

/// A tenant's settings. A broken item holds what it governs and nothing else.
#[derive(Debug, Clone)]
pub struct TenantSettings {
    profile: Result<Profile, SettingsError>,
    customers: HashMap<CustomerNumber, Result<Layer, SettingsError>>,
    agreements: HashMap<AgreementNumber, Result<Layer, SettingsError>>,
}

impl TenantSettings {
    /// From the profile item.
    pub fn new(profile: Map<String, Value>) -> Self {
        Self { profile: parse_profile(profile), customers: HashMap::new(), agreements: HashMap::new() }
    }

    /// Adds what is set otherwise for a customer or an agreement. A second profile replaces the first.
    pub fn add(&mut self, scope: Scope, item: Map<String, Value>) {
        match scope {
            Scope::Profile => self.profile = parse_profile(item),
            Scope::Customer(number) => {
                self.customers.insert(number, parse_layer(item));
            }
            Scope::Agreement(number) => {
                self.agreements.insert(number, parse_layer(item));
            }
        }
    }

    /// The profile, or the hold that a broken one causes for the whole tenant.
    pub fn profile(&self) -> Result<&Profile, HoldReason> {
        usable(&self.profile, &Scope::Profile)
    }

    /// The settings in force for one agreement, or the hold that a broken item causes.
    pub fn resolve(&self, customer: &CustomerNumber, agreement: &AgreementNumber) -> Result<Resolved, HoldReason> {
        let profile = self.profile()?;
        let customer_layer = match self.customers.get(customer) {
            Some(layer) => Some(usable(layer, &Scope::Customer(customer.clone()))?),
            None => None,
        };
        let agreement_layer = match self.agreements.get(agreement) {
            Some(layer) => Some(usable(layer, &Scope::Agreement(agreement.clone()))?),
            None => None,
        };
        Ok(resolve(profile, customer_layer, agreement_layer))
    }
}

fn usable<'a, T>(item: &'a Result<T, SettingsError>, scope: &Scope) -> Result<&'a T, HoldReason> {
    item.as_ref().map_err(|error| HoldReason::BrokenSettings {
        scope: scope.to_string(),
        field: error.field.clone(),
        problem: error.problem.clone(),
    })
}
