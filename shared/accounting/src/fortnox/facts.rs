//! What Fortnox tells of a company, for the pre-flight. Reads only, each the smallest there is.

use std::{collections::BTreeSet, future::Future};

use chrono::NaiveDate;
use domain::{
    ids::TenantId,
    preflight::{AccountingYear, CompanyFacts, Denial, Fact, Part, Recurring, Refused},
    settings::{Channel, Wants},
};
use fortnox::{
    AccountingMethod, InvoiceHandling, LARGEST_RECURRENCE_PAGE, Pacer, Recurrences, Refusal, Resource, Session,
    Transport,
};

use super::{AccessTokens, FortnoxSystem, Kind};
use crate::error::Error;

/// Most pages of recurrences: ten thousand of them. What comes after isn't looked at, and that's said.
const MOST_RECURRENCE_PAGES: u32 = 100;

/// What has a list, and what the invoicing calls it.
const LISTS: [(Part, Resource); 5] = [
    (Part::Agreements, Resource::Contracts),
    (Part::Invoices, Resource::Invoices),
    (Part::Customers, Resource::Customers),
    (Part::Articles, Resource::Articles),
    (Part::Prices, Resource::PriceLists),
];

impl<T: AccessTokens, P: Pacer, H: Transport> FortnoxSystem<T, P, H> {
    pub(super) async fn facts(
        &self,
        tenant: &TenantId,
        wants: &Wants,
        today: NaiveDate,
    ) -> Result<CompanyFacts, Error> {
        let mut parts = Vec::new();
        for (part, resource) in LISTS {
            parts.push((part, self.ask(tenant, |fortnox| async move { fortnox.try_reading(resource).await }).await?));
        }
        if wants.has(Channel::FortnoxInvoiceService) {
            parts.push((Part::InvoiceService, self.invoice_service(tenant).await?));
        }
        let company = self.ask(tenant, |fortnox| async move { fortnox.company_information().await }).await?;
        let settings = self.ask(tenant, |fortnox| async move { fortnox.company_settings().await }).await?;
        parts.push((Part::Company, company.as_ref().map(drop)));
        parts.push((Part::Settings, settings.as_ref().map(drop)));
        let number = match &company {
            Fact::Known(company) => Fact::Known(company.database_number.get()),
            // The settings hold it too.
            other => match &settings {
                Fact::Known(settings) => Fact::Known(settings.database_number.get()),
                _ => other.as_ref().map(|company| company.database_number.get()),
            },
        };
        Ok(CompanyFacts {
            number,
            parts,
            bank_account: settings.map(|settings| {
                let filled = |text: &Option<fortnox::Private<String>>| {
                    text.as_ref().is_some_and(|text| !text.get().trim().is_empty())
                };
                [&settings.bank_giro, &settings.plus_giro, &settings.iban].into_iter().any(filled)
            }),
            year: self.try_asking(tenant, |fortnox| async move { fortnox.financial_year(today).await }).await?.map(
                |year| {
                    year.map(|year| AccountingYear {
                        from: year.from,
                        to: year.to,
                        closed: false,
                        cash_method: year.method.map(|method| method == AccountingMethod::Cash),
                    })
                },
            ),
            locked_until: self.ask(tenant, |fortnox| async move { fortnox.locked_period().await }).await?,
            voucher_series: if wants.auto_book {
                self.try_asking(tenant, |fortnox| async move { fortnox.invoice_voucher_series().await }).await?
            } else {
                Fact::NotAsked { why: "nothing is to be booked".to_owned() }
            },
            senders: if wants.has(Channel::FortnoxEmail) {
                let count = self.try_asking(tenant, |fortnox| async move { fortnox.trusted_senders().await }).await?;
                count.map(|count| u32::try_from(count).unwrap_or(u32::MAX))
            } else {
                Fact::NotAsked { why: "nobody wants Fortnox's own e-mail".to_owned() }
            },
            invoice_service: Fact::NotAsked {
                why:
                    "it may be asked, but whether it's active Fortnox tells with the first invoice that is handed over"
                        .to_owned(),
            },
            einvoices: Fact::NotAsked { why: "Fortnox doesn't say".to_owned() },
            subscriptions: Fact::NotAsked { why: "Fortnox has no drafts".to_owned() },
            recurring: dispensable(self.recurrences(tenant).await)?,
        })
    }

    /// Whether the invoice service may be asked at all. It has no list: it's asked for an invoice, and that it doesn't have that one is
    /// an answer.
    async fn invoice_service(&self, tenant: &TenantId) -> Result<Fact<()>, Error> {
        /// Numbers of invoices begin with it or above.
        const ANY_INVOICE: &str = "1";
        let ask = |fortnox: Session<P, H>| async move {
            match fortnox.finance_invoice(ANY_INVOICE).await {
                Err(error) if error.refusal() == Some(Refusal::NotFound) => Ok(()),
                answer => answer.map(drop),
            }
        };
        self.ask(tenant, ask).await
    }

