//! Pure rules of Fakturapilot: no I/O and no clock in here.

pub mod ids;
pub mod money;
pub mod period;
