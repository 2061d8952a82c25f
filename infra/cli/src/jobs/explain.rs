//! `fakturapilot jobs explain`: why a job stands as it does.

use cloud::Pipeline;
use domain::{
    job::{Job, JobKey, Step},
    settings::Explained,
};
use serde::Serialize;

use super::{advice, read, state, tone};
use crate::{
    error::CliError,
    output::{self, Output, Tone},
    settings::explained,
    stack::Stack,
    tenants::zone,
};

/// Settings that say what becomes of a job, in the order of its steps. `settings explain` shows all.
const THAT_MATTER: [&str; 14] = [
    "mode",
    "automatic",
    "automatic_sending",
    "period_reading",
    "timing",
    "days_before",
    "max_amount",
    "max_change_percent",
    "hold_if_recurring",
    "auto_book",
    "book_after_minutes",
    "channel",
    "recipient",
    "control_copy",
];

#[derive(Serialize)]
struct Shown<'a> {
    job: &'a Job,
    steps: [(&'static str, String); 3],
    settings: Vec<Explained>,
}

pub(super) async fn run(pipeline: &Pipeline, stack: &Stack, output: Output, key: &JobKey) -> Result<(), CliError> {
    let job = read(pipeline, key).await?;
    let zone = zone(pipeline, key.tenant()).await?;
    let mut settings = explained(pipeline, stack, key.tenant(), Some(&job.customer), key.agreement()).await?;
    settings.retain(|setting| THAT_MATTER.contains(&setting.name.as_str()));
    settings.sort_by_key(|setting| THAT_MATTER.iter().position(|name| *name == setting.name));
    let steps = [("create", said(&job.create)), ("book", said(&job.book)), ("deliver", said(&job.deliver))];
    let shown = Shown { job: &job, steps, settings };
    output.say(&shown, || {
        output::toned(tone(&job), &format!("{key}: {}", state(&job)));
        if let Some(advice) = advice(&job) {
            output::line(&format!("-> {advice}"));
        }
        if let Some(at) = job.wake_at {
            output::line(&format!("It's looked at again by itself at {} or soon after.", output::local(at, zone)));
        }
        if let Some(approval) = &job.approval {
            let at = output::local(approval.at, zone);
            output::line(&format!("{} decided on it at {at}.", approval.by));
        }
        output::line("");
        let row = |(name, said): &(&str, String)| vec![(*name).to_owned(), said.clone()];
        output::table(&["STEP", "HOW IT STANDS"], shown.steps.iter().map(row).collect());
        output::line("");
        output::toned(Tone::Heading, "By the settings as they are now:");
        crate::settings::show_explained(&shown.settings);
    })
}

fn said<I, O>(step: &Step<I, O>) -> String {
    match step {
        Step::Open { attempts: 0, .. } => "not begun".to_owned(),
        Step::Open { attempts, last } => {
            let last = last.as_ref().map(|last| format!("; the last: {last}")).unwrap_or_default();
            format!("{attempts} attempts that didn't happen{last}")
        }
        Step::Intended { attempt, .. } => format!("attempt {attempt} was begun, and what came of it isn't known yet"),
        Step::Done { .. } => "done".to_owned(),
        Step::Skipped { why } => format!("not wanted: {why}"),
    }
}
