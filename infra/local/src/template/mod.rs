//! Reads `template.yaml` itself, so that what runs here is what deploys.
//!
//! Only what has an effect on one machine becomes a typed value. Everything else must be on the list of types that need
//! nothing here; a type, a property or an intrinsic that is on neither list is an error that names it.

mod function;
mod http_api;
mod mail;
mod outputs;
mod parameters;
mod queue;
mod resolve;
mod role;
mod rule;
mod secret;
mod table;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_yaml_ng::{Mapping, Value};

pub use function::{AsyncInvocation, EventSource, Function, Schedule};
pub use http_api::Route;
pub use mail::MailDestination;
pub use queue::{Queue, Redrive};
pub use role::{Condition, Operator, Statement};
pub use rule::Rule;
pub use table::{Index, Table};

use resolve::Resolver;

/// Resource types that need nothing on one machine. Encryption is checked where it exists, in AWS; logs go to files, and nobody is
/// called out of bed.
const NEEDS_NOTHING: [&str; 5] =
    ["AWS::CloudWatch::Alarm", DASHBOARD, "AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::SQS::QueuePolicy"];

const ROLE: &str = "AWS::IAM::Role";
const MANAGED_POLICY: &str = "AWS::IAM::ManagedPolicy";
pub(crate) const DASHBOARD: &str = "AWS::CloudWatch::Dashboard";

pub(crate) const MAIL_SET: &str = "AWS::SES::ConfigurationSet";
const MAIL_DESTINATION: &str = "AWS::SES::ConfigurationSetEventDestination";
pub(crate) const RULE: &str = "AWS::Events::Rule";

pub(crate) const SECRET: &str = "AWS::SecretsManager::Secret";

pub(crate) const TABLE: &str = "AWS::DynamoDB::Table";
pub(crate) const QUEUE: &str = "AWS::SQS::Queue";
pub(crate) const FUNCTION: &str = "AWS::Serverless::Function";
pub(crate) const HTTP_API: &str = "AWS::Serverless::HttpApi";

/// Where the resources are: what `Ref`, `Fn::GetAtt` and the pseudo parameters need to give names, addresses and ARNs.
/// A resource's physical name is its logical one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// AWS region of the ARNs.
    pub region: String,
    /// Twelve digits.
    pub account: String,
    /// Base address of the queues, without a slash at the end.
    pub sqs_url: String,
}

impl Place {
    /// Address of a queue.
    pub fn queue_url(&self, queue: &str) -> String {
        format!("{}/{}/{queue}", self.sqs_url, self.account)
    }

    /// ARN of a secret. AWS adds six characters of its own to the name.
    pub fn secret_arn(&self, secret: &str) -> String {
        self.arn("secretsmanager", &format!("secret:{secret}-AbCdEf"))
    }

    /// ARN of a resource of `service`.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.region, self.account)
    }
}

/// What a template asks for, with every intrinsic resolved. Keys are logical names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Values in force: the overrides, else the defaults.
    pub parameters: BTreeMap<String, String>,
    /// DynamoDB tables.
    pub tables: BTreeMap<String, Table>,
    /// SQS queues.
    pub queues: BTreeMap<String, Queue>,
    /// Secrets, each with its ARN. A template gives them no value.
    pub secrets: BTreeMap<String, String>,
    /// Which events of mails go to which queues.
    pub mail_events: Vec<Rule>,
    /// Configuration sets of mails, each with where it has events told.
    pub mail_sets: BTreeMap<String, Vec<MailDestination>>,
    /// Lambda functions with their event sources and schedules.
    pub functions: BTreeMap<String, Function>,
    /// What each role lets its function do.
    pub roles: BTreeMap<String, Vec<Statement>>,
    /// What the stack tells of itself.
    pub outputs: BTreeMap<String, String>,
}

