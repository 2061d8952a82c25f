//! A kept mail is announced, handed over once, and its outcome written down. One that was announced and not answered for is
//! never handed over again.

use std::time::Duration;

use domain::{
    digest::{Content, Fate, Kept, render_digest, render_notice},
    ids::TenantId,
    job::{CALL_BEGINS_WITHIN, SETTLED_AFTER},
    letters::{
        message_id::message_id,
        mime::{self, Envelope, Mailbox, MessageTag},
    },
};

use super::{Posted, address::Book};
use crate::ports::{Clock, Digests, KeptMail, MailError, Mailer, PortError, Ports, RawMail, SaveError};

/// A mail that the mail service took no notice of is offered again after this.
const OFFER_AGAIN: Duration = Duration::from_mins(1);

/// Somebody else has written the mail since it was read, or the mail service has just been made ready for it: it's read again after
/// this.
const READ_AGAIN: Duration = Duration::from_secs(5);

/// Does what is left to do of a mail.
pub(super) async fn post<P: Ports, M: Mailer>(
    ports: &P,
    mailer: &M,
    book: &Book<'_>,
    mut mail: KeptMail,
) -> Result<Posted, PortError> {
    let posted = match mail.kept.mail {
        Fate::Ready => send(ports, mailer, book.tenant, &mut mail).await,
        Fate::Intended { at } => {
            let (now, settled) = (ports.clock().now(), at + SETTLED_AFTER);
            if now < settled {
                // Another worker may have it in hand.
                let rest = (settled - now).to_std().unwrap_or(READ_AGAIN);
                return Ok(Posted::Later(rest));
            }
            let seen = "it was announced, and no answer was written down".to_owned();
            tracing::warn!(tenant = %book.tenant, kind = mail.kept.key.kind.as_str(), "whether a mail was sent isn't known");
            end(ports, book.tenant, &mut mail, Fate::Unknown { at: now, seen }).await
        }
        Fate::NotMailed { .. } | Fate::Accepted { .. } | Fate::Refused { .. } | Fate::Unknown { .. } => {
            return Ok(Posted::Settled);
        }
    };
    match posted {
        Ok(posted) => Ok(posted),
        Err(SaveError::Fenced) => Ok(Posted::Later(READ_AGAIN)),
        Err(SaveError::Port(error)) => Err(error),
    }
}

async fn send<P: Ports, M: Mailer>(
    ports: &P,
    mailer: &M,
    tenant: &TenantId,
    mail: &mut KeptMail,
) -> Result<Posted, SaveError> {
    let now = ports.clock().now();
    let raw = match written(mailer, tenant, &mail.kept, now) {
        Ok(raw) => raw,
        Err(words) => return end(ports, tenant, mail, Fate::Refused { at: now, words }).await,
    };
    let recipients: Vec<String> = mail.kept.to.iter().map(|address| address.as_str().to_owned()).collect();
    if let Err(why) = mailer.room(recipients.len()).await {
        tracing::warn!(tenant = %tenant, kind = mail.kept.key.kind.as_str(), error = %why, "a mail waits");
        return Ok(Posted::Later(OFFER_AGAIN));
    }
    let announced = ports.clock().now();
    mail.kept.mail = Fate::Intended { at: announced };
    ports.journal().settle(tenant, mail).await?;
    if ports.clock().now() - announced > CALL_BEGINS_WITHIN {
        // An observer may count on its not being on the way any more.
        end(ports, tenant, mail, Fate::Ready).await?;
        return Ok(Posted::Later(READ_AGAIN));
    }
    let answer = mailer.send(RawMail { tenant, raw: &raw, recipients: &recipients }).await;
    let at = ports.clock().now();
    match answer {
        Ok(accepted_as) => end(ports, tenant, mail, Fate::Accepted { at, accepted_as }).await,
        Err(MailError::NotTaken(_)) => {
            end(ports, tenant, mail, Fate::Ready).await?;
            Ok(Posted::Later(OFFER_AGAIN))
        }
        Err(MailError::MadeReady(_)) => {
            end(ports, tenant, mail, Fate::Ready).await?;
            Ok(Posted::Later(READ_AGAIN))
        }
        Err(MailError::Refused(words)) => end(ports, tenant, mail, Fate::Refused { at, words }).await,
        Err(MailError::NoAnswer(seen)) => end(ports, tenant, mail, Fate::Unknown { at, seen }).await,
    }
}

async fn end<P: Ports>(ports: &P, tenant: &TenantId, mail: &mut KeptMail, fate: Fate) -> Result<Posted, SaveError> {
    mail.kept.mail = fate;
    ports.journal().settle(tenant, mail).await?;
    Ok(Posted::Settled)
}

/// The raw mail. The error is why there is none.
fn written<M: Mailer>(
    mailer: &M,
    tenant: &TenantId,
    kept: &Kept,
    at: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<u8>, String> {
    let letter = match &kept.says {
        Content::Digest(digest) => render_digest(digest),
        Content::Notice(notice) => render_notice(notice),
    };
    let key = format!("{tenant}#{}#{}", kept.key.date, kept.key.kind.as_str());
    let id = message_id(&key, "digest", 1, mailer.sender());
    let tag = |name, value: &str| MessageTag::new(name, value).map_err(|problem| problem.to_string());
    let envelope = Envelope {
        from: Mailbox::new(Some("Fakturapilot"), mailer.sender().clone()),
        reply_to: None,
        to: kept.to.iter().map(|address| Mailbox::new(None, address.clone())).collect(),
        bcc: Vec::new(),
        message_id: id,
        date: at,
        configuration_set: mailer.configuration_set(tenant),
        tags: vec![tag("tenant", &tenant.to_string())?, tag("digest", kept.key.kind.as_str())?],
        job: None,
    };
    mime::compose_without(&envelope, &letter).map_err(|problem| problem.to_string())
}
