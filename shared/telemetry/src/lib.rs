//! Structured logs of the functions: JSON lines with fixed messages and named fields.
//!
//! What may stand in a log is decided where it's written: keys, counts, codes and times, never a token, an address or an
//! invoice's words. Levels: `error` needs somebody, `warn` is worth a look, `info` tells what was done.

use tracing_subscriber::EnvFilter;

/// The variable that names the least severe level.
const LEVEL: &str = "LOG_LEVEL";

/// Starts logging to standard output, as the platform collects it. The level comes from `LOG_LEVEL`, default `info`.
pub fn start() {
    let level = std::env::var(LEVEL).unwrap_or_else(|_| "info".to_owned());
    // The AWS and HTTP crates say at `info` and below what only their own developers need.
    let ours = ours(&level);
    let filter = EnvFilter::try_new(format!("warn,{ours}")).unwrap_or_else(|_| EnvFilter::new("info"));
    let started = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_target(false)
        .with_env_filter(filter)
        .try_init();
    // Already started, as in a test: that one goes on.
    drop(started);
    // The standard hook writes the panic's message, which may quote what was being worked on.
    std::panic::set_hook(Box::new(|panic| {
        let (file, line) = panic.location().map(|location| (location.file(), location.line())).unzip();
        tracing::error!(file, line, "a panic");
    }));
}

fn ours(level: &str) -> String {
    ["accounting", "book", "cloud", "fortnox", "mail", "scan", "workflow"]
        .map(|name| format!("{name}={level}"))
        .join(",")
}
