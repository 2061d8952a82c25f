//! How long a new process takes until its first TLS connection has said something: microseconds for setting the client up, and from
//! then on until the other side has the first byte. `infra/tools/compare-builds` runs it, built in several ways.

#![allow(clippy::print_stdout, reason = "its output")]

use std::{error::Error, time::Instant};

use http_once::{HttpClient, Timeouts, Transport};
use reqwest::{Method, Url};
use tokio::{io::AsyncReadExt, net::TcpListener};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    let client = HttpClient::new(Timeouts::default());
    client.set_up()?;
    let set_up = began.elapsed();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = Url::parse(&format!("https://{}/", listener.local_addr()?))?;
    let request = client.request(Method::GET, url)?.build()?;
    let asked = Instant::now();
    // It hangs up after the first byte, so that there's never an answer.
    let heard = async {
        let (mut stream, _) = listener.accept().await?;
        stream.read_u8().await?;
        Ok::<_, std::io::Error>(asked.elapsed())
    };
    tokio::select! {
        heard = heard => println!("{} {}", set_up.as_micros(), heard?.as_micros()),
        _ = client.send(request, 0) => return Err("the call ended before anything was heard of it".into()),
    }
    Ok(())
}
