//! The accounting system's no in the redirect: `error=…&error_description=…`.

/// Longest text of theirs that is shown.
const MOST_CHARS: usize = 300;

/// What a consent page said no with, as far as its words are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum No {
    /// The person doesn't want to (RFC 6749, 4.1.2.1).
    Denied,
    /// The company has no licence for something that we ask for, which fails the whole consent (API fact sheet, 1.1).
    MissingLicence,
    /// Only a system administrator can consent to a service account, and the integration must be allowed one.
    NoServiceAccount,
    /// We ask for a scope that the integration doesn't have.
    Scope,
    /// Anything else: shown in their own words.
    Other,
}

impl No {
    /// From the redirect's words. Apart from `error_missing_license` Fortnox documents none, so the others are OAuth's own,
    /// and what its guide quotes (assumption).
    pub fn of(error: &str, description: &str) -> Self {
        let about = |word: &str| description.to_lowercase().contains(word);
        match error {
            "error_missing_license" => Self::MissingLicence,
            _ if about("service account") || about("administrator") => Self::NoServiceAccount,
            "access_denied" => Self::Denied,
            "invalid_scope" => Self::Scope,
            _ => Self::Other,
        }
    }

    /// Their words as they may be shown: on one line, and no longer than anybody reads.
    pub fn presentable(words: &str) -> String {
        let printable = words.chars().map(|c| if c.is_control() { ' ' } else { c });
        printable.take(MOST_CHARS).collect::<String>().trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_words_are_told_apart() {
        let cases = [
            ("access_denied", "The user denied the request", No::Denied),
            ("error_missing_license", "", No::MissingLicence),
            ("invalid_scope", "", No::Scope),
            ("invalid_request", "Client does not allow service account", No::NoServiceAccount),
            ("access_denied", "Only a system administrator can do this", No::NoServiceAccount),
            ("server_error", "", No::Other),
        ];
        for (error, description, no) in cases {
            assert_eq!(No::of(error, description), no, "{error}: {description}");
        }
    }

    #[test]
    fn their_words_stay_short_and_on_one_line() {
        assert_eq!(No::presentable(" a\nb "), "a b");
        assert_eq!(No::presentable(&"x".repeat(1000)).chars().count(), MOST_CHARS);
    }
}
