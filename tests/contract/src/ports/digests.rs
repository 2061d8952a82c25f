//! What the digests are made from, when they're made, and what became of them.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    digest::{Content, Fate, Kept, Line, MailKey, MailKind, NotMailed, Notice, Span, What},
    due::{Decision, Verdict},
    hold::HoldReason,
    ids::TenantId,
    job::{Event, EventKind, Step, StepName},
    letters::Language,
    mail::Bounce,
};
use futures_util::future::join_all;
use workflow::ports::{Also, Concern, Digests, Journal, SaveError, ScanPage, Subject};

use super::{
    Store,
    sample::{TICK, created, date, failed, held, job, kronor, month, morning, namesakes, number, opened, tenant},
};

const ALL: usize = 100;

/// A notice of this date, ready to be mailed.
pub fn kept(day: &str, kind: MailKind) -> Kept {
    let notice = Notice {
        tenant: tenant(1),
        company: Some("Åsas Städ".to_owned()),
        language: Language::Sv,
        date: date(day),
        kind,
        since: morning(),
        why: "samtycket är återkallat".to_owned(),
        advice: "anslut igen".to_owned(),
    };
    let to = vec!["asa@stad.example".parse().unwrap()];
    Kept { key: MailKey { date: date(day), kind }, to, says: Content::Notice(notice), mail: Fate::Ready }
}

/// A mail that came back, of a job of this agreement.
pub fn line(tenant: &TenantId, agreement: &str, at: DateTime<Utc>) -> Line {
    Line {
        at,
        what: What::Bounced { why: Bounce::Undeliverable },
        job: job(tenant, agreement).key,
        invoice: "1001".parse().unwrap(),
        customer: "10".parse().unwrap(),
        total: Some(kronor("1250.50")),
    }
}

/// Starting again changes nothing; one that was stopped can be started anew.
pub async fn digests_are_started_once_and_stopped<S: Store>() {
    let store = S::open().await;
    let (journal, [one, other]) = (store.journal(), namesakes());
    assert_eq!(journal.digests_wake(&one).await.unwrap(), None);
    journal.start_digests(&one, morning()).await.unwrap();
    journal.start_digests(&one, morning() + TICK).await.unwrap();
    journal.start_digests(&other, morning() - TICK).await.unwrap();
    assert_eq!(journal.digests_wake(&one).await.unwrap(), Some(morning()));
    assert_eq!(journal.with_digests().await.unwrap(), [one.clone(), other.clone()].into());
    assert_eq!(journal.due_digests(morning() - TICK, ALL).await.unwrap(), std::slice::from_ref(&other));
    assert_eq!(journal.due_digests(morning(), ALL).await.unwrap(), [other.clone(), one.clone()]);
    assert_eq!(journal.due_digests(morning(), 1).await.unwrap(), std::slice::from_ref(&other));
    journal.move_digests(&one, morning(), None).await.unwrap();
    assert_eq!(journal.digests_wake(&one).await.unwrap(), None);
    assert_eq!(journal.with_digests().await.unwrap(), [other].into());
    journal.start_digests(&one, morning() + TICK).await.unwrap();
    assert_eq!(journal.digests_wake(&one).await.unwrap(), Some(morning() + TICK));
}

/// Something that came up meanwhile isn't overwritten.
pub async fn an_instant_moves_only_from_where_it_was_seen<S: Store>() {
    let store = S::open().await;
    let (journal, company, later) = (store.journal(), tenant(1), morning() + TimeDelta::days(1));
    journal.move_digests(&company, morning(), Some(later)).await.unwrap();
    assert_eq!(journal.digests_wake(&company).await.unwrap(), None, "there is none");
    journal.start_digests(&company, morning()).await.unwrap();
    journal.move_digests(&company, morning() - TICK, Some(later)).await.unwrap();
    assert_eq!(journal.digests_wake(&company).await.unwrap(), Some(morning()));
    journal.move_digests(&company, morning(), Some(later)).await.unwrap();
    assert_eq!(journal.digests_wake(&company).await.unwrap(), Some(later));
    assert_eq!(journal.due_digests(later - TICK, ALL).await.unwrap(), []);
}

