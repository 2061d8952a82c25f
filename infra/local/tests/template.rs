//! The template reader on the real template, and on what it must refuse.

#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::TimeDelta;
use local::template::{Index, Place, Route, Template, TemplateError};
use serde_json::json;
use serde_yaml_ng::Value;

/// The repository's own template.
fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml")
}

fn place() -> Place {
    Place { region: "eu-north-1".into(), account: "000000000000".into(), sqs_url: "http://127.0.0.1:1".into() }
}

fn read(overrides: &[(&str, &str)]) -> Result<Template, TemplateError> {
    let overrides = overrides.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Template::read(&path(), &overrides, &place())
}

fn refusal(text: &str) -> String {
    Template::parse(text, &BTreeMap::new(), &place()).unwrap_err().to_string()
}

#[test]
fn the_tables_have_their_keys_and_indexes() {
    let template = read(&[]).unwrap();
    assert_eq!(
        template.tables.keys().collect::<Vec<_>>(),
        ["ConnectionsTable", "ConsentsTable", "JournalTable", "SettingsTable", "SignalSecretsTable"]
    );
    let journal = &template.tables["JournalTable"];
    assert_eq!((journal.hash_key.as_str(), journal.range_key.as_deref()), ("pk", Some("sk")));
    assert_eq!(journal.ttl_attribute.as_deref(), Some("expires_at"));
    assert_eq!(
        journal.indexes.iter().map(|index| index.name.as_str()).collect::<Vec<_>>(),
        ["needs_person", "wake", "by_day"]
    );
    assert_eq!(
        journal.indexes[1],
        Index {
            name: "wake".into(),
            hash_key: "wake_kind".into(),
            range_key: Some("wake_at".into()),
            projection: "KEYS_ONLY".into()
        }
    );
    assert_eq!(template.tables["ConnectionsTable"].range_key, None);
}

#[test]
fn every_work_queue_hides_a_message_six_timeouts_long_and_gives_up_into_longer_kept_dead_letters() {
    let template = read(&[]).unwrap();
    for function in template.functions.values() {
        for source in function.event_sources.values() {
            let queue = &template.queues[&source.queue];
            assert_eq!(u64::from(queue.visibility_seconds), 6 * function.timeout.as_secs());
            let redrive = queue.redrive.as_ref().unwrap();
            assert_eq!(redrive.max_receive_count, 5);
            assert!(template.queues[&redrive.dead_letters].retention_seconds > queue.retention_seconds);
            assert!(source.partial_failures);
        }
    }
}

#[test]
fn a_number_of_tries_given_as_a_parameter_is_the_queues() {
    let template = read(&[("MaxReceiveCount", "2")]).unwrap();
    let redrives = template.queues.values().filter_map(|queue| queue.redrive.as_ref());
    assert_eq!(redrives.map(|redrive| redrive.max_receive_count).collect::<Vec<_>>(), [2; 7]);
    let text = "{Resources: {D: {Type: 'AWS::SQS::Queue'}, Q: {Type: 'AWS::SQS::Queue', Properties: {RedrivePolicy: \
                {deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: often}}}}}";
    assert!(refusal(text).contains("maxReceiveCount must be a number"));
}

/// What a role allows of SES, as `<action> <resource>`.
fn allowed_of_ses(role: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(path()).unwrap();
    let document: Value = serde_yaml_ng::from_str(&text).unwrap();
    let list = |value: &Value| value.as_sequence().cloned().unwrap_or_else(|| vec![value.clone()]);
    let name = |resource: &Value| match resource {
        Value::Tagged(tagged) => tagged.value.as_str().unwrap().rsplit(':').next().unwrap().to_owned(),
        other => other.as_str().unwrap().to_owned(),
    };
    let mut allowed = BTreeSet::new();
    let policies = document["Resources"][role]["Properties"]["Policies"].as_sequence();
    for statement in policies.into_iter().flatten().flat_map(|policy| list(&policy["PolicyDocument"]["Statement"])) {
        for action in
            list(&statement["Action"]).iter().filter_map(Value::as_str).filter(|action| action.starts_with("ses:"))
        {
            allowed.extend(list(&statement["Resource"]).iter().map(|resource| format!("{action} {}", name(resource))));
        }
    }
    allowed
}