/// Why a template cannot be run. Never worth repeating: the template or the parameters must change.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The file is not there or not readable.
    #[error("cannot read {}: {source}", path.display())]
    File {
        /// The file asked for.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The text is no YAML, or not shaped as a template.
    #[error("the template is not valid YAML: {0}")]
    Yaml(#[from] serde_yaml_ng::Error),
    /// A resource type that nothing here stands in for.
    #[error("resource {resource} is a {kind}, which the local cloud does not know")]
    UnknownType {
        /// Logical name.
        resource: String,
        /// CloudFormation type.
        kind: String,
    },
    /// An intrinsic function that is not understood.
    #[error("{at}: the local cloud does not know the intrinsic {intrinsic}")]
    UnknownIntrinsic {
        /// Where it stands.
        at: String,
        /// As it is written.
        intrinsic: String,
    },
    /// A name that is no parameter, no resource and no pseudo parameter, or an attribute that is not given here.
    #[error("{at}: nothing here is called {name}")]
    UnknownName {
        /// Where it stands.
        at: String,
        /// The name, or `Resource.Attribute`.
        name: String,
    },
    /// A property is missing, unknown or has a value that the local cloud cannot follow.
    #[error("{at}: {reason}")]
    Property {
        /// The resource, or the event of a function.
        at: String,
        /// What is wrong.
        reason: String,
    },
    /// A parameter has no value, a value that is not allowed, or does not exist.
    #[error("parameter {name}: {reason}")]
    Parameter {
        /// The parameter.
        name: String,
        /// What is wrong.
        reason: String,
    },
}

impl TemplateError {
    #[expect(clippy::needless_pass_by_value, reason = "callers give a literal or an error they are done with")]
    fn property(at: &str, reason: impl ToString) -> Self {
        Self::Property { at: at.to_owned(), reason: reason.to_string() }
    }
}

/// A template as it is written. Metadata are for people.
#[derive(Deserialize)]
struct Document {
    #[serde(rename = "Parameters", default)]
    parameters: BTreeMap<String, parameters::Parameter>,
    #[serde(rename = "Globals", default)]
    globals: Mapping,
    #[serde(rename = "Resources")]
    resources: BTreeMap<String, Resource>,
    #[serde(rename = "AWSTemplateFormatVersion")]
    _version: Option<String>,
    #[serde(rename = "Transform")]
    _transform: Option<String>,
    #[serde(rename = "Description")]
    _description: Option<String>,
    #[serde(rename = "Outputs", default)]
    outputs: BTreeMap<String, outputs::Output>,
    #[serde(rename = "Metadata")]
    _metadata: Option<Value>,
    /// Nothing that has an effect here may depend on one: `Condition` and `If` are refused where they'd count.
    #[serde(rename = "Conditions")]
    _conditions: Option<Value>,
    /// What the local cloud does not know, e.g. mappings: refused by name.
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resource {
    #[serde(rename = "Type")]
    kind: String,
    #[serde(rename = "Properties", default)]
    properties: Value,
    #[serde(rename = "Metadata", default)]
    metadata: Value,
    #[serde(rename = "DeletionPolicy")]
    _deletion_policy: Option<String>,
    #[serde(rename = "UpdateReplacePolicy")]
    _update_replace_policy: Option<String>,
    #[serde(rename = "DependsOn")]
    _depends_on: Option<Value>,
}

impl Template {
    /// Reads the file at `path`. `overrides` replace the parameters' defaults.
    pub fn read(path: &Path, overrides: &BTreeMap<String, String>, place: &Place) -> Result<Self, TemplateError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| TemplateError::File { path: path.to_owned(), source })?;
        Self::parse(&text, overrides, place)
    }

    /// Reads a template's text.
    pub fn parse(text: &str, overrides: &BTreeMap<String, String>, place: &Place) -> Result<Self, TemplateError> {
        let document: Document = serde_yaml_ng::from_str(text)?;
        if let Some(section) = document.others.keys().next() {
            return Err(TemplateError::property(section, "the local cloud does not know this section"));
        }
        let parameters = parameters::in_force(&document.parameters, overrides)?;
        let kinds = document.resources.iter().map(|(name, resource)| (name.as_str(), resource.kind.as_str())).collect();
        let resolver = Resolver { parameters: &parameters, kinds, place };
        let globals = function::globals(&resolver, &document.globals)?;

        let mut tables = BTreeMap::new();
        let mut queues = BTreeMap::new();
        let mut secrets = BTreeMap::new();
        let mut mail_events = Vec::new();
        let mut mail_sets: BTreeMap<String, Vec<MailDestination>> = BTreeMap::new();
        let mut functions = BTreeMap::new();
        let (mut roles, mut managed) = (BTreeMap::new(), BTreeMap::new());
        for (name, resource) in &document.resources {
            match resource.kind.as_str() {
                TABLE => {
                    tables.insert(name.clone(), Table::read(&resolver, name, &resource.properties)?);
                }
                QUEUE => {
                    queues.insert(name.clone(), Queue::read(&resolver, name, &resource.properties)?);
                }
                FUNCTION => {
                    let read = Function::read(&resolver, name, &globals, &resource.properties, &resource.metadata)?;
                    functions.insert(name.clone(), read);
                }
                SECRET => {
                    secret::check(&resolver, name, &resource.properties)?;
                    secrets.insert(name.clone(), place.secret_arn(name));
                }
                RULE => mail_events.push(Rule::read(&resolver, name, &resource.properties)?),
                MAIL_SET => {
                    mail_sets.entry(name.clone()).or_default();
                }
                MAIL_DESTINATION => {
                    let (set, destination) = MailDestination::read(&resolver, name, &resource.properties)?;
                    mail_sets.entry(set).or_default().push(destination);
                }
                ROLE => {
                    roles.insert(name.clone(), role::Policies::of_role(&resolver, name, &resource.properties)?);
                }
                MANAGED_POLICY => {
                    let read = role::Policies::managed(&resolver, name, &resource.properties)?;
                    managed.insert(resolver.policy_arn(name), read);
                }
                HTTP_API => http_api::check(&resolver, name, &resource.properties)?,
                kind if NEEDS_NOTHING.contains(&kind) => {}
                kind => {
                    return Err(TemplateError::UnknownType { resource: name.clone(), kind: kind.to_owned() });
                }
            }
        }
        let roles = role::joined(roles, &managed)?;
        let outputs = outputs::read(&resolver, &document.outputs)?;
        Ok(Self { parameters, tables, queues, secrets, mail_events, mail_sets, functions, roles, outputs })
    }
}
