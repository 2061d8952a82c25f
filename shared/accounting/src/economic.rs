//! e-conomic behind the trait.
//!
//! What is special: drafts that never say that they're finished, a booking that can't be taken back and whose key lives for an
//! hour, and a booked invoice whose `orderNumber` is all that leads back to its draft.

mod errors;
mod facts;
mod read;

use std::{collections::HashSet, future::Future};

use chrono::NaiveDate;
use domain::{
    draft::FoundBooked,
    ids::{CustomerNumber, DraftNumber, InvoiceNumber, TenantId},
    preflight::CompanyFacts,
    settings::{Channel, Wants},
};
use economic::{
    AgreementGrantToken, AppSecretToken, BookedNumber, Client, Dated, DraftFilter, HttpClient, IdempotencyKey, Pacer,
    Page, SendBy, Session, Settings, Transport,
};

use self::errors::{absent, not_now};
use crate::{
    AccountingSystem,
    error::Error,
    fortnox::TokenError,
    model::{BookAnswer, BrokenDraft, Company, Customer, DraftPage, DraftRow, Invoice},
    pricing::Pricing,
};

/// What every call to e-conomic carries.
#[derive(Clone)]
pub struct Grant {
    /// The app's secret.
    pub app: AppSecretToken,
    /// What the company granted it.
    pub agreement: AgreementGrantToken,
}

/// Where a company's tokens come from.
pub trait Grants: Send + Sync {
    /// The tenant's tokens.
    fn grant(&self, tenant: &TenantId) -> impl Future<Output = Result<Grant, TokenError>> + Send;

    /// e-conomic didn't accept them: read them anew the next time.
    fn rejected(&self, tenant: &TenantId) -> impl Future<Output = ()> + Send;
}

/// e-conomic, for all tenants.
#[derive(Debug)]
pub struct EconomicSystem<G, P, H = HttpClient> {
    http: H,
    settings: Settings,
    pacer: P,
    grants: G,
}

impl<G: Grants, P: Pacer + Clone, H: Transport + Clone> EconomicSystem<G, P, H> {
    /// e-conomic over `http`, with tokens from `grants`.
    pub fn new(http: H, settings: Settings, pacer: P, grants: G) -> Self {
        Self { http, settings, pacer, grants }
    }

    async fn session(&self, tenant: &TenantId) -> Result<Session<P, H>, Error> {
        let number = u32::try_from(tenant.number()).ok().and_then(economic::AgreementNumber::new);
        let agreement = number.ok_or_else(|| Error::TenantBlocked {
            problem: format!("{tenant} is no agreement number of e-conomic's"),
            advice: "correct the tenant's name in settings and connections".to_owned(),
        })?;
        let grant = self.grants.grant(tenant).await?;
        let client = Client::new(self.http.clone(), &self.settings, grant.app, self.pacer.clone())
            .map_err(|error| Error::NotTaken { what: error.to_string() })?;
        Ok(client.for_agreement(agreement, grant.agreement))
    }

    /// A read. Tokens that are refused are read anew once: a person may just have replaced them.
    async fn read<R, F>(&self, tenant: &TenantId, call: impl Fn(Session<P, H>) -> F + Send) -> Result<R, Error>
    where
        F: Future<Output = Result<R, economic::Error>> + Send,
        R: Send,
    {
        match call(self.session(tenant).await?).await {
            Err(economic::Error::Unauthorized(_)) => {
                self.grants.rejected(tenant).await;
                Ok(call(self.session(tenant).await?).await?)
            }
            answer => Ok(answer?),
        }
    }
}

/// e-conomic's subscriptions are its own, and drafts bring their prices along: nothing of ours follows a list there.
impl<G: Grants, P: Pacer + Clone, H: Transport + Clone> Pricing for EconomicSystem<G, P, H> {}

impl<G: Grants, P: Pacer + Clone, H: Transport + Clone> AccountingSystem for EconomicSystem<G, P, H> {
    async fn invoice(&self, tenant: &TenantId, number: &InvoiceNumber) -> Result<Invoice, Error> {
        let booked = booked_number(number)?;
        let invoice = self.read(tenant, |economic| async move { economic.booked(booked).await }).await?;
        read::invoice(invoice.ok_or_else(|| absent("invoice", number.as_str()))?)
    }

