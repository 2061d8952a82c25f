//! What the functions read is what the template gives them, by name.

use std::{collections::BTreeMap, path::Path, process::Command};

use local::template::{Function, Place, Template};

use crate::{company::root, scene::binaries};

/// What has a default: a level, and that no figures are published. `tells_what_it_does` sees that they are.
const OPTIONAL: [&str; 2] = ["LOG_LEVEL", "METRICS_NAMESPACE"];

/// What a function says of a variable that it wasn't given.
const MISSING: &str = "is not set";

fn template() -> Template {
    let place = Place {
        region: "eu-north-1".to_owned(),
        account: "000000000000".to_owned(),
        sqs_url: "http://127.0.0.1:9".to_owned(),
    };
    Template::read(&root().join("template.yaml"), &BTreeMap::new(), &place).unwrap()
}

/// Starts a function without one of its variables. Gives what it wrote before it gave up.
fn start_without(binary: &Path, function: &Function, missing: &str) -> String {
    let environment = function.environment.iter().filter(|(name, _)| *name != missing);
    let output = Command::new(binary)
        .env_clear()
        .envs(environment)
        .env("AWS_REGION", "eu-north-1")
        .env("AWS_ACCESS_KEY_ID", "local")
        .env("AWS_SECRET_ACCESS_KEY", "local")
        // Nobody is there: a function that lacks nothing fails as soon as it asks for its first event.
        .env("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9")
        .env("AWS_LAMBDA_FUNCTION_NAME", "function")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
        .output()
        .unwrap();
    assert!(!output.status.success(), "{} started without {missing}", binary.display());
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

#[test]
fn every_variable_that_the_template_gives_is_read_and_a_missing_one_is_named() {
    for (name, function) in &template().functions {
        let binary = &binaries()[&function.binary];
        for variable in function.environment.keys().filter(|variable| !OPTIONAL.contains(&variable.as_str())) {
            let said = start_without(binary, function, variable);
            let named = said.contains(variable) && said.contains(MISSING);
            assert!(named, "{name} without {variable} says: {said}");
        }
    }
}

#[test]
fn every_variable_that_is_read_is_given() {
    for (name, function) in &template().functions {
        let said = start_without(&binaries()[&function.binary], function, "nothing");
        assert!(!said.contains(MISSING), "{name} says: {said}");
    }
}

#[test]
fn the_names_given_are_those_of_the_tables_and_queues() {
    let template = template();
    for (name, function) in &template.functions {
        let given = |suffix: &str| {
            function.environment.iter().filter(move |(key, _)| key.ends_with(suffix)).collect::<Vec<_>>()
        };
        for (variable, table) in given("_TABLE") {
            assert!(template.tables.contains_key(table), "{name}: {variable} is {table}");
            // SETTINGS_TABLE is SettingsTable, and no other.
            assert_eq!(table.to_lowercase(), variable.replace('_', "").to_lowercase(), "{name}");
        }
        for (variable, url) in given("_QUEUE_URL") {
            let queue = url.rsplit('/').next().unwrap();
            assert!(template.queues.contains_key(queue), "{name}: {variable} is {url}");
            // SCAN_QUEUE_URL is ScanQueue, and no other.
            let word = variable.trim_end_matches("_QUEUE_URL").replace('_', "").to_lowercase();
            assert_eq!(queue.to_lowercase(), format!("{word}queue"), "{name}");
        }
    }
}

#[test]
fn every_table_and_every_work_queue_is_given_to_somebody() {
    let template = template();
    let given = |wanted: &str| {
        let mut variables = template.functions.values().flat_map(|function| function.environment.values());
        variables.any(|value| value.rsplit('/').next() == Some(wanted))
    };
    for name in template.tables.keys().chain(template.queues.keys()) {
        // Ticks come to their dead letters without us.
        assert!(given(name) || name == "ScheduleDeadLetters", "{name} is given to nobody");
    }
}

/// Of the two functions that strangers reach, the one that takes signals has no way to a credential of an accounting system.
#[test]
fn the_http_api_is_given_no_connection_and_may_not_read_any() {
    let template = template();
    let api = &template.functions["ApiFunction"];
    for (variable, value) in &api.environment {
        let secret = ["TOKEN", "PASSWORD", "CLIENT"].iter().any(|word| variable.contains(word));
        assert!(!secret && (!variable.contains("SECRET") || value == "SignalSecretsTable"), "{variable}");
    }
    let others = template.functions.iter().filter(|(name, _)| *name != "ApiFunction");
    for (name, function) in others {
        assert!(!function.environment.contains_key("SIGNAL_SECRETS_TABLE"), "{name}");
    }
    let text = std::fs::read_to_string(root().join("template.yaml")).unwrap();
    let role = text.split("\n  ApiRole:\n").nth(1).unwrap();
    let role = role.split("\n  ConnectRole:\n").next().unwrap();
    for forbidden in
        ["Connections", "JobPolicy", "AppSecret", "SettingsTable", "BookingQueue", "DeliveryQueue", "ses:", "Delete"]
    {
        assert!(!role.contains(forbidden), "the API may do something with {forbidden}");
    }
}

/// The other writes credentials and can't read any, and has no way to jobs and mails.
#[test]
fn what_connects_companies_may_read_no_connection_and_invite_nobody() {
    let text = std::fs::read_to_string(root().join("template.yaml")).unwrap();
    let role = text.split("\n  ConnectRole:\n").nth(1).unwrap().split("\n  BookRole:\n").next().unwrap();
    for forbidden in [
        "JobPolicy",
        "SignalSecrets",
        "BookingQueue",
        "DeliveryQueue",
        "SweepQueue",
        "PricesQueue",
        "DigestQueue",
        "ses:",
        "dynamodb:Query",
        "dynamodb:Scan",
    ] {
        assert!(!role.contains(forbidden), "it may do something with {forbidden}");
    }
    let allowed = |sid: &str| {
        let statement = role.split(&format!("- Sid: {sid}\n")).nth(1).unwrap();
        statement.lines().find_map(|line| line.trim().strip_prefix("Action: ")).unwrap().to_owned()
    };
    assert_eq!(allowed("Connections"), "dynamodb:PutItem");
    assert_eq!(allowed("Send"), "sqs:SendMessage");
    assert_eq!(allowed("Consents"), "[dynamodb:GetItem, dynamodb:UpdateItem, dynamodb:DeleteItem]");
    assert_eq!(allowed("Profiles"), "[dynamodb:PutItem, dynamodb:UpdateItem]");
    // Of the journal it may move the window of calls, and nothing else.
    assert_eq!(role.matches("JournalTable").count(), 1);
    let pace = role.split("- Sid: Pace\n").nth(1).unwrap().split("- Sid: ").next().unwrap();
    assert!(
        pace.contains("Action: dynamodb:UpdateItem\n") && pace.contains(r#""dynamodb:LeadingKeys": ["pace#*"]"#),
        "{pace}"
    );
}

#[test]
fn a_function_that_calls_accounting_systems_is_given_our_own_credentials_by_name() {
    let template = template();
    for (name, function) in &template.functions {
        let calls = !["ApiFunction", "DigestFunction", "FeedbackFunction"].contains(&name.as_str());
        for (variable, secret) in
            [("FORTNOX_APP_SECRET", "FortnoxAppSecret"), ("ECONOMIC_APP_SECRET", "EconomicAppSecret")]
        {
            let wanted = calls.then_some(&template.secrets[secret]);
            assert_eq!(function.environment.get(variable), wanted, "{name}: {variable}");
        }
    }
}

#[test]
fn every_queue_that_is_sent_to_has_one_function_that_works_on_it() {
    let template = template();
    for (queue, definition) in &template.queues {
        let sources = template.functions.values().flat_map(|function| function.event_sources.values());
        let workers = sources.filter(|source| source.queue == *queue).count();
        assert_eq!(workers, usize::from(definition.redrive.is_some()), "{queue}");
    }
}

#[test]
fn a_worker_gives_up_to_the_dead_letters_of_its_own_queue_when_the_queue_would() {
    let template = template();
    for (name, function) in &template.functions {
        for source in function.event_sources.values() {
            let redrive = template.queues[&source.queue].redrive.as_ref().unwrap();
            let url = &function.environment["DEAD_LETTERS_URL"];
            assert_eq!(url.rsplit('/').next(), Some(redrive.dead_letters.as_str()), "{name}");
            assert_eq!(function.environment["MAX_RECEIVE_COUNT"], redrive.max_receive_count.to_string(), "{name}");
            let role = &template.roles[function.role.as_ref().unwrap()];
            let there = role.iter().find(|statement| statement.sid == "GiveUp").unwrap();
            assert_eq!(there.actions, ["sqs:SendMessage"], "{name}");
            assert_eq!(
                there.resources,
                [format!("arn:aws:sqs:eu-north-1:000000000000:{}", redrive.dead_letters)],
                "{name}"
            );
        }
    }
}
