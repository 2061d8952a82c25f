//! Amounts, dates and periods as a reader of the letter's language writes them. Exact: digits of the decimal, no floats.

use chrono::{Datelike, NaiveDate};

use super::Language;
use crate::{money::Money, period::Period};

/// Keeps a number and its unit on one line.
const NO_BREAK_SPACE: char = '\u{a0}';

/// The sign of a negative amount. A hyphen would let a line break after it.
const MINUS: char = '\u{2212}';

/// Digits between two thousands separators.
const GROUP: usize = 3;

/// Decimals an amount is written with at least. More are written only where the amount has them: rounding would state
/// another amount than the invoice.
const LEAST_DECIMALS: usize = 2;

/// How a language writes numbers.
struct NumberStyle {
    thousands: char,
    decimal_point: char,
}

impl NumberStyle {
    fn of(language: Language) -> Self {
        match language {
            Language::Sv | Language::Nb | Language::Fi => Self { thousands: NO_BREAK_SPACE, decimal_point: ',' },
            Language::Da => Self { thousands: '.', decimal_point: ',' },
            Language::En => Self { thousands: ',', decimal_point: '.' },
        }
    }
}

/// An amount with its currency: `1 234,50 kr`, `1.234,50 kr.` and `SEK 1,234.50`, with no-break spaces. A crown is only
/// called `kr` in its own country's language; elsewhere it could be another country's. The euro's sign is Finnish usage.
pub fn amount(language: Language, money: Money) -> String {
    let number = number(language, money);
    match (language, money.currency.code()) {
        (Language::Sv, "SEK") | (Language::Nb, "NOK") => format!("{number}{NO_BREAK_SPACE}kr"),
        (Language::Da, "DKK") => format!("{number}{NO_BREAK_SPACE}kr."),
        (Language::Fi, "EUR") => format!("{number}{NO_BREAK_SPACE}€"),
        (Language::En, code) => format!("{code}{NO_BREAK_SPACE}{number}"),
        (_, code) => format!("{number}{NO_BREAK_SPACE}{code}"),
    }
}

fn number(language: Language, money: Money) -> String {
    let style = NumberStyle::of(language);
    let plain = money.amount.normalize();
    let sign = if plain.is_sign_negative() && !plain.is_zero() { Some(MINUS) } else { None };
    let digits = plain.abs().to_string();
    let (whole, decimals) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut text: String = sign.into_iter().collect();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(GROUP) {
            text.push(style.thousands);
        }
        text.push(digit);
    }
    text.push(style.decimal_point);
    text.push_str(decimals);
    text.extend(std::iter::repeat_n('0', LEAST_DECIMALS.saturating_sub(decimals.len())));
    text
}

/// A date: `2026-01-31`, `31. januar 2026`, `31 January 2026` and `31.1.2026`, with no-break spaces.
pub fn date(language: Language, date: NaiveDate) -> String {
    let (day, month, year) = (date.day(), date.month0() as usize, date.year());
    match language {
        Language::Sv => date.to_string(),
        Language::Da => format!("{day}.{NO_BREAK_SPACE}{}{NO_BREAK_SPACE}{year}", DANISH_MONTHS[month]),
        Language::Nb => format!("{day}.{NO_BREAK_SPACE}{}{NO_BREAK_SPACE}{year}", NORWEGIAN_MONTHS[month]),
        Language::En => format!("{day}{NO_BREAK_SPACE}{}{NO_BREAK_SPACE}{year}", ENGLISH_MONTHS[month]),
        // Numbers without leading zeros (source: SFS 4175, the Finnish standard on writing numbers).
        Language::Fi => format!("{day}.{}.{year}", date.month()),
    }
}

/// Written out here since chrono's own names depend on its locale feature.
const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// In small letters, as Danish writes them.
const DANISH_MONTHS: [&str; 12] = [
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
];

/// In small letters, as Norwegian writes them.
const NORWEGIAN_MONTHS: [&str; 12] = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
];

