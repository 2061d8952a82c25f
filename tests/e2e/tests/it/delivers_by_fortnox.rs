//! Where Fortnox itself delivers, the real functions have it do so once, whatever becomes of the answers.

use domain::{
    hold::HoldReason,
    ids::TenantId,
    job::{Ending, JobState, StepName},
    settings::Channel,
};
use fortnox_sim::{CompanyFile, EffectKind, FaultAnswer, FaultKind};
use serde_json::json;
use stage::{Evidence, tenant_of};

use crate::{
    company::{CONTROL_COPY, address, company, profile},
    scene::{Scene, job},
};

/// Each channel, what it looks like in Fortnox's ledger, and the path of its call.
const CHANNELS: [(Channel, EffectKind, &str); 3] = [
    (Channel::FortnoxEmail, EffectKind::EmailSent, "/email"),
    (Channel::FortnoxEinvoice, EffectKind::EinvoiceSent, "/einvoice"),
    (Channel::FortnoxPrintService, EffectKind::PrintServiceSent, "/eprint"),
];

/// A company with one agreement, whose customer can be reached every way.
fn reachable(number: u64) -> CompanyFile {
    let mut company = company(number, 1);
    company.company.registered_for_print_service = true;
    company.customers[0].insert("GLN".to_owned(), json!("7300000000000"));
    company
}

/// The companies, each set to one channel.
async fn open(name: &str, companies: &[(CompanyFile, Channel)]) -> (Scene, Vec<TenantId>) {
    let files: Vec<CompanyFile> = companies.iter().map(|(file, _)| file.clone()).collect();
    let tenants: Vec<TenantId> = files.iter().map(tenant_of).collect();
    let scene = Scene::open(name, files).await;
    for (tenant, (_, channel)) in tenants.iter().zip(companies) {
        scene.set(tenant, "profile", &profile(&json!({"channel": channel.name()})));
    }
    (scene, tenants)
}

/// That the company's one invoice was booked, and delivered by `kind` so often and in no other way.
fn assert_delivered(evidence: &Evidence, tenant: &TenantId, kind: EffectKind, times: usize) {
    assert_eq!(evidence.count_of(tenant, EffectKind::InvoiceBooked), 1, "{tenant}: booked");
    for (_, other, _) in CHANNELS {
        let wanted = if other == kind { times } else { 0 };
        assert_eq!(evidence.count_of(tenant, other), wanted, "{tenant}: {other:?}");
    }
    assert_eq!(evidence.mails_of(tenant).count(), 0, "{tenant}: no mail of ours besides");
}

fn assert_completed(evidence: &Evidence, tenant: &TenantId) {
    let state = &job(evidence, tenant, "1").job.state;
    assert!(matches!(state, JobState::Done { ending: Ending::Completed, .. }), "{tenant}: {state:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_channel_delivers_an_invoice_once_to_whom_the_settings_say() {
    let companies: Vec<_> =
        (6001..).zip(CHANNELS).map(|(number, (channel, ..))| (reachable(number), channel)).collect();
    let (mut scene, tenants) = open("by_fortnox", &companies).await;
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    let evidence = scene.close().await;
    for (tenant, (_, kind, _)) in tenants.iter().zip(CHANNELS) {
        assert_delivered(&evidence, tenant, kind, 1);
        assert_completed(&evidence, tenant);
    }
    let mail = evidence.effects().find(|(_, effect)| effect.kind == EffectKind::EmailSent).unwrap().1;
    assert_eq!(mail.to.as_deref(), Some(address(1).as_str()));
    assert_eq!(mail.bcc.as_deref(), Some(CONTROL_COPY));
}

/// A way of losing an answer: what happens to the call, and whether it has its effect all the same.
fn lost() -> [(FaultKind, bool); 4] {
    let gateway = || FaultAnswer {
        status: 502,
        body: "<html>Bad Gateway</html>".to_owned(),
        content_type: "text/html".to_owned(),
    };
    [
        (FaultKind::DropAfterEffect, true),
        (FaultKind::StatusAfterEffect(gateway()), true),
        (FaultKind::RateLimited, false),
        (FaultKind::Unauthorized, false),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_leaves_one_delivery_and_the_job_ends() {
    let cases: Vec<_> = CHANNELS.into_iter().flat_map(|channel| lost().map(|(fault, _)| (channel, fault))).collect();
    let companies: Vec<_> =
        (6101..).zip(&cases).map(|(number, ((channel, ..), _))| (reachable(number), *channel)).collect();
    let (mut scene, tenants) = open("by_fortnox_lost", &companies).await;
    for (tenant, ((_, _, path), fault)) in tenants.iter().zip(&cases) {
        scene.fault(tenant, path, fault.clone());
    }
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    assert_eq!(scene.stage.simulator.with_world(|world| world.faults().len()), 0, "every fault struck");
    let evidence = scene.close().await;
    for (tenant, ((_, kind, _), _)) in tenants.iter().zip(&cases) {
        assert_delivered(&evidence, tenant, *kind, 1);
        assert_completed(&evidence, tenant);
    }
}

/// Where nothing shows whether it was sent, a person is asked and nothing is done unasked, whether or not it had been.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_mark_a_person_is_asked() {
    let cases: Vec<_> = CHANNELS
        .into_iter()
        .filter(|(channel, ..)| *channel != Channel::FortnoxEinvoice)
        .flat_map(|channel| [(channel, FaultKind::DropAfterEffect, 1), (channel, FaultKind::DropBeforeEffect, 0)])
        .collect();
    let companies: Vec<_> = (6201..)
        .zip(&cases)
        .map(|(number, ((channel, ..), ..))| {
            let mut company = reachable(number);
            company.switches.email_sets_sent = false;
            company.switches.eprint_sets_sent = false;
            (company, *channel)
        })
        .collect();
    let (mut scene, tenants) = open("by_fortnox_unmarked", &companies).await;
    for (tenant, ((_, _, path), fault, _)) in tenants.iter().zip(&cases) {
        scene.fault(tenant, path, fault.clone());
    }
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    scene.wait(chrono::TimeDelta::hours(12)).await;
    let evidence = scene.close().await;
    for (tenant, ((_, kind, _), _, times)) in tenants.iter().zip(&cases) {
        assert_delivered(&evidence, tenant, *kind, *times);
        let JobState::Held { reason, .. } = &job(&evidence, tenant, "1").job.state else { panic!("{tenant} waits") };
        assert!(matches!(reason, HoldReason::OutcomeUnknown { step: StepName::Deliver, .. }), "{tenant}: {reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fortnox_refuses_fails_in_its_own_words() {
    let mut unknown = reachable(6301);
    unknown.customers[0].remove("GLN");
    let mut unregistered = reachable(6302);
    unregistered.company.registered_for_print_service = false;
    let companies = [(unknown, Channel::FortnoxEinvoice), (unregistered, Channel::FortnoxPrintService)];
    let (mut scene, tenants) = open("by_fortnox_refused", &companies).await;
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    let evidence = scene.close().await;
    let said = ["Mottagaren kan inte ta emot e-faktura", "om inte företaget är registrerat"];
    for (tenant, said) in tenants.iter().zip(said) {
        let JobState::Failed { words, advice, .. } = &job(&evidence, tenant, "1").job.state else { panic!("{tenant}") };
        assert!(words.contains(said), "{words}");
        assert!(advice.contains("approve the job"), "{advice}");
        assert_eq!(evidence.count_of(tenant, EffectKind::MarkedSent), 0);
    }
}
