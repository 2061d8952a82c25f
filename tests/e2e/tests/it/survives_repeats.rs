//! Duplicates, redeliveries and repeated schedules change nothing.

use domain::ids::TenantId;
use fortnox_sim::EffectKind;
use stage::{Evidence, tenant_of};
use workflow::{BookingMessage, DeliveryMessage, Message, ScanMessage};

use crate::{
    company::company,
    scene::{Scene, assert_all_done},
};

const AGREEMENTS: usize = 6;
const HEARTBEAT: &str = "HeartbeatSchedule";

fn scan_of(tenant: &TenantId) -> Message {
    ScanMessage::Tenant { tenant: tenant.clone(), page: 1, counted: 0, total: None }.into()
}

fn queue_of(message: &Message) -> &'static str {
    match message {
        Message::Scan(_) => "ScanQueue",
        Message::Booking(_) => "BookingQueue",
        Message::Sweep(_) => "SweepQueue",
        Message::Prices(_) => "PricesQueue",
        Message::Digest(_) => "DigestQueue",
        Message::Delivery(_) => "DeliveryQueue",
    }
}

async fn send(scene: &Scene, message: &Message) {
    scene.stage.cloud.send(queue_of(message), &message.body().unwrap()).await.unwrap();
}

/// Fires the heartbeat five times, all at once.
async fn five_beats(scene: &Scene) {
    let beat = || scene.stage.cloud.fire(HEARTBEAT);
    let firings = tokio::join!(beat(), beat(), beat(), beat(), beat());
    for firing in <[_; 5]>::from(firings) {
        firing.unwrap().outcome.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tick_that_fires_five_times_and_ten_scans_at_once_make_each_invoice_once() {
    let company = company(3001, AGREEMENTS);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("ticks_at_once", vec![company]).await;
    let ten_scans = async {
        for _ in 0..10 {
            send(&scene, &scan_of(&tenant)).await;
        }
    };
    tokio::join!(ten_scans, five_beats(&scene));
    scene.stage.settle().await.unwrap();
    five_beats(&scene).await;
    scene.first_day().await;
    five_beats(&scene).await;
    scene.stage.settle().await.unwrap();
    scene.until_all_jobs_rest().await;
    assert_all_done(&scene.close().await, &tenant, AGREEMENTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_message_delivered_twice_more_and_in_reverse_changes_nothing() {
    let company = company(3002, AGREEMENTS);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("messages_again", vec![company]).await;
    scene.first_day().await;
    let before = scene.evidence();
    assert_all_done(&before, &tenant, AGREEMENTS);

    let again = async {
        for _ in 0..2 {
            for message in messages(&before).iter().rev() {
                send(&scene, message).await;
            }
        }
    };
    tokio::join!(again, five_beats(&scene));
    scene.stage.settle().await.unwrap();
    scene.until_all_jobs_rest().await;

    let after = scene.close().await;
    assert_eq!(effects(&after), effects(&before), "Fortnox saw more");
    assert_eq!(after.mails.len(), before.mails.len(), "more mails");
    let told = |evidence: &Evidence| evidence.jobs.iter().map(|record| record.events.len()).sum::<usize>();
    assert_eq!(told(&after), told(&before), "the jobs' stories went on");
}

/// Every message that the run was made of, in the order of sending.
fn messages(evidence: &Evidence) -> Vec<Message> {
    let tenants = evidence.settings.keys().map(scan_of);
    let jobs = evidence.jobs.iter().map(|record| record.job.key.clone());
    let of_job = |job: domain::job::JobKey| {
        let (tenant, agreement) = (job.tenant().clone(), job.agreement().unwrap().clone());
        let booking: Message = BookingMessage::Job { job: job.clone() }.into();
        [booking, DeliveryMessage::Job { job }.into(), ScanMessage::Agreement { tenant, agreement }.into()]
    };
    tenants.chain(jobs.flat_map(of_job)).collect()
}

/// What was done to the outside world; a token is no effect on anything of the tenant's.
fn effects(evidence: &Evidence) -> usize {
    evidence.effects().filter(|(_, effect)| effect.kind != EffectKind::TokenIssued).count()
}
