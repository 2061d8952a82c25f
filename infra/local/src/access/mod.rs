//! What the functions may do in AWS, by the roles of the template: each of their calls is held against them, as IAM would, and what
//! isn't allowed is refused. So a right that is missing is found by a test, and not after a deployment.
//!
//! What was allowed is noted beside the state, for [`unused`], which finds the rights that nobody needs. A function signs with its
//! own name as the id of its access key, which tells it from all others.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

mod calls;
mod gate;
mod platform;
mod statement;
mod unused;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};

use crate::template::{Place, Statement, Table, Template, TemplateError};

pub(crate) use gate::{Gate, Service};
pub use unused::{UnusedRight, unused};

/// The rights that were used, one JSON object a line. In the state folder.
const RIGHTS: &str = "rights.jsonl";

/// Something that AWS asks IAM about: one call of a function may be several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// Such as `dynamodb:GetItem`.
    pub(crate) action: &'static str,
    /// ARN, or `*` where the action has no resource.
    pub(crate) resource: String,
    /// What conditions may ask for, by its key.
    pub(crate) context: BTreeMap<&'static str, Vec<String>>,
}

impl Call {
    pub(crate) fn new(action: &'static str, resource: impl Into<String>) -> Self {
        Self { action, resource: resource.into(), context: BTreeMap::new() }
    }
}

/// One right that was used: an action and a resource of a statement of a function's role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Used {
    function: String,
    sid: String,
    action: String,
    /// Which of the statement's resources: they have other names with other parameters.
    resource: usize,
}

/// The roles, by function, and what came of their use.
pub(crate) struct Access {
    statements: BTreeMap<String, Vec<Statement>>,
    account: Account,
    file: PathBuf,
    used: Mutex<BTreeSet<Used>>,
    denied: Mutex<BTreeSet<String>>,
}

/// What it takes to tell what a call is about.
#[derive(Debug)]
struct Account {
    place: Place,
    tables: BTreeMap<String, Table>,
    secrets: BTreeMap<String, String>,
    /// Domain or address that mails may be sent under.
    identity: String,
}

impl Access {
    /// The roles of `template`. What Lambda itself does in a function's name must be allowed, or no function would work in AWS.
    /// `state` is the folder for what is used.
    pub(crate) fn new(
        template: &Template,
        place: &Place,
        identity: Option<&str>,
        state: &Path,
    ) -> Result<Self, TemplateError> {
        let of = |role: &Option<String>| role.as_ref().and_then(|role| template.roles.get(role)).cloned();
        let functions = template.functions.iter();
        let access = Self {
            // Those that name no role have one from SAM.
            statements: functions.filter_map(|(name, function)| Some((name.clone(), of(&function.role)?))).collect(),
            account: Account {
                place: place.clone(),
                tables: template.tables.clone(),
                secrets: template.secrets.clone(),
                identity: identity.unwrap_or_default().to_owned(),
            },
            file: state.join(RIGHTS),
            used: Mutex::default(),
            denied: Mutex::default(),
        };
        for (name, function) in &template.functions {
            for call in platform::calls(place, function) {
                access.check(name, &call).map_err(|reason| TemplateError::Property { at: name.clone(), reason })?;
            }
        }
        Ok(access)
    }

    /// Whether there is anybody whose calls are looked at.
    pub(crate) fn is_needed(&self) -> bool {
        !self.statements.is_empty()
    }

    /// Whether it's a function whose calls are looked at.
    fn knows(&self, caller: &str) -> bool {
        self.statements.contains_key(caller)
    }

    /// What functions asked for and have no right to.
    pub(crate) fn denied(&self) -> Vec<String> {
        lock(&self.denied).iter().cloned().collect()
    }

    /// Refuses what the function's role doesn't allow, in IAM's words.
    fn check(&self, function: &str, call: &Call) -> Result<(), String> {
        let Some(statements) = self.statements.get(function) else { return Ok(()) };
        let mut allowed = false;
        for statement in statements {
            for (action, resource) in statement::allows(statement, call) {
                allowed = true;
                let (function, sid) = (function.to_owned(), statement.sid.clone());
                self.note(&Used { function, sid, action: action.to_owned(), resource });
            }
        }
        if allowed {
            return Ok(());
        }
        let refusal = format!(
            "User: {function} is not authorized to perform: {} on resource: {} because no identity-based policy allows the {} action",
            call.action, call.resource, call.action
        );
        tracing::error!(refusal, "a role lacks a right");
        lock(&self.denied).insert(refusal.clone());
        Err(refusal)
    }

    fn note(&self, used: &Used) {
        let mut known = lock(&self.used);
        if !known.insert(used.clone()) {
            return;
        }
        let written = serde_json::to_string(used).map_err(std::io::Error::other).and_then(|line| {
            let mut file = std::fs::File::options().create(true).append(true).open(&self.file)?;
            file.write_all((line + "\n").as_bytes())
        });
        if let Err(error) = written {
            tracing::warn!(%error, "a right that was used could not be noted");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
