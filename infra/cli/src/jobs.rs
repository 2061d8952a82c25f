//! `fakturapilot jobs`.

mod explain;

use chrono::NaiveDate;
use chrono_tz::Tz;
use cloud::Pipeline;
use domain::{
    ids::TenantId,
    job::{Event, Job, JobKey, JobState, Source},
};
use serde::Serialize;
use workflow::{
    Retried,
    ports::{Digests, Journal, Ports},
};

use crate::{
    arguments::{Decide, JobsCommand},
    error::CliError,
    output::{self, Output, Tone},
    stack::Stack,
    tenants::zone,
};

/// Most waiting jobs that are read at once: more than a person reads, and a program asks day by day.
pub(crate) const MOST_WAITING: usize = 1000;

pub(crate) async fn run(
    pipeline: &Pipeline,
    stack: &Stack,
    output: &Output,
    command: JobsCommand,
) -> Result<(), CliError> {
    match command {
        JobsCommand::List { tenant, date } => list(pipeline, *output, &tenant, date).await,
        JobsCommand::Show { job } => show(pipeline, *output, &job).await,
        JobsCommand::Explain { job } => explain::run(pipeline, stack, *output, &job).await,
        JobsCommand::Retry(decide) => {
            if asked(pipeline, *output, &decide, "Try it again?").await? {
                let done_so = match workflow::retry(pipeline, &decide.job, &decide.by).await? {
                    Retried::Reopened => "to be tried again",
                    Retried::Woken => "to be looked at now",
                };
                done(*output, &decide.job, done_so)?;
            }
            Ok(())
        }
        JobsCommand::Approve(decide) => {
            if asked(pipeline, *output, &decide, "Say yes, so that it goes on?").await? {
                workflow::approve(pipeline, &decide.job, &decide.by).await?;
                done(*output, &decide.job, "approved")?;
            }
            Ok(())
        }
        JobsCommand::Skip(decide) => {
            if asked(pipeline, *output, &decide, "Skip it for good?").await? {
                workflow::skip(pipeline, &decide.job, &decide.by).await?;
                done(*output, &decide.job, "skipped")?;
            }
            Ok(())
        }
        JobsCommand::Resend { decide, why } => {
            if asked(pipeline, *output, &decide, "Deliver it to the customer once more?").await? {
                workflow::resend(pipeline, &decide.job, &decide.by, &why).await?;
                done(*output, &decide.job, "to be delivered once more")?;
            }
            Ok(())
        }
    }
}

#[derive(Serialize)]
struct Done<'a> {
    job: &'a JobKey,
    done: &'static str,
}

fn done(output: Output, job: &JobKey, done: &'static str) -> Result<(), CliError> {
    output.say(&Done { job, done }, || output::line(&format!("{job}: {done}")))
}

/// Shows the job and asks. `false`: it was only to be shown.
async fn asked(pipeline: &Pipeline, output: Output, decide: &Decide, what: &str) -> Result<bool, CliError> {
    if decide.dry_run {
        show(pipeline, output, &decide.job).await?;
        return Ok(false);
    }
    let job = read(pipeline, &decide.job).await?;
    output::confirm(&format!("{}: {}\n{what}", job.key, state(&job)), decide.yes)?;
    Ok(true)
}

pub(crate) async fn read(pipeline: &Pipeline, key: &JobKey) -> Result<Job, CliError> {
    let job = pipeline.journal().job(key).await?;
    job.ok_or_else(|| {
        CliError::Missing(format!("there is no job {key}: see `fakturapilot jobs list {}`", key.tenant()))
    })
}

async fn list(pipeline: &Pipeline, output: Output, tenant: &TenantId, date: Option<NaiveDate>) -> Result<(), CliError> {
    let mut jobs = match date {
        Some(date) => pipeline.journal().jobs_of_day(tenant, date).await?,
        None => pipeline.journal().waiting(tenant, MOST_WAITING).await?,
    };
    if date.is_some() {
        jobs.sort_by(|a, b| a.key.cmp(&b.key));
    }
    let zone = zone(pipeline, tenant).await?;
    let headings = ["JOB", "CUSTOMER", "INVOICE", "STATE", "WHAT TO DO"];
    output.say(&jobs, || {
        output::table(&headings, jobs.iter().map(|job| row(job, zone)).collect());
        if date.is_none() && jobs.len() == MOST_WAITING {
            output::line("and perhaps more: these have waited the longest");
        }
    })
}

fn row(job: &Job, zone: Tz) -> Vec<String> {
    let invoice = job.invoice().map(ToString::to_string).unwrap_or_default();
    let since = match &job.state {
        JobState::Held { since, .. } | JobState::Failed { since, .. } => {
            format!(" (since {})", output::local(*since, zone))
        }
        JobState::Working | JobState::Done { .. } => String::new(),
    };
    let state = format!("{}{since}", state(job));
    vec![job.key.to_string(), job.customer.to_string(), invoice, state, advice(job).unwrap_or_default()]
}

fn tone(job: &Job) -> Tone {
    match job.state {
        JobState::Held { .. } => Tone::Waits,
        JobState::Failed { .. } => Tone::Bad,
        JobState::Working | JobState::Done { .. } => Tone::Good,
    }
}

fn state(job: &Job) -> String {
    match &job.state {
        JobState::Working => "on its way".to_owned(),
        JobState::Held { reason, .. } => format!("held: {reason}"),
        JobState::Failed { step, words, .. } => format!("failed to {step}: {words}"),
        JobState::Done { ending, .. } => format!("done: {ending}"),
    }
}

fn advice(job: &Job) -> Option<String> {
    match &job.state {
        JobState::Held { reason, .. } => Some(reason.advice()),
        JobState::Failed { advice, .. } => Some(advice.clone()),
        JobState::Working | JobState::Done { .. } => None,
    }
}

#[derive(Serialize)]
struct Shown<'a> {
    job: &'a Job,
    story: &'a [Event],
}

async fn show(pipeline: &Pipeline, output: Output, key: &JobKey) -> Result<(), CliError> {
    let job = read(pipeline, key).await?;
    let story = pipeline.journal().story_of(key).await?;
    let zone = zone(pipeline, key.tenant()).await?;
    output.say(&Shown { job: &job, story: &story }, || {
        let about = match job.key.source() {
            Source::Agreement { number, .. } => format!("agreement {number}"),
            Source::Draft { number, .. } => format!("draft {number}"),
        };
        output::line(&format!("{key}: {about} of customer {}", job.customer));
        output::toned(tone(&job), &state(&job));
        if let Some(advice) = advice(&job) {
            output::line(&format!("-> {advice}"));
        }
        if let Some(made) = job.made() {
            let number = job.invoice().map(ToString::to_string).unwrap_or_default();
            output::line(&format!("invoice {number}, {}", made.total));
        }
        output::line("");
        let told = |event: &Event| vec![output::local(event.at, zone), event.kind.to_string()];
        output::table(&["WHEN", "WHAT"], story.iter().map(told).collect());
    })
}
