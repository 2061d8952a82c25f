#![doc = include_str!("../README.md")]

mod object;
mod private;

pub use object::{FromObject, Malformed, Object};
pub use private::Private;
