//! Invoices for the tests of this folder: one with every field, one with only those that every invoice has.
#![allow(clippy::unwrap_used)]

use super::MergeFields;
use crate::{
    money::{Currency, Money},
    period::Period,
};

/// Every field.
pub(super) fn full() -> MergeFields {
    MergeFields {
        contact_name: Some("Anna Åkesson".to_owned()),
        period: Some(Period::new("2026-01-01".parse().unwrap(), "2026-01-31".parse().unwrap()).unwrap()),
        ocr: Some("10014".to_owned()),
        bankgiro: Some("5050-1055".to_owned()),
        plusgiro: Some("4 12 34-5".to_owned()),
        iban: Some("SE35 5000 0000 0549 1000 0003".to_owned()),
        our_reference: Some("Åsa Öberg".to_owned()),
        job_reference: Some("economic-7654321:148:1".to_owned()),
        control_copy: true,
        ..sparse()
    }
}

/// The fewest.
pub(super) fn sparse() -> MergeFields {
    MergeFields {
        contact_name: None,
        customer_name: "Björkängens Café AB".to_owned(),
        company_name: "Nord & Väst Redovisning AB".to_owned(),
        invoice_number: "1001".parse().unwrap(),
        invoice_date: "2026-01-31".parse().unwrap(),
        due_date: "2026-03-02".parse().unwrap(),
        amount: Money::new("1250.50".parse().unwrap(), Currency::SEK),
        period: None,
        ocr: None,
        bankgiro: None,
        plusgiro: None,
        iban: None,
        our_reference: None,
        job_reference: None,
        is_credit: false,
        control_copy: false,
    }
}
