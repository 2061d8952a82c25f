//! What a tenant's newest pre-flight came to.

use aws_sdk_dynamodb::error::SdkError;
use domain::{ids::TenantId, preflight::Standing};
use workflow::ports::PortError;

use super::{DynamoSettings, PREFLIGHT};
use crate::items::{Item, document, failed, instant, read_document, text};

const WHAT: &str = "reading what a pre-flight came to";
const STANDING: &str = "standing";

pub(super) fn read(item: &Item) -> Result<Standing, PortError> {
    read_document(item, STANDING, WHAT)
}

impl DynamoSettings {
    /// Of two pre-flights the one that was begun later counts, whichever ended first.
    pub(super) async fn put_standing(&self, tenant: &TenantId, standing: &Standing) -> Result<(), PortError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("tenant", text(tenant.to_string()))
            .key("scope", text(PREFLIGHT))
            .update_expression("SET begun_at = :at, standing = :standing")
            .condition_expression("attribute_not_exists(begun_at) OR begun_at <= :at")
            .expression_attribute_values(":at", text(instant(standing.at)))
            .expression_attribute_values(":standing", document(standing)?);
        match update.send().await {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(error)) if error.err().is_conditional_check_failed_exception() => Ok(()),
            Err(error) => Err(failed("keeping what a pre-flight came to")(error)),
        }
    }
}
