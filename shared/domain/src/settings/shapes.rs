//! What the schema says of values that are texts or numbers of their own kind: each with a `title` that a refusal quotes as what is
//! allowed. The types themselves read the values; `schema.rs` tests that both agree.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{
    Channel,
    document::{MAX_MARKER_CHARS, MAX_NAME_CHARS, MIN_MARKER_CHARS},
};
use crate::letters::{
    Language, MAX_LOGO_BYTES,
    address::{MAX_ADDRESS_BYTES, MAX_RECIPIENTS},
};

/// A shape: a marker that is never made, and what the schema says of it.
macro_rules! shape {
    ($(#[$doc:meta])* $name:ident, $schema:expr) => {
        $(#[$doc])*
        pub(super) enum $name {}

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

shape!(
    /// A local hour. The hour from 2 is missing on the night on which summer time begins.
    Hour,
    json_schema!({
        "type": "integer", "minimum": 0, "maximum": 23, "not": {"const": 2},
        "title": "an hour from 0 to 23, but not 2, which is missing on a night in spring",
    })
);

shape!(
    /// A time zone.
    TimeZone,
    json_schema!({
        "type": "string", "pattern": "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$",
        "title": "a time zone by its IANA name, such as Europe/Stockholm or Europe/Copenhagen",
        "examples": ["Europe/Stockholm", "Europe/Copenhagen", "Europe/Oslo", "Europe/Helsinki"],
    })
);

shape!(
    /// A mail address.
    Address,
    json_schema!({
        "type": "string", "pattern": "^[^@\\s]+@[^@\\s]+$", "maxLength": MAX_ADDRESS_BYTES,
        "title": "a mail address, such as faktura@company.example",
        "examples": ["faktura@company.example"],
    })
);

shape!(
    /// Mail addresses in one text.
    Addresses,
    json_schema!({
        "type": "string", "pattern": "@",
        "title": format!("a mail address, or up to {MAX_RECIPIENTS} with commas between them"),
        "examples": ["ekonomi@kund.example"],
    })
);

shape!(
    /// The company's name.
    Name,
    json_schema!({
        "type": "string", "minLength": 1, "maxLength": MAX_NAME_CHARS, "pattern": "[^\\s]",
        "title": format!("1 to {MAX_NAME_CHARS} printable characters"),
    })
);

shape!(
    /// A text that marks or stops a draft.
    Marker,
    json_schema!({
        "type": "string", "minLength": MIN_MARKER_CHARS, "maxLength": MAX_MARKER_CHARS, "pattern": "^\\S(.*\\S)?$",
        "title": format!("{MIN_MARKER_CHARS} to {MAX_MARKER_CHARS} characters without blanks at the ends"),
    })
);

shape!(
    /// A colour.
    Colour,
    json_schema!({
        "type": "string", "pattern": "^#[0-9A-Fa-f]{6}$",
        "title": "# and six hexadecimal digits, such as #2f7d6b",
        "examples": ["#2f7d6b"],
    })
);

shape!(
    /// A picture.
    Logo,
    json_schema!({
        "type": "string", "pattern": "^data:image/(png|jpeg);base64,",
        "title": format!("a PNG or JPEG of at most {MAX_LOGO_BYTES} bytes, as data:image/png;base64,\u{2026}"),
    })
);

shape!(
    /// A letter's language.
    LanguageCode,
    {
        let codes: Vec<&str> = Language::ALL.iter().map(|language| language.code()).chain(["no"]).collect();
        json_schema!({"type": "string", "enum": codes})
    }
);

shape!(
    /// A channel by which the accounting system itself delivers.
    BounceChannel,
    {
        let names: Vec<&str> =
            Channel::ALL.into_iter().filter(|channel| channel.is_sent_by_call()).map(Channel::name).collect();
        json_schema!({"type": "string", "enum": names})
    }
);

shape!(
    /// A company's own letter.
    Letter,
    json_schema!({
        "type": "object", "required": ["subject", "body"], "additionalProperties": false,
        "properties": {
            "subject": {"type": "string", "minLength": 1, "description": "One line, with merge fields (docs/letters.md)."},
            "body": {"type": "string", "minLength": 1, "description": "Paragraphs with blank lines between them, with merge fields."},
        },
        "title": "a letter: an object with the texts `subject` and `body`, whose merge fields are in docs/letters.md",
    })
);

shape!(
    /// Letters by language.
    Letters,
    {
        let codes: Vec<&str> = Language::ALL.iter().map(|language| language.code()).collect();
        let letter = Letter::json_schema(&mut SchemaGenerator::default());
        json_schema!({
            "type": "object", "additionalProperties": false,
            "patternProperties": {format!("^({}|no)$", codes.join("|")): letter},
            "title": format!("letters by language: {}", codes.join(", ")),
        })
    }
);

/// A decimal, as a number or as a text that keeps all its digits.
fn decimal(title: &str, pattern: &str, number: &serde_json::Value) -> Schema {
    json_schema!({"anyOf": [number, {"type": "string", "pattern": pattern}], "title": title})
}

shape!(
    /// Limits by currency.
    Amounts,
    {
        let amount = decimal(
            "an amount over 0, such as 250000 or \"1250.50\"",
            "^[0-9]+([.][0-9]+)?$",
            &serde_json::json!({"type": "number", "exclusiveMinimum": 0}),
        );
        json_schema!({
            "type": "object", "additionalProperties": false, "patternProperties": {"^[A-Z]{3}$": amount},
            "title": "amounts over 0 by currency, such as {\"SEK\": 250000}",
        })
    }
);

shape!(
    /// A percentage.
    Percent,
    decimal(
        "a percentage of 0 or more, such as 30 or \"12.5\"",
        "^[0-9]+([.][0-9]+)?$",
        &serde_json::json!({"type": "number", "minimum": 0}),
    )
);
