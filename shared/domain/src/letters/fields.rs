//! What a letter can say: the merge fields, their names and their values.

use std::fmt;

use chrono::NaiveDate;
use minijinja::Value;

use super::{Language, TemplateError, clean::clean_line, format};
use crate::{ids::InvoiceNumber, money::Money, period::Period};

/// Longest value of a field. Fortnox allows 1 024 characters for a customer's name, its longest (source: its public API
/// description); more can't be a name, and the bound keeps a letter small.
pub const MAX_FIELD_CHARS: usize = 1_024;

/// When a field has a value, and so where a template may use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always: may stand anywhere.
    Always,
    /// Not for every invoice: may stand only inside `{% if field %}`.
    Sometimes,
    /// Yes or no: may only be asked, as in `{% if field %}`, and not printed.
    Condition,
}

/// The name of a merge field and what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergeField {
    /// As a template writes it: `{{ name }}`.
    pub name: &'static str,
    /// When it has a value.
    pub presence: Presence,
    /// What it stands for, for help texts.
    pub meaning: &'static str,
}

const fn field(name: &'static str, presence: Presence, meaning: &'static str) -> MergeField {
    MergeField { name, presence, meaning }
}

/// Every merge field there is. The checked list: a template that names another one is refused.
pub const MERGE_FIELDS: [MergeField; 17] = [
    field("amount", Presence::Always, "amount to pay with its currency; negative for a credit"),
    field("bankgiro", Presence::Sometimes, "the sender's Bankgiro number"),
    field("company_name", Presence::Always, "name of the company that sends the invoice"),
    field("contact_name", Presence::Sometimes, "the customer's contact for invoices"),
    field("control_copy", Presence::Condition, "whether the sender gets a control copy of the mail"),
    field("customer_name", Presence::Always, "name of the customer"),
    field("due_date", Presence::Always, "last day to pay"),
    field("greeting", Presence::Always, "a greeting, with the contact's name where there is one"),
    field("iban", Presence::Sometimes, "the sender's IBAN"),
    field("invoice_date", Presence::Always, "date of the invoice"),
    field("invoice_number", Presence::Always, "number of the invoice"),
    field("is_credit", Presence::Condition, "whether the invoice is a credit"),
    field("job_reference", Presence::Sometimes, "what names the job that made the invoice"),
    field("ocr", Presence::Sometimes, "OCR number or other payment reference"),
    field("our_reference", Presence::Sometimes, "the sender's own contact"),
    field("period", Presence::Sometimes, "first and last date the invoice covers"),
    field("plusgiro", Presence::Sometimes, "the sender's Plusgiro number"),
];

/// The values of one invoice's letter, as the accounting system has them.
///
/// Texts may hold anything: line breaks and control characters become blanks before they reach a letter. A text of
/// blanks counts as absent.
#[derive(Clone)]
pub struct MergeFields {
    /// The customer's contact for invoices.
    pub contact_name: Option<String>,
    /// The customer.
    pub customer_name: String,
    /// The sender.
    pub company_name: String,
    /// The invoice's number.
    pub invoice_number: InvoiceNumber,
    /// The invoice's date.
    pub invoice_date: NaiveDate,
    /// The last day to pay.
    pub due_date: NaiveDate,
    /// The invoice's total to pay; negative for a credit.
    pub amount: Money,
    /// The dates the invoice covers.
    pub period: Option<Period>,
    /// OCR number or other payment reference.
    pub ocr: Option<String>,
    /// The sender's Bankgiro number.
    pub bankgiro: Option<String>,
    /// The sender's Plusgiro number.
    pub plusgiro: Option<String>,
    /// The sender's IBAN, written as the sender writes it.
    pub iban: Option<String>,
    /// The sender's own contact.
    pub our_reference: Option<String>,
    /// The key of the job that made the invoice, by which its whole story is found. Not for paying.
    pub job_reference: Option<String>,
    /// Whether the invoice is a credit.
    pub is_credit: bool,
    /// Whether the mail goes to its sender, too.
    pub control_copy: bool,
}

/// Names and amounts are personal or secret, so only the invoice's number is shown.
impl fmt::Debug for MergeFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MergeFields").field("invoice_number", &self.invoice_number).finish_non_exhaustive()
    }
}

