//! The use cases of the function `connect`: a company's people consent, and the company becomes a tenant.
//!
//! The order is what makes a crash harmless at any point. The answer is spent first, so that it counts once. The code is
//! exchanged once, never again. Then the connection is stored, then the profile if there is none, then the first look, and the
//! invitation ends last: whoever was interrupted opens the link again and consents once more, to the same end.

mod ports;

use std::time::Duration;

use domain::{
    connect::{Auth, Invitation, No, Page, Refused, Secret, State, WrongTenant, first_profile},
    ids::{SystemKind, TenantId},
    settings::{SettingsError, parse_profile},
};
use serde_json::{Map, Value};

pub use self::ports::{ConnectPorts, Connector, Consents, GrantError, Granted, NewProfiles, Proof, Randomness};
use crate::{
    message::{Message, ScanMessage},
    ports::{Clock, PortError, Queues, Settings},
};

/// Why a company isn't connected. [`Stop::page`] tells its people.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// The link counts for nothing.
    #[error("the link is {0}")]
    Link(Refused),
    /// The answer counts for nothing.
    #[error("the answer is {0}")]
    Answer(Refused),
    /// The accounting system said no: ask again once that is put right.
    #[error("the accounting system said no: {no:?}")]
    No {
        /// Which.
        system: SystemKind,
        /// What it means.
        no: No,
        /// In its own words.
        words: String,
    },
    /// Another company was meant.
    #[error(transparent)]
    WrongTenant(#[from] WrongTenant),
    /// The code or grant gave nothing, and may be spent. Not to be repeated: a new consent gives a new one.
    #[error("no usable answer from the accounting system: {what}")]
    StartAgain {
        /// Which.
        system: SystemKind,
        /// What was seen.
        what: String,
    },
    /// A store didn't answer, or the app's own credentials are missing. May be repeated with a new consent.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl Stop {
    /// What people are told.
    pub fn page(&self) -> Page {
        match self {
            Self::Link(refused) => Page::Link(*refused),
            Self::Answer(refused) => Page::Answer(*refused),
            Self::No { system, no, words } => Page::No { system: *system, no: *no, words: words.clone() },
            Self::WrongTenant(WrongTenant { expected, found }) => {
                Page::WrongTenant { expected: expected.clone(), found: found.clone() }
            }
            Self::StartAgain { system, .. } => Page::StartAgain(*system),
            Self::Port(_) => Page::Unready,
        }
    }

    /// What of it may stand in a log.
    pub fn for_logs(&self) -> String {
        match self {
            Self::Port(error) => error.for_logs(),
            other => other.to_string(),
        }
    }
}

/// Why a profile isn't written.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// It's none: not to be repeated as it is.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The store didn't answer. May be repeated.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// What the browser brought back.
#[derive(Debug)]
pub enum Said {
    /// The code, or e-conomic's grant.
    Yes(Proof),
    /// `error` and `error_description`.
    No {
        /// OAuth's word.
        error: String,
        /// For people.
        description: String,
    },
}

/// A company that was connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// Who.
    pub tenant: TenantId,
    /// Its name, if the accounting system told.
    pub name: Option<String>,
}

/// Makes an invitation, for whoever may: an operator. Gives the secret of its link, which is kept nowhere
/// ([`domain::connect::link_address`] makes the address of it).
pub async fn invite<P: ConnectPorts>(
    ports: &P,
    system: SystemKind,
    auth: Auth,
    expected: Option<TenantId>,
    invoice_service: bool,
) -> Result<Secret, PortError> {
    let link = ports.randomness().secret()?;
    let invitation = Invitation::new(&link, system, auth, expected, ports.clock().now());
    let invitation = Invitation { invoice_service, ..invitation };
    ports.consents().keep(&invitation).await?;
    Ok(link)
}

/// Writes what a company's consultant chose for it before its people consent, unless it has a profile: connecting leaves it as it
/// is, so what was chosen counts from the first look. Whether it did.
pub async fn prepare<P: ConnectPorts>(
    ports: &P,
    tenant: &TenantId,
    profile: &Map<String, Value>,
) -> Result<bool, PrepareError> {
    parse_profile(profile.clone())?;
    Ok(ports.profiles().keep_first(tenant, profile).await?)
}

