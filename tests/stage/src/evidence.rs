//! What a run left behind, collected for the judge.

use judge::{Evidence, SentMail, is_digest, read_mail};
use local::Mail;

use crate::{Stage, StageError, journal};

pub(crate) fn collect(stage: &Stage) -> Result<Evidence, StageError> {
    let journal = journal::read(stage.cloud.scan_table("JournalTable")?)?;
    Ok(Evidence {
        ledger: stage.simulator.ledger(),
        fortnox: stage.simulator.with_world(|world| world.state()),
        mails: stage.cloud.mails().iter().filter(|mail| !is_digest(&mail.raw)).map(mail).collect::<Result<_, _>>()?,
        economic: stage.economic.ledger(),
        economic_state: stage.economic.with_world(|world| world.state()),
        swept: journal.swept,
        jobs: journal.jobs,
        pages: journal.pages,
        concerns: journal.concerns,
        deeds: journal.deeds,
        signals: stage.said(),
        settings: journal::settings(stage.cloud.scan_table("SettingsTable")?),
        settings_over_time: stage.settings_over_time(),
    })
}

/// What an address begins with where the local mail service has its mail come back.
const LOST: [&str; 2] = ["bounce", "full"];

fn mail(mail: &Mail) -> Result<SentMail, StageError> {
    let read = read_mail(&mail.raw, &mail.destinations, mail.configuration_set.as_deref())?;
    // What becomes of it the local mail service goes by the address for.
    let is_lost = |address: &String| LOST.iter().any(|name| address.starts_with(name));
    let came_back = !read.to.is_empty() && read.to.iter().all(is_lost);
    Ok(SentMail { file: mail.file.clone(), came_back, ..read })
}
