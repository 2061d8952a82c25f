//! What a function's role lets it do: the statements of its own policies and of the managed ones that it names.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value as Json;
use serde_yaml_ng::Value;

use super::{Resolver, TemplateError};

/// One statement of a policy. It allows: a role of ours has nothing to forbid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its name, which no other statement of the role has.
    pub sid: String,
    /// Actions, such as `dynamodb:GetItem`; `*` and `?` stand for others.
    pub actions: Vec<String>,
    /// ARNs, with the same wildcards.
    pub resources: Vec<String>,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
    /// Of a managed policy, so that other roles may have it, too.
    pub managed: bool,
}

/// One condition of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// How the request's values are compared.
    pub operator: Operator,
    /// What of the request, e.g. `dynamodb:LeadingKeys`.
    pub key: String,
    /// What is allowed.
    pub values: Vec<String>,
}

/// How a condition compares. Those that the template uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The request has the key, with one of the values.
    StringEquals,
    /// Each value that the request has is like one of the values; also true where it has none.
    ForAllValuesStringLike,
}

/// A role, or a managed policy: its statements, and which managed policies it names.
#[derive(Debug, Default)]
pub(super) struct Policies {
    statements: Vec<Statement>,
    managed: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct RoleProperties {
    #[serde(default)]
    managed_policy_arns: Vec<String>,
    #[serde(default)]
    policies: Vec<Inline>,
    // Who may take the role is checked where it's taken, in AWS.
    #[serde(rename = "AssumeRolePolicyDocument")]
    _assume: Json,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Inline {
    policy_document: Document,
    #[serde(rename = "PolicyName")]
    _name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ManagedProperties {
    policy_document: Document,
    #[serde(rename = "Description")]
    _description: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Document {
    statement: Vec<RawStatement>,
    #[serde(rename = "Version")]
    _version: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct RawStatement {
    sid: String,
    effect: String,
    action: OneOrMore,
    resource: OneOrMore,
    #[serde(default)]
    condition: BTreeMap<String, BTreeMap<String, OneOrMore>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn all(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::More(more) => more,
        }
    }
}

impl Policies {
    /// An `AWS::IAM::Role`.
    pub(super) fn of_role(resolver: &Resolver<'_>, name: &str, properties: &Value) -> Result<Self, TemplateError> {
        let properties: RoleProperties = resolver.read(name, properties)?;
        let mut statements = Vec::new();
        for policy in properties.policies {
            statements.extend(read(name, policy.policy_document, false)?);
        }
        Ok(Self { statements, managed: properties.managed_policy_arns })
    }

    /// An `AWS::IAM::ManagedPolicy`.
    pub(super) fn managed(resolver: &Resolver<'_>, name: &str, properties: &Value) -> Result<Self, TemplateError> {
        let properties: ManagedProperties = resolver.read(name, properties)?;
        Ok(Self { statements: read(name, properties.policy_document, true)?, managed: Vec::new() })
    }
}

/// Each role's statements, the managed policies' included, which are known by their ARNs.
pub(super) fn joined(
    roles: BTreeMap<String, Policies>,
    managed: &BTreeMap<String, Policies>,
) -> Result<BTreeMap<String, Vec<Statement>>, TemplateError> {
    roles.into_iter().map(|(name, role)| Ok((name.clone(), join(&name, role, managed)?))).collect()
}

fn join(name: &str, role: Policies, managed: &BTreeMap<String, Policies>) -> Result<Vec<Statement>, TemplateError> {
    let mut statements = role.statements;
    for arn in role.managed {
        let policy = managed
            .get(&arn)
            .ok_or_else(|| TemplateError::property(name, format!("{arn} is no managed policy of the template")))?;
        statements.extend(policy.statements.clone());
    }
    let mut sids = BTreeSet::new();
    match statements.iter().find(|statement| !sids.insert(&statement.sid)) {
        Some(twice) => Err(TemplateError::property(name, format!("two statements are called {}", twice.sid))),
        None => Ok(statements),
    }
}

fn read(name: &str, document: Document, managed: bool) -> Result<Vec<Statement>, TemplateError> {
    document.statement.into_iter().map(|statement| read_statement(name, statement, managed)).collect()
}

fn read_statement(name: &str, raw: RawStatement, managed: bool) -> Result<Statement, TemplateError> {
    if raw.effect != "Allow" {
        let reason = format!("{}: the local cloud knows only Allow, not {}", raw.sid, raw.effect);
        return Err(TemplateError::property(name, reason));
    }
    let mut conditions = Vec::new();
    for (operator, keys) in raw.condition {
        let operator = match operator.as_str() {
            "StringEquals" => Operator::StringEquals,
            "ForAllValues:StringLike" => Operator::ForAllValuesStringLike,
            other => {
                let reason = format!("{}: the local cloud does not know the condition {other}", raw.sid);
                return Err(TemplateError::property(name, reason));
            }
        };
        conditions.extend(keys.into_iter().map(|(key, values)| Condition { operator, key, values: values.all() }));
    }
    Ok(Statement { sid: raw.sid, actions: raw.action.all(), resources: raw.resource.all(), conditions, managed })
}
