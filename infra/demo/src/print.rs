//! What a person sees.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the demo's own output")]

use std::{collections::BTreeMap, path::Path, time::Duration};

use domain::job::JobState;
use fortnox_sim::EffectKind;
use stage::{Evidence, StageError, promises::Broken};

use crate::days::Day;

pub(crate) fn heading(text: &str) {
    println!("\n{text}\n");
}

pub(crate) fn error(error: &StageError) {
    eprintln!("the demo could not be run: {error}");
}

/// The story. Days on which nothing was due are told in one line with their neighbours.
pub(crate) fn days(days: &[Day]) {
    let mut quiet = 0;
    for day in days {
        if day.created + day.booked + day.mailed + day.needs_person.len() + day.scenes.len() == 0 {
            quiet += 1;
            continue;
        }
        print_quiet(&mut quiet);
        println!(
            "{:<17} {:>3} read · {:>2} due · {:>2} created · {:>2} booked · {:>2} mailed",
            day.date.format("%a %-d %B").to_string(),
            day.read,
            day.due,
            day.created,
            day.booked,
            day.mailed,
        );
        for scene in &day.scenes {
            println!("    ✎ {scene}");
        }
        for notice in &day.needs_person {
            println!("    ⏸ {}\n      {}\n      → {}", notice.about, notice.why, notice.advice);
        }
    }
    print_quiet(&mut quiet);
}

fn print_quiet(quiet: &mut usize) {
    match std::mem::take(quiet) {
        0 => {}
        1 => println!("  … a day on which nothing was due"),
        days => println!("  … {days} days on which nothing was due"),
    }
}

/// The sums, and whether the promises were kept.
pub(crate) fn summary(evidence: &Evidence, broken: &[Broken], took: Duration) {
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for record in &evidence.jobs {
        let state = match record.job.state {
            JobState::Working => "still working",
            JobState::Held { .. } => "held for a person",
            JobState::Failed { .. } => "failed",
            JobState::Done { .. } => "done",
        };
        *states.entry(state).or_default() += 1;
    }
    let states: Vec<String> = states.iter().map(|(state, count)| format!("{count} {state}")).collect();
    let calls = evidence.ledger.iter().filter(|entry| entry.path.starts_with("/3/")).count();
    println!("\nThree months in {:.1} s", took.as_secs_f64());
    println!("  jobs            {}", states.join(", "));
    println!(
        "  in Fortnox      {} invoices created, {} booked, {} marked as sent, by {calls} calls",
        evidence.count(EffectKind::InvoiceCreated),
        evidence.count(EffectKind::InvoiceBooked),
        evidence.count(EffectKind::MarkedSent),
    );
    println!("  mails           {} accepted", evidence.mails.len());
    println!("  429 answers     {}", evidence.answered(429));
    let mut matched = evidence.match_to_create();
    matched.sort();
    if let (Some(median), Some(longest)) = (matched.get(matched.len() / 2), matched.last()) {
        println!(
            "  match → create  {} ms median, {} ms longest, for the first invoice of each of {} days",
            median.num_milliseconds(),
            longest.num_milliseconds(),
            matched.len(),
        );
    }
    if broken.is_empty() {
        println!("\n✔ Every promise was kept, by Fortnox's own ledger and the mails that went out.");
    }
    self::broken(broken);
}

/// What must not be. Never silent: a run that says no must say why.
pub(crate) fn broken(broken: &[Broken]) {
    for one in broken {
        println!("\n✘ Promise {} was broken: {}", one.promise, one.how);
    }
}

/// What the second time changed.
pub(crate) fn once_more(messages: usize, same: bool, before: &Evidence, after: &Evidence) {
    println!("{messages} messages were delivered once more, the newest first, and every agreement was scanned again.");
    let count = |evidence: &Evidence| evidence.count(EffectKind::InvoiceCreated);
    println!("  invoices in Fortnox  {} before, {} after", count(before), count(after));
    println!("  new mails            {}", after.mails.len() - before.mails.len());
    println!(
        "\n{}",
        if same { "✔ Nothing was invoiced, booked or mailed again." } else { "✘ Something was done again." }
    );
}

/// Where to look.
pub(crate) fn places(folder: &Path) {
    let folder = folder.display();
    println!("\nLook around in {folder}:");
    println!("  mail/*.eml    the mails, each with its invoice as a PDF: open one in a mail program");
    println!("  report.json   every job with its events and times, every decision, what waits for a person");
    println!("  ledger.json   every call to Fortnox and what it did, as Fortnox saw it");
    println!("  logs/         what the functions logged");
    println!("\nOnce more on the same state: cargo demo --again\n");
}
