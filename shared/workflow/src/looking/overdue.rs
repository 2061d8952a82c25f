//! Whether every tenant is looked at when it should be: the heartbeat says so each time, so that silence says something too.

use chrono::TimeDelta;

use crate::ports::{Clock, Look, Ports, Settings};

/// A look that isn't finished so long after it was due is late. A healthy one is a matter of minutes: a heartbeat, a queue, and
/// some calls to the accounting system. One that was killed is started again within a quarter of an hour.
const LATE_AFTER: TimeDelta = TimeDelta::hours(1);

/// Publishes how many tenants' looks are late. Best effort, since the heartbeat's work is done: if it can't be told the figure is
/// missing, which is as bad a sign.
pub(crate) async fn tell_overdue<P: Ports>(ports: &P, look: Look) {
    let metric = match look {
        Look::Scan => metric::SCANS_OVERDUE,
        Look::Sweep => metric::SWEEPS_OVERDUE,
    };
    match ports.settings().overdue(look, ports.clock().now() - LATE_AFTER).await {
        Ok(late) => {
            if late > 0 {
                tracing::error!(look = look.as_str(), late, "tenants were not looked at by their hour");
            }
            metric.add(late);
        }
        Err(error) => tracing::error!(error = error.for_logs(), "whether tenants are late isn't known"),
    }
}
