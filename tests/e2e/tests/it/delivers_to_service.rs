//! The invoice service and the channel of the customer's card: the real functions deliver once, whatever becomes of the answers.

use domain::{
    hold::HoldReason,
    ids::TenantId,
    job::{Ending, JobState, Step, StepName},
};
use fortnox_sim::{CompanyFile, EffectKind, FaultAnswer, FaultKind};
use serde_json::json;
use stage::{Evidence, tenant_of};

use crate::{
    company::{company, profile},
    scene::{Scene, job},
};

/// All that Fortnox can do to get an invoice to its customer.
const WAYS: [EffectKind; 4] =
    [EffectKind::EmailSent, EffectKind::EinvoiceSent, EffectKind::PrintServiceSent, EffectKind::HandedToService];

/// A company with one agreement, whose customer can be reached every way and has this on its card.
fn reachable(number: u64, word: &str) -> CompanyFile {
    let mut company = company(number, 1);
    company.company.registered_for_print_service = true;
    company.company.has_invoice_service = true;
    company.access.scopes.push("noxfinansinvoice".to_owned());
    company.customers[0].insert("GLN".to_owned(), json!("7300000000000"));
    company.customers[0].insert("DefaultDeliveryTypes".to_owned(), json!({"Invoice": word}));
    company
}

async fn open(name: &str, channel: &str, companies: Vec<CompanyFile>) -> (Scene, Vec<TenantId>) {
    let tenants: Vec<TenantId> = companies.iter().map(tenant_of).collect();
    let scene = Scene::open(name, companies).await;
    for tenant in &tenants {
        scene.set(tenant, "profile", &profile(&json!({"channel": channel})));
    }
    (scene, tenants)
}

/// That the company's one invoice was booked, and went out this way once and in no other.
fn assert_delivered(evidence: &Evidence, tenant: &TenantId, kind: Option<EffectKind>) {
    assert_eq!(evidence.count_of(tenant, EffectKind::InvoiceBooked), 1, "{tenant}: booked");
    for way in WAYS {
        assert_eq!(evidence.count_of(tenant, way), usize::from(Some(way) == kind), "{tenant}: {way:?}");
    }
    assert_eq!(evidence.mails_of(tenant).count(), 0, "{tenant}: no mail of ours besides");
}

fn assert_completed(evidence: &Evidence, tenant: &TenantId) {
    let state = &job(evidence, tenant, "1").job.state;
    assert!(matches!(state, JobState::Done { ending: Ending::Completed, .. }), "{tenant}: {state:?}");
}

