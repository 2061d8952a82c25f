//! A person who looks after the jobs that wait: what anybody would do who reads the reason and the advice.

use chrono::Days;
use domain::{
    hold::HoldReason,
    ids::TenantId,
    job::{Job, JobState, StepName},
    settings::Scope,
};
use serde_json::{Value, json};
use workflow::{dead_letters::DeadLetterQueue, ports::Subject};

use super::{
    deeds::{create_by_hand, enter_customer, move_period, next_period, set_default_delivery},
    open::address,
    platform::Platform,
    worker::Work,
};
use crate::{
    fortnox::{Effect, Entry},
    memory::Memory,
    plan::{Plan, TenantPlan},
};

/// What short months may make of a period's end.
const A_FEW_DAYS: u64 = 4;

/// What a person says of a waiting job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Go on.
    Yes,
    /// It's dealt with.
    Skip,
}

/// What somebody says who looks at the job, and then at Fortnox and the mail log.
pub(super) fn look(memory: &Memory, job: &Job) -> Answer {
    let JobState::Held { reason, .. } = &job.state else { return Answer::Yes };
    let done = match reason {
        HoldReason::OutcomeUnknown { step: StepName::Create, .. } => is_invoiced(memory, job),
        HoldReason::OverlapsLast { .. } | HoldReason::PerhapsInvoicedByHand { .. } => {
            is_invoiced(memory, job) || fortnox_is_past(memory, job)
        }
        HoldReason::OutcomeUnknown { step: StepName::Deliver, .. } => is_delivered(memory, job),
        // What the service doesn't take is sent by hand.
        HoldReason::InvoiceChanged { .. } | HoldReason::AgreementMoved { .. } | HoldReason::NotForService { .. } => {
            true
        }
        // An invoice that nobody can read doesn't get better.
        HoldReason::TooManyAttempts { last, .. } => last.contains("can't be read"),
        _ => false,
    };
    if done { Answer::Skip } else { Answer::Yes }
}

/// Whether an invoice of the job's agreement covers its period, or seems to.
fn is_invoiced(memory: &Memory, job: &Job) -> bool {
    let ledger = memory.fortnox().ledger(job.key.tenant());
    ledger.iter().any(|entry| match &entry.effect {
        Effect::Created { agreement, period } => {
            Some(agreement) == job.key.agreement() && job.due().is_some_and(|due| period.overlaps(&due.period))
        }
        _ => false,
    })
}

/// Whether Fortnox itself goes on with a later period.
fn fortnox_is_past(memory: &Memory, job: &Job) -> bool {
    let (Some(agreement), Some(due)) = (job.key.agreement(), job.due()) else { return false };
    let Ok(agreement) = agreement.as_str().parse() else { return false };
    let next = next_period(memory, job.key.tenant(), agreement);
    next.is_some_and(|(_, next)| next > due.period.start() && next + Days::new(A_FEW_DAYS) > due.period.end())
}

/// Whether the customer has the invoice, as the mail log and Fortnox's own list of what it sent say.
fn is_delivered(memory: &Memory, job: &Job) -> bool {
    let Some(invoice) = job.invoice() else { return false };
    let by_fortnox = |entry: &Entry| entry.invoice == *invoice && matches!(entry.effect, Effect::Delivered(_));
    if memory.fortnox().ledger(job.key.tenant()).iter().any(by_fortnox) {
        return true;
    }
    let file = format!(" {invoice}.pdf");
    let tag = format!("tenant={}", job.key.tenant());
    memory.mailer().sent().iter().any(|mail| mail.raw.contains(&file) && mail.raw.contains(&tag))
}

impl Platform<'_> {
    /// Everybody does what they are asked for: consents, settings, agreements, addresses, and an answer to each job.
    pub(super) fn put_in_order(&mut self, plan: &Plan) {
        self.memory.fortnox().with_world(fortnox_sim::World::clear_faults);
        self.memory.mailer().mend();
        for queue in DeadLetterQueue::ALL {
            self.start(Work::Redrive(queue));
        }
        for tenant in &plan.tenants {
            let id = tenant.tenant();
            self.memory.fortnox().set_consent(&id, true);
            self.memory.fortnox().switch(&id, |switches| {
                switches.contracts_feature = true;
                switches.finance_is_authorized = true;
            });
            self.mend_settings(tenant, &id);
            for agreement in &tenant.agreements {
                self.garble(&id, agreement.number, false);
            }
            for customer in tenant.agreements.iter().map(|agreement| agreement.customer) {
                enter_customer(self.memory, &id, customer, Some(&address(customer)));
                set_default_delivery(self.memory, &id, customer, "EMAIL");
            }
        }
    }

    fn mend_settings(&self, tenant: &TenantPlan, id: &TenantId) {
        let mut profile = tenant.profile.clone();
        profile.insert("mode".to_owned(), json!("full"));
        self.set(id, Scope::Profile, profile);
        for (scope, _) in &tenant.layers {
            self.set(id, scope.clone(), serde_json::Map::new());
        }
        for agreement in &tenant.agreements {
            if let Ok(number) = agreement.number.to_string().parse() {
                let reading: Value = json!(agreement.reading);
                let item = [("period_reading".to_owned(), reading)].into_iter().collect();
                self.set(id, Scope::Agreement(number), item);
            }
        }
    }

    /// An answer to each waiting job, and what a skipped period leaves to be done in Fortnox. How many there were.
    pub(super) fn answer_all(&mut self, plan: &Plan) -> usize {
        let waiting: Vec<Job> = self.memory.journal().jobs().into_iter().filter(Job::needs_person).collect();
        for job in &waiting {
            self.book_what_waits_for_it(job);
            self.start(match look(self.memory, job) {
                Answer::Yes => Work::Approve(job.key.clone()),
                Answer::Skip => Work::Skip(job.key.clone()),
            });
        }
        let concerns = plan.tenants.iter().map(|tenant| self.settle_concerns(&tenant.tenant())).sum::<usize>();
        waiting.len() + concerns
    }

    /// An invoice that nobody booked yet, where the channel wants it booked.
    fn book_what_waits_for_it(&self, job: &Job) {
        if let (JobState::Held { reason: HoldReason::NotBooked { .. }, .. }, Some(invoice)) =
            (&job.state, job.invoice())
        {
            self.memory.fortnox().person(job.key.tenant()).book(invoice);
        }
    }

    /// A period that was skipped here but not in Fortnox keeps the later ones waiting.
    fn settle_concerns(&mut self, tenant: &TenantId) -> usize {
        let concerns = self.memory.journal().concerns_of(tenant);
        for subject in concerns.keys() {
            let Subject::Agreement(number) = subject else { continue };
            let Ok(agreement) = number.as_str().parse() else { continue };
            if move_period(self.memory, tenant, agreement).is_none() {
                create_by_hand(self.memory, tenant, agreement, self.now().date_naive());
            }
        }
        concerns.len()
    }
}
