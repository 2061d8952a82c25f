//! What the digests are made from, when they're made, and what became of them.

use std::collections::HashSet;

use aws_sdk_dynamodb::operation::{
    put_item::PutItemError, query::builders::QueryFluentBuilder, update_item::UpdateItemError,
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    digest::{Kept, Line, MailKey, MailKind, Outlook, Span},
    draft::DraftDecision,
    due::Decision,
    ids::TenantId,
    job::Job,
};
use workflow::ports::{Digests, KeptMail, PortError, SaveError};

use super::{DynamoJournal, job::read_job, lines::happened_pk};
use crate::{
    items::{Item, document, failed, get_number, get_text, instant, number, read_document, text},
    wake,
};

const WAKE: &str = "wake";
/// Their partition in the index of what is to be woken.
const WAKE_KIND: &str = "digest";
const PK: &str = "digests#";
const KEPT: &str = "kept";
/// Length of a date in a key.
const DATE_CHARS: usize = 10;

fn pk(tenant: &TenantId) -> String {
    format!("{PK}{tenant}")
}

/// The kind goes first, so that the newest digest is the last of its own.
fn mail_key(key: MailKey) -> String {
    format!("mail#{}#{}", key.kind.as_str(), key.date)
}

fn tenant_of(pk: &str) -> Option<TenantId> {
    pk.strip_prefix(PK)?.parse().ok()
}

fn read_kept(item: &Item) -> Result<KeptMail, PortError> {
    let kept = read_document(item, KEPT, "reading a digest")?;
    Ok(KeptMail { kept, version: get_number(item, "version").unwrap_or(0) })
}

/// Fine if it was our own condition that refused the write.
fn unless_refused<T>(
    answer: Result<T, aws_sdk_dynamodb::error::SdkError<UpdateItemError>>,
    what: &'static str,
) -> Result<(), PortError> {
    match answer {
        Ok(_) => Ok(()),
        Err(error) if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) => {
            Ok(())
        }
        Err(error) => Err(failed(what)(error)),
    }
}

impl DynamoJournal {
    /// Has a tenant looked at that is to be told something.
    pub(super) async fn wake_digests(&self, tenant: &TenantId, at: DateTime<Utc>) -> Result<(), PortError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(pk(tenant)))
            .key("sk", text(WAKE))
            .update_expression("SET wake_at = :at")
            .condition_expression("attribute_exists(wake_at)")
            .expression_attribute_values(":at", text(instant(at)));
        unless_refused(update.send().await, "waking a tenant's digests")
    }

    pub(super) fn of(&self, pk: String) -> QueryFluentBuilder {
        let query = self.client.query().table_name(&self.table).consistent_read(true);
        query.expression_attribute_values(":pk", text(pk))
    }

    pub(super) async fn all(&self, query: QueryFluentBuilder, what: &'static str) -> Result<Vec<Item>, PortError> {
        let mut pages = query.into_paginator().items().send();
        let mut items = Vec::new();
        while let Some(item) = pages.next().await {
            items.push(item.map_err(failed(what))?);
        }
        Ok(items)
    }

    /// The newest item whose key begins so.
    async fn newest(&self, pk: String, beginning: &str, what: &'static str) -> Result<Option<Item>, PortError> {
        let query = self.of(pk).key_condition_expression("pk = :pk AND begins_with(sk, :beginning)");
        let query = query.expression_attribute_values(":beginning", text(beginning)).scan_index_forward(false).limit(1);
        let answer = query.send().await.map_err(failed(what))?;
        Ok(answer.items.unwrap_or_default().into_iter().next())
    }

    /// The decisions of the newest date, in the order they were made, one item after another.
    async fn newest_decisions(
        &self,
        pk: String,
        mut see: impl FnMut(&Item, NaiveDate) -> Result<(), PortError>,
    ) -> Result<(), PortError> {
        const WHAT: &str = "reading the newest decisions";
        let query = self.of(pk.clone()).key_condition_expression("pk = :pk").scan_index_forward(false).limit(1);
        let answer = query.projection_expression("sk").send().await.map_err(failed(WHAT))?;
        let newest = answer.items.unwrap_or_default().into_iter().next();
        let newest = newest.as_ref().and_then(|item| get_text(item, "sk")?.get(..DATE_CHARS)).map(str::to_owned);
        let Some(newest) = newest else { return Ok(()) };
        let date = newest.parse().map_err(|error| PortError::new(WHAT, format!("`{newest}`: {error}")))?;
        let query = self.of(pk).key_condition_expression("pk = :pk AND begins_with(sk, :date)");
        let mut pages = query.expression_attribute_values(":date", text(&newest)).into_paginator().items().send();
        while let Some(item) = pages.next().await {
            see(&item.map_err(failed(WHAT))?, date)?;
        }
        Ok(())
    }
}

