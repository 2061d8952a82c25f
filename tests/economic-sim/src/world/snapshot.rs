//! A world written down and read again, by the same version of the simulator: the form is promised to no other.

use serde_json::Value;
use sim_kit::SnapshotError;

use super::World;

impl World {
    /// The whole world but for its faults. It holds the simulated tokens.
    pub fn snapshot(&self) -> Value {
        #[expect(clippy::expect_used, reason = "cannot fail")]
        serde_json::to_value(self).expect("every key is text or a number, and nothing in it refuses to be written")
    }

    /// The world of a snapshot, without faults. It goes on as the one that was written would have.
    pub fn restore(snapshot: Value) -> Result<Self, SnapshotError> {
        Ok(serde_json::from_value(snapshot)?)
    }
}
