//! The company and what is wanted of it.

use chrono::NaiveDate;

use super::{CompanyFacts, Fact, Looked, Part, What};
use crate::{
    ids::{SystemKind, TenantId},
    settings::{Channel, Wants},
};

/// What is to be said of the company as a whole.
pub fn judge(tenant: &TenantId, facts: &CompanyFacts, wants: &Wants, today: NaiveDate) -> Vec<What> {
    let company = Company { tenant, facts, wants, today };
    [company.identity(), company.parts(), company.books(), company.delivery(), company.recurring()].concat()
}

struct Company<'a> {
    tenant: &'a TenantId,
    facts: &'a CompanyFacts,
    wants: &'a Wants,
    today: NaiveDate,
}

impl Company<'_> {
    fn identity(&self) -> Vec<What> {
        let found = ask(Looked::Number, &self.facts.number, |number| {
            vec![if *number == self.tenant.number() {
                What::RightCompany
            } else {
                What::WrongCompany { found: *number }
            }]
        });
        // Where even that can't be asked, the part's own refusal says so.
        if matches!(self.facts.number, Fact::Refused(_)) { Vec::new() } else { found }
    }

    fn parts(&self) -> Vec<What> {
        let parts = self.facts.parts.iter().filter_map(|(part, fact)| match fact {
            Fact::Known(()) => Some(What::Granted { part: *part }),
            Fact::Refused(no) => {
                Some(What::Denied { part: *part, why: no.why, words: no.words.clone(), advice: no.advice.clone() })
            }
            Fact::NotAsked { .. } => None,
        });
        parts.collect()
    }

    /// Drafts of e-conomic's are invoices only once they're booked.
    fn is_to_book(&self) -> bool {
        self.wants.auto_book || self.tenant.system() == SystemKind::Economic
    }

    fn books(&self) -> Vec<What> {
        let books = self.is_to_book();
        let mut found = ask(Looked::Year, &self.facts.year, |year| match year {
            None => vec![What::NoOpenYear { today: self.today, closed: false, books }],
            Some(year) if year.closed => vec![What::NoOpenYear { today: self.today, closed: true, books }],
            Some(year) => {
                let cash = (year.cash_method == Some(true) && self.wants.auto_book).then_some(What::CashMethod);
                std::iter::once(What::OpenYear { from: year.from, to: year.to }).chain(cash).collect()
            }
        });
        if self.tenant.system() == SystemKind::Fortnox {
            found.extend(ask(Looked::LockedPeriod, &self.facts.locked_until, |until| {
                let ahead = until.filter(|until| *until >= self.today);
                ahead.map(|until| What::Locked { until }).into_iter().collect()
            }));
            found.extend(ask(Looked::VoucherSeries, &self.facts.voucher_series, |series| {
                vec![match series {
                    Some(series) => What::VoucherSeries { series: series.clone() },
                    None => What::NoVoucherSeries,
                }]
            }));
        }
        found
    }

    fn delivery(&self) -> Vec<What> {
        let (facts, wants) = (self.facts, self.wants);
        let mut found = Vec::new();
        if self.tenant.system() == SystemKind::Fortnox && self.facts.grants(Part::Settings) {
            found.extend(ask(Looked::BankAccount, &facts.bank_account, |has| {
                // Fortnox neither mails nor prints without (API fact sheet, 6.1).
                let channel = [Channel::FortnoxEmail, Channel::FortnoxPrintService].into_iter().find(|c| wants.has(*c));
                vec![if *has { What::BankAccount } else { What::NoBankAccount { channel } }]
            }));
        }
        if wants.has(Channel::SesEmail) {
            found.extend(wants.missing_sender.iter().map(|field| What::NoSender { field: (*field).to_owned() }));
            if wants.missing_sender.is_empty() {
                found.push(What::Sender);
            }
        }
        if wants.has(Channel::FortnoxEmail) {
            found.extend(ask(Looked::Senders, &facts.senders, |count| {
                (*count == 0).then_some(What::NoTrustedSender).into_iter().collect()
            }));
        }
        if wants.has(Channel::FortnoxInvoiceService) {
            found.extend(missing(Looked::InvoiceService, &facts.invoice_service, What::NoInvoiceService));
        }
        if wants.has(Channel::EconomicEinvoice) {
            found.extend(missing(Looked::Einvoices, &facts.einvoices, What::NoEinvoices));
        }
        if wants.subscriptions {
            found.extend(missing(Looked::Subscriptions, &facts.subscriptions, What::NoSubscriptions));
        }
        let foreign = wants.channels.iter().filter(|channel| !channel.is_for(self.tenant.system()));
        found.extend(foreign.map(|channel| What::NoSuchChannel { channel: *channel }));
        found
    }

    fn recurring(&self) -> Vec<What> {
        if self.tenant.system() != SystemKind::Fortnox {
            return Vec::new();
        }
        ask(Looked::Recurring, &self.facts.recurring, |recurring| {
            let why = || format!("{} of them can't be read", recurring.unreadable);
            let unread = (recurring.unreadable > 0).then(|| What::NotLookedAt { at: Looked::Recurring, why: why() });
            unread.into_iter().collect()
        })
    }
}

/// What `known` makes of an answer; without one, that it wasn't looked at.
fn ask<T>(at: Looked, fact: &Fact<T>, known: impl FnOnce(&T) -> Vec<What>) -> Vec<What> {
    match fact {
        Fact::Known(value) => known(value),
        other => vec![What::NotLookedAt { at, why: other.unknown().unwrap_or_default().to_owned() }],
    }
}

/// That something is missing, if the answer is no.
fn missing(at: Looked, fact: &Fact<bool>, what: What) -> Vec<What> {
    ask(at, fact, |has| if *has { Vec::new() } else { vec![what] })
}
