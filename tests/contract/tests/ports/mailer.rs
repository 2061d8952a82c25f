//! The mail service: the code that runs on AWS, over an emulator with the template's own configuration set and rules.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use cloud::{Pipeline, SesMailer, environment::MailEnvironment};
use domain::ids::{SystemKind, TenantId};
use local::{LocalMails, MailAllowance, MailSet};
use workflow::ports::{MailError, Mailer, RawMail};

use crate::dynamo::{NOWHERE, aws_at, environment};

const STACKS_OWN: &str = "MailConfigurationSet";
const TO: [&str; 2] = ["kund@kund.example", "kopia@bolaget.example"];
const RAW: &[u8] = b"From: faktura@example.com\r\nTo: kund@kund.example\r\nSubject: Faktura 1\r\n\r\nHej.\r\n";

/// The calls that make a set: create it, have it followed, switch it on, take off its tag.
const CALLS: u32 = 4;

struct Post {
    service: LocalMails,
    mailer: SesMailer,
    tenant: TenantId,
}

impl Post {
    async fn open(test: &str) -> Self {
        let state = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("mailer").join(test);
        if state.exists() {
            std::fs::remove_dir_all(&state).unwrap();
        }
        let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml");
        let service = LocalMails::start(&template, &state).await.unwrap();
        let mailer = worker(&service, service.url(), "faktura@example.com");
        Self { service, mailer, tenant: TenantId::new(SystemKind::Fortnox, 1) }
    }

    async fn send(&self) -> Result<String, MailError> {
        send(&self.mailer, &self.tenant, RAW).await
    }

    /// With the set that the first mail needs.
    async fn open_with_set(test: &str) -> Self {
        let post = Self::open(test).await;
        assert!(matches!(post.send().await, Err(MailError::MadeReady(_))));
        post
    }

    fn set_name(&self) -> String {
        format!("{STACKS_OWN}-{}", self.tenant)
    }

    fn set(&self) -> Option<MailSet> {
        self.service.sets().remove(&self.set_name())
    }

    fn allow(&self, a_day: i64, a_second: f64) {
        self.service.allow(MailAllowance { sending: true, a_day, a_second });
    }

    fn pass(&self, time: TimeDelta) {
        self.service.clock().set(self.service.clock().now() + time).unwrap();
    }
}

/// A worker whose mail service is at this address.
fn worker(service: &LocalMails, url: &str, sender: &str) -> SesMailer {
    let environment =
        cloud::environment::Environment { clock_file: Some(service.clock_file()), ..environment(NOWHERE) };
    let pipeline = Pipeline::over(aws_at(url, service.region()), &environment).unwrap();
    pipeline.mailer(MailEnvironment {
        sender: sender.parse().unwrap(),
        sets: STACKS_OWN.parse().unwrap(),
        event_bus: service.event_bus().parse().unwrap(),
    })
}

async fn send(mailer: &SesMailer, tenant: &TenantId, raw: &[u8]) -> Result<String, MailError> {
    let recipients = TO.map(str::to_owned);
    mailer.send(RawMail { tenant, raw, recipients: &recipients }).await
}

/// Whatever goes wrong, a set under which mails can be sent is one whose mails are followed.
fn is_followed_or_off(set: &MailSet) -> bool {
    !set.sending || set.destinations.iter().any(|destination| destination.enabled)
}

#[tokio::test]
async fn a_companys_first_mail_makes_its_set_and_the_second_try_sends_it() {
    let post = Post::open("first").await;
    let refusal = post.send().await.unwrap_err();
    assert!(matches!(&refusal, MailError::MadeReady(why) if why.contains(&post.set_name())), "{refusal}");
    assert_eq!(post.service.mails(), [], "nothing is sent twice in one call");
    let set = post.set().unwrap();
    assert!(set.sending && set.tags.is_empty(), "{set:?}");
    let own = post.service.sets().remove(STACKS_OWN).unwrap();
    let [destination] = set.destinations.as_slice() else { panic!("{set:?}") };
    assert_eq!((&destination.name, &destination.bus), (&own.destinations[0].name, &own.destinations[0].bus));
    let kinds = |kinds: &[String]| {
        let mut kinds: Vec<_> = kinds.iter().map(|kind| kind.replace('_', "").to_lowercase()).collect();
        kinds.sort();
        kinds
    };
    assert_eq!(kinds(&destination.event_types), kinds(&own.destinations[0].event_types), "as the template has it");

    let id = post.send().await.unwrap();
    let [mail] = post.service.mails().try_into().unwrap();
    assert_eq!((mail.message_id, mail.source.as_str()), (id.clone(), "faktura@example.com"));
    assert_eq!(mail.configuration_set, Some(post.set_name()));
    assert_eq!((mail.destinations.as_slice(), mail.raw.as_slice()), (TO.map(str::to_owned).as_slice(), RAW));
    let told = post.service.told("FeedbackQueue").await.unwrap();
    assert_eq!(told.len(), 1 + TO.len(), "it has the mail, and each recipient has it");
    for event in told {
        assert_eq!(event["detail"]["mail"]["messageId"], id.as_str());
        assert_eq!(event["detail"]["mail"]["tags"]["ses:configuration-set"][0], post.set_name().as_str());
    }
}

