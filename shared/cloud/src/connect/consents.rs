//! The table of invitations. `invitation`, the digest of the link, is the key; `invitation_document` is what was agreed,
//! `asked` the last question, and `open_state` its digest for as long as it isn't spent. No secret stands in it.

use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::{put_item::PutItemError, update_item::UpdateItemError},
    types::AttributeValue,
};
use domain::connect::{Asked, Digest, Invitation};
use workflow::{connect::Consents, ports::PortError};

use crate::items::{document, failed, number, read_document, text};

const DOCUMENT: &str = "invitation_document";
const ASKED: &str = "asked";

/// The invitations of the consents table.
#[derive(Debug, Clone)]
pub struct DynamoConsents {
    client: Client,
    table: String,
}

impl DynamoConsents {
    pub(crate) fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }
}

/// Whether the write was made; a condition that didn't hold is no error.
fn held<T>(what: &'static str, written: Result<T, SdkError<UpdateItemError>>) -> Result<bool, PortError> {
    match written {
        Ok(_) => Ok(true),
        Err(error) if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) => {
            Ok(false)
        }
        Err(error) => Err(failed(what)(error)),
    }
}

impl Consents for DynamoConsents {
    async fn keep(&self, invitation: &Invitation) -> Result<(), PortError> {
        let what = "keeping an invitation";
        let kept = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("invitation", text(invitation.id.to_string()))
            .item(DOCUMENT, document(&Invitation { asked: None, ..invitation.clone() })?)
            .item("expires_at", number(invitation.expires_at.timestamp()))
            .condition_expression("attribute_not_exists(invitation)")
            .send()
            .await;
        match kept {
            // Nothing else has its name, so an earlier try has kept it.
            Err(error)
                if !error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) =>
            {
                Err(failed(what)(error))
            }
            _ => Ok(()),
        }
    }

    async fn find(&self, id: &Digest) -> Result<Option<Invitation>, PortError> {
        let what = "reading an invitation";
        let request = self.client.get_item().table_name(&self.table).key("invitation", text(id.to_string()));
        let Some(item) = request.consistent_read(true).send().await.map_err(failed(what))?.item else {
            return Ok(None);
        };
        let invitation: Invitation = read_document(&item, DOCUMENT, what)?;
        let asked = item.contains_key(ASKED).then(|| read_document(&item, ASKED, what)).transpose()?;
        Ok(Some(Invitation { asked, ..invitation }))
    }

    async fn ask(&self, id: &Digest, asked: &Asked) -> Result<bool, PortError> {
        let written = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("invitation", text(id.to_string()))
            .update_expression("SET asked = :asked, open_state = :state")
            .condition_expression("attribute_exists(invitation)")
            .expression_attribute_values(":asked", document(asked)?)
            .expression_attribute_values(":state", text(asked.state.to_string()))
            .send()
            .await;
        held("noting a question", written)
    }

    async fn spend(&self, id: &Digest, state: &Digest) -> Result<bool, PortError> {
        let written = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("invitation", text(id.to_string()))
            .update_expression("SET asked.spent = :spent REMOVE open_state")
            .condition_expression("open_state = :state")
            .expression_attribute_values(":spent", AttributeValue::Bool(true))
            .expression_attribute_values(":state", text(state.to_string()))
            .send()
            .await;
        held("spending an answer", written)
    }

    async fn end(&self, id: &Digest) -> Result<(), PortError> {
        let request = self.client.delete_item().table_name(&self.table).key("invitation", text(id.to_string()));
        request.send().await.map(|_| ()).map_err(failed("ending an invitation"))
    }
}
