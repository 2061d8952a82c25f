//! The same functions that the fuzzer runs, over generated inputs and the corpus.
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use any_input::{letter_template, mail_event};
use domain::letters::{MERGE_FIELDS, Presence};
use proptest::prelude::*;

/// A corpus is what found something once, and a few inputs that get far.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let files = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    let inputs: Vec<_> = files.collect();
    assert!(inputs.len() >= 3);
    inputs
}

#[test]
fn letters_of_the_corpus() {
    for input in corpus("letter_template") {
        letter_template::any_bytes(&input);
        for cut in (0..input.len()).step_by(input.len() / 100 + 1) {
            letter_template::any_bytes(&input[..cut]);
        }
    }
}

#[test]
fn mail_events_of_the_corpus() {
    for input in corpus("mail_event") {
        mail_event::any_bytes(&input);
        for cut in 0..input.len() {
            mail_event::any_bytes(&input[..cut]);
        }
    }
}

/// A value in the place of another, anywhere in an event that gets far.
fn changed_event() -> impl Strategy<Value = Vec<u8>> {
    let value = prop_oneof![
        Just("null".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("\"kund@kunden.example\"".to_owned()),
        Just("[{\"emailAddress\":\"<<a@b>\",\"status\":\"a@b\"}]".to_owned()),
        any::<String>().prop_map(|text| format!("{text:?}")),
        any::<i64>().prop_map(|number| number.to_string()),
    ];
    let inputs = proptest::sample::select(corpus("mail_event"));
    (inputs, any::<proptest::sample::Index>(), value).prop_map(|(input, at, value)| {
        let text = String::from_utf8(input).unwrap();
        let places: Vec<usize> = text.match_indices(':').map(|(at, _)| at + 1).collect();
        let place = *at.get(&places);
        let end = text[place..].find([',', '}', ']']).map_or(text.len(), |end| place + end);
        [&text[..place], &value, &text[end..]].concat().into_bytes()
    })
}

fn template_piece() -> impl Strategy<Value = String> {
    let field = proptest::sample::select(MERGE_FIELDS.to_vec()).prop_map(|field| match field.presence {
        Presence::Always => format!("{{{{ {} }}}}", field.name),
        Presence::Sometimes => format!("{{% if {0} %}}\n{{{{ {0} }}}}{{% else %}}-{{% endif %}}", field.name),
        Presence::Condition => format!("{{% if not {} %}}\nx\n{{% endif %}}", field.name),
    });
    prop_oneof![4 => field, 2 => "[a-z<>&\"'}%\n]{1,5}", 1 => any::<String>()]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ \t\r\n]{0,3}",
        proptest::sample::select(vec![
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "{{ amount }}{% if x %}",
            "]]><!--",
            "&lt;b&gt;",
            "a\r\nBcc: x@evil.example",
            "\u{202e}fdp.exe",
            "javascript:alert(1)",
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn letters_of_any_template_and_values(
        choice: [u8; 3],
        subject in proptest::collection::vec(template_piece(), 1..3).prop_map(|all| all.concat().replace('\n', "")),
        body in proptest::collection::vec(template_piece(), 1..12).prop_map(|all| all.concat()),
        values in proptest::collection::vec(value(), 0..11),
    ) {
        let text = [vec![subject, body], values].concat().join("\0");
        letter_template::any_bytes(&[&choice[..], text.as_bytes()].concat());
    }

    #[test]
    fn mail_events_with_a_value_changed(input in changed_event()) {
        mail_event::any_bytes(&input);
    }

    #[test]
    fn mail_events_of_any_bytes(input in proptest::collection::vec(any::<u8>(), 0..300)) {
        mail_event::any_bytes(&input);
    }

    #[test]
    fn letters_of_any_bytes(input in proptest::collection::vec(any::<u8>(), 0..300)) {
        letter_template::any_bytes(&input);
    }
}

/// Found by chance: a name that JSON writes otherwise than it is, with a sign that addresses have.
#[test]
fn the_mail_services_own_name_of_a_mail_is_no_address() {
    let event = r#"{"source": "aws.ses", "detail": {"eventType": "Send", "mail": {"timestamp": "2026-02-01T05:40:00Z",
        "messageId": "a\"b@c", "tags": {"tenant": ["fortnox-1"], "mail": ["fp_3fb423f3cad7835c343b1c28022cd403"]}}}}"#;
    assert!(domain::mail::ses::read(event).unwrap().is_some());
    mail_event::any_bytes(event.as_bytes());
}
