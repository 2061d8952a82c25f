//! Which log lines are our own.

/// Our crates, as `tracing` calls them.
const CRATES: [&str; 19] = [
    "accounting",
    "api",
    "book",
    "cloud",
    "connect",
    "digest",
    "domain",
    "economic",
    "feedback",
    "fortnox",
    "http_once",
    "lenient_json",
    "mail",
    "metric",
    "prices",
    "scan",
    "sweep",
    "telemetry",
    "workflow",
];

/// Directives of a filter that has ours at `level`.
pub(crate) fn at(level: &str) -> String {
    CRATES.map(|name| format!("{name}={level}")).join(",")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::{collections::BTreeSet, path::Path};

    use super::*;

    #[test]
    fn every_crate_that_a_function_is_made_of_is_ours() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folders = ["functions", "shared"].map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
        let packages = folders.into_iter().flatten().map(|entry| entry.unwrap().path().join("Cargo.toml"));
        let names: BTreeSet<String> = packages
            .filter_map(|package| std::fs::read_to_string(package).ok())
            .map(|package| {
                // A binary may be called otherwise than its package, and then goes by its own name.
                let name = package.lines().rev().find_map(|line| line.strip_prefix("name = ")).unwrap();
                name.trim_matches('"').replace('-', "_")
            })
            .collect();
        assert_eq!(names, CRATES.map(str::to_owned).into());
    }

    #[test]
    fn no_figure_is_a_log_line_of_ours() {
        assert!(!CRATES.iter().any(|name| metric::TARGET.starts_with(name)));
    }
}
