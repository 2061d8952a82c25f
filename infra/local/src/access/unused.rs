//! The rights that no run ever used: what a role has beyond what its function does.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
};

use super::{RIGHTS, Used};
use crate::{
    cloud::{ACCOUNT, CloudError, REGION},
    template::{Place, Statement, Template},
};

/// How deep below the given folder a state may be.
const DEEPEST: usize = 4;

/// Rights that are needed and that no run uses for sure, by function, statement, and action or the end of a resource. An empty text is
/// any.
const OUT_OF_REACH: [(&str, &str, &str); 9] = [
    // DynamoDB asks for them when it makes a data key or looks at its key; the local one asks for Decrypt alone, which every call needs.
    // <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html>
    ("", "", "kms:Encrypt"),
    ("", "", "kms:GenerateDataKey"),
    ("", "", "kms:DescribeKey"),
    // Only where every try of a worker finds a store down or panics: the same code for all, tried with some of them. That each role
    // has it is a test of its own (tests/e2e, `given_by_the_template`).
    ("", "GiveUp", ""),
    // Only where a company's first mail was cut off while its set was made, by luck mail's or digest's.
    ("", "MailSets", "ses:GetConfigurationSet"),
    // A job whose next step is the other worker's, since its message came late or twice.
    ("MailFunction", "Send", ":BookingQueue"),
    ("BookFunction", "Send", ":BookingQueue"),
    // An address that took a mail after all takes mails again.
    ("FeedbackFunction", "Journal", "dynamodb:DeleteItem"),
    // An agreement that somebody touched since the last comparison.
    ("PricesFunction", "JournalReads", "dynamodb:GetItem"),
];

/// An action or a resource of a statement that was never used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedRight {
    /// The function whose role has it.
    pub function: String,
    /// The statement.
    pub sid: String,
    /// The action, or the resource's ARN.
    pub what: String,
}

impl fmt::Display for UnusedRight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} in {}", self.function, self.what, self.sid)
    }
}

/// What the roles of the template at `template` allow and no run whose state is below the folder `states` ever used.
pub fn unused(template: &Path, states: &Path) -> Result<Vec<UnusedRight>, CloudError> {
    // No right depends on where the queues are.
    let place = Place { region: REGION.to_owned(), account: ACCOUNT.to_owned(), sqs_url: String::new() };
    let template = Template::read(template, &BTreeMap::new(), &place)?;
    let mut used = BTreeSet::new();
    collect(states, DEEPEST, &mut used).map_err(|source| CloudError::State { path: states.to_owned(), source })?;
    Ok(beyond(&template, &used))
}

fn beyond(template: &Template, used: &BTreeSet<Used>) -> Vec<UnusedRight> {
    let mut unused = Vec::new();
    for (name, function) in &template.functions {
        let statements = function.role.as_ref().and_then(|role| template.roles.get(role)).into_iter().flatten();
        for statement in statements {
            let of_it: Vec<&Used> = used.iter().filter(|used| counts(template, used, name, statement)).collect();
            let actions = statement.actions.iter().filter(|action| !of_it.iter().any(|used| used.action == **action));
            let resources = statement.resources.iter().enumerate();
            let resources = resources.filter(|(nth, _)| !of_it.iter().any(|used| used.resource == *nth));
            let what = actions.chain(resources.map(|(_, resource)| resource));
            let what = what.filter(|what| !is_out_of_reach(name, &statement.sid, what));
            unused.extend(what.map(|what| UnusedRight {
                function: name.clone(),
                sid: statement.sid.clone(),
                what: what.clone(),
            }));
        }
    }
    unused
}

fn is_out_of_reach(function: &str, sid: &str, what: &str) -> bool {
    let is = |wanted: &str, given: &str| wanted.is_empty() || wanted == given;
    OUT_OF_REACH.iter().any(|(of, within, end)| is(of, function) && is(within, sid) && what.ends_with(end))
}

/// Whether a use is one of this statement. One of a managed policy is needed if any of the roles that share it needs it: they do the
/// same work, and which of them meets its rarer turns (a token to renew) is luck.
fn counts(template: &Template, used: &Used, function: &str, statement: &Statement) -> bool {
    let role_of = |function: &str| template.functions.get(function).and_then(|function| function.role.as_ref());
    let shares = || {
        let role = role_of(&used.function).and_then(|role| template.roles.get(role));
        role.is_some_and(|statements| statements.contains(statement))
    };
    used.sid == statement.sid && (used.function == function || (statement.managed && shares()))
}

fn collect(folder: &Path, deeper: usize, used: &mut BTreeSet<Used>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            if deeper > 0 {
                collect(&entry.path(), deeper - 1, used)?;
            }
        } else if entry.file_name() == RIGHTS {
            let text = std::fs::read_to_string(entry.path())?;
            // A line that a killed run left half written is none.
            used.extend(text.lines().filter_map(|line| serde_json::from_str::<Used>(line).ok()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const TEMPLATE: &str = "
Resources:
  OneTable:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  OneRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: one
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Sid: Items
                Effect: Allow
                Action: [dynamodb:GetItem, dynamodb:PutItem]
                Resource: [!GetAtt OneTable.Arn, !Sub '${OneTable.Arn}/index/*']
              - {Sid: Key, Effect: Allow, Action: [kms:Decrypt, kms:Encrypt], Resource: '*'}
  OneFunction:
    Type: AWS::Serverless::Function
    Metadata: {BuildProperties: {Binary: one}}
    Properties: {Timeout: 1, MemorySize: 128, Role: !GetAtt OneRole.Arn}
";

    #[test]
    fn what_was_used_is_not_told_and_neither_is_what_is_out_of_reach() {
        let place = Place { region: "r".into(), account: "1".into(), sqs_url: String::new() };
        let template = Template::parse(TEMPLATE, &BTreeMap::new(), &place).unwrap();
        let used = |sid: &str, action: &str| Used {
            function: "OneFunction".to_owned(),
            sid: sid.to_owned(),
            action: action.to_owned(),
            resource: 0,
        };
        let told = |used: &[Used]| -> Vec<String> {
            beyond(&template, &used.iter().cloned().collect()).iter().map(|right| right.what.clone()).collect()
        };
        let some = [used("Items", "dynamodb:GetItem"), used("Key", "kms:Decrypt")];
        assert_eq!(told(&some), ["dynamodb:PutItem", "arn:aws:dynamodb:r:1:table/OneTable/index/*"]);
        let [items, _] = some;
        assert_eq!(told(&[items]).last().map(String::as_str), Some("*"), "the key is of no use");
    }
}
