//! e-conomic's documents in the domain's terms.

use domain::{
    draft::{Contact as Person, Draft, Fingerprint, FoundBooked, Texts},
    ids::{CustomerNumber, DraftNumber},
    letters::Language,
    money::{Currency, Money},
};
use economic::{BookedInvoice, Contact, DraftHead, Line, NemHandelType, Private, SelfInfo, UnreadableItem};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use crate::{
    error::Error,
    model::{BrokenDraft, Company, Customer, DefaultDelivery, DraftRow, ForService, Invoice},
};

/// Bytes of a digest that are kept: an edit has to be noticed, not an attacker kept out.
const DIGEST_BYTES: usize = 16;

/// A row of the list, which has no lines.
pub(super) fn head(head: DraftHead) -> DraftRow {
    read(head, None)
}

/// A whole draft.
pub(super) fn draft(draft: economic::Draft) -> DraftRow {
    read(draft.head, Some(&draft.lines))
}

pub(super) fn unreadable(item: UnreadableItem) -> BrokenDraft {
    BrokenDraft { number: item.number.and_then(|number| number.try_into().ok()), problem: item.reason }
}

fn read(head: DraftHead, lines: Option<&[Line]>) -> DraftRow {
    let number = DraftNumber::try_from(head.number.get()).ok();
    checked(head, lines).map_err(|problem| BrokenDraft { number, problem })
}

fn checked(head: DraftHead, lines: Option<&[Line]>) -> Result<Draft, String> {
    let currency = currency(&head.currency)?;
    let money = |amount: Option<Decimal>, field: &str| {
        amount.map(|amount| Money::new(amount, currency)).ok_or_else(|| format!("{field} is missing"))
    };
    let print = Fingerprint {
        customer: customer_number(head.customer)?,
        date: head.date,
        net: money(head.net_amount, "netAmount")?,
        gross: money(head.gross_amount, "grossAmount")?,
        handle: head.soap_handle.and_then(|handle| u64::try_from(handle).ok()),
        content: lines.map(|lines| digest(&head, lines)),
    };
    Ok(Draft {
        number: head.number.get().try_into().map_err(|_| "draftInvoiceNumber is none".to_owned())?,
        print,
        priced_lines: lines.map(priced),
        layout: head.layout.and_then(|layout| u32::try_from(layout).ok()),
        has_ean: has_ean(head.recipient.ean.as_ref(), head.recipient.nem_handel_type.as_ref()),
        attention: head.recipient.attention.map(economic::ContactNumber::get),
        your_reference: head.references.customer_contact.map(economic::ContactNumber::get),
        touched_at: head.last_updated,
        texts: Texts {
            reference: text(head.references.other),
            heading: text(head.notes.heading),
            first: text(head.notes.text_line1),
            second: text(head.notes.text_line2),
        },
    })
}

fn has_ean(ean: Option<&String>, receiver: Option<&NemHandelType>) -> bool {
    ean.is_some_and(|ean| !ean.trim().is_empty()) || receiver == Some(&NemHandelType::Ean)
}

/// Lines that something is paid for.
fn priced(lines: &[Line]) -> u32 {
    let is_zero = |amount: Option<Decimal>| amount.is_none_or(|amount| amount.is_zero());
    let priced = lines.iter().filter(|line| !is_zero(line.quantity) && !is_zero(line.unit_net_price));
    u32::try_from(priced.count()).unwrap_or(u32::MAX)
}

