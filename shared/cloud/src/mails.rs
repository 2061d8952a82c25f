//! What is remembered of mails, in the journal table.
//!
//! | `pk` | `sk` | what |
//! | --- | --- | --- |
//! | `mail#<mail>` | `mail` | to whom it went and what came of it, and its version |
//! | `mails#<tenant>` | `address#<hash>` | since when no mail goes to an address |
//! | `mails#<tenant>` | `customer#<number>` | since when none goes to a customer |
//! | `mails#<tenant>` | `count#<date>` | how many of the day's mails were taken, and how many bounced |

use aws_sdk_dynamodb::{
    Client,
    operation::put_item::PutItemError,
    types::{Put, TransactWriteItem, Update},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    ids::TenantId,
    mail::{MailCounts, MailName, MailRecord},
};
use workflow::ports::{MailAdds, MailBook, MailStop, PortError, RecordedMail, SaveError};

use crate::{
    items::{Item, document, failed, get_number, get_text, instant, number, read_document, refused_items, text},
    journal::Lines,
};

const MAIL: &str = "mail";
const COUNT: &str = "count#";

/// The mails' part of the journal table.
#[derive(Debug, Clone)]
pub struct DynamoMails {
    client: Client,
    table: String,
    /// How long a mail's record is kept: what is heard of a mail is heard within days.
    keep: TimeDelta,
    lines: Lines,
}

fn pk(tenant: &TenantId) -> String {
    format!("mails#{tenant}")
}

fn mail_pk(mail: &MailName) -> String {
    format!("mail#{mail}")
}

fn stop_key(stop: &MailStop) -> String {
    match stop {
        MailStop::Address(hash) => format!("address#{}", hash.as_str()),
        MailStop::Customer(customer) => format!("customer#{customer}"),
    }
}

fn fenced(error: &PutItemError) -> bool {
    error.is_conditional_check_failed_exception()
}

impl DynamoMails {
    pub(crate) fn new(client: Client, table: String, keep: TimeDelta) -> Self {
        Self { client, lines: Lines::new(table.clone(), keep), table, keep }
    }

    fn item(&self, record: &MailRecord, version: u64) -> Result<Item, PortError> {
        let expires_at = (record.announced_at + self.keep).timestamp();
        Ok(Item::from([
            ("pk".to_owned(), text(mail_pk(&record.mail))),
            ("sk".to_owned(), text(MAIL)),
            ("mail".to_owned(), document(record)?),
            ("version".to_owned(), number(version)),
            ("expires_at".to_owned(), number(expires_at)),
        ]))
    }

    /// The record's new version, the day's counts, and what the digest is to tell: all or none.
    fn writes(&self, kept: &RecordedMail, adds: &MailAdds) -> Result<Vec<TransactWriteItem>, PortError> {
        const WHAT: &str = "writing what became of a mail";
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(self.item(&kept.record, kept.version + 1)?))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(kept.version))
            .build()
            .map_err(failed(WHAT))?;
        let count = Update::builder()
            .table_name(&self.table)
            .key("pk", text(pk(&kept.record.tenant)))
            .key("sk", text(format!("{COUNT}{}", adds.date)))
            .update_expression("ADD accepted :accepted, bounced :bounced")
            .expression_attribute_values(":accepted", number(adds.counted.accepted))
            .expression_attribute_values(":bounced", number(adds.counted.bounced))
            .build()
            .map_err(failed(WHAT))?;
        let mut writes = vec![TransactWriteItem::builder().put(put).build()];
        if adds.counted != MailCounts::default() {
            writes.push(TransactWriteItem::builder().update(count).build());
        }
        writes.extend(self.lines.writes(&adds.lines)?);
        Ok(writes)
    }
}

impl MailBook for DynamoMails {
    async fn keep(&self, record: &MailRecord) -> Result<(), PortError> {
        const FIRST_VERSION: u64 = 1;
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(self.item(record, FIRST_VERSION)?))
            .condition_expression("attribute_not_exists(pk)");
        match put.send().await {
            Err(error) if !error.as_service_error().is_some_and(fenced) => {
                Err(failed("keeping a mail's record")(error))
            }
            Ok(_) | Err(_) => Ok(()),
        }
    }

    async fn record(&self, mail: &MailName) -> Result<Option<RecordedMail>, PortError> {
        const WHAT: &str = "reading a mail's record";
        let request =
            self.client.get_item().table_name(&self.table).key("pk", text(mail_pk(mail))).key("sk", text(MAIL));
        let answer = request.consistent_read(true).send().await.map_err(failed(WHAT))?;
        let Some(item) = answer.item else { return Ok(None) };
        let version = get_number(&item, "version").unwrap_or(0);
        Ok(Some(RecordedMail { record: read_document(&item, "mail", WHAT)?, version }))
    }

    async fn save(&self, kept: &RecordedMail, adds: &MailAdds) -> Result<(), SaveError> {
        let writes = self.writes(kept, adds)?;
        match self.client.transact_write_items().set_transact_items(Some(writes)).send().await {
            Ok(_) => Ok(()),
            Err(error) if refused_items(&error).iter().any(Option::is_some) => Err(SaveError::Fenced),
            Err(error) => Err(SaveError::Port(failed("writing what became of a mail")(error))),
        }
    }

    async fn counts(&self, tenant: &TenantId, from: NaiveDate) -> Result<MailCounts, PortError> {
        const WHAT: &str = "reading how many mails bounced";
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", text(pk(tenant)))
            .expression_attribute_values(":from", text(format!("{COUNT}{from}")))
            // The sign after `#`, so that all that begin so lie in between.
            .expression_attribute_values(":to", text("count$"))
            .into_paginator()
            .items()
            .send();
        let mut counts = MailCounts::default();
        while let Some(item) = pages.next().await {
            let item = item.map_err(failed(WHAT))?;
            let of = |name| get_number(&item, name).unwrap_or(0);
            counts = counts.and(MailCounts { accepted: of("accepted"), bounced: of("bounced") });
        }
        Ok(counts)
    }

    async fn stop(&self, tenant: &TenantId, stop: &MailStop, since: DateTime<Utc>) -> Result<(), PortError> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", text(pk(tenant)))
            .item("sk", text(stop_key(stop)))
            .item("since", text(instant(since)))
            .condition_expression("attribute_not_exists(pk)");
        match put.send().await {
            Err(error) if !error.as_service_error().is_some_and(fenced) => Err(failed("stopping mails")(error)),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    async fn lift(&self, tenant: &TenantId, stop: &MailStop) -> Result<(), PortError> {
        let delete = self.client.delete_item().table_name(&self.table);
        let delete = delete.key("pk", text(pk(tenant))).key("sk", text(stop_key(stop)));
        delete.send().await.map_err(failed("letting mails go again"))?;
        Ok(())
    }

    async fn stopped(&self, tenant: &TenantId, stop: &MailStop) -> Result<Option<DateTime<Utc>>, PortError> {
        const WHAT: &str = "reading whether mails are stopped";
        let request = self.client.get_item().table_name(&self.table);
        let request = request.key("pk", text(pk(tenant))).key("sk", text(stop_key(stop)));
        let answer = request.consistent_read(true).send().await.map_err(failed(WHAT))?;
        let since = answer.item.as_ref().map(|item| get_text(item, "since").unwrap_or_default().parse());
        since.transpose().map_err(|error: chrono::ParseError| PortError::new(WHAT, error))
    }
}
