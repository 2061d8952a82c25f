//! What AWS asks for it.
//!
//! List prices of US East (N. Virginia) in US dollars, without any free tier, as known when this was written; other regions are
//! within a few tens of per cent. An assumption: look them up before you rely on them.
//! <https://aws.amazon.com/lambda/pricing/>, <https://aws.amazon.com/dynamodb/pricing/on-demand/>,
//! <https://aws.amazon.com/sqs/pricing/>, <https://aws.amazon.com/ses/pricing/>, <https://aws.amazon.com/cloudwatch/pricing/>

use rust_decimal::Decimal;

use crate::{
    cases::Made,
    figure::{count, millis},
    report::Sheet,
};

/// A million requests.
const MILLION: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);
/// Lambda, a million invocations.
const INVOCATIONS: Decimal = Decimal::from_parts(20, 0, 0, false, 2);
/// Lambda on `x86_64`, a GiB for a second.
const GIB_SECOND: Decimal = Decimal::from_parts(166_667, 0, 0, false, 10);
/// DynamoDB on demand, a million read units.
const READS: Decimal = Decimal::from_parts(125, 0, 0, false, 3);
/// DynamoDB on demand, a million write units.
const WRITES: Decimal = Decimal::from_parts(625, 0, 0, false, 3);
/// SQS standard queues, a million requests.
const MESSAGES: Decimal = Decimal::from_parts(40, 0, 0, false, 2);
/// SES, a thousand mails, attachments aside.
const MAILS: Decimal = Decimal::from_parts(10, 0, 0, false, 2);
/// SES, a GB of attachments.
const ATTACHED_GB: Decimal = Decimal::from_parts(12, 0, 0, false, 2);
/// A PDF with a letter around it, in bytes: what Fortnox's own look like. The simulator's are smaller.
const ATTACHED_BYTES: u32 = 150_000;
/// CloudWatch Logs, a GB taken in.
const LOGGED_GB: Decimal = Decimal::from_parts(50, 0, 0, false, 2);
const GB: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);
/// Memory of each function, in MiB, by the template.
const MEMORY_MIB: u32 = 512;

/// What 1 000 invoices of a channel cost.
pub(crate) fn row(made: &Made) -> Vec<String> {
    let invoices = count(made.invoices);
    let each = |number: Decimal| number / invoices;
    let thousand = |number: Decimal| each(number) * Decimal::ONE_THOUSAND;
    let (mut read, mut written, mut sent, mut mails) = <(Decimal, Decimal, Decimal, Decimal)>::default();
    for (kind, sum) in &made.spent.calls {
        match kind.operation.as_str() {
            "GetItem" | "BatchGetItem" | "Query" => read += sum.units,
            "PutItem" | "UpdateItem" | "DeleteItem" | "TransactWriteItems" => written += sum.units,
            "SendMessage" | "SendMessageBatch" => sent += Decimal::from(sum.calls),
            "ses:SendEmail" => mails += Decimal::from(sum.calls),
            _ => {}
        }
    }
    let invocations = count(made.invocations());
    let busy: std::time::Duration = made.spent.processes.iter().flat_map(|life| &life.invocations).sum();
    let seconds = millis(busy) / Decimal::ONE_THOUSAND;
    let memory = Decimal::from(MEMORY_MIB) / Decimal::from(1024);
    let lambda = thousand(invocations) / MILLION * INVOCATIONS + thousand(seconds) * memory * GIB_SECOND;
    let dynamodb = thousand(read) / MILLION * READS + thousand(written) / MILLION * WRITES;
    // Lambda's own: a batch is received and deleted.
    let sqs = thousand(sent + invocations * Decimal::TWO) / MILLION * MESSAGES;
    let attached = thousand(mails) * Decimal::from(ATTACHED_BYTES) / GB * ATTACHED_GB;
    let ses = thousand(mails) / Decimal::ONE_THOUSAND * MAILS + attached;
    let logs = thousand(Decimal::from(made.logged)) / GB * LOGGED_GB;
    let whole = lambda + dynamodb + sqs + ses + logs;
    let plain = |number: Decimal| number.round_dp(1).normalize().to_string();
    let mut row = vec![made.channel.clone(), plain(each(count(made.aws_calls())))];
    row.extend([each(read), each(written)].map(plain));
    row.extend([lambda, dynamodb, sqs, ses, logs, whole].map(dollars));
    row
}

fn dollars(amount: Decimal) -> String {
    format!("${}", amount.round_dp(3))
}

/// What it costs before there is any invoice.
pub(crate) fn standing() -> Sheet {
    let mut sheet =
        Sheet::new("What stands there in a month, whatever is invoiced, at list prices", ["what", "how many", "costs"]);
    for (what, how_many, (price, scale)) in STANDING {
        let costs = Decimal::from(how_many) * Decimal::from_parts(price, 0, 0, false, scale);
        sheet.row([what.to_owned(), how_many.to_string(), dollars(costs)]);
    }
    sheet
}

/// What, how many in a month of thirty days, and the price of one in dollars.
const STANDING: [(&str, u32, (u32, u32)); 7] = [
    ("figures in CloudWatch", 21, (30, 2)),
    ("alarms", 41, (10, 2)),
    ("dashboards", 1, (3, 0)),
    ("keys in KMS", 2, (1, 0)),
    ("secrets", 2, (40, 2)),
    // Five pollers for each of seven queues ask every 20 s.
    ("questions of empty queues by Lambda's pollers", 7 * 5 * 3 * 60 * 24 * 30, (4, 7)),
    // Two a minute, two in five minutes, two an hour; each is a call of the scheduler, an invocation and a trace.
    ("ticks of the schedules", (2 * 60 + 2 * 12 + 2) * 24 * 30, (62, 7)),
];
