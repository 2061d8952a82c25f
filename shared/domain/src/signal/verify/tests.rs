#![allow(clippy::unwrap_used)]

use chrono::TimeDelta;

use super::*;

const PATH: &str = "/tenants/economic-7654321/drafts/148/ready";
const SECRET: &str = "9b1f0c5e7a3d48c2b6e19f04d7a8c35b";
const SENT_AT: &str = "1767254400";

fn secret() -> SignalSecret {
    SignalSecret::new("economic-7654321".parse().unwrap(), "crm-2026", SECRET).unwrap()
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(SENT_AT.parse().unwrap(), 0).unwrap()
}

fn unsigned<'a>() -> Request<'a> {
    let (key, nonce) = ("crm-2026", "3f9a1c5e-order-5512");
    Request { method: "POST", path: PATH, key, timestamp: SENT_AT, nonce, signature: "", body: b"" }
}

/// What comes of a request that is signed as it stands.
fn signed(request: Request<'_>) -> Result<VerifiedSignal, Refused> {
    let signature = sign(&request, &secret());
    verify(&Request { signature: &signature, ..request }, &[secret()], now())
}

fn stranger(why: Stranger) -> Result<VerifiedSignal, Refused> {
    Err(Refused::Stranger(why))
}

#[test]
fn a_signed_request_is_a_signal() {
    let signal = signed(unsigned()).unwrap();
    assert_eq!(signal.tenant.to_string(), "economic-7654321");
    assert_eq!((signal.draft.get(), signal.at), (148, now()));
    assert_eq!(signal.nonce.to_string(), "3f9a1c5e-order-5512");
    for body in [&br#"{"order": 5512}"#[..], b"null", b"[]"] {
        assert!(signed(Request { body, ..unsigned() }).is_ok());
    }
}

/// The page for integrators shows what the code makes.
#[test]
fn the_documented_example_is_true() {
    let page = include_str!("../../../../../docs/ready-signal.md");
    let request = unsigned();
    for shown in [SECRET, PATH, SENT_AT, request.key, request.nonce, &request.canonical(), &sign(&request, &secret())] {
        assert!(page.contains(shown), "the page doesn't show {shown}");
    }
}

#[test]
fn whatever_is_signed_counts() {
    let signature = sign(&unsigned(), &secret());
    let request = Request { signature: &signature, ..unsigned() };
    let changed = [
        Request { method: "PUT", ..request },
        Request { path: "/tenants/economic-7654321/drafts/149/ready", ..request },
        Request { timestamp: "1767254401", ..request },
        Request { nonce: "3f9a1c5e-order-5513", ..request },
        Request { body: b"{}", ..request },
        Request { signature: "", ..request },
        Request { signature: &signature[3..], ..request },
        Request { signature: &signature[..signature.len() - 2], ..request },
    ];
    for request in changed {
        assert_eq!(verify(&request, &[secret()], now()), stranger(Stranger::Signature));
    }
    let other = SignalSecret::new(secret().tenant().clone(), "crm-2026", "x".repeat(32)).unwrap();
    assert_eq!(verify(&request, &[other], now()), stranger(Stranger::Signature));
    assert!(verify(&Request { signature: &signature.replace('v', "V"), ..request }, &[secret()], now()).is_err());
}

#[test]
fn only_the_tenant_s_own_live_secrets_count_and_two_may_live_at_once() {
    let signature = sign(&unsigned(), &secret());
    let request = Request { signature: &signature, ..unsigned() };
    assert_eq!(verify(&request, &[], now()), stranger(Stranger::Key));
    let another_s = SignalSecret::new("economic-1".parse().unwrap(), "crm-2026", SECRET).unwrap();
    assert_eq!(verify(&request, &[another_s], now()), stranger(Stranger::Key));
    let next = SignalSecret::new(secret().tenant().clone(), "crm-2027", "y".repeat(32)).unwrap();
    assert!(verify(&request, &[next.clone(), secret()], now()).is_ok());
    // Nobody's key opens nothing.
    let nobody = SignalSecret::new(secret().tenant().clone(), "crm-2026", "\0".repeat(32)).unwrap();
    let forged = sign(&unsigned(), &nobody);
    assert_eq!(verify(&Request { signature: &forged, ..unsigned() }, &[next], now()), stranger(Stranger::Key));
}

#[test]
fn a_request_lives_as_long_as_clocks_may_differ() {
    let signature = sign(&unsigned(), &secret());
    let request = Request { signature: &signature, ..unsigned() };
    let second = TimeDelta::seconds(1);
    for (now, fine) in [
        (now() - CLOCK_TOLERANCE, true),
        (now() + CLOCK_TOLERANCE, true),
        (now() - CLOCK_TOLERANCE - second, false),
        (now() + CLOCK_TOLERANCE + second, false),
    ] {
        assert_eq!(verify(&request, &[secret()], now).is_ok(), fine, "{now}");
    }
    for timestamp in ["", "yesterday", "99999999999999999999", "9223372036854775807"] {
        assert_eq!(signed(Request { timestamp, ..unsigned() }), stranger(Stranger::Time), "{timestamp}");
    }
}

#[test]
fn a_path_that_can_be_nobody_s_is_a_stranger_s() {
    for path in [
        "",
        "/",
        "/tenants/economic-7654321/drafts/148",
        "/tenants/economic-07654321/drafts/148/ready",
        "/tenants/fortnox-7654321/drafts/148/ready",
        "/tenants//drafts/148/ready",
    ] {
        assert_eq!(signed(Request { path, ..unsigned() }), stranger(Stranger::Path), "{path}");
    }
}

#[test]
fn what_the_integration_itself_got_wrong_it_is_told() {
    fn field(request: Request<'_>) -> &'static str {
        match signed(request) {
            Err(Refused::Malformed { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }
    for path in ["0148", "0", "x", "1000000000", "1/2", ""] {
        let path = format!("/tenants/economic-7654321/drafts/{path}/ready");
        assert_eq!(field(Request { path: &path, ..unsigned() }), "draft");
    }
    assert_eq!(field(Request { nonce: "short", ..unsigned() }), "nonce");
    let long = [b' '; MOST_BODY_BYTES + 1];
    for body in [&b"not json"[..], &long] {
        assert_eq!(field(Request { body, ..unsigned() }), "body");
    }
}

#[test]
fn a_secret_is_long_and_never_shown() {
    let tenant: TenantId = "economic-1".parse().unwrap();
    assert!(SignalSecret::new(tenant, "short", &SECRET[1..]).is_err());
    assert!(!format!("{:?}", secret()).contains(SECRET));
}
