//! Somebody else's words in our errors.

/// Somebody else's words, made fit for an error: one line, of bounded length, without mail addresses.
pub fn presentable(words: &str, longest_chars: usize) -> String {
    let line = words
        .split_whitespace()
        .map(|word| if word.contains('@') { "[address]" } else { word })
        .collect::<Vec<_>>()
        .join(" ");
    line.chars().filter(|c| !c.is_control()).take(longest_chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_bounded_and_carry_no_address() {
        let words = "Adressen\n anna@kund.test är\u{7} ogiltig";
        assert_eq!(presentable(words, 300), "Adressen [address] är ogiltig");
        assert_eq!(presentable(&"å".repeat(1000), 300).chars().count(), 300);
    }
}
