//! Resolution: agreement, then customer, then tenant, then default; each value remembers where it came from.

use std::{collections::BTreeMap, fmt};

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Channel, Layer, Mode, OwnLetters, Profile, ServiceSendMethod};
use crate::{
    business_days::{BusinessDayRule, Country},
    draft::{DraftPolicy, FinishedBy, Markers},
    due::{DuePolicy, Guards, InvoiceDateRule, ReadingChoice, Timing, over_amount},
    hold::HoldReason,
    letters::{Language, Look, address::MailAddress},
    money::{Currency, Money},
    prices::{ExcludedRows, PriceSync},
};

/// An hour in which nobody touches a draft: long enough for a telephone call and a coffee.
const QUIET_MINUTES: u32 = 60;
/// Danish for "wait".
const HOLD_WORD: &str = "#vent";

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Nobody set it.
    Default,
    /// The tenant's profile.
    Tenant,
    /// The customer's item.
    Customer,
    /// The agreement's item.
    Agreement,
    /// The tenant's newest pre-flight, which found what blocks.
    Preflight,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "by default",
            Self::Tenant => "in the tenant's profile",
            Self::Customer => "in the customer's settings",
            Self::Agreement => "in the agreement's settings",
            Self::Preflight => "since the tenant's newest pre-flight found what blocks",
        })
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it was set.
    pub source: Source,
}

impl<T> Sourced<T> {
    /// "`auto_book` is false in the customer's settings".
    pub fn said(&self, name: &str, value: &str) -> String {
        format!("`{name}` is {value} {}", self.source)
    }
}

/// The settings in force for one agreement. Serialised each has its own name, but for letters and look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is documented in the settings document")]
pub struct Resolved {
    pub mode: Sourced<Mode>,
    pub time_zone: Tz,
    pub country: Country,
    pub sender_name: Option<String>,
    pub reply_to: Option<MailAddress>,
    pub automatic: Sourced<bool>,
    pub auto_book: Sourced<bool>,
    pub channel: Sourced<Channel>,
    pub bounce_channel: Sourced<Option<Channel>>,
    pub service_send_method: Sourced<ServiceSendMethod>,
    pub continue_adopted: Sourced<bool>,
    pub period_reading: Sourced<ReadingChoice>,
    pub timing: Sourced<Timing>,
    pub days_before: Sourced<u16>,
    pub business_day: Sourced<BusinessDayRule>,
    pub hold_if_recurring: Sourced<bool>,
    pub catch_up_periods: Sourced<u16>,
    pub invoice_date: Sourced<InvoiceDateRule>,
    pub max_amount: Sourced<BTreeMap<Currency, Decimal>>,
    pub max_change_percent: Sourced<Option<Decimal>>,
    pub language: Sourced<Language>,
    pub recipient: Sourced<Option<String>>,
    pub automatic_sending: Sourced<bool>,
    pub finished_by: Sourced<Vec<FinishedBy>>,
    pub marker_reference: Sourced<Option<String>>,
    pub marker_layout: Sourced<Option<u32>>,
    pub marker_heading: Sourced<Option<String>>,
    pub quiet_minutes: Sourced<u32>,
    pub hold_word: Sourced<String>,
    pub book_after_minutes: Sourced<u32>,
    pub control_copy: Sourced<Option<MailAddress>>,
    #[serde(skip)]
    pub letters: OwnLetters,
    #[serde(skip)]
    pub look: Look,
    pub price_sync: Sourced<PriceSync>,
    pub price_sync_from: Sourced<Option<NaiveDate>>,
    pub price_sync_excluded_rows: Sourced<ExcludedRows>,
}

impl Resolved {
    /// What decides on drafts. Whoever says that nothing is to be booked is heard here too.
    pub fn draft_policy(&self) -> DraftPolicy {
        let unwanted = self.auto_book.source != Source::Default && !self.auto_book.value;
        DraftPolicy {
            automatic: self.automatic.value && self.automatic_sending.value && !unwanted,
            finished_by: self.finished_by.value.clone(),
            markers: Markers {
                reference: self.marker_reference.value.clone(),
                layout: self.marker_layout.value,
                heading: self.marker_heading.value.clone(),
            },
            quiet: TimeDelta::minutes(i64::from(self.quiet_minutes.value)),
            hold_word: Some(self.hold_word.value.clone()),
            guards: self.guards(),
        }
    }

    fn guards(&self) -> Guards {
        Guards { max_amount: self.max_amount.value.clone(), max_change_percent: self.max_change_percent.value }
    }

    /// Why an invoice of `total` is more than is done without a person, if it is.
    pub fn over_limit(&self, total: Money) -> Option<HoldReason> {
        over_amount(&self.guards(), total)
    }

    /// What the planner needs of them.
    pub fn due_policy(&self) -> DuePolicy {
        DuePolicy {
            automatic: self.automatic.value,
            reading: self.period_reading.value,
            timing: self.timing.value,
            days_before: self.days_before.value,
            business_day: self.business_day.value,
            country: self.country,
            catch_up_periods: self.catch_up_periods.value,
            invoice_date: self.invoice_date.value,
            guards: self.guards(),
        }
    }
}

