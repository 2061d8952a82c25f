//! The four registers: customers, articles, price lists, terms of payment.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::company::Company;
use super::ledger::EffectKind;
use super::number;
use super::record::{Field, Kind, Record};
use super::refusal::code;
use super::register::{Entry, RegisterKind};

/// How documents reach a customer by default. The word before the last is in no specification but occurs; the last is made up,
/// for a word that a client doesn't know.
const DELIVERY_TYPES: Kind = Kind::OneOf(&["PRINT", "EMAIL", "PRINTSERVICE", "ELECTRONICINVOICE", "PIGEON"]);

const DEFAULT_DELIVERY_TYPES: &[Field] =
    &[Field::new("Invoice", DELIVERY_TYPES), Field::new("Offer", DELIVERY_TYPES), Field::new("Order", DELIVERY_TYPES)];

const CUSTOMER: &[Field] = &[
    Field::flag("Active"),
    Field::text("Address1", 1024).nullable(),
    Field::text("Address2", 1024).nullable(),
    Field::text("City", 1024).nullable(),
    Field::text("Comments", 1024).nullable(),
    Field::text("CountryCode", 2).nullable(),
    Field::text("Currency", 3),
    Field::text("CustomerNumber", 1024),
    Field::new("DefaultDeliveryTypes", Kind::Group(DEFAULT_DELIVERY_TYPES)),
    Field::text("DeliveryAddress1", 1024).nullable(),
    Field::text("DeliveryAddress2", 1024).nullable(),
    Field::text("DeliveryCity", 1024).nullable(),
    Field::text("DeliveryCountryCode", 2).nullable(),
    Field::text("DeliveryName", 1024).nullable(),
    Field::text("DeliveryZipCode", 10).nullable(),
    Field::text("Email", 1024).nullable(),
    Field::text("EmailInvoice", 1024),
    Field::text("EmailInvoiceBCC", 1024),
    Field::text("EmailInvoiceCC", 1024),
    Field::text("GLN", 13).nullable(),
    Field::new("InvoiceAdministrationFee", Kind::NumberText).nullable(),
    Field::number("InvoiceDiscount").nullable(),
    Field::new("InvoiceFreight", Kind::NumberText).nullable(),
    Field::text("InvoiceRemark", 1024),
    Field::text("Name", 1024),
    Field::text("OrganisationNumber", 30),
    Field::text("OurReference", 50),
    Field::text("Phone1", 1024).nullable(),
    Field::text("Phone2", 1024).nullable(),
    Field::text("PriceList", 10),
    Field::text("TermsOfPayment", 10),
    Field::new("Type", Kind::OneOf(&["PRIVATE", "COMPANY"])),
    Field::new("VATType", Kind::OneOf(&["SEVAT", "SEREVERSEDVAT", "EUREVERSEDVAT", "EUVAT", "EXPORT"])),
    Field::text("YourReference", 50),
    Field::text("ZipCode", 10).nullable(),
];

const ARTICLE: &[Field] = &[
    Field::flag("Active"),
    Field::text("ArticleNumber", 50),
    Field::text("Description", 200),
    Field::text("EAN", 30),
    Field::flag("Expired"),
    Field::text("Note", 10_000),
    Field::number("PurchasePrice"),
    Field::new("SalesAccount", Kind::Int(1000, 9999)).nullable(),
    Field::new("Type", Kind::OneOf(&["STOCK", "SERVICE"])),
    Field::text("Unit", 6).nullable(),
    Field::number("VAT").nullable(),
];

const PRICE_LIST: &[Field] = &[
    Field::text("Code", 100),
    Field::text("Comments", 1024).nullable(),
    Field::text("Description", 50),
    Field::flag("PreSelected"),
];

const TERMS_OF_PAYMENT: &[Field] = &[Field::text("Code", 30), Field::text("Description", 50)];

/// `/3/customers`
pub(crate) const CUSTOMERS: RegisterKind = RegisterKind {
    path: "customers",
    singular: "Customer",
    plural: "Customers",
    key: "CustomerNumber",
    fields: CUSTOMER,
    filters: &[
        ("customernumber", "CustomerNumber"),
        ("name", "Name"),
        ("zipcode", "ZipCode"),
        ("city", "City"),
        ("email", "Email"),
        ("phone", "Phone1"),
        ("organisationnumber", "OrganisationNumber"),
        ("gln", "GLN"),
    ],
    not_found: (code::CUSTOMER_NOT_FOUND, "Kan inte hitta kunden."),
    written: Some(EffectKind::CustomerChanged),
    register: |company| &mut company.customers,
    peek: |company| &company.customers,
    fill: fill_customer,
    detail: customer_detail,
    list_item: customer_list_item,
};

