//! What must stand in no log, collected from wherever it's kept.

use judge::{Planted, Private};

use crate::{Stage, StageError};

/// Tables whose texts may be private. What stands in the journal is what the accounting systems said.
const TABLES: [&str; 3] = ["ConnectionsTable", "SettingsTable", "SignalSecretsTable"];

pub(crate) fn collect(stage: &Stage) -> Result<Planted, StageError> {
    let mut planted = Planted::default();
    planted.plant_all(&stage.simulator.with_world(|world| world.snapshot()));
    planted.plant_all(&stage.economic.with_world(|world| world.snapshot()));
    for table in TABLES {
        stage.cloud.scan_table(table)?.iter().for_each(|item| planted.plant_all(item));
    }
    for address in stage.cloud.mails().iter().flat_map(|mail| &mail.destinations) {
        planted.plant(Private::Address, address);
    }
    Ok(planted)
}
