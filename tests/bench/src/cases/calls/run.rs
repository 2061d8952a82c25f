//! One day of a company whose invoices all go out by one channel.

use std::collections::BTreeMap;

use domain::{
    ids::{SystemKind, TenantId},
    job::{Ending, JobState},
};
use local::Spent;
use serde_json::{Value, json};
use stage::{
    Evidence, StageError,
    companies::{danish, swedish},
    economic_tenant, tenant_of,
};

use super::Channel;
use crate::{
    Setting, ledger,
    scene::{Cast, Scene},
};

const COMPANY: u64 = 8001;
/// With which the integration signs.
const SECRET: (&str, &str) = ("crm", "not-a-secret-of-an-integration-0123");
const TOO_MANY_REQUESTS: u16 = 429;

/// What a day of one channel took.
#[derive(Debug)]
pub(crate) struct Made {
    /// The channel.
    pub(crate) channel: String,
    /// Invoices that went the whole way.
    pub(crate) invoices: usize,
    /// Calls of the accounting system, by kind.
    pub(crate) calls: BTreeMap<String, usize>,
    /// Its answers that said: too many.
    pub(crate) refused_for_rate: usize,
    /// What it took of AWS.
    pub(crate) spent: Spent,
    /// What the functions logged, in bytes.
    pub(crate) logged: u64,
    /// The journal's items in the end.
    pub(crate) items: Vec<Value>,
}

impl Made {
    /// Calls of the accounting system of one kind.
    pub(crate) fn of(&self, call: &str) -> usize {
        self.calls.get(call).copied().unwrap_or_default()
    }

    /// Calls of AWS by the functions, and those by which Lambda gets a batch for a function and deletes it.
    pub(crate) fn aws_calls(&self) -> usize {
        let own: u64 = self.spent.calls.values().map(|sum| sum.calls).sum();
        usize::try_from(own).unwrap_or(usize::MAX).saturating_add(2 * self.invocations())
    }

    /// How often a function was invoked.
    pub(crate) fn invocations(&self) -> usize {
        self.spent.processes.iter().map(|life| life.invocations.len()).sum()
    }
}

/// Lets a company of so many invoices have its day.
pub(crate) async fn run(setting: &Setting, channel: &Channel, invoices: usize) -> Result<Made, StageError> {
    let profile = json!({"channel": channel.name});
    let name = channel.title();
    let (scene, tenant) = match channel.system {
        SystemKind::Fortnox => {
            let company = reachable(invoices)?;
            let tenant = tenant_of(&company);
            (Scene::open(setting, "calls", Cast::swedes(vec![company], profile)).await?, tenant)
        }
        SystemKind::Economic => {
            let company = danish::company(COMPANY, u64::try_from(invoices)?)?;
            let tenant = economic_tenant(&company);
            (Scene::open(setting, "calls", Cast::danes(vec![company], profile)).await?, tenant)
        }
    };
    let before = scene.spent();
    let evidence = match channel.system {
        SystemKind::Fortnox => {
            scene.first_day().await?;
            scene.until_all_jobs_rest().await?
        }
        SystemKind::Economic => signalled(&scene, &tenant, invoices).await?,
    };
    let made = Made {
        channel: name,
        invoices: completed(&evidence),
        calls: ledger::calls(&evidence, &tenant),
        refused_for_rate: evidence.answered(TOO_MANY_REQUESTS),
        spent: scene.spent().since(&before),
        logged: scene.logged()?,
        items: scene.stage.cloud.scan_table("JournalTable")?,
    };
    scene.close().await?;
    if made.invoices == invoices {
        Ok(made)
    } else {
        Err(format!("{}: {} of {invoices} invoices went the whole way", made.channel, made.invoices).into())
    }
}

/// A company whose customers can be reached every way.
fn reachable(invoices: usize) -> Result<fortnox_sim::CompanyFile, StageError> {
    let mut company = swedish::company(COMPANY, invoices)?;
    company.company.registered_for_print_service = true;
    company.company.has_invoice_service = true;
    company.access.scopes.push("noxfinansinvoice".to_owned());
    for customer in &mut company.customers {
        customer.insert("GLN".to_owned(), json!("7300000000000"));
    }
    Ok(company)
}

/// An integration says of each draft that it's finished.
async fn signalled(scene: &Scene, tenant: &TenantId, drafts: usize) -> Result<Evidence, StageError> {
    let secret = scene.stage.give_secret(tenant, SECRET.0, SECRET.1)?;
    for draft in 1..=drafts {
        scene.stage.signal(tenant, &draft.to_string(), &secret).await?;
    }
    scene.stage.settle().await?;
    scene.until_all_jobs_rest().await
}

fn completed(evidence: &Evidence) -> usize {
    let ended =
        |record: &&stage::JobRecord| matches!(record.job.state, JobState::Done { ending: Ending::Completed, .. });
    evidence.jobs.iter().filter(ended).count()
}
