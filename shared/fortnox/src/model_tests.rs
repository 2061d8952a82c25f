//! Reading whole documents in the shapes that Fortnox is known to send.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use chrono::NaiveDate;
use lenient_json::{FromObject, Malformed, Object};
use rust_decimal::Decimal;

use crate::{
    CompanyInformation, CompanySettings, Contract, ContractListItem, Customer, Invoice, InvoiceListItem, InvoiceQuery,
    InvoiceType, Private, TenantId,
};

fn read<T: FromObject>(text: &str) -> Result<T, Malformed> {
    T::from_object(&Object::root(text).unwrap())
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn a_contract_is_read_in_either_typing() {
    let one: Contract = read(
        r#"{"@url":"https:\/\/api.fortnox.se\/3\/contracts\/1","Active":true,"Continuous":true,"ContractLength":12,
        "CustomerName":"Kund AB","CustomerNumber":"1","DocumentNumber":"1","InvoiceInterval":3,"InvoicesRemaining":"0",
        "LastInvoiceDate":"","PeriodStart":"2026-02-01","PeriodEnd":"2026-02-28","Total":625,"VatIncluded":false,
        "TemplateNumber":1,"EmailInformation":{"EmailAddressFrom":null,"EmailAddressTo":"","EmailBody":" "},
        "InvoiceRows":[{"RowId":11,"ArticleNumber":"1","DeliveredQuantity":"1","Price":500.50,"VAT":25}]}"#,
    )
    .unwrap();
    let other: Contract = read(
        r#"{"Active":"true","Continuous":"true","ContractLength":"12","CustomerName":"Kund AB","CustomerNumber":1,
        "DocumentNumber":1,"Interval":"3","InvoicesRemaining":0,"LastInvoiceDate":null,"PeriodStart":"2026-02-01",
        "PeriodEnd":"2026-02-28","Total":"625","VATIncluded":"false","TemplateNumber":"1","EmailInformation":null,
        "Unheard":{"of":[1]},
        "InvoiceRows":[{"RowId":"11","ArticleNumber":1,"DeliveredQuantity":1,"Price":"500.50","VAT":"25"}]}"#,
    )
    .unwrap();
    assert_eq!(one, other);
    assert_eq!(one.invoice_interval, Some(3));
    assert_eq!(one.period_end, Some(date("2026-02-28")));
    assert_eq!(one.vat_included, Some(false));
    assert_eq!(one.last_invoice_date, None);
    assert_eq!(one.invoice_rows[0].price, Some(amount("500.50")));
    assert_eq!(one.customer_name, Some(Private::new("Kund AB".into())));
}

#[test]
fn the_interval_is_found_under_all_its_names() {
    for name in ["Invoiceinterval", "InvoiceInterval", "Interval"] {
        let text = format!(r#"{{"DocumentNumber":"1","CustomerNumber":"1","{name}":6}}"#);
        assert_eq!(read::<ContractListItem>(&text).unwrap().invoice_interval, Some(6), "{name}");
    }
}

const INVOICE: &str = r#"{"Balance":0,"Booked":false,"Cancelled":false,"ContractReference":0,"Credit":"false",
    "CreditInvoiceReference":"0","Currency":"SEK","CurrencyRate":1,"CustomerName":"Kund AB","CustomerNumber":"1",
    "DeliveryDate":null,"DocumentNumber":"1","DueDate":"2023-02-26","InvoiceDate":"2023-01-27",
    "InvoicePeriodStart":"","InvoicePeriodEnd":"","InvoiceRows":[],"InvoiceType":"INVOICE","Labels":[],
    "NoxFinans":false,"NotCompleted":false,"OCR":"133","Sent":false,"TaxReduction":null,"Total":0,
    "VoucherNumber":null,"VoucherSeries":null,"EmailInformation":{"EmailAddressTo":null,"EmailBody":" "}}"#;

#[test]
fn an_invoice_without_contract_is_read() {
    let invoice: Invoice = read(INVOICE).unwrap();
    assert_eq!(invoice.invoice_type, Some(InvoiceType::Invoice));
    assert_eq!((invoice.contract_reference, invoice.credit_invoice_reference), (None, None));
    assert_eq!((invoice.invoice_period_start, invoice.invoice_date), (None, Some(date("2023-01-27"))));
    assert_eq!((invoice.booked, invoice.sent, invoice.credit), (false, false, false));
    assert_eq!(invoice.voucher_number, None);
}

