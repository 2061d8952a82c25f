//! Each digest is sent once; a held or failed job stands in each until it's solved; none says delivered before it was; and what
//! can't wait is told at once, and once.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    digest::{Digest, Fate, Kept, MailKind, NotMailed, What},
    due::Reading,
    job::JobState,
};
use serde_json::{Value, json};
use simulation::{Call, Fault, SentMail, When};
use workflow::digest;

use super::world::{World, everything, monthly, with};

const BEAT: TimeDelta = TimeDelta::minutes(5);
const TO: &str = "ekonomi@exempelbolaget.example";

const FAULTS: [Fault; 5] = [
    Fault::Crash(When::Before),
    Fault::Crash(When::After),
    Fault::NoAnswer(When::Before),
    Fault::NoAnswer(When::After),
    Fault::Slow(When::Before, TimeDelta::seconds(200)),
];

fn profile() -> Value {
    with(everything(), json!({"digest_to": [TO], "digest_language": "en"}))
}

/// A company with digests, and one monthly agreement, due now: at half past six in the morning.
fn company(profile: Value) -> World {
    let world = World::with_profile(profile);
    world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
    register(&world);
    world
}

fn register(world: &World) {
    let _ = world.memory.run(digest::register(&world.memory));
}

/// A heartbeat of the digests and of the scans, and what follows.
fn beat(world: &World) {
    let _ = world.memory.run(digest::tick(&world.memory));
    world.beat();
}

/// Lets time pass, with heartbeats every `every`.
fn pass(world: &World, time: TimeDelta, every: TimeDelta) {
    let end = world.now() + time;
    while world.now() < end {
        beat(world);
        world.memory.clock().pass_until((world.now() + every).min(end));
    }
    beat(world);
}

fn until(world: &World, instant: &str) {
    let instant: DateTime<Utc> = instant.parse().unwrap();
    pass(world, instant - world.now(), BEAT);
}

fn kept(world: &World) -> Vec<Kept> {
    world.memory.journal().mails(&world.tenant)
}

fn digests(world: &World) -> Vec<Digest> {
    kept(world).iter().filter_map(|kept| kept.digest().cloned()).collect()
}

fn of(world: &World, date: &str) -> Kept {
    let date = date.parse().unwrap();
    let all = kept(world);
    all.into_iter().find(|kept| kept.key.date == date && kept.key.kind == MailKind::Digest).unwrap()
}

fn said(world: &World, date: &str) -> Digest {
    of(world, date).digest().unwrap().clone()
}

/// The mails to the company's people, whether or not anybody was told that they were accepted.
fn mailed(world: &World) -> Vec<SentMail> {
    world.memory.mailer().sent().into_iter().filter(|mail| mail.recipients == [TO]).collect()
}

fn notices(world: &World, kind: MailKind) -> usize {
    let tag = format!("digest={}", kind.as_str());
    mailed(world)
        .iter()
        .filter(|mail| mail.header("X-SES-MESSAGE-TAGS").is_some_and(|tags| tags.contains(&tag)))
        .count()
}

/// Each mail has an id of its own, by tenant, date and kind: none was sent twice.
fn no_mail_twice(world: &World, told: &str) {
    let mut ids: Vec<_> =
        mailed(world).iter().filter_map(|mail| mail.header("Message-ID").map(str::to_owned)).collect();
    let all = ids.len();
    assert_eq!(all, mailed(world).len(), "{told}: each has an id");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "{told}: a mail was sent twice");
}

#[test]
fn a_day_is_told_the_next_morning_and_once() {
    let world = company(profile());
    until(&world, "2026-02-01T06:04:00Z");
    assert_eq!(mailed(&world), [], "not before all of the span is written down");
    until(&world, "2026-02-01T06:30:00Z");
    let digest = said(&world, "2026-02-01");
    assert_eq!((digest.created.count, digest.booked.count, digest.delivered.len()), (1, 1, 1));
    assert_eq!(digest.created.totals, digest.delivered[0].part.totals);
    assert_eq!(notices(&world, MailKind::Digest), 1);
    pass(&world, TimeDelta::days(3), BEAT);
    assert_eq!(mailed(&world).len(), 1, "nothing else happened, so nothing else is said");
    assert_eq!(digests(&world).len(), 5);
    no_mail_twice(&world, "a day");
}

#[test]
fn nothing_to_say_is_said_where_that_is_wanted() {
    let world = World::with_profile(with(profile(), json!({"digest_when_nothing": true})));
    register(&world);
    until(&world, "2026-02-03T12:00:00Z");
    assert_eq!(notices(&world, MailKind::Digest), 4, "of the last of January, and of three days");
}