/// One about an agreement doesn't, and one that is settled doesn't; without digests nothing is woken.
pub async fn a_concern_about_the_tenant_wakes_its_digests<S: Store>() {
    let store = S::open().await;
    let (journal, company, far) = (store.journal(), tenant(1), morning() + TimeDelta::days(1));
    let concern = Concern { since: morning(), reason: HoldReason::AmbiguousPeriod, seen_on: None };
    journal.set_concern(&company, &Subject::Tenant, Some(&concern)).await.unwrap();
    assert_eq!(journal.digests_wake(&company).await.unwrap(), None);
    journal.start_digests(&company, far).await.unwrap();
    journal.set_concern(&company, &Subject::Agreement(number("7")), Some(&concern)).await.unwrap();
    journal.set_concern(&company, &Subject::Tenant, None).await.unwrap();
    assert_eq!(journal.digests_wake(&company).await.unwrap(), Some(far));
    journal.set_concern(&company, &Subject::Tenant, Some(&concern)).await.unwrap();
    let woken = journal.digests_wake(&company).await.unwrap().unwrap();
    assert_eq!(woken, morning() + S::Journal::TOLD_AFTER);
}

/// In one go: there's no outcome without its line. The span's last instant isn't in it.
pub async fn a_line_is_written_with_the_outcome_and_found_in_its_span<S: Store>() {
    let store = S::open().await;
    let journal = store.journal();
    for company in namesakes() {
        let mut claimed = opened(journal, &job(&company, "A#7")).await;
        claimed.job.create = Step::Done { outcome: created(false) };
        let happened = |step, at| Event {
            at,
            kind: EventKind::Happened { step, invoice: "1001".parse().unwrap(), how: "answered".to_owned() },
        };
        let events = vec![happened(StepName::Create, morning()), happened(StepName::Book, morning() + TICK)];
        journal.save(&mut claimed, Also { events, history: None }, None).await.unwrap();
        // Of the booking there is no outcome, so nothing is told of it.
        let span = Span { from: morning(), to: morning() + TimeDelta::hours(1) };
        let lines = journal.happened(&company, span).await.unwrap();
        let told = What::Created { adopted: false };
        let total = Some(kronor("1250.50"));
        assert_eq!(lines, [Line { what: told, total, ..line(&company, "A#7", morning()) }]);
        let before = Span { from: morning() - TICK, to: morning() };
        assert_eq!(journal.happened(&company, before).await.unwrap(), []);
        let after = Span { from: morning() + TICK, to: morning() + TimeDelta::hours(1) };
        assert_eq!(journal.happened(&company, after).await.unwrap(), []);
    }
}

/// Only jobs, only the tenant's, and no more than asked for.
pub async fn what_waits_is_found_the_longest_waiting_first<S: Store>() {
    let store = S::open().await;
    let (journal, [one, other]) = (store.journal(), namesakes());
    let concern = Concern { since: morning(), reason: HoldReason::AmbiguousPeriod, seen_on: None };
    journal.set_concern(&one, &Subject::Agreement(number("5")), Some(&concern)).await.unwrap();
    let states = [("1", held(morning() + TICK)), ("2", failed(morning())), ("3", domain::job::JobState::Working)];
    for (agreement, state) in states {
        let mut claimed = opened(journal, &job(&one, agreement)).await;
        claimed.job.state = state;
        journal.save(&mut claimed, Also::default(), None).await.unwrap();
    }
    let numbers = |jobs: Vec<domain::job::Job>| -> Vec<String> {
        jobs.iter().map(|job| job.key.agreement().unwrap().to_string()).collect()
    };
    assert_eq!(numbers(journal.waiting(&one, ALL).await.unwrap()), ["2", "1"]);
    assert_eq!(numbers(journal.waiting(&one, 1).await.unwrap()), ["2"]);
    assert_eq!(numbers(journal.waiting(&other, ALL).await.unwrap()), [""; 0]);
}

fn decided(day: &str, at: DateTime<Utc>, due_on: &str) -> ScanPage {
    let decision = Decision {
        agreement: number("7"),
        customer: Some("10".parse().unwrap()),
        reading: None,
        reading_reason: None,
        verdict: Verdict::NotYet { next: month("2026-04-01"), due_on: date(due_on) },
    };
    ScanPage { at, date: date(day), page: 1, decisions: vec![decision] }
}

