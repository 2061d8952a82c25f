//! What one worker remembers of companies for a while, so that not every job asks for it.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use accounting::{AccountingSystem, Company, Error};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::ids::TenantId;

use crate::ports::Ports;

/// How long a company's name and bank details are believed: they change about never, and each look costs a call.
const COMPANY_BELIEVED_FOR: TimeDelta = TimeDelta::hours(1);

/// How long an open accounting period is believed to be open. What is closed meanwhile, the accounting system itself refuses to book
/// on; the look only tells a person sooner, and before an announced booking.
const PERIOD_BELIEVED_FOR: TimeDelta = TimeDelta::minutes(10);

/// Entries of a kind from which on all are forgotten: some hundred kilobytes.
const MOST_ENTRIES: usize = 1_000;

/// A worker's. It dies with its process.
#[derive(Debug, Default)]
pub struct Notebook {
    companies: Notes<TenantId, Arc<Company>>,
    open_dates: Notes<(TenantId, NaiveDate), ()>,
}

impl Notebook {
    /// The details of `tenant`'s company, asked for at most once an hour.
    pub(crate) async fn company<P: Ports>(
        &self,
        ports: &P,
        tenant: &TenantId,
        now: DateTime<Utc>,
    ) -> Result<Arc<Company>, Error> {
        if let Some(company) = self.companies.get(tenant, now, COMPANY_BELIEVED_FOR) {
            return Ok(company);
        }
        let company = Arc::new(ports.accounting().company(tenant).await?);
        self.companies.put(tenant.clone(), now, Arc::clone(&company));
        Ok(company)
    }

    /// Whether `date` is in a closed accounting period, as far as can be told. That it's not is asked for at most every ten minutes;
    /// a closed one may be opened any moment.
    pub(crate) async fn is_closed<P: Ports>(
        &self,
        ports: &P,
        tenant: &TenantId,
        date: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<bool, Error> {
        let key = (tenant.clone(), date);
        if self.open_dates.get(&key, now, PERIOD_BELIEVED_FOR).is_some() {
            return Ok(false);
        }
        let closed = ports.accounting().is_open_period(tenant, date).await? == Some(false);
        if !closed {
            self.open_dates.put(key, now, ());
        }
        Ok(closed)
    }
}

/// Things and when they were seen.
#[derive(Debug)]
struct Notes<K, V>(Mutex<HashMap<K, (DateTime<Utc>, V)>>);

impl<K, V> Default for Notes<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Notes<K, V> {
    fn get(&self, key: &K, now: DateTime<Utc>, believed_for: TimeDelta) -> Option<V> {
        let notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (seen, value) = notes.get(key)?;
        (now - *seen < believed_for && now >= *seen).then(|| value.clone())
    }

    fn put(&self, key: K, now: DateTime<Utc>, value: V) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.len() >= MOST_ENTRIES {
            notes.clear();
        }
        notes.insert(key, (now, value));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const BELIEVED_FOR: TimeDelta = TimeDelta::minutes(10);

    #[test]
    fn a_note_is_believed_for_its_time_and_by_no_clock_that_went_back() {
        let (notes, seen) = (Notes::default(), DateTime::UNIX_EPOCH + TimeDelta::hours(1));
        notes.put("a", seen, 1);
        let at = |minutes| notes.get(&"a", seen + TimeDelta::minutes(minutes), BELIEVED_FOR);
        assert_eq!([at(-1), at(0), at(9), at(10)], [None, Some(1), Some(1), None]);
        assert_eq!(notes.get(&"b", seen, BELIEVED_FOR), None);
    }

    #[test]
    fn notes_do_not_grow_without_end() {
        let notes = Notes::default();
        for number in 0..3 * MOST_ENTRIES {
            notes.put(number, DateTime::UNIX_EPOCH, ());
        }
        assert!(notes.0.lock().unwrap().len() <= MOST_ENTRIES);
    }
}
