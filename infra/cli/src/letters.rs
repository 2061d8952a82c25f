//! `fakturapilot dlq`.

use cloud::{Pipeline, SqsDeadLetters};
use serde::Serialize;
use workflow::dead_letters::{self, Acted, DeadLetter, DeadLetterQueue, LetterId};

use crate::{
    arguments::{DlqCommand, Letter},
    error::CliError,
    output::{self, Output},
};

pub(crate) async fn run(
    pipeline: &Pipeline,
    letters: &SqsDeadLetters,
    output: &Output,
    command: DlqCommand,
) -> Result<(), CliError> {
    match command {
        DlqCommand::List { queue, limit } => list(letters, *output, queue, limit).await,
        DlqCommand::Show { queue, id }
        | DlqCommand::Redrive(Letter { queue, id, dry_run: true, .. })
        | DlqCommand::Discard(Letter { queue, id, dry_run: true, .. }) => show(letters, *output, queue, &id).await,
        DlqCommand::Redrive(Letter { queue, id, by, yes, .. }) => {
            output::confirm(&format!("Send {id} to its queue again?"), yes)?;
            there(&dead_letters::redrive(pipeline, letters, &by, queue, &id).await?)
        }
        DlqCommand::Discard(Letter { queue, id, by, yes, .. }) => {
            output::confirm(&format!("Throw {id} away for good?"), yes)?;
            there(&dead_letters::discard(pipeline, letters, &by, queue, &id).await?)
        }
    }
}

fn there(acted: &Acted) -> Result<(), CliError> {
    match acted {
        Acted::Done(_) => Ok(()),
        Acted::AlreadyGone => Err(CliError::Missing(
            "there is no such letter, or somebody was quicker: see `fakturapilot dlq list`".to_owned(),
        )),
    }
}

#[derive(Serialize)]
struct Line {
    queue: &'static str,
    letter: String,
    since: Option<chrono::DateTime<chrono::Utc>>,
    means: String,
    why: String,
}

/// As many letters as a person's look holds at once: one that lies behind more of them is found once those are dealt with.
const MOST_LOOKED_AT: usize = 1000;

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    line: Line,
    tries: Option<u32>,
    id_in_its_own_queue: Option<String>,
    text: String,
}

async fn show(letters: &SqsDeadLetters, output: Output, queue: DeadLetterQueue, id: &LetterId) -> Result<(), CliError> {
    let listing = dead_letters::list(letters, Some(queue), MOST_LOOKED_AT).await?;
    let letter = listing.letters.into_iter().find(|letter| letter.id == *id);
    let letter =
        letter.ok_or_else(|| CliError::Missing("there is no such letter: see `fakturapilot dlq list`".to_owned()))?;
    let shown = Shown {
        line: line(&letter),
        tries: letter.told.tries,
        id_in_its_own_queue: letter.told.original_id.clone(),
        text: letter.body,
    };
    output.say(&shown, || {
        let Shown { line, tries, id_in_its_own_queue, text } = &shown;
        output::line(&format!("{} of {}: {}", line.letter, line.queue, line.means));
        let since = line.since.map(|at| output::local(at, chrono_tz::UTC)).unwrap_or_default();
        output::line(&format!(
            "sent {since}, tried {} times",
            tries.map(|tries| tries.to_string()).unwrap_or_default()
        ));
        output::line(&format!("why: {}", line.why));
        if let Some(id) = id_in_its_own_queue {
            output::line(&format!("in the worker's log: {id}"));
        }
        output::line("");
        output::line(text);
    })
}

fn line(letter: &DeadLetter) -> Line {
    Line {
        queue: letter.queue.as_str(),
        letter: letter.id.to_string(),
        since: letter.since(),
        means: letter.what_it_means(),
        why: letter.why().to_owned(),
    }
}

async fn list(
    letters: &SqsDeadLetters,
    output: Output,
    queue: Option<DeadLetterQueue>,
    limit: usize,
) -> Result<(), CliError> {
    let listing = dead_letters::list(letters, queue, limit).await?;
    let lines: Vec<Line> = listing.letters.iter().map(line).collect();
    output.say(&lines, || {
        let row = |line: &Line| {
            let since = line.since.map(|at| output::local(at, chrono_tz::UTC)).unwrap_or_default();
            vec![line.queue.to_owned(), line.letter.clone(), since, line.means.clone(), line.why.clone()]
        };
        output::table(&["QUEUE", "LETTER", "SINCE", "WHAT", "WHY"], lines.iter().map(row).collect());
        if listing.more > 0 {
            output::line(&format!("and {} more", listing.more));
        }
    })
}
