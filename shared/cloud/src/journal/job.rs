//! Jobs: opened once, claimed by one worker at a time, saved only on top of what was read.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::{transact_write_items::TransactWriteItemsError, update_item::UpdateItemError},
    types::{AttributeValue, Put, ReturnValue, ReturnValuesOnConditionCheckFailure, Select, TransactWriteItem},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    digest::happened,
    ids::TenantId,
    job::{Event, Job, JobKey, JobState},
};
use workflow::ports::{Also, Claim, Claimed, Opened, PortError, SaveError};

use super::DynamoJournal;
use crate::{
    items::{Item, document, failed, get_number, get_text, instant, number, read_document, text},
    wake,
};

const JOB: &str = "job";
/// What the key of a line of its story begins with.
const EVENT: &str = "event#";
/// Their partition in the index of what is to be woken.
const WAKE_KIND: &str = "job";

fn pk(key: &JobKey) -> String {
    format!("job#{key}")
}

fn tenant_day(tenant: &TenantId, date: NaiveDate) -> String {
    format!("{tenant}#{date}")
}

pub(super) fn read_job(item: &Item) -> Result<Job, PortError> {
    read_document(item, JOB, "reading a job")
}

/// The job's item, with the attributes that its indexes need and no others.
fn item(job: &Job, version: u64, lease_until: Option<DateTime<Utc>>) -> Result<Item, PortError> {
    let tenant = job.key.tenant();
    let mut item = Item::from([
        ("pk".to_owned(), text(pk(&job.key))),
        ("sk".to_owned(), text(JOB)),
        (JOB.to_owned(), document(job)?),
        ("version".to_owned(), number(version)),
        ("tenant_day".to_owned(), text(tenant_day(tenant, job.decided_on))),
    ]);
    if job.counts_for_its_day() {
        item.insert("takes_one_of_its_day".to_owned(), AttributeValue::Bool(true));
    }
    if let Some(until) = lease_until {
        item.insert("lease_until".to_owned(), text(instant(until)));
    }
    if let Some(at) = job.wake_at {
        item.insert("wake_kind".to_owned(), text(WAKE_KIND));
        item.insert("wake_at".to_owned(), text(instant(at)));
    }
    if let JobState::Held { since, .. } | JobState::Failed { since, .. } = &job.state {
        item.insert("person_tenant".to_owned(), text(tenant.to_string()));
        item.insert("person_since".to_owned(), text(instant(*since)));
    }
    Ok(item)
}

impl DynamoJournal {
    fn put(&self, item: Item) -> aws_sdk_dynamodb::types::builders::PutBuilder {
        Put::builder().table_name(&self.table).set_item(Some(item))
    }

    fn events(&self, key: &JobKey, version: u64, events: &[Event]) -> Result<Vec<TransactWriteItem>, PortError> {
        events
            .iter()
            .enumerate()
            .map(|(n, event)| {
                let item = Item::from([
                    ("pk".to_owned(), text(pk(key))),
                    ("sk".to_owned(), text(format!("{EVENT}{version:08}#{n:02}"))),
                    ("event".to_owned(), document(event)?),
                ]);
                let put = self.put(item).build().map_err(failed("writing an event"))?;
                Ok(TransactWriteItem::builder().put(put).build())
            })
            .collect()
    }

    pub(super) async fn open_job(&self, job: &Job, events: &[Event]) -> Result<Opened, PortError> {
        const WHAT: &str = "opening a job";
        const FIRST_VERSION: u64 = 1;
        let put = self
            .put(item(job, FIRST_VERSION, None)?)
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(failed(WHAT))?;
        let mut writes = vec![TransactWriteItem::builder().put(put).build()];
        writes.extend(self.events(&job.key, FIRST_VERSION, events)?);
        writes.extend(self.lines.writes(&happened(job, events))?);
        match self.client.transact_write_items().set_transact_items(Some(writes)).send().await {
            Ok(_) => Ok(Opened::New),
            Err(error) => match refused_item(&error) {
                Some(old) => Ok(Opened::Exists(Box::new(read_job(&old)?))),
                None => Err(failed(WHAT)(error)),
            },
        }
    }

    pub(super) async fn look_at_job(&self, key: &JobKey) -> Result<Option<Job>, PortError> {
        let request = self.client.get_item().table_name(&self.table).key("pk", text(pk(key))).key("sk", text(JOB));
        let answer = request.consistent_read(true).send().await.map_err(failed("looking at a job"))?;
        answer.item.as_ref().map(read_job).transpose()
    }

