//! Who may ask a company for its consent, and which answers count.

use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::secret::{Digest, NotASecret, Secret};
use crate::ids::{SystemKind, TenantId};

/// How long a link may be opened: a consultant's customer reads mail within a week.
pub const LINK_LIVES: TimeDelta = TimeDelta::days(7);

/// How long the consent page's answer may take: as long as Fortnox's code lives (API fact sheet, 1.1).
pub const STATE_LIVES: TimeDelta = TimeDelta::minutes(10);

/// In whose name we're to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// A service account of the company's own: no refresh token, nothing that can be lost. For e-conomic, whose grants never
    /// run out, it's all the same.
    ServiceAccount,
    /// The user who consents: where no system administrator can be had. Its refresh tokens are spent one by one.
    User,
}

/// An operator's leave to connect one company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The digest of its link.
    pub id: Digest,
    /// Where the company keeps its books.
    pub system: SystemKind,
    /// In whose name.
    pub auth: Auth,
    /// The one company that may be connected; any if nobody knew its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<TenantId>,
    /// Fortnox: the company's invoices are to be handed over to its invoice service, which takes a consent of its own. Not asked for
    /// without need, since whoever lacks the licence couldn't consent at all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invoice_service: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Until when its link may be opened.
    pub expires_at: DateTime<Utc>,
    /// The last time that somebody was sent to the consent page: opening the link once more replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
}

/// A question that an accounting system was asked in a person's browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The digest of the secret that must come back.
    pub state: Digest,
    /// Until when.
    pub until: DateTime<Utc>,
    /// It came back, and won't be taken again.
    #[serde(default)]
    pub spent: bool,
}

/// What goes to the consent page and must come back unchanged: which invitation it's for, and its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct State {
    /// Which invitation.
    pub invitation: Digest,
    /// Known to nobody but that browser and the accounting system.
    pub secret: Secret,
}

/// Why a link or an answer counts for nothing. Nothing is stored then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such thing: made up, or another was given since.
    #[error("unknown")]
    Unknown,
    /// It's too late.
    #[error("expired")]
    Expired,
    /// It was taken before.
    #[error("used before")]
    Used,
}

/// Another company than the one that was meant. It must not be connected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found} consented, but {expected} was meant")]
pub struct WrongTenant {
    /// Who was meant.
    pub expected: TenantId,
    /// Who consented.
    pub found: TenantId,
}

impl Invitation {
    /// One whose link is `link`, made `now`.
    pub fn new(link: &Secret, system: SystemKind, auth: Auth, expected: Option<TenantId>, now: DateTime<Utc>) -> Self {
        let (id, expires_at) = (link.digest(), now + LINK_LIVES);
        Self { id, system, auth, expected, invoice_service: false, created_at: now, expires_at, asked: None }
    }

    /// Whether its link may be opened for `system`.
    pub fn check_link(&self, system: SystemKind, now: DateTime<Utc>) -> Result<(), Refused> {
        if self.system != system {
            return Err(Refused::Unknown);
        }
        if self.expires_at <= now { Err(Refused::Expired) } else { Ok(()) }
    }

    /// The question with this secret, and what is kept of it.
    pub fn ask(&self, secret: Secret, now: DateTime<Utc>) -> (State, Asked) {
        let asked = Asked { state: secret.digest(), until: now + STATE_LIVES, spent: false };
        (State { invitation: self.id.clone(), secret }, asked)
    }

    /// Whether this answer is the one that is waited for.
    pub fn check_answer(&self, system: SystemKind, state: &State, now: DateTime<Utc>) -> Result<(), Refused> {
        let asked = self.asked.as_ref().filter(|asked| {
            self.system == system && self.id == state.invitation && asked.state == state.secret.digest()
        });
        match asked {
            None => Err(Refused::Unknown),
            Some(asked) if asked.spent => Err(Refused::Used),
            Some(asked) if asked.until <= now => Err(Refused::Expired),
            Some(_) => Ok(()),
        }
    }

    /// Whether the company that consented is the one that was meant.
    pub fn check_tenant(&self, found: &TenantId) -> Result<(), WrongTenant> {
        match &self.expected {
            Some(expected) if expected != found => {
                Err(WrongTenant { expected: expected.clone(), found: found.clone() })
            }
            _ => Ok(()),
        }
    }
}

impl State {
    /// As it goes over the wire; never into a log.
    pub fn expose(&self) -> String {
        format!("{}.{}", self.invitation, self.secret.expose())
    }
}

