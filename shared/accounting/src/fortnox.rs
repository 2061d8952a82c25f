//! Fortnox behind the trait.
//!
//! What is special: no next-invoice date (the planner knows), no idempotency key, `createinvoice` that may answer with the
//! agreement instead of the invoice, and a list of invoices that doesn't say which agreement they are from.

mod errors;
mod facts;
mod pricing;
mod read;

use std::{collections::HashSet, future::Future};

use chrono::NaiveDate;
use domain::{
    ids::{AgreementNumber, CustomerNumber, InvoiceNumber, TenantId},
    job::observe::FoundInvoice,
    letters::address::MailAddress,
    preflight::{CompanyFacts, Fact, Recurring},
    settings::{Channel, ServiceSendMethod, Wants},
};
use fortnox::{
    AccessToken, Client, CreateInvoiceAnswer, HttpClient, InvoiceQuery, InvoiceType, Pacer, Private, Recipients,
    SendMethod, Session, SortOrder, Transport,
};

use crate::{
    AccountingSystem,
    error::Error,
    model::{
        Addressing, AgreementPage, AgreementRow, Company, CreateAnswer, Customer, Delivery, Invoice, ServiceState,
    },
};

/// Most pages of one customer's agreement invoices that are looked through for one agreement's: 500 invoices each, far
/// more than a customer gets in the months that a look goes back.
const MOST_PAGES_LOOKED_THROUGH: u32 = 4;

/// Between several recipients in one field, as people write them. What Fortnox makes of it isn't documented.
const BETWEEN_RECIPIENTS: &str = ";";

/// Why there is no access token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// A person must act, such as consent anew.
    #[error("{problem}")]
    Blocked {
        /// What is the matter.
        problem: String,
        /// What to do.
        advice: String,
    },
    /// May be tried again.
    #[error("{0}")]
    Unavailable(String),
}

/// Where access tokens come from.
pub trait AccessTokens: Send + Sync {
    /// A token for the tenant that lives for some minutes yet.
    fn access_token(&self, tenant: &TenantId) -> impl Future<Output = Result<AccessToken, TokenError>> + Send;

    /// Fortnox didn't accept this token: forget it.
    fn rejected(&self, tenant: &TenantId, token: &AccessToken) -> impl Future<Output = ()> + Send;
}

/// Fortnox, for all tenants.
#[derive(Debug)]
pub struct FortnoxSystem<T, P, H = HttpClient> {
    client: Client<P, H>,
    tokens: T,
}

/// Whether a call may be made again once its token turned out to be dead. The refusal itself proves that nothing happened,
/// but an effect is left to the workflow all the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Read,
    Effect,
}

impl<T: AccessTokens, P: Pacer, H: Transport> FortnoxSystem<T, P, H> {
    /// Fortnox through `client`, with tokens from `tokens`.
    pub fn new(client: Client<P, H>, tokens: T) -> Self {
        Self { client, tokens }
    }

    async fn call<R, F>(
        &self,
        tenant: &TenantId,
        kind: Kind,
        call: impl Fn(Session<P, H>) -> F + Send,
    ) -> Result<R, Error>
    where
        F: Future<Output = Result<R, fortnox::Error>> + Send,
        R: Send,
    {
        let number = fortnox::TenantId::new(tenant.number());
        let token = self.tokens.access_token(tenant).await?;
        match call(self.client.for_tenant(number, token.clone())).await {
            Err(fortnox::Error::Unauthorized { .. }) => {
                self.tokens.rejected(tenant, &token).await;
                if kind == Kind::Effect {
                    return Err(Error::NotTaken { what: "Fortnox did not accept the access token".to_owned() });
                }
                let token = self.tokens.access_token(tenant).await?;
                Ok(call(self.client.for_tenant(number, token)).await?)
            }
            answer => Ok(answer?),
        }
    }
}

