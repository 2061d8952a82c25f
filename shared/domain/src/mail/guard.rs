//! The guard of everybody's name: one tenant with a stale register must not have the mail service stop them all.

use serde::{Deserialize, Serialize};

/// Above this share of bounces a tenant's mails wait. The mail service reviews an account at 5 % and stops it at 10 % (source: SES
/// developer guide, reputation messages; AWS fact sheet 1.5), and that account is everybody's.
pub const TOO_MANY_BOUNCES_PERCENT: u32 = 4;

/// With fewer mails than this a share says nothing: one wrong address in a first run of ten would stop it.
pub const FEWEST_MAILS: u32 = 25;

/// A tenant's mails of some days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailCounts {
    /// The mail service took them.
    pub accepted: u32,
    /// Of those, how many bounced.
    pub bounced: u32,
}

impl MailCounts {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            accepted: self.accepted.saturating_add(other.accepted),
            bounced: self.bounced.saturating_add(other.bounced),
        }
    }

    /// Whether so many bounced that the tenant's mails are to wait for a person.
    pub fn are_too_many(self) -> bool {
        let share = u64::from(self.bounced) * 100;
        self.accepted >= FEWEST_MAILS && share > u64::from(self.accepted) * u64::from(TOO_MANY_BOUNCES_PERCENT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_counts_from_a_number_on() {
        let too_many = |accepted, bounced| MailCounts { accepted, bounced }.are_too_many();
        assert_eq!(
            [(24, 24), (25, 1), (25, 2), (100, 4), (100, 5)].map(|(a, b)| too_many(a, b)),
            [false, false, true, false, true]
        );
        let sum = MailCounts { accepted: 10, bounced: 1 }.and(MailCounts { accepted: 90, bounced: 4 });
        assert!(sum.are_too_many());
    }
}
