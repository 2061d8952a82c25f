//! Chance, from the operating system.

use domain::connect::Secret;
use workflow::{connect::Randomness, ports::PortError};

/// The operating system's.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn secret(&self) -> Result<Secret, PortError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| PortError::new("asking for chance", error.to_string()))?;
        Ok(Secret::from_random(bytes))
    }
}

/// A name that nothing else has.
pub(crate) fn id() -> Result<String, PortError> {
    Ok(SystemRandomness.secret()?.digest().to_string())
}
