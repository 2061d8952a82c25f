//! A finished draft that can't be booked or sent waits, and says why; nothing of it is booked, and none of another company's.

use domain::job::JobState;
use economic_sim::{CompanyFile, EffectKind};
use serde_json::{Value, json};
use stage::economic_tenant;

use crate::{
    dane::{bookings, dane, is_complete, is_touched, job_of},
    scene::Scene,
};

/// What is in the way of each draft, by its number, and the code of the reason that is given.
const OBSTACLES: [(u64, &str); 7] = [
    (1, "customer_barred"),
    (2, "period_closed"),
    (3, "draft_incomplete"),
    (4, "no_recipient"),
    (5, "needs_einvoice"),
    (6, "draft_incomplete"),
    (7, "not_flagged"),
];
/// An EAN with all that an e-invoice needs.
const PUBLIC: u64 = 8;
/// One that nobody says anything about.
const SILENT: u64 = 9;
const NOWHERE: u64 = 999;

fn company(number: u64) -> CompanyFile {
    let mut file = dane(number, SILENT);
    let place = |draft: u64| usize::try_from(draft).unwrap() - 1;
    file.customers[place(1)].insert("barred".to_owned(), json!(true));
    file.drafts[place(2)].insert("date".to_owned(), json!("2025-11-20"));
    file.drafts[place(3)].insert("lines".to_owned(), json!([]));
    file.customers[place(4)].remove("email");
    file.customers[place(4)].remove("contacts");
    for public in [5, PUBLIC] {
        let ean = json!("5790001234561");
        file.customers[place(public)].insert("ean".to_owned(), ean.clone());
        file.drafts[place(public)]["recipient"]["ean"] = ean;
        file.drafts[place(public)]["recipient"]["attention"] = json!({"customerContactNumber": 1});
    }
    let line = |quantity: i32| json!({"product": {"productNumber": "2"}, "quantity": quantity, "unitNetPrice": 950});
    file.drafts[place(6)].insert("lines".to_owned(), json!([line(1), line(-1)]));
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_the_way_is_told_and_nothing_is_booked() {
    let (company, other) = (company(7101), dane(7102, 20));
    let (tenant, others) = (economic_tenant(&company), economic_tenant(&other));
    let scene = Scene::open("obstacles", vec![company, other]).await;
    let crm = scene.integration(&tenant);
    scene.set(&tenant, "customer#7", &json!({"automatic_sending": false}));
    scene.set(&tenant, &format!("customer#{PUBLIC}"), &json!({"channel": "economic_einvoice"}));
    for draft in OBSTACLES.iter().map(|(draft, _)| *draft).chain([PUBLIC, NOWHERE]) {
        scene.ready(&tenant, &crm, draft).await;
    }
    // One that only the other company has.
    scene.ready(&tenant, &crm, 20).await;
    scene.stage.settle().await.unwrap();

    let evidence = scene.evidence();
    for (draft, code) in OBSTACLES {
        let record = job_of(&evidence, &tenant, draft);
        match &record.job.state {
            JobState::Held { reason, .. } => assert_eq!(reason.code(), code, "draft {draft}"),
            other => panic!("draft {draft}: {other:?}"),
        }
        assert_eq!(bookings(&evidence, &tenant, draft).len(), 0, "draft {draft}");
    }
    for draft in [NOWHERE, 20] {
        let subject = format!("draft#{draft}");
        let mut concerns = evidence.concerns.iter().filter(|it| it.tenant == tenant && it.subject == subject);
        let concern = concerns.next().unwrap_or_else(|| panic!("nobody is told of draft {draft}"));
        assert_eq!(concern.concern.reason.code(), "no_such_draft");
    }
    assert!(!is_touched(&evidence, &others, 20), "another company's draft");
    assert!(!is_touched(&evidence, &tenant, SILENT), "a draft without a sign");

    assert!(is_complete(&job_of(&evidence, &tenant, PUBLIC)), "{:#?}", job_of(&evidence, &tenant, PUBLIC));
    let [booking] = bookings(&evidence, &tenant, PUBLIC)[..] else { panic!("the e-invoice is booked once") };
    assert_eq!(booking.effects[0].send_by.as_deref(), Some("EAN"));
    assert_eq!(evidence.count_economic(EffectKind::EinvoiceSent), 1);
    assert_eq!(evidence.count_economic(EffectKind::InvoiceBooked), 1);
    assert_eq!(evidence.mails.len(), 0);

    // What is mended goes on by itself.
    let mut draft: Value = scene.stage.draft_by_hand(&tenant, 3).unwrap();
    draft["lines"] = json!([{"product": {"productNumber": "4"}, "quantity": 1, "unitNetPrice": 1250}]);
    let path = "/invoices/drafts/3";
    scene.stage.by_hand_in_economic(&tenant, economic_sim::Method::Put, path, Some(&draft)).unwrap();
    scene.set(&tenant, "customer#7", &json!({"automatic_sending": true}));
    scene.wait(chrono::TimeDelta::hours(1)).await;
    let evidence = scene.close().await;
    for draft in [3, 7] {
        assert!(is_complete(&job_of(&evidence, &tenant, draft)), "{:#?}", job_of(&evidence, &tenant, draft));
    }
    assert_eq!(evidence.mails.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signalled_draft_over_the_limit_goes_on_when_the_limit_is_raised() {
    let company = dane(7103, 1);
    let tenant = economic_tenant(&company);
    let scene = Scene::open("limit_raised", vec![company]).await;
    let crm = scene.integration(&tenant);
    scene.set(&tenant, "customer#1", &json!({"max_amount": {"DKK": 500}}));
    scene.ready(&tenant, &crm, 1).await;
    scene.stage.settle().await.unwrap();
    let record = job_of(&scene.evidence(), &tenant, 1);
    let held = matches!(&record.job.state, JobState::Held { reason, .. } if reason.code() == "amount_over_limit");
    assert!(held, "{:?}", record.job.state);
    scene.set(&tenant, "customer#1", &json!({"max_amount": {"DKK": 5000}}));
    scene.wait(chrono::TimeDelta::minutes(2)).await;
    let evidence = scene.close().await;
    assert!(is_complete(&job_of(&evidence, &tenant, 1)), "{:?}", job_of(&evidence, &tenant, 1).job.state);
}

/// What can't be delivered that way isn't booked either.
#[tokio::test(flavor = "multi_thread")]
async fn a_channel_of_another_system_holds_a_draft_before_it_is_booked() {
    let company = dane(7104, 1);
    let tenant = economic_tenant(&company);
    let scene = Scene::open("other_systems_channel", vec![company]).await;
    let crm = scene.integration(&tenant);
    scene.set(&tenant, "customer#1", &json!({"channel": "fortnox_einvoice"}));
    scene.ready(&tenant, &crm, 1).await;
    scene.stage.settle().await.unwrap();
    let record = job_of(&scene.evidence(), &tenant, 1);
    let held = matches!(&record.job.state, JobState::Held { reason, .. } if reason.code() == "channel_unavailable");
    assert!(held, "{:?}", record.job.state);
    assert_eq!(bookings(&scene.evidence(), &tenant, 1).len(), 0);
    scene.set(&tenant, "customer#1", &json!({"channel": "economic_email"}));
    scene.wait(chrono::TimeDelta::hours(1)).await;
    let evidence = scene.close().await;
    assert!(is_complete(&job_of(&evidence, &tenant, 1)), "{:?}", job_of(&evidence, &tenant, 1).job.state);
}
