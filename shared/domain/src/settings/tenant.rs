//! All settings of a tenant, as read from the table, broken items included.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Layer, Mode, Profile, Resolved, Scope, SettingsError, Sourced, parse_layer, parse_profile, resolve};
use crate::{
    hold::HoldReason,
    ids::{AgreementNumber, CustomerNumber},
    preflight::Standing,
};

/// A tenant's settings. A broken item holds what it governs and nothing else; one that governs nobody knows what, since its
/// scope is misspelt, holds the tenant: it may say that something must not be booked.
#[derive(Debug, Clone)]
pub struct TenantSettings {
    profile: Result<Profile, SettingsError>,
    customers: HashMap<CustomerNumber, Result<Layer, SettingsError>>,
    agreements: HashMap<AgreementNumber, Result<Layer, SettingsError>>,
    stray: Option<String>,
    standing: Option<Standing>,
}

impl TenantSettings {
    /// From the profile item.
    pub fn new(profile: Map<String, Value>) -> Self {
        Self {
            profile: parse_profile(profile),
            customers: HashMap::new(),
            agreements: HashMap::new(),
            stray: None,
            standing: None,
        }
    }

    /// Adds what is set otherwise for a customer or an agreement. A second profile replaces the first.
    pub fn add(&mut self, scope: Scope, item: Map<String, Value>) {
        match scope {
            Scope::Profile => {
                self.profile = parse_profile(item);
                self.lower_mode();
            }
            Scope::Customer(number) => {
                self.customers.insert(number, parse_layer(item));
            }
            Scope::Agreement(number) => {
                self.agreements.insert(number, parse_layer(item));
            }
        }
    }

    /// Adds an item whose scope names nothing that settings can be for.
    pub fn add_stray(&mut self, scope: &str) {
        self.stray = Some(scope.to_owned());
    }

    /// Takes note of the tenant's newest pre-flight: with a blocking finding `full` is `draft_only`. A tenant without one acts as
    /// its profile says.
    pub fn hold_back(&mut self, standing: Standing) {
        self.standing = Some(standing);
        self.lower_mode();
    }

    fn lower_mode(&mut self) {
        let blocked = self.standing.as_ref().is_some_and(|standing| standing.blocking > 0);
        if let Ok(profile) = &mut self.profile
            && blocked
            && profile.tenant.mode == Mode::Full
        {
            profile.tenant.mode = Mode::DraftOnly;
            profile.held_back = true;
        }
    }

    /// Why the mode is less than the profile says, if it is: what a person must know.
    pub fn held_back(&self) -> Option<HoldReason> {
        let standing = self.standing.as_ref()?;
        let held_back = self.profile.as_ref().is_ok_and(|profile| profile.held_back);
        held_back.then(|| HoldReason::PreflightBlocks {
            at: standing.at,
            found: standing.blocking,
            first: standing.first_blocking.clone().unwrap_or_default(),
        })
    }

    /// The holds that broken items of customers and agreements cause.
    pub(super) fn broken_items(&self) -> impl Iterator<Item = HoldReason> {
        let customers =
            self.customers.iter().filter_map(|(number, layer)| usable(layer, &Scope::Customer(number.clone())).err());
        let agreements =
            self.agreements.iter().filter_map(|(number, layer)| usable(layer, &Scope::Agreement(number.clone())).err());
        customers.chain(agreements)
    }

    /// The profile, or the hold that a broken or stray item causes for the whole tenant.
    pub fn profile(&self) -> Result<&Profile, HoldReason> {
        if let Some(scope) = &self.stray {
            return Err(HoldReason::BrokenSettings {
                scope: scope.clone(),
                field: "scope".to_owned(),
                problem: "must be `profile`, `customer#<number>` or `agreement#<number>`".to_owned(),
            });
        }
        usable(&self.profile, &Scope::Profile)
    }

    /// The mode in force, and where it came from; or the hold that a broken profile causes.
    pub fn mode_in_force(&self) -> Result<Sourced<Mode>, HoldReason> {
        Ok(resolve(self.profile()?, None, None).mode)
    }

