//! Services that go down for a while, and come back on the same port with what they had.

use local::Emulator;

use crate::{Front, Fronts, Stage, StageError};

/// What can go down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// The accounting system.
    Fortnox,
    /// The tables.
    DynamoDb,
    /// The queues, as the functions see them.
    Sqs,
    /// The mails.
    Ses,
}

impl Service {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Fortnox, Self::DynamoDb, Self::Sqs, Self::Ses];

    /// It goes down: its connections break in the middle of whatever they carry, and no new ones are taken.
    pub async fn go_down(self, stage: &Stage, fronts: &Fronts) -> Result<(), StageError> {
        self.front(fronts).close().await?;
        match self.emulator() {
            None => stage.simulator.go_down().await?,
            Some(emulator) => stage.cloud.stop_emulator(emulator).await?,
        }
        Ok(())
    }

    /// It comes back.
    pub async fn come_back(self, stage: &Stage, fronts: &Fronts) -> Result<(), StageError> {
        match self.emulator() {
            None => stage.simulator.come_back().await?,
            Some(emulator) => stage.cloud.restart_emulator(emulator).await?,
        }
        Ok(self.front(fronts).reopen()?)
    }

    fn front(self, fronts: &Fronts) -> &Front {
        match self {
            Self::Fortnox => &fronts.fortnox,
            Self::DynamoDb => &fronts.dynamodb,
            Self::Sqs => &fronts.sqs,
            Self::Ses => &fronts.ses,
        }
    }

    fn emulator(self) -> Option<Emulator> {
        match self {
            Self::Fortnox => None,
            Self::DynamoDb => Some(Emulator::DynamoDb),
            Self::Sqs => Some(Emulator::Sqs),
            Self::Ses => Some(Emulator::Ses),
        }
    }
}
