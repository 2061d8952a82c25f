//! The e-mail part of a document, shared by contracts and invoices.

use super::record::{Field, Record};

/// Source: specification; a default subject and body were recorded on invoices.
pub(crate) const EMAIL_INFORMATION: &[Field] = &[
    Field::text("EmailAddressBCC", 1024).nullable(),
    Field::text("EmailAddressCC", 1024).nullable(),
    Field::text("EmailAddressFrom", 1024).nullable(),
    Field::text("EmailAddressTo", 1024),
    Field::text("EmailBody", 20_000),
    Field::text("EmailSubject", 100),
];

/// The address inside a document's e-mail part; "" when none is set.
pub(crate) fn address<'a>(head: &'a Record, name: &str) -> &'a str {
    head.text_in("EmailInformation", name)
}
