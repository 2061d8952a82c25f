//! A running simulator: bind, serve, and a handle that stops it when dropped.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

use crate::clock::{Clock, ClockNotOurs, SimulatedTime};
use crate::cut::{CuttableListener, Scissors};
use crate::http::Shell;
use crate::kept_port::KeptPort;
use crate::state::{self, StateError};
use crate::world::World;

/// How to start a simulator.
pub struct SimulatorOptions<F> {
    /// Port on the loopback address; 0 takes a free one.
    pub port: u16,
    /// The companies. Not used when there is a state file to go on from.
    pub companies: Vec<F>,
    /// Waited before every answer.
    pub latency: Duration,
    /// Simulated time at the start, and it keeps running. When absent, a restored world's clock goes on with the
    /// offset it had, and a new world runs on system time.
    pub start_at: Option<DateTime<Utc>>,
    /// A clock of the caller's: simulated time is exactly what it says, and only the caller can move it. Excludes
    /// `start_at`.
    pub clock: Option<Clock>,
    /// State file to go on from, as [`Simulator::save`] writes it. When there is no such file, the world is made
    /// from `companies`.
    pub restore: Option<PathBuf>,
}

/// By hand, since a company file need not have a default.
impl<F> Default for SimulatorOptions<F> {
    fn default() -> Self {
        Self { port: 0, companies: Vec::new(), latency: Duration::ZERO, start_at: None, clock: None, restore: None }
    }
}

/// Says of the clock only whether there is one: a function has nothing to show.
impl<F: fmt::Debug> fmt::Debug for SimulatorOptions<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { port, companies, latency, start_at, clock, restore } = self;
        f.debug_struct("SimulatorOptions")
            .field("port", port)
            .field("companies", companies)
            .field("latency", latency)
            .field("start_at", start_at)
            .field("clock", &clock.as_ref().map(|_| "the caller's"))
            .field("restore", restore)
            .finish()
    }
}

/// A simulator that does not start.
#[derive(Debug, Error)]
pub enum StartError<E> {
    /// A company file is refused. Do not try again without changing it.
    #[error(transparent)]
    Company(E),
    /// The state file cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// Both `start_at` and `clock` are given. Do not try again without taking one back.
    #[error("start_at sets the simulator's own clock, but the caller's clock is used: give one of the two")]
    TwoClocks,
    /// The port cannot be had. Try again with another, or with 0.
    #[error("cannot listen on port {port}")]
    Port {
        /// The port asked for.
        port: u16,
        /// Why.
        source: io::Error,
    },
}

/// A running simulator. Dropping it stops it and breaks its connections' waiting answers.
pub struct Simulator<W: World> {
    address: SocketAddr,
    shell: Shell<W>,
    stop: watch::Sender<bool>,
    server: Mutex<Option<Server>>,
    /// During an outage.
    kept: Mutex<Option<KeptPort>>,
}

type Server = JoinHandle<io::Result<()>>;

