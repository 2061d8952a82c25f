//! Ready signals, their nonces, and what they are signed with.

use std::slice::from_ref;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::{SystemKind, TenantId},
    job::JobKey,
    signal::{NONCE_KEPT_FOR, ReadySignal, Request, SIGNAL_KEPT_FOR, sign, verify},
};
use futures_util::future::join_all;
use workflow::ports::{Kept, SignalSecrets, Signals};

use super::{Store, sample::morning};

/// A company in e-conomic.
pub fn dane(number: u64) -> TenantId {
    TenantId::new(SystemKind::Economic, number)
}

/// A signal for the first draft of this number, with a nonce that ends in `nonce`.
pub fn signal(tenant: &TenantId, draft: &str, nonce: u32) -> ReadySignal {
    let draft = draft.parse().unwrap();
    let nonce = format!("sample-{nonce:09}").parse().unwrap();
    let job = JobKey::of_draft(tenant.clone(), draft, 1);
    ReadySignal { tenant: tenant.clone(), draft, at: morning(), nonce, job }
}

fn at(signal: &ReadySignal, at: DateTime<Utc>) -> ReadySignal {
    ReadySignal { at, ..signal.clone() }
}

/// The same for the second draft of its number.
fn of_second_life(signal: &ReadySignal) -> ReadySignal {
    ReadySignal { job: JobKey::of_draft(signal.tenant.clone(), signal.draft, 2), ..signal.clone() }
}

async fn all<S: Store>(store: &S, tenant: &TenantId) -> Vec<ReadySignal> {
    store.signals().of_tenant(tenant).await.unwrap()
}

/// Every field comes back, by the tenant in the order of the numbers, and by the draft.
pub async fn a_signal_is_kept_as_it_was_said<S: Store>() {
    let store = S::open().await;
    let signals = [signal(&dane(1), "9", 1), signal(&dane(1), "10", 2), signal(&dane(1), "148", 3)];
    for signal in signals.iter().rev() {
        assert_eq!(store.signals().keep(signal).await.unwrap(), Kept::New);
    }
    assert_eq!(all(&store, &dane(1)).await, signals);
    for signal in &signals {
        assert_eq!(store.signals().of_draft(&dane(1), signal.draft).await.unwrap().as_ref(), Some(signal));
    }
    assert_eq!(store.signals().of_draft(&dane(1), "1".parse().unwrap()).await.unwrap(), None);
}

/// The same again, as after a lost answer, gives what was said first and changes nothing; also of a job that is known later.
pub async fn a_signal_said_again_is_the_first_one<S: Store>() {
    let store = S::open().await;
    let first = signal(&dane(1), "148", 1);
    store.signals().keep(&first).await.unwrap();
    let again = at(&first, morning() + TimeDelta::seconds(3));
    for again in [&first, &again, &of_second_life(&again)] {
        assert_eq!(store.signals().keep(again).await.unwrap(), Kept::Known { first: first.clone() });
    }
    assert_eq!(all(&store, &dane(1)).await, [first]);
}

/// The same of the same job by another nonce is no second signal. But that nonce is used then.
pub async fn another_nonce_makes_no_second_signal<S: Store>() {
    let store = S::open().await;
    let first = signal(&dane(1), "148", 1);
    store.signals().keep(&first).await.unwrap();
    let second = signal(&dane(1), "148", 2);
    for _ in 0..2 {
        assert!(
            matches!(store.signals().keep(&second).await.unwrap(), Kept::Known { first: known } if known.job == first.job)
        );
    }
    assert_eq!(all(&store, &dane(1)).await, [first]);
    assert_eq!(store.signals().keep(&signal(&dane(1), "149", 2)).await.unwrap(), Kept::NonceUsed);
}

/// A nonce is for one draft. Another of the tenant's drafts gets nothing by it, until it's forgotten; other tenants may use
/// it.
pub async fn a_nonce_serves_one_draft<S: Store>() {
    let store = S::open().await;
    let first = signal(&dane(1), "148", 1);
    store.signals().keep(&first).await.unwrap();
    let other = signal(&dane(1), "149", 1);
    let second = TimeDelta::seconds(1);
    for at_ in [morning(), morning() + NONCE_KEPT_FOR - second] {
        assert_eq!(store.signals().keep(&at(&other, at_)).await.unwrap(), Kept::NonceUsed);
        assert_eq!(store.signals().of_draft(&dane(1), other.draft).await.unwrap(), None);
    }
    assert_eq!(store.signals().keep(&signal(&dane(11), "149", 1)).await.unwrap(), Kept::New);
    let later = at(&other, morning() + NONCE_KEPT_FOR + second);
    assert_eq!(store.signals().keep(&later).await.unwrap(), Kept::New);
    assert_eq!(all(&store, &dane(1)).await, [first, later]);
}

