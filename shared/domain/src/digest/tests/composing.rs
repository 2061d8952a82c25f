//! What comes into a digest.

use super::sample::{at, digest, failed, happened, held, job, line, sek, span, tenant};
use crate::{
    digest::{Digest, Input, MOST_LINES, Span, What, compose, happened as told},
    hold::HoldReason,
    job::{AtService, Booked, Created, Delivered, Event, EventKind, Job, Step, StepName},
    letters::Language,
    money::Money,
    settings::Channel,
};

fn with(waiting: &[Job], happened: Vec<crate::digest::Line>, span: Span) -> Digest {
    compose(Input {
        tenant: &tenant(),
        company: None,
        language: Language::En,
        date: "2026-01-31".parse().unwrap(),
        span,
        happened,
        waiting,
        concerns: &[],
        prices: &[],
        coming: Vec::new(),
        mails: Vec::new(),
    })
}

#[test]
fn totals_are_kept_apart_by_currency() {
    let digest = digest(Language::En);
    let eur = Money::new("99.90".parse().unwrap(), "EUR".parse().unwrap());
    assert_eq!(digest.created.totals, [eur, sek("1250.10")]);
    assert_eq!(digest.booked.totals, [sek("1250.10")]);
    let ways: Vec<_> = digest.delivered.iter().map(|by| (by.channel, by.part.totals.clone())).collect();
    assert_eq!(ways, [(Channel::SesEmail, vec![sek("1250")]), (Channel::FortnoxPrintService, vec![sek("0.10")])]);
}

#[test]
fn what_happened_counts_in_the_digest_of_its_moment() {
    let Span { from, to } = span();
    let next = Span { from: to, to: to + (to - from) };
    let (first, second) = (with(&[], happened(), span()), with(&[], happened(), next));
    assert_eq!((first.created.count, second.created.count), (3, 0));
    let created = |when| line(What::Created { adopted: false }, when, "7", "1001", None);
    let at_the_edge = vec![created("2026-01-31T06:00:00Z"), created("2026-01-31T05:59:59.999Z")];
    let (first, second) = (with(&[], at_the_edge.clone(), span()), with(&[], at_the_edge, next));
    assert_eq!((first.created.count, second.created.count), (1, 1));
}

#[test]
fn what_waits_stands_there_whenever_it_began() {
    let jobs = [held("1", HoldReason::AmbiguousPeriod, "2025-06-01T00:00:00Z"), failed("2"), job("3")];
    let digest = with(&jobs, Vec::new(), span());
    assert_eq!((digest.held.count, digest.failed.count, digest.waiting()), (1, 1, 2));
    let one = &digest.held.lines[0];
    assert!(one.why.contains("two ways") && one.advice.contains("period_reading"), "{one:?}");
    assert_eq!(one.job.as_ref(), Some(&jobs[0].key));
    assert!(!digest.is_empty());
}

#[test]
fn a_long_list_is_cut_and_counted() {
    let lines = (0..MOST_LINES + 5).map(|n| {
        let agreement = n.to_string();
        line(What::Created { adopted: false }, "2026-01-30T06:10:00Z", &agreement, &agreement, Some(sek("1")))
    });
    let digest = with(&[], lines.collect(), span());
    assert_eq!(digest.created.lines.len(), MOST_LINES);
    assert_eq!((digest.created.count, digest.created.more()), (45, 5));
    assert_eq!(digest.created.totals, [sek("45")], "the sum is of all");
}

fn event(step: StepName) -> Event {
    let kind = EventKind::Happened { step, invoice: "1001".parse().unwrap(), how: "answered".to_owned() };
    Event { at: at("2026-01-30T06:10:00Z"), kind }
}

fn created() -> Created {
    Created {
        invoice: "1001".parse().unwrap(),
        invoice_date: "2026-01-30".parse().unwrap(),
        total: sek("1250"),
        adopted: false,
        known_at: None,
    }
}

#[test]
fn a_step_is_told_once_its_outcome_is_there() {
    let mut job = job("7");
    assert_eq!(told(&job, &[event(StepName::Create)]), [], "no outcome, no line");
    job.create = Step::Done { outcome: created() };
    job.book = Step::Done { outcome: Booked { found_booked: false, invoice: None } };
    let lines = told(&job, &[event(StepName::Create), event(StepName::Book)]);
    let whats: Vec<_> = lines.iter().map(|line| line.what.name()).collect();
    assert_eq!(whats, ["created", "booked"]);
    assert!(lines.iter().all(|line| line.total == Some(sek("1250")) && line.invoice.as_str() == "1001"));
}

#[test]
fn what_the_invoice_service_has_yet_to_take_on_is_not_delivered() {
    let mut job = job("7");
    let handed_over = |taken_on| Delivered {
        channel: Channel::FortnoxInvoiceService,
        accepted_as: None,
        mail: None,
        found_sent: false,
        marked_sent: true,
        service: Some(AtService { taken_on, ..AtService::new(at("2026-01-30T06:00:00Z")) }),
    };
    job.deliver = Step::Done { outcome: handed_over(false) };
    assert_eq!(told(&job, &[event(StepName::Deliver)]), []);
    job.deliver = Step::Done { outcome: handed_over(true) };
    assert_eq!(told(&job, &[event(StepName::Deliver)]).len(), 1);
}
