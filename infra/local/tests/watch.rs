//! What of `template.yaml` watches the rest: alarms, each with its page of the runbook, and the dashboard.

#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use local::template::{Place, Template};
use metric::Metric;
use serde_yaml_ng::Value;

/// The runbook's index.
const INDEX: &str = "docs/runbook/README.md";
/// Whose figures are the functions' own.
const OURS: &str = "Fakturapilot/${AWS::StackName}";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

fn template() -> Template {
    let place = Place { region: "eu-north-1".into(), account: "0".repeat(12), sqs_url: "http://127.0.0.1:1".into() };
    Template::read(&root().join("template.yaml"), &BTreeMap::new(), &place).unwrap()
}

fn resources(kind: &str) -> Vec<(String, Value)> {
    let document: Value = serde_yaml_ng::from_str(&read("template.yaml")).unwrap();
    let all = document["Resources"].as_mapping().unwrap().iter();
    let ours = all.filter(|(_, resource)| resource["Type"] == kind);
    ours.map(|(name, resource)| (name.as_str().unwrap().to_owned(), resource["Properties"].clone())).collect()
}

/// A value, with the intrinsic around it taken off.
fn plain(value: &Value) -> String {
    match value {
        Value::Tagged(tagged) => tagged.value.as_str().unwrap().to_owned(),
        other => other.as_str().unwrap().to_owned(),
    }
}

struct Alarm {
    name: String,
    /// Whose figure, its name, and what it's of.
    watches: Vec<(String, String, Option<String>)>,
    page: String,
    missing: String,
    threshold: f64,
}

fn alarms() -> Vec<Alarm> {
    resources("AWS::CloudWatch::Alarm").into_iter().map(|(name, properties)| alarm(name, &properties)).collect()
}

fn alarm(name: String, properties: &Value) -> Alarm {
    let figure = |of: &Value| {
        let dimension = of["Dimensions"].as_sequence().and_then(|all| all.first()).map(|one| plain(&one["Value"]));
        let dimension = dimension.map(|name| name.trim_end_matches(".QueueName").to_owned());
        (plain(&of["Namespace"]), plain(&of["MetricName"]), dimension)
    };
    let watches = match properties["Metrics"].as_sequence() {
        None => vec![figure(properties)],
        Some(metrics) => {
            let read = metrics.iter().filter(|metric| !metric["MetricStat"].is_null());
            read.map(|metric| figure(&metric["MetricStat"]["Metric"])).collect()
        }
    };
    let description = plain(&properties["AlarmDescription"]);
    Alarm {
        page: description.rsplit(' ').next().unwrap().to_owned(),
        missing: plain(&properties["TreatMissingData"]),
        threshold: properties["Threshold"].as_f64().unwrap(),
        name,
        watches,
    }
}

/// What there's an alarm of a figure for.
fn watched(namespace: &str, metric: &str) -> BTreeSet<String> {
    let all = alarms().into_iter().flat_map(|alarm| alarm.watches);
    all.filter(|(whose, name, _)| whose == namespace && name == metric).filter_map(|(_, _, of)| of).collect()
}

#[test]
fn every_queue_of_dead_letters_has_its_alarm_and_every_other_one_for_its_oldest_message() {
    let template = template();
    let is_for_letters = |name: &&String| name.ends_with("DeadLetters");
    let (letters, work): (Vec<_>, Vec<_>) = template.queues.keys().partition(is_for_letters);
    let redriven = template.queues.values().filter_map(|queue| queue.redrive.as_ref());
    let redriven: BTreeSet<_> = redriven.map(|redrive| &redrive.dead_letters).collect();
    assert!(redriven.iter().all(|name| letters.contains(name)), "the name tells what a queue is for");
    assert_eq!(watched("AWS/SQS", "ApproximateNumberOfMessagesVisible"), letters.into_iter().cloned().collect());
    assert_eq!(watched("AWS/SQS", "ApproximateAgeOfOldestMessage"), work.into_iter().cloned().collect());
    let of_letters = alarms().into_iter().filter(|alarm| alarm.page.ends_with("dead-letters.md"));
    assert!(of_letters.into_iter().all(|alarm| alarm.threshold.to_string() == "1"), "one letter is enough");
}

