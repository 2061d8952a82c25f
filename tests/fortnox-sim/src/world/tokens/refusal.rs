//! What the token endpoint says no with: JSON behind content types that are none.

use serde_json::json;

use sim_kit::SimResponse;

/// A refusal of the token endpoint.
pub(super) struct TokenRefusal {
    status: u16,
    content_type: &'static str,
    error: &'static str,
    description: &'static str,
}

/// Recorded: JSON as plain text.
pub(super) const INVALID_CLIENT: TokenRefusal = TokenRefusal {
    status: 401,
    content_type: "text/plain;charset=UTF-8",
    error: "invalid_client",
    description: "The client credentials are invalid",
};
/// Recorded: JSON as HTML.
pub(super) const INVALID_REFRESH_TOKEN: TokenRefusal = TokenRefusal {
    status: 400,
    content_type: "text/html; charset=UTF-8",
    error: "invalid_grant",
    description: "Invalid refresh token",
};
/// Not recorded; shaped after the refusal of a refresh token.
pub(super) const INVALID_CODE: TokenRefusal =
    TokenRefusal { description: "Invalid authorization code", ..INVALID_REFRESH_TOKEN };
/// Not recorded.
pub(super) const WRONG_REDIRECT: TokenRefusal =
    TokenRefusal { description: "The redirect URI is not the one of the consent", ..INVALID_REFRESH_TOKEN };
/// Not recorded: a company that has not consented to a service account.
pub(super) const NO_CONSENT: TokenRefusal =
    TokenRefusal { description: "No consent for this tenant", ..INVALID_REFRESH_TOKEN };
/// Not recorded.
pub(super) const UNKNOWN_GRANT: TokenRefusal = TokenRefusal {
    error: "unsupported_grant_type",
    description: "The grant type is not supported",
    ..INVALID_REFRESH_TOKEN
};

impl TokenRefusal {
    /// The answer as it goes out.
    pub(super) fn answer(&self) -> SimResponse {
        let body = json!({"error": self.error, "error_description": self.description});
        SimResponse::new(self.status, self.content_type, body.to_string())
    }
}
