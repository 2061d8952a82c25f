//! `fakturapilot preflight`.

use cloud::Pipeline;
use domain::{
    ids::TenantId,
    preflight::{Report, Severity},
};
use workflow::ports::{Journal, Ports};

use crate::{
    error::CliError,
    output::{self, Output, Patience, Progress, Tone},
};

pub(crate) async fn run(pipeline: &Pipeline, output: Output, tenant: &TenantId, last: bool) -> Result<(), CliError> {
    let report = if last {
        let none = || CliError::Missing(format!("there is no pre-flight of {tenant} yet: leave --last out"));
        pipeline.journal().report(tenant).await?.ok_or_else(none)?
    } else {
        let _progress = Progress::new("looking at the company, its agreements or drafts, and its customers");
        Box::pin(workflow::preflight::run(pipeline, tenant, &Patience)).await?
    };
    show(output, &report)?;
    if report.worst() == Severity::Blocking {
        let why = "something blocks: see above what to do".to_owned();
        return Err(CliError::NotConfirmed(why));
    }
    Ok(())
}

/// The report, each severity in its colour.
pub(crate) fn show(output: Output, report: &Report) -> Result<(), CliError> {
    output.say(report, || {
        for line in report.to_string().lines() {
            match line {
                "BLOCKING" => output::toned(Tone::Bad, line),
                "WARNING" => output::toned(Tone::Waits, line),
                "OK" => output::toned(Tone::Good, line),
                _ => output::line(line),
            }
        }
    })
}
