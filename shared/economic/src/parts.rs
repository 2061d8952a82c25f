//! Parts that drafts and booked invoices share.

use lenient_json::{FromObject, Malformed, Object, Private};
use rust_decimal::Decimal;

use crate::numbers::{ContactNumber, number_in};

/// Whom the invoice is made out to, as it stood when the draft was made; may differ from the customer's card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipient {
    /// Name.
    pub name: Option<Private<String>>,
    /// Where it is.
    pub place: Place,
    /// EAN number (GLN) of a public customer: 13 digits.
    pub ean: Option<String>,
    /// By which number an e-invoice finds the receiver.
    pub nem_handel_type: Option<NemHandelType>,
    /// "Att.": the contact that the invoice is addressed to.
    pub attention: Option<ContactNumber>,
    /// A public customer's number for the purchase.
    pub public_entry_number: Option<Private<String>>,
    /// Company number (CVR), or where there is none possibly a person's.
    pub cvr: Option<Private<String>>,
}

impl FromObject for Recipient {
    fn from_object(recipient: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            name: recipient.private("name")?,
            place: Place::from_object(recipient)?,
            ean: recipient.text("ean")?,
            nem_handel_type: recipient.text("nemHandelType")?.map(NemHandelType::from),
            attention: number_in(recipient, "attention", "customerContactNumber")?,
            public_entry_number: recipient.private("publicEntryNumber")?,
            cvr: recipient.private("cvr")?,
        })
    }
}

/// A place, as it is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Street.
    pub address: Option<Private<String>>,
    /// Postal code.
    pub zip: Option<Private<String>>,
    /// City.
    pub city: Option<Private<String>>,
    /// Country.
    pub country: Option<Private<String>>,
}

impl FromObject for Place {
    fn from_object(place: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            address: place.private("address")?,
            zip: place.private("zip")?,
            city: place.private("city")?,
            country: place.private("country")?,
        })
    }
}

/// By which number an e-invoice finds the receiver (e-conomic's schema).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NemHandelType {
    /// `ean`
    Ean,
    /// `corporateIdentificationNumber`: by CVR number.
    CompanyNumber,
    /// `pNumber`: by number of the production unit.
    ProductionUnit,
    /// `peppol`
    Peppol,
    /// One that this version does not know.
    Other(String),
}

impl From<String> for NemHandelType {
    fn from(word: String) -> Self {
        match word.as_str() {
            "ean" => Self::Ean,
            "corporateIdentificationNumber" => Self::CompanyNumber,
            "pNumber" => Self::ProductionUnit,
            "peppol" => Self::Peppol,
            _ => Self::Other(word),
        }
    }
}

/// Terms of payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaymentTerms {
    /// Their number.
    pub number: Option<i64>,
    /// Their kind, such as `net`, `invoiceMonth` or `dueDate`.
    pub kind: Option<String>,
}

impl FromObject for PaymentTerms {
    fn from_object(terms: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self { number: terms.integer("paymentTermsNumber")?, kind: terms.text("paymentTermsType")? })
    }
}

/// Texts that are printed on the invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// Heading.
    pub heading: Option<Private<String>>,
    /// Text before the lines.
    pub text_line1: Option<Private<String>>,
    /// Text after the lines.
    pub text_line2: Option<Private<String>>,
}

impl FromObject for Notes {
    fn from_object(notes: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            heading: notes.private("heading")?,
            text_line1: notes.private("textLine1")?,
            text_line2: notes.private("textLine2")?,
        })
    }
}

/// References.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Free text ("Øvrig ref."), which most layouts print.
    pub other: Option<Private<String>>,
    /// "Your ref.": a contact of the customer.
    pub customer_contact: Option<ContactNumber>,
    /// "Our ref.": number of an employee.
    pub sales_person: Option<i64>,
}

impl FromObject for References {
    fn from_object(references: &Object<'_>) -> Result<Self, Malformed> {
        let sales_person = references.object("salesPerson")?;
        Ok(Self {
            other: references.private("other")?,
            customer_contact: number_in(references, "customerContact", "customerContactNumber")?,
            sales_person: sales_person.map(|person| person.integer("employeeNumber")).transpose()?.flatten(),
        })
    }
}

/// A line. One without a product is text only.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Number within the invoice.
    pub number: Option<i64>,
    /// Text.
    pub description: Option<Private<String>>,
    /// Number of the product, up to 25 characters.
    pub product: Option<String>,
    /// Quantity; negative on a credit note.
    pub quantity: Option<Decimal>,
    /// Price per unit without VAT, in the invoice's currency.
    pub unit_net_price: Option<Decimal>,
    /// Discount in percent.
    pub discount_percentage: Option<Decimal>,
    /// Total of the line without VAT, in the invoice's currency.
    pub total_net_amount: Option<Decimal>,
}

impl FromObject for Line {
    fn from_object(line: &Object<'_>) -> Result<Self, Malformed> {
        let product = line.object("product")?;
        Ok(Self {
            number: line.integer("lineNumber")?,
            description: line.private("description")?,
            product: product.map(|product| product.text("productNumber")).transpose()?.flatten(),
            quantity: line.decimal("quantity")?,
            unit_net_price: line.decimal("unitNetPrice")?,
            discount_percentage: line.decimal("discountPercentage")?,
            total_net_amount: line.decimal("totalNetAmount")?,
        })
    }
}

/// A part of a document; one that is not there is empty.
pub(crate) fn part<T: FromObject + Default>(document: &Object<'_>, name: &str) -> Result<T, Malformed> {
    document.object(name)?.map_or_else(|| Ok(T::default()), |part| T::from_object(&part))
}
