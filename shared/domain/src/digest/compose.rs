//! A digest from what the journal knows.

use chrono::NaiveDate;

use super::{
    About, ByChannel, Coming, Concern, Digest, EarlierMail, Line, Part, PriceFate, PriceLine, Span, Version, Waiting,
    What,
    words::{self, Words},
};
use crate::{
    ids::TenantId,
    job::{Job, JobState, Matter, Source},
    letters::Language,
    money::Money,
    prices::{NoteOutcome, PriceNote, Priced},
    settings::Channel,
};

/// What a digest is made from.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// Whose.
    pub tenant: &'a TenantId,
    /// The company's name.
    pub company: Option<&'a str>,
    /// The language of its words.
    pub language: Language,
    /// The tenant's date.
    pub date: NaiveDate,
    /// What it tells of.
    pub span: Span,
    /// What happened. What lies outside the span is left out.
    pub happened: Vec<Line>,
    /// Jobs that wait for a person.
    pub waiting: &'a [Job],
    /// What needs a person and has no job.
    pub concerns: &'a [Concern],
    /// What was noted of prices. What lies outside the span is left out.
    pub prices: &'a [PriceNote],
    /// What is due on the day after `date`.
    pub coming: Vec<Coming>,
    /// Earlier mails that may not have arrived.
    pub mails: Vec<EarlierMail>,
}

/// Makes the digest.
pub fn compose(input: Input<'_>) -> Digest {
    let words = words::of(input.language);
    let mut parts = Parts::default();
    let mut happened = input.happened;
    happened.retain(|line| input.span.contains(line.at));
    happened.sort_by(|a, b| (a.at, &a.job).cmp(&(b.at, &b.job)));
    for line in happened {
        parts.add(line);
    }
    let (held, failed) = waiting(input.waiting, words);
    let concerns = input.concerns.iter().map(|concern| of_concern(concern, words)).collect();
    let mut coming = input.coming;
    coming.sort();
    let none = |_: &Coming| None;
    Digest {
        version: Version::V1,
        tenant: input.tenant.clone(),
        company: input.company.map(str::to_owned),
        language: input.language,
        date: input.date,
        span: input.span,
        created: of_invoices(parts.created),
        booked: of_invoices(parts.booked),
        delivered: parts
            .delivered
            .into_iter()
            .map(|(channel, lines)| ByChannel { channel, part: of_invoices(lines) })
            .collect(),
        bounced: of_invoices(parts.bounced),
        held: Part::new(held, |one| one.total),
        failed: Part::new(failed, |one| one.total),
        concerns: Part::new(concerns, |one: &Waiting| one.total),
        prices: Part::new(prices(input.prices, input.span), |_| None),
        coming: Part::new(coming, none),
        mails: input.mails,
    }
}

/// What happened, sorted into the digest's parts. Ways of delivery stand in the order they were first used.
#[derive(Default)]
struct Parts {
    created: Vec<Line>,
    booked: Vec<Line>,
    delivered: Vec<(Channel, Vec<Line>)>,
    bounced: Vec<Line>,
}

impl Parts {
    fn add(&mut self, line: Line) {
        match line.what {
            What::Created { .. } => self.created.push(line),
            What::Booked { .. } => self.booked.push(line),
            What::Bounced { .. } => self.bounced.push(line),
            What::Delivered { channel, .. } => match self.delivered.iter_mut().find(|(way, _)| *way == channel) {
                Some((_, lines)) => lines.push(line),
                None => self.delivered.push((channel, vec![line])),
            },
        }
    }
}

fn of_invoices(lines: Vec<Line>) -> Part<Line> {
    Part::new(lines, |line| line.total)
}

/// The held and the failed, the longest waiting first.
fn waiting(jobs: &[Job], words: &Words) -> (Vec<Waiting>, Vec<Waiting>) {
    let (mut held, mut failed) = (Vec::new(), Vec::new());
    for job in jobs {
        match &job.state {
            JobState::Held { reason, since } => {
                let (why, advice) = ((words.why)(reason), (words.advice)(reason));
                held.push(Waiting { since: *since, code: reason.code().to_owned(), why, advice, ..of_job(job) });
            }
            JobState::Failed { step, words: answer, advice, since } => {
                let why = format!("{}: {answer}", (words.failed)(*step));
                let advice = (words.failed_advice)(*step, advice);
                failed.push(Waiting { since: *since, code: "failed".to_owned(), why, advice, ..of_job(job) });
            }
            JobState::Working | JobState::Done { .. } => {}
        }
    }
    for list in [&mut held, &mut failed] {
        list.sort_by(|a, b| (a.since, &a.job).cmp(&(b.since, &b.job)));
    }
    (held, failed)
}

fn of_job(job: &Job) -> Waiting {
    let about = match job.key.source() {
        Source::Agreement { number, .. } => About::Agreement { agreement: number.clone() },
        Source::Draft { number, .. } => About::Draft { draft: *number },
    };
    Waiting {
        about,
        job: Some(job.key.clone()),
        customer: Some(job.customer.clone()),
        invoice: job.invoice().cloned(),
        total: Some(amount(job)),
        since: job.matched_at,
        code: String::new(),
        why: String::new(),
        advice: String::new(),
    }
}

fn amount(job: &Job) -> Money {
    match (job.made(), &job.matter) {
        (Some(made), _) => made.total,
        (None, Matter::Due(due)) => due.total,
        (None, Matter::Draft(draft)) => draft.print.gross,
    }
}

fn of_concern(concern: &Concern, words: &Words) -> Waiting {
    let Concern { about, since, reason } = concern;
    Waiting {
        about: about.clone(),
        job: None,
        customer: None,
        invoice: None,
        total: None,
        since: *since,
        code: reason.code().to_owned(),
        why: (words.why)(reason),
        advice: (words.advice)(reason),
    }
}

fn prices(notes: &[PriceNote], span: Span) -> Vec<PriceLine> {
    let mut lines = Vec::new();
    for note in notes.iter().filter(|note| span.contains(note.at)) {
        let fate = match &note.outcome {
            NoteOutcome::Changed | NoteOutcome::FoundChanged | NoteOutcome::EditedMeanwhile => PriceFate::Changed,
            NoteOutcome::Foreseen => PriceFate::Foreseen,
            NoteOutcome::Refused { .. } => PriceFate::Refused,
            NoteOutcome::LeftAlone | NoteOutcome::FoundUnchanged => continue,
        };
        let invoice = match &note.on {
            Priced::Agreement => None,
            Priced::Invoice(number) => Some(number.clone()),
        };
        let changes = note.rows.iter().filter_map(|row| Some((row, row.why.new_price()?)));
        lines.extend(changes.map(|(row, to)| PriceLine {
            agreement: note.agreement.clone(),
            invoice: invoice.clone(),
            article: row.article.clone(),
            from: row.price,
            to,
            fate,
        }));
    }
    lines
}
