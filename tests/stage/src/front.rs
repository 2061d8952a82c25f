//! A proxy in front of one of the outside world's services, which breaks calls as the mischief draws.

#[cfg(test)]
mod tests;

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Mutex, PoisonError},
};

use sim_kit::KeptPort;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::WriteHalf},
    sync::watch,
    task::JoinSet,
};

use crate::mischief::{Blow, Mischief, Trouble};

/// A call's head, and often all of it, comes at once: as much as is read in one go.
const CHUNK: usize = 64 * 1024;

/// One proxy, on a port of its own. Dropping it breaks every connection.
pub struct Front {
    address: SocketAddr,
    behind: watch::Sender<Option<SocketAddr>>,
    mischief: Mischief,
    acting: Option<&'static str>,
    server: Mutex<JoinSet<()>>,
    /// During an outage.
    kept: Mutex<Option<KeptPort>>,
}

impl fmt::Debug for Front {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Front")
            .field("address", &self.address)
            .field("behind", &*self.behind.borrow())
            .finish_non_exhaustive()
    }
}

impl Front {
    /// Opens one; what it's to stand in front of need not be there yet. `acting` is the function whose calls alone come here
    /// and all have an effect, if it's so.
    pub async fn open(mischief: &Mischief, acting: Option<&'static str>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let front = Self {
            address,
            behind: watch::Sender::new(None),
            mischief: mischief.clone(),
            acting,
            server: Mutex::new(JoinSet::new()),
            kept: Mutex::default(),
        };
        front.serve(listener);
        Ok(front)
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it stands in front of: `http://127.0.0.1:PORT`.
    pub fn lead_to(&self, url: &str) -> Result<(), std::net::AddrParseError> {
        self.behind.send_replace(Some(url.trim_start_matches("http://").parse()?));
        Ok(())
    }

    /// An outage begins: every connection breaks, and new ones are refused.
    pub async fn close(&self) -> io::Result<()> {
        let mut server = std::mem::take(&mut *self.server.lock().unwrap_or_else(PoisonError::into_inner));
        server.shutdown().await;
        let kept = KeptPort::keep(self.address).await?;
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(())
    }

    /// The outage ends, on the same port. Nothing where there was none.
    pub fn reopen(&self) -> io::Result<()> {
        if let Some(kept) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).take() {
            self.serve(kept.listen()?);
        }
        Ok(())
    }

    fn serve(&self, listener: TcpListener) {
        let (behind, mischief, acting) = (self.behind.subscribe(), self.mischief.clone(), self.acting);
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        server.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    Ok((client, _)) = listener.accept() => {
                        let (behind, mischief) = (behind.clone(), mischief.clone());
                        // A connection that breaks, by either end or by us, is just over.
                        connections.spawn(async move { drop(carry(client, behind, &mischief, acting).await) });
                    }
                    Some(_) = connections.join_next() => {}
                    else => return,
                }
            }
        });
    }
}

/// Carries calls one after another, until either end is done or something goes wrong with one.
async fn carry(
    mut client: TcpStream,
    mut behind: watch::Receiver<Option<SocketAddr>>,
    mischief: &Mischief,
    acting: Option<&'static str>,
) -> io::Result<()> {
    let address = behind.wait_for(Option::is_some).await.map_err(io::Error::other)?.ok_or(io::ErrorKind::NotFound)?;
    let mut server = TcpStream::connect(address).await?;
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
    }
    let (mut asked, mut told) = (vec![0; CHUNK], vec![0; CHUNK]);
    // What goes wrong with the call whose answer is being waited for.
    let mut waiting: Option<Trouble> = None;
    let mut killings = JoinSet::new();
    let blow = {
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        loop {
            tokio::select! {
                read = from_client.read(&mut asked) => {
                    let request = &asked[..read?];
                    if request.is_empty() {
                        return Ok(());
                    }
                    let trouble = *waiting.get_or_insert_with(|| mischief.draw(request, acting));
                    if let Trouble::Before(blow) = trouble {
                        break (blow, false);
                    }
                    to_server.write_all(request).await?;
                }
                read = from_server.read(&mut told) => {
                    let answer = &told[..read?];
                    if answer.is_empty() {
                        return Ok(());
                    }
                    match waiting.take() {
                        Some(Trouble::After(blow)) => break (blow, true),
                        Some(Trouble::Within) => {
                            half(&mut to_client, answer).await?;
                            break (Blow::Cut, true);
                        }
                        Some(Trouble::KillIn(time)) => {
                            let mischief = mischief.clone();
                            killings.spawn(async move { mischief.kill_in(time).await });
                        }
                        Some(Trouble::None | Trouble::Before(_)) | None => {}
                    }
                    to_client.write_all(answer).await?;
                }
            }
        }
    };
    mischief.deal(blow.0, blow.1).await;
    // A reset, as of a machine that is gone: the client reads nothing of what may still be on its way.
    client.set_zero_linger()
}

async fn half(to_client: &mut WriteHalf<'_>, answer: &[u8]) -> io::Result<()> {
    to_client.write_all(&answer[..answer.len() / 2]).await
}
