//! From an invoice to a mail: who gets it, what it says. [`preview`] shows it to a person before anything is sent.

pub(crate) mod preview;

use accounting::{Company, Customer, Invoice};
use chrono::{DateTime, Utc};
use domain::{
    draft::{Contacts, Recipient, choose_recipient},
    hold::HoldReason,
    ids::SystemKind,
    job::JobKey,
    letters::{
        Language, MergeFields, RenderedLetter,
        address::MailAddress,
        message_id::MessageId,
        mime::{self, Attachment, Envelope, Mailbox, MessageTag},
    },
    settings::{Resolved, Source},
};

use crate::ports::Mailer;

/// Who gets the mail: the settings' recipient, else the address on the invoice, else whom the customer's register names.
pub(crate) fn recipients(
    settings: &Resolved,
    invoice: &Invoice,
    customer: &Customer,
) -> Result<Vec<MailAddress>, HoldReason> {
    let registered = registered(customer, Some(invoice));
    first_usable([&settings.recipient.value, &invoice.email_to, &registered.addresses])
}

/// Whether the customer could be mailed an invoice that names nobody itself.
pub(crate) fn is_reachable(settings: &Resolved, customer: &Customer) -> Result<(), HoldReason> {
    let registered = registered(customer, None);
    first_usable([&settings.recipient.value, &registered.addresses]).map(drop)
}

/// The first that says anything counts, usable or not.
fn first_usable<const N: usize>(candidates: [&Option<String>; N]) -> Result<Vec<MailAddress>, HoldReason> {
    let chosen =
        candidates.into_iter().find_map(|address| address.as_deref().filter(|address| !address.trim().is_empty()));
    let Some(chosen) = chosen else { return Err(HoldReason::NoAddress { problem: None }) };
    MailAddress::parse_list(chosen).map_err(|problem| HoldReason::NoAddress { problem: Some(problem.to_string()) })
}

/// Whom the customer's register names, for an invoice or for one that names nobody.
fn registered(customer: &Customer, invoice: Option<&Invoice>) -> Recipient {
    match &customer.contacts {
        None => Recipient {
            addresses: customer.invoice_email.clone(),
            name: invoice.and_then(|invoice| invoice.your_reference.clone()),
        },
        Some(all) => {
            let attention = invoice.and_then(|invoice| invoice.attention);
            let your_reference = invoice.and_then(|invoice| invoice.your_contact);
            choose_recipient(Contacts { all, attention, your_reference }, customer.invoice_email.as_deref())
        }
    }
}

/// The language that nobody set: that of the user who gave consent, else the country's.
fn language(settings: &Resolved, company: &Company, system: SystemKind) -> Language {
    match (settings.language.source, system) {
        (Source::Default, SystemKind::Economic) => company.language.unwrap_or(Language::Da),
        _ => settings.language.value,
    }
}

/// The letter's words.
pub(crate) fn write(
    settings: &Resolved,
    invoice: &Invoice,
    customer: &Customer,
    company: &Company,
    job: &JobKey,
) -> Result<RenderedLetter, HoldReason> {
    words(settings, invoice, customer, company, job.tenant().system(), Some(job))
}

/// The same for an invoice whose job may not be known.
fn words(
    settings: &Resolved,
    invoice: &Invoice,
    customer: &Customer,
    company: &Company,
    system: SystemKind,
    job: Option<&JobKey>,
) -> Result<RenderedLetter, HoldReason> {
    let language = language(settings, company, system);
    let fields = MergeFields {
        contact_name: registered(customer, Some(invoice)).name,
        customer_name: customer.name.clone(),
        company_name: settings.sender_name.clone().unwrap_or_else(|| company.name.clone()),
        invoice_number: invoice.number.clone(),
        invoice_date: invoice.invoice_date,
        // Without terms of payment Fortnox sets the invoice's own date (fact sheet 6.3).
        due_date: invoice.due_date.unwrap_or(invoice.invoice_date),
        amount: invoice.total,
        period: invoice.period,
        ocr: invoice.ocr.clone(),
        bankgiro: company.bankgiro.clone(),
        plusgiro: company.plusgiro.clone(),
        iban: company.iban.clone(),
        our_reference: invoice.our_reference.clone(),
        job_reference: job.map(JobKey::to_string),
        is_credit: invoice.credit,
        control_copy: control_copy(settings, company).is_some(),
    };
    let letter = settings.letters.letter(language).value;
    letter
        .render(language, &settings.look, &fields)
        .map_err(|problem| HoldReason::LetterBroken { problem: problem.to_string() })
}

/// Everything a mail needs besides its words.
pub(crate) struct Posting<'a> {
    pub(crate) job: &'a JobKey,
    pub(crate) message_id: MessageId,
    pub(crate) to: Vec<MailAddress>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) pdf: &'a [u8],
}

/// The raw mail, and all it goes to.
pub(crate) fn compose<M: Mailer>(
    mailer: &M,
    settings: &Resolved,
    letter: &RenderedLetter,
    company: &Company,
    invoice: &Invoice,
    posting: Posting<'_>,
) -> Result<(Vec<u8>, Vec<String>), HoldReason> {
    let broken = |problem: String| HoldReason::LetterBroken { problem };
    let name = settings.sender_name.as_deref().unwrap_or(&company.name);
    let reply_to = reply_to(settings)?;
    let tag = |name, value: &str| MessageTag::new(name, value).map_err(|problem| broken(problem.to_string()));
    // SES replaces the Message-ID by its own, so the tag is what its events lead back by.
    let mail = posting.message_id.as_str().split('@').next().unwrap_or_default().replace('.', "_");
    let envelope = Envelope {
        from: Mailbox::new(Some(name), mailer.sender().clone()),
        reply_to: Some(Mailbox::new(Some(name), reply_to)),
        to: posting.to.into_iter().map(|address| Mailbox::new(None, address)).collect(),
        bcc: control_copy(settings, company).into_iter().collect(),
        message_id: posting.message_id,
        date: posting.at,
        configuration_set: mailer.configuration_set(posting.job.tenant()),
        tags: vec![tag("tenant", &posting.job.tenant().to_string())?, tag("mail", &mail)?],
        // An agreement's number may hold what no header does. The letter names the job all the same.
        job: posting.job.to_string().parse().ok(),
    };
    let file = attachment_name(language(settings, company, posting.job.tenant().system()), invoice);
    let raw = mime::compose(&envelope, letter, &Attachment::pdf(&file, posting.pdf))
        .map_err(|problem| broken(problem.to_string()))?;
    let recipients = envelope.recipients().into_iter().map(|address| address.as_str().to_owned()).collect();
    Ok((raw, recipients))
}

/// Where answers go: without that, no letter may ask for one.
fn reply_to(settings: &Resolved) -> Result<MailAddress, HoldReason> {
    settings.reply_to.clone().ok_or_else(|| HoldReason::BrokenSettings {
        scope: "profile".to_owned(),
        field: "reply_to".to_owned(),
        problem: "must be set to mail invoices".to_owned(),
    })
}

fn attachment_name(language: Language, invoice: &Invoice) -> String {
    format!("{} {}.pdf", language.attachment_word(invoice.credit), invoice.number)
}

/// Whom the control copy goes to: the address that is set, else the user who gave consent, where the accounting system names
/// one.
fn control_copy(settings: &Resolved, company: &Company) -> Option<MailAddress> {
    settings.control_copy.value.clone().or_else(|| company.user_email.as_deref()?.trim().parse().ok())
}