/// Ways of losing an answer, or of the call not being taken.
fn faults() -> [FaultKind; 4] {
    let gateway = || FaultAnswer {
        status: 502,
        body: "<html>Bad Gateway</html>".to_owned(),
        content_type: "text/html".to_owned(),
    };
    [
        FaultKind::DropAfterEffect,
        FaultKind::StatusAfterEffect(gateway()),
        FaultKind::RateLimited,
        FaultKind::Unauthorized,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_is_handed_over_once_whatever_becomes_of_the_answer_and_done_when_the_service_has_it() {
    let faults = faults();
    let companies = (7001..).zip(&faults).map(|(number, _)| reachable(number, "PRINT")).collect();
    let (mut scene, tenants) = open("to_service", "fortnox_invoice_service", companies).await;
    for (tenant, fault) in tenants.iter().zip(&faults) {
        scene.fault(tenant, "/3/noxfinansinvoices", fault.clone());
    }
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    assert_eq!(scene.stage.simulator.with_world(|world| world.faults().len()), 0, "every fault struck");
    let evidence = scene.close().await;
    for tenant in &tenants {
        assert_delivered(&evidence, tenant, Some(EffectKind::HandedToService));
        assert_completed(&evidence, tenant);
        let Step::Done { outcome } = &job(&evidence, tenant, "1").job.deliver else { panic!("{tenant}") };
        let service = outcome.service.as_ref().unwrap();
        assert!(service.taken_on && service.ocr.as_ref().is_some_and(|ocr| ocr.starts_with('9')), "{service:?}");
    }
}

/// The service may show late what it was handed. Where it never does, a person is asked, and nothing is done unasked.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_service_shows_late_is_waited_for_and_what_never_arrived_is_asked_about() {
    let mut companies: Vec<CompanyFile> = (7101..=7102).map(|number| reachable(number, "PRINT")).collect();
    for company in &mut companies {
        company.switches.finance_shows_at_once = false;
        company.switches.finance_minutes = 120;
    }
    let (mut scene, tenants) = open("to_service_late", "fortnox_invoice_service", companies).await;
    scene.fault(&tenants[0], "/3/noxfinansinvoices", FaultKind::DropAfterEffect);
    scene.fault(&tenants[1], "/3/noxfinansinvoices", FaultKind::DropBeforeEffect);
    scene.first_day().await;
    // It's looked for over two days.
    for day in ["2026-01-02", "2026-01-03", "2026-01-04"] {
        scene.day(day).await;
    }
    scene.until_all_jobs_rest().await;
    scene.day("2026-01-06").await;
    let evidence = scene.close().await;
    assert_delivered(&evidence, &tenants[0], Some(EffectKind::HandedToService));
    assert_completed(&evidence, &tenants[0]);
    assert_delivered(&evidence, &tenants[1], None);
    let JobState::Held { reason, .. } = &job(&evidence, &tenants[1], "1").job.state else { panic!("it waits") };
    assert!(matches!(reason, HoldReason::OutcomeUnknown { step: StepName::Deliver, .. }), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_approved_or_allowed_waits_for_a_person() {
    let mut unapproved = reachable(7201, "PRINT");
    unapproved.switches.finance_is_authorized = false;
    let mut unscoped = reachable(7202, "PRINT");
    unscoped.access.scopes.retain(|scope| scope != "noxfinansinvoice");
    let mut inactive = reachable(7203, "PRINT");
    inactive.company.has_invoice_service = false;
    let (mut scene, tenants) =
        open("to_service_held", "fortnox_invoice_service", vec![unapproved, unscoped, inactive]).await;
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    let evidence = scene.close().await;
    let state = |tenant| &job(&evidence, tenant, "1").job.state;
    let JobState::Held { reason, .. } = state(&tenants[0]) else { panic!("{:?}", state(&tenants[0])) };
    assert!(matches!(reason, HoldReason::AtService { problem, .. } if problem.contains("approved")), "{reason}");
    let JobState::Held { reason, .. } = state(&tenants[1]) else { panic!("{:?}", state(&tenants[1])) };
    assert!(matches!(reason, HoldReason::TenantBlocked { .. }) && reason.advice().contains("consent"), "{reason}");
    let JobState::Failed { words, .. } = state(&tenants[2]) else { panic!("{:?}", state(&tenants[2])) };
    assert!(words.contains("Fakturaservice är inte aktiverad."), "{words}");
    assert_delivered(&evidence, &tenants[0], Some(EffectKind::HandedToService));
    assert_delivered(&evidence, &tenants[1], None);
    assert_delivered(&evidence, &tenants[2], None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_customers_card_says_how_and_a_lost_answer_leaves_one_delivery() {
    let cards = [
        ("EMAIL", "/email", EffectKind::EmailSent),
        ("ELECTRONICINVOICE", "/einvoice", EffectKind::EinvoiceSent),
        ("PRINTSERVICE", "/eprint", EffectKind::PrintServiceSent),
    ];
    let faults = faults();
    let cases: Vec<_> = cards.into_iter().flat_map(|card| faults.clone().map(|fault| (card, fault))).collect();
    let mut companies: Vec<_> = (7301..).zip(&cases).map(|(number, ((word, ..), _))| reachable(number, word)).collect();
    companies.push(reachable(7398, "PRINT"));
    companies.push(reachable(7399, "PIGEON"));
    let (mut scene, tenants) = open("by_default", "customer_default", companies).await;
    for (tenant, ((_, path, _), fault)) in tenants.iter().zip(&cases) {
        scene.fault(tenant, path, fault.clone());
    }
    scene.first_day().await;
    scene.until_all_jobs_rest().await;
    assert_eq!(scene.stage.simulator.with_world(|world| world.faults().len()), 0, "every fault struck");
    let evidence = scene.close().await;
    for (tenant, ((.., kind), _)) in tenants.iter().zip(&cases) {
        assert_delivered(&evidence, tenant, Some(*kind));
        assert_completed(&evidence, tenant);
    }
    let [printed, unknown] = &tenants[cases.len()..] else { panic!("two more") };
    assert_delivered(&evidence, printed, None);
    assert_completed(&evidence, printed);
    let Step::Skipped { why } = &job(&evidence, printed, "1").job.deliver else { panic!("left out") };
    assert!(why.contains("printed by hand"), "{why}");
    assert_delivered(&evidence, unknown, None);
    let JobState::Held { reason, .. } = &job(&evidence, unknown, "1").job.state else { panic!("it waits") };
    assert!(matches!(reason, HoldReason::NoCustomerDefault { word: Some(word) } if word == "PIGEON"), "{reason}");
}
