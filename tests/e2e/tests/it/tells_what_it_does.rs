//! What the functions tell of themselves: figures that agree with what the outside world saw, and logs without anything private.

use std::{collections::BTreeMap, path::Path};

use fortnox_sim::{EffectKind, FaultAnswer, FaultKind};
use serde_json::{Value, json};
use stage::{Private, economic_tenant, tenant_of};

use crate::{
    company::{CONTROL_COPY, REPLY_TO, address, company},
    dane::{self, SECRET, dane},
    scene::{Cast, Scene},
};

const AGREEMENTS: usize = 3;
const DRAFTS: u64 = 2;

/// Values of each figure, oldest first in each log.
fn figures(logs: &Path) -> BTreeMap<String, Vec<u64>> {
    let mut figures: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for file in std::fs::read_dir(logs).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            for directive in line["_aws"]["CloudWatchMetrics"].as_array().into_iter().flatten() {
                assert_eq!(directive["Namespace"], "Fakturapilot/local");
                let name = directive["Metrics"][0]["Name"].as_str().unwrap();
                figures.entry(name.to_owned()).or_default().push(line[name].as_u64().unwrap());
            }
        }
    }
    figures
}

/// A day on which answers are lost and refused, in a company of each kind.
async fn troubled_day(name: &str, number: u64) -> Scene {
    let (swede, dane) = (company(number, AGREEMENTS), dane(number, DRAFTS));
    let (fortnox, economic) = (tenant_of(&swede), economic_tenant(&dane));
    let mut scene = Scene::open(name, Cast { swedes: vec![swede], danes: vec![dane] }).await;
    let says = |body: String| FaultAnswer { status: 500, body, content_type: "application/json".to_owned() };
    // Fortnox's own words may quote what it was asked about.
    let quoting =
        json!({"ErrorInformation": {"error": 1, "message": format!("Kan inte nå {}", address(1)), "code": 1}});
    scene.fault(&fortnox, "createinvoice", FaultKind::StatusAfterEffect(says(quoting.to_string())));
    scene.fault(&fortnox, "bookkeep", FaultKind::DropAfterEffect);
    scene.fault(&fortnox, "externalprint", FaultKind::Unauthorized);
    let crm = scene.integration(&economic);
    scene.first_day().await;
    for draft in 1..=DRAFTS {
        scene.ready(&economic, &crm, draft).await;
    }
    scene.stage.settle().await.unwrap();
    scene.until_all_jobs_rest().await;
    scene
}

#[tokio::test(flavor = "multi_thread")]
async fn its_figures_are_what_the_outside_world_saw() {
    let mut scene = troubled_day("figures", 9301).await;
    scene.catch_up().await;
    scene.stage.settle().await.unwrap();
    let figures = figures(&scene.stage.logs());
    let sum = |name: &str| figures.get(name).map_or(0, |values| values.iter().sum::<u64>());
    let evidence = scene.evidence();
    let count = |kind| u64::try_from(evidence.count(kind)).unwrap();
    let booked_drafts = u64::try_from(evidence.count_economic(economic_sim::EffectKind::InvoiceBooked)).unwrap();
    let mails = u64::try_from(evidence.mails.len()).unwrap();
    assert_eq!((count(EffectKind::InvoiceCreated), booked_drafts), (3, DRAFTS));
    assert_eq!(sum("JobsCreated"), count(EffectKind::InvoiceCreated));
    assert_eq!(sum("JobsBooked"), count(EffectKind::InvoiceBooked) + booked_drafts);
    assert_eq!((sum("JobsDelivered"), sum("MailsAccepted")), (mails, mails));
    assert_eq!((sum("JobsDone"), sum("JobsHeld"), sum("JobsFailed")), (mails, 0, 0));
    assert!(sum("MailsDelivered") >= mails);
    // One call each, and the one that was refused before.
    assert_eq!(figures["MatchToCreate"].len(), 3);
    assert_eq!(figures["MatchToBook"].len(), 2);
    let calls = evidence.ledger.iter().filter(|entry| entry.actor == fortnox_sim::Actor::App);
    let calls = calls.filter(|entry| entry.path != "/oauth-v1/token").count();
    assert_eq!(sum("FortnoxCalls"), u64::try_from(calls).unwrap());
    assert!(sum("EconomicCalls") >= 2 * DRAFTS);
    assert_eq!((sum("FortnoxTooMany"), sum("EconomicTooMany")), (0, 0));
    assert!(sum("TenantsScanned") >= 1 && sum("TenantsSwept") >= 1);
    for heartbeat in ["ScansOverdue", "SweepsOverdue"] {
        assert_eq!(figures[heartbeat].last(), Some(&0), "{heartbeat}: all is well, and that is told");
    }
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_logs_have_nothing_private_and_the_search_for_that_would_find_it() {
    let scene = troubled_day("nothing_private", 9302).await;
    let planted = scene.stage.planted().unwrap();
    // What the search looks for is what was there to be told.
    let texts: BTreeMap<&str, Private> = planted.texts().collect();
    let wanted = [
        ("not-a-secret-9302", Private::Credential),
        (SECRET, Private::Credential),
        ("not-a-secret-grant-9302", Private::Credential),
        (CONTROL_COPY, Private::Address),
        (REPLY_TO, Private::Address),
        (&address(1), Private::Address),
        (&dane::address(2), Private::Address),
        (&dane::contact(1), Private::Name),
        ("Ängsvägens Bageri nr 1 HB", Private::Name),
        ("Trappevask", Private::Words),
    ];
    for (text, private) in wanted {
        assert_eq!(texts.get(text), Some(&private), "{text}");
    }
    assert!(texts.keys().any(|text| text.ends_with(".simulated") && text.len() > 100), "an access token");

    let logs = scene.stage.logs();
    assert_eq!(planted.found_in(&logs).unwrap(), []);
    // Each would be found, were it logged in the middle of the run.
    let copy = scene.stage.state().join("logs-with-all-of-it");
    std::fs::create_dir_all(&copy).unwrap();
    let mut log = std::fs::read_to_string(logs.join("BookFunction.log")).unwrap();
    assert!(log.contains("creating the invoice"), "the log has the run");
    for text in texts.keys() {
        log.push_str(&json!({"level": "INFO", "message": format!("a slip: {text}.")}).to_string());
        log.push('\n');
    }
    std::fs::write(copy.join("BookFunction.log"), log).unwrap();
    let found = planted.found_in(&copy).unwrap();
    for text in texts.keys() {
        assert!(found.iter().any(|leak| leak.text == *text), "{text} is not found");
    }
    scene.close().await;
}
