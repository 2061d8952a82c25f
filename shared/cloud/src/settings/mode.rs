//! Writing the mode into a profile that a person may be writing at the same time.

use aws_sdk_dynamodb::error::SdkError;
use domain::{
    ids::TenantId,
    settings::{Mode, TenantFields},
};
use workflow::ports::PortError;

use super::DynamoSettings;
use crate::items::{failed, text};

impl DynamoSettings {
    /// Writes nothing but the mode, if the profile says `from` now: in so many words, or by leaving the default out.
    pub(super) async fn write_mode(&self, tenant: &TenantId, from: Mode, to: Mode) -> Result<bool, PortError> {
        let says_from = if from == TenantFields::default().mode {
            "attribute_exists(tenant) AND (#mode = :from OR attribute_not_exists(#mode))"
        } else {
            "attribute_exists(tenant) AND #mode = :from"
        };
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("tenant", text(tenant.to_string()))
            .key("scope", text("profile"))
            .update_expression("SET #mode = :to")
            .condition_expression(says_from)
            .expression_attribute_names("#mode", "mode")
            .expression_attribute_values(":from", text(from.name()))
            .expression_attribute_values(":to", text(to.name()));
        match update.send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(error)) if error.err().is_conditional_check_failed_exception() => Ok(false),
            Err(error) => Err(failed("setting a tenant's mode")(error)),
        }
    }
}