#[test]
fn a_digest_for_nobody_is_kept_all_the_same() {
    let world = company(everything());
    until(&world, "2026-02-01T07:00:00Z");
    assert_eq!(of(&world, "2026-02-01").mail, Fate::NotMailed { why: NotMailed::NobodySet });
    assert_eq!(said(&world, "2026-02-01").created.count, 1);
    assert_eq!(world.mails(), 1, "only the invoice");
}

#[test]
fn the_control_copy_gets_the_digest_if_nobody_else_is_set() {
    let world = company(with(everything(), json!({"control_copy": TO})));
    until(&world, "2026-02-01T07:00:00Z");
    assert_eq!(notices(&world, MailKind::Digest), 1);
}

#[test]
fn a_held_job_stands_in_each_digest_until_it_is_approved() {
    let world = company(with(profile(), json!({"max_amount": {"SEK": 10}})));
    until(&world, "2026-02-04T07:00:00Z");
    for date in ["2026-02-01", "2026-02-02", "2026-02-03", "2026-02-04"] {
        let digest = said(&world, date);
        assert_eq!((digest.held.count, digest.created.count), (1, 0), "{date}");
        let one = &digest.held.lines[0];
        assert!(one.why.contains("over the limit") && one.advice.contains("approve"), "{one:?}");
    }
    assert_eq!(notices(&world, MailKind::Digest), 4);
    world.approve(&world.february());
    until(&world, "2026-02-06T07:00:00Z");
    let (solved, after) = (said(&world, "2026-02-05"), said(&world, "2026-02-06"));
    assert_eq!((solved.held.count, solved.created.count, solved.delivered.len()), (0, 1, 1));
    assert!(after.is_empty(), "{after:?}");
}

#[test]
fn a_failed_job_stands_there_too() {
    let world = company(profile());
    world.memory.faults().always(Call::Book, Fault::Refused("perioden är stängd"));
    until(&world, "2026-02-03T07:00:00Z");
    for date in ["2026-02-01", "2026-02-02", "2026-02-03"] {
        let digest = said(&world, date);
        assert_eq!(digest.failed.count, 1, "{date}");
        assert!(digest.failed.lines[0].why.contains("perioden är stängd"));
    }
}

#[test]
fn a_delivery_that_nobody_knows_of_is_not_called_delivered() {
    for when in [When::Before, When::After] {
        let world = company(profile());
        world.memory.faults().next(Call::SendMail, Fault::NoAnswer(when));
        until(&world, "2026-02-01T07:00:00Z");
        let digest = said(&world, "2026-02-01");
        assert_eq!(digest.delivered, [], "{when:?}");
        assert_eq!(digest.held.count, 1, "{when:?}");
    }
}

/// Whatever goes wrong with any call of the pipeline, a digest says created, booked or sent of what the ledger and the mail
/// service have, and says each once.
#[test]
fn no_digest_says_what_was_not_or_says_it_twice() {
    let undisturbed = company(profile());
    undisturbed.beat();
    let calls = undisturbed.memory.faults().made();
    for n in 1..=calls {
        for fault in &FAULTS {
            let told = format!("{fault:?} at {n}");
            let world = company(profile());
            world.memory.faults().nth(n, fault.clone());
            pass(&world, TimeDelta::hours(50), TimeDelta::minutes(15));
            let lines: Vec<_> = digests(&world)
                .iter()
                .flat_map(|digest| {
                    let sent = digest.delivered.iter().flat_map(|by| by.part.lines.clone());
                    digest.created.lines.iter().chain(&digest.booked.lines).cloned().chain(sent).collect::<Vec<_>>()
                })
                .collect();
            for line in &lines {
                let there = match &line.what {
                    What::Created { .. } => world.created().contains(&line.invoice),
                    What::Booked { .. } => world.booked().contains(&line.invoice),
                    What::Delivered { .. } => {
                        let sent = world.memory.mailer().sent();
                        sent.iter().any(|mail| mail.recipients != [TO] && mail.at <= line.at)
                    }
                    What::Bounced { .. } => false,
                };
                assert!(there, "{told}: {line:?}");
            }
            // The job's own word and the digests' are the same.
            let job = world.job(&world.february());
            let all = [job.create.outcome().is_some(), job.book.outcome().is_some(), job.deliver.outcome().is_some()];
            let outcomes = all.into_iter().filter(|is| *is).count();
            assert_eq!(lines.len(), outcomes, "{told}: {lines:#?}");
            let solved = matches!(job.state, JobState::Done { .. });
            let last = digests(&world).pop().unwrap();
            assert_eq!(last.held.count + last.failed.count, u64::from(!solved), "{told}");
            no_mail_twice(&world, &told);
        }
    }
}

