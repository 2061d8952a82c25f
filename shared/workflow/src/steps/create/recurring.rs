//! A customer whom the accounting system invoices by itself: a person must say that the agreement's invoice is another one.

use domain::{due::must_ask_again, hold::HoldReason, job::StepName, settings::Resolved};

use crate::{
    advance::{Run, Stopped, Turn},
    looking::recurring::invoiced_by_itself,
    ports::Ports,
    steps::after_error,
};

/// Holds the job, or gives `None` if it may go on. The scan has just asked for most jobs; it's asked again for those that waited,
/// and for those of settings that didn't mind then.
pub(super) async fn held<P: Ports>(run: &mut Run<'_, P>, settings: &Resolved) -> Result<Option<Turn>, Stopped> {
    let minds = settings.hold_if_recurring.value && !run.job().approved().contains(&HoldReason::AlreadyRecurring);
    let now = run.now();
    if !minds || !must_ask_again(run.job().not_recurring_at, now) {
        return Ok(None);
    }
    let tenant = run.job().key.tenant().clone();
    match invoiced_by_itself(run.ports, &tenant).await {
        Ok(customers) if customers.contains(&run.job().customer) => {
            Ok(Some(Turn::Stop(run.hold(HoldReason::AlreadyRecurring).await?)))
        }
        Ok(_) => {
            run.job_mut().not_recurring_at = Some(now);
            Ok(None)
        }
        Err(error) => Ok(Some(after_error(run, StepName::Create, error).await?)),
    }
}
