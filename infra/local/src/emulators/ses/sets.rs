//! Configuration sets, kept in a file beside the mails.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::template::MailDestination;

/// In the mails' folder.
const SETS: &str = "sets.json";

/// A configuration set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSet {
    /// Whether mails may be sent under it.
    pub sending: bool,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Where what becomes of its mails is told.
    pub destinations: Vec<MailDestination>,
}

/// All of them.
pub(super) struct Sets {
    file: PathBuf,
    sets: BTreeMap<String, MailSet>,
}

impl Sets {
    /// What an earlier start left, and the template's own as the template has them.
    pub(super) fn open(
        folder: &Path,
        template: &BTreeMap<String, Vec<MailDestination>>,
    ) -> Result<Self, std::io::Error> {
        let file = folder.join(SETS);
        let mut sets: BTreeMap<String, MailSet> = match std::fs::read(&file) {
            Ok(text) => serde_json::from_slice(&text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error),
        };
        for (name, destinations) in template {
            let destinations = destinations.clone();
            sets.insert(name.clone(), MailSet { sending: true, tags: BTreeMap::new(), destinations });
        }
        Ok(Self { file, sets })
    }

    /// By name.
    pub(super) fn all(&self) -> &BTreeMap<String, MailSet> {
        &self.sets
    }

    /// Adds a set, unless there's one of that name. Tells whether it did.
    pub(super) fn add(&mut self, name: &str, set: MailSet) -> std::io::Result<bool> {
        if self.sets.contains_key(name) {
            return Ok(false);
        }
        self.sets.insert(name.to_owned(), set);
        self.store()?;
        Ok(true)
    }

    /// Changes a set, if it's there, and gives what the change gives.
    pub(super) fn change<T>(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut MailSet) -> T,
    ) -> std::io::Result<Option<T>> {
        let Some(set) = self.sets.get_mut(name) else { return Ok(None) };
        let changed = change(set);
        self.store()?;
        Ok(Some(changed))
    }

    fn store(&self) -> std::io::Result<()> {
        std::fs::write(&self.file, serde_json::to_vec_pretty(&self.sets)?)
    }
}
