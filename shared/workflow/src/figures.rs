//! What is published of a job's story, once it's written down: what was never written never happened.

use domain::{
    ids::TenantId,
    job::{Event, EventKind, StepName},
};
use metric::Metric;

/// What is to be published of some events.
#[derive(Debug)]
pub(crate) struct Told {
    tenant: String,
    figures: Vec<(Metric, Option<&'static str>)>,
}

impl Told {
    /// What `events` of a job of `tenant` say.
    pub(crate) fn of(tenant: &TenantId, events: &[Event]) -> Self {
        Self { tenant: tenant.to_string(), figures: events.iter().filter_map(|event| figure(&event.kind)).collect() }
    }

    /// Publishes it.
    pub(crate) fn publish(&self) {
        for (metric, reason) in &self.figures {
            metric.add_of(1, &self.tenant, *reason);
        }
    }
}

fn figure(event: &EventKind) -> Option<(Metric, Option<&'static str>)> {
    let metric = match event {
        EventKind::Happened { step: StepName::Create, .. } => metric::JOBS_CREATED,
        EventKind::Happened { step: StepName::Book, .. } => metric::JOBS_BOOKED,
        EventKind::Happened { step: StepName::Deliver, .. } => metric::JOBS_DELIVERED,
        EventKind::Unknown { step: StepName::Deliver, .. } => metric::DELIVERIES_UNKNOWN,
        EventKind::Held { reason } => return Some((metric::JOBS_HELD, Some(reason.code()))),
        EventKind::Failed { .. } => metric::JOBS_FAILED,
        EventKind::Finished { .. } => metric::JOBS_DONE,
        EventKind::Decided { .. }
        | EventKind::DraftDecided { .. }
        | EventKind::Intended { .. }
        | EventKind::NotDone { .. }
        | EventKind::Unknown { .. }
        | EventKind::Skipped { .. }
        | EventKind::LookedInVain { .. }
        | EventKind::Resumed { .. }
        | EventKind::CameBack { .. }
        | EventKind::Resent { .. }
        | EventKind::Approved { .. } => return None,
    };
    Some((metric, None))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use chrono::DateTime;
    use domain::{hold::HoldReason, job::Ending};

    use super::*;

    #[test]
    fn each_line_of_a_story_that_is_a_new_state_is_one_figure() {
        let tenant = "fortnox-1".parse().unwrap();
        let words = || "Köp av tjänst".to_owned();
        let happened = |step| EventKind::Happened { step, invoice: "7".parse().unwrap(), how: words() };
        let kinds = vec![
            EventKind::Intended { step: StepName::Create, attempt: 1 },
            happened(StepName::Create),
            happened(StepName::Book),
            EventKind::Unknown { step: StepName::Book, seen: words() },
            EventKind::Unknown { step: StepName::Deliver, seen: words() },
            EventKind::Held { reason: HoldReason::NotFlagged },
            happened(StepName::Deliver),
            EventKind::Failed { step: StepName::Book, words: words() },
            EventKind::Finished { ending: Ending::Completed },
        ];
        let events: Vec<_> = kinds.into_iter().map(|kind| Event { at: DateTime::UNIX_EPOCH, kind }).collect();
        let told = Told::of(&tenant, &events);
        let names: Vec<_> = told.figures.iter().map(|(metric, reason)| (metric.name, *reason)).collect();
        let plain = |name| (name, None);
        assert_eq!(
            names,
            [
                plain("JobsCreated"),
                plain("JobsBooked"),
                plain("DeliveriesUnknown"),
                ("JobsHeld", Some("not_flagged")),
                plain("JobsDelivered"),
                plain("JobsFailed"),
                plain("JobsDone"),
            ]
        );
        assert!(!format!("{told:?}").contains("tjänst"), "an event's words are never published");
    }
}
