//! A crash, an error, a lost answer or an edit at any call: each row has its new price in the end, and nothing else is touched.

use chrono::TimeDelta;
use fortnox_sim::{Actor, EffectKind};
use simulation::{Call, Fault, When};

use super::company::{Company, prices, without_prices};

const FAULTS: [Fault; 6] = [
    Fault::Crash(When::Before),
    Fault::Crash(When::After),
    Fault::NoAnswer(When::Before),
    Fault::NoAnswer(When::After),
    Fault::CrashLate(TimeDelta::seconds(50)),
    Fault::Late(TimeDelta::seconds(50)),
];

struct Case {
    company: Company,
    open: domain::ids::InvoiceNumber,
}

impl Case {
    fn new() -> Self {
        let company = Company::new("follow");
        company.enter(1, &[("1", 1, 1000), ("2", 3, 80), ("1", 2, 900)]);
        company.enter(2, &[("1", 1, 1000)]);
        company.first_look();
        let open = company.invoice(1);
        Self { company, open }
    }

    fn documents(&self) -> [serde_json::Value; 3] {
        let company = &self.company;
        [company.agreement(1), company.agreement(2), company.invoice_document(&self.open)]
    }

    /// How often the pipeline changed an agreement, and an invoice.
    fn changes(&self) -> [usize; 2] {
        let requests = self.company.world.memory.fortnox().requests();
        let ours = requests.iter().filter(|entry| entry.actor == Actor::App).flat_map(|entry| &entry.effects);
        [EffectKind::ContractChanged, EffectKind::InvoiceChanged]
            .map(|kind| ours.clone().filter(|effect| effect.kind == kind).count())
    }
}

#[test]
fn one_fault_at_any_call_still_leads_to_each_price_once() {
    let undisturbed = Case::new();
    let before = undisturbed.company.world.memory.faults().made();
    undisturbed.company.set_price("A", "1", 0, 1100);
    undisturbed.company.tick();
    let calls = undisturbed.company.world.memory.faults().made() - before;
    assert_eq!(undisturbed.changes(), [2, 1]);
    for fault in FAULTS {
        for n in 1..=calls {
            let case = Case::new();
            let before = case.documents();
            case.company.set_price("A", "1", 0, 1100);
            case.company.world.memory.faults().nth(n, fault.clone());
            // A night's comparison included.
            case.company.pass(TimeDelta::days(1));
            let told = format!("{fault:?} at call {n} of {calls}");
            let after = case.documents();
            assert_eq!(
                after.each_ref().map(prices),
                [vec![1100.0, 80.0, 900.0], vec![1100.0], vec![1100.0, 80.0, 900.0]],
                "{told}: {:#?}",
                case.company.told()
            );
            assert_eq!(before.map(without_prices), after.map(without_prices), "{told}");
            assert_eq!(case.changes(), [2, 1], "{told}: each document once");
            let told_of = case.company.told();
            for on in ["1".to_owned(), "2".to_owned(), format!("1/{}", case.open)] {
                let done = [format!("{on} changed: "), format!("{on} found changed: ")];
                let lines = told_of.iter().filter(|line| done.iter().any(|done| line.starts_with(done))).count();
                assert!(lines == 1, "{told}: the change of {on} is told {lines} times: {told_of:#?}");
            }
        }
    }
}

#[test]
fn a_person_who_edits_between_our_look_and_our_change_loses_nothing() {
    let case = Case::new();
    case.company.set_price("A", "1", 0, 1100);
    // A worker that stands still for a moment just before its change, while a person takes a row away and names another.
    let world = &case.company.world;
    world.memory.faults().next(Call::SetPrices, Fault::Slow(When::Before, TimeDelta::seconds(3)));
    world.memory.clock().pass(TimeDelta::minutes(7));
    world.tick_prices();
    case.company.step_and_meanwhile(TimeDelta::seconds(1), || {
        let rows = case.company.agreement(1)["InvoiceRows"].clone();
        let kept =
            serde_json::json!([{"RowId": rows[0]["RowId"]}, {"RowId": rows[1]["RowId"], "Description": "Nytt namn"}]);
        case.company.put("contracts/1", "Contract", serde_json::json!({"InvoiceRows": kept}));
    });
    case.company.tick();
    let agreement = case.company.agreement(1);
    assert_eq!(prices(&agreement), [1100.0, 80.0]);
    assert_eq!(agreement["InvoiceRows"][1]["Description"], "Nytt namn");
    assert_eq!(case.company.concern(1), None);
}