    /// What the invoicing needs: a no is a fact, and no answer is an error.
    async fn ask<R, F>(&self, tenant: &TenantId, call: impl Fn(Session<P, H>) -> F + Send) -> Result<Fact<R>, Error>
    where
        F: Future<Output = Result<R, fortnox::Error>> + Send,
        R: Send,
    {
        self.call(tenant, Kind::Read, move |fortnox| {
            let answer = call(fortnox);
            async move { said(answer.await) }
        })
        .await
    }

    /// What the invoicing can do without: no answer is none.
    async fn try_asking<R, F>(
        &self,
        tenant: &TenantId,
        call: impl Fn(Session<P, H>) -> F + Send,
    ) -> Result<Fact<R>, Error>
    where
        F: Future<Output = Result<R, fortnox::Error>> + Send,
        R: Send,
    {
        dispensable(self.ask(tenant, call).await)
    }

    /// A page of recurrences. That there are none to be had here is a fact: no scope, licence or right, or a Fortnox without them. Any
    /// other no leaves open whom Fortnox invoices by itself, and that's an error.
    async fn recurrences_from(&self, tenant: &TenantId, offset: u32) -> Result<Fact<Recurrences>, Error> {
        let ask = |fortnox: Session<P, H>| async move {
            match fortnox.active_recurrences(offset).await {
                Err(error) if error.refusal() == Some(Refusal::NotFound) => Ok(None),
                answer => answer.map(Some),
            }
        };
        match self.ask(tenant, ask).await? {
            Fact::Known(Some(page)) => Ok(Fact::Known(page)),
            Fact::Known(None) => Ok(Fact::NotAsked { why: "Fortnox has no recurring billing here".to_owned() }),
            Fact::Refused(Refused { why: Denial::Other, words, .. }) => Err(Error::Refused {
                words: format!("Fortnox doesn't tell whom it invoices by itself: {words}"),
                advice: "mend what its words say; or set `hold_if_recurring` to false, if nobody is invoiced by Återkommande fakturering"
                    .to_owned(),
            }),
            Fact::Refused(refused) => Ok(Fact::Refused(refused)),
            Fact::NotAsked { why } => Ok(Fact::NotAsked { why }),
        }
    }

    /// Whom Fortnox invoices by itself. A company without the scope or licence for it can't be asked, which is no error.
    pub(super) async fn recurrences(&self, tenant: &TenantId) -> Result<Fact<Recurring>, Error> {
        let mut found = Recurring::default();
        let mut seen = BTreeSet::new();
        for page in 0..MOST_RECURRENCE_PAGES {
            let offset = page * LARGEST_RECURRENCE_PAGE;
            let page = match self.recurrences_from(tenant, offset).await? {
                Fact::Known(page) => page,
                other => return Ok(other.map(|_| Recurring::default())),
            };
            found.unreadable += u64::try_from(page.unreadable).unwrap_or(u64::MAX);
            let before = seen.len();
            for item in page.items {
                let automatic = item.handling == InvoiceHandling::Automatic;
                match item.customer_number.parse() {
                    Ok(customer) if automatic => _ = found.customers.insert(customer),
                    Ok(_) => {}
                    Err(_) => found.unreadable += 1,
                }
                seen.insert(item.id);
            }
            // A page that brings nothing new is an offset that has no effect.
            if !page.more || seen.len() == before {
                return Ok(Fact::Known(found));
            }
        }
        Ok(Fact::NotAsked { why: "there are too many of them to look through".to_owned() })
    }
}

/// What can be done without: no answer, and a no, are none.
fn dispensable<R>(answer: Result<Fact<R>, Error>) -> Result<Fact<R>, Error> {
    match answer {
        Ok(Fact::Refused(refused)) => Ok(Fact::NotAsked { why: refused.words }),
        Err(Error::NotTaken { what: why } | Error::NoAnswer { what: why } | Error::Refused { words: why, .. }) => {
            Ok(Fact::NotAsked { why })
        }
        answer => answer,
    }
}

/// A refusal as the fact that it is.
fn said<R>(answer: Result<R, fortnox::Error>) -> Result<Fact<R>, fortnox::Error> {
    let error = match answer {
        Ok(value) => return Ok(Fact::Known(value)),
        Err(error) => error,
    };
    let Some(refusal) = error.refusal() else { return Err(error) };
    let why = match refusal {
        Refusal::FeatureUnavailable => Denial::FeatureOff,
        Refusal::MissingScope => Denial::Scope,
        Refusal::MissingLicence => Denial::Licence,
        Refusal::Forbidden => Denial::Rights,
        _ => Denial::Other,
    };
    Ok(Fact::Refused(match Error::from(error) {
        Error::TenantBlocked { problem: words, advice } | Error::Refused { words, advice } => {
            Refused { why, words, advice }
        }
        other => Refused { why, words: other.to_string(), advice: "look at the company in Fortnox".to_owned() },
    }))
}
