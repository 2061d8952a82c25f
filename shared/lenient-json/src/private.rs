//! A value that belongs to a person and stays out of logs.

use std::fmt;

/// A name, an address, a reference or a free text of a customer.
///
/// `Debug` prints `Private(..)` only and there is no `Display`, so that such a value can reach a log or an error
/// only where somebody wrote [`get`](Self::get) on purpose.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for a letter, an address line or a comparison; never for a log.
    pub const fn get(&self) -> &T {
        &self.0
    }

    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Private<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private(..)")
    }
}
