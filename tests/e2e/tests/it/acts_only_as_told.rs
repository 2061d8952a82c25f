//! Nothing is booked or delivered unless the settings say so, and what is delivered is what was asked for.

use domain::{due::Verdict, ids::TenantId, settings::Scope};
use fortnox_sim::{EffectKind, Method};
use serde_json::{Value, json};
use stage::{Evidence, tenant_of};

use crate::{
    company::{CONTROL_COPY, REPLY_TO, address, company, profile},
    scene::{Scene, assert_all_done},
};

/// Agreements of each company here.
const AGREEMENTS: usize = 2;

/// What a company with these settings may see happen on the first day.
struct Told {
    differences: Value,
    created: usize,
    booked: usize,
    mailed: usize,
    decided: usize,
}

fn told() -> Vec<Told> {
    let case = |differences, created, booked, mailed, decided| Told { differences, created, booked, mailed, decided };
    vec![
        case(json!({"mode": "off"}), 0, 0, 0, 0),
        case(json!({"mode": "preview"}), 0, 0, 0, AGREEMENTS),
        case(json!({"mode": "draft_only"}), AGREEMENTS, 0, 0, AGREEMENTS),
        case(json!({"auto_book": false}), AGREEMENTS, 0, AGREEMENTS, AGREEMENTS),
        case(json!({"channel": "none"}), AGREEMENTS, AGREEMENTS, 0, AGREEMENTS),
        case(json!({}), AGREEMENTS, AGREEMENTS, AGREEMENTS, AGREEMENTS),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_is_done_only_where_the_settings_ask_for_it() {
    let companies: Vec<_> = (0..).zip(told()).map(|(n, _)| company(1001 + n, AGREEMENTS)).collect();
    let tenants: Vec<TenantId> = companies.iter().map(tenant_of).collect();
    let mut scene = Scene::open("each_step_as_told", companies).await;
    for (tenant, told) in tenants.iter().zip(told()) {
        scene.set(tenant, "profile", &profile(&told.differences));
    }
    scene.first_day().await;
    let evidence = scene.close().await;
    for (tenant, told) in tenants.iter().zip(told()) {
        let why = &told.differences;
        assert_eq!(evidence.count_of(tenant, EffectKind::InvoiceCreated), told.created, "{why}: created");
        assert_eq!(evidence.count_of(tenant, EffectKind::InvoiceBooked), told.booked, "{why}: booked");
        assert_eq!(evidence.mails_of(tenant).count(), told.mailed, "{why}: mailed");
        assert_eq!(evidence.count_of(tenant, EffectKind::MarkedSent), told.mailed, "{why}: marked as sent");
        assert_eq!(decided_due(&evidence, tenant), told.decided, "{why}: decided");
    }
}

fn decided_due(evidence: &Evidence, tenant: &TenantId) -> usize {
    let own = evidence.pages.iter().filter(|page| page.tenant == *tenant);
    own.flat_map(|page| &page.decisions).filter(|decision| matches!(decision.verdict, Verdict::Due(_))).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_carries_fortnoxs_own_pdf_to_the_customer_in_its_language_with_a_hidden_copy() {
    let company = company(1101, AGREEMENTS);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("a_mail", vec![company]).await;
    scene.set(&tenant, "customer#2", &json!({"language": "en"}));
    scene.first_day().await;
    let previews: Vec<_> = (1..=AGREEMENTS)
        .map(|number| {
            let path = format!("/3/invoices/{number}/preview");
            scene.stage.by_hand(&tenant, Method::Get, &path, &Value::Null).unwrap()
        })
        .collect();
    let set = scene.stage.cloud.mail_sets().remove(&format!("MailConfigurationSet-{tenant}")).unwrap();
    assert!(set.sending && set.tags.is_empty() && set.destinations[0].enabled, "{set:?}");
    let evidence = scene.close().await;
    assert_all_done(&evidence, &tenant, AGREEMENTS);
    for mail in evidence.mails_of(&tenant) {
        let number: usize = mail.invoice.parse().unwrap();
        let customer: usize = customer_of(&evidence, number);
        assert_eq!(mail.to, [address(customer)]);
        assert_eq!(sorted(&mail.envelope), sorted(&[address(customer), CONTROL_COPY.to_owned()]));
        assert!(!mail.shows_bcc, "the blind copy stays hidden");
        assert_eq!(mail.reply_to, [REPLY_TO]);
        let set = format!("MailConfigurationSet-{tenant}");
        assert_eq!(mail.configuration_set, Some(set));
        assert!(mail.pdf.starts_with(b"%PDF-"), "the attachment opens");
        assert!(mail.pdf == previews[number - 1], "the attachment is Fortnox's own PDF");
        let word = if customer == 2 { "Invoice" } else { "Faktura" };
        assert!(mail.subject.starts_with(word), "customer {customer} reads {}", mail.subject);
        assert_eq!(mail.attachment, format!("{word} {number}.pdf"));
    }
}

fn customer_of(evidence: &Evidence, invoice: usize) -> usize {
    let created = evidence
        .effects()
        .find(|(_, effect)| effect.kind == EffectKind::InvoiceCreated && effect.invoice == u64::try_from(invoice).ok());
    created.and_then(|(_, effect)| effect.customer.clone()).unwrap().parse().unwrap()
}

fn sorted(texts: &[String]) -> Vec<&String> {
    let mut sorted: Vec<_> = texts.iter().collect();
    sorted.sort();
    sorted
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_switched_off_between_two_steps_stops_and_goes_on_when_it_is_switched_on() {
    let company = company(1201, 1);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("switched_off", vec![company]).await;
    // The booking waits for a while, and meanwhile the switch is turned.
    let unavailable =
        fortnox_sim::FaultAnswer { status: 503, body: String::new(), content_type: "text/html".to_owned() };
    scene.fault(&tenant, "bookkeep", fortnox_sim::FaultKind::StatusBeforeEffect(unavailable));
    scene.stage.advance_to("2026-01-01T05:05:00Z".parse().unwrap()).await.unwrap();
    scene.set(&tenant, &Scope::Profile.to_string(), &profile(&json!({"mode": "off"})));
    scene.first_day().await;
    scene.wait(chrono::TimeDelta::hours(1)).await;
    assert_eq!(scene.evidence().count(EffectKind::InvoiceCreated), 1);
    assert_eq!(scene.evidence().count(EffectKind::InvoiceBooked), 0);
    assert_eq!(scene.evidence().mails.len(), 0);
    scene.set(&tenant, "profile", &profile(&json!({})));
    scene.wait(chrono::TimeDelta::hours(2)).await;
    scene.wait(chrono::TimeDelta::hours(2)).await;
    assert_all_done(&scene.close().await, &tenant, 1);
}
