//! The ready signals in memory.

use std::{collections::BTreeMap, sync::Mutex};

use chrono::{DateTime, Utc};
use domain::{
    ids::{DraftNumber, TenantId},
    job::JobKey,
    signal::{NONCE_KEPT_FOR, Nonce, ReadySignal, SIGNAL_KEPT_FOR, SignalSecret},
};
use workflow::ports::{Kept, PortError, SignalSecrets, Signals};

use crate::{
    faults::{Call, Faults},
    lock,
};

/// Signals as text would hold them, their nonces, and what integrations sign with.
#[derive(Debug)]
pub struct MemorySignals {
    tables: Mutex<Tables>,
    faults: Faults,
}

#[derive(Debug, Clone, Default)]
struct Tables {
    /// Each as its JSON text.
    signals: BTreeMap<(TenantId, DraftNumber), String>,
    nonces: BTreeMap<(TenantId, Nonce), String>,
    secrets: Vec<SignalSecret>,
}

fn write(signal: &ReadySignal) -> String {
    serde_json::to_string(signal).unwrap_or_default()
}

fn read(text: &str) -> Option<ReadySignal> {
    serde_json::from_str(text).ok()
}

impl Tables {
    fn keep(&mut self, signal: &ReadySignal) -> Kept {
        let (tenant, now) = (&signal.tenant, signal.at);
        let nonce = (tenant.clone(), signal.nonce.clone());
        let lives = |first: &ReadySignal, kept_for| first.at + kept_for > now;
        if let Some(first) =
            self.nonces.get(&nonce).and_then(|text| read(text)).filter(|first| lives(first, NONCE_KEPT_FOR))
        {
            return if first.draft == signal.draft { Kept::Known { first } } else { Kept::NonceUsed };
        }
        let draft = (tenant.clone(), signal.draft);
        let known = self.signals.get(&draft).and_then(|text| read(text));
        if let Some(first) = known.filter(|it| it.job == signal.job && lives(it, SIGNAL_KEPT_FOR)) {
            self.nonces.insert(nonce, write(signal));
            return Kept::Known { first };
        }
        self.nonces.insert(nonce, write(signal));
        self.signals.insert(draft, write(signal));
        Kept::New
    }
}

impl MemorySignals {
    pub(super) fn new(faults: Faults) -> Self {
        Self { tables: Mutex::default(), faults }
    }

    /// Another table that says the same.
    pub(super) fn copy(&self, faults: Faults) -> Self {
        Self { tables: Mutex::new(lock(&self.tables).clone()), faults }
    }

    /// Gives a tenant's integration a secret, beside those it has.
    pub fn put_secret(&self, secret: SignalSecret) {
        lock(&self.tables).secrets.push(secret);
    }

    /// When signals came, by draft.
    pub fn all(&self) -> Vec<(TenantId, DraftNumber, DateTime<Utc>)> {
        let tables = lock(&self.tables);
        tables.signals.values().filter_map(|text| read(text)).map(|it| (it.tenant, it.draft, it.at)).collect()
    }
}

impl Signals for MemorySignals {
    async fn keep(&self, signal: &ReadySignal) -> Result<Kept, PortError> {
        let keep = || lock(&self.tables).keep(signal);
        self.faults.store(Call::KeepSignal, "keeping a signal", keep).await
    }

    async fn of_tenant(&self, tenant: &TenantId) -> Result<Vec<ReadySignal>, PortError> {
        let all = || {
            let tables = lock(&self.tables);
            tables.signals.iter().filter(|((of, _), _)| of == tenant).filter_map(|(_, text)| read(text)).collect()
        };
        self.faults.store(Call::SignalsOfTenant, "reading a tenant's signals", all).await
    }

    async fn of_draft(&self, tenant: &TenantId, draft: DraftNumber) -> Result<Option<ReadySignal>, PortError> {
        let one = || lock(&self.tables).signals.get(&(tenant.clone(), draft)).and_then(|text| read(text));
        self.faults.store(Call::SignalOfDraft, "reading a draft's signal", one).await
    }

    async fn settle(&self, tenant: &TenantId, draft: DraftNumber, job: &JobKey) -> Result<(), PortError> {
        let settle = || {
            let signals = &mut lock(&self.tables).signals;
            let key = (tenant.clone(), draft);
            if signals.get(&key).and_then(|text| read(text)).is_some_and(|signal| signal.job == *job) {
                signals.remove(&key);
            }
        };
        self.faults.store(Call::SettleSignal, "settling a signal", settle).await
    }
}

impl SignalSecrets for MemorySignals {
    async fn secrets(&self, tenant: &TenantId) -> Result<Vec<SignalSecret>, PortError> {
        let secrets =
            || lock(&self.tables).secrets.iter().filter(|secret| secret.tenant() == tenant).cloned().collect();
        self.faults.store(Call::SignalSecrets, "reading what integrations sign with", secrets).await
    }
}
