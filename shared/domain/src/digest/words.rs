//! The digest's words, language by language. Every label and every hold's reason is matched in each, so that none can be
//! forgotten when there is a new one.

use crate::{hold::HoldReason, job::StepName, letters::Language, settings::Channel};

pub mod da;
pub mod en;
pub mod fi;
pub mod nb;
pub mod sv;

/// A language's words.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// Its code, as HTML's `lang` has it.
    pub code: &'static str,
    /// How it writes amounts and dates.
    pub format: Language,
    /// Headings and single words.
    pub label: fn(Label) -> &'static str,
    /// The ways of delivery.
    pub channel: fn(Channel) -> &'static str,
    /// Why a step that failed for good failed: which step, before the system's own words.
    pub failed: fn(StepName) -> &'static str,
    /// What a person can do about such a step; the text is what the step itself says, in English.
    pub failed_advice: fn(StepName, &str) -> String,
    /// Why something is held.
    pub why: fn(&HoldReason) -> String,
    /// What a person can do about it.
    pub advice: fn(&HoldReason) -> String,
}

/// All languages.
pub const ALL: [&Words; 5] = [&sv::WORDS, &da::WORDS, &nb::WORDS, &fi::WORDS, &en::WORDS];

/// The words of a language.
pub fn of(language: Language) -> &'static Words {
    match language {
        Language::Sv => &sv::WORDS,
        Language::Da => &da::WORDS,
        Language::Nb => &nb::WORDS,
        Language::Fi => &fi::WORDS,
        Language::En => &en::WORDS,
    }
}

/// What is named in the digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the thing of that name; the words are in the languages' files")]
pub enum Label {
    Title,
    NewlyCreated,
    WaitForYou,
    Nothing,
    Created,
    Booked,
    Delivered,
    Bounced,
    Held,
    Failed,
    Concerns,
    Prices,
    Coming,
    Mails,
    Invoice,
    Agreement,
    Draft,
    Customer,
    Amount,
    Sum,
    Why,
    Act,
    Since,
    Job,
    Article,
    Price,
    Period,
    Company,
    More,
    Adopted,
    FoundBooked,
    FoundSent,
    Undeliverable,
    UndeliverableInPart,
    Complained,
    CopyUndeliverable,
    PriceChanged,
    PriceForeseen,
    PriceRefused,
    MailUnknown,
    MailRefused,
    NoticeTitle,
    NoticeUnreachable,
    NoticeStopped,
    NoticeNothingCreated,
    NothingCreatedWhy,
    NothingCreatedAct,
    Footer,
}
