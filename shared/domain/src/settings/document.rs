//! Settings items as they're stored, and reading them with the exact field in every refusal.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::{Map, Value};

use super::{Channel, Mode, ServiceSendMethod, SettingsError, SweepInterval, decimal, schema::object, shapes};
use crate::{
    business_days::{BusinessDayRule, Country},
    draft::FinishedBy,
    due::{InvoiceDateRule, ReadingChoice, Timing},
    letters::{Colour, Language, LetterTemplate, Logo, address::MailAddress},
    money::Currency,
    prices::{ExcludedRows, PriceSync},
};

/// Largest `days_before`: a quarter ahead is the most that anybody bills (peers: "always 45 days before").
const MAX_DAYS_BEFORE: u16 = 92;
/// Largest `catch_up_periods`: a year of months.
const MAX_CATCH_UP_PERIODS: u16 = 12;
/// Shortest marker or hold word: two letters stand in too many words.
pub(super) const MIN_MARKER_CHARS: usize = 3;
/// Longest marker or hold word: `references.other` and the heading hold 250 characters (API fact sheet, 5.2).
pub(super) const MAX_MARKER_CHARS: usize = 250;
/// Least `quiet_minutes`: e-conomic tells to the minute when a draft was touched, and people pause to think.
const MIN_QUIET_MINUTES: u32 = 5;
/// Most minutes to wait for anything: a week.
const MAX_MINUTES: u32 = 7 * 24 * 60;
/// Most minutes between two looks for changed prices: a day, after which everything is compared anyway.
const MAX_PRICE_SYNC_MINUTES: u16 = 24 * 60;
/// Most addresses in `digest_to`: far below what one mail may have, and a list of a few people is what it's for.
const MAX_DIGEST_RECIPIENTS: usize = 10;
/// Longest `sender_name`.
pub(super) const MAX_NAME_CHARS: usize = 100;

