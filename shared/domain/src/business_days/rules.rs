//! The holidays of each country as a table of rules.
//!
//! In every table the statutory days come first, so that a day which is both (5 June 2017 in Denmark: Whit Monday and
//! Constitution Day) goes by its statutory name.

use chrono::{Datelike, Duration, NaiveDate, Weekday};

use super::{Country, HolidayKind, easter::easter_sunday};

/// How a holiday finds its date in a year.
#[derive(Clone, Copy)]
enum When {
    /// Always this month and day.
    Fixed(u32, u32),
    /// So many days after Easter Sunday; negative is before it.
    Easter(i64),
    /// The first such weekday on or after this month and day.
    First(Weekday, u32, u32),
}

/// One holiday: its name in the country's language, its kind, its date and the years it is kept.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) kind: HolidayKind,
    when: When,
    first_year: i32,
    last_year: i32,
}

const fn statutory(name: &'static str, when: When) -> Rule {
    Rule { name, kind: HolidayKind::Statutory, when, first_year: i32::MIN, last_year: i32::MAX }
}

const fn bank(name: &'static str, when: When) -> Rule {
    Rule { kind: HolidayKind::Bank, ..statutory(name, when) }
}

impl Rule {
    const fn from(self, first_year: i32) -> Self {
        Self { first_year, ..self }
    }

    const fn until(self, last_year: i32) -> Self {
        Self { last_year, ..self }
    }

    /// Whether the holiday falls on `date`.
    fn falls_on(&self, date: NaiveDate, easter: Option<NaiveDate>) -> bool {
        let year = date.year();
        if !(self.first_year..=self.last_year).contains(&year) {
            return false;
        }
        match self.when {
            When::Fixed(month, day) => (date.month(), date.day()) == (month, day),
            When::Easter(days) => easter.is_some_and(|easter| date - easter == Duration::days(days)),
            When::First(weekday, month, day) => NaiveDate::from_ymd_opt(year, month, day)
                .is_some_and(|from| date.weekday() == weekday && (0..7).contains(&(date - from).num_days())),
        }
    }
}

/// The rule that makes `date` a holiday in `country`, if one does.
pub(super) fn rule_for(country: Country, date: NaiveDate) -> Option<&'static Rule> {
    let easter = easter_sunday(date.year());
    let rules = match country {
        Country::SE => SWEDEN,
        Country::DK => DENMARK,
        Country::NO => NORWAY,
        Country::FI => FINLAND,
    };
    rules.iter().find(|rule| rule.falls_on(date, easter))
}

use When::{Easter, First, Fixed};

/// Statutory: lag (1989:253) om allmänna helgdagar. The three eves aren't in it, but 7 § semesterlagen (1977:480) and
/// collective agreements treat them as Sundays, and banks and Bankgirot are closed.
const SWEDEN: &[Rule] = &[
    statutory("Nyårsdagen", Fixed(1, 1)),
    statutory("Trettondedag jul", Fixed(1, 6)),
    statutory("Långfredagen", Easter(-2)),
    statutory("Påskdagen", Easter(0)),
    statutory("Annandag påsk", Easter(1)),
    statutory("Första maj", Fixed(5, 1)),
    statutory("Kristi himmelsfärdsdag", Easter(39)),
    statutory("Pingstdagen", Easter(49)),
    // The National Day took Whit Monday's place in 2005.
    statutory("Annandag pingst", Easter(50)).until(2004),
    statutory("Nationaldagen", Fixed(6, 6)).from(2005),
    statutory("Midsommardagen", First(Weekday::Sat, 6, 20)),
    statutory("Alla helgons dag", First(Weekday::Sat, 10, 31)),
    statutory("Juldagen", Fixed(12, 25)),
    statutory("Annandag jul", Fixed(12, 26)),
    bank("Midsommarafton", First(Weekday::Fri, 6, 19)),
    bank("Julafton", Fixed(12, 24)),
    bank("Nyårsafton", Fixed(12, 31)),
];

