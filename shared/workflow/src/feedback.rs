//! The use case of the function `feedback`: what the mail service tells of a mail is written down, whom no mail can reach gets none
//! any more, and the job of a mail that came back is taken up again.
//!
//! Events come twice, late and in any order. So everything here is done from how the mail stands after the event, and not from what
//! the event changed: whatever a worker that died left undone, the event's next coming does.

mod job;

pub(crate) use job::of_mail;

use std::time::Duration;

use chrono::NaiveDate;
use domain::{
    digest::came_back,
    mail::{AddressHash, Folded, MailCounts, MailEvent, MailRecord, MailState, Recipient, Role},
};
use metric::Metric;

use crate::{
    advance::Outcome,
    message::FeedbackMessage,
    ports::{Clock, MailAdds, MailBook, MailStop, PortError, Ports, RecordedMail, SaveError},
};

/// Another worker took in another event of the same mail in that moment: it's done by then.
const NEXT_TRY: Duration = Duration::from_secs(2);

/// Takes in what the mail service tells.
pub async fn work<P: Ports>(ports: &P, message: &FeedbackMessage) -> Result<Outcome, PortError> {
    let Some(event) = &message.event else {
        tracing::info!("the mail service tells of a mail that isn't ours");
        return Ok(Outcome::Settled);
    };
    let Some(mut kept) = ports.mails().record(&event.mail).await? else {
        // A digest, or of before there were records: nothing hangs on it.
        tracing::info!(tenant = %event.tenant, mail = %event.mail, state = event.state.name(), "a mail without a record");
        return Ok(Outcome::Settled);
    };
    if kept.record.tenant != event.tenant {
        tracing::warn!(tenant = %event.tenant, mail = %event.mail, "an event that names another tenant's mail");
        return Ok(Outcome::Settled);
    }
    tracing::info!(tenant = %event.tenant, job = %kept.record.job, state = event.state.name(), "the mail service tells");
    match take_in(ports, &mut kept, event).await {
        Ok(()) => {}
        Err(SaveError::Fenced) => return Ok(Outcome::Again(NEXT_TRY)),
        Err(SaveError::Port(error)) => return Err(error),
    }
    whom_no_mail_reaches(ports, &kept.record).await?;
    job::follow(ports, &kept.record, event, message.times).await
}

/// Writes down how the mail stands now, and with it what the digest is to tell of that.
async fn take_in<P: Ports>(ports: &P, kept: &mut RecordedMail, event: &MailEvent) -> Result<(), SaveError> {
    let folded = kept.record.fold(event);
    if !folded.changed {
        return Ok(());
    }
    let adds = MailAdds {
        date: day_of(&kept.record),
        counted: MailCounts { accepted: u32::from(folded.accepted), bounced: u32::from(folded.bounced) },
        lines: came_back(&kept.record, &folded.bounces, ports.clock().now()),
    };
    ports.mails().save(kept, &adds).await?;
    publish(event, &folded);
    Ok(())
}

/// Events come for each recipient. Those that tell how many mails were taken and came back count once for each mail.
fn publish(event: &MailEvent, folded: &Folded) {
    let told = |metric: Metric, is_told: bool| {
        if is_told {
            metric.add_of(1, &event.tenant.to_string(), None);
        }
    };
    told(metric::MAILS_ACCEPTED, folded.accepted);
    told(metric::MAILS_BOUNCED, folded.bounced);
    told(metric::MAILS_DELIVERED, event.state == MailState::Delivered);
    told(metric::MAILS_COMPLAINED, event.state == MailState::Complained);
}

/// The day that a mail counts for: the one on which it was sent, whatever is heard of it when.
fn day_of(record: &MailRecord) -> NaiveDate {
    record.announced_at.date_naive()
}

async fn whom_no_mail_reaches<P: Ports>(ports: &P, record: &MailRecord) -> Result<(), PortError> {
    let tenant = &record.tenant;
    for (address, recipient) in &record.recipients {
        match (recipient.role, recipient.state) {
            (Role::Customer, MailState::Bounced) => {
                ports.mails().stop(tenant, &MailStop::Address(address.clone()), recipient.at).await?;
            }
            (Role::Customer, MailState::Complained) => {
                ports.mails().stop(tenant, &MailStop::Customer(record.customer.clone()), recipient.at).await?;
            }
            // It may have been dead once, and mailed all the same since a person said so.
            (Role::Customer, MailState::Delivered) => {
                lift_if_older(ports, record, address, recipient).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// An old mail's arrival says nothing of an address that was found dead since.
async fn lift_if_older<P: Ports>(
    ports: &P,
    record: &MailRecord,
    address: &AddressHash,
    recipient: &Recipient,
) -> Result<(), PortError> {
    let stop = MailStop::Address(address.clone());
    match ports.mails().stopped(&record.tenant, &stop).await? {
        Some(since) if since < recipient.at => ports.mails().lift(&record.tenant, &stop).await,
        _ => Ok(()),
    }
}
