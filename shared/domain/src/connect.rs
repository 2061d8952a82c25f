//! Connecting a company: who may ask its people for their consent, for how long, and what they're told.
//!
//! An operator makes an [`Invitation`] and gives its link away. Whoever opens the link is sent to the accounting system's
//! consent page with a [`State`] that lives ten minutes and is taken once; the answer must bring it back. Of link and state
//! only digests are kept, so that nobody can make either from what is stored. `docs/connect.md` tells the whole way.

mod invitation;
mod no;
mod page;
mod profile;
mod secret;

pub use self::{
    invitation::{Asked, Auth, Invitation, LINK_LIVES, Refused, STATE_LIVES, State, WrongTenant},
    no::No,
    page::{Page, language_of},
    profile::first_profile,
    secret::{Digest, NotASecret, Secret},
};
use crate::ids::SystemKind;

/// How an accounting system is called in our own addresses.
pub fn path_name(system: SystemKind) -> &'static str {
    match system {
        SystemKind::Fortnox => "fortnox",
        SystemKind::Economic => "economic",
    }
}

/// The accounting system of that name.
pub fn named(name: &str) -> Option<SystemKind> {
    [SystemKind::Fortnox, SystemKind::Economic].into_iter().find(|system| path_name(*system) == name)
}

/// The address to give to whoever is to connect a company. `public` is where the HTTP API is, without a slash at its end.
pub fn link_address(public: &str, system: SystemKind, link: &Secret) -> String {
    format!("{public}/connect/{}?link={}", path_name(system), link.expose())
}

/// Where the accounting system sends people back to: `host` is where they called us. It must be registered with the
/// accounting system, so a host that somebody made up leads nowhere.
pub fn callback_address(host: &str, system: SystemKind) -> String {
    let name = host.split(':').next().unwrap_or_default();
    // On one machine there is no TLS (RFC 8252, 7.3 allows for it).
    let scheme = if matches!(name, "127.0.0.1" | "localhost") { "http" } else { "https" };
    format!("{scheme}://{host}/connect/{}/callback", path_name(system))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_come_back_by_tls_but_on_one_machine() {
        let at = |host| callback_address(host, SystemKind::Fortnox);
        assert_eq!(at("api.example"), "https://api.example/connect/fortnox/callback");
        assert_eq!(at("127.0.0.1:80"), "http://127.0.0.1:80/connect/fortnox/callback");
        assert_eq!(at("127.0.0.1.example"), "https://127.0.0.1.example/connect/fortnox/callback");
    }

    #[test]
    fn a_system_has_one_name() {
        assert_eq!(named("fortnox"), Some(SystemKind::Fortnox));
        assert_eq!(named("economic"), Some(SystemKind::Economic));
        assert_eq!(named("Fortnox"), None);
    }
}
