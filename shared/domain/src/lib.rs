//! Pure rules of Fakturapilot: no I/O and no clock in here.

pub mod agreement;
pub mod business_days;
pub mod connect;
pub mod digest;
pub mod draft;
pub mod due;
pub mod hold;
pub mod ids;
pub mod job;
pub mod letters;
pub mod mail;
pub mod money;
pub mod period;
pub mod preflight;
pub mod prices;
pub mod settings;
pub mod signal;
