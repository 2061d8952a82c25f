//! Texts from outside, made safe for one line of a header or a letter.

/// `text` on one line: every run of blanks, line breaks and control characters becomes one blank, none at the ends.
///
/// No-break spaces stay, since amounts and dates use them. Characters that turn the direction of writing go: with them
/// `fdp.exe` reads as `exe.pdf`.
pub(super) fn clean_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(breaks) {
        let mut word = word.chars().filter(|&c| !turns(c)).peekable();
        if word.peek().is_none() {
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word);
    }
    line
}

/// Unicode's explicit directions and isolates (source: UAX #9, 2).
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Control characters hold CR, LF, tab and next line; the other two are Unicode's own line and paragraph ends.
fn breaks(c: char) -> bool {
    c == ' ' || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// At most `max` characters of `text`; a cut one ends in an ellipsis.
pub(super) fn shorten(text: String, max: usize) -> String {
    if text.chars().count() <= max {
        return text;
    }
    let kept: String = text.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_whatever_comes() {
        assert_eq!(clean_line(" a\r\nb\t\u{0}\u{85}c\u{2028}d \u{7f} "), "a b c d");
        assert_eq!(clean_line("\r\n"), "");
        assert_eq!(clean_line("a\u{202e}fdp.exe \u{2066} b\u{2069}"), "afdp.exe b");
        assert_eq!(clean_line("1\u{a0}234,50\u{a0}kr"), "1\u{a0}234,50\u{a0}kr");
    }

    #[test]
    fn cut_between_characters() {
        assert_eq!(shorten("åäö".to_owned(), 3), "åäö");
        assert_eq!(shorten("åäöå".to_owned(), 3), "åä…");
        assert_eq!(shorten("å äö".to_owned(), 3), "å…");
    }
}
