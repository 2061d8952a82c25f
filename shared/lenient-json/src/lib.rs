#![doc = include_str!("../README.md")]

mod object;
mod private;
mod words;

pub use object::{FromObject, Malformed, Object};
pub use private::Private;
pub use words::presentable;
