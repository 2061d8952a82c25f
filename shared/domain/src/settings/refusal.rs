//! Why a settings item is refused.

use serde_json::Value;

use super::schema::{settings, shown};

/// Why an item is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {}", self.in_words())]
pub struct SettingsError {
    /// The exact field, as a path.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
    /// What stands there and what is allowed, where the field is a setting.
    pub against: Option<Against>,
}

/// A value that is refused, against what the schema allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// What stands there, cut where it's long; `None` where nothing does.
    pub value: Option<String>,
    /// What is allowed.
    pub allowed: String,
}

impl SettingsError {
    pub(super) fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into(), against: None }
    }

    /// The same with what stands in `item` there and what the schema allows. Only made once something is refused, since it makes
    /// the schema.
    pub(super) fn explained(self, item: &Value) -> Self {
        let name = self.field.split(['.', '[']).next().unwrap_or_default();
        let setting = settings().into_iter().find(|setting| setting.name == name);
        let against = setting.map(|setting| Against {
            value: item.get(name).filter(|value| !value.is_null()).map(shown),
            allowed: setting.allowed,
        });
        Self { against, ..self }
    }

    /// All but the field.
    pub fn in_words(&self) -> String {
        let Some(Against { value, allowed }) = &self.against else { return self.problem.clone() };
        let value = value.as_ref().map(|value| format!("it is {value}; ")).unwrap_or_default();
        format!("{} ({value}allowed: {allowed})", self.problem)
    }
}