#[tokio::test]
async fn each_company_has_a_set_of_its_own_under_the_name_that_its_mails_bear() {
    let post = Post::open_with_set("each").await;
    let other = TenantId::new(SystemKind::Economic, u64::MAX);
    assert!(matches!(send(&post.mailer, &other, RAW).await, Err(MailError::MadeReady(_))));
    assert!(send(&post.mailer, &other, RAW).await.is_ok());
    for tenant in [&post.tenant, &other] {
        let name = post.mailer.configuration_set(tenant).unwrap();
        assert!(post.service.sets().contains_key(name.as_str()), "{name}");
    }
    post.service.switch(&post.set_name(), false).unwrap();
    assert!(send(&post.mailer, &other, RAW).await.is_ok(), "what stops one company stops no other");
    assert!(post.send().await.is_err());
}

#[tokio::test]
async fn a_making_that_is_cut_off_between_any_two_calls_is_gone_on_with() {
    for calls in 0..CALLS {
        let post = Post::open(&format!("cut-off-{calls}")).await;
        post.service.refuse_changes_after(calls);
        let first = post.send().await.unwrap_err();
        let works = calls == CALLS - 1;
        assert_eq!(matches!(first, MailError::MadeReady(_)), works, "{calls}: {first}");
        assert!(works || matches!(first, MailError::NotTaken(_)), "{calls}: {first}");
        let set = post.set();
        assert_eq!(set.is_some(), calls > 0);
        assert!(set.as_ref().is_none_or(is_followed_or_off), "{calls}: {set:?}");
        // Another worker finds it so an hour later.
        post.pass(TimeDelta::hours(1));
        post.service.refuse_changes_after(u32::MAX);
        let next = worker(&post.service, post.service.url(), "faktura@example.com");
        if !works {
            let second = send(&next, &post.tenant, RAW).await.unwrap_err();
            assert!(matches!(second, MailError::MadeReady(_)), "{calls}: {second}");
        }
        assert!(post.set().as_ref().is_some_and(is_followed_or_off), "{calls}");
        send(&next, &post.tenant, RAW).await.unwrap();
        assert_eq!(post.service.mails().len(), 1, "{calls}");
        assert_eq!(post.set().unwrap().tags.is_empty(), !works, "{calls}");
        assert!(!post.service.told("FeedbackQueue").await.unwrap().is_empty(), "{calls}");
    }
}

#[tokio::test]
async fn what_a_person_switched_off_stays_off() {
    let post = Post::open_with_set("switched-off").await;
    post.service.switch(&post.set_name(), false).unwrap();
    for _ in 0..2 {
        let refusal = post.send().await.unwrap_err();
        let words = refusal.to_string();
        assert!(matches!(refusal, MailError::NotTaken(_)), "{words}");
        assert!(
            words.contains("stays so until a person switches it on") && words.contains(&post.set_name()),
            "{words}"
        );
        assert!(!post.set().unwrap().sending);
    }
    post.service.switch(&post.set_name(), true).unwrap();
    post.send().await.unwrap();
}

/// The last call of the making was lost, so the set works and looks unfinished.
#[tokio::test]
async fn what_a_person_switched_off_stays_off_though_its_making_never_ended() {
    let post = Post::open("tag-left").await;
    post.service.refuse_changes_after(CALLS - 1);
    assert!(matches!(post.send().await, Err(MailError::MadeReady(_))));
    post.service.refuse_changes_after(u32::MAX);
    post.send().await.unwrap();
    post.pass(TimeDelta::days(3));
    post.service.switch(&post.set_name(), false).unwrap();
    let refusal = post.send().await.unwrap_err();
    assert!(matches!(&refusal, MailError::NotTaken(why) if why.contains("delete it in SES")), "{refusal}");
    assert!(!post.set().unwrap().sending);
    assert_eq!(post.service.mails().len(), 1);
}