/// A number that is used again is another draft, whose signal takes the place of the old one. So does one of the same job
/// once the old one was forgotten.
pub async fn a_signal_for_a_later_job_takes_the_place_of_the_old_one<S: Store>() {
    let store = S::open().await;
    store.signals().keep(&signal(&dane(1), "148", 1)).await.unwrap();
    let second = of_second_life(&signal(&dane(1), "148", 2));
    assert_eq!(store.signals().keep(&second).await.unwrap(), Kept::New);
    assert_eq!(all(&store, &dane(1)).await, from_ref(&second));
    let late = morning() + SIGNAL_KEPT_FOR + TimeDelta::seconds(1);
    let late = at(&of_second_life(&signal(&dane(1), "148", 3)), late);
    assert_eq!(store.signals().keep(&late).await.unwrap(), Kept::New);
    assert_eq!(all(&store, &dane(1)).await, [late]);
}

/// A job settles its own signal and no other's; twice is no error. Its nonce is remembered all the same.
pub async fn a_job_settles_its_own_signal<S: Store>() {
    let store = S::open().await;
    let (first, other) = (signal(&dane(1), "148", 1), signal(&dane(1), "149", 2));
    for signal in [&first, &other] {
        store.signals().keep(signal).await.unwrap();
    }
    store.signals().settle(&dane(1), first.draft, &of_second_life(&first).job).await.unwrap();
    assert_eq!(all(&store, &dane(1)).await, [first.clone(), other.clone()]);
    for _ in 0..2 {
        store.signals().settle(&dane(1), first.draft, &first.job).await.unwrap();
        assert_eq!(all(&store, &dane(1)).await, from_ref(&other));
    }
    let again = of_second_life(&first);
    assert_eq!(store.signals().keep(&again).await.unwrap(), Kept::Known { first });
    assert_eq!(all(&store, &dane(1)).await, [other]);
}

/// Tenants whose names begin alike share no signal.
pub async fn namesakes_share_no_signal<S: Store>() {
    let store = S::open().await;
    let signals = [1, 11].map(|number| signal(&dane(number), "148", 1));
    for signal in &signals {
        assert_eq!(store.signals().keep(signal).await.unwrap(), Kept::New);
    }
    store.signals().settle(&dane(1), signals[0].draft, &signals[0].job).await.unwrap();
    assert_eq!(all(&store, &dane(1)).await, []);
    assert_eq!(all(&store, &dane(11)).await, signals[1..]);
}

/// Of many that come at once with one nonce for different drafts, one draft is called finished.
pub async fn of_many_with_one_nonce_one_counts<S: Store>() {
    let store = S::open().await;
    let signals: Vec<_> = (1..=5).map(|draft| signal(&dane(1), &draft.to_string(), 1)).collect();
    // A store that is asked for the same by several may ask to come again.
    let kept = join_all(signals.iter().map(|signal| store.signals().keep(signal))).await;
    let new = kept.iter().filter(|kept| matches!(kept, Ok(Kept::New))).count();
    assert_eq!(new, 1, "{kept:?}");
    assert!(!kept.iter().any(|kept| matches!(kept, Ok(Kept::Known { .. }))));
    assert_eq!(all(&store, &dane(1)).await.len(), 1);
}

/// A tenant's secrets are its own, several may live at once, and one that is too short isn't used.
pub async fn a_tenant_has_its_own_secrets<S: Store>() {
    let store = S::open().await;
    assert_eq!(store.secrets().secrets(&dane(1)).await.unwrap(), []);
    let text = |fill: &str| fill.repeat(32);
    for (tenant, id, fill) in [(1, "old", "a"), (1, "new", "b"), (11, "old", "c")] {
        store.put_secret(&dane(tenant), id, &text(fill));
    }
    store.put_secret(&dane(1), "weak", "a");
    let secrets = store.secrets().secrets(&dane(1)).await.unwrap();
    let mut ids: Vec<_> = secrets.iter().map(|secret| (secret.tenant().clone(), secret.id())).collect();
    ids.sort();
    assert_eq!(ids, [(dane(1), "new"), (dane(1), "old")]);
    // And they are the secrets that were put there.
    let timestamp = morning().timestamp().to_string();
    let (path, nonce) = ("/tenants/economic-1/drafts/148/ready", "0123456789abcdef");
    let request = Request { method: "POST", path, key: "new", timestamp: &timestamp, nonce, ..Request::default() };
    let own = domain::signal::SignalSecret::new(dane(1), "new", text("b")).unwrap();
    let signature = sign(&request, &own);
    assert!(verify(&Request { signature: &signature, ..request }, &secrets, morning()).is_ok());
}