/// And of that day the last word on each agreement.
pub async fn the_outlook_is_the_newest_days<S: Store>() {
    let store = S::open().await;
    let (journal, company, today) = (store.journal(), tenant(1), date("2026-03-29"));
    assert_eq!(journal.outlook(&company, today).await.unwrap().coming(), []);
    let yesterday = decided("2026-03-28", morning() - TimeDelta::days(1), "2026-03-29");
    journal.keep_page(&company, &yesterday).await.unwrap();
    assert!(journal.outlook(&company, today).await.unwrap().has_due());
    journal.keep_page(&company, &decided("2026-03-29", morning(), "2026-04-28")).await.unwrap();
    assert_eq!(journal.outlook(&company, today).await.unwrap().coming(), []);
    let later = decided("2026-03-29", morning() + TimeDelta::hours(1), "2026-03-30");
    journal.keep_page(&company, &later).await.unwrap();
    let outlook = journal.outlook(&company, today).await.unwrap();
    assert!(!outlook.has_due());
    assert_eq!(outlook.coming().len(), 1);
    assert_eq!(journal.outlook(&tenant(11), today).await.unwrap().coming(), []);
}

/// Of many who keep at once one does, and what it kept comes back whole.
pub async fn a_digest_is_kept_once<S: Store>() {
    let store = S::open().await;
    let (journal, company) = (store.journal(), tenant(1));
    let mail = kept("2026-03-29", MailKind::Unreachable);
    assert_eq!(journal.kept(&company, &mail.key).await.unwrap(), None);
    let all = join_all((0..4).map(|_| journal.keep_new(&company, &mail))).await;
    assert_eq!(all.into_iter().filter(|kept| *kept.as_ref().unwrap()).count(), 1);
    assert_eq!(journal.kept(&company, &mail.key).await.unwrap().unwrap().kept, mail);
    let other = MailKey { kind: MailKind::Stopped, ..mail.key };
    assert_eq!(journal.kept(&company, &other).await.unwrap(), None);
    assert_eq!(journal.kept(&tenant(11), &mail.key).await.unwrap(), None);
}

/// Of two workers one announces the mail.
pub async fn what_became_of_a_mail_is_written_on_what_was_read<S: Store>() {
    let store = S::open().await;
    let (journal, company) = (store.journal(), tenant(1));
    let mail = kept("2026-03-29", MailKind::Unreachable);
    journal.keep_new(&company, &mail).await.unwrap();
    let mut mine = journal.kept(&company, &mail.key).await.unwrap().unwrap();
    let mut theirs = mine.clone();
    mine.kept.mail = Fate::Intended { at: morning() };
    journal.settle(&company, &mut mine).await.unwrap();
    theirs.kept.mail = Fate::Intended { at: morning() + TICK };
    let refused = journal.settle(&company, &mut theirs).await.unwrap_err();
    assert!(matches!(refused, SaveError::Fenced), "{refused}");
    mine.kept.mail = Fate::Accepted { at: morning(), accepted_as: "mail-1".to_owned() };
    journal.settle(&company, &mut mine).await.unwrap();
    assert_eq!(journal.kept(&company, &mail.key).await.unwrap().unwrap(), mine);
}

/// Whatever else was kept of later dates.
pub async fn the_newest_digest_is_no_notice<S: Store>() {
    let store = S::open().await;
    let (journal, [one, other]) = (store.journal(), namesakes());
    assert_eq!(journal.newest_digest(&one).await.unwrap(), None);
    let mails = [
        ("2026-03-28", MailKind::Digest),
        ("2026-03-27", MailKind::Digest),
        ("2026-03-29", MailKind::Unreachable),
        ("2026-03-29", MailKind::NothingCreated),
        ("2026-03-29", MailKind::Stopped),
    ];
    for (day, kind) in mails {
        let mail = Fate::NotMailed { why: NotMailed::NothingToSay };
        journal.keep_new(&one, &Kept { mail, ..kept(day, kind) }).await.unwrap();
    }
    let newest = journal.newest_digest(&one).await.unwrap().unwrap();
    assert_eq!(newest.kept.key, MailKey { date: date("2026-03-28"), kind: MailKind::Digest });
    assert_eq!(journal.newest_digest(&other).await.unwrap(), None);
}