/// A period, both dates included: `2026-01-01 – 2026-01-31`. It may break around the dash. Finnish has no blanks beside it.
pub fn period(language: Language, period: Period) -> String {
    let (start, end) = (date(language, period.start()), date(language, period.end()));
    match language {
        Language::Fi => format!("{start}–{end}"),
        _ => format!("{start} – {end}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;
    use crate::money::Currency;

    fn money(amount: &str, currency: &str) -> Money {
        Money::new(amount.parse().unwrap(), currency.parse().unwrap())
    }

    #[test]
    fn amounts() {
        let table = [
            ("1234.5", "SEK", "1~234,50~kr", "1.234,50~SEK", "SEK~1,234.50"),
            ("1234.5", "DKK", "1~234,50~DKK", "1.234,50~kr.", "DKK~1,234.50"),
            ("0", "SEK", "0,00~kr", "0,00~SEK", "SEK~0.00"),
            ("-0.00", "DKK", "0,00~DKK", "0,00~kr.", "DKK~0.00"),
            ("0.5", "SEK", "0,50~kr", "0,50~SEK", "SEK~0.50"),
            ("7", "DKK", "7,00~DKK", "7,00~kr.", "DKK~7.00"),
            ("999.99", "EUR", "999,99~EUR", "999,99~EUR", "EUR~999.99"),
            ("1000", "EUR", "1~000,00~EUR", "1.000,00~EUR", "EUR~1,000.00"),
            ("12345678.9", "SEK", "12~345~678,90~kr", "12.345.678,90~SEK", "SEK~12,345,678.90"),
            ("-1234.50", "DKK", "−1~234,50~DKK", "−1.234,50~kr.", "DKK~−1,234.50"),
            ("-1234.50", "SEK", "−1~234,50~kr", "−1.234,50~SEK", "SEK~−1,234.50"),
            ("100.0000", "SEK", "100,00~kr", "100,00~SEK", "SEK~100.00"),
            ("0.125", "DKK", "0,125~DKK", "0,125~kr.", "DKK~0.125"),
            (
                "79228162514264337593543950335",
                "SEK",
                "79~228~162~514~264~337~593~543~950~335,00~kr",
                "79.228.162.514.264.337.593.543.950.335,00~SEK",
                "SEK~79,228,162,514,264,337,593,543,950,335.00",
            ),
        ];
        for (value, currency, swedish, danish, english) in table {
            let money = money(value, currency);
            assert_eq!(amount(Language::Sv, money), swedish.replace('~', "\u{a0}"));
            assert_eq!(amount(Language::Da, money), danish.replace('~', "\u{a0}"));
            assert_eq!(amount(Language::En, money), english.replace('~', "\u{a0}"));
        }
    }

    #[test]
    fn norwegian_and_finnish_amounts() {
        let table = [
            ("1234.5", "NOK", "1~234,50~kr", "1~234,50~NOK"),
            ("1234.5", "EUR", "1~234,50~EUR", "1~234,50~€"),
            ("-12345678.9", "SEK", "−12~345~678,90~SEK", "−12~345~678,90~SEK"),
            ("0", "DKK", "0,00~DKK", "0,00~DKK"),
            ("-7", "EUR", "−7,00~EUR", "−7,00~€"),
            ("0.125", "NOK", "0,125~kr", "0,125~NOK"),
        ];
        for (value, currency, norwegian, finnish) in table {
            let money = money(value, currency);
            assert_eq!(amount(Language::Nb, money), norwegian.replace('~', "\u{a0}"));
            assert_eq!(amount(Language::Fi, money), finnish.replace('~', "\u{a0}"));
        }
    }

    #[test]
    fn dates_and_periods() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let january = Period::new(day("2026-01-01"), day("2026-01-31")).unwrap();
        assert_eq!(date(Language::Sv, day("2026-01-31")), "2026-01-31");
        assert_eq!(date(Language::Da, day("2026-01-15")), "15.\u{a0}januar\u{a0}2026");
        assert_eq!(date(Language::Da, day("2028-02-29")), "29.\u{a0}februar\u{a0}2028");
        assert_eq!(date(Language::Da, day("2026-12-01")), "1.\u{a0}december\u{a0}2026");
        assert_eq!(date(Language::En, day("2026-01-31")), "31\u{a0}January\u{a0}2026");
        assert_eq!(date(Language::En, day("2028-02-29")), "29\u{a0}February\u{a0}2028");
        assert_eq!(date(Language::En, day("2026-12-01")), "1\u{a0}December\u{a0}2026");
        assert_eq!(date(Language::Nb, day("2026-03-01")), "1.\u{a0}mars\u{a0}2026");
        assert_eq!(date(Language::Nb, day("2026-12-24")), "24.\u{a0}desember\u{a0}2026");
        assert_eq!(date(Language::Fi, day("2026-01-05")), "5.1.2026");
        assert_eq!(date(Language::Fi, day("2026-12-31")), "31.12.2026");
        assert_eq!(period(Language::Nb, january), "1.\u{a0}januar\u{a0}2026 – 31.\u{a0}januar\u{a0}2026");
        assert_eq!(period(Language::Fi, january), "1.1.2026–31.1.2026");
        assert_eq!(period(Language::Sv, january), "2026-01-01 – 2026-01-31");
        assert_eq!(period(Language::Da, january), "1.\u{a0}januar\u{a0}2026 – 31.\u{a0}januar\u{a0}2026");
        assert_eq!(period(Language::En, january), "1\u{a0}January\u{a0}2026 – 31\u{a0}January\u{a0}2026");
    }

    proptest! {
        #[test]
        fn every_digit_of_the_amount_is_there(units in any::<i64>(), scale in 0u32..8) {
            let value = Decimal::new(units, scale);
            for language in Language::ALL {
                let style = NumberStyle::of(language);
                let written: String = number(language, Money::new(value, Currency::SEK))
                    .chars()
                    .filter(|&c| c != style.thousands)
                    .map(|c| if c == style.decimal_point { '.' } else if c == MINUS { '-' } else { c })
                    .collect();
                prop_assert_eq!(written.parse::<Decimal>().unwrap(), value);
            }
        }
    }
}