#[tokio::test]
async fn a_full_day_has_no_room_and_the_next_day_has() {
    let post = Post::open_with_set("full").await;
    post.allow(3, 1_000.0);
    assert_eq!(
        post.mailer.room(4).await.unwrap_err().0.split(':').next(),
        Some("0 of the 3 recipients that SES allows the account in 24 hours are used up")
    );
    assert!(post.mailer.room(2).await.is_ok());
    post.send().await.unwrap();
    // Known by this worker's own count, before it asks again.
    assert!(post.mailer.room(2).await.is_err());
    assert!(post.mailer.room(1).await.is_ok());
    let refusal = post.send().await.unwrap_err();
    assert!(matches!(&refusal, MailError::NotTaken(why) if why.contains("quota")), "{refusal}");
    // What another worker sent counts once it's asked for.
    let other = worker(&post.service, post.service.url(), "faktura@example.com");
    assert!(other.room(2).await.is_err());
    post.pass(TimeDelta::hours(25));
    assert!(post.mailer.room(3).await.is_ok());
    post.send().await.unwrap();
    assert_eq!(post.service.mails().len(), 2);
}

#[tokio::test]
async fn an_account_without_limit_has_room_for_everything() {
    let post = Post::open("unlimited").await;
    post.allow(-1, 1_000.0);
    assert!(post.mailer.room(usize::MAX).await.is_ok());
}

#[tokio::test]
async fn an_account_that_is_stopped_has_no_room_and_takes_no_mail() {
    let post = Post::open_with_set("stopped").await;
    post.service.allow(MailAllowance { sending: false, ..MailAllowance::default() });
    assert!(post.mailer.room(1).await.is_err_and(|why| why.0.contains("whole account")));
    let refusal = post.send().await.unwrap_err();
    assert!(matches!(&refusal, MailError::NotTaken(why) if why.contains("whole account")), "{refusal}");
    assert!(post.set().unwrap().sending, "the company's own set isn't what was in the way");
}

#[tokio::test]
async fn a_quota_that_can_not_be_read_stops_nothing() {
    let post = Post::open("unread").await;
    let cut_off = worker(&post.service, NOWHERE, "faktura@example.com");
    assert!(cut_off.room(1).await.is_ok());
    let again = Instant::now();
    assert!(cut_off.room(1).await.is_ok());
    assert!(again.elapsed() < Duration::from_secs(1), "it isn't asked for again at once");
    let refusal = send(&cut_off, &post.tenant, RAW).await.unwrap_err();
    assert!(matches!(refusal, MailError::NotTaken(_)), "{refusal}");
}

/// Takes about a second of real time: the pacing is the waiting.
#[tokio::test]
async fn mails_keep_the_rate_of_the_account_every_recipient_counted() {
    let post = Post::open_with_set("rate").await;
    post.allow(-1, 4.0);
    assert!(post.mailer.room(TO.len()).await.is_ok());
    let begin = Instant::now();
    let mut sent = Vec::new();
    for _ in 0..3 {
        post.send().await.unwrap();
        sent.push(begin.elapsed());
    }
    // Two recipients at four a second.
    assert!(sent[1] >= Duration::from_millis(500) && sent[2] >= Duration::from_secs(1), "{sent:?}");
}

#[tokio::test]
async fn a_mail_that_would_wait_for_its_turn_too_long_goes_back() {
    let post = Post::open_with_set("slow").await;
    post.allow(-1, 0.1);
    assert!(post.mailer.room(TO.len()).await.is_ok());
    post.send().await.unwrap();
    let begin = Instant::now();
    assert!(post.mailer.room(TO.len()).await.is_err_and(|why| why.0.contains("rate")));
    let refusal = post.send().await.unwrap_err();
    assert!(matches!(&refusal, MailError::NotTaken(why) if why.contains("rate")), "{refusal}");
    assert!(begin.elapsed() < Duration::from_secs(5), "it doesn't wait first");
    assert_eq!(post.service.mails().len(), 1);
}

#[tokio::test]
async fn what_no_later_try_can_mend_is_refused_for_good() {
    let post = Post::open_with_set("refused").await;
    let foreign = worker(&post.service, post.service.url(), "faktura@other.example");
    let refusal = send(&foreign, &post.tenant, RAW).await.unwrap_err();
    assert!(matches!(&refusal, MailError::Refused(why) if !why.contains('@')), "{refusal}");
    let huge = vec![b'x'; 40 * 1024 * 1024 + 1];
    let refusal = send(&post.mailer, &post.tenant, &huge).await.unwrap_err();
    assert!(matches!(refusal, MailError::Refused(_)), "{refusal}");
    assert_eq!(post.service.mails(), []);
}

#[tokio::test]
async fn mails_and_sets_outlive_the_service() {
    let post = Post::open_with_set("kept").await;
    post.send().await.unwrap();
    post.service.switch(&post.set_name(), false).unwrap();
    let (mails, sets) = (post.service.mails(), post.service.sets());
    let state = post.service.clock_file().parent().unwrap().to_owned();
    drop(post);
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml");
    let again = LocalMails::start(&template, &state).await.unwrap();
    assert_eq!((again.mails(), again.sets()), (mails, sets));
}