/// What can be set for a tenant and set otherwise for a customer or an agreement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Layer {
    /// Invoice it at all. Default: yes.
    pub automatic: Option<bool>,
    /// Book the invoice. Default: no.
    pub auto_book: Option<bool>,
    /// How it's delivered (docs/channels.md). Default: `none`.
    pub channel: Option<Channel>,
    /// How an invoice is delivered whose mail came back: one of Fortnox's own channels. Default: a person is asked.
    #[schemars(with = "Option<shapes::BounceChannel>")]
    pub bounce_channel: Option<Channel>,
    /// Fortnox, channel `fortnox_invoice_service`: how the service sends the invoice. Default: `email`.
    pub service_send_method: Option<ServiceSendMethod>,
    /// Book and deliver also invoices that a person made. Default: no.
    pub continue_adopted: Option<bool>,
    /// How the agreement's period fields are read. Default: `auto`.
    pub period_reading: Option<ReadingChoice>,
    /// Before or after the period. Default: `advance`.
    pub timing: Option<Timing>,
    /// Days before the ordinary date. Default: 0.
    #[schemars(range(max = MAX_DAYS_BEFORE))]
    pub days_before: Option<u16>,
    /// When the date isn't a business day. Default: `same_day`.
    pub business_day: Option<BusinessDayRule>,
    /// Hold the invoice of a customer whom the accounting system invoices by itself too (docs/recurring.md). Default: yes.
    pub hold_if_recurring: Option<bool>,
    /// Missed periods that are caught up unasked. Default: 1.
    #[schemars(range(max = MAX_CATCH_UP_PERIODS))]
    pub catch_up_periods: Option<u16>,
    /// Which date is printed. Default: `run_day`.
    pub invoice_date: Option<InvoiceDateRule>,
    /// Largest amount per currency, VAT included. Default: no limit.
    #[serde(with = "decimal::amounts")]
    #[schemars(with = "Option<shapes::Amounts>")]
    pub max_amount: Option<BTreeMap<Currency, Decimal>>,
    /// Largest change against the last invoice, in percent. Default: no limit.
    #[serde(with = "decimal::percent")]
    #[schemars(with = "Option<shapes::Percent>")]
    pub max_change_percent: Option<Decimal>,
    /// The letter's language: `sv`, `da`, `en`, `nb` (or `no`) or `fi`. Default: Swedish.
    #[schemars(with = "Option<shapes::LanguageCode>")]
    pub language: Option<Language>,
    /// Mail it here instead of to the customer's address.
    #[schemars(with = "Option<shapes::Addresses>")]
    pub recipient: Option<String>,
    /// e-conomic: book and send the customer's finished drafts. Default: no.
    pub automatic_sending: Option<bool>,
    /// e-conomic: which ways a draft may show that it's finished. Default: `ready_signal` alone.
    pub finished_by: Option<Vec<FinishedBy>>,
    /// e-conomic: a text in the free reference that marks a draft as finished. Default: none.
    #[schemars(with = "Option<shapes::Marker>")]
    pub marker_reference: Option<String>,
    /// e-conomic: the number of a layout that marks a draft as finished. Default: none.
    pub marker_layout: Option<u32>,
    /// e-conomic: a text in the heading that marks a draft as finished. Default: none.
    #[schemars(with = "Option<shapes::Marker>")]
    pub marker_heading: Option<String>,
    /// e-conomic: minutes for which a draft must have been left alone, for `quiet_time`. Default: 60.
    #[schemars(range(min = MIN_QUIET_MINUTES, max = MAX_MINUTES))]
    pub quiet_minutes: Option<u32>,
    /// e-conomic: a text that stops a draft wherever it stands on it. Default: `#vent`.
    #[schemars(with = "Option<shapes::Marker>")]
    pub hold_word: Option<String>,
    /// Minutes between the decision on a draft, or the creation of an agreement's invoice, and the booking, in which a person may
    /// stop it. Default: 0.
    #[schemars(range(max = MAX_MINUTES))]
    pub book_after_minutes: Option<u32>,
    /// Blind copy of each mail. Default: for e-conomic the user who gave consent, else none.
    #[schemars(with = "Option<shapes::Address>")]
    pub control_copy: Option<MailAddress>,
    /// A letter of one's own instead of the standard one, in whatever language.
    #[schemars(with = "Option<shapes::Letter>")]
    pub letter: Option<LetterTemplate>,
    /// Letters of one's own by language, each before `letter` (docs/letters.md).
    #[serde(deserialize_with = "by_language")]
    #[schemars(with = "Option<shapes::Letters>")]
    pub letters: Option<BTreeMap<Language, LetterTemplate>>,
    /// Fortnox: whether agreements and invoices that aren't booked follow their articles' list prices (docs/prices.md). Default: `off`.
    pub price_sync: Option<PriceSync>,
    /// Fortnox: the first day on which changed list prices are followed; until then they're only told. Default: none.
    pub price_sync_from: Option<NaiveDate>,
    /// Fortnox: rows that never follow, by their place from 1: as a rule in an agreement's settings. Default: none.
    #[schemars(inner(range(min = 1)))]
    pub price_sync_excluded_rows: Option<ExcludedRows>,
}

