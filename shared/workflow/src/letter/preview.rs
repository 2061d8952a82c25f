//! What the mail of a real invoice would be, with the settings in force: read, written, and thrown away.

use std::fmt;

use accounting::AccountingSystem;
use domain::{
    hold::HoldReason,
    ids::{InvoiceNumber, TenantId},
    job::JobKey,
    letters::{Language, RenderedLetter, address::MailAddress},
    settings::Resolved,
};

use super::{attachment_name, control_copy, language, recipients, reply_to, words};
use crate::ports::{PortError, Ports, Settings};

/// The mail as it would be sent now.
#[derive(Clone, PartialEq, Eq)]
pub struct LetterPreview {
    /// Its words, unless something in the way is about them.
    pub letter: Option<RenderedLetter>,
    /// The language of its words and values.
    pub language: Language,
    /// What the attached PDF is called.
    pub attachment: String,
    /// Whom it would go to. Nobody, if something in the way is about that.
    pub to: Vec<MailAddress>,
    /// Who would get it unseen.
    pub control_copy: Option<MailAddress>,
    /// What a job would be held for, the first thing first. Empty: it would go out.
    pub in_the_way: Vec<HoldReason>,
}

/// Addresses and words are the customer's.
impl fmt::Debug for LetterPreview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { letter, language, to, in_the_way, .. } = self;
        let codes: Vec<_> = in_the_way.iter().map(HoldReason::code).collect();
        write!(f, "LetterPreview({language:?}, {letter:?}, {} recipients, in the way: {codes:?})", to.len())
    }
}

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// Permanent: no company of that name is connected.
    #[error("there are no settings of this tenant")]
    UnknownTenant,
    /// Permanent until a person mends the settings: they hold whatever they govern.
    #[error("the settings can't be used: {0}")]
    Held(Box<HoldReason>),
    /// The accounting system's answer, which says whether asking again helps.
    #[error(transparent)]
    Accounting(#[from] accounting::Error),
    /// The settings couldn't be read. May be repeated.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// The mail of the tenant's invoice `number`, whatever channel is set. Changes nothing anywhere.
///
/// With the `job` that made the invoice its agreement's settings count too, and the letter names it; without it, the
/// customer's settings are the nearest.
pub async fn preview_letter<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    number: &InvoiceNumber,
    job: Option<&JobKey>,
) -> Result<LetterPreview, PreviewError> {
    let accounting = ports.accounting();
    let invoice = accounting.invoice(tenant, number).await?;
    let settings = settings(ports, tenant, &invoice, job).await?;
    let customer = accounting.customer(tenant, &invoice.customer).await?;
    let company = accounting.company(tenant).await?;

    let mut in_the_way = Vec::new();
    if invoice.cancelled {
        let problem = "was cancelled in the accounting system".to_owned();
        in_the_way.push(HoldReason::InvoiceChanged { invoice: invoice.number.clone(), problem });
    }
    let mut noted = |reason| in_the_way.push(reason);
    let to = recipients(&settings, &invoice, &customer).map_err(&mut noted).unwrap_or_default();
    let letter = words(&settings, &invoice, &customer, &company, tenant.system(), job).map_err(&mut noted).ok();
    let _ = reply_to(&settings).map_err(&mut noted);
    let language = language(&settings, &company, tenant.system());
    let attachment = attachment_name(language, &invoice);
    let control_copy = control_copy(&settings, &company);
    Ok(LetterPreview { letter, language, attachment, to, control_copy, in_the_way })
}

async fn settings<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    invoice: &accounting::Invoice,
    job: Option<&JobKey>,
) -> Result<Resolved, PreviewError> {
    let agreement = job.and_then(JobKey::agreement);
    let all = match agreement {
        Some(agreement) => ports.settings().of_agreement(tenant, &invoice.customer, agreement).await?,
        None => ports.settings().of_customer(tenant, &invoice.customer).await?,
    };
    let all = all.ok_or(PreviewError::UnknownTenant)?;
    let resolved = match agreement {
        Some(agreement) => all.resolve(&invoice.customer, agreement),
        None => all.resolve_customer(&invoice.customer),
    };
    resolved.map_err(|reason| PreviewError::Held(Box::new(reason)))
}
