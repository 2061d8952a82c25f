//! `fakturapilot digest`.

use chrono::NaiveDate;
use cloud::Pipeline;
use domain::{
    digest::{Fate, MailKey, MailKind, NotMailed, render_digest},
    ids::TenantId,
};
use workflow::ports::{Digests, KeptMail, Ports};

use crate::{
    arguments::DigestCommand,
    error::CliError,
    output::{self, Output},
};

pub(crate) async fn run(pipeline: &Pipeline, output: &Output, command: DigestCommand) -> Result<(), CliError> {
    let DigestCommand::Show { tenant, date } = command;
    let kept = read(pipeline, &tenant, date).await?;
    let missing = || {
        CliError::Missing(format!(
            "there is no such digest of {tenant}: the first is made within an hour of its profile"
        ))
    };
    let KeptMail { kept, .. } = kept.ok_or_else(missing)?;
    output.say(&kept, || {
        if let Some(digest) = kept.digest() {
            output::line(&render_digest(digest).text);
        }
        output::line(&fate(&kept.mail));
    })
}

async fn read(pipeline: &Pipeline, tenant: &TenantId, date: Option<NaiveDate>) -> Result<Option<KeptMail>, CliError> {
    Ok(match date {
        Some(date) => pipeline.journal().kept(tenant, &MailKey { date, kind: MailKind::Digest }).await?,
        None => pipeline.journal().newest_digest(tenant).await?,
    })
}

fn fate(fate: &Fate) -> String {
    match fate {
        Fate::NotMailed { why: NotMailed::NobodySet } => "(not mailed: nobody is set to get it)".to_owned(),
        Fate::NotMailed { why: NotMailed::NothingToSay } => "(not mailed: there was nothing to say)".to_owned(),
        Fate::Ready => "(about to be mailed)".to_owned(),
        Fate::Intended { at } => format!("(being mailed since {at})"),
        Fate::Accepted { at, accepted_as } => format!("(mailed at {at}, accepted as {accepted_as})"),
        Fate::Refused { at, words } => format!("(refused by the mail service at {at}: {words})"),
        Fate::Unknown { at, .. } => format!("(may not have arrived: the mail service's answer of {at} was lost)"),
    }
}
