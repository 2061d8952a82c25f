//! The mails as people see them, language by language, and the JSON as integrations do. `UPDATE_GOLDEN=1` writes them anew.

use std::{fs, path::PathBuf};

use super::sample::{digest, quiet};
use crate::{
    digest::{Digest, render_digest, words},
    letters::Language,
};

fn check(name: &str, text: &str) {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/digest/golden")).join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, golden, "{name}");
}

#[test]
fn the_mail_in_each_language() {
    for words in words::ALL {
        let mail = render_digest(&digest(words.format));
        check(&format!("digest.{}.txt", words.code), &format!("{}\n\n{}", mail.subject, mail.text));
        check(&format!("digest.{}.html", words.code), &mail.html);
    }
}

#[test]
fn nothing_is_loaded_from_elsewhere_and_nothing_from_outside_is_markup() {
    for words in words::ALL {
        let html = render_digest(&digest(words.format)).html;
        for no in ["http", "src=", "url(", "<script", "<spärrad>"] {
            assert!(!html.contains(no), "{}: {no}", words.code);
        }
        assert!(html.contains("&lt;spärrad&gt; &amp; borta"));
    }
}

#[test]
fn a_quiet_day_says_so() {
    let mail = render_digest(&quiet(Language::En));
    assert!(mail.text.contains("Nothing happened, and nothing waits for you."), "{}", mail.text);
    assert!(quiet(Language::En).is_empty() && !digest(Language::En).is_empty());
}

#[test]
fn the_json_stays_what_it_is() {
    let digest = digest(Language::En);
    let json = serde_json::to_string_pretty(&digest).unwrap();
    check("digest.v1.json", &json);
    assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
}
