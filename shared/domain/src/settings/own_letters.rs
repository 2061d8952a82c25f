//! Which letter of a company's own is sent.

use std::collections::BTreeMap;

use super::{Layer, Source, Sourced};
use crate::letters::{Language, Letter, LetterTemplate};

/// The letters that the items in force hold, the nearest item's first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnLetters(Vec<Own>);

/// One item's.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Own {
    source: Source,
    general: Option<LetterTemplate>,
    by_language: BTreeMap<Language, LetterTemplate>,
}

impl OwnLetters {
    pub(super) fn of(layers: [(Source, Option<&Layer>); 3]) -> Self {
        let own = layers.into_iter().filter_map(|(source, layer)| {
            let layer = layer?;
            let by_language = layer.letters.clone().unwrap_or_default();
            let says_nothing = layer.letter.is_none() && by_language.is_empty();
            (!says_nothing).then(|| Own { source, general: layer.letter.clone(), by_language })
        });
        Self(own.collect())
    }

    /// The letter to send in `language`. The nearest item that has one wins, and in an item the one for the language wins over the
    /// general one. An item that only has other languages' says nothing about this one.
    pub fn letter(&self, language: Language) -> Sourced<Letter> {
        let nearest = self.0.iter().find_map(|own| {
            let letter = own.by_language.get(&language).or(own.general.as_ref())?;
            Some(Sourced { value: Letter::Custom(letter.clone()), source: own.source })
        });
        nearest.unwrap_or(Sourced { value: Letter::Standard, source: Source::Default })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A layer with these letters, each with its own name as its words: `""` is the general one.
    fn layer(name: &str, letters: &[&str]) -> Layer {
        let template = |code: &str| LetterTemplate::new(format!("{name} {code}"), "x").unwrap();
        let mut layer = Layer::default();
        for code in letters {
            match Language::from_code(code) {
                None => layer.letter = Some(template(code)),
                Some(language) => {
                    layer.letters.get_or_insert_default().insert(language, template(code));
                }
            }
        }
        layer
    }

    #[test]
    fn the_nearest_item_wins_and_in_it_the_letter_of_the_language() {
        const GENERAL: &str = "";
        let table: [([&[&str]; 3], &str, &str, Source); 9] = [
            // agreement, customer, tenant; the letter's language; which letter
            ([&[], &[], &[]], "sv", "standard", Source::Default),
            ([&[], &[], &[GENERAL]], "sv", "tenant ", Source::Tenant),
            ([&[], &[], &[GENERAL, "fi"]], "sv", "tenant ", Source::Tenant),
            ([&[], &[], &[GENERAL, "fi"]], "fi", "tenant fi", Source::Tenant),
            ([&[], &[], &["fi"]], "sv", "standard", Source::Default),
            ([&[], &[GENERAL], &[GENERAL, "fi"]], "fi", "customer ", Source::Customer),
            ([&[], &["nb"], &[GENERAL, "fi"]], "fi", "tenant fi", Source::Tenant),
            ([&["sv"], &["fi"], &[GENERAL]], "fi", "customer fi", Source::Customer),
            ([&["fi"], &["fi", GENERAL], &["fi"]], "fi", "agreement fi", Source::Agreement),
        ];
        for (letters, language, wanted, source) in table {
            let [agreement, customer, tenant] =
                [("agreement", letters[0]), ("customer", letters[1]), ("tenant", letters[2])]
                    .map(|(name, letters)| layer(name, letters));
            let own = OwnLetters::of([
                (Source::Agreement, Some(&agreement)),
                (Source::Customer, Some(&customer)),
                (Source::Tenant, Some(&tenant)),
            ]);
            let got = own.letter(Language::from_code(language).unwrap());
            let subject = match &got.value {
                Letter::Custom(template) => template.subject(),
                Letter::Standard => "standard",
            };
            assert_eq!((subject, got.source), (wanted, source), "{letters:?} in {language}");
        }
    }
}
