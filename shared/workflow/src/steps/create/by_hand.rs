//! What people invoiced by hand in the meantime: adopted where it's this period's, and asked about where it may be.

use chrono::{Days, NaiveDate};
use domain::{
    agreement::Agreement,
    due::{Decision, Verdict},
    hold::HoldReason,
    job::{
        Ending, EventKind,
        observe::{ByHand, by_hand, covers},
    },
};

use super::{find, made, subject};
use crate::{
    advance::{Run, Stopped, Turn},
    ports::{Ports, Remembered},
};

/// How far before the decision an invoice made by hand is looked for: a quarter, as far ahead as anybody bills.
const LOOK_BACK_DAYS: u64 = 92;

/// Looks for invoices made by hand where the agreement itself doesn't show them: under the whole-term reading only the newest
/// one's date can be seen, and a person may have made another on the same day. Costs a list of the customer's
/// invoices, and a call for each that this agreement doesn't know.
pub(super) async fn made_meanwhile<P: Ports>(
    run: &mut Run<'_, P>,
    agreement: &Agreement,
    history: &Remembered,
) -> Result<Option<Turn>, Stopped> {
    let since = agreement.last_invoice_date.unwrap_or_else(|| look_back_from(run.job().decided_on));
    let found = match find(run, since, history).await? {
        Ok(found) => found,
        Err(turn) => return Ok(Some(turn)),
    };
    match by_hand(&found, subject(run)?.1.period, explained(agreement.last_invoice_date, history)) {
        ByHand::Nothing => Ok(None),
        ByHand::Covers(invoice) => made(run, invoice, true, agreement, history.clone()).await.map(Some),
        ByHand::Perhaps(date) => {
            let reason = HoldReason::PerhapsInvoicedByHand { date };
            if run.job().approved().contains(&reason) {
                return Ok(None);
            }
            Ok(Some(Turn::Stop(run.hold(reason).await?)))
        }
    }
}

/// The date of an agreement's newest invoice, unless that is ours: it tells of an invoice that people made.
pub(super) fn explained(last_invoice_date: Option<NaiveDate>, history: &Remembered) -> Option<NaiveDate> {
    let ours = history.history.last.as_ref().map(|last| last.invoice_date);
    last_invoice_date.filter(|date| ours.is_none_or(|ours| *date > ours))
}

fn look_back_from(decided_on: NaiveDate) -> NaiveDate {
    decided_on.checked_sub_days(Days::new(LOOK_BACK_DAYS)).unwrap_or(decided_on)
}

/// The agreement isn't due for this period any more. Often a person has invoiced it: then their invoice is adopted.
pub(super) async fn not_due_any_more<P: Ports>(
    run: &mut Run<'_, P>,
    agreement: &Agreement,
    history: Remembered,
    decision: Decision,
) -> Result<Turn, Stopped> {
    let period = subject(run)?.1.period;
    let found = match find(run, look_back_from(run.job().decided_on), &history).await? {
        Ok(found) => found,
        Err(turn) => return Ok(turn),
    };
    // One that names no period may be anybody's, even that of another job of this agreement.
    let mut theirs = found.into_iter().filter(|invoice| invoice.period.is_some() && covers(invoice, period));
    if let (Some(invoice), None) = (theirs.next(), theirs.next()) {
        let before = Agreement { period, ..agreement.clone() };
        return made(run, invoice, true, &before, history).await;
    }
    run.tell(EventKind::Decided { decision: Box::new(decision.clone()) });
    match decision.verdict {
        Verdict::Skipped { .. } => Ok(Turn::Stop(run.finish(Ending::NotDue).await?)),
        other => Ok(Turn::Stop(run.hold(HoldReason::AgreementMoved { now: in_words(&other) }).await?)),
    }
}

fn in_words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Due(due) => format!("{} is due instead", due.period),
        Verdict::NotYet { next, due_on } => format!("{next} is next, on {due_on}"),
        Verdict::Skipped { reason } => reason.text().to_owned(),
        Verdict::Held { reason, .. } => reason.to_string(),
    }
}
