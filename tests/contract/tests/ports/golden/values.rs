//! Values with every variant that is ever stored.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use contract::ports::sample::{created, date, failed, held, job, kronor, month, morning, number, tenant};
use domain::{
    draft::{DraftBooking, DraftDecision, DraftVerdict, Fingerprint, FinishedDraft, Passed, Sign, Unfinished},
    due::{Decision, DuePeriod, Reading, ReadingReason, SkipReason, Verdict},
    hold::HoldReason,
    ids::{InvoiceNumber, SystemKind, TenantId},
    job::{
        Approval, AtService, BookIntent, Booked, CameBack, CreateIntent, Created, DeliverIntent, Delivered, Ending,
        Event, EventKind, Job, JobState, Matter, Step, StepName,
    },
    money::{Currency, Money},
    period::Period,
    preflight::{About, Denial, Looked, Part, Report, What},
    settings::{Channel, Mode},
};
use rust_decimal::Decimal;
use workflow::ports::{Concern, ScanPage, Subject, SweepPage};

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

fn at_service(at: DateTime<Utc>) -> Delivered {
    Delivered {
        channel: Channel::FortnoxInvoiceService,
        accepted_as: None,
        mail: None,
        found_sent: false,
        marked_sent: true,
        service: Some(AtService { ocr: Some("91001333".to_owned()), taken_on: true, ..AtService::new(at) }),
    }
}

