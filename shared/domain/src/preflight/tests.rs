#![allow(clippy::unwrap_used)]
//! Each finding, from the facts that lead to it.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::*;
use crate::{
    agreement::{Agreement, AgreementStatus},
    ids::TenantId,
    money::{Currency, Money},
    period::{Interval, Period},
    settings::{Mode, Resolved, TenantSettings},
};

const TODAY: &str = "2026-03-10";

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn settings(profile: Value) -> TenantSettings {
    let Value::Object(profile) = profile else { panic!("an object") };
    TenantSettings::new(profile)
}

/// A Fortnox where all is well.
fn well() -> CompanyFacts {
    let parts = [Part::Agreements, Part::Invoices, Part::Customers, Part::Articles, Part::Prices, Part::Company];
    let parts = parts.into_iter().chain([Part::Settings]).map(|part| (part, Fact::Known(()))).collect();
    let (from, to) = (date("2026-01-01"), date("2026-12-31"));
    CompanyFacts {
        number: Fact::Known(1),
        parts,
        bank_account: Fact::Known(true),
        year: Fact::Known(Some(AccountingYear { from, to, closed: false, cash_method: Some(false) })),
        locked_until: Fact::Known(Some(date("2025-12-31"))),
        voucher_series: Fact::Known(Some("B".to_owned())),
        senders: Fact::Known(1),
        invoice_service: Fact::Known(true),
        einvoices: Fact::Known(true),
        subscriptions: Fact::Known(true),
        recurring: Fact::Known(Recurring::default()),
    }
}

fn judged(tenant: &str, profile: Value, change: impl FnOnce(&mut CompanyFacts)) -> Vec<What> {
    let mut facts = well();
    change(&mut facts);
    let tenant: TenantId = tenant.parse().unwrap();
    judge(&tenant, &facts, &settings(profile).wants(), date(TODAY))
}

/// What isn't well, by code.
fn found(tenant: &str, profile: Value, change: impl FnOnce(&mut CompanyFacts)) -> Vec<(&'static str, Severity)> {
    let all = judged(tenant, profile, change).into_iter();
    all.map(|what| (what.code(), what.severity())).filter(|(_, severity)| *severity > Severity::Ok).collect()
}

fn refused<T>(why: Denial) -> Fact<T> {
    Fact::Refused(Refused { why, words: "Nej.".to_owned(), advice: "ask".to_owned() })
}

const BOOKS: &str = r#"{"mode": "full", "auto_book": true}"#;