impl MergeFields {
    /// The values by name, formatted for `language`. An absent one is `none`, never an empty text.
    pub(super) fn values(&self, language: Language) -> Result<Vec<(&'static str, Value)>, TemplateError> {
        let contact_name = optional("contact_name", self.contact_name.as_deref())?;
        let greeting = greeting(language, contact_name.as_deref());
        Ok(vec![
            ("amount", format::amount(language, self.amount).into()),
            ("bankgiro", optional("bankgiro", self.bankgiro.as_deref())?.into()),
            ("company_name", required("company_name", &self.company_name)?.into()),
            ("contact_name", contact_name.into()),
            ("control_copy", self.control_copy.into()),
            ("customer_name", required("customer_name", &self.customer_name)?.into()),
            ("due_date", format::date(language, self.due_date).into()),
            ("greeting", greeting.into()),
            ("iban", optional("iban", self.iban.as_deref())?.into()),
            ("invoice_date", format::date(language, self.invoice_date).into()),
            ("invoice_number", self.invoice_number.as_str().into()),
            ("is_credit", self.is_credit.into()),
            ("job_reference", optional("job_reference", self.job_reference.as_deref())?.into()),
            ("ocr", optional("ocr", self.ocr.as_deref())?.into()),
            ("our_reference", optional("our_reference", self.our_reference.as_deref())?.into()),
            ("period", self.period.map(|period| format::period(language, period)).into()),
            ("plusgiro", optional("plusgiro", self.plusgiro.as_deref())?.into()),
        ])
    }
}

/// The whole name is used: which part of it is the first name can't be told, and it may be a department. In Danish no mark
/// follows it.
fn greeting(language: Language, contact_name: Option<&str>) -> String {
    match (language, contact_name) {
        (Language::Sv, Some(name)) => format!("Hej {name}!"),
        (Language::Sv, None) => "Hej!".to_owned(),
        (Language::Da, Some(name)) => format!("Kære {name}"),
        (Language::Da, None) => "Hej".to_owned(),
        (Language::En, Some(name)) => format!("Hello {name},"),
        (Language::En, None) => "Hello,".to_owned(),
        (Language::Nb, Some(name)) => format!("Hei, {name}!"),
        (Language::Nb, None) => "Hei!".to_owned(),
        (Language::Fi, Some(name)) => format!("Hei {name},"),
        (Language::Fi, None) => "Hei,".to_owned(),
    }
}

fn optional(field: &'static str, text: Option<&str>) -> Result<Option<String>, TemplateError> {
    let text = clean_line(text.unwrap_or_default());
    if text.chars().count() > MAX_FIELD_CHARS {
        return Err(TemplateError::ValueTooLong { field });
    }
    Ok(if text.is_empty() { None } else { Some(text) })
}

fn required(field: &'static str, text: &str) -> Result<String, TemplateError> {
    optional(field, Some(text))?.ok_or(TemplateError::ValueMissing { field })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::letters::samples;

    #[test]
    fn the_list_names_exactly_the_values() {
        let names: Vec<_> = MERGE_FIELDS.iter().map(|field| field.name).collect();
        for language in Language::ALL {
            for fields in [samples::full(), samples::sparse()] {
                let values = fields.values(language).unwrap();
                assert_eq!(values.iter().map(|(name, _)| *name).collect::<Vec<_>>(), names);
                for (field, (_, value)) in MERGE_FIELDS.iter().zip(values) {
                    assert!(field.presence == Presence::Sometimes || !value.is_none(), "{}", field.name);
                }
            }
        }
    }

    #[test]
    fn blanks_are_absent_and_breaks_are_blanks() {
        let mut fields = samples::full();
        fields.contact_name = Some(" \r\n\t".to_owned());
        fields.customer_name = "Björk\r\nBcc: x@example.com".to_owned();
        let values = fields.values(Language::Sv).unwrap();
        let value = |name| values.iter().find(|(other, _)| *other == name).unwrap().1.clone();
        assert!(value("contact_name").is_none());
        assert_eq!(value("greeting").as_str(), Some("Hej!"));
        assert_eq!(value("customer_name").as_str(), Some("Björk Bcc: x@example.com"));
    }

    #[test]
    fn a_missing_or_endless_value_is_refused_by_name() {
        let mut fields = samples::full();
        fields.company_name = " ".to_owned();
        assert_eq!(fields.values(Language::En).unwrap_err(), TemplateError::ValueMissing { field: "company_name" });
        fields.company_name = "x".repeat(MAX_FIELD_CHARS + 1);
        assert_eq!(fields.values(Language::En).unwrap_err(), TemplateError::ValueTooLong { field: "company_name" });
    }

    #[test]
    fn debug_shows_nothing_personal() {
        let text = format!("{:?}", samples::full());
        assert!(!text.contains("Anna") && !text.contains("Björk") && !text.contains("1250"), "{text}");
    }
}
