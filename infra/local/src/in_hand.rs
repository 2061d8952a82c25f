//! The messages that functions have in hand, so that they can be handed out again in the meantime.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Queue and receipt handle of each. Clones are the same list.
#[derive(Clone, Debug, Default)]
pub(crate) struct InHand(Arc<Mutex<BTreeSet<(String, String)>>>);

/// A batch in hand, until dropped.
pub(crate) struct Held {
    list: InHand,
    batch: Vec<(String, String)>,
}

impl InHand {
    /// Notes a batch of a queue.
    pub(crate) fn hold<'a>(&self, queue: &str, handles: impl Iterator<Item = &'a str>) -> Held {
        let batch: Vec<_> = handles.map(|handle| (queue.to_owned(), handle.to_owned())).collect();
        self.lock().extend(batch.iter().cloned());
        Held { list: self.clone(), batch }
    }

    /// All that are held now.
    pub(crate) fn all(&self) -> Vec<(String, String)> {
        self.lock().iter().cloned().collect()
    }

    /// A panic elsewhere leaves a list that is still one.
    fn lock(&self) -> MutexGuard<'_, BTreeSet<(String, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut list = self.list.lock();
        for message in &self.batch {
            list.remove(message);
        }
    }
}
