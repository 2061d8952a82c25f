//! Emulators that stop, and start again on the same port with what they had.

use std::collections::BTreeMap;

use tokio::{sync::Mutex, task::JoinSet};

use super::{EmulatorError, Emulators, listen};

/// One of the emulators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Emulator {
    /// The tables.
    DynamoDb,
    /// The queues.
    Sqs,
    /// The mails.
    Ses,
    /// Our own credentials.
    Secrets,
}

/// Their servers.
pub(super) struct Servers(BTreeMap<Emulator, (u16, Mutex<JoinSet<()>>)>);

impl Servers {
    /// Each with its address.
    pub(super) fn new<const N: usize>(servers: [(Emulator, &String, JoinSet<()>); N]) -> Self {
        let port = |url: &str| url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default();
        Self(servers.into_iter().map(|(which, url, server)| (which, (port(url), Mutex::new(server)))).collect())
    }
}

impl Emulators {
    /// Nobody is served from here on.
    pub(crate) async fn stop(&self, which: Emulator) {
        if let Some((_, server)) = self.servers.0.get(&which) {
            server.lock().await.shutdown().await;
        }
    }

    /// Serves again.
    pub(crate) async fn restart(&self, which: Emulator) -> Result<(), EmulatorError> {
        let Some((port, server)) = self.servers.0.get(&which) else { return Ok(()) };
        let mut server = server.lock().await;
        server.shutdown().await;
        let listener = listen(*port).await?;
        match which {
            Emulator::DynamoDb => self.dynamodb.restart(listener, &mut server)?,
            Emulator::Sqs => self.sqs.serve(listener, &mut server),
            Emulator::Ses => self.ses.serve(listener, &mut server),
            Emulator::Secrets => self.secrets.serve(listener, &mut server),
        }
        Ok(())
    }
}
