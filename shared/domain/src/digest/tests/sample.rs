//! A day at Björkängens, as a digest is made from it.

use chrono::{DateTime, Utc};

use crate::{
    digest::{About, Coming, Concern, Digest, EarlierMail, Input, Line, MailKind, Span, What, compose},
    due::DuePeriod,
    hold::HoldReason,
    ids::TenantId,
    job::{Job, JobState, StepName},
    letters::Language,
    mail::Bounce,
    money::{Currency, Money},
    period::Period,
    prices::{NoteOutcome, NotedRow, PriceNote, Priced, RowVerdict},
    settings::Channel,
};

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn tenant() -> TenantId {
    "fortnox-1234567".parse().unwrap()
}

pub(super) fn sek(amount: &str) -> Money {
    Money::new(amount.parse().unwrap(), Currency::SEK)
}

pub(super) fn span() -> Span {
    Span { from: at("2026-01-30T06:00:00Z"), to: at("2026-01-31T06:00:00Z") }
}

pub(super) fn period() -> Period {
    Period::new("2026-02-01".parse().unwrap(), "2026-02-28".parse().unwrap()).unwrap()
}

/// A job of an agreement that amounts to 1 250,00 kr.
pub(super) fn job(agreement: &str) -> Job {
    let due = DuePeriod {
        period: period(),
        due_on: "2026-01-30".parse().unwrap(),
        invoice_date: None,
        total: sek("1250"),
        more_due: 0,
    };
    let today = "2026-01-30".parse().unwrap();
    Job::new(tenant(), agreement.parse().unwrap(), "42".parse().unwrap(), due, today, at("2026-01-30T05:00:00Z"))
}

pub(super) fn held(agreement: &str, reason: HoldReason, since: &str) -> Job {
    Job { state: JobState::Held { reason, since: at(since) }, ..job(agreement) }
}

pub(super) fn failed(agreement: &str) -> Job {
    let state = JobState::Failed {
        step: StepName::Create,
        words: "Kunden är <spärrad> & borta".to_owned(),
        advice: "mend what Fortnox says".to_owned(),
        since: at("2026-01-29T05:00:00Z"),
    };
    Job { state, ..job(agreement) }
}

pub(super) fn line(what: What, when: &str, agreement: &str, invoice: &str, total: Option<Money>) -> Line {
    let job = job(agreement).key;
    let (invoice, customer) = (invoice.parse().unwrap(), "42".parse().unwrap());
    Line { at: at(when), what, job, invoice, customer, total }
}

fn note(outcome: NoteOutcome) -> PriceNote {
    PriceNote {
        at: at("2026-01-30T10:00:00Z"),
        agreement: "7".parse().unwrap(),
        on: Priced::Agreement,
        list: "A".parse().unwrap(),
        rows: vec![NotedRow {
            place: 1,
            article: "A1".parse().unwrap(),
            price: "100".parse().unwrap(),
            why: RowVerdict::Follows { from: "100".parse().unwrap(), to: "110.50".parse().unwrap() },
        }],
        outcome,
    }
}

/// What happened on the day: something of everything.
pub(super) fn happened() -> Vec<Line> {
    let eur = Money::new("99.90".parse().unwrap(), "EUR".parse().unwrap());
    let (mail, paper) = (Channel::SesEmail, Channel::FortnoxPrintService);
    vec![
        line(What::Created { adopted: false }, "2026-01-30T06:10:00Z", "7", "1001", Some(sek("1250"))),
        line(What::Created { adopted: false }, "2026-01-30T06:10:01Z", "8", "1002", Some(eur)),
        line(What::Created { adopted: true }, "2026-01-30T06:10:02Z", "9", "998", Some(sek("0.10"))),
        line(What::Booked { found: false }, "2026-01-30T06:11:00Z", "7", "1001", Some(sek("1250"))),
        line(What::Booked { found: true }, "2026-01-30T06:11:01Z", "9", "998", Some(sek("0.10"))),
        line(What::Delivered { channel: mail, found: false }, "2026-01-30T06:12:00Z", "7", "1001", Some(sek("1250"))),
        line(What::Delivered { channel: paper, found: true }, "2026-01-30T06:12:01Z", "9", "998", Some(sek("0.10"))),
        line(What::Bounced { why: Bounce::Undeliverable }, "2026-01-30T07:00:00Z", "7", "1001", Some(sek("1250"))),
        line(What::Bounced { why: Bounce::Complained }, "2026-01-30T07:01:00Z", "8", "1002", None),
        line(What::Bounced { why: Bounce::InPart }, "2026-01-30T07:02:00Z", "8", "1002", None),
        line(What::Bounced { why: Bounce::ControlCopy }, "2026-01-30T07:03:00Z", "7", "1001", None),
    ]
}

/// The digest of the day.
pub(super) fn digest(language: Language) -> Digest {
    let reason = HoldReason::ChangeOverLimit { total: sek("1250"), last: sek("800"), limit_percent: 30.into() };
    let waiting = [held("11", reason, "2026-01-12T05:00:00Z"), failed("12")];
    let concerns = [Concern {
        about: About::Agreement { agreement: "13".parse().unwrap() },
        since: at("2026-01-30T05:00:00Z"),
        reason: HoldReason::AmbiguousPeriod,
    }];
    compose(Input {
        tenant: &tenant(),
        company: Some("Björkängens Fastigheter"),
        language,
        date: "2026-01-31".parse().unwrap(),
        span: span(),
        happened: happened(),
        waiting: &waiting,
        concerns: &concerns,
        prices: &[note(NoteOutcome::Changed), note(NoteOutcome::LeftAlone)],
        coming: vec![Coming::Agreement {
            agreement: "14".parse().unwrap(),
            customer: Some("42".parse().unwrap()),
            period: period(),
        }],
        mails: vec![EarlierMail { date: "2026-01-30".parse().unwrap(), kind: MailKind::Digest, refused: false }],
    })
}

/// A digest of a day on which nothing happened, and nothing waits.
pub(super) fn quiet(language: Language) -> Digest {
    compose(Input {
        tenant: &tenant(),
        company: None,
        language,
        date: "2026-01-31".parse().unwrap(),
        span: span(),
        happened: Vec::new(),
        waiting: &[],
        concerns: &[],
        prices: &[],
        coming: Vec::new(),
        mails: Vec::new(),
    })
}
