//! What may not get more: counts and ratios, which are the same on every machine. How fast it all is, `cargo measure` tells.

#![allow(clippy::unwrap_used)]

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use bench::{Built, Figure, Report, Setting, cases};
use local::Binaries;

/// A folder of the test's own, and the functions as the other tests have them.
fn setting(test: &str) -> Setting {
    static BUILT: OnceLock<Binaries> = OnceLock::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Setting {
        binaries: BUILT.get_or_init(|| local::build(&root).unwrap()).clone(),
        built: Built::Quickly,
        folder: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test),
        progress: |_| (),
    }
}

fn assert_met(report: &Report) {
    assert!(!report.figures.is_empty(), "nothing was measured");
    let missed: Vec<String> = report.missed().map(Figure::to_string).collect();
    assert_eq!(missed, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_takes_no_more_calls_by_any_channel_and_its_job_no_more_of_the_journal() {
    let setting = setting("budget_calls");
    let mut report = Report::new(setting.built.words());
    cases::by_channel(&setting, &mut report, 12).await.unwrap();
    cases::of_a_job(&setting, &mut report, 12).await.unwrap();
    assert_met(&report);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_price_takes_three_calls_for_each_agreement_that_follows_and_the_first_comparison_one_for_each() {
    let setting = setting("budget_prices");
    let mut report = Report::new(setting.built.words());
    cases::of_a_price_change(&setting, &mut report, 40, 4).await.unwrap();
    assert_met(&report);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_takes_one_call_for_500_agreements_and_no_more_memory_for_more_of_them() {
    let setting = setting("budget_scan");
    let mut report = Report::new(setting.built.words());
    cases::by_agreements(&setting, &mut report, &[100, 6_000]).await.unwrap();
    assert_met(&report);
}
