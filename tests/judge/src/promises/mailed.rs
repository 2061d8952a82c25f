//! Promise 3: each invoice is mailed at most once, unless a person asks for it again.

use std::collections::BTreeMap;

use super::{Broken, broken, made::approvals};
use crate::Evidence;

pub(super) fn one_mail_an_invoice(evidence: &Evidence) -> Vec<Broken> {
    let mut mails: BTreeMap<_, usize> = BTreeMap::new();
    for mail in &evidence.mails {
        *mails.entry((mail.tenant.clone(), mail.invoice.clone())).or_default() += 1;
    }
    let more = mails.into_iter().filter(|((tenant, invoice), count)| {
        let job = evidence.jobs.iter().find(|record| {
            Some(record.job.key.tenant()) == tenant.as_ref()
                && record.job.invoice().map(domain::ids::InvoiceNumber::as_str) == Some(invoice.as_str())
        });
        *count > 1 + job.map_or(0, |record| approvals(record, None))
    });
    let twice = more.map(|((_, invoice), count)| broken(3, format!("invoice {invoice} was mailed {count} times")));
    let given_away = evidence.mails.iter().filter(|mail| mail.shows_bcc);
    let given_away = given_away.map(|mail| broken(3, format!("the mail of {} names its blind copies", mail.invoice)));
    twice.chain(given_away).collect()
}
