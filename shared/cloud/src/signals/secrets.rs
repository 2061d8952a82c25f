//! What integrations sign with: `tenant` + `secret_id` is the key, `secret` the secret.

use aws_sdk_dynamodb::Client;
use domain::{ids::TenantId, signal::SignalSecret};
use workflow::ports::{PortError, SignalSecrets};

use crate::items::{failed, get_text, text};

/// The table of secrets.
#[derive(Debug, Clone)]
pub struct DynamoSignalSecrets {
    client: Client,
    table: String,
}

impl DynamoSignalSecrets {
    pub(crate) fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }
}

impl SignalSecrets for DynamoSignalSecrets {
    async fn secrets(&self, tenant: &TenantId) -> Result<Vec<SignalSecret>, PortError> {
        let mut items = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("tenant = :tenant")
            .expression_attribute_values(":tenant", text(tenant.to_string()))
            // A secret that was removed must open nothing from then on.
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut secrets = Vec::new();
        while let Some(item) = items.next().await {
            let item = item.map_err(failed("reading what integrations sign with"))?;
            let (Some(id), Some(secret)) = (get_text(&item, "secret_id"), get_text(&item, "secret")) else {
                tracing::error!(tenant = %tenant, "an integration's secret has no text");
                continue;
            };
            match SignalSecret::new(tenant.clone(), id, secret) {
                Ok(secret) => secrets.push(secret),
                Err(weak) => tracing::error!(tenant = %tenant, error = %weak, "an integration's secret is not used"),
            }
        }
        Ok(secrets)
    }
}
