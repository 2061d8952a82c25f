//! Easter Sunday, from which half of the Nordic holidays are counted.

use chrono::NaiveDate;

/// Easter Sunday of `year` in the Gregorian calendar.
///
/// The method published anonymously in Nature in 1876: whole numbers only and no exceptions. `None` when the year lies
/// outside the calendar.
pub(super) fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let century = year.div_euclid(100);
    let of_century = year.rem_euclid(100);
    let moon_correction = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let epact = (19 * golden + century - century.div_euclid(4) - moon_correction + 15).rem_euclid(30);
    let to_sunday = (32 + 2 * century.rem_euclid(4) + 2 * of_century.div_euclid(4) - epact - of_century.rem_euclid(4))
        .rem_euclid(7);
    let late = (golden + 11 * epact + 22 * to_sunday).div_euclid(451);
    let days_from_march = epact + to_sunday - 7 * late + 22;
    let first_of_march = NaiveDate::from_ymd_opt(year, 3, 1)?;
    first_of_march.checked_add_signed(chrono::Duration::days(i64::from(days_from_march) - 1))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use chrono::{Datelike, Weekday};

    use super::*;

    #[test]
    fn known_easters() {
        for sunday in ["1990-04-15", "2000-04-23", "2008-03-23", "2011-04-24", "2026-04-05", "2038-04-25", "2100-03-28"]
        {
            let sunday: NaiveDate = sunday.parse().unwrap();
            assert_eq!(easter_sunday(sunday.year()), Some(sunday));
        }
    }

    #[test]
    fn easter_is_a_sunday_between_22_march_and_25_april() {
        for year in 1990..=2100 {
            let sunday = easter_sunday(year).unwrap();
            assert_eq!(sunday.weekday(), Weekday::Sun);
            assert!(((3, 22)..=(4, 25)).contains(&(sunday.month(), sunday.day())), "{sunday}");
        }
    }
}
