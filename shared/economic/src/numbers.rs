//! Numbers by which e-conomic names things, as types that cannot be mixed up.

use std::fmt;
use std::num::NonZeroU32;

use lenient_json::{Malformed, Object};

/// Largest number of a draft or a customer (e-conomic's schemas).
const LARGEST_NINE_DIGITS: u32 = 999_999_999;

/// A number that can be read from an answer.
pub(crate) trait Number: Sized {
    /// The kind, for complaints.
    const KIND: &'static str;

    fn of(number: i64) -> Option<Self>;
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $largest:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(NonZeroU32);

        impl $name {
            /// The number, if it can be one.
            pub const fn new(number: u32) -> Option<Self> {
                match NonZeroU32::new(number) {
                    Some(number) if number.get() <= $largest => Some(Self(number)),
                    _ => None,
                }
            }

            /// The bare number.
            pub const fn get(self) -> u32 {
                self.0.get()
            }
        }

        impl Number for $name {
            const KIND: &'static str = $kind;

            fn of(number: i64) -> Option<Self> {
                Self::new(u32::try_from(number).ok()?)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number! {
    /// An agreement (aftale): one company's books, as `GET /self` tells it.
    AgreementNumber, "an agreement's number", u32::MAX
}
number! {
    /// A draft invoice (kladde), 1 to 999999999. **Not** the number of the invoice that becomes of it, and possibly given
    /// again to another draft once this one is gone (proven for customers; assumed for drafts).
    DraftNumber, "a draft's number", LARGEST_NINE_DIGITS
}
number! {
    /// A booked invoice (bogført faktura): the number that the customer sees.
    BookedNumber, "an invoice's number", u32::MAX
}
number! {
    /// A customer, 1 to 999999999. Given again to another customer once this one is deleted (seen by others).
    CustomerNumber, "a customer's number", LARGEST_NINE_DIGITS
}
number! {
    /// A contact person of a customer.
    ContactNumber, "a contact's number", u32::MAX
}
number! {
    /// What the OpenAPI calls a draft in its addresses; **not** the draft's number that users see.
    DocumentId, "a document's id", u32::MAX
}

/// A number that may not be there: absent, `null`, blank and `0` all mean none.
pub(crate) fn number<N: Number>(object: &Object<'_>, name: &str) -> Result<Option<N>, Malformed> {
    match object.integer(name)? {
        None | Some(0) => Ok(None),
        Some(number) => match N::of(number) {
            Some(number) => Ok(Some(number)),
            None => Err(Malformed::NotA { field: object.field(name), expected: N::KIND }),
        },
    }
}

/// A number inside an object that may not be there: `customer.customerNumber`.
pub(crate) fn number_in<N: Number>(object: &Object<'_>, outer: &str, name: &str) -> Result<Option<N>, Malformed> {
    match object.object(outer)? {
        Some(inner) => number(&inner, name),
        None => Ok(None),
    }
}

/// A number inside an object, which must be there.
pub(crate) fn demanded_in<N: Number>(object: &Object<'_>, outer: &str, name: &str) -> Result<N, Malformed> {
    object.required(outer, Object::object)?.required(name, number)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn numbers_stay_in_their_range() {
        assert_eq!(DraftNumber::new(0), None);
        assert_eq!(DraftNumber::new(1_000_000_000), None);
        assert_eq!(CustomerNumber::new(999_999_999).unwrap().to_string(), "999999999");
        assert_eq!(BookedNumber::new(u32::MAX).unwrap().get(), u32::MAX);
    }

    #[test]
    fn a_number_is_read_or_named_without_its_value() {
        let object = Object::root(r#"{"a":148,"b":"148","c":0,"d":null,"e":-4711,"f":{"g":"x"}}"#).unwrap();
        let read = |name| number::<DraftNumber>(&object, name);
        assert_eq!(["a", "b"].map(|name| read(name).unwrap().unwrap().get()), [148; 2]);
        assert_eq!(["c", "d", "z"].map(|name| read(name).unwrap()), [None; 3]);
        assert_eq!(read("e").unwrap_err().to_string(), "e is not a draft's number");
        let inner = number_in::<ContactNumber>(&object, "f", "g").unwrap_err();
        assert_eq!(inner.to_string(), "f.g is not a whole number");
        assert_eq!(number_in::<ContactNumber>(&object, "z", "g"), Ok(None));
        assert!(demanded_in::<ContactNumber>(&object, "f", "h").is_err());
    }
}
