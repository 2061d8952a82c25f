#![doc = include_str!("../README.md")]

mod clock;
mod command_line;
mod cut;
mod faults;
mod form;
mod http;
mod kept_port;
mod message;
mod pdf_page;
mod simulator;
mod state;
mod world;

pub use clock::{Clock, ClockNotOurs, clock_in};
pub use command_line::serve;
pub use faults::{Fault, FaultAnswer, FaultKind, FaultMatch, Faults};
pub use form::{Plus, decode, encode, parse_form};
pub use kept_port::KeptPort;
pub use message::{Delivery, Method, SimRequest, SimResponse};
pub use pdf_page::{Page, Style, amount};
pub use simulator::{Simulator, SimulatorOptions, StartError};
pub use state::StateError;
pub use world::{SnapshotError, World};