fn profile(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn sends(channel: &str) -> Value {
    json!({"auto_book": true, "channel": channel, "sender_name": "Bolaget", "reply_to": "svar@bolaget.example"})
}

#[test]
fn where_all_is_well_there_is_nothing_to_do() {
    for channel in ["ses_email", "fortnox_email", "fortnox_einvoice", "fortnox_print_service", "none"] {
        let all = judged("fortnox-1", sends(channel), |_| ());
        assert!(all.iter().all(|what| what.severity() == Severity::Ok && what.to_do().is_none()), "{channel}: {all:?}");
        assert!(all.contains(&What::RightCompany) && all.contains(&What::BankAccount), "{channel}: {all:?}");
    }
}

#[test]
fn a_part_that_may_not_be_used_blocks_where_invoicing_needs_it() {
    for (part, severity, code) in [
        (Part::Agreements, Severity::Blocking, "denied"),
        (Part::Invoices, Severity::Blocking, "denied"),
        (Part::Customers, Severity::Blocking, "denied"),
        (Part::Articles, Severity::Warning, "denied_extra"),
        (Part::Prices, Severity::Warning, "denied_extra"),
        (Part::Company, Severity::Warning, "denied_extra"),
    ] {
        for why in [Denial::FeatureOff, Denial::Scope, Denial::Licence, Denial::Rights, Denial::Other] {
            let deny = |facts: &mut CompanyFacts| {
                facts.parts.iter_mut().filter(|(known, _)| *known == part).for_each(|(_, fact)| *fact = refused(why));
            };
            assert_eq!(found("fortnox-1", profile(BOOKS), deny), [(code, severity)], "{part} {why}");
        }
    }
    // The bank account can't be told then, and that's no second finding.
    let deny = |facts: &mut CompanyFacts| {
        facts.parts.iter_mut().filter(|(known, _)| *known == Part::Settings).for_each(|(_, fact)| {
            *fact = refused(Denial::Scope);
        });
        facts.bank_account = refused(Denial::Scope);
    };
    assert_eq!(found("fortnox-1", profile(BOOKS), deny), [("denied", Severity::Blocking)]);
}

#[test]
fn each_fact_leads_to_its_finding() {
    use Severity::{Blocking, Warning};
    type Change = fn(&mut CompanyFacts);
    let closed: Change = |facts| {
        let (from, to) = (date("2026-01-01"), date("2026-12-31"));
        facts.year = Fact::Known(Some(AccountingYear { from, to, closed: true, cash_method: None }));
    };
    let cash: Change = |facts| {
        let (from, to) = (date("2026-01-01"), date("2026-12-31"));
        facts.year = Fact::Known(Some(AccountingYear { from, to, closed: false, cash_method: Some(true) }));
    };
    let no_year: Change = |facts| facts.year = Fact::Known(None);
    let no_bank: Change = |facts| facts.bank_account = Fact::Known(false);
    let no_sender: Change = |facts| facts.senders = Fact::Known(0);
    let locked_today: Change = |facts| facts.locked_until = Fact::Known(Some(date(TODAY)));
    let no_series: Change = |facts| facts.voucher_series = Fact::Known(None);
    let not_booked = || json!({"mode": "full"});
    for (profile, change, expected) in [
        (profile(BOOKS), (|facts| facts.number = Fact::Known(2)) as Change, ("wrong_company", Blocking)),
        (profile(BOOKS), no_year, ("no_open_year", Blocking)),
        (not_booked(), no_year, ("no_open_year", Warning)),
        (profile(BOOKS), closed, ("no_open_year", Blocking)),
        (profile(BOOKS), cash, ("cash_method", Warning)),
        (profile(BOOKS), locked_today, ("locked", Warning)),
        (profile(BOOKS), no_series, ("no_voucher_series", Warning)),
        (sends("ses_email"), no_bank, ("no_bank_account", Warning)),
        (sends("none"), no_bank, ("no_bank_account", Warning)),
        (sends("fortnox_email"), no_bank, ("no_bank_account", Blocking)),
        (sends("fortnox_print_service"), no_bank, ("no_bank_account", Blocking)),
        (sends("fortnox_email"), no_sender, ("no_trusted_sender", Warning)),
        (sends("economic_email"), |_| (), ("no_such_channel", Warning)),
    ] {
        assert_eq!(found("fortnox-1", profile, change), [expected]);
    }
    assert_eq!(found("fortnox-1", not_booked(), cash), []);
    assert_eq!(found("fortnox-1", sends("ses_email"), no_sender), [], "nobody asked for Fortnox's own e-mail");
}

#[test]
fn a_letter_needs_a_sender_also_where_only_one_customer_gets_letters() {
    let mut settings = settings(json!({"reply_to": "svar@bolaget.example"}));
    let customer = json!({"channel": "ses_email"}).as_object().cloned().unwrap();
    settings.add(crate::settings::Scope::Customer("10".parse().unwrap()), customer);
    let all = judge(&"fortnox-1".parse().unwrap(), &well(), &settings.wants(), date(TODAY));
    let missing = What::NoSender { field: "sender_name".to_owned() };
    assert!(all.contains(&missing), "{all:?}");
    assert_eq!(missing.severity(), Severity::Blocking);
}

#[test]
fn e_conomic_has_its_own_needs() {
    use Severity::{Blocking, Warning};
    type Change = fn(&mut CompanyFacts);
    let subscriptions = || json!({"automatic_sending": true, "finished_by": ["subscription"]});
    for (profile, change, expected) in [
        (json!({}), (|facts| facts.year = Fact::Known(None)) as Change, ("no_open_year", Blocking)),
        (sends("economic_einvoice"), |facts| facts.einvoices = Fact::Known(false), ("no_einvoices", Blocking)),
        (subscriptions(), |facts| facts.subscriptions = Fact::Known(false), ("no_subscriptions", Warning)),
        (sends("fortnox_email"), |_| (), ("no_such_channel", Warning)),
        (json!({}), |facts| facts.parts.push((Part::Drafts, refused(Denial::Rights))), ("denied", Blocking)),
    ] {
        assert_eq!(found("economic-1", profile, change), [expected]);
    }
    assert_eq!(found("economic-1", sends("economic_email"), |facts| facts.einvoices = Fact::Known(false)), []);
}

#[test]
fn what_cannot_be_looked_at_is_said_and_blocks_nothing() {
    let all = judged("fortnox-1", sends("fortnox_email"), |facts| {
        *facts = CompanyFacts { parts: facts.parts.clone(), ..CompanyFacts::nothing("no scope") };
    });
    let unseen = [
        Looked::Number,
        Looked::Year,
        Looked::LockedPeriod,
        Looked::VoucherSeries,
        Looked::BankAccount,
        Looked::Senders,
        Looked::Recurring,
    ];
    for at in unseen {
        assert!(all.contains(&What::NotLookedAt { at, why: "no scope".to_owned() }), "{at}: {all:?}");
    }
    assert!(all.iter().all(|what| what.severity() == Severity::Ok), "{all:?}");
}

fn agreement(start: &str, end: &str) -> Agreement {
    Agreement {
        number: "7".parse().unwrap(),
        customer: "10".parse().unwrap(),
        status: AgreementStatus::Active,
        interval: Interval::MONTHLY,
        length_months: None,
        continuous: true,
        remaining: None,
        last_invoice_date: None,
        period: Period::new(date(start), date(end)).unwrap(),
        total: Money::new(Decimal::from(1000), Currency::SEK),
    }
}

fn in_force(profile: Value) -> Resolved {
    settings(profile).resolve(&"10".parse().unwrap(), &"7".parse().unwrap()).unwrap()
}

fn codes(agreement: &Agreement, profile: Value, facts: &CompanyFacts) -> Vec<&'static str> {
    let all = foresee(agreement, None, &in_force(profile), facts, date(TODAY));
    all.iter().map(What::code).collect()
}

