//! The outside world of [`super`].

use std::{fmt, future::Future};

use domain::{
    connect::{Asked, Auth, Digest, Invitation, Secret},
    ids::{SystemKind, TenantId},
};
use serde_json::{Map, Value};

use crate::ports::{Clock, PortError, Queues, Settings};

/// Everything that connecting needs.
pub trait ConnectPorts: Send + Sync {
    /// The invitations.
    type Consents: Consents;
    /// The accounting systems.
    type Connector: Connector;
    /// The settings.
    type Profiles: NewProfiles + Settings;
    /// The time.
    type Clock: Clock;
    /// Chance.
    type Randomness: Randomness;
    /// The queues.
    type Queues: Queues;

    /// The invitations.
    fn consents(&self) -> &Self::Consents;
    /// The accounting systems.
    fn connector(&self) -> &Self::Connector;
    /// The settings.
    fn profiles(&self) -> &Self::Profiles;
    /// The time.
    fn clock(&self) -> &Self::Clock;
    /// Chance.
    fn randomness(&self) -> &Self::Randomness;
    /// The queues.
    fn queues(&self) -> &Self::Queues;
}

/// Invitations, and the questions asked of them.
pub trait Consents: Send + Sync {
    /// Keeps a new one.
    fn keep(&self, invitation: &Invitation) -> impl Future<Output = Result<(), PortError>> + Send;

    /// One as it stands.
    fn find(&self, id: &Digest) -> impl Future<Output = Result<Option<Invitation>, PortError>> + Send;

    /// Notes a question in the place of the last. `false` if the invitation is gone.
    fn ask(&self, id: &Digest, asked: &Asked) -> impl Future<Output = Result<bool, PortError>> + Send;

    /// Spends the question with this state. `false` if it isn't the last or was spent: of many at once, one gets `true`.
    fn spend(&self, id: &Digest, state: &Digest) -> impl Future<Output = Result<bool, PortError>> + Send;

    /// Ends an invitation. One that is gone is ended.
    fn end(&self, id: &Digest) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// What the consent page sent back: Fortnox's code or e-conomic's grant. A secret.
#[derive(Clone)]
pub struct Proof(String);

impl Proof {
    /// As it came.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// For the accounting system; never for a log.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Without the secret.
impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proof(..)")
    }
}

/// What a consent gave. No `Debug`: it may hold a person's name.
pub struct Granted<C> {
    /// The company.
    pub tenant: TenantId,
    /// Its name, if it's known.
    pub name: Option<String>,
    /// The language of whoever consented, such as `da-DK`, if it's known.
    pub culture: Option<String>,
    /// What the tenant's calls are made with.
    pub connection: C,
}

/// A proof that gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The accounting system refused it.
    #[error("refused: {words}")]
    Refused {
        /// In its own words.
        words: String,
    },
    /// No usable answer: it may be spent.
    #[error("{0}")]
    Unusable(String),
    /// Our own side.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// The accounting systems' consent, and where what it gives is kept.
pub trait Connector: Send + Sync {
    /// What a tenant's calls are made with.
    type Connection: Send + Sync;

    /// The address of the page where a company's people consent and come back to `callback` with `state`.
    fn consent_page(
        &self,
        invitation: &Invitation,
        state: &str,
        callback: &str,
    ) -> impl Future<Output = Result<String, PortError>> + Send;

    /// **Effect**: turns the proof into a connection, once. `callback` as on the consent page.
    fn redeem(
        &self,
        system: SystemKind,
        auth: Auth,
        proof: Proof,
        callback: &str,
    ) -> impl Future<Output = Result<Granted<Self::Connection>, GrantError>> + Send;

    /// Stores a connection in the place of whatever the tenant had.
    fn keep(
        &self,
        tenant: &TenantId,
        connection: &Self::Connection,
    ) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// Profiles of companies that have none.
pub trait NewProfiles: Send + Sync {
    /// Writes the tenant's profile unless there is one. Whether it did.
    fn keep_first(
        &self,
        tenant: &TenantId,
        profile: &Map<String, Value>,
    ) -> impl Future<Output = Result<bool, PortError>> + Send;
}

/// Chance that nobody can guess.
pub trait Randomness: Send + Sync {
    /// A new secret.
    fn secret(&self) -> Result<Secret, PortError>;
}