    async fn pdf(&self, tenant: &TenantId, number: &InvoiceNumber) -> Result<Vec<u8>, Error> {
        let booked = booked_number(number)?;
        // It may take e-conomic a while to make it, and then 404 isn't for good.
        self.read(tenant, |economic| async move { economic.booked_pdf(booked).await }).await.map_err(not_now)
    }

    async fn customer(&self, tenant: &TenantId, number: &CustomerNumber) -> Result<Customer, Error> {
        let customer = customer_number(number)?;
        let found = self.read(tenant, |economic| async move { economic.customer(customer).await }).await?;
        let found = found.ok_or_else(|| absent("customer", number.as_str()))?;
        let contacts = self.read(tenant, |economic| async move { economic.contacts(customer).await }).await?;
        Ok(read::customer(number, found, complete(contacts)?))
    }

    async fn company(&self, tenant: &TenantId) -> Result<Company, Error> {
        Ok(read::company(self.read(tenant, |economic| async move { economic.self_info().await }).await?))
    }

    async fn drafts(&self, tenant: &TenantId, after: Option<DraftNumber>) -> Result<DraftPage, Error> {
        let asked = after;
        let after = asked.and_then(|number| economic::DraftNumber::new(number.get()));
        let filter = &DraftFilter::default();
        let page = self.read(tenant, |economic| async move { economic.drafts_after(after, filter).await }).await?;
        let next = page.last.filter(|_| page.full).and_then(|last| DraftNumber::try_from(last).ok());
        if page.full && next <= asked {
            // Taken for the last page, it would hide all that come after it; asked for again, it would have no end.
            return Err(Error::NoAnswer { what: "e-conomic's list of drafts does not go on".to_owned() });
        }
        let unreadable = page.unreadable.into_iter().map(|item| Err(read::unreadable(item)));
        Ok(DraftPage { rows: page.items.into_iter().map(read::head).chain(unreadable).collect(), next })
    }

    async fn draft(&self, tenant: &TenantId, number: DraftNumber) -> Result<Option<DraftRow>, Error> {
        let draft = draft_number(number)?;
        // It may be there, but not as we know them: that's for a person.
        let read = |economic: Session<P, H>| async move {
            match economic.draft(draft).await {
                Err(economic::Error::Unreadable { status: 200, reason, .. }) => Ok(Some(Err(reason))),
                found => Ok(found?.map(Ok)),
            }
        };
        Ok(self.read(tenant, read).await?.map(|found| match found {
            Ok(draft) => read::draft(draft),
            Err(problem) => Err(BrokenDraft { number: Some(number), problem }),
        }))
    }

    async fn subscription_drafts(&self, tenant: &TenantId, among: &[DraftNumber]) -> Result<Vec<DraftNumber>, Error> {
        let ids = self.subscription_documents(tenant).await?;
        let mut made = Vec::new();
        for number in among {
            if ids.is_empty() {
                break;
            }
            let draft = draft_number(*number)?;
            let found = self.read(tenant, |economic| async move { economic.q2c_draft_by_number(draft).await }).await?;
            if found.is_some_and(|found| ids.contains(&found.id)) {
                made.push(*number);
            }
        }
        Ok(made)
    }

    fn booking_request(&self, _tenant: &TenantId, number: DraftNumber, send_by: Channel) -> Result<String, Error> {
        let send_by = match send_by {
            Channel::EconomicEinvoice => SendBy::Ean,
            Channel::EconomicEmail => SendBy::Email,
            _ => SendBy::None,
        };
        Ok(economic::booking_body(draft_number(number)?, send_by, &self.settings.send_by_words))
    }

