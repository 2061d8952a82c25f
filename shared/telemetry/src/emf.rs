//! Figures as CloudWatch reads them out of the logs: the embedded metric format, one JSON object a line (source: CloudWatch user
//! guide, "Specification: Embedded metric format"). On Lambda standard output is all it takes (same source), and no right but
//! that to write logs.

use std::{
    io::Write,
    time::{SystemTime, UNIX_EPOCH},
};

use metric::Metric;
use serde_json::{Map, Value, json};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer,
    filter::{FilterFn, Filtered, filter_fn},
    fmt::MakeWriter,
    layer::Context,
    registry::LookupSpan,
};

/// Writes each figure as a line.
pub(crate) struct Emf<W> {
    namespace: String,
    out: W,
}

type OnlyFigures = FilterFn<fn(&Metadata<'_>) -> bool>;

impl<W> Emf<W> {
    /// For figures of `namespace`.
    pub(crate) fn new(namespace: String, out: W) -> Self {
        Self { namespace, out }
    }

    /// Deaf to all but figures.
    pub(crate) fn only_figures<S>(self) -> Filtered<Self, OnlyFigures, S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
        W: for<'w> MakeWriter<'w> + 'static,
    {
        self.with_filter(filter_fn(is_figure))
    }
}

fn is_figure(metadata: &Metadata<'_>) -> bool {
    metadata.target() == metric::TARGET
}

impl<S: Subscriber, W: for<'w> MakeWriter<'w> + 'static> Layer<S> for Emf<W> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut figure = Figure::default();
        event.record(&mut figure);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        if let Some(line) = figure.line(&self.namespace, u64::try_from(now.as_millis()).unwrap_or(u64::MAX)) {
            // There's nobody to tell if it can't be written.
            drop(writeln!(self.out.make_writer(), "{line}"));
        }
    }
}

/// An event's fields.
#[derive(Debug, Default)]
struct Figure {
    name: String,
    value: u64,
    beside: Map<String, Value>,
}

impl Figure {
    /// The line of the figure, if there is one of this name.
    fn line(self, namespace: &str, at_ms: u64) -> Option<String> {
        let Metric { name, unit, .. } = Metric::named(&self.name)?;
        let directive = json!({
            "Namespace": namespace,
            // One set of no dimensions.
            "Dimensions": [[]],
            "Metrics": [{"Name": name, "Unit": unit.name()}],
        });
        let mut line = self.beside;
        line.insert("_aws".to_owned(), json!({"Timestamp": at_ms, "CloudWatchMetrics": [directive]}));
        line.insert((*name).to_owned(), self.value.into());
        Some(Value::Object(line).to_string())
    }
}