#[test]
fn only_those_who_mail_may_do_so_and_see_to_no_configuration_set_but_the_companies() {
    let (identity, sets) = ("identity/${SenderIdentity}", "configuration-set/${MailConfigurationSet}-*");
    let on_sets = [
        "CreateConfigurationSetEventDestination",
        "GetConfigurationSet",
        "PutConfigurationSetSendingOptions",
        "SendEmail",
        "SendRawEmail",
        "TagResource",
        "UntagResource",
    ];
    let mut wanted: BTreeSet<String> = on_sets.iter().map(|action| format!("ses:{action} {sets}")).collect();
    wanted.extend(["SendEmail", "SendRawEmail"].map(|action| format!("ses:{action} {identity}")));
    wanted.extend(["CreateConfigurationSet", "GetAccount"].map(|action| format!("ses:{action} *")));
    for role in ["MailRole", "DigestRole"] {
        assert_eq!(allowed_of_ses(role), wanted, "{role}");
    }
    let text = std::fs::read_to_string(path()).unwrap();
    let document: Value = serde_yaml_ng::from_str(&text).unwrap();
    for name in document["Resources"].as_mapping().unwrap().keys().filter_map(Value::as_str) {
        assert!(["MailRole", "DigestRole"].contains(&name) || allowed_of_ses(name).is_empty(), "{name}");
    }
}

/// What the roles allow on queues, as `<action> <queue>`, by role.
fn allowed_on_queues() -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(path()).unwrap();
    let document: Value = serde_yaml_ng::from_str(&text).unwrap();
    let list = |value: &Value| value.as_sequence().cloned().unwrap_or_else(|| vec![value.clone()]);
    let mut allowed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, resource) in document["Resources"].as_mapping().unwrap() {
        let properties = &resource["Properties"];
        let own = properties["Policies"].as_sequence().into_iter().flatten().map(|policy| &policy["PolicyDocument"]);
        for statement in own.chain([&properties["PolicyDocument"]]).flat_map(|policy| list(&policy["Statement"])) {
            for action in list(&statement["Action"]).iter().filter_map(Value::as_str) {
                for resource in list(&statement["Resource"]) {
                    if let (true, Value::Tagged(tagged)) = (action.starts_with("sqs:"), resource) {
                        let queue = tagged.value.as_str().unwrap().trim_end_matches(".Arn").to_owned();
                        let allowed = allowed.entry(name.as_str().unwrap().to_owned()).or_default();
                        allowed.push(format!("{action} {queue}"));
                    }
                }
            }
        }
    }
    allowed
}

#[test]
fn a_function_may_send_to_its_own_dead_letters_and_do_nothing_else_with_any() {
    let allowed = allowed_on_queues();
    let about_letters = |role: &str| -> Vec<&str> {
        allowed[role].iter().map(String::as_str).filter(|right| right.ends_with("DeadLetters")).collect()
    };
    // Lambda itself sends failed ticks with the function's role.
    assert_eq!(about_letters("ScanRole"), ["sqs:SendMessage ScanDeadLetters", "sqs:SendMessage ScheduleDeadLetters"]);
    assert_eq!(about_letters("SweepRole"), ["sqs:SendMessage SweepDeadLetters", "sqs:SendMessage ScheduleDeadLetters"]);
    assert_eq!(
        about_letters("PricesRole"),
        ["sqs:SendMessage PricesDeadLetters", "sqs:SendMessage ScheduleDeadLetters"]
    );
    assert_eq!(
        about_letters("DigestRole"),
        ["sqs:SendMessage DigestDeadLetters", "sqs:SendMessage ScheduleDeadLetters"]
    );
    assert_eq!(about_letters("ApiRole"), [""; 0]);
    assert_eq!(about_letters("BookRole"), ["sqs:SendMessage BookingDeadLetters"]);
    assert_eq!(about_letters("MailRole"), ["sqs:SendMessage DeliveryDeadLetters"]);
    assert_eq!(about_letters("FeedbackRole"), ["sqs:SendMessage FeedbackDeadLetters"]);
    assert_eq!(allowed["ConnectRole"], ["sqs:SendMessage ScanQueue"]);
    // The mail service's events come by themselves.
    assert_eq!(allowed["FeedbackQueuePolicy"], ["sqs:SendMessage FeedbackQueue"]);
    assert_eq!(allowed.len(), 10, "{allowed:?}");
}

