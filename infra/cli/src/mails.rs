//! `fakturapilot mail`.

use cloud::Pipeline;
use domain::{
    job::{Job, JobKey, Step},
    mail::{MailName, MailRecord, Role},
};
use serde::Serialize;
use workflow::{
    ports::{MailBook, Ports},
    preview_letter,
};

use crate::{
    arguments::MailCommand,
    error::CliError,
    jobs,
    output::{self, Output, Tone},
    tenants::zone,
};

pub(crate) async fn run(pipeline: &Pipeline, output: Output, command: MailCommand) -> Result<(), CliError> {
    let MailCommand::Show { job, letter } = command;
    if letter {
        return show_letter(pipeline, output, &job).await;
    }
    let read = jobs::read(pipeline, &job).await?;
    let mut records = Vec::new();
    for mail in mails(&read) {
        records.extend(pipeline.mails().record(&mail).await?.map(|kept| kept.record));
    }
    if records.is_empty() {
        return Err(CliError::Missing(format!(
            "there is no mail of {job}: it wasn't mailed by us, or its record has aged out (`jobs show` tells how it was delivered)"
        )));
    }
    show(pipeline, output, &job, &records).await
}

/// The names of a job's mails, the oldest first.
fn mails(job: &Job) -> Vec<MailName> {
    let before = job.delivered_before.iter().filter_map(|delivered| delivered.mail.clone());
    let last = match &job.deliver {
        Step::Done { outcome } => outcome.mail.clone(),
        Step::Intended { intent, .. } => intent.message_id.as_deref().map(MailName::of_text),
        Step::Open { .. } | Step::Skipped { .. } => None,
    };
    before.chain(last).collect()
}

async fn show(pipeline: &Pipeline, output: Output, job: &JobKey, records: &[MailRecord]) -> Result<(), CliError> {
    let zone = zone(pipeline, job.tenant()).await?;
    output.say(&records, || {
        for record in records {
            let at = output::local(record.announced_at, zone);
            output::toned(Tone::Heading, &format!("invoice {}, mailed {at}", record.invoice));
            let accepted = record.accepted_as.as_deref().unwrap_or("nothing known");
            output::line(&format!("{}, at the mail service: {accepted}", record.mail));
            let row = |recipient: &domain::mail::Recipient| {
                let whose = match recipient.role {
                    Role::Customer => format!("customer {}", record.customer),
                    Role::ControlCopy => "control copy".to_owned(),
                };
                let code = recipient.code.clone().unwrap_or_default();
                vec![whose, recipient.state.name().to_owned(), output::local(recipient.at, zone), code]
            };
            output::table(&["TO", "STATE", "SINCE", "STATUS"], record.recipients.values().map(row).collect());
        }
    })
}

#[derive(Serialize)]
struct Letter {
    to: Vec<String>,
    control_copy: Option<String>,
    attachment: String,
    subject: Option<String>,
    text: Option<String>,
    in_the_way: Vec<String>,
}

async fn show_letter(pipeline: &Pipeline, output: Output, job: &JobKey) -> Result<(), CliError> {
    let read = jobs::read(pipeline, job).await?;
    let none = || CliError::Missing(format!("{job} has no invoice yet, so there is nothing to mail"));
    let number = read.invoice().ok_or_else(none)?.clone();
    let preview = preview_letter(pipeline, job.tenant(), &number, Some(job)).await?;
    let letter = Letter {
        to: preview.to.iter().map(|address| address.as_str().to_owned()).collect(),
        control_copy: preview.control_copy.map(|address| address.as_str().to_owned()),
        attachment: preview.attachment,
        subject: preview.letter.as_ref().map(|letter| letter.subject.clone()),
        text: preview.letter.map(|letter| letter.text),
        in_the_way: preview.in_the_way.iter().map(ToString::to_string).collect(),
    };
    output.say(&letter, || {
        for reason in &letter.in_the_way {
            output::toned(Tone::Waits, &format!("in the way: {reason}"));
        }
        output::line(&format!("To: {}", letter.to.join(", ")));
        if let Some(copy) = &letter.control_copy {
            output::line(&format!("Bcc: {copy}"));
        }
        output::line(&format!("Subject: {}", letter.subject.as_deref().unwrap_or_default()));
        output::line(&format!("Attached: {}", letter.attachment));
        output::line("");
        output::line(letter.text.as_deref().unwrap_or_default());
    })
}
