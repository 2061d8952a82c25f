//! What is remembered of prices, in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    ids::{AgreementNumber, ArticleNumber, PriceListCode, TenantId},
    prices::{ListPrices, PriceNote, Round, Watched},
};
use workflow::ports::{ClaimedRound, Hands, PortError, PriceBook, PriceLists, RoundClaim, SaveError, WatchedAgreement};

use super::journal::through_text;
use crate::{
    faults::{Call, Faults},
    lock,
};

/// Agreements read in one go: few, so that going on is met often.
const AGREEMENTS_AT_ONCE: usize = 3;

/// Comparisons, agreements, list prices and notes.
#[derive(Debug)]
pub struct MemoryPrices {
    tables: Mutex<Tables>,
    faults: Faults,
}

#[derive(Debug, Clone, Default)]
struct Tables {
    rounds: BTreeMap<TenantId, Item>,
    watched: BTreeMap<(TenantId, AgreementNumber), (Watched, u64)>,
    lists: BTreeMap<TenantId, PriceLists>,
    notes: BTreeMap<(TenantId, NaiveDate), Vec<PriceNote>>,
}

#[derive(Debug, Clone)]
struct Item {
    round: Round,
    version: u64,
    lease_until: Option<DateTime<Utc>>,
    wake_at: Option<DateTime<Utc>>,
}

impl MemoryPrices {
    pub(super) fn new(faults: Faults) -> Self {
        Self { tables: Mutex::default(), faults }
    }

    /// Others that say the same.
    pub(super) fn copy(&self, faults: Faults) -> Self {
        Self { tables: Mutex::new(lock(&self.tables).clone()), faults }
    }

    /// When the next comparison is to go on.
    pub fn next_wake(&self) -> Option<DateTime<Utc>> {
        lock(&self.tables).rounds.values().filter_map(|item| item.wake_at).min()
    }

    /// All that was noted for a tenant, day by day.
    pub fn all_notes(&self, tenant: &TenantId) -> Vec<PriceNote> {
        let tables = lock(&self.tables);
        let of = tables.notes.iter().filter(|((of, _), _)| of == tenant);
        of.flat_map(|(_, notes)| notes.clone()).collect()
    }

    /// What is remembered of an agreement.
    pub fn of_agreement(&self, tenant: &TenantId, number: &AgreementNumber) -> Option<Watched> {
        lock(&self.tables).watched.get(&(tenant.clone(), number.clone())).map(|(watched, _)| watched.clone())
    }
}

impl PriceBook for MemoryPrices {
    async fn start(&self, tenant: &TenantId, at: DateTime<Utc>) -> Result<(), PortError> {
        let write = || {
            let mut tables = lock(&self.tables);
            let new = Item { round: Round::default(), version: 1, lease_until: None, wake_at: None };
            let item = tables.rounds.entry(tenant.clone()).or_insert(new);
            item.wake_at.get_or_insert(at);
        };
        self.faults.store(Call::StartPrices, "having prices watched", write).await
    }

    async fn due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantId>, PortError> {
        let read = || {
            let tables = lock(&self.tables);
            let wake_at = |(tenant, item): (&TenantId, &Item)| Some((item.wake_at?, tenant.clone()));
            let mut due: Vec<_> = tables.rounds.iter().filter_map(wake_at).filter(|(at, _)| *at <= now).collect();
            due.sort();
            due.into_iter().take(limit).map(|(_, tenant)| tenant).collect()
        };
        self.faults.store(Call::DuePrices, "finding the comparisons that are due", read).await
    }

    async fn put_off(&self, tenant: &TenantId, until: DateTime<Utc>) -> Result<(), PortError> {
        let write = || {
            if let Some(wake_at) = lock(&self.tables).rounds.get_mut(tenant).and_then(|item| item.wake_at.as_mut()) {
                *wake_at = until;
            }
        };
        self.faults.store(Call::PutOffPrices, "putting off a comparison", write).await
    }

    async fn claim(&self, tenant: &TenantId, now: DateTime<Utc>, lease: TimeDelta) -> Result<RoundClaim, PortError> {
        let write = || {
            let mut tables = lock(&self.tables);
            let Some(item) = tables.rounds.get_mut(tenant).filter(|item| item.wake_at.is_some()) else {
                return RoundClaim::Missing;
            };
            if item.lease_until.is_some_and(|until| until > now) {
                return RoundClaim::Busy;
            }
            item.lease_until = Some(now + lease);
            item.wake_at = item.lease_until;
            item.version += 1;
            RoundClaim::Taken(ClaimedRound { round: item.round.clone(), version: item.version })
        };
        self.faults.store(Call::ClaimPrices, "claiming a comparison", write).await
    }

