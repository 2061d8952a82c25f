//! Values with every variant that is ever stored.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use contract::ports::sample::{created, date, failed, held, job, kronor, month, morning, number, tenant};
use domain::{
    due::{Decision, DuePeriod, Reading, ReadingReason, SkipReason, Verdict},
    hold::HoldReason,
    ids::InvoiceNumber,
    job::{
        Approval, BookIntent, Booked, CreateIntent, Created, DeliverIntent, Delivered, Ending, Event, EventKind, Job,
        JobState, Matter, Step, StepName,
    },
    money::Currency,
    period::Period,
    settings::{Channel, Mode},
};
use rust_decimal::Decimal;
use workflow::ports::{Concern, ScanPage, Subject};

pub(super) fn new_job() -> Job {
    job(&tenant(1), "A:7/å")
}

fn due() -> DuePeriod {
    DuePeriod {
        period: month("2026-03-01"),
        due_on: date("2026-03-01"),
        invoice_date: Some(date("2026-03-02")),
        total: kronor("1250.50"),
        more_due: 1,
    }
}

fn create_intent() -> CreateIntent {
    CreateIntent {
        fields: month("2026-03-01"),
        last_invoice_date: Some(date("2026-02-01")),
        remaining: Some(11),
        invoice_date: Some(date("2026-03-02")),
        today: date("2026-03-29"),
        answered: Some("1001".parse().unwrap()),
    }
}

fn done(adopted: bool) -> Step<CreateIntent, Created> {
    Step::Done { outcome: created(adopted) }
}

fn skipped<I, O>() -> Step<I, O> {
    Step::Skipped { why: "`auto_book` is false in the customer's settings".to_owned() }
}

/// Jobs in every state, with every step as far as it may come.
pub(super) fn jobs() -> Vec<(&'static str, Job)> {
    let (at, new) = (morning(), new_job());
    let intent = DeliverIntent { channel: Channel::SesEmail, message_id: Some("<1@fakturapilot.example>".to_owned()) };
    let delivered = Delivered {
        channel: Channel::SesEmail,
        accepted_as: Some("0100".to_owned()),
        found_sent: false,
        marked_sent: true,
    };
    let approval = Approval { by: "Åsa".to_owned(), at, reasons: vec![HoldReason::DayLimit { limit: 3 }] };
    let booked = Step::Done { outcome: Booked { found_booked: true, invoice: None } };
    let ended = |ending| JobState::Done { ending, at };
    vec![
        (
            "job-intended",
            Job {
                matter: Matter::Due(due()),
                create: Step::Intended { attempt: 2, at, intent: create_intent() },
                wake_at: Some(at + TimeDelta::seconds(100)),
                failed_looks: 1,
                ..new.clone()
            },
        ),
        (
            "job-held",
            Job {
                create: Step::Open { attempts: 1, last: Some("no usable answer".to_owned()) },
                state: held(at),
                approval: Some(approval),
                ..new.clone()
            },
        ),
        (
            "job-failed",
            Job {
                create: done(false),
                book: Step::Intended {
                    attempt: 1,
                    at,
                    intent: BookIntent::Invoice { invoice: "1001".parse().unwrap() },
                },
                state: failed(at),
                ..new.clone()
            },
        ),
        (
            "job-delivering",
            Job {
                create: done(false),
                book: booked.clone(),
                deliver: Step::Intended { attempt: 1, at, intent },
                wake_at: Some(at),
                ..new.clone()
            },
        ),
        (
            "job-completed",
            Job {
                create: done(false),
                book: booked,
                deliver: Step::Done { outcome: delivered },
                state: ended(Ending::Completed),
                ..new.clone()
            },
        ),
        (
            "job-adopted",
            Job { create: done(true), book: skipped(), deliver: skipped(), state: ended(Ending::Adopted), ..new },
        ),
    ]
}

pub(super) fn events() -> Vec<Event> {
    let (create, text) = (StepName::Create, str::to_owned);
    let decision = decision(0, Verdict::Due(due()));
    let kinds = [
        EventKind::Decided { decision: Box::new(decision) },
        EventKind::Intended { step: create, attempt: 1 },
        EventKind::Happened { step: create, invoice: "1001".parse().unwrap(), how: text("it was answered") },
        EventKind::NotDone { step: StepName::Book, why: text("the agreement did not move") },
        EventKind::Unknown { step: StepName::Deliver, seen: text("no answer") },
        EventKind::Skipped { step: StepName::Book, why: text("`auto_book` is false by default") },
        EventKind::LookedInVain { why: text("Fortnox is down") },
        EventKind::Held { reason: HoldReason::AmbiguousPeriod },
        EventKind::Resumed { why: text("the mode allows it") },
        EventKind::Approved { by: text("Åsa") },
        EventKind::Failed { step: create, words: text("Kunden är spärrad") },
    ];
    let endings = [Ending::Completed, Ending::Adopted, Ending::NotDue, Ending::SkippedByPerson];
    let kinds = kinds.into_iter().chain(endings.map(|ending| EventKind::Finished { ending }));
    kinds.map(|kind| Event { at: morning(), kind }).collect()
}