#[test]
fn an_invoice_of_a_contract_is_read_whatever_the_type_of_the_reference() {
    for reference in ["17", r#""17""#] {
        let text = INVOICE
            .replace(r#""ContractReference":0"#, &format!(r#""ContractReference":{reference}"#))
            .replace(r#""InvoiceType":"INVOICE""#, r#""InvoiceType":"AGREEMENTINVOICE""#)
            .replace(r#""InvoicePeriodStart":"""#, r#""InvoicePeriodStart":"2023-01-01""#);
        let invoice: Invoice = read(&text).unwrap();
        assert_eq!(invoice.contract_reference.as_deref(), Some("17"));
        assert_eq!(invoice.invoice_type, Some(InvoiceType::AgreementInvoice));
        assert_eq!(invoice.invoice_period_start, Some(date("2023-01-01")));
    }
}

#[test]
fn an_invoice_that_does_not_say_whether_it_is_booked_is_not_taken_for_unbooked() {
    for missing in ["Booked", "Sent", "Cancelled"] {
        for replacement in [format!(r#""{missing}":null"#), r#""Other":1"#.to_owned()] {
            let text = INVOICE.replace(&format!(r#""{missing}":false"#), &replacement);
            let complaint = read::<Invoice>(&text).unwrap_err().to_string();
            assert_eq!(complaint, format!("{missing} is missing or empty"));
        }
    }
}

#[test]
fn invoice_types_keep_the_words_of_fortnox() {
    for word in ["INVOICE", "AGREEMENTINVOICE", "INTRESTINVOICE", "SUMMARYINVOICE", "CASHINVOICE", "NEWINVOICE"] {
        assert_eq!(InvoiceType::from(word.to_owned()).as_str(), word);
    }
    assert_eq!(InvoiceType::from("NEWINVOICE".to_owned()), InvoiceType::Other("NEWINVOICE".into()));
}

#[test]
fn a_query_keeps_exact_matches_only() {
    let item: InvoiceListItem = read(
        r#"{"DocumentNumber":"5","CustomerNumber":"21","InvoiceDate":"2026-03-01","InvoiceType":"AGREEMENTINVOICE",
        "Booked":false,"Cancelled":false,"Sent":false,"CurrencyRate":"1","Total":"1250.00"}"#,
    )
    .unwrap();
    let matches = |query: InvoiceQuery| query.matches(&item);
    assert!(matches(InvoiceQuery::default()));
    assert!(matches(InvoiceQuery { customer_number: Some("21".into()), ..InvoiceQuery::default() }));
    assert!(!matches(InvoiceQuery { customer_number: Some("1".into()), ..InvoiceQuery::default() }));
    assert!(matches(InvoiceQuery {
        from_date: Some(date("2026-03-01")),
        to_date: Some(date("2026-03-01")),
        ..InvoiceQuery::default()
    }));
    assert!(!matches(InvoiceQuery { from_date: Some(date("2026-03-02")), ..InvoiceQuery::default() }));
    assert!(!matches(InvoiceQuery { to_date: Some(date("2026-02-28")), ..InvoiceQuery::default() }));
    assert!(!matches(InvoiceQuery { invoice_type: Some(InvoiceType::Invoice), ..InvoiceQuery::default() }));
    assert_eq!(item.total, Some(amount("1250.00")));
}

#[test]
fn a_customer_is_read() {
    let customer: Customer = read(
        r#"{"CustomerNumber":"K-1/a","Name":"Anna Andersson","Active":true,"Email":"anna@kund.test","EmailInvoice":"",
        "DefaultDeliveryTypes":{"Invoice":"ELECTRONICINVOICE","Order":"PRINT","Offer":"PRINT"},"Type":"PRIVATE",
        "InvoiceDiscount":null,"PriceList":"A","VATType":"SEVAT","CountryCode":"SE","Address1":null}"#,
    )
    .unwrap();
    assert_eq!(customer.customer_number, "K-1/a");
    assert_eq!(customer.default_invoice_delivery.as_deref(), Some("ELECTRONICINVOICE"));
    assert_eq!(customer.email, Some(Private::new("anna@kund.test".into())));
    assert_eq!((customer.email_invoice, customer.invoice_discount), (None, None));
}

#[test]
fn the_database_number_is_a_number_here_and_a_string_there() {
    let company: CompanyInformation = read(r#"{"DatabaseNumber":654321,"CompanyName":"Byrå AB"}"#).unwrap();
    let settings: CompanySettings = read(r#"{"DatabaseNumber":"654321","BG":"123-4567","TaxEnabled":"true"}"#).unwrap();
    assert_eq!(company.database_number, TenantId::new(654_321));
    assert_eq!(settings.database_number, company.database_number);
    assert_eq!(settings.bank_giro, Some(Private::new("123-4567".into())));
    assert_eq!(settings.tax_enabled, Some(true));
    assert!(read::<CompanyInformation>(r#"{"DatabaseNumber":-5}"#).is_err());
}