/// Whatever goes wrong with any call of the digest itself, its mail is sent at most once, and the next one says if it may not have
/// arrived.
#[test]
fn whatever_goes_wrong_a_digest_is_sent_at_most_once() {
    let ready = || {
        let world = company(profile());
        until(&world, "2026-02-01T06:00:00Z");
        world.memory.clock().pass_until("2026-02-01T06:05:00Z".parse().unwrap());
        world
    };
    let undisturbed = ready();
    let before = undisturbed.memory.faults().made();
    beat(&undisturbed);
    assert_eq!(mailed(&undisturbed).len(), 1);
    let calls = undisturbed.memory.faults().made() - before;
    assert!(calls > 10, "{calls}");
    for n in 1..=calls {
        for fault in FAULTS.iter().chain([&Fault::NotTaken, &Fault::Refused("no")]) {
            let (world, told) = (ready(), format!("{fault:?} at {n}"));
            world.memory.faults().nth(n, fault.clone());
            pass(&world, TimeDelta::hours(3), BEAT);
            no_mail_twice(&world, &told);
            let first = of(&world, "2026-02-01");
            let sent = notices(&world, MailKind::Digest);
            assert_eq!(first.digest().unwrap().created.count, 1, "{told}");
            match &first.mail {
                Fate::Accepted { .. } => assert_eq!(sent, 1, "{told}"),
                Fate::Unknown { .. } => assert!(sent <= 1, "{told}"),
                Fate::Refused { .. } => assert_eq!(sent, 0, "{told}"),
                other => panic!("{told}: {other:?}"),
            }
            pass(&world, TimeDelta::days(1), BEAT);
            let next = said(&world, "2026-02-02");
            let doubted = matches!(first.mail, Fate::Unknown { .. } | Fate::Refused { .. });
            assert_eq!(next.mails.len(), usize::from(doubted), "{told}");
            assert_eq!(next.created.count, 0, "{told}: each thing is in one digest");
            assert_eq!(notices(&world, MailKind::Digest), sent + usize::from(doubted), "{told}");
            no_mail_twice(&world, &told);
        }
    }
}

#[test]
fn a_digest_without_room_is_not_announced_and_goes_once_when_there_is_some() {
    let world = company(profile());
    until(&world, "2026-02-01T06:00:00Z");
    let before = world.memory.faults().count(Call::SendMail);
    world.memory.faults().always(Call::Room, Fault::NotTaken);
    until(&world, "2026-02-01T07:00:00Z");
    assert_eq!(of(&world, "2026-02-01").mail, Fate::Ready);
    assert_eq!(world.memory.faults().count(Call::SendMail), before);
    world.memory.faults().clear();
    until(&world, "2026-02-01T07:10:00Z");
    assert_eq!(notices(&world, MailKind::Digest), 1);
    assert!(matches!(of(&world, "2026-02-01").mail, Fate::Accepted { .. }));
    pass(&world, TimeDelta::hours(3), BEAT);
    assert_eq!(world.memory.faults().count(Call::SendMail), before + 1);
    no_mail_twice(&world, "no room");
}

#[test]
fn two_workers_at_once_send_one_mail() {
    let world = company(profile());
    until(&world, "2026-02-01T06:00:00Z");
    world.memory.clock().pass_until("2026-02-01T06:05:00Z".parse().unwrap());
    // The first stands still before it announces, while the second does it all.
    let message = workflow::DigestMessage::Tenant { tenant: world.tenant.clone() };
    let work = || digest::work(&world.memory, world.memory.mailer(), &message);
    world.memory.faults().next(Call::KeepMail, Fault::Slow(When::Before, TimeDelta::seconds(60)));
    let (first, second) = world.memory.run(async { futures_util::future::join(work(), work()).await }).unwrap();
    assert!(first.is_ok() && second.is_ok());
    pass(&world, TimeDelta::hours(1), BEAT);
    assert_eq!(notices(&world, MailKind::Digest), 1);
    no_mail_twice(&world, "two workers");
}

#[test]
fn missed_heartbeats_are_made_up_for_by_one_digest() {
    let world = company(profile());
    until(&world, "2026-02-01T05:50:00Z");
    world.memory.clock().pass_until("2026-02-04T12:00:00Z".parse().unwrap());
    pass(&world, TimeDelta::hours(1), BEAT);
    let all = digests(&world);
    assert_eq!(all.iter().map(|digest| digest.date.to_string()).collect::<Vec<_>>(), ["2026-01-31", "2026-02-04"]);
    assert_eq!(all[0].span.to, all[1].span.from, "nothing falls in between");
    assert_eq!(all[1].created.count, 1);
    assert_eq!(notices(&world, MailKind::Digest), 1);
}

