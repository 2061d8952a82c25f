//! Emulators that stop, and start again on the same port with what they had.

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpSocket},
    sync::Mutex,
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{EmulatorError, Emulators};

/// Connections that may wait to be taken, as many as a listener of tokio's has.
const WAITING_CONNECTIONS: u32 = 1024;
/// A process that is being started has a copy of every listener until it runs its own program, so that a port may be free only
/// after that: some milliseconds, and more on a busy machine.
const FREE_WITHIN: Duration = Duration::from_secs(5);
/// How often it's looked at.
const LOOK_EVERY: Duration = Duration::from_millis(2);

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
pub(super) struct Servers(BTreeMap<Emulator, (u16, Mutex<Server>)>);

struct Server {
    tasks: JoinSet<()>,
    /// During an outage.
    kept: Option<KeptPort>,
}

impl Server {
    async fn stop(&mut self, port: u16) -> io::Result<()> {
        self.tasks.shutdown().await;
        if self.kept.is_none() {
            self.kept = Some(KeptPort::keep(port).await?);
        }
        Ok(())
    }
}

/// A port that nobody listens on and nobody else can have. A free one may be given to any connection that's made meanwhile,
/// and then the server could not come back on it.
struct KeptPort(TcpSocket);

impl KeptPort {
    async fn keep(port: u16) -> io::Result<Self> {
        let latest = Instant::now() + FREE_WITHIN;
        loop {
            match Self::take(port) {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse && Instant::now() < latest => {
                    sleep(LOOK_EVERY).await;
                }
                taken => return taken,
            }
        }
    }

    fn take(port: u16) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        // Else whoever allows it too could share the port.
        socket.set_reuseaddr(false)?;
        Ok(Self(socket))
    }

    fn listen(self) -> io::Result<TcpListener> {
        self.0.set_reuseaddr(true)?;
        self.0.listen(WAITING_CONNECTIONS)
    }
}

impl Servers {
    /// Each with its address.
    pub(super) fn new<const N: usize>(servers: [(Emulator, &String, JoinSet<()>); N]) -> Self {
        let port = |url: &str| url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default();
        let server = |tasks| Mutex::new(Server { tasks, kept: None });
        Self(servers.into_iter().map(|(which, url, tasks)| (which, (port(url), server(tasks)))).collect())
    }
}

impl Emulators {
    /// Nobody is served from here on.
    pub(crate) async fn stop(&self, which: Emulator) -> Result<(), EmulatorError> {
        let Some((port, server)) = self.servers.0.get(&which) else { return Ok(()) };
        Ok(server.lock().await.stop(*port).await?)
    }

    /// Serves again.
    pub(crate) async fn restart(&self, which: Emulator) -> Result<(), EmulatorError> {
        let Some((port, server)) = self.servers.0.get(&which) else { return Ok(()) };
        let mut server = server.lock().await;
        server.stop(*port).await?;
        let Some(kept) = server.kept.take() else { return Ok(()) };
        let (listener, tasks) = (kept.listen()?, &mut server.tasks);
        match which {
            Emulator::DynamoDb => self.dynamodb.restart(listener, tasks)?,
            Emulator::Sqs => self.sqs.serve(listener, tasks),
            Emulator::Ses => self.ses.serve(listener, tasks),
            Emulator::Secrets => self.secrets.serve(listener, tasks),
        }
        Ok(())
    }
}
