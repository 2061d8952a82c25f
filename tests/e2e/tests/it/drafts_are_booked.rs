//! A draft in e-conomic that is said to be finished is booked, mailed and told of: once, and no other.

#![expect(clippy::print_stdout, reason = "times, for whoever wants to see them")]

use chrono::TimeDelta;
use domain::job::{EventKind, StepName};
use economic_sim::{BrokenPdf, EffectKind, Method};
use serde_json::{Value, json};
use stage::economic_tenant;

use crate::{
    dane::{CONSENTED, REPLY_TO, address, bookings, contact, dane, is_complete, is_touched, job_of},
    scene::{NOT_AT_ONCE, Scene},
};

/// Drafts that are signalled one after another, while the first are on their way.
const MANY: u64 = 60;

#[tokio::test(flavor = "multi_thread")]
async fn a_signalled_draft_is_booked_and_mailed_and_told_of_and_no_other_is_touched() {
    let company = dane(7001, 3);
    let tenant = economic_tenant(&company);
    let scene = Scene::open("one_draft", vec![company]).await;
    let crm = scene.integration(&tenant);
    let answer = scene.ready(&tenant, &crm, 2).await;
    scene.stage.settle().await.unwrap();

    let evidence = scene.evidence();
    let record = job_of(&evidence, &tenant, 2);
    assert!(is_complete(&record), "{record:#?}");
    let job = record.job.key.to_string();
    assert!(answer.body.contains(&job), "{answer:?}");
    assert_eq!(bookings(&evidence, &tenant, 2).len(), 1);
    for other in [1, 3] {
        assert!(!is_touched(&evidence, &tenant, other), "draft {other}");
    }

    let [mail] = &evidence.mails[..] else { panic!("one mail: {:#?}", evidence.mails) };
    assert_eq!(mail.to, [address(2)]);
    assert_eq!(mail.envelope, [address(2), CONSENTED.to_owned()]);
    assert_eq!(mail.reply_to, [REPLY_TO]);
    assert!(!mail.shows_bcc);
    assert_eq!(mail.invoice, "10001");
    assert_eq!(mail.attachment, "Faktura 10001.pdf");
    assert!(mail.pdf.starts_with(b"%PDF-"));
    assert!(mail.subject.contains("10001"), "{}", mail.subject);
    assert!(mail.text.starts_with(&format!("Kære {}", contact(2))), "{}", mail.text);
    assert!(mail.text.contains("Sønderå Rengøring ApS"), "{}", mail.text);
    assert!(mail.text.contains(&job), "{}", mail.text);
    let raw = std::fs::read_to_string(&mail.file).unwrap();
    assert!(raw.lines().any(|line| line == format!("X-Fakturapilot-Job: {job}")), "{raw}");

    let steps: Vec<StepName> = record
        .events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::Happened { step, .. } => Some(*step),
            _ => None,
        })
        .collect();
    assert_eq!(steps, [StepName::Book, StepName::Deliver]);
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_signalled_drafts_are_each_booked_and_mailed_once_and_at_once() {
    let company = dane(7002, MANY);
    let tenant = economic_tenant(&company);
    let scene = Scene::open_alone("many_drafts", vec![company]).await;
    scene.warm_up().await;
    let crm = scene.integration(&tenant);
    let mut said_at = Vec::new();
    for draft in 1..=MANY {
        said_at.push(scene.stage.cloud.clock().now());
        scene.ready(&tenant, &crm, draft).await;
    }
    scene.stage.settle().await.unwrap();
    // Said again when all is over, nothing is done again.
    for draft in 1..=MANY {
        scene.stage.signal(&tenant, &draft.to_string(), &crm).await.unwrap();
    }
    scene.stage.settle().await.unwrap();
    scene.wait(TimeDelta::minutes(2)).await;

    let evidence = scene.close().await;
    let mut times: Vec<TimeDelta> = (1..=MANY)
        .zip(said_at)
        .map(|(draft, said)| {
            assert!(is_complete(&job_of(&evidence, &tenant, draft)), "draft {draft}");
            let [booking] = bookings(&evidence, &tenant, draft)[..] else { panic!("draft {draft} is booked once") };
            booking.at - said
        })
        .collect();
    assert_eq!(evidence.count_economic(EffectKind::InvoiceBooked), usize::try_from(MANY).unwrap());
    assert_eq!(evidence.concerns.len(), 0, "nobody is bothered with what was said again: {:#?}", evidence.concerns);
    assert_eq!(evidence.mails.len(), usize::try_from(MANY).unwrap());
    times.sort();
    let (median, longest) = (times[times.len() / 2], times[times.len() - 1]);
    println!(
        "signal to booking call: {} ms median, {} ms longest of {MANY}",
        median.num_milliseconds(),
        longest.num_milliseconds()
    );
    assert!(longest < NOT_AT_ONCE, "{longest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pdf_that_is_not_there_or_none_is_asked_for_again_and_then_mailed() {
    let company = dane(7003, 1);
    let tenant = economic_tenant(&company);
    let scene = Scene::open("broken_pdf", vec![company]).await;
    let crm = scene.integration(&tenant);
    let turn = |pdf: BrokenPdf| {
        scene.stage.economic.with_world(|world| world.switches_mut(tenant.number()).unwrap().pdf = pdf);
    };
    turn(BrokenPdf::Empty);
    scene.ready(&tenant, &crm, 1).await;
    scene.stage.settle().await.unwrap();
    assert_eq!(scene.evidence().count_economic(EffectKind::InvoiceBooked), 1);
    turn(BrokenPdf::NoPdf);
    scene.wait(TimeDelta::minutes(10)).await;
    assert_eq!(scene.evidence().mails.len(), 0);
    turn(BrokenPdf::Whole);
    scene.until_all_jobs_rest().await;

    let evidence = scene.close().await;
    assert!(is_complete(&job_of(&evidence, &tenant, 1)), "{:#?}", job_of(&evidence, &tenant, 1));
    assert_eq!(evidence.count_economic(EffectKind::InvoiceBooked), 1);
    assert_eq!(evidence.mails.len(), 1);
    assert!(evidence.mails[0].pdf.starts_with(b"%PDF-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_with_the_hold_word_waits_until_a_person_takes_it_off() {
    let mut company = dane(7004, 1);
    company.drafts[0].insert("notes".to_owned(), json!({"heading": "Trappevask #vent på timer"}));
    let tenant = economic_tenant(&company);
    let scene = Scene::open("hold_word", vec![company]).await;
    let crm = scene.integration(&tenant);
    scene.ready(&tenant, &crm, 1).await;
    scene.stage.settle().await.unwrap();
    scene.wait(TimeDelta::minutes(2)).await;
    assert_eq!(scene.evidence().count_economic(EffectKind::InvoiceBooked), 0);
    let mut draft: Value = scene.stage.draft_by_hand(&tenant, 1).unwrap();
    draft["notes"]["heading"] = json!("Trappevask");
    scene.stage.by_hand_in_economic(&tenant, Method::Put, "/invoices/drafts/1", Some(&draft)).unwrap();
    scene.wait(TimeDelta::minutes(2)).await;

    let evidence = scene.close().await;
    assert!(is_complete(&job_of(&evidence, &tenant, 1)), "{:#?}", job_of(&evidence, &tenant, 1));
    assert_eq!(evidence.mails.len(), 1);
}
