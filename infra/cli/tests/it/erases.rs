//! A company's data: given out before, and gone after.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::desk::Desk;

const TABLES: [&str; 5] = ["ConsentsTable", "SettingsTable", "ConnectionsTable", "SignalSecretsTable", "JournalTable"];

impl Desk {
    /// Every item of every table that names the company in any way at all.
    fn items_naming(&self, name: &str) -> Vec<(String, Value)> {
        let all = TABLES.iter().flat_map(|table| {
            let items = self.stage.cloud.scan_table(table).unwrap();
            items.into_iter().map(move |item| ((*table).to_owned(), item))
        });
        all.filter(|(_, item)| item.to_string().contains(name)).collect()
    }
}

fn by_table(items: &[(String, Value)]) -> BTreeMap<&str, usize> {
    items.iter().fold(BTreeMap::new(), |mut counts, (table, _)| {
        *counts.entry(table.as_str()).or_default() += 1;
        counts
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_a_company_leaves_nothing_of_it_and_export_gave_everything_first() {
    let desk = Desk::open("cli_erases").await;
    let (tenant, other) = (desk.tenant.to_string(), desk.other.to_string());
    // Something in each table: an invitation, a signal secret, jobs, mails, prices, digests, a pre-flight.
    desk.shown(&format!("connect fortnox --tenant {tenant}"));
    let secret =
        serde_json::json!({"tenant": tenant, "secret_id": "one", "secret": "planted-secret-0123456789-0123456789"});
    desk.stage.cloud.put_item("SignalSecretsTable", &secret).unwrap();
    desk.shown(&format!(
        "settings set {tenant} price_sync=follow channel=ses_email reply_to=svar@liten.example max_amount=null control_copy=kopia@liten.example"
    ));
    desk.shown(&format!("preflight {tenant} --json"));
    for job in desk.json(&format!("jobs list {tenant}")).as_array().unwrap() {
        let _ = desk.type_in(&format!("jobs approve {} --yes", job["key"].as_str().unwrap()));
    }
    desk.stage.settle().await.unwrap();
    desk.day_passes().await;
    let before = desk.items_naming(&tenant);
    let kinds: std::collections::BTreeSet<String> =
        before.iter().filter_map(|(_, item)| Some(item["pk"].as_str()?.split('#').next()?.to_owned())).collect();
    assert_eq!(by_table(&before).len(), TABLES.len(), "{:?}", by_table(&before));
    for kind in ["job", "mail", "history", "scan", "preflight", "happened", "digests", "prices", "pace"] {
        assert!(kinds.contains(kind), "nothing of {kind} to erase: {kinds:?}");
    }
    let others_before = desk.items_naming(&other).len();

    // Everything is given out, and nothing that opens anything.
    let file = desk.stage.state().join("export.jsonl");
    desk.shown(&format!("tenant export {tenant} --to {}", file.display()));
    let export = std::fs::read_to_string(&file).unwrap();
    assert_eq!(export.lines().count(), before.len());
    let exported: Vec<Value> = export.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (table, item) in &before {
        let same_key = |line: &&Value| {
            let keys = ["pk", "sk", "tenant", "scope", "secret_id", "invitation"];
            keys.iter().all(|key| line["item"].get(*key) == item.get(*key))
        };
        let line = exported.iter().find(same_key).unwrap_or_else(|| panic!("{table}: {item} wasn't given out"));
        if matches!(table.as_str(), "JournalTable" | "SettingsTable") {
            assert_eq!(line["item"], *item, "{table}");
        }
    }
    assert!(!export.contains("planted-secret") && !export.contains("not-a-secret-liten"));
    // A file that is there already isn't written over.
    assert_eq!(desk.exit_code(&format!("tenant export {tenant} --to {}", file.display())), Some(1));

    // It takes the company's own name, and nothing happens before.
    assert!(desk.shown(&format!("tenant erase {tenant} --dry-run")).contains("Nothing was erased"));
    assert_eq!(desk.exit_code(&format!("tenant erase {tenant}")), Some(4));
    assert_eq!(desk.exit_code(&format!("tenant erase {tenant} --yes {other}")), Some(4));
    assert_eq!(desk.items_naming(&tenant).len(), before.len());
    desk.shown(&format!("tenant erase {tenant} --yes {tenant}"));
    assert_eq!(desk.items_naming(&tenant), []);

    // Nothing of it comes back: neither by the clock, nor by a message that was still about.
    desk.stage.cloud.redeliver().await;
    desk.stage.settle().await.unwrap();
    let left_over = format!(r#"{{"kind":"scan_tenant.v1","tenant":"{tenant}","page":1,"counted":0}}"#);
    desk.stage.cloud.send("ScanQueue", &left_over).await.unwrap();
    desk.stage.cloud.send("ScanQueue", &format!(r#"{{"kind":"preflight.v1","tenant":"{tenant}"}}"#)).await.unwrap();
    // Nor is one of e-conomic's looked at that there isn't.
    desk.stage
        .cloud
        .send("SweepQueue", r#"{"kind":"sweep_tenant.v1","tenant":"economic-999","after":null}"#)
        .await
        .unwrap();
    desk.stage.settle().await.unwrap();
    assert_eq!(desk.items_naming("economic-999"), []);
    desk.day_passes().await;
    assert_eq!(desk.items_naming(&tenant), []);
    assert!(desk.items_naming(&other).len() >= others_before, "nobody else lost anything");
    assert_eq!(desk.exit_code(&format!("tenant erase {tenant} --yes {tenant}")), Some(3));
    desk.stage.stop().await.unwrap();
}
