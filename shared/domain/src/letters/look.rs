//! How a company's letters look: its colour and its logo.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Logo;

/// What a company's letters look like besides their words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// The bar at the top.
    pub colour: Colour,
    /// Above the bar.
    pub logo: Option<Logo>,
}

/// A colour, `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour([u8; 3]);

/// A text that is no colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be # and six hexadecimal digits, such as #2f7d6b")]
pub struct InvalidColour;

/// A green that nobody's brand is hurt by.
impl Default for Colour {
    fn default() -> Self {
        Self([0x2f, 0x7d, 0x6b])
    }
}

impl Colour {
    /// White, for dark grounds.
    const WHITE: Self = Self([0xff; 3]);
    /// Black, for light grounds.
    const BLACK: Self = Self([0; 3]);

    /// White or black: whichever is easier to read on this colour. The better of the two always has a contrast over 4.5, which is
    /// what text needs (source: WCAG 2.2, 1.4.3), so no colour must be refused.
    pub(super) fn text(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::BLACK) { Self::WHITE } else { Self::BLACK }
    }

    /// From 1 for the same to 21 for black and white (source: WCAG 2.2, contrast ratio).
    #[expect(clippy::float_arithmetic, reason = "what people see, not money")]
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// From 0 for black to 1 for white (source: WCAG 2.2, relative luminance).
    #[expect(clippy::float_arithmetic, reason = "what people see, not money")]
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl FromStr for Colour {
    type Err = InvalidColour;
    fn from_str(text: &str) -> Result<Self, InvalidColour> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(InvalidColour)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(InvalidColour);
        }
        let part = |at| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| InvalidColour);
        Ok(Self([part(0)?, part(2)?, part(4)?]))
    }
}

impl TryFrom<String> for Colour {
    type Error = InvalidColour;
    fn try_from(text: String) -> Result<Self, InvalidColour> {
        text.parse()
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> String {
        colour.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn colours() {
        for (text, on) in [
            ("#000000", "#ffffff"),
            ("#ffffff", "#000000"),
            ("#2f7d6b", "#ffffff"),
            ("#ffd400", "#000000"),
            ("#777777", "#000000"),
            ("#003366", "#ffffff"),
        ] {
            let colour: Colour = text.parse().unwrap();
            assert_eq!((colour.to_string(), colour.text().to_string()), (text.to_owned(), on.to_owned()));
        }
        assert_eq!("#FFD400".parse::<Colour>().unwrap().to_string(), "#ffd400");
        for wrong in ["", "red", "2f7d6b", "#2f7d6", "#2f7d6b0", "#2f7d6g", "#+f7d6b", "#äää", "#2f7d6b\"><b>"] {
            assert_eq!(wrong.parse::<Colour>(), Err(InvalidColour), "{wrong}");
        }
    }

    #[test]
    fn contrast_is_as_in_the_standard() {
        assert!((Colour::WHITE.contrast(Colour::BLACK) - 21.0).abs() < 1e-9);
        // The lightest grey that white text may stand on, as contrast checkers commonly say.
        let grey: Colour = "#767676".parse().unwrap();
        assert!((4.54..4.55).contains(&grey.contrast(Colour::WHITE)));
    }

    proptest! {
        #[test]
        fn the_text_can_always_be_read(red: u8, green: u8, blue: u8) {
            let colour = Colour([red, green, blue]);
            prop_assert!(colour.contrast(colour.text()) >= 4.5);
        }

        #[test]
        fn what_reads_as_a_colour_is_no_more_than_that(text in "#?[0-9a-fA-F+ ;\"ä]{0,8}|\\PC{0,9}") {
            if let Ok(colour) = text.parse::<Colour>() {
                prop_assert_eq!(colour.to_string(), text.to_ascii_lowercase());
            }
        }
    }
}
