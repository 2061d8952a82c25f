//! The template's own configuration set, and where what becomes of its mails is told.

use serde::{Deserialize, Serialize};
use serde_yaml_ng::Value;

use super::{Resolver, TemplateError};

/// Where a configuration set has events told: a bus of EventBridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailDestination {
    /// Its name.
    pub name: String,
    /// Whether anything is told.
    pub enabled: bool,
    /// The kinds of events, spelled as in the request or the template that named them.
    pub event_types: Vec<String>,
    /// The bus's ARN.
    pub bus: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Properties {
    configuration_set_name: String,
    event_destination: Definition,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Definition {
    name: String,
    enabled: bool,
    matching_event_types: Vec<String>,
    event_bridge_destination: Bus,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Bus {
    event_bus_arn: String,
}

impl MailDestination {
    /// A destination, and the set that it's of.
    pub(super) fn read(
        resolver: &Resolver<'_>,
        name: &str,
        properties: &Value,
    ) -> Result<(String, Self), TemplateError> {
        let Properties { configuration_set_name, event_destination: given } = resolver.read(name, properties)?;
        let bus = given.event_bridge_destination.event_bus_arn;
        let event_types = given.matching_event_types;
        Ok((configuration_set_name, Self { name: given.name, enabled: given.enabled, event_types, bus }))
    }
}