#[test]
fn every_function_has_its_alarms_for_errors_and_throttles() {
    let functions: BTreeSet<_> = template().functions.into_keys().collect();
    for metric in ["Errors", "Throttles"] {
        assert_eq!(watched("AWS/Lambda", metric), functions, "{metric}");
    }
}

#[test]
fn every_alarm_names_its_page_and_every_page_is_some_alarms() {
    let named: BTreeSet<_> = alarms().into_iter().map(|alarm| alarm.page).collect();
    let files = std::fs::read_dir(root().join("docs/runbook")).unwrap();
    let files = files.map(|file| format!("docs/runbook/{}", file.unwrap().file_name().into_string().unwrap()));
    let mut pages: BTreeSet<String> = files.collect();
    assert!(pages.remove(INDEX));
    assert_eq!(named, pages);
    let index = read(INDEX);
    for page in pages {
        let file = page.rsplit('/').next().unwrap();
        assert!(index.contains(&format!("({file})")), "the index has no {file}");
        let text = read(&page);
        for part in
            ["## What it means", "## What customers notice", "## Look first", "## What to do", "## When it's over"]
        {
            assert!(text.contains(part), "{page} doesn't say: {part}");
        }
    }
}

#[test]
fn silence_is_an_alarm_only_of_what_is_told_at_every_heartbeat() {
    let breaching = alarms().into_iter().filter(|alarm| alarm.missing == "breaching").map(|alarm| alarm.name);
    assert_eq!(
        breaching.collect::<BTreeSet<_>>(),
        ["ScansOverdueAlarm", "SweepsOverdueAlarm"].map(str::to_owned).into()
    );
}

#[test]
fn alarms_and_dashboard_go_by_figures_that_are_published() {
    let mut used = BTreeSet::new();
    for alarm in alarms() {
        used.extend(alarm.watches.into_iter().filter(|(whose, ..)| whose == OURS).map(|(_, name, _)| name));
    }
    assert!(used.len() >= 6, "{used:?}");
    let [(_, dashboard)] = &resources("AWS::CloudWatch::Dashboard")[..] else { panic!("one") };
    let Value::Tagged(body) = &dashboard["DashboardBody"] else { panic!("a Sub") };
    let body: serde_json::Value = serde_json::from_str(body.value.as_str().unwrap()).unwrap();
    let mut shown = BTreeSet::new();
    for widget in body["widgets"].as_array().unwrap() {
        for metric in widget["properties"]["metrics"].as_array().unwrap() {
            let (whose, name) = (metric[0].as_str().unwrap(), metric[1].as_str().unwrap());
            assert!(whose == OURS || whose.starts_with("AWS/"), "{whose}");
            if whose == OURS {
                assert_eq!(metric.as_array().unwrap().len(), 2, "{name} has no dimension");
                shown.insert(name.to_owned());
            }
        }
    }
    for name in used.union(&shown) {
        assert!(Metric::named(name).is_some(), "nobody publishes {name}");
    }
    let published: BTreeSet<_> = metric::ALL.iter().map(|metric| metric.name.to_owned()).collect();
    assert_eq!(shown, published, "the dashboard shows every figure");
}

#[test]
fn the_table_of_figures_is_the_list_of_figures() {
    let page = read("docs/watch.md");
    let rows: BTreeSet<_> =
        page.lines().filter(|line| line.starts_with("| `") && line.matches('|').count() == 4).collect();
    for metric in metric::ALL {
        let row = format!("| `{}` | {} | {} |", metric.name, metric.unit.name(), metric.means);
        assert!(rows.contains(row.as_str()), "docs/watch.md has no row: {row}");
    }
}

#[test]
fn no_alarm_and_no_dashboard_has_a_name_of_its_own() {
    for kind in ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"] {
        for (name, properties) in resources(kind) {
            assert!(properties["AlarmName"].is_null() && properties["DashboardName"].is_null(), "{name}");
        }
    }
}