    /// All items that aren't broken: the profile's, the customers' and the agreements'.
    pub(super) fn layers(&self) -> impl Iterator<Item = &Layer> {
        let profile = self.profile.as_ref().ok().map(|profile| &profile.layer);
        let others = self.customers.values().chain(self.agreements.values()).filter_map(|layer| layer.as_ref().ok());
        profile.into_iter().chain(others)
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

    /// The settings in force for one customer's drafts, or the hold that a broken item causes.
    pub fn resolve_customer(&self, customer: &CustomerNumber) -> Result<Resolved, HoldReason> {
        let profile = self.profile()?;
        let layer = self.customers.get(customer).map(|layer| usable(layer, &Scope::Customer(customer.clone())));
        Ok(resolve(profile, layer.transpose()?, None))
    }
}

fn usable<'a, T>(item: &'a Result<T, SettingsError>, scope: &Scope) -> Result<&'a T, HoldReason> {
    item.as_ref().map_err(|error| HoldReason::BrokenSettings {
        scope: scope.to_string(),
        field: error.field.clone(),
        problem: error.in_words(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::settings::Source;

    #[test]
    fn an_item_for_nobody_holds_the_tenant_and_is_named() {
        let mut settings = TenantSettings::new(Map::new());
        assert!(settings.profile().is_ok());
        settings.add_stray("custommer#10");
        let reason = settings.profile().unwrap_err();
        assert!(reason.to_string().contains("custommer#10"), "{reason}");
        assert!(settings.resolve(&"1".parse().unwrap(), &"1".parse().unwrap()).is_err());
    }

    #[test]
    fn drafts_are_looked_through_only_where_more_than_a_signal_counts() {
        let item = |value: serde_json::Value| value.as_object().cloned().unwrap();
        let mut settings = TenantSettings::new(item(json!({"automatic_sending": true})));
        assert!(!settings.looks_for_drafts());
        let customer = Scope::Customer("10".parse().unwrap());
        settings.add(customer.clone(), item(json!({"finished_by": ["ready_signal"]})));
        assert!(!settings.looks_for_drafts());
        settings.add(customer.clone(), item(json!({"finished_by": ["ready_signal", "marker"]})));
        assert!(settings.looks_for_drafts());
        let mut nobody = TenantSettings::new(item(json!({"finished_by": ["marker"]})));
        assert!(!nobody.looks_for_drafts());
        nobody.add(customer, item(json!({"automatic_sending": true})));
        assert!(nobody.looks_for_drafts());
    }

    #[test]
    fn a_broken_item_holds_only_what_it_governs() {
        let mut settings = TenantSettings::new(Map::new());
        let broken = json!({"auto_bok": true}).as_object().cloned().unwrap();
        settings.add(Scope::Customer("10".parse().unwrap()), broken);
        let resolve = |customer: &str| settings.resolve(&customer.parse().unwrap(), &"1".parse().unwrap());
        assert!(resolve("11").is_ok());
        let reason = resolve("10").unwrap_err();
        assert!(matches!(reason, HoldReason::BrokenSettings { ref field, .. } if field == "auto_bok"), "{reason}");
    }

    fn standing(blocking: u64) -> Standing {
        let at = "2026-03-01T05:00:00Z".parse().unwrap();
        let first_blocking = (blocking > 0).then(|| "company: there is no bank account".to_owned());
        Standing { at, blocking, warnings: 3, first_blocking }
    }

    #[test]
    fn what_blocks_turns_full_into_draft_only_and_nothing_else() {
        let profile = |mode: &str| json!({ "mode": mode }).as_object().cloned().unwrap();
        for (mode, blocking, in_force, source) in [
            ("full", 2, Mode::DraftOnly, Source::Preflight),
            ("full", 0, Mode::Full, Source::Tenant),
            ("draft_only", 2, Mode::DraftOnly, Source::Tenant),
            ("preview", 2, Mode::Preview, Source::Tenant),
            ("off", 2, Mode::Off, Source::Tenant),
        ] {
            let mut settings = TenantSettings::new(profile(mode));
            settings.hold_back(standing(blocking));
            let resolved = settings.resolve(&"10".parse().unwrap(), &"1".parse().unwrap()).unwrap();
            assert_eq!((resolved.mode.value, resolved.mode.source), (in_force, source), "{mode} {blocking}");
            assert_eq!(settings.held_back().is_some(), source == Source::Preflight, "{mode} {blocking}");
            assert_eq!(settings.profile().unwrap().stated_mode().name(), mode);
        }
    }

    #[test]
    fn what_blocks_counts_whichever_item_is_read_first_and_says_what_it_is() {
        let full = json!({"mode": "full"}).as_object().cloned().unwrap();
        let mut settings = TenantSettings::new(Map::new());
        settings.hold_back(standing(2));
        assert_eq!(settings.held_back(), None);
        settings.add(Scope::Profile, full);
        assert_eq!(settings.profile().unwrap().tenant.mode, Mode::DraftOnly);
        let reason = settings.held_back().unwrap().to_string();
        assert!(reason.contains("found 2 things that block") && reason.contains("bank account"), "{reason}");
        settings.add(Scope::Profile, json!({"mode": "fulll"}).as_object().cloned().unwrap());
        assert_eq!(settings.held_back(), None, "a broken profile holds the tenant by itself");
    }
}
