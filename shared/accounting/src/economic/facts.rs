//! What e-conomic tells of a company, for the pre-flight.

use chrono::NaiveDate;
use domain::{
    ids::TenantId,
    preflight::{AccountingYear, CompanyFacts, Denial, Fact, Part, Refused},
};
use economic::{DraftFilter, Pacer, RefusalKind, Transport};

use super::{EconomicSystem, Grants, complete};
use crate::{AccountingSystem, error::Error};

/// Number of the module that makes drafts of subscriptions (API fact sheet).
const SUBSCRIPTIONS: i64 = 74;

impl<G: Grants, P: Pacer + Clone, H: Transport + Clone> EconomicSystem<G, P, H> {
    pub(super) async fn facts(&self, tenant: &TenantId, today: NaiveDate) -> Result<CompanyFacts, Error> {
        let myself = self.read(tenant, |economic| async move { economic.self_info().await }).await?;
        let filter = &DraftFilter::default();
        let drafts =
            self.read(tenant, |economic| async move { said(economic.drafts_after(None, filter).await) }).await?;
        Ok(CompanyFacts {
            number: Fact::Known(u64::from(myself.agreement.get())),
            parts: vec![(Part::Company, Fact::Known(())), (Part::Drafts, drafts.map(drop))],
            year: self.year(tenant, today).await?,
            einvoices: Fact::Known(myself.can_send_electronic_invoice),
            subscriptions: Fact::Known(myself.modules.contains(&SUBSCRIPTIONS)),
            ..CompanyFacts::nothing("e-conomic doesn't say")
        })
    }

    /// The year of `today`. The grant may lack the role for it; then booking itself will tell.
    async fn year(&self, tenant: &TenantId, today: NaiveDate) -> Result<Fact<Option<AccountingYear>>, Error> {
        let years = self.read(tenant, |economic| async move { said(economic.accounting_years().await) }).await?;
        let years = match years {
            Fact::Known(years) => complete(years)?,
            Fact::Refused(refused) => return Ok(Fact::NotAsked { why: refused.words }),
            Fact::NotAsked { why } => return Ok(Fact::NotAsked { why }),
        };
        let Some(year) = years.into_iter().find(|year| year.from <= today && today <= year.to) else {
            return Ok(Fact::Known(None));
        };
        let open = !year.closed && self.is_open_period(tenant, today).await? != Some(false);
        Ok(Fact::Known(Some(AccountingYear { from: year.from, to: year.to, closed: !open, cash_method: None })))
    }
}

/// A refusal as the fact that it is.
fn said<R>(answer: Result<R, economic::Error>) -> Result<Fact<R>, economic::Error> {
    let error = match answer {
        Ok(value) => return Ok(Fact::Known(value)),
        Err(error) => error,
    };
    if !error.is_forbidden() {
        return Err(error);
    }
    let why = match error.refusal().map(economic::Refusal::kind) {
        Some(RefusalKind::MissingModule) => Denial::Licence,
        _ => Denial::Rights,
    };
    Ok(Fact::Refused(match Error::from(error) {
        Error::TenantBlocked { problem: words, advice } | Error::Refused { words, advice } => {
            Refused { why, words, advice }
        }
        other => Refused { why, words: other.to_string(), advice: "look at the company in e-conomic".to_owned() },
    }))
}
