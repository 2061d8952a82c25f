//! A draft in e-conomic that is said to be finished is booked, mailed and told of: once, and no other.

use domain::job::{EventKind, StepName};
use stage::economic_tenant;

use crate::{
    dane::{CONSENTED, REPLY_TO, address, bookings, contact, dane, is_complete, is_touched, job_of},
    scene::Scene,
};

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
    assert!(is_complete(&record), "{:#?}", record);
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
