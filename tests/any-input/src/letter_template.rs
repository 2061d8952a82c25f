//! A company's own letter and an invoice's values, both from outside.

use chrono::{Days, NaiveDate};
use domain::{
    letters::{Colour, Language, Letter, LetterTemplate, Look, MergeFields, RenderedLetter, TemplateError},
    money::{Currency, Money},
    period::Period,
};
use rust_decimal::Decimal;

/// Most bytes of any part of a letter: fuel bounds a template at a megabyte, and escaping makes six of one at most.
const MAX_PART_BYTES: usize = 8 << 20;

/// Longest words of a refusal: they quote no more of a template than a field's name.
const MAX_REFUSAL_CHARS: usize = 1_000;

/// The first bytes choose language, colour and presence; then come subject, body and the values, parted by zero bytes.
///
/// What the check lets through makes a letter, unless a value is missing or too long or the letter grows over its bound. No value
/// and no word of a template is markup, no part has a control character, and no input panics.
pub fn any_bytes(data: &[u8]) {
    let (choice, text) = data.split_at(data.len().min(3));
    let choice = [0, 1, 2].map(|at| choice.get(at).copied().unwrap_or_default());
    let text = String::from_utf8_lossy(text);
    let mut parts = text.split('\0');
    let (subject, body) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let language = Language::ALL[usize::from(choice[0]) % Language::ALL.len()];
    let look = Look { colour: colour(choice[1]), logo: None };
    let values: Vec<&str> = parts.collect();
    let Some(fields) = fields(choice[2], &values) else { return };

    // Without values of its own the standard letter is always the same.
    if !values.is_empty() {
        standard(language, &look, &fields);
    }
    match LetterTemplate::new(subject, body) {
        Err(refusal) => assert!(refusal.to_string().chars().count() <= MAX_REFUSAL_CHARS, "{refusal}"),
        Ok(template) => own(template, language, &look, &fields),
    }
}

fn standard(language: Language, look: &Look, fields: &MergeFields) {
    let Some(letter) = made(Letter::Standard.render(language, look, fields)) else { return };
    let harmless = made(Letter::Standard.render(language, look, &harmless(fields))).map(|letter| tags(&letter.html));
    assert_eq!(Some(tags(&letter.html)), harmless, "a value became markup");
}

fn own(template: LetterTemplate, language: Language, look: &Look, fields: &MergeFields) {
    let Some(letter) = made(Letter::Custom(template).render(language, look, fields)) else { return };
    let plain =
        LetterTemplate::new("x", "x").map(|plain| Letter::Custom(plain).render(language, look, &harmless(fields)));
    let Ok(Ok(plain)) = plain else { panic!("the plainest letter can't be made") };
    // The one paragraph of the plainest letter, or as many as there are; and the breaks between their lines.
    let paragraphs = letter.text.split("\n\n").count();
    let breaks: usize = letter.text.split("\n\n").map(|lines| lines.lines().count().saturating_sub(1)).sum();
    assert_eq!(tags(&letter.html), tags(&plain.html) + 2 * (paragraphs - 1) + breaks, "something became markup");
}

/// The letter, if it's one, with what holds for all of them.
fn made(rendered: Result<RenderedLetter, TemplateError>) -> Option<RenderedLetter> {
    let letter = match rendered {
        Ok(letter) => letter,
        Err(TemplateError::TooMuchWork | TemplateError::ValueMissing { .. } | TemplateError::ValueTooLong { .. }) => {
            return None;
        }
        Err(other) => panic!("what was checked makes no letter: {other}"),
    };
    let RenderedLetter { subject, text, html, .. } = &letter;
    assert!(!subject.contains(char::is_control), "a control character in the subject");
    for part in [text, html] {
        assert!(part.len() <= MAX_PART_BYTES, "{} bytes", part.len());
        assert!(!part.contains(|c: char| c.is_control() && c != '\n' && c != '\t'), "a control character");
    }
    Some(letter)
}

fn tags(html: &str) -> usize {
    html.matches('<').count()
}

fn colour(choice: u8) -> Colour {
    format!("#{choice:02x}{:02x}80", choice.rotate_left(3)).parse().unwrap_or_default()
}

/// An invoice with these values, in the order of the fields. A bit of `presence` that isn't set makes its field absent.
fn fields(presence: u8, values: &[&str]) -> Option<MergeFields> {
    let value = |at: usize| values.get(at).copied().unwrap_or("x").to_owned();
    let optional = |at: usize| (presence >> at & 1 == 1).then(|| value(at));
    let date = NaiveDate::default() + Days::new(u64::from(presence) * 97);
    Some(MergeFields {
        contact_name: optional(0),
        ocr: optional(1),
        bankgiro: optional(2),
        plusgiro: optional(3),
        iban: optional(4),
        our_reference: optional(5),
        job_reference: optional(6),
        customer_name: value(7),
        company_name: value(8),
        invoice_number: value(9).parse().or_else(|_| "1".parse()).ok()?,
        invoice_date: date,
        due_date: date + Days::new(30),
        amount: Money::new(Decimal::new(i64::from(presence) * 1_000_003 - 9, 2), Currency::SEK),
        period: (presence & 3 == 3).then(|| Period::new(date, date).ok()).flatten(),
        is_credit: presence & 5 == 5,
        control_copy: presence & 9 == 9,
    })
}

/// The same invoice with a letter for each of its texts.
fn harmless(fields: &MergeFields) -> MergeFields {
    let x = |text: &Option<String>| text.as_deref().filter(|text| !is_blank(text)).map(|_| "x".to_owned());
    MergeFields {
        contact_name: x(&fields.contact_name),
        ocr: x(&fields.ocr),
        bankgiro: x(&fields.bankgiro),
        plusgiro: x(&fields.plusgiro),
        iban: x(&fields.iban),
        our_reference: x(&fields.our_reference),
        job_reference: x(&fields.job_reference),
        customer_name: "x".to_owned(),
        company_name: "x".to_owned(),
        ..fields.clone()
    }
}

/// Whether a letter takes the text as absent: what it drops or makes blanks of is all there is.
fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c == ' '
            || c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}