pub(super) fn concerns() -> BTreeMap<Subject, Concern> {
    let blocked = HoldReason::TenantBlocked { problem: "no consent".to_owned(), advice: "connect again".to_owned() };
    let unreadable = HoldReason::Unreadable { problem: "PeriodStart is missing".to_owned() };
    let since = morning();
    BTreeMap::from([
        (Subject::Tenant, Concern { since, reason: blocked, seen_on: None }),
        (Subject::Agreement(number("A#7 å")), Concern { since, reason: unreadable, seen_on: Some(date("2026-03-29")) }),
    ])
}

fn decision(n: usize, verdict: Verdict) -> Decision {
    Decision {
        agreement: number(&n.to_string()),
        customer: (n > 0).then(|| "10".parse().unwrap()),
        reading: (n > 0).then_some(if n.is_multiple_of(2) { Reading::NextPeriod } else { Reading::WholeTerm }),
        reading_reason: (n > 0).then_some(ReadingReason::SpanIsInterval),
        verdict,
    }
}

pub(super) fn page() -> ScanPage {
    use SkipReason::{AlreadyInvoiced, Finished, Inactive, NoneRemaining, SwitchedOff};
    let mut verdicts = vec![
        Verdict::Due(due()),
        Verdict::NotYet { next: month("2026-04-01"), due_on: date("2026-04-01") },
        Verdict::Held { due: Some(due()), reason: HoldReason::AmbiguousPeriod },
    ];
    let skips = [Inactive, Finished, NoneRemaining, SwitchedOff, AlreadyInvoiced];
    verdicts.extend(skips.map(|reason| Verdict::Skipped { reason }));
    verdicts.extend(hold_reasons().into_iter().map(|reason| Verdict::Held { due: None, reason }));
    let decisions = verdicts.into_iter().enumerate().map(|(n, verdict)| decision(n, verdict)).collect();
    ScanPage { at: morning(), date: date("2026-03-29"), page: 1, decisions }
}

fn hold_reasons() -> Vec<HoldReason> {
    let (total, text) = (kronor("1250.50"), str::to_owned);
    let (step, invoice): (_, InvoiceNumber) = (StepName::Book, "1001".parse().unwrap());
    let last = Period::new(date("2026-02-10"), date("2026-03-09")).unwrap();
    vec![
        HoldReason::TooFarBehind { missed: 4, allowed: 1 },
        HoldReason::AmbiguousPeriod,
        HoldReason::PerhapsInvoicedByHand { date: date("2026-02-27") },
        HoldReason::OverlapsLast { period: month("2026-03-01"), last },
        HoldReason::NotPositive { total: kronor("0.00") },
        HoldReason::AmountOverLimit { total, limit: kronor("1000") },
        HoldReason::NoLimitForCurrency { currency: Currency::DKK },
        HoldReason::ChangeOverLimit { total, last: kronor("625.25"), limit_percent: Decimal::new(125, 1) },
        HoldReason::DayLimit { limit: 3 },
        HoldReason::Unreadable { problem: text("PeriodStart is missing") },
        HoldReason::BrokenSettings { scope: text("customer#10"), field: text("mode"), problem: text("no such") },
        HoldReason::AgreementMoved { now: text("it is inactive") },
        HoldReason::OutcomeUnknown { step, seen: text("nothing") },
        HoldReason::TooManyAttempts { step, attempts: 3, last: text("500") },
        HoldReason::NoAddress { problem: None },
        HoldReason::NoAddress { problem: Some(text("no @")) },
        HoldReason::ChannelUnavailable { channel: text("fortnox_email") },
        HoldReason::OtherPeriod { invoice: invoice.clone(), made: last, wanted: month("2026-03-01") },
        HoldReason::InvoiceChanged { invoice, problem: text("was cancelled") },
        HoldReason::LetterBroken { problem: text("no such field") },
        HoldReason::ModeForbids { step: StepName::Deliver, mode: Mode::DraftOnly },
        HoldReason::TenantBlocked { problem: text("no consent"), advice: text("connect again") },
    ]
}