/// Statutory: the holidays of the Danish church. The rest are Danmarks Nationalbank's bank closing days (banklukkedage).
///
/// 5 June (Constitution Day) closes shops by law but is no public holiday. 1 May is neither. That the Friday after
/// Ascension closes the banks only from 2009 is an assumption: lists of 2006 leave it out and lists from 2016 have it.
const DENMARK: &[Rule] = &[
    statutory("Nytårsdag", Fixed(1, 1)),
    statutory("Skærtorsdag", Easter(-3)),
    statutory("Langfredag", Easter(-2)),
    statutory("Påskedag", Easter(0)),
    statutory("Anden påskedag", Easter(1)),
    // Abolished by act 214 of 6 March 2023, as of 1 January 2024.
    statutory("Store bededag", Easter(26)).until(2023),
    statutory("Kristi himmelfartsdag", Easter(39)),
    statutory("Pinsedag", Easter(49)),
    statutory("Anden pinsedag", Easter(50)),
    statutory("Juledag", Fixed(12, 25)),
    statutory("Anden juledag", Fixed(12, 26)),
    bank("Grundlovsdag", Fixed(6, 5)),
    bank("Banklukkedag", Easter(40)).from(2009),
    bank("Juleaftensdag", Fixed(12, 24)),
    bank("Nytårsaften", Fixed(12, 31)),
];

/// Statutory: the acts on holidays (1995) and on 1 and 17 May (1947). Christmas Eve is no public holiday, but Norges
/// Bank's settlement system lists it as closed, so that nothing can be paid that day; New Year's Eve it keeps open.
const NORWAY: &[Rule] = &[
    statutory("Første nyttårsdag", Fixed(1, 1)),
    statutory("Skjærtorsdag", Easter(-3)),
    statutory("Langfredag", Easter(-2)),
    statutory("Første påskedag", Easter(0)),
    statutory("Andre påskedag", Easter(1)),
    statutory("Arbeidernes dag", Fixed(5, 1)),
    statutory("Grunnlovsdag", Fixed(5, 17)),
    statutory("Kristi himmelfartsdag", Easter(39)),
    statutory("Første pinsedag", Easter(49)),
    statutory("Andre pinsedag", Easter(50)),
    statutory("Første juledag", Fixed(12, 25)),
    statutory("Andre juledag", Fixed(12, 26)),
    bank("Julaften", Fixed(12, 24)),
];

/// Statutory: the church's holidays, 1 May and Independence Day. The two eves are in no holiday act, but agreements make
/// them days off and Suomen Pankki lists them as bank holidays. New Year's Eve is an ordinary bank day.
const FINLAND: &[Rule] = &[
    statutory("Uudenvuodenpäivä", Fixed(1, 1)),
    // Epiphany and Ascension were kept on Saturdays from 1973 to 1990.
    statutory("Loppiainen", First(Weekday::Sat, 1, 6)).until(1990),
    statutory("Loppiainen", Fixed(1, 6)).from(1991),
    statutory("Pitkäperjantai", Easter(-2)),
    statutory("Pääsiäispäivä", Easter(0)),
    statutory("Toinen pääsiäispäivä", Easter(1)),
    statutory("Vappu", Fixed(5, 1)),
    statutory("Helatorstai", Easter(34)).until(1990),
    statutory("Helatorstai", Easter(39)).from(1991),
    statutory("Helluntaipäivä", Easter(49)),
    statutory("Juhannuspäivä", First(Weekday::Sat, 6, 20)),
    statutory("Pyhäinpäivä", First(Weekday::Sat, 10, 31)),
    statutory("Itsenäisyyspäivä", Fixed(12, 6)),
    statutory("Joulupäivä", Fixed(12, 25)),
    statutory("Tapaninpäivä", Fixed(12, 26)),
    bank("Juhannusaatto", First(Weekday::Fri, 6, 19)),
    bank("Jouluaatto", Fixed(12, 24)),
];