/// What can only be set for the whole tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TenantFields {
    /// How much may be done. Default: `preview`, so that a new tenant sees before it acts.
    pub mode: Mode,
    /// Where its day begins and ends. Default: `Europe/Stockholm`.
    #[schemars(with = "shapes::TimeZone")]
    pub time_zone: Tz,
    /// Local hour of the daily scan. Default: 6.
    #[schemars(with = "shapes::Hour")]
    pub scan_hour: u8,
    /// e-conomic: how often finished drafts are looked for. Default: `hourly`.
    pub sweep: SweepInterval,
    /// e-conomic: local hour of a `daily` sweep. Default: 8.
    #[schemars(with = "shapes::Hour")]
    pub sweep_hour: u8,
    /// Whose holidays count. Default: `SE`.
    pub country: Country,
    /// Most invoices a day. Default: no limit.
    pub max_invoices_per_day: Option<u32>,
    /// The company's name, as the letters show it.
    #[schemars(with = "Option<shapes::Name>")]
    pub sender_name: Option<String>,
    /// Where answers to the letters go.
    #[schemars(with = "Option<shapes::Address>")]
    pub reply_to: Option<MailAddress>,
    /// The colour of the letters' bar, `#rrggbb`. Default: a green.
    #[schemars(with = "Option<shapes::Colour>")]
    pub letter_colour: Option<Colour>,
    /// The logo above it, a small PNG or JPEG as `data:image/png;base64,…`. Default: none.
    #[schemars(with = "Option<shapes::Logo>")]
    pub logo: Option<Logo>,
    /// Fortnox: how often changed list prices are looked for, in minutes. Default: 5.
    #[schemars(range(min = 1, max = MAX_PRICE_SYNC_MINUTES))]
    pub price_sync_minutes: u16,
    /// Whom the digest is mailed to (docs/digest.md). Default: the `control_copy`, if there is one.
    #[schemars(with = "Option<Vec<shapes::Address>>", length(max = MAX_DIGEST_RECIPIENTS))]
    pub digest_to: Option<Vec<MailAddress>>,
    /// Local hour of the digest. Default: 7.
    #[schemars(with = "shapes::Hour")]
    pub digest_hour: u8,
    /// The digest's language. Default: `language`.
    #[schemars(with = "Option<shapes::LanguageCode>")]
    pub digest_language: Option<Language>,
    /// Mail the digest also when there's nothing to say. Default: no.
    pub digest_when_nothing: bool,
}

impl Default for TenantFields {
    fn default() -> Self {
        Self {
            mode: Mode::Preview,
            time_zone: Tz::Europe__Stockholm,
            scan_hour: 6,
            sweep: SweepInterval::Hourly,
            sweep_hour: 8,
            country: Country::SE,
            max_invoices_per_day: None,
            sender_name: None,
            reply_to: None,
            letter_colour: None,
            logo: None,
            price_sync_minutes: 5,
            digest_to: None,
            digest_hour: 7,
            digest_language: None,
            digest_when_nothing: false,
        }
    }
}

/// A tenant's profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// What holds for the whole tenant.
    pub tenant: TenantFields,
    /// What holds unless a customer's or agreement's item says otherwise.
    pub layer: Layer,
    /// The item says `full`, but the tenant's newest pre-flight found what blocks: so the mode is `draft_only`.
    pub held_back: bool,
}

impl Profile {
    /// The mode that the item itself says, whatever is in force.
    pub fn stated_mode(&self) -> Mode {
        if self.held_back { Mode::Full } else { self.tenant.mode }
    }
}

/// Reads a tenant's profile.
pub fn parse_profile(item: Map<String, Value>) -> Result<Profile, SettingsError> {
    let item = Value::Object(item);
    read_profile(&item).map_err(|error| error.explained(&item))
}

/// Reads a customer's or an agreement's item.
pub fn parse_layer(item: Map<String, Value>) -> Result<Layer, SettingsError> {
    let item = Value::Object(item);
    if let Some(name) = fields(&item).find(|name| names(&TenantFields::default()).contains(*name)) {
        return Err(SettingsError::new(name, "can only be set in the tenant's profile"));
    }
    refuse_unknown(&item, &names(&Layer::default()))
        .and_then(|()| read_layer(&item))
        .map_err(|error| error.explained(&item))
}

fn read_profile(item: &Value) -> Result<Profile, SettingsError> {
    refuse_unknown(item, &names(&TenantFields::default()).union(&names(&Layer::default())).cloned().collect())?;
    let tenant: TenantFields = read(item)?;
    let layer = read_layer(item)?;
    check_tenant(&tenant)?;
    check_mail_needs(&tenant, &layer)?;
    Ok(Profile { tenant, layer, held_back: false })
}