/// Jobs in every state, with every step as far as it may come.
pub(super) fn jobs() -> Vec<(&'static str, Job)> {
    let (at, new) = (morning(), new_job());
    let intent = DeliverIntent {
        channel: Channel::SesEmail,
        message_id: Some("<1@fakturapilot.example>".to_owned()),
        sent_before: None,
    };
    let by_fortnox = DeliverIntent { channel: Channel::FortnoxEmail, message_id: None, sent_before: Some(false) };
    let delivered = Delivered {
        channel: Channel::SesEmail,
        accepted_as: Some("0100".to_owned()),
        mail: None,
        found_sent: false,
        marked_sent: true,
        service: None,
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
            "job-delivering-by-fortnox",
            Job {
                create: Step::Done { outcome: Created { known_at: Some(at), ..created(false) } },
                book: booked.clone(),
                deliver: Step::Intended { attempt: 1, at, intent: by_fortnox },
                wake_at: Some(at),
                ..new.clone()
            },
        ),
        (
            "job-at-service",
            Job {
                create: done(false),
                book: booked.clone(),
                deliver: Step::Done { outcome: at_service(at) },
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

/// A job whose mail came back.
pub(super) fn returned_job() -> (&'static str, Job) {
    let at = morning();
    let delivered = Delivered {
        channel: Channel::SesEmail,
        accepted_as: Some("0100".to_owned()),
        mail: "fp_3fb423f3cad7835c343b1c28022cd403".parse().ok(),
        found_sent: false,
        marked_sent: true,
        service: None,
    };
    let came_back = CameBack { channel: Channel::SesEmail, problem: "there is no such mailbox".to_owned() };
    let job =
        Job { delivered_before: vec![delivered], came_back: Some(came_back), not_recurring_at: Some(at), ..new_job() };
    ("job-came-back", job)
}

pub(super) fn new_draft_job() -> Job {
    let dane = TenantId::new(SystemKind::Economic, 1);
    let mut draft = finished_draft();
    draft.unheard = None;
    Job::of_draft(dane, 2, "10".parse().unwrap(), draft, date("2026-03-29"), morning())
}

fn kroner(amount: &str) -> Money {
    Money::new(amount.parse().unwrap(), Currency::DKK)
}

fn fingerprint() -> Fingerprint {
    Fingerprint {
        customer: "10".parse().unwrap(),
        date: date("2026-03-28"),
        net: kroner("1000.00"),
        gross: kroner("1250.00"),
        handle: Some(7),
        content: Some("c0ffee".to_owned()),
    }
}

fn draft_booking() -> DraftBooking {
    DraftBooking {
        draft: "148".parse().unwrap(),
        body: r#"{"draftInvoice":{"draftInvoiceNumber":148}}"#.to_owned(),
        key: "fp-c0ffee".to_owned(),
        first_used_at: morning(),
        send_by: Channel::EconomicEinvoice,
        before: fingerprint(),
    }
}

fn finished_draft() -> FinishedDraft {
    let sign = Sign::ReadySignal { at: morning() };
    FinishedDraft { number: "148".parse().unwrap(), print: fingerprint(), sign, unheard: Some(draft_booking()) }
}

/// Jobs of drafts, with every step as far as it may come.
pub(super) fn draft_jobs() -> Vec<(&'static str, Job)> {
    let (at, new) = (morning(), new_draft_job());
    let invoice = Created { total: kroner("1250.00"), ..created(false) };
    let booked = Step::Done { outcome: Booked { found_booked: false, invoice: Some(invoice) } };
    let intent = BookIntent::Draft(draft_booking());
    vec![
        ("draft-job-intended", Job { book: Step::Intended { attempt: 1, at, intent }, ..new.clone() }),
        ("draft-job-unheard", Job { matter: Matter::Draft(finished_draft()), ..new.clone() }),
        ("draft-job-completed", Job { book: booked, state: JobState::Done { ending: Ending::Completed, at }, ..new }),
    ]
}

fn draft_decision(verdict: DraftVerdict) -> DraftDecision {
    let Fingerprint { customer, date, gross, .. } = fingerprint();
    DraftDecision { draft: "148".parse().unwrap(), customer, date, gross, verdict }
}

pub(super) fn sweep_page() -> SweepPage {
    let at = morning();
    let signs = [
        Sign::ReadySignal { at },
        Sign::Unknown,
        Sign::Marker { setting: "marker_layout".to_owned() },
        Sign::Subscription,
        Sign::QuietTime { since: at },
    ];
    let whys = [
        Unfinished::NoSign,
        Unfinished::SignalNotAsked,
        Unfinished::DateAhead { date: date("2026-04-01") },
        Unfinished::Touched { until: at },
    ];
    let mut verdicts: Vec<DraftVerdict> = signs.clone().map(|sign| DraftVerdict::Finished { sign }).into();
    verdicts.extend(whys.map(|why| DraftVerdict::Unfinished { why }));
    verdicts.extend([Passed::NotFlagged, Passed::HoldWord].map(|why| DraftVerdict::Passed { why }));
    let [sign, ..] = signs;
    verdicts.extend(draft_holds().into_iter().map(|reason| DraftVerdict::Held { sign: sign.clone(), reason }));
    let decisions = verdicts.into_iter().map(draft_decision).collect();
    SweepPage { at, date: date("2026-03-29"), page: 0, decisions }
}

fn draft_holds() -> Vec<HoldReason> {
    let (text, invoice) = (str::to_owned, "1001".parse().unwrap());
    vec![
        HoldReason::NotFlagged,
        HoldReason::NoSuchDraft { draft: "999".parse().unwrap() },
        HoldReason::SignalUnclear { draft: "148".parse().unwrap() },
        HoldReason::DraftIncomplete { problem: text("has no line with a price") },
        HoldReason::CustomerBarred,
        HoldReason::NeedsEinvoice { channel: Channel::SesEmail },
        HoldReason::EinvoiceIncomplete { problem: text("the customer has no EAN") },
        HoldReason::NoRecipient { problem: None },
        HoldReason::NoRecipient { problem: Some(text("no @")) },
        HoldReason::PeriodClosed { date: date("2025-12-31") },
        HoldReason::BookedOtherwise { invoice, decided: kroner("1250.00"), booked: kroner("1300.00") },
    ]
}

pub(super) fn events() -> Vec<Event> {
    let (create, text) = (StepName::Create, str::to_owned);
    let decision = decision(0, Verdict::Due(due()));
    let kinds = [
        EventKind::Decided { decision: Box::new(decision) },
        EventKind::DraftDecided {
            decision: Box::new(draft_decision(DraftVerdict::Unfinished { why: Unfinished::NoSign })),
        },
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
    let endings = [Ending::Completed, Ending::Adopted, Ending::NotDue, Ending::Gone, Ending::SkippedByPerson];
    let kinds = kinds.into_iter().chain(endings.map(|ending| EventKind::Finished { ending }));
    kinds.map(|kind| Event { at: morning(), kind }).collect()
}

pub(super) fn concerns() -> BTreeMap<Subject, Concern> {
    let blocked = HoldReason::TenantBlocked { problem: "no consent".to_owned(), advice: "connect again".to_owned() };
    let unreadable = HoldReason::Unreadable { problem: "PeriodStart is missing".to_owned() };
    let since = morning();
    let refused = HoldReason::PricesNotFollowed { problem: "no price".to_owned(), advice: "enter one".to_owned() };
    BTreeMap::from([
        (Subject::Prices(None), Concern { since, reason: refused.clone(), seen_on: Some(date("2026-03-29")) }),
        (Subject::Prices(Some(number("7"))), Concern { since, reason: refused, seen_on: Some(date("2026-03-29")) }),
        (Subject::Tenant, Concern { since, reason: blocked, seen_on: None }),
        (Subject::Agreement(number("A#7 å")), Concern { since, reason: unreadable, seen_on: Some(date("2026-03-29")) }),
        (
            Subject::Draft("999".parse().unwrap()),
            Concern {
                since,
                reason: HoldReason::NoSuchDraft { draft: "999".parse().unwrap() },
                seen_on: Some(date("2026-03-29")),
            },
        ),
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
        HoldReason::InvoiceChanged { invoice: invoice.clone(), problem: text("was cancelled") },
        HoldReason::LetterBroken { problem: text("no such field") },
        HoldReason::ModeForbids { step: StepName::Deliver, mode: Mode::DraftOnly },
        HoldReason::TenantBlocked { problem: text("no consent"), advice: text("connect again") },
        HoldReason::NotBooked { invoice: invoice.clone(), channel: Channel::FortnoxEinvoice },
        HoldReason::NotForService { invoice: invoice.clone(), problem: text("it isn't in SEK") },
        HoldReason::AtService { invoice, problem: text("waits there to be approved") },
        HoldReason::NoCustomerDefault { word: None },
        HoldReason::NoCustomerDefault { word: Some(text("PIGEON")) },
        HoldReason::PreflightBlocks { at: morning(), found: 2, first: text("company: there is no bank account") },
        HoldReason::PricesNotFollowed { problem: text("no price any more"), advice: text("enter one") },
    ]
}

/// One finding of every kind.
pub(super) fn report() -> Report {
    let (part, why, text) = (Part::Agreements, Denial::FeatureOff, str::to_owned);
    let (on, until) = (date("2026-04-01"), date("2026-03-31"));
    let broken =
        HoldReason::BrokenSettings { scope: text("customer#10"), field: text("mode"), problem: text("no such") };
    let whole = [
        What::NotConnected { problem: text("no consent"), advice: text("connect again") },
        What::RightCompany,
        What::WrongCompany { found: 2 },
        What::BrokenSettings { reason: broken.clone(), all: true },
        What::BrokenSettings { reason: broken, all: false },
        What::Granted { part },
        What::Denied { part, why, words: text("Feature inte tillgänglig"), advice: text("activate it") },
        What::NotLookedAt { at: Looked::Recurring, why: text("no scope") },
        What::BankAccount,
        What::NoBankAccount { channel: None },
        What::NoBankAccount { channel: Some(Channel::FortnoxEmail) },
        What::OpenYear { from: date("2026-01-01"), to: date("2026-12-31") },
        What::NoOpenYear { today: date("2026-03-29"), closed: true, books: true },
        What::CashMethod,
        What::Locked { until },
        What::VoucherSeries { series: text("B") },
        What::NoVoucherSeries,
        What::Sender,
        What::NoSender { field: text("reply_to") },
        What::NoTrustedSender,
        What::NoInvoiceService,
        What::NoEinvoices,
        What::NoSubscriptions,
        What::NoSuchChannel { channel: Channel::EconomicEmail },
        What::Unreadable { part, words: text("Nej."), advice: text("ask") },
        What::Reachable { customers: 17 },
    ];
    let agreements = [
        What::Planned {
            period: month("2026-04-01"),
            due_on: on,
            more_due: 0,
            reading: Some(Reading::NextPeriod),
            reading_reason: Some(ReadingReason::SpanIsInterval),
        },
        What::NotInvoiced { reason: SkipReason::SwitchedOff },
        What::ReadingUnclear { reason: ReadingReason::FitsBoth },
        What::WouldBeHeld { on, reason: HoldReason::NoLimitForCurrency { currency: Currency::DKK } },
        What::DateLocked { date: date("2026-03-01"), until, books: true },
        What::AlreadyRecurring,
    ];
    let customers = [
        What::NoAddress { channel: Channel::SesEmail, problem: Some(text("no @")) },
        What::CustomerBarred,
        What::CustomerUnreadable { words: text("Kan inte hitta kunden.") },
    ];
    let whole = whole.into_iter().map(|what| (About::Tenant, what));
    let agreements = agreements.into_iter().map(|what| (About::Agreement(number("A#7 å")), what));
    let customers = customers.into_iter().map(|what| (About::Customer("10".parse().unwrap()), what));
    let mut report = Report::new(tenant(1), morning(), date("2026-03-29"));
    whole.chain(agreements).chain(customers).for_each(|(about, what)| report.add(about, what));
    report.add(About::Draft("999".parse().unwrap()), What::WouldBeHeld { on, reason: HoldReason::AmbiguousPeriod });
    report
}
