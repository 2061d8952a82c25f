//! The journal table, read as a person with the console would: for what it says, not through the code that wrote it.

use std::collections::BTreeMap;

use domain::{
    ids::TenantId,
    job::{Event, Job},
    settings::{Scope, TenantSettings},
};
use judge::{DecidedPage, DecidedSweep, JobRecord, StandingConcern};
use serde::Deserialize;
use serde_json::Value;
use workflow::dead_letters::LetterDeed;

use crate::StageError;

/// All that the journal holds.
#[derive(Debug, Default)]
pub(crate) struct JournalView {
    pub(crate) jobs: Vec<JobRecord>,
    pub(crate) pages: Vec<DecidedPage>,
    pub(crate) swept: Vec<DecidedSweep>,
    pub(crate) concerns: Vec<StandingConcern>,
    pub(crate) deeds: Vec<LetterDeed>,
}

#[derive(Deserialize)]
struct Keyed {
    pk: String,
    sk: String,
}

pub(crate) fn read(items: Vec<Value>) -> Result<JournalView, StageError> {
    let mut view = JournalView::default();
    let mut events: BTreeMap<String, Vec<(String, Event)>> = BTreeMap::new();
    let mut jobs: Vec<(String, Job)> = Vec::new();
    for mut item in items {
        let Keyed { pk, sk } = serde_json::from_value(item.clone())?;
        let kind = pk.split('#').next().unwrap_or_default();
        match (kind, sk.as_str()) {
            ("job", "job") => jobs.push((pk, serde_json::from_value(item["job"].take())?)),
            ("job", _) => {
                let event = serde_json::from_value(item["event"].take())?;
                events.entry(pk).or_default().push((sk, event));
            }
            ("scan", _) => view.pages.push(page(&pk, sk, item["decisions"].take())?),
            ("sweep", _) => view.swept.push(sweep(&pk, sk, item["decisions"].take())?),
            ("concern", _) => view.concerns.push(StandingConcern {
                tenant: tenant(&pk)?,
                subject: sk,
                concern: serde_json::from_value(item["concern"].take())?,
            }),
            ("letter", _) => view.deeds.push(serde_json::from_value(item["deed"].take())?),
            ("digests" | "happened" | "history" | "pace" | "preflight" | "prices" | "signals", _) => {}
            _ => return Err(format!("the journal holds something unknown: {pk} {sk}").into()),
        }
    }
    for (pk, job) in jobs {
        let mut story = events.remove(&pk).unwrap_or_default();
        story.sort_by(|a, b| a.0.cmp(&b.0));
        view.jobs.push(JobRecord { job, events: story.into_iter().map(|(_, event)| event).collect() });
    }
    if let Some(pk) = events.keys().next() {
        return Err(format!("{pk} has a story but no job").into());
    }
    view.jobs.sort_by(|a, b| (a.job.matched_at, &a.job.key).cmp(&(b.job.matched_at, &b.job.key)));
    view.deeds.sort_by_key(|deed| deed.at);
    view.pages.sort_by(|a, b| (&a.tenant, &a.key).cmp(&(&b.tenant, &b.key)));
    view.swept.sort_by(|a, b| (&a.tenant, &a.key).cmp(&(&b.tenant, &b.key)));
    Ok(view)
}

fn tenant(pk: &str) -> Result<TenantId, StageError> {
    Ok(pk.split_once('#').map(|(_, tenant)| tenant).unwrap_or_default().parse()?)
}

fn page(pk: &str, sk: String, decisions: Value) -> Result<DecidedPage, StageError> {
    let mut parts = sk.split('#');
    let date = parts.next().unwrap_or_default().parse()?;
    let at = parts.next().unwrap_or_default().parse()?;
    Ok(DecidedPage { tenant: tenant(pk)?, date, at, key: sk, decisions: serde_json::from_value(decisions)? })
}

fn sweep(pk: &str, sk: String, decisions: Value) -> Result<DecidedSweep, StageError> {
    let date = sk.split('#').next().unwrap_or_default().parse()?;
    Ok(DecidedSweep { tenant: tenant(pk)?, date, key: sk, decisions: serde_json::from_value(decisions)? })
}

/// The settings of every tenant.
pub(crate) fn settings(items: Vec<Value>) -> BTreeMap<TenantId, TenantSettings> {
    let mut profiles = BTreeMap::new();
    let mut others = Vec::new();
    for item in items {
        let Value::Object(mut fields) = item else { continue };
        let take = |fields: &mut serde_json::Map<_, _>, name| match fields.remove(name) {
            Some(Value::String(text)) => text,
            _ => String::new(),
        };
        let (tenant, scope) = (take(&mut fields, "tenant"), take(&mut fields, "scope"));
        match (tenant.parse::<TenantId>(), scope.parse::<Scope>()) {
            (Ok(tenant), Ok(Scope::Profile)) => {
                profiles.insert(tenant, TenantSettings::new(fields));
            }
            (Ok(tenant), Ok(scope)) => others.push((tenant, scope, fields)),
            // The schedule's own item, or something that nobody can use.
            _ => {}
        }
    }
    for (tenant, scope, fields) in others {
        if let Some(settings) = profiles.get_mut(&tenant) {
            settings.add(scope, fields);
        }
    }
    profiles
}
