//! `fakturapilot tenant`.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use cloud::Pipeline;
use domain::{ids::TenantId, settings::Mode};
use serde::Serialize;
use workflow::{
    ports::{Digests, Journal, Ports, Settings, Subject},
    preflight::{self, ModeSet},
};

use crate::{
    arguments::TenantCommand,
    erase,
    error::CliError,
    jobs::MOST_WAITING,
    output::{self, Output, Patience, Progress, Tone},
    stack::Stack,
};

pub(crate) async fn run(
    pipeline: &Pipeline,
    stack: &Stack,
    output: &Output,
    command: TenantCommand,
) -> Result<(), CliError> {
    match command {
        TenantCommand::List => list(pipeline, *output).await,
        TenantCommand::Show { tenant } => show(pipeline, *output, &tenant).await,
        TenantCommand::Mode { tenant, mode, dry_run, yes } => {
            set_mode(pipeline, *output, &tenant, mode.into(), (dry_run, yes)).await
        }
        TenantCommand::Export { tenant, to } => {
            erase::export(&stack.belongings(pipeline)?, &tenant, to.as_deref()).await
        }
        TenantCommand::Erase { tenant, dry_run, force, yes } => {
            let wanted = erase::Wanted { tenant, dry_run, force, said: yes };
            erase::erase(&stack.belongings(pipeline)?, &stack.mail_sets()?, *output, &wanted).await
        }
    }
}

#[derive(Serialize)]
struct ModeIs {
    tenant: TenantId,
    mode: Mode,
}

async fn set_mode(
    pipeline: &Pipeline,
    output: Output,
    tenant: &TenantId,
    mode: Mode,
    (dry_run, yes): (bool, bool),
) -> Result<(), CliError> {
    if dry_run {
        return match mode {
            Mode::Full => crate::preflight::run(pipeline, output, tenant, false).await,
            Mode::Off | Mode::Preview | Mode::DraftOnly => show(pipeline, output, tenant).await,
        };
    }
    if mode == Mode::Full {
        let asked =
            format!("{tenant}: from now on invoices are made, booked and delivered as the settings say. Go on?");
        output::confirm(&asked, yes)?;
    }
    let set = {
        let _progress = Progress::new("looking whether anything is in the way");
        Box::pin(preflight::set_mode(pipeline, tenant, mode, &Patience)).await?
    };
    match set {
        ModeSet::Refused { report } => {
            crate::preflight::show(output, &report)?;
            Err(CliError::NotConfirmed(format!("something blocks, so the mode of {tenant} is as it was: see above")))
        }
        ModeSet::Set { report } => {
            let warnings = report.map_or(0, |report| report.standing().warnings);
            output.say(&ModeIs { tenant: tenant.clone(), mode }, || {
                output::toned(Tone::Good, &format!("{tenant}: {}", mode.name()));
                if warnings > 0 {
                    output::line(&format!("{warnings} warnings: fakturapilot preflight {tenant} --last"));
                }
            })
        }
    }
}

/// A tenant's time zone; UTC where its profile can't be read.
pub(crate) async fn zone(pipeline: &Pipeline, tenant: &TenantId) -> Result<Tz, CliError> {
    let settings = pipeline.settings().of_tenant(tenant).await?;
    let zone = settings.as_ref().and_then(|settings| settings.profile().ok()).map(|profile| profile.tenant.time_zone);
    Ok(zone.unwrap_or(Tz::UTC))
}

#[derive(Serialize)]
struct Line {
    tenant: TenantId,
    company: Option<String>,
    /// `None`: its profile is broken.
    mode: Option<Mode>,
    broken: Option<String>,
}

async fn line(pipeline: &Pipeline, tenant: TenantId) -> Result<Line, CliError> {
    let settings = pipeline.settings().of_tenant(&tenant).await?;
    let settings = settings.ok_or_else(|| CliError::Missing(format!("there is no profile of {tenant}")))?;
    Ok(match settings.profile() {
        Ok(profile) => Line {
            tenant,
            company: profile.tenant.sender_name.clone(),
            mode: Some(profile.stated_mode()),
            broken: None,
        },
        Err(reason) => Line { tenant, company: None, mode: None, broken: Some(reason.to_string()) },
    })
}

async fn list(pipeline: &Pipeline, output: Output) -> Result<(), CliError> {
    let mut tenants = pipeline.settings().tenants().await?;
    tenants.sort();
    let mut lines = Vec::new();
    for tenant in tenants {
        lines.push(line(pipeline, tenant).await?);
    }
    output.say(&lines, || {
        let row = |line: &Line| {
            let mode = line.mode.map_or_else(|| "broken".to_owned(), |mode| mode.name().to_owned());
            let remark = line.broken.clone().or_else(|| line.company.clone()).unwrap_or_default();
            vec![line.tenant.to_string(), mode, remark]
        };
        output::table(&["TENANT", "MODE", "COMPANY"], lines.iter().map(row).collect());
    })
}

#[derive(Serialize)]
struct Concern {
    about: String,
    since: DateTime<Utc>,
    why: String,
    advice: String,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    line: Line,
    concerns: Vec<Concern>,
    /// Jobs that wait for a person; [`MOST_WAITING`] is that many or more.
    waiting: usize,
}

async fn show(pipeline: &Pipeline, output: Output, tenant: &TenantId) -> Result<(), CliError> {
    let zone = zone(pipeline, tenant).await?;
    let concern = |(subject, concern): (Subject, workflow::ports::Concern)| Concern {
        about: about(&subject),
        since: concern.since,
        why: concern.reason.to_string(),
        advice: concern.reason.advice(),
    };
    let shown = Shown {
        line: line(pipeline, tenant.clone()).await?,
        concerns: pipeline.journal().concerns(tenant).await?.into_iter().map(concern).collect(),
        waiting: pipeline.journal().waiting(tenant, MOST_WAITING).await?.len(),
    };
    output.say(&shown, || {
        let mode = shown.line.mode.map_or_else(|| "broken".to_owned(), |mode| mode.name().to_owned());
        output::line(&format!("{}  {}  {mode}", shown.line.tenant, shown.line.company.clone().unwrap_or_default()));
        if let Some(broken) = &shown.line.broken {
            output::line(broken);
        }
        let or_more = if shown.waiting == MOST_WAITING { " or more" } else { "" };
        output::line(&format!("{}{or_more} jobs wait for a person: fakturapilot jobs list {tenant}", shown.waiting));
        let row =
            |it: &Concern| vec![it.about.clone(), output::local(it.since, zone), it.why.clone(), it.advice.clone()];
        if !shown.concerns.is_empty() {
            output::table(&["ABOUT", "SINCE", "WHY", "WHAT TO DO"], shown.concerns.iter().map(row).collect());
        }
    })
}

fn about(subject: &Subject) -> String {
    match subject {
        Subject::Tenant => "the company as a whole".to_owned(),
        Subject::Agreement(number) => format!("agreement {number}"),
        Subject::Draft(number) => format!("draft {number}"),
        Subject::Prices(Some(number)) => format!("prices of agreement {number}"),
        Subject::Prices(None) => "prices".to_owned(),
    }
}