    async fn save(&self, tenant: &TenantId, claimed: &mut ClaimedRound, then: Hands) -> Result<(), SaveError> {
        let (round, version) = (through_text(&claimed.round)?, claimed.version);
        let write = || {
            let mut tables = lock(&self.tables);
            let item = tables.rounds.get_mut(tenant).filter(|item| item.version == version)?;
            (item.lease_until, item.wake_at) = match then {
                Hands::Keep(until) => (Some(until), Some(until)),
                Hands::GiveBack(at) => (None, Some(at)),
                Hands::Stop => (None, None),
            };
            item.round = round;
            item.version += 1;
            Some(item.version)
        };
        let saved = self.faults.store(Call::SavePrices, "writing down a comparison", write).await?;
        claimed.version = saved.ok_or(SaveError::Fenced)?;
        Ok(())
    }

    async fn watched(
        &self,
        tenant: &TenantId,
        after: Option<&AgreementNumber>,
    ) -> Result<Vec<WatchedAgreement>, PortError> {
        let read = || {
            let tables = lock(&self.tables);
            let all = tables
                .watched
                .iter()
                .filter(|((of, number), _)| of == tenant && after.is_none_or(|after| number > after));
            let some = all.take(AGREEMENTS_AT_ONCE).map(|((_, number), (watched, version))| WatchedAgreement {
                number: number.clone(),
                watched: watched.clone(),
                version: *version,
            });
            some.collect()
        };
        self.faults.store(Call::WatchedAgreements, "reading the watched agreements", read).await
    }

    async fn watched_numbers(&self, tenant: &TenantId) -> Result<BTreeSet<AgreementNumber>, PortError> {
        let read = || {
            let tables = lock(&self.tables);
            tables.watched.keys().filter(|(of, _)| of == tenant).map(|(_, number)| number.clone()).collect()
        };
        self.faults.store(Call::WatchedAgreements, "listing the watched agreements", read).await
    }

    async fn watched_one(
        &self,
        tenant: &TenantId,
        number: &AgreementNumber,
    ) -> Result<Option<WatchedAgreement>, PortError> {
        let read = || {
            let tables = lock(&self.tables);
            let (watched, version) = tables.watched.get(&(tenant.clone(), number.clone()))?;
            Some(WatchedAgreement { number: number.clone(), watched: watched.clone(), version: *version })
        };
        self.faults.store(Call::WatchedAgreements, "reading a watched agreement", read).await
    }

    async fn watch(&self, tenant: &TenantId, agreement: &mut WatchedAgreement) -> Result<(), SaveError> {
        let (watched, version) = (through_text(&agreement.watched)?, agreement.version);
        let write = || {
            let mut tables = lock(&self.tables);
            let place = (tenant.clone(), agreement.number.clone());
            let known = tables.watched.get(&place).map_or(0, |(_, version)| *version);
            if known != version {
                return None;
            }
            tables.watched.insert(place, (watched, version + 1));
            Some(version + 1)
        };
        let written = self.faults.store(Call::WatchAgreement, "remembering an agreement's prices", write).await?;
        agreement.version = written.ok_or(SaveError::Fenced)?;
        Ok(())
    }

    async fn forget(&self, tenant: &TenantId, number: &AgreementNumber) -> Result<(), PortError> {
        let write = || {
            lock(&self.tables).watched.remove(&(tenant.clone(), number.clone()));
        };
        self.faults.store(Call::WatchAgreement, "forgetting an agreement's prices", write).await
    }

    async fn lists(&self, tenant: &TenantId) -> Result<PriceLists, PortError> {
        let read = || lock(&self.tables).lists.get(tenant).cloned().unwrap_or_default();
        self.faults.store(Call::KeptLists, "reading list prices", read).await
    }

    async fn keep_list(
        &self,
        tenant: &TenantId,
        article: &ArticleNumber,
        list: &PriceListCode,
        prices: Option<&ListPrices>,
    ) -> Result<(), PortError> {
        let prices = prices.map(through_text).transpose()?;
        let write = || {
            let mut tables = lock(&self.tables);
            let lists = tables.lists.entry(tenant.clone()).or_default();
            let place = (article.clone(), list.clone());
            match prices {
                Some(prices) => lists.insert(place, prices),
                None => lists.remove(&place),
            };
        };
        self.faults.store(Call::KeepList, "remembering a list price", write).await
    }

    async fn note(&self, tenant: &TenantId, date: NaiveDate, note: &PriceNote) -> Result<(), PortError> {
        let note = through_text(note)?;
        let write = || {
            let mut tables = lock(&self.tables);
            let notes = tables.notes.entry((tenant.clone(), date)).or_default();
            let place = |note: &PriceNote| (note.at, note.agreement.clone(), note.on.clone());
            match notes.iter_mut().find(|known| place(known) == place(&note)) {
                Some(known) => *known = note,
                None => notes.push(note),
            }
        };
        self.faults.store(Call::NotePrices, "noting what became of prices", write).await
    }

    async fn notes(&self, tenant: &TenantId, date: NaiveDate) -> Result<Vec<PriceNote>, PortError> {
        let read = || lock(&self.tables).notes.get(&(tenant.clone(), date)).cloned().unwrap_or_default();
        self.faults.store(Call::NotesOfPrices, "reading what became of prices", read).await
    }
}