#[test]
fn an_agreement_is_planned_with_its_day_and_reading() {
    let next = agreement("2026-04-01", "2026-04-30");
    let all = foresee(&next, None, &in_force(json!({"days_before": 5})), &well(), date(TODAY));
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    let expected = "2026-04-01..2026-04-30 is invoiced on 2026-03-27; read as the next period, since its period is one interval long";
    assert_eq!(words, [expected]);
    assert_eq!(codes(&agreement("2026-03-01", "2026-03-31"), json!({}), &well()), ["planned"]);
    let over = Agreement { status: AgreementStatus::Finished, ..agreement("2026-04-01", "2026-04-30") };
    assert_eq!(codes(&over, json!({}), &well()), ["not_invoiced"]);
}

#[test]
fn what_would_hold_it_on_its_day_is_told_before() {
    let next = agreement("2026-04-01", "2026-04-30");
    for limits in [json!({"max_amount": {"SEK": 500}}), json!({"max_amount": {"EUR": 500}})] {
        let found = foresee(&next, None, &in_force(limits.clone()), &well(), date(TODAY));
        assert!(matches!(found[1], What::WouldBeHeld { on, .. } if on == date("2026-04-01")), "{limits}: {found:?}");
        // It's the planner's own reason, word for word.
        let held = crate::due::decide(&next, None, &in_force(limits).due_policy(), date("2026-04-01"), &[]);
        let crate::due::Verdict::Held { reason, .. } = held.verdict else { panic!("{held:?}") };
        assert_eq!(found[1], What::WouldBeHeld { on: date("2026-04-01"), reason });
    }
    let late = agreement("2025-10-01", "2025-10-31");
    assert_eq!(codes(&late, json!({}), &well()), ["would_be_held"]);
}

#[test]
fn a_period_that_reads_two_ways_is_warned_of_before_it_matters() {
    let both = Agreement { length_months: Some(1), ..agreement("2026-04-01", "2026-04-30") };
    let found = foresee(&both, None, &in_force(json!({})), &well(), date(TODAY));
    let fits_both = crate::due::ReadingReason::FitsBoth;
    assert!(found.contains(&What::ReadingUnclear { reason: fits_both }), "{found:?}");
    assert_eq!(codes(&both, json!({"period_reading": "next_period"}), &well()), ["planned"]);
}

#[test]
fn a_date_that_is_locked_blocks_where_it_is_to_be_booked() {
    let mut facts = well();
    facts.locked_until = Fact::Known(Some(date("2026-03-31")));
    let arrears = json!({"timing": "arrears", "invoice_date": "period_start", "auto_book": true});
    let march = agreement("2026-03-01", "2026-03-31");
    for (profile, code) in [
        (arrears.clone(), Some("date_locked")),
        (json!({"timing": "arrears", "invoice_date": "period_start"}), Some("date_locked_unbooked")),
        (json!({"timing": "arrears", "auto_book": true}), None),
        // Due today, which is locked itself.
        (json!({"auto_book": true}), Some("date_locked")),
    ] {
        let found = codes(&march, profile.clone(), &facts);
        assert_eq!(found.get(1).copied(), code, "{profile}: {found:?}");
    }
    facts.locked_until = Fact::Known(Some(date("2026-02-28")));
    assert_eq!(codes(&march, arrears, &facts), ["planned"]);
}

