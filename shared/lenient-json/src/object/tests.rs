//! Every kind in every guise.

#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;

fn root(text: &str) -> Object<'_> {
    Object::root(text).unwrap()
}

#[test]
fn a_decimal_is_what_its_text_says() {
    let object = root(
        r#"{"a":0.1,"b":"1500.50","c":1.10,"d":1.5e3,"e":-7,"f":79228162514264337593543950335,
        "g":0.30000000000000004,"h":" 12.5 "}"#,
    );
    let read = |name| object.decimal(name).unwrap().unwrap().to_string();
    assert_eq!(
        ["a", "b", "c", "d", "e", "f", "g", "h"].map(read),
        ["0.1", "1500.50", "1.10", "1500", "-7", "79228162514264337593543950335", "0.30000000000000004", "12.5"]
    );
}

#[test]
fn what_is_no_decimal_is_named_without_its_value() {
    for bad in [r#""12 kr""#, "true", r#""1_000""#, r#""+1""#, r#""NaN""#, "[1]", "{}", "1e99", r#""1,5""#] {
        let text = format!(r#"{{"Price":{bad}}}"#);
        let complaint = root(&text).decimal("Price").unwrap_err().to_string();
        assert!(complaint.starts_with("Price is not a"), "{complaint}");
        assert!(!complaint.contains("12"), "{complaint}");
    }
}

#[test]
fn absent_null_and_blank_are_nothing_for_every_kind() {
    for text in ["{}", r#"{"x":null}"#, r#"{"x":""}"#, r#"{"x":" "}"#] {
        let object = root(text);
        assert_eq!(object.text("x"), Ok(None));
        assert_eq!(object.private("x"), Ok(None));
        assert_eq!(object.reference("x"), Ok(None));
        assert_eq!(object.decimal("x"), Ok(None));
        assert_eq!(object.integer("x"), Ok(None));
        assert_eq!(object.flag("x"), Ok(None));
        assert_eq!(object.date("x"), Ok(None));
    }
}

#[test]
fn numbers_and_flags_may_be_strings_and_back() {
    let object = root(r#"{"n":"12","m":12,"k":12.0,"t":"true","f":"False","one":1,"zero":"0","text":7}"#);
    assert_eq!(["n", "m", "k"].map(|name| object.integer(name).unwrap()), [Some(12); 3]);
    assert_eq!(["t", "one"].map(|name| object.flag(name).unwrap()), [Some(true); 2]);
    assert_eq!(["f", "zero"].map(|name| object.flag(name).unwrap()), [Some(false); 2]);
    assert_eq!(object.text("text").unwrap().as_deref(), Some("7"));
    assert!(root(r#"{"n":1.5}"#).integer("n").is_err());
    assert!(root(r#"{"t":"ja"}"#).flag("t").is_err());
}

#[test]
fn a_reference_of_zero_is_none() {
    for none in [r#"{"r":0}"#, r#"{"r":"0"}"#, r#"{"r":""}"#, r#"{"r":null}"#, "{}"] {
        assert_eq!(root(none).reference("r"), Ok(None));
    }
    for some in [r#"{"r":17}"#, r#"{"r":"17"}"#] {
        assert_eq!(root(some).reference("r").unwrap().as_deref(), Some("17"));
    }
}

#[test]
fn dates_may_carry_a_time_but_must_exist() {
    let date = NaiveDate::from_ymd_opt(2028, 2, 29);
    for text in ["2028-02-29", "2028-02-29 10:15:00", "2028-02-29T10:15:00", " 2028-02-29 "] {
        assert_eq!(root(&format!(r#"{{"d":"{text}"}}"#)).date("d").unwrap(), date);
    }
    for text in ["2027-02-29", "2028-2-9", "29/2 2028", "åäö", "2028-02-291"] {
        assert!(root(&format!(r#"{{"d":"{text}"}}"#)).date("d").is_err(), "{text}");
    }
    assert!(root(r#"{"d":20280229}"#).date("d").is_err());
}

#[test]
fn keys_are_found_in_any_case_and_escapes_are_undone() {
    let object = root(r#"{"VatIncluded":true,"@url":"https:\/\/x.test\/3","ÅR":1}"#);
    assert_eq!(object.flag("VATIncluded"), Ok(Some(true)));
    assert_eq!(object.text("@URL").unwrap().as_deref(), Some("https://x.test/3"));
    assert_eq!(object.integer("år"), Ok(Some(1)));
}

#[test]
fn a_complaint_tells_the_way_to_the_field() {
    let object = root(r#"{"Invoice":{"InvoiceDate":"snart"}}"#);
    let invoice = object.object("Invoice").unwrap().unwrap();
    assert_eq!(invoice.date("InvoiceDate").unwrap_err().to_string(), "Invoice.InvoiceDate is not a date (YYYY-MM-DD)");
    let missing = invoice.required("DocumentNumber", Object::text).unwrap_err();
    assert_eq!(missing.to_string(), "Invoice.DocumentNumber is missing or empty");
}

#[test]
fn a_body_that_is_no_object_is_said_to_be_none() {
    for body in ["", "[]", "null", "<html>", "{", "\"{}\""] {
        assert!(Object::root(body).is_err(), "{body}");
    }
    assert!(Object::root("\u{feff}{}").is_ok());
}

#[test]
fn moments_may_lack_a_zone_but_must_exist() {
    let noon = NaiveDate::from_ymd_opt(2026, 8, 1).unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc();
    for text in [
        "2026-08-01T12:00:00Z",
        "2026-08-01T14:00:00+02:00",
        "2026-08-01T12:00:00",
        "2026-08-01T12:00:00.000",
        "2026-08-01 12:00:00",
        "2026-08-01T12:00",
        "2026-08-01T12:00Z",
    ] {
        assert_eq!(root(&format!(r#"{{"at":"{text}"}}"#)).moment("at").unwrap(), Some(noon), "{text}");
    }
    for text in ["2026-08-01", "2026-02-30T12:00:00Z", "i morgen"] {
        assert!(root(&format!(r#"{{"at":"{text}"}}"#)).moment("at").is_err(), "{text}");
    }
    assert_eq!(root(r#"{"at":null}"#).moment("at"), Ok(None));
}

#[test]
fn texts_are_an_array_of_texts_or_nothing() {
    let object = root(r#"{"some":["a","b"],"none":null,"bad":["a",1]}"#);
    assert_eq!(object.texts("some").unwrap(), ["a", "b"]);
    assert!(object.texts("none").unwrap().is_empty() && object.texts("absent").unwrap().is_empty());
    assert_eq!(object.texts("bad").unwrap_err().to_string(), "bad is not an array of texts");
}
