//! Calls for an invoice, by channel: of the accounting system, held against the fewest that its API allows and the promises demand,
//! and of AWS, with what they cost.

mod channels;
mod run;

use rust_decimal::Decimal;
use stage::StageError;

use crate::{
    Report, Setting,
    figure::{Bar, Figures, Unit, count, ratio},
    report::Sheet,
    tariff,
};
pub(crate) use channels::{CHANNELS, Channel};
pub(crate) use run::{Made, run};

/// Invoices a channel: enough that what's done once a day hardly counts.
const INVOICES: usize = 50;
/// Calls of AWS that a company's day takes besides: its scan, its digest, the heartbeats.
const A_DAY: u32 = 150;

/// Measures.
pub(crate) async fn measure(setting: &Setting, report: &mut Report) -> Result<(), StageError> {
    by_channel(setting, report, INVOICES).await
}

/// Has so many invoices go out by each channel.
pub async fn by_channel(setting: &Setting, report: &mut Report, invoices: usize) -> Result<(), StageError> {
    let mut calls = Sheet::new(
        "Calls of the accounting system for one invoice",
        ["channel", "call", "API's fewest", "ours", "measured", "why"],
    );
    let mut money = Sheet::new(
        "AWS for 1 000 invoices, at list prices",
        [
            "channel",
            "calls of AWS for one",
            "units read for one",
            "written",
            "Lambda",
            "DynamoDB",
            "SQS",
            "SES",
            "logs",
            "in all",
        ],
    );
    for channel in &CHANNELS {
        (setting.progress)(&channel.title());
        let made = run(setting, channel, invoices).await?;
        report.figures.append(&mut figures(channel, &made).all);
        for call in channel.calls {
            let measured = ratio(count(made.of(call.call)), count(made.invoices));
            calls.row([
                channel.title(),
                call.call.to_owned(),
                call.api.to_string(),
                call.ours.to_string(),
                measured.round_dp(2).normalize().to_string(),
                call.why.to_owned(),
            ]);
        }
        money.rows.push(tariff::row(&made));
    }
    report.sheets.extend([calls, money, tariff::standing()]);
    Ok(())
}

fn figures(channel: &Channel, made: &Made) -> Figures {
    let mut figures = Figures::of("calls", format!("{} invoices by {}", made.invoices, channel.title()));
    let each = |number: Decimal| ratio(number, count(made.invoices));
    let (api, ours) = (channel.fewest(|call| call.api), channel.fewest(|call| call.ours));
    let besides = Decimal::from(channel.fewest(|call| call.besides));
    figures.add(
        format!("calls of the accounting system; {api} by its API alone, {ours} with what the promises ask"),
        "each",
        each(count(made.calls.values().copied().sum())),
        Unit::Times,
        Some(Bar::AtMost(Decimal::from(ours) + each(besides))),
    );
    let listed = |call: &String| channel.calls.iter().any(|kind| kind.call == call);
    let unlisted: Vec<&str> = made.calls.keys().filter(|call| !listed(call)).map(String::as_str).collect();
    let none = Some(Bar::Exactly(Decimal::ZERO));
    let kinds = if unlisted.is_empty() { String::new() } else { format!(": {}", unlisted.join(", ")) };
    let what = format!("kinds of calls that nobody reckons with{kinds}");
    figures.add(what, "total", count(unlisted.len()), Unit::Count, none);
    figures.add("429s", "total", count(made.refused_for_rate), Unit::Count, none);
    figures.add(
        "calls of AWS",
        "each",
        each(count(made.aws_calls())),
        Unit::Times,
        Some(Bar::AtMost(Decimal::from(channel.most_aws_calls) + each(Decimal::from(A_DAY)))),
    );
    figures
}
