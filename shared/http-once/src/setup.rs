//! What can be wrong before the first request.

use reqwest::Url;

use crate::transport::{Cause, Fault};

/// A client could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The base address is not an absolute `http` or `https` URL.
    #[error("the base address is not an absolute http(s) URL")]
    BaseUrl,
    /// The TLS or HTTP machinery could not be set up.
    #[error("the HTTP client could not be set up")]
    Http(#[source] Cause),
}

impl From<SetupError> for Fault {
    fn from(error: SetupError) -> Self {
        Self::NotSent(error.into())
    }
}

/// An absolute `http(s)` address.
pub fn base_url(text: &str) -> Result<Url, SetupError> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && !url.cannot_be_a_base())
        .ok_or(SetupError::BaseUrl)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_web_addresses_are_taken() {
        for bad in ["", "api.service.test", "ftp://x.test", "mailto:a@x.test"] {
            assert!(base_url(bad).is_err(), "{bad}");
        }
        assert!(base_url("https://x.test/below").is_ok());
    }
}