impl Digests for DynamoJournal {
    async fn start_digests(&self, tenant: &TenantId, at: DateTime<Utc>) -> Result<(), PortError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(pk(tenant)))
            .key("sk", text(WAKE))
            .update_expression("SET wake_kind = :kind, wake_at = :at")
            .condition_expression("attribute_not_exists(wake_at)")
            .expression_attribute_values(":kind", text(WAKE_KIND))
            .expression_attribute_values(":at", text(instant(at)));
        unless_refused(update.send().await, "having digests made")
    }

    async fn with_digests(&self) -> Result<HashSet<TenantId>, PortError> {
        let all = wake::all(&self.client, &self.table, WAKE_KIND, tenant_of).await?;
        Ok(all.into_iter().collect())
    }

    async fn due_digests(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantId>, PortError> {
        wake::due(&self.client, &self.table, WAKE_KIND, now, limit, tenant_of).await
    }

    async fn digests_wake(&self, tenant: &TenantId) -> Result<Option<DateTime<Utc>>, PortError> {
        const WHAT: &str = "reading when a digest is due";
        let get = self.client.get_item().table_name(&self.table).consistent_read(true);
        let got = get.key("pk", text(pk(tenant))).key("sk", text(WAKE)).send().await.map_err(failed(WHAT))?;
        let at = got.item.as_ref().and_then(|item| get_text(item, "wake_at"));
        at.map(|at| at.parse().map_err(|error| PortError::new(WHAT, format!("`{at}`: {error}")))).transpose()
    }

    async fn move_digests(
        &self,
        tenant: &TenantId,
        from: DateTime<Utc>,
        to: Option<DateTime<Utc>>,
    ) -> Result<(), PortError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(pk(tenant)))
            .key("sk", text(WAKE))
            .condition_expression("wake_at = :from")
            .expression_attribute_values(":from", text(instant(from)));
        let update = match to {
            Some(to) => {
                update.update_expression("SET wake_at = :to").expression_attribute_values(":to", text(instant(to)))
            }
            None => update.update_expression("REMOVE wake_at, wake_kind"),
        };
        unless_refused(update.send().await, "setting when the next digest is due")
    }

    async fn happened(&self, tenant: &TenantId, span: Span) -> Result<Vec<Line>, PortError> {
        const WHAT: &str = "reading what happened";
        let query = self
            .of(happened_pk(tenant))
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":from", text(instant(span.from)))
            // Whatever is of that instant itself has more behind it, so it comes after.
            .expression_attribute_values(":to", text(instant(span.to)));
        let items = self.all(query, WHAT).await?;
        let mut lines: Vec<Line> =
            items.iter().map(|item| read_document(item, "line", WHAT)).collect::<Result<_, _>>()?;
        // A key has an instant's milliseconds only.
        lines.retain(|line| span.contains(line.at));
        Ok(lines)
    }

    async fn waiting(&self, tenant: &TenantId, limit: usize) -> Result<Vec<Job>, PortError> {
        const WHAT: &str = "reading what waits for a person";
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("needs_person")
            .key_condition_expression("person_tenant = :tenant")
            .expression_attribute_values(":tenant", text(tenant.to_string()))
            .into_paginator()
            .items()
            .send();
        let mut jobs = Vec::new();
        while jobs.len() < limit
            && let Some(item) = pages.next().await
        {
            let item = item.map_err(failed(WHAT))?;
            // Concerns stand in the same index.
            if item.contains_key("job") {
                jobs.push(read_job(&item)?);
            }
        }
        Ok(jobs)
    }

    async fn outlook(&self, tenant: &TenantId, day: NaiveDate) -> Result<Outlook, PortError> {
        const WHAT: &str = "reading a page of decisions";
        let mut outlook = Outlook::on(day);
        self.newest_decisions(format!("scan#{tenant}"), |item, date| {
            let decisions: Vec<Decision> = read_document(item, "decisions", WHAT)?;
            for decision in &decisions {
                outlook.see(decision, date);
            }
            Ok(())
        })
        .await?;
        self.newest_decisions(format!("sweep#{tenant}"), |item, _| {
            let decisions: Vec<DraftDecision> = read_document(item, "decisions", WHAT)?;
            for decision in &decisions {
                outlook.see_draft(decision);
            }
            Ok(())
        })
        .await?;
        Ok(outlook)
    }

    async fn newest_digest(&self, tenant: &TenantId) -> Result<Option<KeptMail>, PortError> {
        let beginning = format!("mail#{}#", MailKind::Digest.as_str());
        let newest = self.newest(pk(tenant), &beginning, "reading the newest digest").await?;
        newest.as_ref().map(read_kept).transpose()
    }

    async fn kept(&self, tenant: &TenantId, key: &MailKey) -> Result<Option<KeptMail>, PortError> {
        let get = self.client.get_item().table_name(&self.table).consistent_read(true);
        let get = get.key("pk", text(pk(tenant))).key("sk", text(mail_key(*key)));
        let got = get.send().await.map_err(failed("reading a digest"))?;
        got.item.as_ref().map(read_kept).transpose()
    }

    async fn keep_new(&self, tenant: &TenantId, kept: &Kept) -> Result<bool, PortError> {
        let put = self.put_kept(tenant, kept, 1)?.condition_expression("attribute_not_exists(pk)");
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) => {
                Ok(false)
            }
            Err(error) => Err(failed("keeping a digest")(error)),
        }
    }

    async fn settle(&self, tenant: &TenantId, mail: &mut KeptMail) -> Result<(), SaveError> {
        let next = mail.version + 1;
        let put = self.put_kept(tenant, &mail.kept, next)?.condition_expression("version = :version");
        if let Err(error) = put.expression_attribute_values(":version", number(mail.version)).send().await {
            let fenced = error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception);
            let failed = || SaveError::Port(failed("writing what became of a digest")(error));
            return Err(if fenced { SaveError::Fenced } else { failed() });
        }
        mail.version = next;
        Ok(())
    }
}

impl DynamoJournal {
    fn put_kept(
        &self,
        tenant: &TenantId,
        kept: &Kept,
        version: u64,
    ) -> Result<aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder, PortError> {
        let put = self.client.put_item().table_name(&self.table);
        let put = put.item("pk", text(pk(tenant))).item("sk", text(mail_key(kept.key)));
        Ok(put.item(KEPT, document(kept)?).item("version", number(version)))
    }
}
