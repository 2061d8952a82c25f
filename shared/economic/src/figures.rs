//! What an answer tells about the rate limit.

use std::time::Duration;

use http_once::HeaderMap;

/// Longest period that is believed.
const LONGEST_PERIOD: Duration = Duration::from_hours(24);

/// Figures of `X-RateLimiting` and `X-CallCost`, which every answer carries, errors too (seen in others' code; both hosts
/// draw on one budget). Limit and costs differ between agreements and calls, so they are read and never assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// What is used up of the budget now.
    pub used: u64,
    /// The budget.
    pub limit: u64,
    /// The time in which an empty budget fills up.
    pub period: Duration,
    /// What this call cost, if it says so.
    pub cost: Option<u64>,
}

impl Figures {
    /// Reads the headers: `X-RateLimiting: token-limit-10000-per-60-seconds: 147/10000` and `X-CallCost: 3`. `None` if they are
    /// not there or not so.
    pub fn read(headers: &HeaderMap) -> Option<Self> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let (name, used) = text("x-ratelimiting")?.rsplit_once(':')?;
        let (used, limit) = used.split_once('/')?;
        let (_, seconds) = name.trim().strip_suffix("-seconds")?.rsplit_once("-per-")?;
        let period = Duration::from_secs(seconds.parse().ok()?);
        let limit = limit.trim().parse().ok()?;
        if limit == 0 || period.is_zero() || period > LONGEST_PERIOD {
            return None;
        }
        let cost = text("x-callcost").and_then(|cost| cost.parse().ok());
        Some(Self { used: used.trim().parse().ok()?, limit, period, cost })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn read(headers: &[(&'static str, &str)]) -> Option<Figures> {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        Figures::read(&headers.collect())
    }

    #[test]
    fn the_figures_are_read() {
        let period = Duration::from_mins(1);
        for (said, cost, expected) in [
            ("token-limit-10000-per-60-seconds: 147/10000", Some("3"), (147, 10_000, Some(3))),
            ("token-limit-500-per-60-seconds:500/500", None, (500, 500, None)),
            (" token-limit-10000-per-60-seconds : 12000 / 10000 ", Some("dyrt"), (12_000, 10_000, None)),
        ] {
            let mut headers = vec![("x-ratelimiting", said)];
            headers.extend(cost.map(|cost| ("x-callcost", cost)));
            let (used, limit, cost) = expected;
            assert_eq!(read(&headers), Some(Figures { used, limit, period, cost }), "{said}");
        }
    }

    #[test]
    fn what_is_no_figure_tells_nothing() {
        for said in [
            "",
            "147/10000",
            "token-limit-10000-per-60-seconds",
            "token-limit-10000-per-0-seconds: 1/10000",
            "token-limit-0-per-60-seconds: 1/0",
            "token-limit-10000-per-60-seconds: -1/10000",
            "token-limit-10000-per-60-minutes: 1/10000",
            "token-limit-1-per-99999999999-seconds: 1/1",
        ] {
            assert_eq!(read(&[("x-ratelimiting", said)]), None, "{said}");
        }
        assert_eq!(read(&[("x-callcost", "3")]), None);
    }
}
