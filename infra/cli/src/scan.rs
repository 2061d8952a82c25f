//! `fakturapilot scan`.

use std::time::Duration;

use cloud::Pipeline;
use domain::{
    ids::{SystemKind, TenantId},
    settings::Mode,
};
use serde::Serialize;
use workflow::{
    Message, ScanMessage, SweepMessage,
    ports::{Ports, Queues, Settings},
};

use crate::{
    arguments::ScanCommand,
    error::CliError,
    output::{self, Output},
    preview,
};

#[derive(Serialize)]
struct Asked {
    tenant: TenantId,
    mode: Mode,
}

pub(crate) async fn run(pipeline: &Pipeline, output: Output, command: ScanCommand) -> Result<(), CliError> {
    let ScanCommand::Now { tenant, dry_run } = command;
    if dry_run {
        return preview::run(pipeline, output, &tenant, None, false).await;
    }
    let settings = pipeline.settings().of_tenant(&tenant).await?;
    let settings = settings.ok_or_else(|| CliError::Missing(format!("there is no profile of {tenant}")))?;
    let mode = settings.mode_in_force().map_err(|reason| CliError::NotSettings(reason.to_string()))?.value;
    let message = match tenant.system() {
        SystemKind::Fortnox => {
            Message::Scan(ScanMessage::Tenant { tenant: tenant.clone(), page: 1, counted: 0, total: None })
        }
        SystemKind::Economic => Message::Sweep(SweepMessage::Tenant { tenant: tenant.clone(), after: None }),
    };
    pipeline.queues().send(&message, Duration::ZERO).await?;
    output.say(&Asked { tenant: tenant.clone(), mode }, || {
        output::line(&format!("{tenant} is looked at now, in mode {}.", mode.name()));
        output::line(&format!("What came of it: fakturapilot jobs list {tenant} --date DATE"));
    })
}
