//! Whether a statement allows a call.

use super::Call;
use crate::template::{Condition, Operator, Statement};

/// The statement's actions and resources (by number) that are the call's, if its conditions hold: none means that it says nothing
/// about the call.
pub(super) fn allows<'a>(statement: &'a Statement, call: &Call) -> Vec<(&'a str, usize)> {
    if !statement.conditions.iter().all(|condition| holds(condition, call)) {
        return Vec::new();
    }
    // IAM takes actions in any case, resources as they are written.
    let asked = call.action.to_ascii_lowercase();
    let actions = statement.actions.iter().filter(|action| like(&action.to_ascii_lowercase(), &asked));
    let resources = statement.resources.iter().enumerate().filter(|(_, pattern)| like(pattern, &call.resource));
    let resources: Vec<usize> = resources.map(|(nth, _)| nth).collect();
    actions.flat_map(|action| resources.iter().map(move |nth| (action.as_str(), *nth))).collect()
}

fn holds(condition: &Condition, call: &Call) -> bool {
    let given = call.context.get(condition.key.as_str()).map(Vec::as_slice).unwrap_or_default();
    match condition.operator {
        Operator::StringEquals => given.iter().any(|value| condition.values.contains(value)),
        Operator::ForAllValuesStringLike => {
            given.iter().all(|value| condition.values.iter().any(|pattern| like(pattern, value)))
        }
    }
}

/// `*` stands for any text, `?` for any one character.
fn like(pattern: &str, text: &str) -> bool {
    let mut pattern_rest = pattern.chars();
    match pattern_rest.next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = pattern_rest.as_str();
            text.char_indices().map(|(at, _)| at).chain([text.len()]).any(|at| like(rest, &text[at..]))
        }
        Some(wanted) => {
            let mut text_rest = text.chars();
            text_rest.next().is_some_and(|given| wanted == '?' || wanted == given)
                && like(pattern_rest.as_str(), text_rest.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(conditions: Vec<Condition>) -> Statement {
        Statement {
            sid: "Some".to_owned(),
            actions: vec!["dynamodb:GetItem".to_owned(), "dynamodb:Q*".to_owned()],
            resources: vec!["arn:table/A".to_owned(), "arn:table/A/index/*".to_owned()],
            conditions,
            managed: false,
        }
    }

    #[test]
    fn an_action_and_a_resource_must_both_be_named() {
        let statement = statement(vec![]);
        assert_eq!(allows(&statement, &Call::new("dynamodb:GetItem", "arn:table/A")), [("dynamodb:GetItem", 0)]);
        assert_eq!(allows(&statement, &Call::new("dynamodb:Query", "arn:table/A/index/x")), [("dynamodb:Q*", 1)]);
        assert_eq!(allows(&statement, &Call::new("dynamodb:GetItem", "arn:table/AB")), []);
        assert_eq!(allows(&statement, &Call::new("dynamodb:PutItem", "arn:table/A")), []);
    }

    #[test]
    fn every_leading_key_must_be_allowed() {
        let leading = |keys: &[&str]| {
            let mut call = Call::new("dynamodb:GetItem", "arn:table/A");
            call.context.insert("dynamodb:LeadingKeys", keys.iter().map(|key| (*key).to_owned()).collect());
            call
        };
        let condition = Condition {
            operator: Operator::ForAllValuesStringLike,
            key: "dynamodb:LeadingKeys".to_owned(),
            values: vec!["job#*".to_owned(), "mail?".to_owned()],
        };
        let statement = statement(vec![condition]);
        assert_eq!(allows(&statement, &leading(&["job#1", "mail1"])).len(), 1);
        assert_eq!(allows(&statement, &leading(&["job#1", "mail12"])), []);
        assert_eq!(allows(&statement, &leading(&["signals#1"])), []);
    }

    #[test]
    fn an_equal_value_must_be_there() {
        let condition = Condition {
            operator: Operator::StringEquals,
            key: "kms:ViaService".to_owned(),
            values: vec!["dynamodb.eu-north-1.amazonaws.com".to_owned()],
        };
        let statement = statement(vec![condition]);
        let mut call = Call::new("dynamodb:GetItem", "arn:table/A");
        assert_eq!(allows(&statement, &call), []);
        call.context.insert("kms:ViaService", vec!["dynamodb.eu-north-1.amazonaws.com".to_owned()]);
        assert_eq!(allows(&statement, &call).len(), 1);
    }
}
