//! `fakturapilot preview`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use cloud::Pipeline;
use domain::{
    draft::{DraftDecision, DraftVerdict},
    due::{Decision, Verdict},
    ids::{CustomerNumber, TenantId},
    job::JobState,
};
use workflow::preview::{Asked, Foreseen, Preview, preview};

use crate::{
    error::CliError,
    output::{self, Output, Progress, Tone},
};

/// One agreement's or draft's line.
struct Line {
    what: String,
    customer: String,
    says: String,
    then: String,
    /// Something would come of it, or a person would be asked.
    matters: bool,
    /// Why nothing would come of it, to be counted.
    why_not: Option<&'static str>,
}

pub(crate) async fn run(
    pipeline: &Pipeline,
    output: Output,
    tenant: &TenantId,
    date: Option<NaiveDate>,
    all: bool,
) -> Result<(), CliError> {
    let foreseen = {
        let progress = Progress::new("reading");
        Box::pin(preview(pipeline, tenant, date, |count| progress.so_far(count))).await?
    };
    output.say(&foreseen, || show(&foreseen, all))
}

fn show(foreseen: &Preview, all: bool) {
    let Preview { tenant, date, mode, agreements, drafts } = foreseen;
    output::toned(Tone::Heading, &format!("{tenant} on {date}: mode {}, {}", mode.value.name(), mode.source));
    let lines: Vec<Line> = agreements.iter().map(of_agreement).chain(drafts.iter().map(of_draft)).collect();
    let shown = lines.iter().filter(|line| all || line.matters);
    let row = |line: &Line| vec![line.what.clone(), line.customer.clone(), line.says.clone(), line.then.clone()];
    output::table(&["WHAT", "CUSTOMER", "DECIDED", "THEN, IN MODE FULL"], shown.map(row).collect());
    let mut rest: BTreeMap<&str, usize> = BTreeMap::new();
    for why in lines.iter().filter_map(|line| line.why_not) {
        *rest.entry(why).or_default() += 1;
    }
    if !rest.is_empty() {
        output::line("");
        let told: Vec<String> = rest.iter().map(|(why, count)| format!("{count} {why}")).collect();
        let how = if all { "" } else { " (--all names them)" };
        output::line(&format!("Nothing would come of the rest{how}: {}", told.join("; ")));
    }
}

fn of_agreement(foreseen: &Foreseen<Decision>) -> Line {
    let Foreseen { decision, asked, job } = foreseen;
    let due = |due: &domain::due::DuePeriod| {
        let more = if due.more_due > 0 { format!(", and {} more behind it", due.more_due) } else { String::new() };
        format!("{}, about {}{more}", due.period, due.total)
    };
    let (says, why_not) = match &decision.verdict {
        Verdict::Due(period) => (format!("due: {}", due(period)), None),
        Verdict::Held { due: Some(period), reason } => (format!("due: {}; would be held: {reason}", due(period)), None),
        Verdict::Held { due: None, reason } => (format!("would be held: {reason}"), None),
        Verdict::NotYet { next, due_on } => (format!("{next} is due on {due_on}"), Some("aren't due yet")),
        Verdict::Skipped { reason } => (reason.text().to_owned(), Some("are to be left alone")),
    };
    let goes = matches!(decision.verdict, Verdict::Due(_));
    Line {
        what: format!("agreement {}", decision.agreement),
        customer: customer(decision.customer.as_ref()),
        then: then(goes.then_some(asked.as_ref()).flatten(), job.as_ref()),
        says,
        matters: why_not.is_none(),
        why_not,
    }
}

fn of_draft(foreseen: &Foreseen<DraftDecision>) -> Line {
    let Foreseen { decision, asked, job } = foreseen;
    let (says, why_not) = match &decision.verdict {
        DraftVerdict::Finished { .. } => (format!("finished: {}", decision.gross), None),
        DraftVerdict::Held { reason, .. } => (format!("finished; would be held: {reason}"), None),
        DraftVerdict::Unfinished { why } => (why.to_string(), Some("aren't finished")),
        DraftVerdict::Passed { why } => (why.to_string(), Some("are left to people")),
    };
    let goes = matches!(decision.verdict, DraftVerdict::Finished { .. });
    Line {
        what: format!("draft {}", decision.draft),
        customer: customer(Some(&decision.customer)),
        then: then(goes.then_some(asked.as_ref()).flatten(), job.as_ref()),
        says,
        matters: why_not.is_none(),
        why_not,
    }
}

fn customer(number: Option<&CustomerNumber>) -> String {
    number.map(ToString::to_string).unwrap_or_default()
}

fn then(asked: Option<&Asked>, job: Option<&JobState>) -> String {
    if let Some(state) = job {
        return match state {
            JobState::Working => "it's on its way already".to_owned(),
            JobState::Held { reason, .. } => format!("its job is held already: {reason}"),
            JobState::Failed { step, .. } => format!("its job has failed already, to {step}"),
            JobState::Done { ending, .. } => format!("its job is done already: {ending}"),
        };
    }
    let Some(asked) = asked else { return "nothing, until a person says yes".to_owned() };
    let book = if asked.book.value { "booked" } else { "not booked" };
    format!("{book} {}; delivered by `{}` {}", asked.book.source, asked.channel.value.name(), asked.channel.source)
}
