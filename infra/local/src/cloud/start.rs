//! The parts of a start.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::Utc;
use tokio::{sync::watch, task::JoinSet};

use super::CloudError;
use crate::{
    clock::Clock,
    emulators::Emulators,
    in_hand::InHand,
    lambda::{Lambda, Launch, Surroundings},
    mapping::Poller,
    options::Options,
    template::{Place, Template},
};

/// Makes the state folder and sets the clock.
pub(super) fn prepare(options: &Options) -> Result<Clock, CloudError> {
    let failed = |source| CloudError::State { path: options.state.clone(), source };
    std::fs::create_dir_all(options.state.join("logs")).map_err(failed)?;
    let clock = Clock::open(options.state.join("clock")).map_err(failed)?;
    match options.start {
        Some(start) => clock.set(start).map_err(failed)?,
        None if options.keep => {}
        None => clock.set(Utc::now()).map_err(failed)?,
    }
    Ok(clock)
}

/// A function may have another working directory.
pub(super) fn absolute(state: &Path, path: &Path) -> Result<PathBuf, CloudError> {
    std::path::absolute(path).map_err(|source| CloudError::State { path: state.to_owned(), source })
}

/// How each function is started, and how many processes it may have.
pub(super) fn launches(
    template: &Template,
    options: &Options,
    place: &Place,
    around: &Surroundings,
) -> Result<Vec<(Launch, usize)>, CloudError> {
    let mut launches = Vec::with_capacity(template.functions.len());
    for (name, function) in &template.functions {
        let binary = options
            .binaries
            .get(&function.binary)
            .ok_or_else(|| CloudError::NoBinary { function: name.clone(), binary: function.binary.clone() })?;
        let arn = place.arn("lambda", &format!("function:{name}"));
        launches.push((Launch::new(name, arn, binary.clone(), function, around), options.sandboxes.max(1)));
    }
    Ok(launches)
}

/// One poller for each invocation that a mapping may run at once.
pub(super) fn poll(
    template: &Template,
    options: &Options,
    lambda: &Arc<Lambda>,
    emulators: &Emulators,
    in_hand: &InHand,
    stopping: &watch::Sender<bool>,
) -> JoinSet<()> {
    let mut pollers = JoinSet::new();
    for (name, function) in &template.functions {
        for source in function.event_sources.values() {
            let allowed = source.max_concurrency.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
            for _ in 0..options.sandboxes.clamp(1, allowed) {
                let poller = Poller {
                    sqs: emulators.sqs.clone(),
                    lambda: Arc::clone(lambda),
                    function: name.clone(),
                    source: source.clone(),
                    in_hand: in_hand.clone(),
                    retry_after: options.retry_after,
                    stopping: stopping.subscribe(),
                };
                pollers.spawn(poller.run());
            }
        }
    }
    pollers
}
