//! A tenant's comparison: one worker at a time, woken through the same sparse index as the jobs.

use aws_sdk_dynamodb::{
    operation::{put_item::PutItemError, update_item::UpdateItemError},
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{ids::TenantId, prices::Round};
use workflow::ports::{ClaimedRound, Hands, PortError, RoundClaim, SaveError};

use super::{DynamoPrices, pk};
use crate::{
    items::{document, failed, get_number, instant, number, read_document, text},
    wake,
};

const ROUND: &str = "round";
/// Their partition in the index of what is to be woken.
const WAKE_KIND: &str = "prices";

impl DynamoPrices {
    pub(super) async fn start_round(&self, tenant: &TenantId, at: DateTime<Utc>) -> Result<(), PortError> {
        const WHAT: &str = "having prices watched";
        let fresh = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(pk(tenant)))
            .key("sk", text(ROUND))
            .update_expression(
                "SET wake_kind = :kind, wake_at = :at, round = if_not_exists(round, :new), \
                 version = if_not_exists(version, :first)",
            )
            // One that's under way already has its own time.
            .condition_expression("attribute_not_exists(wake_at)")
            .expression_attribute_values(":kind", text(WAKE_KIND))
            .expression_attribute_values(":at", text(instant(at)))
            .expression_attribute_values(":new", document(&Round::default())?)
            .expression_attribute_values(":first", number(1))
            .send()
            .await;
        match fresh {
            Ok(_) => Ok(()),
            Err(error)
                if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(failed(WHAT)(error)),
        }
    }

    pub(super) async fn due_rounds(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantId>, PortError> {
        let tenant = |pk: &str| pk.strip_prefix("prices#")?.parse().ok();
        wake::due(&self.client, &self.table, WAKE_KIND, now, limit, tenant).await
    }

    pub(super) async fn put_off_round(&self, tenant: &TenantId, until: DateTime<Utc>) -> Result<(), PortError> {
        let put_off = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(pk(tenant)))
            .key("sk", text(ROUND))
            .update_expression("SET wake_at = :until")
            // One that was stopped meanwhile stays so.
            .condition_expression("attribute_exists(wake_at)")
            .expression_attribute_values(":until", text(instant(until)))
            .send()
            .await;
        match put_off {
            Ok(_) => Ok(()),
            Err(error)
                if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(failed("putting off a comparison")(error)),
        }
    }

    pub(super) async fn claim_round(
        &self,
        tenant: &TenantId,
        now: DateTime<Utc>,
        lease: TimeDelta,
    ) -> Result<RoundClaim, PortError> {
        const WHAT: &str = "claiming a comparison";
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(pk(tenant)))
            .key("sk", text(ROUND))
            // Who dies with it leaves it to the heartbeat after the lease.
            .update_expression("SET lease_until = :until, wake_at = :until, version = version + :one")
            .condition_expression(
                "attribute_exists(wake_at) AND (attribute_not_exists(lease_until) OR lease_until <= :now)",
            )
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
                let version = get_number(&item, "version").ok_or_else(|| PortError::new(WHAT, "it has no version"))?;
                Ok(RoundClaim::Taken(ClaimedRound { round: read_document(&item, ROUND, WHAT)?, version }))
            }
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refusal)) => {
                    let watched = refusal.item.as_ref().is_some_and(|item| item.contains_key("wake_at"));
                    Ok(if watched { RoundClaim::Busy } else { RoundClaim::Missing })
                }
                _ => Err(failed(WHAT)(error)),
            },
        }
    }

    pub(super) async fn save_round(
        &self,
        tenant: &TenantId,
        claimed: &mut ClaimedRound,
        then: Hands,
    ) -> Result<(), SaveError> {
        let next = claimed.version + 1;
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", text(pk(tenant)))
            .item("sk", text(ROUND))
            .item(ROUND, document(&claimed.round)?)
            .item("version", number(next));
        let wake = |put: aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder, at| {
            put.item("wake_kind", text(WAKE_KIND)).item("wake_at", text(instant(at)))
        };
        let put = match then {
            Hands::Keep(until) => wake(put, until).item("lease_until", text(instant(until))),
            Hands::GiveBack(at) => wake(put, at),
            Hands::Stop => put,
        };
        let put = put
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(claimed.version));
        if let Err(error) = put.send().await {
            let fenced = error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception);
            let failed = || SaveError::Port(failed("writing down a comparison")(error));
            return Err(if fenced { SaveError::Fenced } else { failed() });
        }
        claimed.version = next;
        Ok(())
    }
}
