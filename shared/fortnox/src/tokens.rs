//! Secrets of the OAuth 2 flows, as types that cannot be printed.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lenient_json::Object;

use crate::tenant::TenantId;

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// `Debug` prints the type's name only.
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Wraps the secret text as it was received.
            pub fn new(secret: impl Into<String>) -> Self {
                Self(secret.into())
            }

            /// The secret text, for storing it encrypted or sending it to Fortnox; never for a log.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

secret! {
    /// What a call to `/3/` carries; lives for an hour.
    AccessToken
}
secret! {
    /// What the next access token is fetched with, once: it is spent by its first use and a new one comes back.
    RefreshToken
}
secret! {
    /// The integration's own password at the token endpoint.
    ClientSecret
}
secret! {
    /// The `code` that the consent page sends back; lives for ten minutes.
    AuthorizationCode
}

impl AccessToken {
    /// The company that the token is for, read from the token's `tenantId` claim.
    ///
    /// The signature is not checked: the token came straight from Fortnox over TLS, and the answer is only used to
    /// name the tenant. `None` if the token does not look as seen in the field (Fortnox documents no token format).
    pub fn tenant_id(&self) -> Option<TenantId> {
        let claims = URL_SAFE_NO_PAD.decode(self.0.split('.').nth(1)?).ok()?;
        let claims = std::str::from_utf8(&claims).ok()?;
        let number = Object::root(claims).ok()?.integer("tenantId").ok()??;
        u64::try_from(number).ok().map(TenantId::new)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn token(claims: &str) -> AccessToken {
        AccessToken::new(format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims)))
    }

    #[test]
    fn the_tenant_is_read_from_the_claims_as_number_or_text() {
        assert_eq!(token(r#"{"tenantId":1234}"#).tenant_id(), Some(TenantId::new(1234)));
        assert_eq!(token(r#"{"tenantId":"1234"}"#).tenant_id(), Some(TenantId::new(1234)));
    }

    #[test]
    fn a_token_of_another_shape_names_no_tenant() {
        assert_eq!(AccessToken::new("opaque").tenant_id(), None);
        assert_eq!(token("not json").tenant_id(), None);
        assert_eq!(token("{}").tenant_id(), None);
        assert_eq!(token(r#"{"tenantId":-1}"#).tenant_id(), None);
    }
}
