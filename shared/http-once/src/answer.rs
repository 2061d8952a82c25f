//! What came back.

use std::fmt;
use std::time::{Duration, SystemTime};

use chrono::DateTime;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::transport::Lost;

/// Why an answer has no body.
#[derive(Debug)]
pub enum BodyFault {
    /// It did not come to its end.
    Lost(Lost),
    /// Longer than the limit, in bytes.
    TooLarge(usize),
}

/// An answer. `Debug` leaves headers and body out, which may hold names, addresses and amounts.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// When it came in.
    pub at: SystemTime,
    /// The body.
    pub body: Result<Vec<u8>, BodyFault>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Answer {
    /// The answer with this status, these headers and this body, as it came in at `now`.
    pub fn new(status: u16, headers: &HeaderMap, now: SystemTime, body: Result<Vec<u8>, BodyFault>) -> Self {
        Self { status, headers: headers.clone(), at: now, body }
    }

    /// The body, or nothing if it could not be read: good enough where the status has already decided.
    pub fn body_or_nothing(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }

    /// The visible ASCII characters of a header, `longest` of them at most: fit for a log.
    pub fn header(&self, name: &str, longest: usize) -> Option<String> {
        let value = self.headers.get(name)?.to_str().ok()?;
        Some(value.chars().filter(char::is_ascii_graphic).take(longest).collect())
    }

    /// `Retry-After` in either of its forms, `longest` at most.
    pub fn retry_after(&self, longest: Duration) -> Option<Duration> {
        let value = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        let pause = if let Ok(seconds) = value.parse() {
            Duration::from_secs(seconds)
        } else {
            let until = SystemTime::from(DateTime::parse_from_rfc2822(value).ok()?);
            until.duration_since(self.at).unwrap_or_default()
        };
        Some(pause.min(longest))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    const LONGEST: Duration = Duration::from_mins(5);

    fn answer(name: &'static str, value: &str) -> Answer {
        let headers = HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]);
        let now = DateTime::parse_from_rfc2822("Wed, 21 Oct 2026 07:28:00 GMT").unwrap();
        Answer::new(429, &headers, now.into(), Ok(b"hemlig".to_vec()))
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_bounded() {
        let pause = |value: &str| answer("retry-after", value).retry_after(LONGEST);
        assert_eq!(pause("2"), Some(Duration::from_secs(2)));
        assert_eq!(pause("Wed, 21 Oct 2026 07:28:07 GMT"), Some(Duration::from_secs(7)));
        assert_eq!(pause("Wed, 21 Oct 2026 07:27:00 GMT"), Some(Duration::ZERO));
        assert_eq!(pause("86400"), Some(LONGEST));
        assert_eq!(pause("soon"), None);
        assert_eq!(pause("-1"), None);
        assert_eq!(answer("x-other", "1").retry_after(LONGEST), None);
    }

    #[test]
    fn a_header_is_made_fit_for_a_log() {
        assert_eq!(answer("x-uid", "ab c\td").header("X-Uid", 3).as_deref(), Some("abc"));
        assert_eq!(answer("x-uid", "abc").header("x-other", 3), None);
    }

    #[test]
    fn an_answer_prints_neither_headers_nor_body() {
        let printed = format!("{:?}", answer("x-uid", "hemlig"));
        assert!(!printed.contains("hemlig") && !printed.contains("104"), "{printed}");
    }
}
