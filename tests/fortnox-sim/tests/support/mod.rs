//! What the tests over a socket share: a client that hides nothing, and the small sample company.

use std::io;
use std::path::{Path, PathBuf};

use fortnox_sim::{CompanyFile, SimulatorOptions};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A person of the small sample company.
pub(crate) const PERSON: [(&str, &str); 2] = [("X-Sim-Actor", "person"), ("X-Sim-Tenant", "7654321")];

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// One request on a connection of its own. A connection that ends without an answer is an error.
pub(crate) async fn call(
    base_url: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(base_url.strip_prefix("http://").unwrap()).await?;
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: sim\r\nConnection: close\r\n");
    for (name, value) in headers {
        for part in [name, ": ", value, "\r\n"] {
            request.push_str(part);
        }
    }
    let length = body.len().to_string();
    for part in ["Content-Length: ", &length, "\r\n\r\n", body] {
        request.push_str(part);
    }
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let head_end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let head_end = head_end.ok_or(io::ErrorKind::UnexpectedEof)?;
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    Ok(Answer { status: head.split(' ').nth(1).unwrap().parse().unwrap(), body: bytes.split_off(head_end + 4) })
}

pub(crate) fn company_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("companies/liten.json")
}

/// The small sample company, at system time.
pub(crate) fn liten() -> SimulatorOptions {
    SimulatorOptions { companies: vec![CompanyFile::read(&company_file()).unwrap()], ..SimulatorOptions::default() }
}
