//! The people who are asked when nobody else can know.

#![expect(clippy::print_stdout, reason = "what they were asked, for whoever repeats a trial")]

use domain::{
    hold::HoldReason,
    job::{Ending, Job, JobState, StepName},
};
use fortnox_sim::{EffectKind, Method};
use serde_json::Value;
use stage::Evidence;
use workflow::approve;

use crate::scene::Scene;

const WHO: &str = "the operator";

/// Decides on every job that waits for a person: what may have left is looked for where it arrives, and what was tried
/// too often is tried again.
pub(super) async fn decide(scene: &Scene) {
    let evidence = scene.evidence();
    let operator = scene.stage.operator().unwrap();
    for record in &evidence.jobs {
        let JobState::Held { reason, .. } = &record.job.state else { continue };
        println!("{}: a person is asked: {reason}", record.job.key);
        match reason {
            HoldReason::OutcomeUnknown { step: StepName::Deliver, .. } => {
                mark_if_delivered(scene, &evidence, &record.job);
            }
            HoldReason::TooManyAttempts { .. } => {}
            other => panic!("{}: nobody should be asked about {other}", record.job.key),
        }
        approve(&operator, &record.job.key, WHO).await.unwrap();
    }
    // A clock that is moved while somebody works is a worker that was held up: it lets go, and asks again.
    scene.stage.cloud.idle().await.unwrap();
}

/// A person who finds that the customer has the invoice marks it as sent, by hand.
fn mark_if_delivered(scene: &Scene, evidence: &Evidence, job: &Job) {
    let invoice = job.invoice().expect("what is delivered has an invoice").as_str();
    let mailed = evidence.mails_of(job.key.tenant()).any(|mail| mail.invoice == invoice);
    let by_fortnox = evidence.effects().any(|(entry, effect)| {
        entry.tenant == Some(job.key.tenant().number())
            && effect.invoice.is_some_and(|number| number.to_string() == invoice)
            && matches!(effect.kind, EffectKind::EmailSent | EffectKind::EinvoiceSent)
    });
    if mailed || by_fortnox {
        let path = format!("/3/invoices/{invoice}/externalprint");
        scene.stage.by_hand(job.key.tenant(), Method::Put, &path, &Value::Null).unwrap();
    }
}

/// That every job is complete.
pub(super) fn assert_nobody_waits(evidence: &Evidence) {
    for record in &evidence.jobs {
        let state = &record.job.state;
        assert!(matches!(state, JobState::Done { ending: Ending::Completed, .. }), "{}: {state:?}", record.job.key);
    }
}
