//! Intrinsic functions, in their short form (`!Ref x`) and in their long one (`{Ref: x}`).

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use serde_yaml_ng::{Mapping, Value};

use super::{
    DASHBOARD, FUNCTION, HTTP_API, MAIL_SET, MANAGED_POLICY, Place, QUEUE, ROLE, RULE, SECRET, TABLE, TemplateError,
};

/// What a stack on one machine is called.
const STACK: &str = "local";

/// Turns a template's values into plain JSON.
pub(super) struct Resolver<'a> {
    pub(super) parameters: &'a BTreeMap<String, String>,
    /// CloudFormation type of each resource.
    pub(super) kinds: BTreeMap<&'a str, &'a str>,
    pub(super) place: &'a Place,
}

impl Resolver<'_> {
    /// Resolves `value` and reads it as `T`, which refuses the properties it does not know.
    pub(super) fn read<T: DeserializeOwned>(&self, at: &str, value: &Value) -> Result<T, TemplateError> {
        serde_json::from_value(self.json(at, value)?).map_err(|error| TemplateError::property(at, error))
    }

    /// Resolves every intrinsic in `value`. `at` names the resource, for errors.
    pub(super) fn json(&self, at: &str, value: &Value) -> Result<Json, TemplateError> {
        match value {
            Value::Null => Ok(Json::Null),
            Value::Bool(flag) => Ok(Json::Bool(*flag)),
            Value::String(text) => Ok(Json::String(text.clone())),
            Value::Number(number) => serde_json::to_value(number).map_err(|error| TemplateError::property(at, error)),
            Value::Sequence(items) => items.iter().map(|item| self.json(at, item)).collect(),
            Value::Mapping(mapping) => self.mapping(at, mapping),
            Value::Tagged(tagged) => {
                let tag = tagged.tag.to_string();
                self.intrinsic(at, tag.trim_start_matches('!'), &tagged.value)
            }
        }
    }

    fn mapping(&self, at: &str, mapping: &Mapping) -> Result<Json, TemplateError> {
        if let Some((Value::String(key), value)) = mapping.iter().next()
            && mapping.len() == 1
            && (key == "Ref" || key == "Condition" || key.starts_with("Fn::"))
        {
            return self.intrinsic(at, key.trim_start_matches("Fn::"), value);
        }
        let mut object = serde_json::Map::new();
        for (key, value) in mapping {
            let Value::String(key) = key else {
                return Err(TemplateError::property(at, "a key is no text"));
            };
            object.insert(key.clone(), self.json(at, value)?);
        }
        Ok(Json::Object(object))
    }

    fn intrinsic(&self, at: &str, name: &str, value: &Value) -> Result<Json, TemplateError> {
        match (name, value) {
            ("Ref", Value::String(target)) => self.reference(at, target).map(Json::String),
            ("Sub", Value::String(pattern)) => self.substitute(at, pattern).map(Json::String),
            ("GetAtt", Value::String(path)) => self.dotted(at, path).map(Json::String),
            ("GetAtt", Value::Sequence(path)) => match path.as_slice() {
                [Value::String(resource), Value::String(attribute)] => {
                    self.attribute(at, resource, attribute).map(Json::String)
                }
                _ => Err(TemplateError::property(at, "GetAtt needs a resource and an attribute")),
            },
            _ => Err(TemplateError::UnknownIntrinsic { at: at.to_owned(), intrinsic: name.to_owned() }),
        }
    }

    fn reference(&self, at: &str, target: &str) -> Result<String, TemplateError> {
        if let Some(value) = self.parameters.get(target) {
            return Ok(value.clone());
        }
        match (target, self.kinds.get(target)) {
            ("AWS::Region", _) => Ok(self.place.region.clone()),
            ("AWS::AccountId", _) => Ok(self.place.account.clone()),
            ("AWS::Partition", _) => Ok("aws".to_owned()),
            ("AWS::URLSuffix", _) => Ok("amazonaws.com".to_owned()),
            ("AWS::StackName", _) => Ok(STACK.to_owned()),
            (_, Some(&QUEUE)) => Ok(self.place.queue_url(target)),
            (_, Some(&SECRET)) => Ok(self.place.secret_arn(target)),
            (_, Some(&MANAGED_POLICY)) => Ok(self.policy_arn(target)),
            (
                _,
                Some(&(TABLE | FUNCTION | HTTP_API | "AWS::KMS::Key" | "AWS::Logs::LogGroup" | MAIL_SET | DASHBOARD)),
            ) => Ok(target.to_owned()),
            _ => Err(unknown(at, target)),
        }
    }

    fn dotted(&self, at: &str, path: &str) -> Result<String, TemplateError> {
        let (resource, attribute) = path.split_once('.').ok_or_else(|| unknown(at, path))?;
        self.attribute(at, resource, attribute)
    }

    fn attribute(&self, at: &str, resource: &str, attribute: &str) -> Result<String, TemplateError> {
        let place = self.place;
        match (self.kinds.get(resource), attribute) {
            (Some(&QUEUE), "Arn") => Ok(place.arn("sqs", resource)),
            (Some(&QUEUE), "QueueName") => Ok(resource.to_owned()),
            (Some(&TABLE), "Arn") => Ok(place.arn("dynamodb", &format!("table/{resource}"))),
            (Some(&FUNCTION), "Arn") => Ok(place.arn("lambda", &format!("function:{resource}"))),
            (Some(&RULE), "Arn") => Ok(place.arn("events", &format!("rule/{resource}"))),
            (Some(&ROLE), "Arn") => Ok(self.role_arn(resource)),
            (Some(&"AWS::KMS::Key"), "Arn") => Ok(place.arn("kms", &format!("key/{resource}"))),
            (Some(&"AWS::Logs::LogGroup"), "Arn") => Ok(place.arn("logs", &format!("log-group:{resource}:*"))),
            _ => Err(unknown(at, &format!("{resource}.{attribute}"))),
        }
    }

    /// `${Name}`, `${Resource.Attribute}`, and `${!literal}`, which stands for `${literal}`.
    fn substitute(&self, at: &str, pattern: &str) -> Result<String, TemplateError> {
        let mut text = String::with_capacity(pattern.len());
        let mut rest = pattern;
        while let Some((before, from)) = rest.split_once("${") {
            let (name, after) = from
                .split_once('}')
                .ok_or_else(|| TemplateError::property(at, format!("{pattern}: a placeholder is not closed")))?;
            text.push_str(before);
            match name.strip_prefix('!') {
                Some(literal) => text.extend(["${", literal, "}"]),
                None if name.contains('.') => text.push_str(&self.dotted(at, name)?),
                None => text.push_str(&self.reference(at, name)?),
            }
            rest = after;
        }
        text.push_str(rest);
        Ok(text)
    }

    /// ARN of a managed policy. IAM has no regions.
    pub(super) fn policy_arn(&self, policy: &str) -> String {
        format!("arn:aws:iam::{}:policy/{policy}", self.place.account)
    }

    fn role_arn(&self, role: &str) -> String {
        format!("arn:aws:iam::{}:role/{role}", self.place.account)
    }

    /// The role that `arn` names.
    pub(super) fn role_of(&self, at: &str, arn: &str) -> Result<String, TemplateError> {
        let name = arn.rsplit('/').next().unwrap_or_default();
        if self.kinds.get(name) == Some(&ROLE) && self.role_arn(name) == arn {
            Ok(name.to_owned())
        } else {
            Err(unknown(at, arn))
        }
    }

    /// The queue that `arn` names.
    pub(super) fn queue_of(&self, at: &str, arn: &str) -> Result<String, TemplateError> {
        let name = arn.rsplit(':').next().unwrap_or_default();
        if self.kinds.get(name) == Some(&QUEUE) && self.place.arn("sqs", name) == arn {
            Ok(name.to_owned())
        } else {
            Err(unknown(at, arn))
        }
    }
}

fn unknown(at: &str, name: &str) -> TemplateError {
    TemplateError::UnknownName { at: at.to_owned(), name: name.to_owned() }
}