#[test]
fn there_is_one_digest_a_date_over_both_changes_of_the_clock() {
    for (from, dates) in [
        ("2026-03-27T12:00:00Z", ["2026-03-28", "2026-03-29", "2026-03-30"]),
        ("2026-10-23T12:00:00Z", ["2026-10-24", "2026-10-25", "2026-10-26"]),
    ] {
        let world = World::with_profile(with(profile(), json!({"digest_when_nothing": true})));
        world.memory.clock().pass_until(from.parse().unwrap());
        register(&world);
        pass(&world, TimeDelta::hours(68), BEAT);
        let all = digests(&world);
        let told: Vec<_> = all.iter().skip(1).map(|digest| digest.date.to_string()).collect();
        assert_eq!(told, dates);
        assert!(all.windows(2).all(|pair| pair[0].span.to == pair[1].span.from));
        assert_eq!(notices(&world, MailKind::Digest), 4);
        for mail in mailed(&world).iter().skip(1) {
            let local = mail.at.with_timezone(&chrono_tz::Europe::Stockholm).format("%H:%M").to_string();
            assert_eq!(local, "07:05");
        }
    }
}

#[test]
fn a_company_that_cannot_be_reached_is_told_at_once_and_once() {
    let world = company(profile());
    world.memory.faults().always(Call::Agreements, Fault::TenantBlocked("the consent was taken back"));
    let start = world.now();
    pass(&world, TimeDelta::minutes(10), BEAT);
    assert_eq!(notices(&world, MailKind::Unreachable), 1);
    assert!(mailed(&world)[0].at - start <= TimeDelta::minutes(6), "at once");
    pass(&world, TimeDelta::days(2), BEAT);
    assert_eq!(notices(&world, MailKind::Unreachable), 1, "and once");
    let last = digests(&world).pop().unwrap();
    assert_eq!(last.concerns.count, 1, "but it stands in each digest");
    no_mail_twice(&world, "unreachable");
}

#[test]
fn whatever_goes_wrong_a_notice_is_sent_at_most_once() {
    let ready = || {
        let world = company(profile());
        world.memory.faults().always(Call::Agreements, Fault::TenantBlocked("the consent was taken back"));
        beat(&world);
        world.memory.clock().pass_until(world.now() + BEAT);
        world
    };
    let undisturbed = ready();
    let before = undisturbed.memory.faults().made();
    beat(&undisturbed);
    assert_eq!(notices(&undisturbed, MailKind::Unreachable), 1);
    for n in 1..=undisturbed.memory.faults().made() - before {
        for fault in &FAULTS {
            let world = ready();
            world.memory.faults().nth(n, fault.clone());
            pass(&world, TimeDelta::hours(2), BEAT);
            no_mail_twice(&world, &format!("{fault:?} at {n}"));
            let notice = kept(&world).into_iter().find(|kept| kept.key.kind == MailKind::Unreachable).unwrap();
            let unknown = matches!(notice.mail, Fate::Unknown { .. });
            assert!(unknown || notices(&world, MailKind::Unreachable) == 1, "{fault:?} at {n}: {notice:?}");
        }
    }
}

#[test]
fn broken_settings_are_told_where_the_last_digest_went() {
    let world = company(profile());
    until(&world, "2026-02-01T12:00:00Z");
    world.set_profile(with(profile(), json!({"mode": "fulll"})));
    world.scan_now();
    pass(&world, TimeDelta::minutes(15), BEAT);
    assert_eq!(notices(&world, MailKind::Stopped), 1);
}

#[test]
fn a_day_on_which_nothing_came_of_what_was_due_is_told() {
    let world = company(profile());
    world.memory.faults().always(Call::CreateInvoice, Fault::NotTaken);
    until(&world, "2026-02-01T06:59:00Z");
    assert_eq!(notices(&world, MailKind::NothingCreated), 0, "two hours after the scan's hour, and not before");
    until(&world, "2026-02-01T10:00:00Z");
    assert_eq!(notices(&world, MailKind::NothingCreated), 1);
    let undisturbed = company(profile());
    until(&undisturbed, "2026-02-01T10:00:00Z");
    assert_eq!(notices(&undisturbed, MailKind::NothingCreated), 0);
}

#[test]
fn what_is_due_tomorrow_is_told_today() {
    let world = company(profile());
    until(&world, "2026-02-28T12:00:00Z");
    let digest = said(&world, "2026-02-28");
    assert_eq!(digest.coming.count, 1, "{digest:?}");
    assert_eq!(said(&world, "2026-02-27").coming.count, 0);
}