fn read_layer(item: &Value) -> Result<Layer, SettingsError> {
    check_letter_languages(item)?;
    let layer: Layer = read(item)?;
    check_layer(&layer)?;
    Ok(layer)
}

/// By way of the codes as they're written, which then stand in the path of a refusal.
fn by_language<'de, D>(deserializer: D) -> Result<Option<BTreeMap<Language, LetterTemplate>>, D::Error>
where
    D: Deserializer<'de>,
{
    let by_code = Option::<BTreeMap<String, LetterTemplate>>::deserialize(deserializer)?;
    let read = |(code, letter): (String, _)| {
        let language = Language::from_code(&code).ok_or_else(|| D::Error::custom("there is no such language"))?;
        Ok((language, letter))
    };
    by_code.map(|letters| letters.into_iter().map(read).collect()).transpose()
}

/// Before anything is read, since of two names of one language only the last would be seen.
fn check_letter_languages(item: &Value) -> Result<(), SettingsError> {
    let Some(Value::Object(letters)) = item.get("letters") else { return Ok(()) };
    let mut seen = BTreeSet::new();
    for code in letters.keys() {
        let refuse = |problem: String| Err(SettingsError::new(format!("letters.{code}"), problem));
        let Some(language) = Language::from_code(code) else {
            let known = Language::ALL.map(Language::code).join(", ");
            return refuse(format!("there is no such language; there are {known}"));
        };
        if !seen.insert(language) {
            return refuse(format!("is {} once more", language.code()));
        }
    }
    Ok(())
}

/// The field names of a settings struct, from the struct itself, so that no list can go stale.
fn names(of: &impl Serialize) -> BTreeSet<String> {
    object(of).into_iter().map(|(name, _)| name).collect()
}

fn fields(item: &Value) -> impl Iterator<Item = &String> {
    item.as_object().into_iter().flat_map(Map::keys)
}

fn refuse_unknown(item: &Value, known: &BTreeSet<String>) -> Result<(), SettingsError> {
    match fields(item).find(|name| !known.contains(*name)) {
        None => Ok(()),
        Some(name) => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            Err(SettingsError::new(name, format!("there is no such setting; there are {}", known.join(", "))))
        }
    }
}

/// Reads what of the item is `T`'s; the rest isn't looked at.
fn read<'a, T: Deserialize<'a>>(item: &'a Value) -> Result<T, SettingsError> {
    serde_path_to_error::deserialize(item)
        .map_err(|error| SettingsError::new(error.path().to_string(), error.into_inner().to_string()))
}

fn check_tenant(tenant: &TenantFields) -> Result<(), SettingsError> {
    check_hour("scan_hour", tenant.scan_hour)?;
    check_hour("sweep_hour", tenant.sweep_hour)?;
    check_hour("digest_hour", tenant.digest_hour)?;
    if tenant.digest_to.as_ref().is_some_and(|to| to.len() > MAX_DIGEST_RECIPIENTS) {
        return Err(SettingsError::new("digest_to", format!("must be at most {MAX_DIGEST_RECIPIENTS} addresses")));
    }
    if !(1..=MAX_PRICE_SYNC_MINUTES).contains(&tenant.price_sync_minutes) {
        return Err(SettingsError::new("price_sync_minutes", format!("must be 1 to {MAX_PRICE_SYNC_MINUTES}")));
    }
    if let Some(name) = &tenant.sender_name {
        let bad = name.trim().is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control);
        if bad {
            return Err(SettingsError::new(
                "sender_name",
                format!("must be 1 to {MAX_NAME_CHARS} printable characters"),
            ));
        }
    }
    Ok(())
}

