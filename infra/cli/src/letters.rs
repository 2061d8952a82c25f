//! `fakturapilot dlq`.

use cloud::{Pipeline, SqsDeadLetters};
use serde::Serialize;
use workflow::dead_letters::{self, Acted, DeadLetter, DeadLetterQueue};

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
        DlqCommand::Redrive(Letter { queue, id, by, yes }) => {
            output::confirm(&format!("Send {id} to its queue again?"), yes)?;
            there(&dead_letters::redrive(pipeline, letters, &by, queue, &id).await?)
        }
        DlqCommand::Discard(Letter { queue, id, by, yes }) => {
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

async fn list(
    letters: &SqsDeadLetters,
    output: Output,
    queue: Option<DeadLetterQueue>,
    limit: usize,
) -> Result<(), CliError> {
    let listing = dead_letters::list(letters, queue, limit).await?;
    let line = |letter: &DeadLetter| Line {
        queue: letter.queue.as_str(),
        letter: letter.id.to_string(),
        since: letter.since(),
        means: letter.what_it_means(),
        why: letter.why().to_owned(),
    };
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