/// Looks whether a link may be opened. Changes nothing.
pub async fn look<P: ConnectPorts>(ports: &P, system: SystemKind, link: &str) -> Result<Invitation, Stop> {
    let link: Secret = link.parse().map_err(|_| Stop::Link(Refused::Unknown))?;
    let invitation = ports.consents().find(&link.digest()).await?.ok_or(Stop::Link(Refused::Unknown))?;
    invitation.check_link(system, ports.clock().now()).map_err(Stop::Link)?;
    Ok(invitation)
}

/// Asks the question: gives the address of the accounting system's consent page. Asking again replaces the last question, so
/// that a link is one item in the table however often it's opened.
pub async fn ask<P: ConnectPorts>(ports: &P, system: SystemKind, link: &str, callback: &str) -> Result<String, Stop> {
    let invitation = look(ports, system, link).await?;
    let (state, asked) = invitation.ask(ports.randomness().secret()?, ports.clock().now());
    let address = ports.connector().consent_page(&invitation, &state.expose(), callback).await?;
    if !ports.consents().ask(&invitation.id, &asked).await? {
        return Err(Stop::Link(Refused::Unknown));
    }
    Ok(address)
}

/// Takes the answer.
pub async fn answer<P: ConnectPorts>(
    ports: &P,
    system: SystemKind,
    state: &str,
    said: Said,
    callback: &str,
) -> Result<Connected, Stop> {
    let refused = Stop::Answer;
    let state: State = state.parse().map_err(|_| refused(Refused::Unknown))?;
    let consents = ports.consents();
    let invitation = consents.find(&state.invitation).await?.ok_or(refused(Refused::Unknown))?;
    invitation.check_answer(system, &state, ports.clock().now()).map_err(refused)?;
    // Of two at once, one spends it.
    if !consents.spend(&invitation.id, &state.secret.digest()).await? {
        return Err(refused(Refused::Used));
    }
    let proof = match said {
        Said::Yes(proof) => proof,
        Said::No { error, description } => {
            let words = No::presentable(if description.trim().is_empty() { &error } else { &description });
            return Err(Stop::No { system, no: No::of(&error, &description), words });
        }
    };
    let granted = redeem(ports, &invitation, proof, callback).await?;
    invitation.check_tenant(&granted.tenant)?;
    let Granted { tenant, name, culture, connection } = granted;
    ports.connector().keep(&tenant, &connection).await?;
    let new = ports.profiles().keep_first(&tenant, &first_profile(system, name.as_deref(), culture.as_deref())).await?;
    after_connecting(ports, &tenant).await?;
    consents.end(&invitation.id).await?;
    tracing::info!(tenant = %tenant, new, "a company is connected");
    Ok(Connected { tenant, name })
}

async fn redeem<P: ConnectPorts>(
    ports: &P,
    invitation: &Invitation,
    proof: Proof,
    callback: &str,
) -> Result<Granted<<P::Connector as Connector>::Connection>, Stop> {
    let system = invitation.system;
    ports.connector().redeem(system, invitation.auth, proof, callback).await.map_err(|error| match error {
        GrantError::Refused { words } => Stop::No { system, no: No::Other, words: No::presentable(&words) },
        GrantError::Unusable(what) => Stop::StartAgain { system, what },
        GrantError::Port(error) => Stop::Port(error),
    })
}

/// What follows once a company is connected, anew too: a pre-flight, and it's looked at with the next heartbeat, which also
/// settles what was raised while it couldn't be reached. **The one place for all that is to be done with a company that was just
/// connected.** It may be done twice, when it's interrupted.
async fn after_connecting<P: ConnectPorts>(ports: &P, tenant: &TenantId) -> Result<(), PortError> {
    let message = Message::Scan(ScanMessage::Preflight { tenant: tenant.clone() });
    ports.queues().send(&message, Duration::ZERO).await?;
    ports.profiles().schedule_next(tenant, ports.clock().now()).await
}
