//! `report.json`: every job with its events and times, for whoever wants to look closer. And the accounting systems' own
//! ledgers beside it.

use std::path::Path;

use serde_json::json;
use stage::{Evidence, StageError, promises::Broken};

/// Writes both files into `folder`.
pub(crate) fn write(folder: &Path, evidence: &Evidence, broken: &[Broken]) -> Result<(), StageError> {
    let broken: Vec<_> = broken.iter().map(|one| json!({"promise": one.promise, "how": one.how})).collect();
    let matched: Vec<i64> = evidence.match_to_create().iter().map(chrono::TimeDelta::num_milliseconds).collect();
    let report = json!({
        "broken_promises": broken,
        "match_to_create_ms_of_each_scans_first": matched,
        "jobs": evidence.jobs,
        "concerns": evidence.concerns,
        "decisions": evidence.pages,
        "decisions_on_drafts": evidence.swept,
    });
    std::fs::write(folder.join("report.json"), serde_json::to_vec_pretty(&report)?)?;
    std::fs::write(folder.join("ledger.json"), serde_json::to_vec_pretty(&evidence.ledger)?)?;
    std::fs::write(folder.join("economic-ledger.json"), serde_json::to_vec_pretty(&evidence.economic)?)?;
    Ok(())
}
