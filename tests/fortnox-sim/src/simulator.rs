//! A running simulator: bind, serve, and a handle that stops it when dropped.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::company_file::{CompanyFile, CompanyFileError};
use crate::cut::{CuttableListener, Scissors};
use crate::http::Shell;
use crate::world::{LedgerEntry, World};

/// How to start a simulator.
#[derive(Debug, Default)]
pub struct SimulatorOptions {
    /// Port on the loopback address; 0 takes a free one.
    pub port: u16,
    /// The companies.
    pub companies: Vec<CompanyFile>,
    /// Waited before every answer.
    pub latency: Duration,
    /// Simulated time at the start; system time when absent. It keeps running.
    pub start_at: Option<DateTime<Utc>>,
}

/// A simulator that does not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// A company file is refused. Do not try again without changing it.
    #[error(transparent)]
    Company(#[from] CompanyFileError),
    /// The port cannot be had. Try again with another, or with 0.
    #[error("cannot listen on port {port}")]
    Port {
        /// The port asked for.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
}

/// A running simulator. Dropping it stops it and breaks its connections' waiting answers.
pub struct Simulator {
    address: SocketAddr,
    shell: Shell,
    stop: watch::Sender<bool>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Simulator {
    /// Starts serving API, authorization host and control calls on one loopback port.
    pub async fn start(options: SimulatorOptions) -> Result<Self, StartError> {
        let system_now = Utc::now();
        let now = options.start_at.unwrap_or(system_now);
        let offset: TimeDelta = now - system_now;
        let world = World::new(options.companies, now)?;
        let port = options.port;
        let port_error = |source| StartError::Port { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(port_error)?;
        let address = listener.local_addr().map_err(port_error)?;
        let (stop, stopped) = watch::channel(false);
        let shell = Shell::new(world, offset, options.latency, stopped.clone());
        let service = shell.clone().router().into_make_service_with_connect_info::<Scissors>();
        let server = axum::serve(CuttableListener(listener), service).with_graceful_shutdown(stopped_by(stopped));
        Ok(Self { address, shell, stop, server: tokio::spawn(async move { server.await }) })
    }

    /// `http://127.0.0.1:PORT`, without a trailing slash.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Looks into the world, or changes it, between requests.
    pub fn with_world<R>(&self, use_it: impl FnOnce(&mut World) -> R) -> R {
        self.shell.with_world(use_it)
    }

    /// Every request so far.
    pub fn ledger(&self) -> Vec<LedgerEntry> {
        self.with_world(|world| world.ledger().to_vec())
    }

    /// Simulated time.
    pub fn now(&self) -> DateTime<Utc> {
        self.shell.now()
    }

    /// Sets simulated time; it goes on running from there.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.shell.set_now(now);
    }

    /// Stops, and comes back when the last connection is closed.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        // A server that panicked or failed is a stopped server too.
        (&mut self.server).await.ok();
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

async fn stopped_by(mut stopped: watch::Receiver<bool>) {
    // An error means that the simulator is gone, which is also a stop.
    stopped.wait_for(|stopped| *stopped).await.ok();
}
