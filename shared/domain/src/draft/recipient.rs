//! Who gets a draft's invoice, and whether it may go that way at all.

use std::fmt;

/// A person at the customer.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its number at the customer.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Its address.
    pub email: Option<String>,
    /// Asked to be sent invoices.
    pub gets_invoices: bool,
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact").field("number", &self.number).finish_non_exhaustive()
    }
}

/// The people of one customer that an invoice may go to.
#[derive(Debug, Clone, Copy)]
pub struct Contacts<'a> {
    /// All that aren't deleted.
    pub all: &'a [Contact],
    /// The one the invoice is for the attention of.
    pub attention: Option<u32>,
    /// The one named as "your reference".
    pub your_reference: Option<u32>,
}

/// Whom a mail goes to, and whom it greets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Recipient {
    /// Addresses, in a form that [`crate::letters::address::MailAddress::parse_list`] reads.
    pub addresses: Option<String>,
    /// A person's name.
    pub name: Option<String>,
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipient").finish_non_exhaustive()
    }
}

/// The rule (API fact sheet, 7.2; ours, since e-conomic documents none): the contacts who asked for invoices; else the one the
/// invoice is for the attention of, else its "your reference"; else the customer's own address, which may be several.
pub fn choose_recipient(contacts: Contacts<'_>, customer_email: Option<&str>) -> Recipient {
    let with_mail = |contact: &&Contact| contact.email.as_deref().is_some_and(|email| !email.trim().is_empty());
    let numbered = |number: Option<u32>| contacts.all.iter().find(|contact| Some(contact.number) == number);
    let named = || numbered(contacts.attention).or_else(|| numbered(contacts.your_reference));
    let asked: Vec<&Contact> = contacts.all.iter().filter(|contact| contact.gets_invoices).filter(with_mail).collect();
    if !asked.is_empty() {
        let addresses = asked.iter().filter_map(|contact| contact.email.as_deref()).collect::<Vec<_>>().join(";");
        // Several people are greeted by the name of the one the invoice is for, if any.
        let name = match asked.as_slice() {
            [one] => Some(one.name.clone()),
            _ => named().map(|contact| contact.name.clone()),
        };
        return Recipient { addresses: Some(addresses), name };
    }
    let one =
        numbered(contacts.attention).filter(with_mail).or_else(|| numbered(contacts.your_reference).filter(with_mail));
    if let Some(contact) = one {
        return Recipient { addresses: contact.email.clone(), name: Some(contact.name.clone()) };
    }
    let addresses = customer_email.map(|text| {
        text.split(|c: char| c.is_whitespace() || c == ';' || c == ',')
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(";")
    });
    Recipient {
        addresses: addresses.filter(|text| !text.is_empty()),
        name: named().map(|contact| contact.name.clone()),
    }
}