impl<W: World> Simulator<W> {
    /// Starts serving API and control calls on one loopback port.
    pub async fn start(options: SimulatorOptions<W::File>) -> Result<Self, StartError<W::FileError>> {
        let port = options.port;
        let latency = options.latency;
        let (world, time) = world_and_time(options)?;
        let port_error = |source| StartError::Port { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(port_error)?;
        let address = listener.local_addr().map_err(port_error)?;
        let (stop, stopped) = watch::channel(false);
        let shell = Shell::new(world, time, latency, stopped.clone());
        let server = Mutex::new(Some(serve(listener, &shell, stopped)));
        Ok(Self { address, shell, stop, server, kept: Mutex::default() })
    }

    /// `http://127.0.0.1:PORT`, without a trailing slash.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Looks into the world, or changes it, between requests.
    pub fn with_world<R>(&self, use_it: impl FnOnce(&mut W) -> R) -> R {
        self.shell.with_world(use_it)
    }

    /// Every request so far.
    pub fn ledger(&self) -> Vec<W::Entry> {
        self.with_world(|world| world.ledger().to_vec())
    }

    /// Simulated time.
    pub fn now(&self) -> DateTime<Utc> {
        self.shell.now()
    }

    /// Sets simulated time; it goes on running from there. Refused when the clock is the caller's.
    pub fn set_now(&self, now: DateTime<Utc>) -> Result<(), ClockNotOurs> {
        self.shell.set_now(now)
    }

    /// Writes the world (but for its faults) and the clock's offset to a state file, for [`SimulatorOptions::restore`].
    /// Requests that arrive later are not in it: see [`Simulator::stop_and_save`].
    pub fn save(&self, path: &Path) -> Result<(), StateError> {
        let (world, offset) = self.shell.snapshot();
        state::write(path, world, offset)
    }

    /// Stops, and comes back when the last connection is closed.
    pub async fn stop(self) {
        self.finish().await;
    }

    /// The same, and then writes the state file: every request ever answered is in it.
    pub async fn stop_and_save(self, path: &Path) -> Result<(), StateError> {
        self.finish().await;
        self.save(path)
    }

    /// An outage begins: nobody is served any more. Waiting answers are lost, and what their requests did stays done.
    /// Its port is kept for it.
    pub async fn go_down(&self) -> io::Result<()> {
        self.finish().await;
        let mut kept = self.kept.lock().await;
        if kept.is_none() {
            *kept = Some(KeptPort::keep(self.address).await?);
        }
        Ok(())
    }

    /// The outage ends: serves on the same port, with the world that a state file written now would hold. Faults still to
    /// strike are forgotten, as by any restart.
    pub async fn come_back(&self) -> Result<(), StartError<W::FileError>> {
        let port_error = |source| StartError::Port { port: self.address.port(), source };
        self.go_down().await.map_err(port_error)?;
        self.shell.restore_from_snapshot().map_err(StateError::from)?;
        let Some(kept) = self.kept.lock().await.take() else { return Ok(()) };
        let listener = kept.listen().map_err(port_error)?;
        self.stop.send_replace(false);
        *self.server.lock().await = Some(serve(listener, &self.shell, self.stop.subscribe()));
        Ok(())
    }

    async fn finish(&self) {
        self.stop.send_replace(true);
        if let Some(server) = self.server.lock().await.take() {
            // A server that panicked or failed is a stopped server too.
            server.await.ok();
        }
    }
}

impl<W: World> Drop for Simulator<W> {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

fn serve<W: World>(listener: TcpListener, shell: &Shell<W>, stopped: watch::Receiver<bool>) -> Server {
    let service = shell.clone().router().into_make_service_with_connect_info::<Scissors>();
    let server = axum::serve(CuttableListener(listener), service).with_graceful_shutdown(stopped_by(stopped));
    tokio::spawn(async move { server.await })
}

/// The world to start with, from the state file or the companies, and the clock it runs on.
fn world_and_time<W: World>(
    options: SimulatorOptions<W::File>,
) -> Result<(W, SimulatedTime), StartError<W::FileError>> {
    let restored = options.restore.as_deref().map(state::read::<W>).transpose()?.flatten();
    let system_now = Utc::now();
    let time = match (options.clock, options.start_at, &restored) {
        (Some(_), Some(_), _) => return Err(StartError::TwoClocks),
        (Some(clock), None, _) => SimulatedTime::Owned(clock),
        (None, Some(start_at), _) => SimulatedTime::Offset(start_at - system_now),
        (None, None, Some((_, offset))) => SimulatedTime::Offset(*offset),
        (None, None, None) => SimulatedTime::Offset(TimeDelta::zero()),
    };
    let world = match restored {
        Some((world, _)) => world,
        None => W::open(options.companies, time.now()).map_err(StartError::Company)?,
    };
    Ok((world, time))
}

async fn stopped_by(mut stopped: watch::Receiver<bool>) {
    // An error means that the simulator is gone, which is also a stop.
    stopped.wait_for(|stopped| *stopped).await.ok();
}
