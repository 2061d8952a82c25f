//! The letters in full against golden files, and what a company's own template makes of the same invoices.
//!
//! `UPDATE_GOLDEN=1 cargo test -p domain --test letters` writes the golden files anew.
#![allow(clippy::unwrap_used)]

use std::{env, fs, path::Path};

use domain::{
    letters::{
        InvalidLetter, Language, Letter, LetterTemplate, Look, MERGE_FIELDS, MergeFields, Presence, RenderedLetter,
        TemplateError, TemplateKind, check_template,
    },
    money::{Currency, Money},
    period::Period,
};
use proptest::prelude::*;

fn sparse() -> MergeFields {
    MergeFields {
        contact_name: None,
        customer_name: "Björkängens Café AB".to_owned(),
        company_name: "Nord & Väst Redovisning AB".to_owned(),
        invoice_number: "1001".parse().unwrap(),
        invoice_date: "2026-01-31".parse().unwrap(),
        due_date: "2026-03-02".parse().unwrap(),
        amount: Money::new("1250.5".parse().unwrap(), Currency::SEK),
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

fn full() -> MergeFields {
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

fn credit() -> MergeFields {
    let amount = Money::new("-1250.5".parse().unwrap(), Currency::SEK);
    MergeFields { is_credit: true, amount, invoice_number: "1002".parse().unwrap(), ..full() }
}

/// As a Danish company's invoice has it: crowns of its own, an IBAN, and nothing Swedish.
fn danish() -> MergeFields {
    MergeFields {
        contact_name: Some("Søren Kjærgaard".to_owned()),
        customer_name: "Rødgrød & Fløde ApS".to_owned(),
        company_name: "Ærø Bogføring ApS".to_owned(),
        amount: Money::new("12345.5".parse().unwrap(), Currency::DKK),
        ocr: None,
        bankgiro: None,
        plusgiro: None,
        iban: Some("DK50 0040 0440 1162 43".to_owned()),
        our_reference: Some("Åse Østergård".to_owned()),
        ..full()
    }
}

/// As a Danish company's invoice to a Norwegian customer has it.
fn norwegian() -> MergeFields {
    MergeFields {
        contact_name: Some("Kåre Bjørnstad".to_owned()),
        customer_name: "Fjell & Fjære AS".to_owned(),
        amount: Money::new("12345.5".parse().unwrap(), "NOK".parse().unwrap()),
        iban: Some("NO93 8601 1117 947".to_owned()),
        ..danish()
    }
}

/// As a Swedish company's invoice to a Finnish customer has it.
fn finnish() -> MergeFields {
    MergeFields {
        contact_name: Some("Päivi Mäkelä".to_owned()),
        customer_name: "Järvi & Mänty Oy".to_owned(),
        amount: Money::new("12345.5".parse().unwrap(), "EUR".parse().unwrap()),
        bankgiro: None,
        plusgiro: None,
        ..full()
    }
}

fn own() -> Letter {
    let body = "{{ greeting }}\n\nNu är {{ invoice_number }} klar:\n{% if ocr %}\nOCR {{ ocr }}\n{% else %}\nutan OCR\n{% endif %}\n\
                Att betala {{ amount }} senast {{ due_date }}.\n\n\n<b>Hälsningar</b>\n{{ company_name }}\n";
    Letter::Custom(LetterTemplate::new("{{ company_name }}: faktura {{ invoice_number }}", body).unwrap())
}

fn compare(file: &str, got: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/letters").join(file);
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, got).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(got, golden, "{file} differs; if that's wanted, run again with UPDATE_GOLDEN=1");
}

#[test]
fn letters_in_full() {
    for (name, fields) in [("full", full()), ("sparse", sparse()), ("credit", credit())] {
        for language in Language::ALL {
            let letter = Letter::Standard.render(language, &Look::default(), &fields).unwrap();
            let code = language.code();
            compare(&format!("{name}.{code}.txt"), &format!("Subject: {}\n\n{}", letter.subject, letter.text));
            compare(&format!("{name}.{code}.html"), &letter.html);
        }
    }
    let at_home = [
        ("danish", Language::Da, danish()),
        ("norwegian", Language::Nb, norwegian()),
        ("finnish", Language::Fi, finnish()),
    ];
    for (name, language, fields) in at_home {
        let letter = Letter::Standard.render(language, &Look::default(), &fields).unwrap();
        let code = language.code();
        compare(&format!("{name}.{code}.txt"), &format!("Subject: {}\n\n{}", letter.subject, letter.text));
        compare(&format!("{name}.{code}.html"), &letter.html);
    }
    let letter = own().render(Language::Sv, &Look::default(), &full()).unwrap();
    compare("own.sv.txt", &format!("Subject: {}\n\n{}", letter.subject, letter.text));
    compare("own.sv.html", &letter.html);
}

#[test]
fn the_jobs_reference_is_in_the_letter_where_there_is_one() {
    for language in Language::ALL {
        for (fields, times) in [(full(), 1), (credit(), 1), (MergeFields { job_reference: None, ..full() }, 0)] {
            let letter = Letter::Standard.render(language, &Look::default(), &fields).unwrap();
            assert_eq!(letter.text.matches("economic-7654321:148:1").count(), times, "{language:?}");
            assert_eq!(letter.html.matches("economic-7654321:148:1").count(), times, "{language:?}");
            let label = if language == Language::Fi { "\nTunniste:" } else { "\nRefer" };
            assert_eq!(letter.text.contains(label), times == 1, "{language:?}");
        }
    }
}

/// The mail's banner: the control copy is the very mail that the customer got, so both read the same words.
#[test]
fn a_letter_with_a_control_copy_says_so_and_how_a_wrong_invoice_is_put_right() {
    let words = |language| match language {
        Language::Sv => ["kontrollkopia", "kreditfaktura"],
        Language::Da => ["kontrolkopi", "kreditnota"],
        Language::En => ["control copy", "credit note"],
        Language::Nb => ["kontrollkopi", "kreditnota"],
        Language::Fi => ["valvontakopio", "hyvityslasku"],
        other => panic!("{other:?} needs its words here"),
    };
    for language in Language::ALL {
        let without = MergeFields { control_copy: false, ..full() };
        for (fields, says) in [(full(), true), (without, false), (credit(), false)] {
            let letter = Letter::Standard.render(language, &Look::default(), &fields).unwrap();
            for text in [&letter.text, &letter.html] {
                assert_eq!(text.contains(words(language)[0]), says, "{language:?}: {text}");
                assert!(!says || text.contains(words(language)[1]), "{language:?}: {text}");
            }
        }
    }
}

#[test]
fn nothing_an_invoice_holds_becomes_markup() {
    let evil = "<script>alert('1')</script>&{{ amount }}";
    let mut fields = full();
    fields.company_name = evil.to_owned();
    fields.contact_name = Some(evil.to_owned());
    fields.iban = Some(evil.to_owned());
    for letter in [Letter::Standard, own()] {
        for language in Language::ALL {
            let RenderedLetter { text, html, .. } = letter.render(language, &Look::default(), &fields).unwrap();
            assert!(text.contains(evil));
            assert!(!html.contains("<script") && html.contains("&lt;script&gt;"));
            assert!(html.contains("{{ amount }}"), "a value is never a template");
            assert!(!html.contains("<b>"), "a company's own text is text");
        }
    }
}

#[test]
fn a_letter_setting_is_refused_when_it_is_written() {
    let json = r#"{"subject":"Faktura {{ nummer }}","body":"Hej!"}"#;
    let error = serde_json::from_str::<LetterTemplate>(json).unwrap_err().to_string();
    assert!(error.starts_with("line 1: there is no merge field `nummer`; there are amount,"), "{error}");
    let error = LetterTemplate::new("Faktura", "Hej!\n{{ ocr }}").unwrap_err();
    assert_eq!(error, InvalidLetter::Body(TemplateError::MayBeMissing { field: "ocr", line: 2 }));
    let Letter::Custom(template) = own() else { unreachable!() };
    let json = serde_json::to_string(&template).unwrap();
    assert_eq!(serde_json::from_str::<LetterTemplate>(&json).unwrap(), template);
}

/// Pieces of templates: right, wrong and nonsense. Without the letter n, so that none of them spells `none`.
fn piece() -> impl Strategy<Value = String> {
    let field = proptest::sample::select(MERGE_FIELDS.to_vec());
    prop_oneof![
        "[a-måäö \n]{0,6}",
        field.clone().prop_map(|field| format!("{{{{ {} }}}}", field.name)),
        field.clone().prop_map(|field| format!("{{% if {} %}}", field.name)),
        field.clone().prop_map(|field| format!("{{% if not {} %}}", field.name)),
        field.prop_map(|field| format!("{{% elif {} %}}", field.name)),
        Just("{% else %}".to_owned()),
        Just("{% endif %}".to_owned()),
        proptest::sample::select(vec!["{{", "}}", "{%", "%}", "{#", "'", "\"", "{{ x }}", "{{ ocr|e }}", "\r", "#}"])
            .prop_map(str::to_owned),
    ]
}

/// A template that is more often right than by chance: optional fields inside their `if`.
fn likely() -> impl Strategy<Value = String> {
    let field = proptest::sample::select(MERGE_FIELDS.to_vec()).prop_map(|field| match field.presence {
        Presence::Always => format!("{{{{ {} }}}}", field.name),
        Presence::Sometimes => format!("{{% if {0} %}}\n{{{{ {0} }}}}{{% else %}}-{{% endif %}}", field.name),
        Presence::Condition => format!("{{% if not {} %}}\nx\n{{% endif %}}", field.name),
    });
    proptest::collection::vec(prop_oneof![3 => field, 2 => "[a-m}%\n]{1,5}", 1 => piece()], 1..12)
        .prop_map(|all| all.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_the_check_lets_through_always_makes_a_letter(
        body in prop_oneof![proptest::collection::vec(piece(), 0..10).prop_map(|all| all.concat()), likely()]
    ) {
        if check_template(TemplateKind::Text, &body).is_ok() {
            let letter = Letter::Custom(LetterTemplate::new("Faktura", body).unwrap());
            for fields in [full(), sparse(), credit()] {
                for language in Language::ALL {
                    let rendered = letter.render(language, &Look::default(), &fields).unwrap();
                    prop_assert!(!rendered.text.contains("none"));
                }
            }
        }
    }

    #[test]
    fn any_text_is_checked_without_a_panic(source in any::<String>()) {
        let _ = check_template(TemplateKind::Text, &source);
        let _ = check_template(TemplateKind::Subject, &source);
    }
}