#[test]
fn a_function_gets_its_own_environment_and_the_common_one() {
    let template = read(&[("FortnoxApiUrl", "http://127.0.0.1:9")]).unwrap();
    let mail = &template.functions["MailFunction"];
    assert_eq!(mail.binary, "mail");
    assert_eq!(mail.timeout, Duration::from_mins(2));
    assert_eq!(mail.environment["SENDER_ADDRESS"], "faktura@example.com");
    assert_eq!(mail.environment["SES_CONFIGURATION_SET"], "MailConfigurationSet");
    let bus = "arn:aws:events:eu-north-1:000000000000:event-bus/default";
    assert_eq!(mail.environment["MAIL_EVENT_BUS_ARN"], bus);
    assert_eq!(mail.environment["JOURNAL_TABLE"], "JournalTable");
    assert_eq!(mail.environment["DELIVERY_QUEUE_URL"], "http://127.0.0.1:1/000000000000/DeliveryQueue");
    assert_eq!(mail.environment["FORTNOX_API_URL"], "http://127.0.0.1:9");
    assert!(!template.functions["BookFunction"].environment.contains_key("SENDER_ADDRESS"));
    // Each stack's figures are its own.
    for function in template.functions.values() {
        assert_eq!(function.environment["METRICS_NAMESPACE"], "Fakturapilot/local");
    }
}

#[test]
fn what_the_mail_service_tells_goes_to_the_queue_of_its_function() {
    let template = read(&[]).unwrap();
    let [rule] = template.mail_events.as_slice() else { panic!("one") };
    assert_eq!(rule.queues, ["FeedbackQueue"]);
    let event = |set: &str| {
        let mail = json!({"tags": {"ses:configuration-set": [set], "tenant": ["fortnox-1"]}});
        json!({"source": "aws.ses", "detail": {"eventType": "Bounce", "mail": mail}})
    };
    // The stack's own set and its companies', and no other stack's.
    for set in ["MailConfigurationSet", "MailConfigurationSet-fortnox-1", "MailConfigurationSet-economic-7"] {
        assert!(rule.matches(&event(set)), "{set}");
    }
    for set in
        ["MailConfigurationSet2-fortnox-1", "MailConfigurationSe", "fortnox-1", "Other-MailConfigurationSet-fortnox-1"]
    {
        assert!(!rule.matches(&event(set)), "{set}");
    }
    let mut opened = event("MailConfigurationSet-fortnox-1");
    opened["detail"]["eventType"] = json!("Open");
    assert!(!rule.matches(&opened));
    assert_eq!(template.mail_sets.keys().collect::<Vec<_>>(), ["MailConfigurationSet"]);
    let sources: Vec<_> = template.functions["FeedbackFunction"].event_sources.values().collect();
    assert_eq!(sources.iter().map(|source| source.queue.as_str()).collect::<Vec<_>>(), ["FeedbackQueue"]);
    let rule = "{EventPattern: {source: [aws.s3]}, Targets: []}";
    let text = format!("{{Resources: {{R: {{Type: 'AWS::Events::Rule', Properties: {rule}}}}}}}");
    assert!(refusal(&text).contains("aws.ses"));
}