    async fn book_draft(&self, tenant: &TenantId, request: &str, key: &str) -> Result<BookAnswer, Error> {
        let key = IdempotencyKey::new(key).ok_or_else(|| Error::unknown_here("such idempotency keys"))?;
        match self.session(tenant).await?.book(request.as_bytes(), &key).await {
            Ok(booking) => Ok(BookAnswer::Booked(read::booked(&booking.invoice)?)),
            Err(economic::Error::DraftGone(refusal)) => {
                Ok(BookAnswer::NoSuchDraft { words: format!("e-conomic: {refusal}") })
            }
            Err(error) => {
                if matches!(error, economic::Error::Unauthorized(_)) {
                    self.grants.rejected(tenant).await;
                }
                Err(error.into())
            }
        }
    }

    async fn booked_since(
        &self,
        tenant: &TenantId,
        customer: &CustomerNumber,
        from: NaiveDate,
    ) -> Result<Vec<FoundBooked>, Error> {
        let customer = customer_number(customer)?;
        let list =
            self.read(tenant, |economic| async move { economic.booked_of(customer, Dated::From(from)).await }).await?;
        // One left out may be the one.
        complete(list)?.iter().map(read::booked).collect()
    }

    async fn is_open_period(&self, tenant: &TenantId, date: NaiveDate) -> Result<Option<bool>, Error> {
        // The grant may lack the role for it; then booking itself will tell.
        let years = self.read(tenant, |economic| async move { granted(economic.accounting_years().await) }).await?;
        let Some(years) = years.map(complete).transpose()? else { return Ok(None) };
        let Some(year) = years.into_iter().find(|year| year.from <= date && date <= year.to) else {
            return Ok(Some(false));
        };
        if year.closed {
            return Ok(Some(false));
        }
        let year = &year.year;
        let periods = self.read(tenant, |economic| async move { granted(economic.periods(year).await) }).await?;
        let Some(periods) = periods.map(complete).transpose()? else { return Ok(None) };
        let period = periods.into_iter().find(|period| period.from <= date && date <= period.to);
        Ok(Some(period.is_none_or(|period| !period.closed)))
    }

    async fn company_facts(&self, tenant: &TenantId, _wants: &Wants, today: NaiveDate) -> Result<CompanyFacts, Error> {
        self.facts(tenant, today).await
    }
}

impl<G: Grants, P: Pacer + Clone, H: Transport + Clone> EconomicSystem<G, P, H> {
    /// The documents that the subscription run last made for each subscriber.
    async fn subscription_documents(&self, tenant: &TenantId) -> Result<HashSet<economic::DocumentId>, Error> {
        let (mut ids, mut cursor) = (HashSet::new(), None);
        loop {
            let from = cursor.as_ref();
            let page = self.read(tenant, |economic| async move { granted(economic.subscribers(from).await) }).await?;
            // Without the module there are no subscriptions.
            let Some(page) = page else { return Ok(ids) };
            ids.extend(page.items.into_iter().filter_map(|subscriber| subscriber.draft));
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(ids),
            }
        }
    }
}

/// A read's answer, or `None` where the grant lacks a role or the company a module for it.
fn granted<T>(answer: Result<T, economic::Error>) -> Result<Option<T>, economic::Error> {
    match answer {
        Err(error) if error.is_forbidden() => Ok(None),
        answer => answer.map(Some),
    }
}

/// A list's items, unless one of them can't be read.
fn complete<T>(page: Page<T>) -> Result<Vec<T>, Error> {
    match page.unreadable.into_iter().next() {
        None => Ok(page.items),
        Some(item) => Err(Error::NoAnswer { what: format!("a list of e-conomic's can't be read: {}", item.reason) }),
    }
}

fn draft_number(number: DraftNumber) -> Result<economic::DraftNumber, Error> {
    economic::DraftNumber::new(number.get()).ok_or_else(|| absent("draft", &number.to_string()))
}

fn booked_number(number: &InvoiceNumber) -> Result<BookedNumber, Error> {
    let known = number.as_str().parse().ok().and_then(BookedNumber::new);
    known.ok_or_else(|| absent("invoice", number.as_str()))
}

fn customer_number(number: &CustomerNumber) -> Result<economic::CustomerNumber, Error> {
    let known = number.as_str().parse().ok().and_then(economic::CustomerNumber::new);
    known.ok_or_else(|| absent("customer", number.as_str()))
}
