//! What a digest or a notice says as a mail: laid out once, printed as text and as HTML.

use std::fmt::Write;

use super::{
    About, ByChannel, Coming, Digest, EarlierMail, Line, MailKind, Notice, Part, PriceFate, PriceLine, Waiting, What,
    html, text,
    words::{self, Label, Words},
};
use crate::{
    letters::{RenderedLetter, format},
    mail::Bounce,
    money::Money,
};

/// A mail before it's printed.
pub(super) struct Sheet {
    pub(super) language: &'static str,
    pub(super) title: String,
    pub(super) subtitle: String,
    /// Said where there are no blocks.
    pub(super) nothing: &'static str,
    pub(super) blocks: Vec<Block>,
    pub(super) footer: &'static str,
}

/// Lines of one kind under a heading.
pub(super) struct Block {
    pub(super) heading: String,
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Row>,
    /// What is below the rows: how many more there are, and what all amount to.
    pub(super) below: Vec<String>,
}

/// A line, and what is said about it below.
pub(super) struct Row {
    pub(super) cells: Vec<String>,
    pub(super) notes: Vec<(&'static str, String)>,
}

/// The mail of a digest.
pub fn render_digest(digest: &Digest) -> RenderedLetter {
    let words = words::of(digest.language);
    let label = words.label;
    let company = digest.company.clone().unwrap_or_else(|| digest.tenant.to_string());
    let mut counts = format!("{} {}", digest.created.count, label(Label::NewlyCreated));
    if digest.waiting() > 0 {
        // Writing to a `String` can't fail.
        let _ = write!(counts, ", {} {}", digest.waiting(), label(Label::WaitForYou));
    }
    let sheet = Sheet {
        language: words.code,
        title: company,
        subtitle: format!("{} {}: {counts}", label(Label::Title), format::date(words.format, digest.date)),
        nothing: label(Label::Nothing),
        blocks: blocks(digest, words),
        footer: label(Label::Footer),
    };
    print(&sheet)
}

/// The mail of a notice.
pub fn render_notice(notice: &Notice) -> RenderedLetter {
    let words = words::of(notice.language);
    let label = words.label;
    let heading = label(match notice.kind {
        MailKind::Unreachable => Label::NoticeUnreachable,
        MailKind::NothingCreated => Label::NoticeNothingCreated,
        MailKind::Stopped | MailKind::Digest => Label::NoticeStopped,
    });
    let notes = vec![
        (label(Label::Why), notice.why.clone()),
        (label(Label::Act), notice.advice.clone()),
        (label(Label::Since), notice.since.format("%Y-%m-%d %H:%M UTC").to_string()),
    ];
    let row = Row { cells: vec![label(Label::Company).to_owned()], notes };
    let block = Block { heading: heading.to_owned(), columns: Vec::new(), rows: vec![row], below: Vec::new() };
    let sheet = Sheet {
        language: words.code,
        title: notice.company.clone().unwrap_or_else(|| notice.tenant.to_string()),
        subtitle: format!("{}: {heading}", label(Label::NoticeTitle)),
        nothing: "",
        blocks: vec![block],
        footer: label(Label::Footer),
    };
    print(&sheet)
}

fn print(sheet: &Sheet) -> RenderedLetter {
    let subject = format!("{} – {}", sheet.title, sheet.subtitle);
    RenderedLetter { text: text::print(sheet), html: html::print(sheet, &subject), subject, logo: None }
}

/// What waits for a person stands first: it's what the mail is read for.
fn blocks(digest: &Digest, words: &Words) -> Vec<Block> {
    let label = words.label;
    let mut blocks = Vec::new();
    let mut add = |block: Option<Block>| blocks.extend(block);
    add(block(words, label(Label::Held), &waiting_columns(words), &digest.held, |one| waiting(one, words)));
    add(block(words, label(Label::Failed), &waiting_columns(words), &digest.failed, |one| waiting(one, words)));
    add(block(words, label(Label::Concerns), &waiting_columns(words), &digest.concerns, |one| waiting(one, words)));
    add(mails(&digest.mails, words));
    add(block(words, label(Label::Bounced), &invoice_columns(words), &digest.bounced, |line| invoice(line, words)));
    add(block(words, label(Label::Created), &invoice_columns(words), &digest.created, |line| invoice(line, words)));
    add(block(words, label(Label::Booked), &invoice_columns(words), &digest.booked, |line| invoice(line, words)));
    for ByChannel { channel, part } in &digest.delivered {
        let heading = format!("{}, {}", label(Label::Delivered), (words.channel)(*channel));
        add(block(words, &heading, &invoice_columns(words), part, |line| invoice(line, words)));
    }
    let columns = [label(Label::Agreement), label(Label::Article), label(Label::Price)];
    add(block(words, label(Label::Prices), &columns, &digest.prices, |line| price(line, words)));
    let columns = [label(Label::Agreement), label(Label::Customer), label(Label::Period)];
    add(block(words, label(Label::Coming), &columns, &digest.coming, |one| coming(one, words)));
    blocks
}

fn block<T>(
    words: &Words,
    heading: &str,
    columns: &[&'static str],
    part: &Part<T>,
    row: impl Fn(&T) -> Row,
) -> Option<Block> {
    if part.count == 0 {
        return None;
    }
    let mut below = Vec::new();
    if part.more() > 0 {
        below.push(format!("+ {} {}", part.more(), (words.label)(Label::More)));
    }
    if !part.totals.is_empty() {
        let sums: Vec<_> = part.totals.iter().map(|sum| format::amount(words.format, *sum)).collect();
        below.push(format!("{}: {}", (words.label)(Label::Sum), sums.join(", ")));
    }
    let rows = part.lines.iter().map(row).collect();
    Some(Block { heading: format!("{heading} ({})", part.count), columns: columns.to_vec(), rows, below })
}

fn invoice_columns(words: &Words) -> [&'static str; 3] {
    [Label::Invoice, Label::Customer, Label::Amount].map(words.label)
}

fn waiting_columns(words: &Words) -> [&'static str; 3] {
    [(words.label)(Label::Job), (words.label)(Label::Customer), (words.label)(Label::Amount)]
}

fn amount(total: Option<Money>, words: &Words) -> String {
    total.map(|total| format::amount(words.format, total)).unwrap_or_default()
}

fn invoice(line: &Line, words: &Words) -> Row {
    let label = words.label;
    let remark = match line.what {
        What::Created { adopted: true } => label(Label::Adopted),
        What::Booked { found: true } => label(Label::FoundBooked),
        What::Delivered { found: true, .. } => label(Label::FoundSent),
        What::Bounced { why: Bounce::Undeliverable } => label(Label::Undeliverable),
        What::Bounced { why: Bounce::InPart } => label(Label::UndeliverableInPart),
        What::Bounced { why: Bounce::Complained } => label(Label::Complained),
        What::Bounced { why: Bounce::ControlCopy } => label(Label::CopyUndeliverable),
        What::Created { .. } | What::Booked { .. } | What::Delivered { .. } => "",
    };
    let number = if remark.is_empty() { line.invoice.to_string() } else { format!("{} ({remark})", line.invoice) };
    Row { cells: vec![number, line.customer.to_string(), amount(line.total, words)], notes: Vec::new() }
}

fn about(about: &About, words: &Words) -> String {
    let label = words.label;
    match about {
        About::Tenant => label(Label::Company).to_owned(),
        About::Agreement { agreement } => format!("{} {agreement}", label(Label::Agreement)),
        About::Draft { draft } => format!("{} {draft}", label(Label::Draft)),
        About::Prices { agreement: None } => label(Label::Prices).to_owned(),
        About::Prices { agreement: Some(agreement) } => {
            format!("{}, {} {agreement}", label(Label::Prices), label(Label::Agreement))
        }
    }
}

fn waiting(one: &Waiting, words: &Words) -> Row {
    let label = words.label;
    let mut what = about(&one.about, words);
    if let Some(invoice) = &one.invoice {
        let _ = write!(what, ", {} {invoice}", label(Label::Invoice));
    }
    let customer = one.customer.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut notes = vec![(label(Label::Why), one.why.clone()), (label(Label::Act), one.advice.clone())];
    if let Some(job) = &one.job {
        notes.push((label(Label::Job), job.to_string()));
    }
    Row { cells: vec![what, customer, amount(one.total, words)], notes }
}

fn price(line: &PriceLine, words: &Words) -> Row {
    let label = words.label;
    let mut on = line.agreement.to_string();
    if let Some(invoice) = &line.invoice {
        let _ = write!(on, ", {} {invoice}", label(Label::Invoice));
    }
    let fate = label(match line.fate {
        PriceFate::Changed => Label::PriceChanged,
        PriceFate::Foreseen => Label::PriceForeseen,
        PriceFate::Refused => Label::PriceRefused,
    });
    let change = format!("{} → {} ({fate})", line.from.normalize(), line.to.normalize());
    Row { cells: vec![on, line.article.to_string(), change], notes: Vec::new() }
}

fn coming(one: &Coming, words: &Words) -> Row {
    let cells = match one {
        Coming::Agreement { agreement, customer, period } => vec![
            agreement.to_string(),
            customer.as_ref().map(ToString::to_string).unwrap_or_default(),
            format::period(words.format, *period),
        ],
        Coming::Draft { draft, customer } => {
            vec![format!("{} {draft}", (words.label)(Label::Draft)), customer.to_string(), String::new()]
        }
    };
    Row { cells, notes: Vec::new() }
}

fn mails(mails: &[EarlierMail], words: &Words) -> Option<Block> {
    let label = words.label;
    let row = |mail: &EarlierMail| {
        let which = match mail.kind {
            MailKind::Digest => label(Label::Title),
            MailKind::Unreachable => label(Label::NoticeUnreachable),
            MailKind::Stopped => label(Label::NoticeStopped),
            MailKind::NothingCreated => label(Label::NoticeNothingCreated),
        };
        let fate = label(if mail.refused { Label::MailRefused } else { Label::MailUnknown });
        let cells = vec![format!("{which} {}: {fate}", format::date(words.format, mail.date))];
        Row { cells, notes: Vec::new() }
    };
    let rows: Vec<_> = mails.iter().map(row).collect();
    let heading = label(Label::Mails).to_owned();
    (!rows.is_empty()).then_some(Block { heading, columns: Vec::new(), rows, below: Vec::new() })
}
