//! The simulator over a real socket: the same rules as in process, and the faults that only a wire can show.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io;
use std::path::Path;

use economic_sim::{CompanyFile, EffectKind, Fault, FaultKind, Simulator, SimulatorOptions};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const HEADERS: [(&str, &str); 4] = [
    ("X-AppSecretToken", "not-a-secret-app"),
    ("X-AgreementGrantToken", "not-a-secret-grant-sonderaa"),
    ("Content-Type", "application/json"),
    ("Idempotency-Key", "k"),
];
const BOOKING: &str = r#"{"draftInvoice":{"draftInvoiceNumber":1}}"#;

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

async fn start() -> Simulator {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("companies/sonderaa.json");
    let start_at = Some("2026-01-01T08:00:00Z".parse().unwrap());
    let companies = vec![CompanyFile::read(&file).unwrap()];
    Simulator::start(SimulatorOptions { start_at, companies, ..SimulatorOptions::default() }).await.unwrap()
}

#[tokio::test]
async fn a_booking_whose_answer_is_lost_is_replayed_under_its_key() {
    let simulator = start().await;
    simulator.with_world(|world| world.inject(Fault::next_on("/invoices/booked", FaultKind::DropAfterEffect)));
    let base_url = simulator.base_url();
    assert!(call(&base_url, "POST", "/invoices/booked", &HEADERS, BOOKING).await.is_err());
    let again = call(&base_url, "POST", "/invoices/booked", &HEADERS, BOOKING).await.unwrap();
    assert_eq!((again.status, again.json()["orderNumber"].as_u64()), (201, Some(1)));
    let effects: Vec<EffectKind> =
        simulator.ledger().iter().flat_map(|entry| entry.effects.iter().map(|effect| effect.kind)).collect();
    assert_eq!(effects, [EffectKind::InvoiceBooked]);
    let pdf = call(&base_url, "GET", "/invoices/booked/10001/pdf", &HEADERS, "").await.unwrap();
    assert!(pdf.body.starts_with(b"%PDF-"));
}

#[tokio::test]
async fn control_calls_turn_switches_and_clock() {
    let simulator = start().await;
    let base_url = simulator.base_url();
    let change = r#"{"token_limit":5}"#;
    let turned = call(&base_url, "PUT", "/_sim/switches?tenant=7654321", &[], change).await.unwrap();
    assert_eq!(turned.json()["7654321"]["token_limit"], 5);
    for (path, body, status) in [
        ("/_sim/switches?tenant=7654321", r#"{"tokenlimit":5}"#, 400),
        ("/_sim/switches?tenant=1", change, 404),
        ("/_sim/clock", r#"{"now":"2026-03-01T00:00:00Z"}"#, 200),
    ] {
        assert_eq!(call(&base_url, "PUT", path, &[], body).await.unwrap().status, status, "{path}");
    }
    for path in ["/_sim/ledger", "/_sim/state", "/_sim/faults", "/_sim/switches"] {
        assert_eq!(call(&base_url, "GET", path, &[], "").await.unwrap().status, 200, "{path}");
    }
}