    pub(super) async fn claim_job(
        &self,
        key: &JobKey,
        now: DateTime<Utc>,
        lease: TimeDelta,
    ) -> Result<Claim, PortError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(pk(key)))
            .key("sk", text(JOB))
            .update_expression("SET lease_until = :until, version = version + :one")
            .condition_expression("attribute_exists(pk) AND (attribute_not_exists(lease_until) OR lease_until <= :now)")
            .expression_attribute_values(":until", text(instant(now + lease)))
            .expression_attribute_values(":now", text(instant(now)))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match answer {
            Ok(answer) => {
                let item = answer.attributes.unwrap_or_default();
                let version = get_number(&item, "version")
                    .ok_or_else(|| PortError::new("claiming a job", "the job has no version"))?;
                Ok(Claim::Taken(Box::new(Claimed { job: read_job(&item)?, version })))
            }
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refusal)) => Ok(match &refusal.item {
                    None => Claim::Missing,
                    Some(item) => Claim::Busy { until: lease_end(item).unwrap_or(now) },
                }),
                _ => Err(failed("claiming a job")(error)),
            },
        }
    }

    pub(super) async fn save_job(
        &self,
        claimed: &mut Claimed,
        also: Also,
        lease_until: Option<DateTime<Utc>>,
    ) -> Result<(), SaveError> {
        const WHAT: &str = "saving a job";
        let next = claimed.version + 1;
        let job = &claimed.job;
        let put = self
            .put(item(job, next, lease_until)?)
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(claimed.version))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(failed(WHAT))?;
        let mut writes = vec![TransactWriteItem::builder().put(put).build()];
        writes.extend(self.events(&job.key, next, &also.events)?);
        writes.extend(self.lines.writes(&happened(job, &also.events))?);
        if let (Some(history), Some(agreement)) = (&also.history, job.key.agreement()) {
            let put = super::history::put(&self.table, job.key.tenant(), agreement, history)?;
            writes.push(TransactWriteItem::builder().put(put).build());
        }
        // A transaction even for one item: its token makes the SDK's own repeats harmless.
        match self.client.transact_write_items().set_transact_items(Some(writes)).send().await {
            Ok(_) => {
                claimed.version = next;
                Ok(())
            }
            Err(error) if is_refused(&error) => Err(SaveError::Fenced),
            Err(error) => Err(failed(WHAT)(error).into()),
        }
    }

    pub(super) async fn waking_jobs(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<JobKey>, PortError> {
        let job = |pk: &str| pk.strip_prefix("job#")?.parse().ok();
        wake::due(&self.client, &self.table, WAKE_KIND, now, limit, job).await
    }

    pub(super) async fn count_jobs(&self, tenant: &TenantId, date: NaiveDate) -> Result<u32, PortError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("by_day")
            .key_condition_expression("tenant_day = :day")
            .filter_expression("attribute_exists(takes_one_of_its_day)")
            .expression_attribute_values(":day", text(tenant_day(tenant, date)))
            .select(Select::Count)
            .into_paginator()
            .send();
        let mut count = 0u32;
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed("counting the day's jobs"))?;
            count = count.saturating_add(u32::try_from(page.count()).unwrap_or(0));
        }
        Ok(count)
    }

    pub(super) async fn read_day(&self, tenant: &TenantId, date: NaiveDate) -> Result<Vec<Job>, PortError> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("by_day")
            .key_condition_expression("tenant_day = :day")
            .expression_attribute_values(":day", text(tenant_day(tenant, date)));
        let items = self.all(query, "reading the day's jobs").await?;
        items.iter().map(read_job).collect()
    }

    pub(super) async fn read_story(&self, key: &JobKey) -> Result<Vec<Event>, PortError> {
        const WHAT: &str = "reading a job's story";
        let query = self.of(pk(key)).key_condition_expression("pk = :pk AND begins_with(sk, :event)");
        let items = self.all(query.expression_attribute_values(":event", text(EVENT)), WHAT).await?;
        items.iter().map(|item| read_document(item, "event", WHAT)).collect()
    }
}

fn lease_end(item: &Item) -> Option<DateTime<Utc>> {
    get_text(item, "lease_until")?.parse().ok()
}

fn reasons(error: &SdkError<TransactWriteItemsError>) -> &[aws_sdk_dynamodb::types::CancellationReason] {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => canceled.cancellation_reasons(),
        _ => &[],
    }
}

/// Whether our own condition was what refused the transaction.
fn is_refused(error: &SdkError<TransactWriteItemsError>) -> bool {
    reasons(error).iter().any(|reason| reason.code() == Some("ConditionalCheckFailed"))
}

/// The item that stood in the way.
fn refused_item(error: &SdkError<TransactWriteItemsError>) -> Option<Item> {
    let reason = reasons(error).iter().find(|reason| reason.code() == Some("ConditionalCheckFailed"))?;
    reason.item.clone()
}