impl Visit for Figure {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "value" {
            self.value = value;
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "metric" {
            value.clone_into(&mut self.name);
        } else {
            self.beside.insert(field.name().to_owned(), value.into());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Lines {
        fn read(&self) -> Vec<Value> {
            let bytes = self.0.lock().unwrap();
            std::str::from_utf8(&bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        }
    }

    /// What is written of what `tell` tells, as figures and as logs.
    fn told(level: &str, tell: impl FnOnce()) -> (Vec<Value>, Vec<Value>) {
        let (figures, logs) = (Lines::default(), Lines::default());
        let (to_figures, to_logs) = (figures.clone(), logs.clone());
        let subscriber = tracing_subscriber::registry()
            .with(
                tracing_subscriber::fmt::layer()
                    .json()
                    .with_writer(move || to_logs.clone())
                    .with_filter(crate::filter(level)),
            )
            .with(Emf::new("Fakturapilot/test".to_owned(), move || to_figures.clone()).only_figures());
        tracing::subscriber::with_default(subscriber, tell);
        (figures.read(), logs.read())
    }

    /// What the specification asks of a document, as far as ours use it.
    fn assert_is_emf(line: &Value) {
        let root = line.as_object().unwrap();
        let aws = root["_aws"].as_object().unwrap();
        assert_eq!(aws.keys().collect::<Vec<_>>(), ["CloudWatchMetrics", "Timestamp"]);
        assert!(aws["Timestamp"].as_u64().unwrap() > 1_700_000_000_000, "milliseconds since 1970");
        let directives = aws["CloudWatchMetrics"].as_array().unwrap();
        assert!(!directives.is_empty());
        for directive in directives {
            let directive = directive.as_object().unwrap();
            assert_eq!(directive.keys().collect::<Vec<_>>(), ["Dimensions", "Metrics", "Namespace"]);
            let namespace = directive["Namespace"].as_str().unwrap();
            assert!((1..=1024).contains(&namespace.len()));
            let sets = directive["Dimensions"].as_array().unwrap();
            assert!(!sets.is_empty(), "at least one set of dimensions, which may be empty");
            for dimension in sets.iter().flat_map(|set| set.as_array().unwrap()) {
                assert!(root[dimension.as_str().unwrap()].is_string(), "a dimension's value is a text at the root");
            }
            let metrics = directive["Metrics"].as_array().unwrap();
            assert!((1..=100).contains(&metrics.len()));
            for metric in metrics {
                let name = metric["Name"].as_str().unwrap();
                assert!((1..=1024).contains(&name.len()));
                assert!(root[name].is_number(), "a figure's value is a number at the root");
                assert!(["Count", "Milliseconds"].contains(&metric["Unit"].as_str().unwrap()));
            }
        }
    }

    #[test]
    fn every_figure_is_a_document_of_the_specification() {
        for metric in metric::ALL {
            let (figures, _) = told("info", || metric.add_of(3, "fortnox-1", Some("address_dead")));
            let [line] = figures.as_slice() else { panic!("{figures:?}") };
            assert_is_emf(line);
            let directive = &line["_aws"]["CloudWatchMetrics"][0];
            assert_eq!((&directive["Namespace"], &line[metric.name]), (&json!("Fakturapilot/test"), &json!(3)));
            assert_eq!(directive["Dimensions"], json!([[]]), "whose it is costs nothing, since it's no dimension");
            assert_eq!((&line["tenant"], &line["reason"]), (&json!("fortnox-1"), &json!("address_dead")));
        }
    }

    #[test]
    fn what_is_not_known_is_left_out_and_nothing_else_is_told() {
        let (figures, _) = told("info", || metric::SCANS_OVERDUE.add(0));
        let [line] = figures.as_slice() else { panic!("{figures:?}") };
        assert_is_emf(line);
        assert_eq!(line.as_object().unwrap().keys().collect::<Vec<_>>(), ["ScansOverdue", "_aws"]);
    }

    #[test]
    fn figures_are_told_at_every_level_and_are_no_log_lines() {
        for level in ["error", "info", "debug", "trace", "nonsense=="] {
            let (figures, logs) = told(level, || metric::JOBS_DONE.add(1));
            assert_eq!((figures.len(), logs.len()), (1, 0), "{level}");
        }
    }

    #[test]
    fn what_is_logged_is_no_figure() {
        let (figures, logs) = told("info", || {
            tracing::info!(target: "digest", metric = "JobsDone", value = 1u64, "one of ours");
            tracing::info!(target: "hyper", "another's");
            tracing::warn!(target: "hyper", "another's that is worth a look");
        });
        assert_eq!(figures, [] as [Value; 0]);
        let said: Vec<_> = logs.iter().map(|line| &line["fields"]["message"]).collect();
        assert_eq!(said, ["one of ours", "another's that is worth a look"]);
    }

    #[test]
    fn a_figure_that_is_on_no_list_is_not_published() {
        let (figures, _) = told("info", || tracing::info!(target: metric::TARGET, metric = "Nobody", value = 1u64));
        assert_eq!(figures, [] as [Value; 0]);
    }
}
