//! What the planner last said of a company's agreements and drafts: what is due on a day, and what will be on the next.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::{Coming, coming_draft, coming_period};
use crate::{
    draft::DraftDecision,
    due::{Decision, Verdict},
    ids::{AgreementNumber, DraftNumber},
};

/// Decisions as they're read, of which the last on each agreement or draft counts. Only what is due or coming is remembered, so
/// that a hundred thousand agreements take no room.
#[derive(Debug, Clone)]
pub struct Outlook {
    day: NaiveDate,
    agreements: BTreeMap<AgreementNumber, Option<Coming>>,
    drafts: BTreeMap<DraftNumber, Coming>,
}

impl Outlook {
    /// An empty one, as seen on `day`.
    pub fn on(day: NaiveDate) -> Self {
        Self { day, agreements: BTreeMap::new(), drafts: BTreeMap::new() }
    }

    fn tomorrow(&self) -> NaiveDate {
        self.day.checked_add_days(Days::new(1)).unwrap_or(self.day)
    }

    /// Takes in a decision of the tenant's date `decided_on`. What was due on an earlier date was seen to on that date.
    pub fn see(&mut self, decision: &Decision, decided_on: NaiveDate) {
        let is_due = match &decision.verdict {
            Verdict::Due(_) => decided_on >= self.day,
            Verdict::NotYet { due_on, .. } => *due_on <= self.day,
            Verdict::Skipped { .. } | Verdict::Held { .. } => false,
        };
        let coming = coming_period(decision, self.tomorrow());
        if is_due || coming.is_some() {
            self.agreements.insert(decision.agreement.clone(), coming);
        } else {
            self.agreements.remove(&decision.agreement);
        }
    }

    /// Takes in a decision on a draft.
    pub fn see_draft(&mut self, decision: &DraftDecision) {
        match coming_draft(decision, self.tomorrow()) {
            Some(coming) => drop(self.drafts.insert(decision.draft, coming)),
            None => drop(self.drafts.remove(&decision.draft)),
        }
    }

    /// Whether any agreement is due on the day or before.
    pub fn has_due(&self) -> bool {
        self.agreements.values().any(Option::is_none)
    }

    /// What is due on the day after.
    pub fn coming(self) -> Vec<Coming> {
        self.agreements.into_values().flatten().chain(self.drafts.into_values()).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::period::Period;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn not_yet(agreement: &str, due_on: &str) -> Decision {
        let next = Period::new(date("2026-02-01"), date("2026-02-28")).unwrap();
        Decision {
            agreement: agreement.parse().unwrap(),
            customer: None,
            reading: None,
            reading_reason: None,
            verdict: Verdict::NotYet { next, due_on: date(due_on) },
        }
    }

    #[test]
    fn the_next_day_is_coming_and_the_day_itself_is_due() {
        let mut outlook = Outlook::on(date("2026-01-30"));
        outlook.see(&not_yet("1", "2026-01-31"), date("2026-01-30"));
        outlook.see(&not_yet("2", "2026-02-01"), date("2026-01-30"));
        assert!(!outlook.has_due());
        outlook.see(&not_yet("3", "2026-01-30"), date("2026-01-29"));
        assert!(outlook.has_due(), "yesterday's scan said so, and there was none today");
        assert_eq!(outlook.coming().len(), 1);
    }

    #[test]
    fn the_last_word_counts() {
        let mut outlook = Outlook::on(date("2026-01-30"));
        outlook.see(&not_yet("1", "2026-01-31"), date("2026-01-30"));
        outlook.see(&not_yet("1", "2026-02-28"), date("2026-01-30"));
        assert!(outlook.coming().is_empty());
    }
}
