#![allow(clippy::unwrap_used)]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::task::JoinSet;

use super::*;
use crate::mischief::Odds;

const EFFECT: &[u8] = b"PUT /3/contracts/1/createinvoice";
/// So many that chance has its say both ways.
const TRIES: usize = 20;
const NEVER: Odds = Odds { kill: 0, kill_after_effect: 0, cut: 0, cut_after_effect: 0 };

/// A service that answers each call with itself, and how many it got.
async fn echo() -> (String, Arc<AtomicUsize>, JoinSet<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (calls, mut server) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
    let got = Arc::clone(&calls);
    server.spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut call = vec![0; CHUNK];
            while let Ok(read @ 1..) = stream.read(&mut call).await {
                got.fetch_add(1, Ordering::SeqCst);
                stream.write_all(&call[..read]).await.unwrap();
            }
        }
    });
    (url, calls, server)
}

/// The whole answer to a call on a connection of its own.
async fn call(front: &Front, text: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(front.address).await?;
    stream.write_all(text).await?;
    let mut answer = vec![0; CHUNK];
    let read = stream.read(&mut answer).await?;
    answer.truncate(read);
    Ok(answer)
}

#[tokio::test]
async fn an_answer_is_cut_after_the_effect_and_passes_when_nothing_goes_wrong() {
    let (mischief, _killer) = Mischief::new(1);
    let front = Front::open(&mischief, None).await.unwrap();
    let (url, calls, _server) = echo().await;
    front.lead_to(&url).unwrap();
    mischief.set(Odds { cut_after_effect: 1, ..NEVER });
    for struck in 1..=5 {
        // Nothing, or half of it.
        assert!(call(&front, EFFECT).await.map_or(0, |answer| answer.len()) < EFFECT.len());
        assert_eq!(calls.load(Ordering::SeqCst), struck);
    }
    assert_eq!(call(&front, b"GET /").await.unwrap(), b"GET /", "it has no effect");
    mischief.rest();
    assert_eq!(call(&front, EFFECT).await.unwrap(), EFFECT);
    assert_eq!(mischief.harm().cuts, 5);
}

#[tokio::test]
async fn some_calls_are_cut_before_they_are_made() {
    let (mischief, _killer) = Mischief::new(1);
    let front = Front::open(&mischief, None).await.unwrap();
    let (url, calls, _server) = echo().await;
    front.lead_to(&url).unwrap();
    mischief.set(Odds { cut: 1, ..NEVER });
    for _ in 0..TRIES {
        assert!(call(&front, b"GET /").await.map_or(0, |answer| answer.len()) < b"GET /".len());
    }
    assert!((1..TRIES).contains(&calls.load(Ordering::SeqCst)));
}

#[tokio::test]
async fn an_outage_breaks_and_refuses_connections_and_ends_on_the_same_port() {
    let (mischief, _killer) = Mischief::new(1);
    let front = Front::open(&mischief, None).await.unwrap();
    let (url, _calls, _server) = echo().await;
    front.lead_to(&url).unwrap();
    let mut open = TcpStream::connect(front.address).await.unwrap();
    open.write_all(b"GET /").await.unwrap();
    assert_eq!(open.read(&mut [0; 5]).await.unwrap(), 5);
    front.close().await.unwrap();
    assert!(open.read(&mut [0; 5]).await.map_or(true, |read| read == 0));
    assert_eq!(call(&front, b"GET /").await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    front.reopen().unwrap();
    assert_eq!(call(&front, b"GET /").await.unwrap(), b"GET /");
}