impl<T: AccessTokens, P: Pacer, H: Transport> AccountingSystem for FortnoxSystem<T, P, H> {
    async fn agreements(&self, tenant: &TenantId, page: u32) -> Result<AgreementPage, Error> {
        let page = self.call(tenant, Kind::Read, |fortnox| async move { fortnox.active_contracts(page).await }).await?;
        let (more, total) = (page.next_page().is_some(), page.total_resources);
        let unreadable = page.unreadable.into_iter().map(|item| Err(read::unreadable(item)));
        let rows = page.items.into_iter().map(read::list_item).chain(unreadable).collect();
        Ok(AgreementPage { rows, more, total })
    }

    async fn agreement(&self, tenant: &TenantId, number: &AgreementNumber) -> Result<AgreementRow, Error> {
        let contract =
            self.call(tenant, Kind::Read, |fortnox| async move { fortnox.contract(number.as_str()).await }).await?;
        Ok(read::contract(contract))
    }

    async fn create_invoice(
        &self,
        tenant: &TenantId,
        number: &AgreementNumber,
        invoice_date: Option<NaiveDate>,
    ) -> Result<CreateAnswer, Error> {
        let answer =
            self.call(tenant, Kind::Effect, |fortnox| async move {
                fortnox.create_invoice(number.as_str(), invoice_date).await
            })
            .await?;
        Ok(match answer {
            CreateInvoiceAnswer::Invoice(invoice) => match read::found(&invoice) {
                // An invoice of another agreement would be a defect of Fortnox's; the search decides then.
                Some(found) if read::is_from(&invoice, number) => CreateAnswer::Invoice(found),
                _ => CreateAnswer::Done,
            },
            CreateInvoiceAnswer::Contract(_) => CreateAnswer::Done,
        })
    }

    async fn invoices_of(
        &self,
        tenant: &TenantId,
        agreement: &AgreementNumber,
        customer: &CustomerNumber,
        from: NaiveDate,
        known: &[InvoiceNumber],
    ) -> Result<Vec<FoundInvoice>, Error> {
        let mut seen: HashSet<String> = known.iter().map(|number| number.as_str().to_owned()).collect();
        let mut found = Vec::new();
        for page in 1..=MOST_PAGES_LOOKED_THROUGH {
            let query = InvoiceQuery {
                invoice_type: Some(InvoiceType::AgreementInvoice),
                customer_number: Some(customer.as_str().to_owned()),
                from_date: Some(from),
                order: SortOrder::Descending,
                page,
                ..InvoiceQuery::default()
            };
            let query = &query;
            let list = self.call(tenant, Kind::Read, |fortnox| async move { fortnox.invoices(query).await }).await?;
            let more = list.next_page().is_some();
            if !list.unreadable.is_empty() {
                return Err(Error::NoAnswer { what: "the list of invoices holds rows that can't be read".to_owned() });
            }
            for item in list.items {
                if !seen.insert(item.document_number.clone()) {
                    continue;
                }
                let number = &item.document_number;
                let invoice =
                    self.call(tenant, Kind::Read, |fortnox| async move { fortnox.invoice(number).await }).await?;
                if read::is_from(&invoice, agreement) {
                    // One left out would be made a second time.
                    found.push(read::found(&invoice).ok_or_else(|| Error::NoAnswer {
                        what: format!("invoice {number} came of the agreement, but can't be read"),
                    })?);
                }
            }
            if !more {
                return Ok(found);
            }
        }
        Err(Error::NoAnswer { what: "the customer has too many invoices to look through".to_owned() })
    }

    async fn invoice(&self, tenant: &TenantId, number: &InvoiceNumber) -> Result<Invoice, Error> {
        let invoice =
            self.call(tenant, Kind::Read, |fortnox| async move { fortnox.invoice(number.as_str()).await }).await?;
        read::invoice(invoice)
    }

    async fn book(&self, tenant: &TenantId, number: &InvoiceNumber) -> Result<(), Error> {
        self.call(tenant, Kind::Effect, |fortnox| async move { fortnox.bookkeep(number.as_str()).await })
            .await
            .map(drop)
    }

