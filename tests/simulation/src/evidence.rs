//! All that can be seen of a run from outside.

use domain::ids::TenantId;
use judge::{DecidedPage, Evidence, JobRecord, Said, StandingConcern, read_mail};
use workflow::ports::Subject;

use crate::memory::Memory;

/// All of a run with these tenants, in which integrations said `signals`.
pub(crate) fn of(memory: &Memory, tenants: &[TenantId], signals: Vec<Said>) -> Evidence {
    let journal = memory.journal();
    let jobs = journal.jobs().into_iter();
    let mails = memory.mailer().sent();
    Evidence {
        ledger: memory.fortnox().requests(),
        fortnox: memory.fortnox().with_world(|world| world.state()),
        mails: mails
            .iter()
            .filter(|mail| !mail.is_digest())
            .map(|mail| {
                let read = read_mail(mail.raw.as_bytes(), &mail.recipients, None);
                #[expect(clippy::expect_used, reason = "a mail that's none is a defect of ours, to be seen at once")]
                let read = read.expect("the pipeline writes mails that can be read");
                judge::SentMail { at: Some(mail.at), came_back: mail.came_back, ..read }
            })
            .collect(),
        jobs: jobs.map(|job| JobRecord { events: journal.story(&job.key), job }).collect(),
        economic: memory.economic().requests(),
        economic_state: memory.economic().with_world(|world| world.state()),
        // No promise is judged by what a sweep decided.
        swept: Vec::new(),
        signals,
        pages: tenants.iter().flat_map(|tenant| pages(memory, tenant)).collect(),
        deeds: Vec::new(),
        concerns: tenants.iter().flat_map(|tenant| concerns(memory, tenant)).collect(),
        settings: over_time(memory, tenants)
            .filter_map(|(tenant, told)| Some((tenant, told.last()?.1.clone()?)))
            .collect(),
        settings_over_time: over_time(memory, tenants).collect(),
    }
}

fn over_time<'a>(
    memory: &'a Memory,
    tenants: &'a [TenantId],
) -> impl Iterator<Item = (TenantId, judge::SettingsOverTime)> + 'a {
    tenants.iter().map(|tenant| (tenant.clone(), memory.settings().told(tenant)))
}

fn pages(memory: &Memory, tenant: &TenantId) -> Vec<DecidedPage> {
    let pages = memory.journal().pages(tenant).into_iter();
    pages
        .map(|page| DecidedPage {
            tenant: tenant.clone(),
            date: page.date,
            at: page.at,
            key: format!("{}#{}", page.at.to_rfc3339(), page.page),
            decisions: page.decisions,
        })
        .collect()
}

fn concerns(memory: &Memory, tenant: &TenantId) -> Vec<StandingConcern> {
    let concerns = memory.journal().concerns_of(tenant).into_iter();
    concerns
        .map(|(subject, concern)| {
            let subject = match subject {
                Subject::Tenant => "tenant".to_owned(),
                Subject::Agreement(number) => format!("agreement#{number}"),
                Subject::Draft(number) => format!("draft#{number}"),
                Subject::Prices(None) => "prices".to_owned(),
                Subject::Prices(Some(number)) => format!("prices#{number}"),
            };
            StandingConcern { tenant: tenant.clone(), subject, concern }
        })
        .collect()
}