impl FromStr for State {
    type Err = NotASecret;
    fn from_str(text: &str) -> Result<Self, NotASecret> {
        let (invitation, secret) = text.split_once('.').ok_or(NotASecret)?;
        Ok(Self { invitation: invitation.parse()?, secret: secret.parse()? })
    }
}

/// Without the secret.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State(..)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn secret(byte: u8) -> Secret {
        Secret::from_random([byte; 32])
    }

    fn noon() -> DateTime<Utc> {
        "2026-01-01T12:00:00Z".parse().unwrap()
    }

    fn tenant(number: u64) -> TenantId {
        TenantId::new(SystemKind::Fortnox, number)
    }

    fn invitation() -> Invitation {
        Invitation::new(&secret(1), SystemKind::Fortnox, Auth::ServiceAccount, Some(tenant(7)), noon())
    }

    #[test]
    fn a_link_is_for_one_system_and_one_week() {
        let second = TimeDelta::seconds(1);
        let cases = [
            (SystemKind::Fortnox, noon(), Ok(())),
            (SystemKind::Fortnox, noon() + LINK_LIVES - second, Ok(())),
            (SystemKind::Fortnox, noon() + LINK_LIVES, Err(Refused::Expired)),
            (SystemKind::Economic, noon(), Err(Refused::Unknown)),
        ];
        for (system, now, verdict) in cases {
            assert_eq!(invitation().check_link(system, now), verdict, "{system:?} at {now}");
        }
    }

    #[test]
    fn an_answer_counts_once_in_time_and_with_the_secret_that_was_given() {
        let mut invitation = invitation();
        let (state, asked) = invitation.ask(secret(2), noon());
        let forged = State { secret: secret(3), ..state.clone() };
        let another_s = State { invitation: secret(4).digest(), ..state.clone() };
        let soon = noon() + STATE_LIVES - TimeDelta::seconds(1);
        assert_eq!(invitation.check_answer(SystemKind::Fortnox, &state, soon), Err(Refused::Unknown), "never asked");
        invitation.asked = Some(asked.clone());
        let cases = [
            (SystemKind::Fortnox, &state, soon, Ok(())),
            (SystemKind::Fortnox, &state, noon() + STATE_LIVES, Err(Refused::Expired)),
            (SystemKind::Economic, &state, soon, Err(Refused::Unknown)),
            (SystemKind::Fortnox, &forged, soon, Err(Refused::Unknown)),
            (SystemKind::Fortnox, &another_s, soon, Err(Refused::Unknown)),
        ];
        for (system, state, now, verdict) in cases {
            assert_eq!(invitation.check_answer(system, state, now), verdict);
        }
        invitation.asked = Some(Asked { spent: true, ..asked });
        assert_eq!(invitation.check_answer(SystemKind::Fortnox, &state, soon), Err(Refused::Used));
        // Asking again replaces the question, and the old answer counts no more.
        let (_, again) = invitation.ask(secret(5), noon());
        invitation.asked = Some(again);
        assert_eq!(invitation.check_answer(SystemKind::Fortnox, &state, soon), Err(Refused::Unknown));
    }

    #[test]
    fn only_the_company_that_was_meant_is_connected() {
        assert_eq!(invitation().check_tenant(&tenant(7)), Ok(()));
        let wrong = WrongTenant { expected: tenant(7), found: tenant(8) };
        assert_eq!(invitation().check_tenant(&tenant(8)), Err(wrong));
        assert_eq!(Invitation { expected: None, ..invitation() }.check_tenant(&tenant(8)), Ok(()));
    }

    #[test]
    fn a_state_comes_back_as_it_went_and_what_is_kept_gives_none() {
        let invitation = invitation();
        let (state, asked) = invitation.ask(secret(2), noon());
        assert_eq!(state.expose().parse::<State>().unwrap(), state);
        let kept = serde_json::to_string(&Invitation { asked: Some(asked), ..invitation }).unwrap();
        assert!(!kept.contains(secret(1).expose()) && !kept.contains(secret(2).expose()), "{kept}");
        for wrong in ["", ".", "a.b", state.secret.expose(), &format!("{}.", state.expose())] {
            assert_eq!(wrong.parse::<State>(), Err(NotASecret), "{wrong}");
        }
        assert_eq!(format!("{state:?}"), "State(..)");
    }
}