/// The settings in force, given the tenant's profile and what is set otherwise.
pub fn resolve(profile: &Profile, customer: Option<&Layer>, agreement: Option<&Layer>) -> Resolved {
    let pick = Picker {
        layers: [(Source::Agreement, agreement), (Source::Customer, customer), (Source::Tenant, Some(&profile.layer))],
    };
    let tenant = &profile.tenant;
    Resolved {
        mode: Sourced {
            value: tenant.mode,
            source: if profile.held_back { Source::Preflight } else { Source::Tenant },
        },
        time_zone: tenant.time_zone,
        country: tenant.country,
        sender_name: tenant.sender_name.clone(),
        reply_to: tenant.reply_to.clone(),
        automatic: pick.one(|layer| layer.automatic, true),
        auto_book: pick.one(|layer| layer.auto_book, false),
        channel: pick.one(|layer| layer.channel, Channel::None),
        bounce_channel: pick.one(|layer| layer.bounce_channel.map(Some), None),
        service_send_method: pick.one(|layer| layer.service_send_method, ServiceSendMethod::default()),
        continue_adopted: pick.one(|layer| layer.continue_adopted, false),
        period_reading: pick.one(|layer| layer.period_reading, ReadingChoice::Auto),
        timing: pick.one(|layer| layer.timing, Timing::Advance),
        days_before: pick.one(|layer| layer.days_before, 0),
        business_day: pick.one(|layer| layer.business_day, BusinessDayRule::SameDay),
        hold_if_recurring: pick.one(|layer| layer.hold_if_recurring, true),
        catch_up_periods: pick.one(|layer| layer.catch_up_periods, 1),
        invoice_date: pick.one(|layer| layer.invoice_date, InvoiceDateRule::RunDay),
        max_amount: pick.one(|layer| layer.max_amount.clone(), BTreeMap::new()),
        max_change_percent: pick.one(|layer| layer.max_change_percent.map(Some), None),
        language: pick.one(|layer| layer.language, Language::Sv),
        recipient: pick.one(|layer| layer.recipient.clone().map(Some), None),
        automatic_sending: pick.one(|layer| layer.automatic_sending, false),
        finished_by: pick.one(|layer| layer.finished_by.clone(), vec![FinishedBy::ReadySignal]),
        marker_reference: pick.one(|layer| layer.marker_reference.clone().map(Some), None),
        marker_layout: pick.one(|layer| layer.marker_layout.map(Some), None),
        marker_heading: pick.one(|layer| layer.marker_heading.clone().map(Some), None),
        quiet_minutes: pick.one(|layer| layer.quiet_minutes, QUIET_MINUTES),
        hold_word: pick.one(|layer| layer.hold_word.clone(), HOLD_WORD.to_owned()),
        book_after_minutes: pick.one(|layer| layer.book_after_minutes, 0),
        control_copy: pick.one(|layer| layer.control_copy.clone().map(Some), None),
        letters: OwnLetters::of(pick.layers),
        look: Look { colour: tenant.letter_colour.unwrap_or_default(), logo: tenant.logo.clone() },
        price_sync: pick.one(|layer| layer.price_sync, PriceSync::Off),
        price_sync_from: pick.one(|layer| layer.price_sync_from.map(Some), None),
        price_sync_excluded_rows: pick.one(|layer| layer.price_sync_excluded_rows.clone(), ExcludedRows::new()),
    }
}

struct Picker<'a> {
    layers: [(Source, Option<&'a Layer>); 3],
}

impl Picker<'_> {
    fn one<T>(&self, field: impl Fn(&Layer) -> Option<T>, default: T) -> Sourced<T> {
        let set = self.layers.iter().find_map(|(source, layer)| Some((*source, field((*layer)?)?)));
        match set {
            Some((source, value)) => Sourced { value, source },
            None => Sourced { value: default, source: Source::Default },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_item_wins_and_says_so() {
        let profile = Profile {
            layer: Layer { auto_book: Some(true), days_before: Some(5), ..Layer::default() },
            ..Profile::default()
        };
        let customer = Layer { auto_book: Some(false), ..Layer::default() };
        let agreement = Layer { catch_up_periods: Some(0), ..Layer::default() };
        let got = resolve(&profile, Some(&customer), Some(&agreement));
        assert_eq!(got.auto_book, Sourced { value: false, source: Source::Customer });
        assert_eq!(got.days_before, Sourced { value: 5, source: Source::Tenant });
        assert_eq!(got.catch_up_periods, Sourced { value: 0, source: Source::Agreement });
        assert_eq!(got.channel, Sourced { value: Channel::None, source: Source::Default });
        assert_eq!(got.auto_book.said("auto_book", "false"), "`auto_book` is false in the customer's settings");
    }
}
