//! The change itself: announce, call once, write down what came of it; and what became of one that nobody wrote down.

use accounting::{Error, Happened, PricedDocument, Pricing, RowPrice};
use chrono::TimeDelta;
use domain::{
    job::{CALL_BEGINS_WITHIN, LEASE, SETTLED_AFTER},
    prices::{Document, NoteOutcome, NotedRow, Priced, RowChange, RowVerdict, Writing},
};

use super::{
    agreement::Case,
    round::{Desk, Stop},
};
use crate::{
    ports::{Clock, Ports, PriceBook},
    steps::may_still_begin,
};

/// How long a comparison is kept for a change. Nobody else looks before the call can't be on its way any more, even if this worker
/// dies; the announcement is written a moment after the lease is taken.
const WRITE_LEASE: TimeDelta =
    TimeDelta::milliseconds(SETTLED_AFTER.num_milliseconds() + CALL_BEGINS_WITHIN.num_milliseconds());

impl<P: Ports> Desk<'_, P> {
    /// Gives rows their new prices. The announcement stands until it's noted what came of it.
    pub(super) async fn change(
        &mut self,
        case: &mut Case,
        on: Priced,
        document: &Document,
        changes: Vec<RowChange>,
    ) -> Result<NoteOutcome, Stop> {
        // The moment before, since a lease that is confirmed late may be over by then: whoever takes it next must not look while the
        // call is on its way.
        let at = self.ports.clock().now();
        self.keep(WRITE_LEASE).await?;
        case.agreement.watched.writing = Some(Writing { at, on: on.clone(), rows: changes.clone() });
        self.ports.prices().watch(self.tenant, &mut case.agreement).await?;
        if !may_still_begin(at, self.ports.clock().now()) {
            return Err(self.withdraw(case, Stop::Later(TimeDelta::zero())).await);
        }
        let rows: Vec<RowPrice> = document
            .rows
            .iter()
            .map(|row| {
                let change = changes.iter().find(|change| change.place == row.place);
                RowPrice { id: row.id, price: change.map(|change| change.to) }
            })
            .collect();
        let name = match &on {
            Priced::Agreement => PricedDocument::Agreement(&case.agreement.number),
            Priced::Invoice(number) => PricedDocument::Invoice(number),
        };
        let outcome = match self.ports.accounting().set_prices(self.tenant, name, &rows).await {
            Ok(after) if is_as_wanted(document, &after, &changes) => NoteOutcome::Changed,
            Ok(_) => NoteOutcome::EditedMeanwhile,
            Err(error) if error.happened() == Happened::Perhaps => return Err(Stop::InFlight),
            Err(Error::Refused { words, .. } | Error::NotFound { words }) => NoteOutcome::Refused { words },
            Err(error) => {
                let stop = self.stopped_by(error).await;
                return Err(self.withdraw(case, stop).await);
            }
        };
        self.keep(LEASE).await?;
        Ok(outcome)
    }

    /// Ends an announcement once it's noted what came of it. Whoever dies in between notes it once more, in the same place.
    pub(super) async fn end_writing(&self, case: &mut Case) -> Result<(), Stop> {
        if case.agreement.watched.writing.take().is_some() {
            self.ports.prices().watch(self.tenant, &mut case.agreement).await?;
        }
        Ok(())
    }

    /// Takes back the announcement of a call that was not made, or not taken.
    async fn withdraw(&mut self, case: &mut Case, stop: Stop) -> Stop {
        case.agreement.watched.writing = None;
        match self.ports.prices().watch(self.tenant, &mut case.agreement).await {
            Ok(()) => stop,
            Err(error) => error.into(),
        }
    }

    /// Finds out what became of a change whose outcome nobody wrote down, and tells. Whether it's to be made (again) is decided by
    /// the rows as they are now, like any other.
    pub(super) async fn settle_writing(&mut self, case: &mut Case, agreement: &Document) -> Result<(), Stop> {
        let Some(Writing { on, rows, .. }) = case.agreement.watched.writing.clone() else { return Ok(()) };
        let found = match &on {
            Priced::Agreement => Some(agreement.clone()),
            Priced::Invoice(number) => {
                match self.ports.accounting().priced(self.tenant, PricedDocument::Invoice(number)).await {
                    Ok(invoice) => Some(invoice),
                    Err(Error::NotFound { .. } | Error::Refused { .. }) => None,
                    Err(error) => return Err(self.stopped_by(error).await),
                }
            }
        };
        let has = |change: &RowChange| {
            let row = found.iter().flat_map(|document| &document.rows).find(|row| row.place == change.place);
            row.is_some_and(|row| row.article.as_ref() == Some(&change.article) && row.price == change.to)
        };
        let outcome = if rows.iter().all(has) { NoteOutcome::FoundChanged } else { NoteOutcome::FoundUnchanged };
        let told = rows.into_iter().map(|RowChange { place, article, from, to }| NotedRow {
            place,
            article,
            price: from,
            why: RowVerdict::Follows { from, to },
        });
        self.note(case, on, told.collect(), outcome).await?;
        self.end_writing(case).await
    }
}

/// Whether a document has its new prices and is otherwise as it was.
fn is_as_wanted(before: &Document, after: &Document, changes: &[RowChange]) -> bool {
    let same_rows = before.rows.len() == after.rows.len()
        && before.rows.iter().zip(&after.rows).all(|(was, is)| {
            let change = changes.iter().find(|change| change.place == was.place);
            let wanted = change.map_or(was.price, |change| change.to);
            is.price == wanted && is.rest == was.rest && is.article == was.article && is.quantity == was.quantity
        });
    same_rows && before.rest == after.rest
}