#[test]
fn a_customer_whom_fortnox_invoices_itself_is_warned_of() {
    let mut facts = well();
    let customers = ["10".parse().unwrap()].into();
    facts.recurring = Fact::Known(Recurring { customers, unreadable: 0 });
    let next = agreement("2026-04-01", "2026-04-30");
    assert_eq!(codes(&next, json!({}), &facts), ["planned", "already_recurring"]);
    assert_eq!(codes(&next, json!({"automatic": false}), &facts), ["not_invoiced"]);
    assert_eq!(codes(&next, json!({"hold_if_recurring": false}), &facts), ["planned"], "a person has looked at it");
    let other = Agreement { customer: "11".parse().unwrap(), ..next };
    assert_eq!(codes(&other, json!({}), &facts), ["planned"]);
}

fn report() -> Report {
    Report::new("fortnox-1".parse().unwrap(), "2026-03-10T05:00:00Z".parse().unwrap(), date(TODAY))
}

#[test]
fn a_report_names_some_of_a_kind_and_counts_all() {
    let mut report = report();
    assert_eq!(report.worst(), Severity::Ok);
    for number in 1..=100_000_u32 {
        let about = About::Customer(number.to_string().parse().unwrap());
        report.add(about, What::CustomerBarred);
    }
    assert_eq!(
        (report.worst(), report.found(Severity::Warning), report.findings.len()),
        (Severity::Warning, 100_000, 100)
    );
    assert!(report.to_string().contains("and 99900 more: customer barred"));
    for kind in 0..5 {
        for _ in 0..90 {
            report.add(
                About::Tenant,
                [What::BankAccount, What::Sender, What::CashMethod, What::RightCompany, What::NoEinvoices][kind]
                    .clone(),
            );
        }
    }
    assert_eq!((report.findings.len(), report.found(Severity::Blocking)), (300, 90));
    assert_eq!(report.worst(), Severity::Blocking, "what isn't named counts as well");
    assert!(report.standing().blocking == 90);
}

#[test]
fn a_report_and_its_standing_survive_their_text() {
    let mut report = report();
    report.add(About::Tenant, What::NoBankAccount { channel: Some(crate::settings::Channel::FortnoxEmail) });
    report.add(About::Agreement("7".parse().unwrap()), What::AlreadyRecurring);
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    let standing = report.standing();
    assert_eq!((standing.blocking, standing.warnings), (1, 1));
    assert!(standing.first_blocking.as_ref().unwrap().starts_with("company: there is no bankgiro"));
    assert_eq!(serde_json::from_value::<Standing>(json!(standing)).unwrap(), standing);
}

#[test]
fn the_page_says_each_thing_to_do_once() {
    let mut report = report();
    let no_address = || What::NoAddress { channel: crate::settings::Channel::SesEmail, problem: None };
    report.add(About::Customer("1".parse().unwrap()), no_address());
    report.add(About::Customer("2".parse().unwrap()), no_address());
    report.add(About::Tenant, What::NoBankAccount { channel: Some(crate::settings::Channel::FortnoxEmail) });
    report.add(About::Tenant, What::RightCompany);
    let page = report.to_string();
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text} in {page}"));
    assert!(place("BLOCKING") < place("WARNING") && place("WARNING") < place("\nOK"));
    assert!(place("can't be in `full`") < place("BLOCKING"));
    assert!(page.contains("* customer 1, customer 2: enter the customer's invoice e-mail"), "{page}");
}

#[test]
fn settings_say_what_is_wanted_anywhere() {
    let mut settings =
        settings(json!({"mode": "full", "channel": "ses_email", "sender_name": "B", "reply_to": "a@b.example"}));
    let item = |value: Value| value.as_object().cloned().unwrap();
    settings.add(crate::settings::Scope::Customer("1".parse().unwrap()), item(json!({"channel": "fortnox_email"})));
    settings.add(
        crate::settings::Scope::Agreement("2".parse().unwrap()),
        item(json!({"auto_book": true, "channel": "ses_email"})),
    );
    settings.add(crate::settings::Scope::Agreement("3".parse().unwrap()), item(json!({"chanel": "none"})));
    let wants = settings.wants();
    assert_eq!(wants.channels.len(), 2);
    assert!(wants.auto_book && wants.missing_sender.is_empty());
    assert_eq!(settings.broken().len(), 1);
    assert_eq!(settings.profile().unwrap().stated_mode(), Mode::Full);
}
