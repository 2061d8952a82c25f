//! A door to a server: shut, every connection ends at it; open, it leads through.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, OnceLock},
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

pub(crate) struct Door {
    address: SocketAddr,
    behind: Arc<OnceLock<String>>,
    _server: JoinSet<()>,
}

impl Door {
    /// One that is shut, so far with nothing behind it.
    pub(crate) async fn shut() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let (address, behind) = (listener.local_addr().unwrap(), Arc::<OnceLock<String>>::default());
        let mut server = JoinSet::new();
        server.spawn(serve(listener, Arc::clone(&behind)));
        Self { address, behind, _server: server }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Opens it to the server at `url`, for good.
    pub(crate) fn open(&self, url: &str) {
        self.behind.set(url.trim_start_matches("http://").to_owned()).expect("it's shut");
    }
}

async fn serve(listener: TcpListener, behind: Arc<OnceLock<String>>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((mut near, _)) = listener.accept().await else { continue };
        // Shut: dropping the connection ends it.
        let Some(address) = behind.get().cloned() else { continue };
        connections.spawn(async move {
            // Whoever closes first, the other side sees it.
            if let Ok(mut far) = TcpStream::connect(address).await {
                drop(copy_bidirectional(&mut near, &mut far).await);
            }
        });
    }
}
