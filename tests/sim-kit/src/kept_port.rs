//! The port of a server that's away for a while.
//!
//! A free port may be given to any connection that's made meanwhile, and then the server could not come back on it.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    net::{TcpListener, TcpSocket},
    time::{Instant, sleep},
};

/// Connections that may wait to be taken, as many as a listener of tokio's has.
const WAITING_CONNECTIONS: u32 = 1024;

/// A process that is being started has a copy of every listener until it runs its own program, so that a port may be free only
/// after that: some milliseconds, and more on a busy machine.
const FREE_WITHIN: Duration = Duration::from_secs(5);
/// How often it's looked at.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// A port that nobody listens on and nobody else can have: a connection is refused.
#[derive(Debug)]
pub struct KeptPort(TcpSocket);

impl KeptPort {
    /// Keeps the port of a listener that was just dropped, whatever is left of its connections.
    pub async fn keep(address: SocketAddr) -> io::Result<Self> {
        let latest = Instant::now() + FREE_WITHIN;
        loop {
            match Self::take(address) {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse && Instant::now() < latest => {
                    sleep(LOOK_EVERY).await;
                }
                taken => return taken,
            }
        }
    }

    fn take(address: SocketAddr) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        // Else whoever allows it too could share the port.
        socket.set_reuseaddr(false)?;
        Ok(Self(socket))
    }

    /// The server is back.
    pub fn listen(self) -> io::Result<TcpListener> {
        self.0.set_reuseaddr(true)?;
        self.0.listen(WAITING_CONNECTIONS)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::{io::ErrorKind, net::Ipv4Addr};

    use tokio::net::TcpStream;

    use super::*;

    #[tokio::test]
    async fn nobody_else_has_it_and_it_serves_again() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        // A connection outlives the listener.
        let (client, server) = tokio::join!(TcpStream::connect(address), listener.accept());
        drop(listener);

        let kept = KeptPort::keep(address).await.unwrap();
        assert_eq!(TcpListener::bind(address).await.map(drop).map_err(|error| error.kind()), taken());
        assert_eq!(
            TcpStream::connect(address).await.map(drop).map_err(|error| error.kind()),
            Err(ErrorKind::ConnectionRefused)
        );

        let back = kept.listen().unwrap();
        let (again, _) = tokio::join!(TcpStream::connect(address), back.accept());
        again.unwrap();
        drop((client, server));
    }

    /// What anybody else hears.
    fn taken() -> Result<(), ErrorKind> {
        Err(ErrorKind::AddrInUse)
    }
}
