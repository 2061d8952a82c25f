//! The `errors` of an error body, whatever form they take.

use std::fmt;

use serde_json::{Map, Value};

use crate::refusal::words;

/// Most details that are kept: more say the same of the next line.
const MOST_DETAILS: usize = 50;

/// Deepest nesting that is followed: a draft has four levels.
const DEEPEST: usize = 16;

/// What is wrong with a part of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// The part, such as `lines[0].unitNetPrice`; empty if e-conomic does not say.
    pub path: String,
    /// e-conomic's words.
    pub message: String,
    /// The error code.
    pub code: Option<String>,
}

impl Detail {
    /// Whether it says that something does not exist.
    pub(crate) fn is_missing(&self) -> bool {
        self.code.as_deref() == Some("E06000")
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        match &self.code {
            Some(code) => write!(f, " ({code})"),
            None => Ok(()),
        }
    }
}

/// Flattens `errors`: an object that mirrors the request with lists of errors as leaves (legacy API), a list of errors with
/// their property (OpenAPI), or a list of texts (filters).
///
/// Codes and words are taken, the values that they are about never.
pub(crate) fn flattened(errors: &Value) -> Vec<Detail> {
    let mut details = Vec::new();
    walk(errors, "", 0, &mut details);
    details
}

fn walk(value: &Value, path: &str, depth: usize, details: &mut Vec<Detail>) {
    if depth > DEEPEST || details.len() >= MOST_DETAILS {
        return;
    }
    match value {
        Value::String(_) => {
            details.extend(words(value).map(|message| Detail { path: path.into(), message, code: None }));
        }
        Value::Array(elements) => {
            for element in elements {
                let path = match element.get("arrayIndex").and_then(Value::as_u64) {
                    Some(index) => format!("{path}[{index}]"),
                    None => path.to_owned(),
                };
                walk(element, &path, depth + 1, details);
            }
        }
        Value::Object(object) => {
            details.extend(leaf(object, path));
            for (key, value) in object {
                match (key.as_str(), value) {
                    ("errors", _) => walk(value, path, depth + 1, details),
                    // A value of the request, which may be anybody's.
                    ("inputValue" | "value", _) => {}
                    (_, Value::Object(_) | Value::Array(_)) => walk(value, &below(path, key), depth + 1, details),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// An error itself. Its words are under `errorMessage` in live answers and under `message` in the documentation.
fn leaf(object: &Map<String, Value>, path: &str) -> Option<Detail> {
    let text = |names: [&str; 2]| names.iter().find_map(|name| words(object.get(*name)?));
    let code = text(["errorCode", "code"]);
    let message = text(["errorMessage", "message"]).or_else(|| code.as_ref().map(|_| "no reason given".to_owned()))?;
    let property = text(["propertyName", "property"]).unwrap_or_default();
    let named = property.is_empty() || path == property || path.ends_with(&format!(".{property}"));
    Some(Detail { path: if named { path.to_owned() } else { below(path, &property) }, message, code })
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn flat(errors: &str) -> Vec<String> {
        flattened(&serde_json::from_str(errors).unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn errors_that_mirror_the_request_are_flattened() {
        let errors = r#"{
            "paymentTerms": {"errors": [{"propertyName": "paymentTerms", "errorMessage": "PaymentTerms '12' not found.",
                "errorCode": "E07080", "inputValue": "hemmelig", "developerHint": "Find one."}]},
            "lines": [
                {"arrayIndex": 2, "unitNetPrice": {"errors": [{"propertyName": "unitNetPrice",
                    "errorMessage": "Too many decimals.", "errorCode": "E04740", "inputValue": 10.12345}]}},
                {"arrayIndex": 5, "product": {"productNumber": {"errors": [{"errorMessage": "Product is barred."}]}}}]}"#;
        assert_eq!(
            flat(errors),
            [
                "lines[2].unitNetPrice: Too many decimals. (E04740)",
                "lines[5].product.productNumber: Product is barred.",
                "paymentTerms: PaymentTerms '12' not found. (E07080)",
            ]
        );
    }

    #[test]
    fn the_documented_spelling_and_position_are_read_too() {
        let errors = r#"{"quantity": {"errors": [{"message": "Quantity is required.", "errorCode": "E04730", "value": {
            "message": "hemmelig"}}]}, "errors": [{"errorCode": "E04500"}]}"#;
        assert_eq!(flat(errors), ["no reason given (E04500)", "quantity: Quantity is required. (E04730)"]);
    }

    #[test]
    fn lists_of_errors_and_of_texts_are_read() {
        let errors =
            r#"[{"message":"Must be positive.","errorCode":"InvalidInput","property":"quantity"},{"message":"No."}]"#;
        assert_eq!(flat(errors), ["quantity: Must be positive. (InvalidInput)", "No."]);
        assert_eq!(flat(r#"["Unknown field 'x'.","And\n'y'."]"#), ["Unknown field 'x'.", "And 'y'."]);
        assert_eq!(flat(r#""PayloadChanged""#), ["PayloadChanged"]);
    }

    #[test]
    fn anything_else_is_nothing_and_there_is_an_end() {
        for nothing in ["null", "17", "[]", "{}", r#"{"a":null,"b":[1,[true]]}"#, r#"{"developerHint":"x"}"#] {
            assert!(flat(nothing).is_empty(), "{nothing}");
        }
        let deep = format!("{}\"x\"{}", "[".repeat(100), "]".repeat(100));
        assert!(flat(&deep).is_empty());
        let many = serde_json::to_string(&vec!["x"; 1000]).unwrap();
        assert_eq!(flat(&many).len(), MOST_DETAILS);
    }
}
