//! The languages that letters are written in.

use serde::{Deserialize, Serialize};

/// A language letters are written in. More will come, so match with a fallback outside this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Language {
    /// Swedish.
    Sv,
    /// Danish.
    Da,
    /// English.
    En,
    /// Norwegian Bokmål. A setting may say `no` too, as most people and many systems do.
    #[serde(alias = "no")]
    Nb,
    /// Finnish.
    Fi,
}

impl Language {
    /// Every language there are letters in.
    pub const ALL: [Self; 5] = [Self::Sv, Self::Da, Self::En, Self::Nb, Self::Fi];

    /// Its ISO 639-1 code, as in the settings and in HTML's `lang`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sv => "sv",
            Self::Da => "da",
            Self::En => "en",
            Self::Nb => "nb",
            Self::Fi => "fi",
        }
    }

    /// The language that a setting's code names: [`Language::code`]'s, or `no`.
    pub fn from_code(code: &str) -> Option<Self> {
        let code = if code == "no" { "nb" } else { code };
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The language of a person's culture, such as `da-DK`, in whatever case. Who reads Nynorsk reads Bokmål.
    pub fn of_culture(culture: &str) -> Option<Self> {
        let code = culture.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self::from_code(if code == "nn" { "nb" } else { &code })
    }

    /// What the attached PDF is called, before its number.
    pub const fn attachment_word(self, is_credit: bool) -> &'static str {
        match (self, is_credit) {
            (Self::Sv | Self::Da | Self::Nb, false) => "Faktura",
            (Self::Sv, true) => "Kreditfaktura",
            (Self::Da | Self::Nb, true) => "Kreditnota",
            (Self::En, false) => "Invoice",
            (Self::En, true) => "Credit note",
            (Self::Fi, false) => "Lasku",
            (Self::Fi, true) => "Hyvityslasku",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_settings_language_is_its_code() {
        for language in Language::ALL {
            assert_eq!(serde_json::to_value(language).unwrap(), language.code());
            assert_eq!(serde_json::from_value::<Language>(language.code().into()).unwrap(), language);
            assert_eq!(Language::from_code(language.code()), Some(language));
        }
        assert_eq!(serde_json::from_value::<Language>("no".into()).unwrap(), Language::Nb);
        for wrong in ["", "NB", "nn", "nb-NO", "de", "norsk"] {
            assert!(serde_json::from_value::<Language>(wrong.into()).is_err(), "{wrong}");
            assert_eq!(Language::from_code(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_persons_culture_has_a_language() {
        for (culture, language) in [
            ("da-DK", Some(Language::Da)),
            ("nb-NO", Some(Language::Nb)),
            ("no", Some(Language::Nb)),
            ("nn-NO", Some(Language::Nb)),
            ("FI", Some(Language::Fi)),
            ("en_GB", Some(Language::En)),
            ("de-DE", None),
            ("", None),
        ] {
            assert_eq!(Language::of_culture(culture), language, "{culture}");
        }
    }
}