/// Changes with everything on the draft that its reader sees.
fn digest(head: &DraftHead, lines: &[Line]) -> String {
    let mut hash = Sha256::new();
    let mut add = |part: String| {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    };
    let shown = |text: &Option<Private<String>>| text.as_ref().map(|text| text.get().clone()).unwrap_or_default();
    let amount = |amount: Option<Decimal>| amount.map(|amount| amount.normalize().to_string()).unwrap_or_default();
    for text in [
        &head.recipient.name,
        &head.recipient.cvr,
        &head.recipient.public_entry_number,
        &head.references.other,
        &head.notes.heading,
        &head.notes.text_line1,
        &head.notes.text_line2,
    ] {
        add(shown(text));
    }
    for place in [&head.recipient.place, &head.delivery] {
        for text in [&place.address, &place.zip, &place.city, &place.country] {
            add(shown(text));
        }
    }
    let numbers = [
        head.layout,
        head.payment_terms.number,
        head.recipient.attention.map(|number| i64::from(number.get())),
        head.references.customer_contact.map(|number| i64::from(number.get())),
        head.references.sales_person,
    ];
    add(format!("{numbers:?} {:?} {:?}", head.due_date, head.recipient.ean));
    for line in lines {
        add(shown(&line.description));
        add(line.product.clone().unwrap_or_default());
        for figure in [line.quantity, line.unit_net_price, line.discount_percentage, line.total_net_amount] {
            add(amount(figure));
        }
    }
    hash.finalize().iter().take(DIGEST_BYTES).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

pub(super) fn booked(invoice: &BookedInvoice) -> Result<FoundBooked, Error> {
    Ok(FoundBooked {
        number: invoice.number.to_string().parse().map_err(|_| no("bookedInvoiceNumber"))?,
        came_of: invoice.order_number.map(|number| u64::from(number.get())),
        date: invoice.date,
        gross: gross(invoice)?,
    })
}

pub(super) fn invoice(invoice: BookedInvoice) -> Result<Invoice, Error> {
    let total = gross(&invoice)?;
    Ok(Invoice {
        number: invoice.number.to_string().parse().map_err(|_| no("bookedInvoiceNumber"))?,
        customer: customer_number(invoice.customer).map_err(|_| no("customer"))?,
        customer_name: text(invoice.recipient.name).unwrap_or_default(),
        invoice_date: invoice.date,
        due_date: invoice.due_date,
        period: None,
        total,
        ocr: None,
        our_reference: None,
        your_reference: None,
        email_to: None,
        email_bcc: None,
        for_service: ForService::default(),
        booked: true,
        cancelled: false,
        sent: false,
        credit: total.amount < Decimal::ZERO,
        attention: invoice.recipient.attention.map(economic::ContactNumber::get),
        your_contact: invoice.references.customer_contact.map(economic::ContactNumber::get),
    })
}

pub(super) fn customer(number: &CustomerNumber, customer: economic::Customer, contacts: Vec<Contact>) -> Customer {
    let contacts = contacts.into_iter().filter(|contact| !contact.deleted).map(person).collect();
    Customer {
        number: number.clone(),
        name: text(customer.name).unwrap_or_default(),
        invoice_email: text(customer.email),
        default_delivery: DefaultDelivery::Unsaid,
        contacts: Some(contacts),
        barred: customer.barred,
        has_ean: has_ean(customer.ean.as_ref(), None),
    }
}

fn person(contact: Contact) -> Person {
    let gets_invoices = contact.wants_invoices();
    Person {
        number: contact.number.get(),
        name: text(contact.name).unwrap_or_default(),
        email: text(contact.email),
        gets_invoices,
    }
}

pub(super) fn company(info: SelfInfo) -> Company {
    Company {
        name: text(info.company.name).unwrap_or_default(),
        bankgiro: None,
        plusgiro: None,
        iban: None,
        user_email: text(info.user.email).or_else(|| text(info.company.email)),
        language: info.user.culture.as_deref().and_then(Language::of_culture),
        sends_einvoices: Some(info.can_send_electronic_invoice),
    }
}

fn gross(invoice: &BookedInvoice) -> Result<Money, Error> {
    let amount = invoice.gross_amount.ok_or_else(|| no("grossAmount"))?;
    Ok(Money::new(amount, currency(&invoice.currency).map_err(|_| no("currency"))?))
}

fn no(field: &str) -> Error {
    Error::NoAnswer { what: format!("the invoice's {field} can't be read") }
}

fn currency(code: &str) -> Result<Currency, String> {
    code.parse().map_err(|problem| format!("currency {problem}"))
}

fn customer_number(number: economic::CustomerNumber) -> Result<CustomerNumber, String> {
    number.to_string().parse().map_err(|problem| format!("customerNumber {problem}"))
}

fn text(value: Option<Private<String>>) -> Option<String> {
    value.map(Private::into_inner).filter(|text| !text.trim().is_empty())
}