/// `/3/articles`
pub(crate) const ARTICLES: RegisterKind = RegisterKind {
    path: "articles",
    singular: "Article",
    plural: "Articles",
    key: "ArticleNumber",
    fields: ARTICLE,
    filters: &[("articlenumber", "ArticleNumber"), ("description", "Description"), ("ean", "EAN")],
    not_found: (code::ARTICLE_NOT_FOUND, "Kan inte hitta artikeln."),
    written: Some(EffectKind::ArticleChanged),
    register: |company| &mut company.articles,
    peek: |company| &company.articles,
    fill: |record| {
        record.set_flag("Active", true);
        record.set_text("Type", "SERVICE");
    },
    detail: article_detail,
    list_item: article_list_item,
};

/// `/3/pricelists`
pub(crate) const PRICE_LISTS: RegisterKind = RegisterKind {
    path: "pricelists",
    singular: "PriceList",
    plural: "PriceLists",
    key: "Code",
    fields: PRICE_LIST,
    filters: &[],
    not_found: (code::PRICE_LIST_NOT_FOUND, "Kan inte hitta prislistan."),
    written: None,
    register: |company| &mut company.price_lists,
    peek: |company| &company.price_lists,
    fill: |_| {},
    detail: |_, entry| plain(&PRICE_LISTS, entry),
    list_item: |_, entry| plain(&PRICE_LISTS, entry),
};

/// `/3/termsofpayments`
pub(crate) const TERMS_OF_PAYMENTS: RegisterKind = RegisterKind {
    path: "termsofpayments",
    singular: "TermsOfPayment",
    plural: "TermsOfPayments",
    key: "Code",
    fields: TERMS_OF_PAYMENT,
    filters: &[],
    not_found: (code::TERMS_NOT_FOUND, "Kan inte hitta betalningsvillkoret."),
    written: None,
    register: |company| &mut company.terms,
    peek: |company| &company.terms,
    fill: |_| {},
    detail: |_, entry| plain(&TERMS_OF_PAYMENTS, entry),
    list_item: |_, entry| plain(&TERMS_OF_PAYMENTS, entry),
};

fn url(kind: &RegisterKind, entry: &Entry) -> Value {
    json!(format!("https://api.fortnox.se/3/{}/{}", kind.path, entry.number))
}

fn fields_of(kind: &RegisterKind, entry: &Entry) -> Map<String, Value> {
    let mut out = Map::new();
    entry.record.render_into(&mut out);
    out.insert("@url".to_owned(), url(kind, entry));
    out
}

fn plain(kind: &RegisterKind, entry: &Entry) -> Value {
    Value::Object(fields_of(kind, entry))
}

/// What a new customer gets (recorded).
fn fill_customer(record: &mut Record) {
    record.set_flag("Active", true);
    record.set_text("Currency", "SEK");
    record.set_text("Type", "COMPANY");
    record.set_text("VATType", "SEVAT");
    record.set_text("PriceList", "A");
}

fn customer_detail(_: &Company, entry: &Entry) -> Value {
    let mut out = fields_of(&CUSTOMERS, entry);
    if let Some(Value::Object(types)) = out.get_mut("DefaultDeliveryTypes") {
        for value in types.values_mut().filter(|value| **value == json!("")) {
            *value = json!("PRINT");
        }
    }
    Value::Object(out)
}

/// Fewer fields, `Phone` for `Phone1`, and "" where the detail has null (recorded).
fn customer_list_item(_: &Company, entry: &Entry) -> Value {
    let text = |name: &str| json!(entry.record.text(name));
    json!({
        "@url": url(&CUSTOMERS, entry),
        "Address1": text("Address1"),
        "Address2": text("Address2"),
        "City": text("City"),
        "CustomerNumber": text("CustomerNumber"),
        "Email": text("Email"),
        "Name": text("Name"),
        "OrganisationNumber": text("OrganisationNumber"),
        "Phone": text("Phone1"),
        "ZipCode": text("ZipCode"),
    })
}

fn article_detail(company: &Company, entry: &Entry) -> Value {
    let mut out = fields_of(&ARTICLES, entry);
    let price = company.sales_price(&entry.number);
    out.insert("SalesPrice".to_owned(), price.map_or(Value::Null, number::to_json));
    Value::Object(out)
}

/// Numbers are text in the list (recorded).
fn article_list_item(company: &Company, entry: &Entry) -> Value {
    let record = &entry.record;
    let as_text = |value: Decimal| json!(value.normalize().to_string());
    json!({
        "@url": url(&ARTICLES, entry),
        "ArticleNumber": entry.number,
        "Description": record.text("Description"),
        "EAN": record.text("EAN"),
        "PurchasePrice": as_text(record.number("PurchasePrice")),
        "SalesPrice": company.sales_price(&entry.number).map_or(Value::Null, as_text),
        "Unit": record.text("Unit"),
        "VAT": if record.is_set("VAT") { as_text(record.number("VAT")) } else { Value::Null },
    })
}
