//! What is held says why and how to act, in each language in that language's words.

use super::sample::{at, period, sek};
use crate::{
    digest::words::{self, Label},
    hold::HoldReason as R,
    job::StepName,
    money::Currency,
    settings::{Channel, Mode},
};

/// One of each reason whose words are our own.
fn reasons() -> Vec<R> {
    let (problem, date) = ("PROBLEM".to_owned(), "2026-01-31".parse().unwrap());
    let (step, invoice) = (StepName::Book, "1001".parse().unwrap());
    let (total, draft) = (sek("1250"), "148".parse().unwrap());
    vec![
        R::TooFarBehind { missed: 3, allowed: 1 },
        R::AmbiguousPeriod,
        R::PerhapsInvoicedByHand { date },
        R::OverlapsLast { period: period(), last: period() },
        R::AlreadyRecurring,
        R::NotPositive { total },
        R::AmountOverLimit { total, limit: total },
        R::NoLimitForCurrency { currency: Currency::SEK },
        R::ChangeOverLimit { total, last: total, limit_percent: 30.into() },
        R::DayLimit { limit: 3 },
        R::NotFlagged,
        R::NoSuchDraft { draft },
        R::SignalUnclear { draft },
        R::DraftIncomplete { problem: problem.clone() },
        R::CustomerBarred,
        R::NeedsEinvoice { channel: Channel::SesEmail },
        R::EinvoiceIncomplete { problem: problem.clone() },
        R::NoRecipient { problem: None },
        R::PeriodClosed { date },
        R::BookedOtherwise { invoice, decided: total, booked: total },
        R::Unreadable { problem: problem.clone() },
        R::BrokenSettings { scope: "profile".to_owned(), field: "mode".to_owned(), problem: problem.clone() },
        R::AgreementMoved { now: problem.clone() },
        R::OutcomeUnknown { step, seen: problem.clone() },
        R::TooManyAttempts { step, attempts: 3, last: problem.clone() },
        R::NoAddress { problem: Some(problem.clone()) },
        R::ChannelUnavailable { channel: "fax".to_owned() },
        R::NotBooked { invoice: "1".parse().unwrap(), channel: Channel::FortnoxEinvoice },
        R::NotForService { invoice: "1".parse().unwrap(), problem: problem.clone() },
        R::AtService { invoice: "1".parse().unwrap(), problem: problem.clone() },
        R::NoCustomerDefault { word: None },
        R::NoCustomerDefault { word: Some("FAX".to_owned()) },
        R::OtherPeriod { invoice: "1".parse().unwrap(), made: period(), wanted: period() },
        R::InvoiceChanged { invoice: "1".parse().unwrap(), problem: problem.clone() },
        R::LetterBroken { problem: problem.clone() },
        R::ModeForbids { step, mode: Mode::DraftOnly },
        R::PreflightBlocks { at: at("2026-01-31T00:00:00Z"), found: 2, first: problem },
    ]
}

#[test]
fn every_language_has_words_of_its_own_for_every_reason() {
    for reason in reasons() {
        let said: Vec<_> = words::ALL.iter().map(|words| ((words.why)(&reason), (words.advice)(&reason))).collect();
        for (n, (why, advice)) in said.iter().enumerate() {
            assert!(why.len() > 10 && advice.len() > 10, "{}: {why}: {advice}", words::ALL[n].code);
            // A sentence may be the same in Danish and Norwegian, but not all that is said.
            assert!(!said[..n].contains(&said[n]), "{why}: {advice}");
            assert_eq!(why.contains("PROBLEM"), reason.to_string().contains("PROBLEM"), "{why}");
        }
    }
}

#[test]
fn settings_are_named_alike_in_every_language() {
    for reason in reasons() {
        let english = reason.advice();
        for name in ["period_reading", "max_amount", "channel", "recipient", "automatic_sending", "hold_if_recurring"] {
            let quoted = format!("`{name}`");
            for words in words::ALL {
                let advice = (words.advice)(&reason);
                assert_eq!(advice.contains(&quoted), english.contains(&quoted), "{}: {advice}", words.code);
            }
        }
    }
}

#[test]
fn headings_differ_within_a_language() {
    for words in words::ALL {
        let headings = [Label::Created, Label::Booked, Label::Delivered, Label::Bounced, Label::Held, Label::Failed];
        let mut said: Vec<_> = headings.map(words.label).to_vec();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), headings.len(), "{}", words.code);
    }
}