fn check_hour(field: &str, hour: u8) -> Result<(), SettingsError> {
    const SKIPPED_HOUR: u8 = 2;
    match hour {
        SKIPPED_HOUR => Err(SettingsError::new(field, "must not be 2: that hour is missing on a night in spring")),
        24.. => Err(SettingsError::new(field, "must be 0 to 23")),
        _ => Ok(()),
    }
}

/// What decides on drafts. A marker that is too short would be met by chance.
fn check_drafts(layer: &Layer) -> Result<(), SettingsError> {
    let texts = [
        ("marker_reference", &layer.marker_reference),
        ("marker_heading", &layer.marker_heading),
        ("hold_word", &layer.hold_word),
    ];
    for (field, text) in texts {
        let Some(text) = text else { continue };
        let chars = text.trim().chars().count();
        if text.trim() != text || !(MIN_MARKER_CHARS..=MAX_MARKER_CHARS).contains(&chars) {
            let problem =
                format!("must be {MIN_MARKER_CHARS} to {MAX_MARKER_CHARS} characters without blanks at its ends");
            return Err(SettingsError::new(field, problem));
        }
    }
    let minutes = [
        ("quiet_minutes", layer.quiet_minutes, MIN_QUIET_MINUTES),
        ("book_after_minutes", layer.book_after_minutes, 0),
    ];
    for (field, value, least) in minutes {
        if value.is_some_and(|value| !(least..=MAX_MINUTES).contains(&value)) {
            return Err(SettingsError::new(field, format!("must be {least} to {MAX_MINUTES}")));
        }
    }
    Ok(())
}

fn check_layer(layer: &Layer) -> Result<(), SettingsError> {
    let over = |field, value: Option<u16>, most: u16| match value {
        Some(value) if value > most => Err(SettingsError::new(field, format!("must be 0 to {most}, not {value}"))),
        _ => Ok(()),
    };
    over("days_before", layer.days_before, MAX_DAYS_BEFORE)?;
    over("catch_up_periods", layer.catch_up_periods, MAX_CATCH_UP_PERIODS)?;
    if let Some(limits) = &layer.max_amount
        && let Some((currency, amount)) = limits.iter().find(|(_, amount)| **amount <= Decimal::ZERO)
    {
        return Err(SettingsError::new(format!("max_amount.{currency}"), format!("must be more than 0, not {amount}")));
    }
    if layer.max_change_percent.is_some_and(|percent| percent < Decimal::ZERO) {
        return Err(SettingsError::new("max_change_percent", "must not be negative"));
    }
    check_drafts(layer)?;
    if layer.price_sync_excluded_rows.as_ref().is_some_and(|rows| rows.contains(&0)) {
        return Err(SettingsError::new("price_sync_excluded_rows", "rows are counted from 1"));
    }
    if layer.bounce_channel.is_some_and(|channel| !channel.is_sent_by_call()) {
        return Err(SettingsError::new("bounce_channel", "must be one by which the accounting system itself delivers"));
    }
    if let Some(recipient) = &layer.recipient {
        MailAddress::parse_list(recipient).map_err(|error| SettingsError::new("recipient", error.to_string()))?;
    }
    Ok(())
}

