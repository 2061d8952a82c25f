//! `fakturapilot tenant export` and `tenant erase`.

use std::{
    collections::BTreeMap,
    io::{BufWriter, Write},
    path::Path,
};

use cloud::{Belonging, Belongings};
use domain::ids::TenantId;
use serde::Serialize;
use workflow::ports::PortError;

use crate::{
    error::CliError,
    output::{self, Output, Progress, Tone},
};

/// A worker that was at it when its company was erased may write something once more. Each time through finds what is left; more
/// times than this mean that somebody still works for the company.
const MOST_TIMES: usize = 5;

#[derive(Serialize)]
struct Line<'a> {
    table: &'static str,
    item: &'a serde_json::Map<String, serde_json::Value>,
}

/// Gives out everything, one object a line.
pub(crate) async fn export(belongings: &Belongings, tenant: &TenantId, to: Option<&Path>) -> Result<(), CliError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| CliError::File { path: path.clone(), error }
    };
    let mut sink: Box<dyn Write + Send> = match to {
        Some(path) => {
            let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(failed(path))?;
            Box::new(BufWriter::new(file))
        }
        None => Box::new(std::io::stdout()),
    };
    let progress = Progress::new("items");
    let mut count = 0;
    belongings
        .each(tenant, |belonging| {
            let line = serde_json::to_vec(&Line { table: belonging.table, item: &belonging.item });
            let wrong = |error: Box<dyn std::error::Error + Send + Sync>| PortError::new("writing the export", error);
            let mut line = line.map_err(|error| wrong(error.into()))?;
            line.push(b'\n');
            count += 1;
            progress.so_far(count);
            sink.write_all(&line).map_err(|error| wrong(error.into()))
        })
        .await?;
    sink.flush().map_err(failed(to.unwrap_or(Path::new("standard output"))))?;
    drop(progress);
    match (count, to) {
        (0, _) => Err(CliError::Missing(format!("nothing is stored of {tenant}"))),
        (count, Some(path)) => {
            output::line(&format!("{count} items of {tenant} in {}", path.display()));
            Ok(())
        }
        (_, None) => Ok(()),
    }
}

/// What is asked for.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) tenant: TenantId,
    pub(crate) dry_run: bool,
    pub(crate) force: bool,
    pub(crate) said: Option<TenantId>,
}

#[derive(Serialize)]
struct Erased {
    tenant: TenantId,
    /// How many items, by table.
    items: BTreeMap<&'static str, usize>,
    done: bool,
}

pub(crate) async fn erase(
    belongings: &Belongings,
    mail_sets: &str,
    output: Output,
    wanted: &Wanted,
) -> Result<(), CliError> {
    let tenant = &wanted.tenant;
    let (mut items, mut in_flight) = (BTreeMap::new(), Vec::new());
    let take = |belonging: Belonging| {
        *items.entry(belonging.table).or_default() += 1;
        if belonging.in_flight {
            in_flight.extend(belonging.item.get("pk").and_then(|pk| pk.as_str()).map(str::to_owned));
        }
        Ok(())
    };
    belongings.each(tenant, take).await?;
    if items.is_empty() {
        return Err(CliError::Missing(format!("nothing is stored of {tenant}")));
    }
    if wanted.dry_run {
        return say(output, &Erased { tenant: tenant.clone(), items, done: false }, mail_sets);
    }
    if let Some(job) = in_flight.first()
        && !wanted.force
    {
        let why = format!(
            "the outcome of {} jobs isn't known yet, such as {}: wait until they're settled, or give --force",
            in_flight.len(),
            job.trim_start_matches("job#")
        );
        return Err(CliError::NotConfirmed(why));
    }
    let what = format!("Everything that is stored of {tenant} is erased for good. `tenant export` gives it out first.");
    output::confirm_by_name(&what, &tenant.to_string(), wanted.said.as_ref().map(ToString::to_string).as_deref())?;
    erase_all(belongings, tenant).await?;
    say(output, &Erased { tenant: tenant.clone(), items, done: true }, mail_sets)
}

async fn erase_all(belongings: &Belongings, tenant: &TenantId) -> Result<(), CliError> {
    let progress = Progress::new("items erased");
    let mut count = 0;
    for _ in 0..MOST_TIMES {
        let found = belongings
            .erase(tenant, |_| {
                count += 1;
                progress.so_far(count);
            })
            .await?;
        if found == 0 {
            return Ok(());
        }
    }
    let why = format!(
        "something of {tenant} is written again and again: somebody still works for it. Give the command again in ten minutes"
    );
    Err(CliError::NotConfirmed(why))
}

fn say(output: Output, erased: &Erased, mail_sets: &str) -> Result<(), CliError> {
    output.say(erased, || {
        let rows = erased.items.iter().map(|(table, count)| vec![(*table).to_owned(), count.to_string()]);
        output::table(&["OF", "ITEMS"], rows.collect());
        output::line("");
        if !erased.done {
            return output::line("Nothing was erased yet.");
        }
        let tenant = &erased.tenant;
        output::toned(Tone::Good, &format!("Nothing of {tenant} is left in any table."));
        output::line("What ends by itself: messages on queues (7 days), dead letters (14), backups of the tables (35), logs.");
        output::line(&format!(
            "What is left to you: the mail service's configuration set {mail_sets}-{tenant}, and the company's own consent in its accounting system."
        ));
        output::line("A worker that was at it may write something once more: give the command again in ten minutes to be sure.");
    })
}
