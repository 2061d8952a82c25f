//! What an integration signs with.

use std::fmt;

use crate::ids::TenantId;

/// Shortest secret, in bytes: as long as what HMAC-SHA256 makes of it. A shorter one could be guessed offline by whoever
/// saw one signed request.
const LEAST_BYTES: usize = 32;

/// A secret of one tenant. A tenant may have several, so that one can take over from another without a gap.
#[derive(Clone, PartialEq, Eq)]
pub struct SignalSecret {
    id: String,
    tenant: TenantId,
    text: String,
}

/// A secret that is too short to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret must have at least {LEAST_BYTES} characters")]
pub struct WeakSecret;

impl SignalSecret {
    /// The secret that `tenant`'s integration names `id`. The bytes of `text` are the key.
    pub fn new(tenant: TenantId, id: impl Into<String>, text: impl Into<String>) -> Result<Self, WeakSecret> {
        let text = text.into();
        if text.len() < LEAST_BYTES {
            return Err(WeakSecret);
        }
        Ok(Self { id: id.into(), tenant, text })
    }

    /// What it's called. No secret itself.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whose it is.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    pub(super) fn key(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// Without the secret itself.
impl fmt::Debug for SignalSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignalSecret").field("id", &self.id).field("tenant", &self.tenant).finish_non_exhaustive()
    }
}
