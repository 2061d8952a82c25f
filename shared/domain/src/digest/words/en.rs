//! English: what the reasons say of themselves.

use super::{Label, Words};
use crate::{hold::HoldReason, job::StepName, letters::Language, settings::Channel};

/// The words.
pub const WORDS: Words = Words {
    code: "en",
    format: Language::En,
    label,
    channel,
    failed,
    failed_advice: |_, advice| advice.to_owned(),
    why: HoldReason::to_string,
    advice: HoldReason::advice,
};

fn label(label: Label) -> &'static str {
    match label {
        Label::Title => "Invoices",
        Label::NewlyCreated => "created",
        Label::WaitForYou => "wait for you",
        Label::Nothing => "Nothing happened, and nothing waits for you.",
        Label::Created => "Created",
        Label::Booked => "Booked",
        Label::Delivered => "Sent",
        Label::Bounced => "Came back",
        Label::Held => "Held: wait for you",
        Label::Failed => "Failed: wait for you",
        Label::Concerns => "Needs your attention",
        Label::Prices => "Price changes",
        Label::Coming => "Coming tomorrow",
        Label::Mails => "Our own mails to you",
        Label::Invoice => "Invoice",
        Label::Agreement => "Agreement",
        Label::Draft => "Draft",
        Label::Customer => "Customer",
        Label::Amount => "Amount",
        Label::Sum => "Sum",
        Label::Why => "Why",
        Label::Act => "What to do",
        Label::Since => "Since",
        Label::Job => "Job",
        Label::Article => "Article",
        Label::Price => "Price",
        Label::Period => "Period",
        Label::Company => "The company as a whole",
        Label::More => "more that aren't listed",
        Label::Adopted => "made by hand, found by us",
        Label::FoundBooked => "was booked already",
        Label::FoundSent => "was sent already",
        Label::Undeliverable => "the address doesn't take the mail",
        Label::UndeliverableInPart => "one of the addresses doesn't take the mail",
        Label::Complained => "the recipient reported the mail as spam",
        Label::CopyUndeliverable => "the control copy to you was not delivered",
        Label::PriceChanged => "changed",
        Label::PriceForeseen => "would change; prices are only told",
        Label::PriceRefused => "was refused",
        Label::MailUnknown => "may not have arrived: the mail service's answer was lost, and it isn't sent twice",
        Label::MailRefused => "was refused by the mail service",
        Label::NoticeTitle => "Needs you now",
        Label::NoticeUnreachable => "The accounting system can't be reached or used",
        Label::NoticeStopped => "Invoicing has stopped",
        Label::NoticeNothingCreated => "Nothing was created although something was due",
        Label::NothingCreatedWhy => "invoices were due today, and none has been created or held",
        Label::NothingCreatedAct => {
            "look at the newest decisions and the dead letters; if nothing moves within the hour, tell the operator"
        }
        Label::Footer => "This mail was written by Fakturapilot.",
    }
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::SesEmail => "e-mail",
        Channel::FortnoxEmail => "e-mail by Fortnox",
        Channel::FortnoxEinvoice => "e-invoice by Fortnox",
        Channel::FortnoxPrintService => "letter by Fortnox",
        Channel::FortnoxInvoiceService => "Fortnox's invoice service",
        Channel::CustomerDefault => "as the customer's card says",
        Channel::EconomicEmail => "e-mail by e-conomic",
        Channel::EconomicEinvoice => "e-invoice by e-conomic",
        Channel::None => "not sent by us",
    }
}

fn failed(step: StepName) -> &'static str {
    match step {
        StepName::Create => "the invoice could not be created",
        StepName::Book => "the invoice could not be booked",
        StepName::Deliver => "the invoice could not be sent",
    }
}
