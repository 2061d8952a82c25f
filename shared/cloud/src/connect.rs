//! Connecting companies: the ports of [`workflow::connect`] over AWS and the accounting systems, and the HTTP side of it.

mod connector;
mod consents;
mod http;

use workflow::connect::ConnectPorts;

pub use self::{connector::SystemsConnector, consents::DynamoConsents, http::answer};
use crate::{clock::SystemClock, queues::SqsQueues, random::SystemRandomness, settings::DynamoSettings};

/// The ports of connecting.
#[derive(Debug)]
pub struct ConnectDesk {
    pub(crate) consents: DynamoConsents,
    pub(crate) connector: SystemsConnector,
    pub(crate) profiles: DynamoSettings,
    pub(crate) clock: SystemClock,
    pub(crate) randomness: SystemRandomness,
    pub(crate) queues: SqsQueues,
}

impl ConnectPorts for ConnectDesk {
    type Consents = DynamoConsents;
    type Connector = SystemsConnector;
    type Profiles = DynamoSettings;
    type Clock = SystemClock;
    type Randomness = SystemRandomness;
    type Queues = SqsQueues;

    fn consents(&self) -> &DynamoConsents {
        &self.consents
    }

    fn connector(&self) -> &SystemsConnector {
        &self.connector
    }

    fn profiles(&self) -> &DynamoSettings {
        &self.profiles
    }

    fn clock(&self) -> &SystemClock {
        &self.clock
    }

    fn randomness(&self) -> &SystemRandomness {
        &self.randomness
    }

    fn queues(&self) -> &SqsQueues {
        &self.queues
    }
}
