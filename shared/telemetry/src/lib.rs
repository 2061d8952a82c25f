//! What the functions tell of themselves: logs, as JSON lines with fixed messages and named fields, and figures, as lines that
//! CloudWatch reads figures from. `docs/watch.md` lists both.
//!
//! What may stand in a log is decided where it's written: keys, counts, codes and times, never a token, an address or an
//! invoice's words. Levels: `error` needs somebody, `warn` is worth a look, `info` tells what was done.

mod emf;
mod ours;

use tracing_subscriber::{EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use emf::Emf;

/// The variable that names the least severe level.
const LEVEL: &str = "LOG_LEVEL";
const DEFAULT_LEVEL: &str = "info";
/// The variable that names whose the figures are. Where it's missing none are published.
const NAMESPACE: &str = "METRICS_NAMESPACE";

/// Starts logging to standard output, as the platform collects it. The level comes from `LOG_LEVEL`, default `info`; figures are
/// published at every level.
pub fn start() {
    let level = std::env::var(LEVEL).unwrap_or_else(|_| DEFAULT_LEVEL.to_owned());
    let logs = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_target(false)
        .with_filter(filter(&level));
    let figures = std::env::var(NAMESPACE).ok().map(|namespace| Emf::new(namespace, std::io::stdout).only_figures());
    let started = tracing_subscriber::registry().with(logs).with(figures).try_init();
    // Already started, as in a test: that one goes on.
    drop(started);
    // The standard hook writes the panic's message, which may quote what was being worked on.
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string);
        tracing::error!(at, "a panic");
    }));
}

/// Ours at `level`; what the AWS and HTTP crates say below `warn` only their own developers need.
fn filter(level: &str) -> EnvFilter {
    EnvFilter::try_new(format!("warn,{}", ours::at(level)))
        .unwrap_or_else(|_| EnvFilter::new(format!("warn,{}", ours::at(DEFAULT_LEVEL))))
}