#[test]
fn the_schedules_start_scans_sweeps_comparisons_and_digests() {
    let template = read(&[]).unwrap();
    let scan = &template.functions["ScanFunction"];
    let heartbeat = &scan.schedules["HeartbeatSchedule"];
    assert_eq!(heartbeat.every, TimeDelta::minutes(5));
    assert_eq!(heartbeat.input, r#"{"tick":"scan"}"#);
    assert!(heartbeat.enabled);
    assert_eq!(scan.schedules["RegisterSchedule"].every, TimeDelta::hours(1));
    assert_eq!(scan.asynchronous.on_failure.as_deref(), Some("ScheduleDeadLetters"));
    let sweep = &template.functions["SweepFunction"];
    let heartbeat = &sweep.schedules["SweepHeartbeatSchedule"];
    assert_eq!((heartbeat.every, heartbeat.input.as_str()), (TimeDelta::minutes(1), r#"{"tick":"sweep"}"#));
    assert_eq!(sweep.asynchronous.on_failure.as_deref(), Some("ScheduleDeadLetters"));
    let prices = &template.functions["PricesFunction"];
    let heartbeat = &prices.schedules["PricesHeartbeatSchedule"];
    assert_eq!((heartbeat.every, heartbeat.input.as_str()), (TimeDelta::minutes(1), r#"{"tick":"prices"}"#));
    assert_eq!(prices.asynchronous.on_failure.as_deref(), Some("ScheduleDeadLetters"));
    let digest = &template.functions["DigestFunction"];
    let heartbeat = &digest.schedules["DigestHeartbeatSchedule"];
    assert_eq!((heartbeat.every, heartbeat.input.as_str()), (TimeDelta::minutes(5), r#"{"tick":"digest"}"#));
    assert_eq!(digest.schedules["DigestRegisterSchedule"].input, r#"{"tick":"register_digests"}"#);
    assert_eq!(digest.asynchronous.on_failure.as_deref(), Some("ScheduleDeadLetters"));
    let stopped = read(&[("ScheduleState", "DISABLED")]).unwrap();
    let mut schedules = stopped.functions.values().flat_map(|function| function.schedules.values());
    assert!(!schedules.any(|schedule| schedule.enabled));
    // They are known by their events' names.
    let names = template.functions.values().flat_map(|function| function.schedules.keys());
    assert_eq!(names.collect::<BTreeSet<_>>().len(), 6);
}

#[test]
fn the_http_api_has_the_routes_of_its_functions() {
    let template = read(&[]).unwrap();
    let keys = |function: &str| template.functions[function].routes.values().map(Route::key).collect::<BTreeSet<_>>();
    let connect = ["GET /connect/{system}", "GET /connect/{system}/callback", "POST /connect/{system}"];
    assert_eq!(keys("ConnectFunction"), connect.map(str::to_owned).into());
    assert_eq!(keys("ApiFunction"), ["POST /tenants/{tenant}/drafts/{draft}/ready".to_owned()].into());
    assert_eq!(template.functions.values().map(|function| function.routes.len()).sum::<usize>(), 4);
    let [route] = template.functions["ApiFunction"].routes.values().collect::<Vec<_>>()[..] else { panic!("one") };
    let parameters = route.parameters("/tenants/economic-1/drafts/148/ready").unwrap();
    assert_eq!(parameters, [("tenant", "economic-1".to_owned()), ("draft", "148".to_owned())]);
    for other in ["/tenants/economic-1/drafts/148", "/tenants/economic-1/drafts//ready", "/tenants/1/drafts/1/2/ready"]
    {
        assert_eq!(route.parameters(other), None, "{other}");
    }
    let text = "{Resources: {A: {Type: 'AWS::Serverless::HttpApi', Properties: {DefinitionBody: {}}}}}";
    assert!(refusal(text).contains("DefinitionBody"));
}

#[test]
fn a_secret_is_a_place_for_one_and_its_value_stands_in_no_template() {
    let template = read(&[]).unwrap();
    assert_eq!(template.secrets.keys().collect::<Vec<_>>(), ["EconomicAppSecret", "FortnoxAppSecret"]);
    let arn = &template.secrets["FortnoxAppSecret"];
    assert!(arn.starts_with("arn:aws:secretsmanager:eu-north-1:000000000000:secret:FortnoxAppSecret-"), "{arn}");
    assert_eq!(template.functions["BookFunction"].environment["FORTNOX_APP_SECRET"], *arn);
    let text = "{Resources: {S: {Type: 'AWS::SecretsManager::Secret', Properties: {SecretString: hush}}}}";
    assert!(refusal(text).contains("SecretString"));
}

#[test]
fn a_parameter_that_does_not_exist_or_has_a_forbidden_value_is_refused() {
    assert_eq!(
        read(&[("Colour", "blue")]).unwrap_err().to_string(),
        "parameter Colour: the template does not declare it"
    );
    let error = read(&[("ScheduleState", "MAYBE")]).unwrap_err().to_string();
    assert_eq!(error, "parameter ScheduleState: the template does not allow this value");
    let error = refusal("{Parameters: {P: {Type: String}}, Resources: {}}");
    assert_eq!(error, "parameter P: it has no default, and no value was given");
}

#[test]
fn what_is_not_understood_is_refused_by_name() {
    assert_eq!(
        refusal("{Resources: {Bucket: {Type: 'AWS::S3::Bucket'}}}"),
        "resource Bucket is a AWS::S3::Bucket, which the local cloud does not know"
    );
    assert_eq!(
        refusal("{Resources: {Q: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: !FindInMap [a, b, c]}}}}"),
        "Q: the local cloud does not know the intrinsic FindInMap"
    );
    assert_eq!(
        refusal("{Resources: {Q: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: {'Fn::Join': ['', []]}}}}}"),
        "Q: the local cloud does not know the intrinsic Join"
    );
    assert_eq!(
        refusal("{Resources: {Q: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: !Ref Nobody}}}}"),
        "Q: nothing here is called Nobody"
    );
    assert!(refusal("{Resources: {Q: {Type: 'AWS::SQS::Queue', Properties: {Colour: blue}}}}").contains("Colour"));
    assert!(refusal("{Mappings: {}, Resources: {}}").starts_with("Mappings:"));
    // A condition may be there, but nothing here may depend on it.
    let conditional = "{Conditions: {C: !Equals [a, b]}, Resources: {Q: {Type: 'AWS::SQS::Queue', Condition: C}}}";
    assert!(refusal(conditional).contains("Condition"));
    assert_eq!(
        refusal(
            "{Conditions: {}, Resources: {Q: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: !If [C, 1, 2]}}}}"
        ),
        "Q: the local cloud does not know the intrinsic If"
    );
}

#[test]
fn intrinsics_mean_what_they_mean_in_aws_in_both_forms() {
    let text = r"
        Parameters: {Stage: {Type: String, Default: test}}
        Resources:
          Jobs: {Type: AWS::SQS::Queue}
          F:
            Type: AWS::Serverless::Function
            Metadata: {BuildProperties: {Binary: f}}
            Properties:
              Timeout: 3
              MemorySize: 128
              Environment:
                Variables:
                  SHORT: !Ref Jobs
                  LONG: {Ref: Jobs}
                  ARN: !GetAtt Jobs.Arn
                  LONG_ARN: {Fn::GetAtt: [Jobs, Arn]}
                  SUB: !Sub '${Stage}/${AWS::Region}/${Jobs.QueueName}/${!kept}'
    ";
    let template = Template::parse(text, &BTreeMap::new(), &place()).unwrap();
    let environment = &template.functions["F"].environment;
    assert_eq!(environment["SHORT"], "http://127.0.0.1:1/000000000000/Jobs");
    assert_eq!(environment["LONG"], environment["SHORT"]);
    assert_eq!(environment["ARN"], "arn:aws:sqs:eu-north-1:000000000000:Jobs");
    assert_eq!(environment["LONG_ARN"], environment["ARN"]);
    assert_eq!(environment["SUB"], "test/eu-north-1/Jobs/${kept}");
}
