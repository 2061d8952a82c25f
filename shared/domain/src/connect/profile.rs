//! What a company starts with that has no settings yet.

use serde_json::{Map, Value, json};

use crate::{ids::SystemKind, letters::Language, settings::parse_profile};

/// The profile of a company that was just connected: it sees before it acts. The name is left out where it can't stand in a
/// letter; `culture` (such as `da-DK`) is that of the person who consented, where the accounting system tells.
pub fn first_profile(system: SystemKind, name: Option<&str>, culture: Option<&str>) -> Map<String, Value> {
    let (time_zone, country, usual) = match system {
        SystemKind::Fortnox => ("Europe/Stockholm", "SE", Language::Sv),
        SystemKind::Economic => ("Europe/Copenhagen", "DK", Language::Da),
    };
    let language = culture.and_then(Language::of_culture).unwrap_or(usual);
    let mut profile = Map::from_iter([
        ("mode".to_owned(), json!("preview")),
        ("time_zone".to_owned(), json!(time_zone)),
        ("country".to_owned(), json!(country)),
        ("language".to_owned(), json!(language.code())),
    ]);
    if let Some(name) = name {
        let mut named = profile.clone();
        named.insert("sender_name".to_owned(), json!(name.trim()));
        if parse_profile(named.clone()).is_ok() {
            profile = named;
        }
    }
    profile
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::settings::Mode;

    #[test]
    fn a_new_company_only_previews_whatever_it_is_called() {
        let long = "x".repeat(500);
        for system in [SystemKind::Fortnox, SystemKind::Economic] {
            for name in [None, Some("Sønderå Rådgivning ApS"), Some("  "), Some("a\nb"), Some(long.as_str())] {
                let profile = parse_profile(first_profile(system, name, Some("xx"))).unwrap();
                assert_eq!(profile.tenant.mode, Mode::Preview);
                let kept = name.filter(|name| name.starts_with('S'));
                assert_eq!(profile.tenant.sender_name.as_deref(), kept);
            }
        }
    }

    #[test]
    fn it_is_written_to_in_the_language_of_its_country_or_user() {
        let language = |system, culture| {
            parse_profile(first_profile(system, None, culture)).unwrap().layer.language.unwrap().code()
        };
        assert_eq!(language(SystemKind::Fortnox, None), "sv");
        assert_eq!(language(SystemKind::Economic, None), "da");
        assert_eq!(language(SystemKind::Economic, Some("en-US")), "en");
        assert_eq!(language(SystemKind::Economic, Some("nn-NO")), "nb");
        assert_eq!(language(SystemKind::Economic, Some("fi-FI")), "fi");
        assert_eq!(language(SystemKind::Economic, Some("de-DE")), "da");
    }
}