    async fn mark_sent(&self, tenant: &TenantId, number: &InvoiceNumber) -> Result<(), Error> {
        self.call(tenant, Kind::Effect, |fortnox| async move { fortnox.mark_sent(number.as_str()).await })
            .await
            .map(drop)
    }

    async fn address(&self, tenant: &TenantId, number: &InvoiceNumber, to: &Addressing) -> Result<(), Error> {
        let all: Vec<&str> = to.to.iter().map(MailAddress::as_str).collect();
        let recipients = Recipients {
            to: Private::new(all.join(BETWEEN_RECIPIENTS)),
            bcc: to.bcc.as_ref().map(|bcc| Private::new(bcc.as_str().to_owned())),
        };
        let recipients = &recipients;
        let write = |fortnox: Session<P, H>| async move { fortnox.set_recipients(number.as_str(), recipients).await };
        self.call(tenant, Kind::Effect, write).await.map(drop)
    }

    async fn deliver(&self, tenant: &TenantId, number: &InvoiceNumber, channel: Channel) -> Result<Delivery, Error> {
        let number = number.as_str();
        let effect = Kind::Effect;
        let invoice = match channel {
            Channel::FortnoxEmail => {
                self.call(tenant, effect, |fortnox| async move { fortnox.email(number).await }).await
            }
            Channel::FortnoxEinvoice => {
                self.call(tenant, effect, |fortnox| async move { fortnox.einvoice(number).await }).await
            }
            Channel::FortnoxPrintService => {
                self.call(tenant, effect, |fortnox| async move { fortnox.print_service(number).await }).await
            }
            _ => return Err(Error::unknown_here(channel.name())),
        }?;
        Ok(Delivery { marked_sent: invoice.sent })
    }

    async fn hand_over(
        &self,
        tenant: &TenantId,
        number: &InvoiceNumber,
        send_by: ServiceSendMethod,
    ) -> Result<(), Error> {
        let method = match send_by {
            ServiceSendMethod::Email => SendMethod::Email,
            ServiceSendMethod::Letter => SendMethod::Letter,
            ServiceSendMethod::Einvoice => SendMethod::Einvoice,
        };
        let hand_over = |fortnox: Session<P, H>| async move { fortnox.hand_over(number.as_str(), method).await };
        self.call(tenant, Kind::Effect, hand_over).await.map(drop)
    }

    async fn at_service(&self, tenant: &TenantId, number: &InvoiceNumber) -> Result<Option<ServiceState>, Error> {
        let read = |fortnox: Session<P, H>| async move { fortnox.finance_invoice(number.as_str()).await };
        match self.call(tenant, Kind::Read, read).await {
            Ok(invoice) => Ok(Some(read::at_service(invoice))),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn pdf(&self, tenant: &TenantId, number: &InvoiceNumber) -> Result<Vec<u8>, Error> {
        self.call(tenant, Kind::Read, |fortnox| async move { fortnox.preview(number.as_str()).await }).await
    }

    async fn customer(&self, tenant: &TenantId, number: &CustomerNumber) -> Result<Customer, Error> {
        let customer =
            self.call(tenant, Kind::Read, |fortnox| async move { fortnox.customer(number.as_str()).await }).await?;
        Ok(read::customer(number, customer))
    }

    async fn company(&self, tenant: &TenantId) -> Result<Company, Error> {
        let settings = self.call(tenant, Kind::Read, |fortnox| async move { fortnox.company_settings().await }).await?;
        Ok(read::company(settings))
    }

    async fn recurring(&self, tenant: &TenantId) -> Result<Fact<Recurring>, Error> {
        self.recurrences(tenant).await
    }

    async fn company_facts(&self, tenant: &TenantId, wants: &Wants, today: NaiveDate) -> Result<CompanyFacts, Error> {
        self.facts(tenant, wants, today).await
    }
}