/// A letter needs a sender whose name the customer knows and an address that answers reach.
fn check_mail_needs(tenant: &TenantFields, layer: &Layer) -> Result<(), SettingsError> {
    if layer.channel != Some(Channel::SesEmail) {
        return Ok(());
    }
    let needed = |field, missing: bool| {
        if missing { Err(SettingsError::new(field, "must be set when `channel` is `ses_email`")) } else { Ok(()) }
    };
    needed("sender_name", tenant.sender_name.is_none())?;
    needed("reply_to", tenant.reply_to.is_none())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            other => panic!("{other}"),
        }
    }

    fn refused(value: Value) -> (String, String) {
        let error = parse_profile(map(value)).unwrap_err();
        (error.field, error.problem)
    }

    #[test]
    fn a_full_profile_is_read() {
        let profile = parse_profile(map(json!({
            "mode": "full", "time_zone": "Europe/Stockholm", "scan_hour": 5, "country": "SE", "max_invoices_per_day": 300,
            "sender_name": "Björkängens", "reply_to": "faktura@bjorkangen.example", "control_copy": "kopia@bjorkangen.example",
            "auto_book": true, "channel": "ses_email", "business_day": "next", "days_before": 10, "catch_up_periods": 2,
            "max_amount": {"SEK": 250_000, "EUR": "20000.50"}, "max_change_percent": 30, "language": "sv",
            "letter": {"subject": "Faktura {{ invoice_number }}", "body": "{{ greeting }}"},
        })))
        .unwrap();
        assert_eq!(profile.tenant.mode, Mode::Full);
        assert_eq!(profile.layer.max_amount.unwrap()[&"EUR".parse().unwrap()], "20000.50".parse().unwrap());
    }

    #[test]
    fn letters_by_language_are_read() {
        let letter = json!({"subject": "Faktura {{ invoice_number }}", "body": "{{ greeting }}"});
        let layer = parse_layer(map(json!({"letters": {"no": letter, "fi": letter}}))).unwrap();
        let languages: Vec<_> = layer.letters.unwrap().into_keys().collect();
        assert_eq!(languages, [Language::Nb, Language::Fi]);
        assert_eq!(parse_layer(map(json!({"letters": null}))).unwrap().letters, None);
    }

    #[test]
    fn a_customer_has_no_logo_and_no_colour_of_its_own() {
        for field in ["logo", "letter_colour"] {
            let error = parse_layer(map(json!({field: "#000000"}))).unwrap_err();
            assert_eq!(error.field, field);
        }
    }

    #[test]
    fn the_invoice_service_can_be_chosen_and_how_it_sends() {
        let item = json!({"channel": "fortnox_invoice_service", "service_send_method": "einvoice"});
        let layer = parse_layer(map(item)).unwrap();
        assert_eq!(layer.channel, Some(Channel::FortnoxInvoiceService));
        assert_eq!(layer.service_send_method, Some(ServiceSendMethod::Einvoice));
        let layer = parse_layer(map(json!({"channel": "customer_default"}))).unwrap();
        assert_eq!(layer.channel, Some(Channel::CustomerDefault));
    }

    #[test]
    fn an_empty_profile_only_previews() {
        let profile = parse_profile(Map::new()).unwrap();
        assert_eq!(profile.tenant.mode, Mode::Preview);
        assert_eq!(profile.layer, Layer::default());
    }

    #[test]
    fn every_refusal_names_the_exact_field() {
        let cases = [
            (json!({"mode": "fulll"}), "mode", "fulll"),
            (json!({"auto_bok": true}), "auto_bok", "no such setting"),
            (json!({"time_zone": "Stockholm"}), "time_zone", "Stockholm"),
            (json!({"scan_hour": 2}), "scan_hour", "spring"),
            (json!({"scan_hour": 24}), "scan_hour", "0 to 23"),
            (json!({"days_before": 93}), "days_before", "92"),
            (json!({"days_before": -1}), "days_before", "-1"),
            (json!({"auto_book": "yes"}), "auto_book", "boolean"),
            (json!({"max_amount": {"sek": 1}}), "max_amount", "capital letters"),
            (json!({"max_amount": {"SEK": 0}}), "max_amount.SEK", "more than 0"),
            (json!({"max_change_percent": -1}), "max_change_percent", "negative"),
            (json!({"channel": "fax"}), "channel", "customer_default"),
            (
                json!({"channel": "fortnox_invoice_service", "service_send_method": "none"}),
                "service_send_method",
                "letter",
            ),
            (json!({"bounce_channel": "ses_email"}), "bounce_channel", "accounting system itself"),
            (json!({"bounce_channel": "none"}), "bounce_channel", "accounting system itself"),
            (json!({"channel": "ses_email"}), "sender_name", "must be set"),
            (json!({"channel": "ses_email", "sender_name": "A"}), "reply_to", "must be set"),
            (json!({"sender_name": "a\r\nBcc: x"}), "sender_name", "printable"),
            (json!({"control_copy": "nobody"}), "control_copy", ""),
            (json!({"recipient": "a@b.example\r\nBcc: c@d.example"}), "recipient", ""),
            (json!({"letter": {"subject": "{{ salary }}", "body": "x"}}), "letter.subject", "salary"),
            (json!({"letter": {"subject": "Hej", "body": "{{ invoice_number "}}), "letter.body", "line 1"),
            (json!({"letter": {"subject": "Hej", "text": ""}}), "letter.text", "unknown field"),
            (json!({"letter": {"subject": "Hej"}}), "letter", "missing field `body`"),
            (json!({"language": "nn"}), "language", "nn"),
            (json!({"letters": {"de": {"subject": "a", "body": "b"}}}), "letters.de", "there are sv, da, en, nb, fi"),
            (json!({"letters": {"no": {"subject": "a", "body": "b"}, "nb": null}}), "letters.no", "is nb once more"),
            (json!({"letters": {"fi": {"subject": "a"}}}), "letters.fi", "missing field `body`"),
            (json!({"letters": {"fi": {"subject": "{{ x }}", "body": "b"}}}), "letters.fi.subject", "no merge field"),
            (json!({"letters": {"fi": {"subject": "a", "body": "a\n{{ ocr }}"}}}), "letters.fi.body", "line 2"),
            (json!({"letters": {"fi": {"subject": "a", "body": "b", "text": ""}}}), "letters.fi.text", "unknown field"),
            (json!({"letters": {"fi": null}}), "letters.fi", "null"),
            (json!({"letters": []}), "letters", "map"),
            (json!({"letter_colour": "red"}), "letter_colour", "#2f7d6b"),
            (json!({"logo": "https://x.example/logo.png"}), "logo", "nothing from elsewhere"),
            (json!({"logo": "data:image/png;base64,R0lGODlh"}), "logo", "no picture"),
            (json!({"logo": 5}), "logo", "string"),
            (json!({"price_sync": "on"}), "price_sync", "on"),
            (json!({"price_sync_from": "2026-02-30"}), "price_sync_from", "out of range"),
            (json!({"price_sync_minutes": 0}), "price_sync_minutes", "1 to 1440"),
            (json!({"digest_hour": 2}), "digest_hour", "spring"),
            (json!({"digest_to": "a@b.example"}), "digest_to", "sequence"),
            (json!({"digest_to": ["nobody"]}), "digest_to", "@"),
            (json!({"digest_to": vec!["a@b.example"; 11]}), "digest_to", "at most 10"),
            (json!({"digest_language": "de"}), "digest_language", "de"),
            (json!({"digest_when_nothing": "no"}), "digest_when_nothing", "boolean"),
            (json!({"price_sync_excluded_rows": [0]}), "price_sync_excluded_rows", "from 1"),
        ];
        for (item, field, problem) in cases {
            let (got_field, got_problem) = refused(item.clone());
            assert!(field != "logo" || !got_problem.contains("R0lGOD"), "{got_problem}");
            assert!(got_field.starts_with(field), "{item}: {got_field}: {got_problem}");
            assert!(got_problem.contains(problem), "{item}: {got_problem}");
        }
    }

    #[test]
    fn a_customer_cannot_change_what_belongs_to_the_tenant() {
        let error = parse_layer(map(json!({"mode": "full"}))).unwrap_err();
        assert_eq!(error.field, "mode");
        assert_eq!(parse_layer(map(json!({"auto_book": true}))).unwrap().auto_book, Some(true));
    }
}
