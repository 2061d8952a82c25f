//! A pre-flight finds beforehand what would fail later, changes nothing in the books, and what blocks keeps a tenant out of `full`.

use std::{path::Path, time::Duration};

use chrono::TimeDelta;
use domain::{
    agreement::Agreement,
    due::Reading,
    hold::HoldReason,
    preflight::{About, Report, Severity, What},
    settings::{Mode, Scope},
};
use fortnox_sim::RecurringBilling;
use serde_json::json;
use simulation::{Call, Fault, When};
use workflow::{
    Message, ScanMessage,
    ports::{Journal, Queues, Settings, Subject},
    preflight::{self, ModeError, ModeSet, PreflightError},
};

use super::world::{Left, World, agreement_number, everything, monthly, with};

impl World {
    fn try_preflight(&self) -> Result<Report, PreflightError> {
        self.memory.run(preflight::run(&self.memory, &self.tenant, &Left(self.time_left))).unwrap()
    }

    fn preflight(&self) -> Report {
        self.try_preflight().unwrap()
    }

    fn set_mode(&self, mode: Mode) -> Result<ModeSet, ModeError> {
        self.memory.run(preflight::set_mode(&self.memory, &self.tenant, mode, &Left(self.time_left))).unwrap()
    }

    fn ask_for_preflight(&self) {
        let message = Message::Scan(ScanMessage::Preflight { tenant: self.tenant.clone() });
        self.memory.run(self.memory.queues().send(&message, Duration::ZERO)).unwrap().unwrap();
        self.drain();
    }

    fn kept(&self) -> Option<Report> {
        self.memory.run(self.memory.journal().report(&self.tenant)).unwrap().unwrap()
    }

    fn mode(&self) -> Mode {
        let settings = self.memory.run(self.memory.settings().of_tenant(&self.tenant)).unwrap().unwrap().unwrap();
        settings.profile().unwrap().tenant.mode
    }

    fn without_bank_details(&self) {
        self.memory.fortnox().with_world(|world| world.remove_bank_details(self.tenant.number()));
    }
}

/// The codes of what isn't well.
fn trouble(report: &Report) -> Vec<&str> {
    let troubled = report.counts.iter().filter(|(_, count)| count.severity > Severity::Ok);
    troubled.map(|(code, _)| code.as_str()).collect()
}

fn of_customer(number: u32, customer: &str) -> Agreement {
    Agreement { customer: customer.parse().unwrap(), ..monthly(number) }
}

#[test]
fn where_all_is_well_full_is_set_and_the_books_are_left_alone() {
    let world = World::with_profile(with(everything(), json!({"mode": "preview"})));
    world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
    let before = world.memory.fortnox().requests().len();
    let report = world.preflight();
    assert_eq!(trouble(&report), Vec::<&str>::new(), "{report}");
    assert!(report.findings.iter().any(|finding| finding.about == About::Agreement(agreement_number(7))));
    let requests = world.memory.fortnox().requests().split_off(before);
    let of_the_books = |path: &str| path.starts_with("/3/") || path.starts_with("/api/");
    let asked: Vec<_> = requests.iter().filter(|request| of_the_books(&request.path)).collect();
    assert!(asked.len() > 8 && asked.iter().all(|request| request.effects.is_empty()));
    assert_eq!(world.kept(), Some(report));

    let ModeSet::Set { report: Some(_) } = world.set_mode(Mode::Full).unwrap() else { panic!("nothing blocks") };
    assert_eq!(world.mode(), Mode::Full);
    world.scan_now();
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn what_blocks_refuses_full_and_says_why() {
    let profile = json!({"mode": "preview", "auto_book": true, "channel": "fortnox_email"});
    let world = World::with_profile(profile);
    world.without_bank_details();
    let ModeSet::Refused { report } = world.set_mode(Mode::Full).unwrap() else { panic!("no bank details") };
    assert!(trouble(&report).contains(&"no_bank_account"), "{report}");
    assert_eq!(world.mode(), Mode::Preview);
    assert_eq!(world.memory.settings().profile(&world.tenant).unwrap()["mode"], "preview");
    assert_eq!(world.concern(&world.tenant, &Subject::Tenant), None, "the mode is what the profile says");
    // The others need no pre-flight.
    assert_eq!(world.set_mode(Mode::DraftOnly).unwrap(), ModeSet::Set { report: None });
    assert_eq!(world.mode(), Mode::DraftOnly);
}

/// On demand, by its message: what blocks holds `full` back at once, in each step, and a person is told until it's gone.
#[test]
fn a_tenant_in_full_whose_preflight_blocks_makes_drafts_only_until_it_is_mended() {
    let world = World::due();
    world.memory.fortnox().switch(&world.tenant, |switches| switches.contracts_feature = false);
    world.ask_for_preflight();
    assert_eq!(world.mode(), Mode::DraftOnly);
    let told = || world.concern(&world.tenant, &Subject::Tenant).map(|concern| concern.reason);
    let Some(HoldReason::PreflightBlocks { found: 1, first, .. }) = told() else { panic!("{:?}", told()) };
    assert!(first.contains("agreements may not be used: the company hasn't switched them on"), "{first}");

    world.memory.fortnox().switch(&world.tenant, |switches| switches.contracts_feature = true);
    world.scan_now();
    assert_eq!(world.done(), [1, 0, 0, 0], "created, and neither booked nor mailed");
    assert!(matches!(told(), Some(HoldReason::PreflightBlocks { .. })), "a scan doesn't settle it");

    world.ask_for_preflight();
    assert_eq!((world.mode(), told()), (Mode::Full, None));
    world.person().enter_agreement(&monthly(8), Reading::NextPeriod).unwrap();
    world.scan_now();
    assert_eq!(world.done(), [2, 1, 1, 1]);
}

#[test]
fn a_profile_that_says_full_without_any_preflight_is_left_alone() {
    let world = World::due();
    world.without_bank_details();
    world.beat();
    assert_eq!(world.created().len(), 1);
    assert_eq!((world.mode(), world.booked().len()), (Mode::Full, 1));
}

#[test]
fn a_company_that_cannot_be_used_is_one_finding() {
    let world = World::due();
    world.memory.fortnox().set_consent(&world.tenant, false);
    let report = world.preflight();
    assert_eq!(trouble(&report), ["not_connected"], "{report}");
    assert!(report.findings[0].to_do.as_ref().is_some_and(|to_do| to_do.contains("connect")), "{report}");
    world.memory.fortnox().set_consent(&world.tenant, true);
    assert_eq!(trouble(&world.preflight()), Vec::<&str>::new());

    world.set_profile(json!({"mode": "fulll"}));
    assert_eq!(trouble(&world.preflight()), ["broken_profile"]);
}

/// A Fortnox that's down for a moment must not turn anybody's mode.
#[test]
fn without_an_answer_there_is_no_report_and_the_message_comes_again() {
    let world = World::due();
    world.memory.faults().next(Call::Company, Fault::NoAnswer(When::Before));
    assert!(matches!(world.try_preflight(), Err(PreflightError::NoAnswer { .. })));
    assert_eq!((world.kept(), world.mode()), (None, Mode::Full));

    world.memory.faults().next(Call::Company, Fault::NoAnswer(When::Before));
    world.ask_for_preflight();
    assert_eq!(world.kept(), None);
    world.memory.clock().pass(TimeDelta::minutes(10));
    world.drain();
    assert!(world.kept().is_some());
}

#[test]
fn of_a_tenant_whom_nobody_knows_nothing_is_written() {
    let world = World::due();
    world.memory.settings().remove(&world.tenant, &Scope::Profile);
    assert!(matches!(world.try_preflight(), Err(PreflightError::Unknown(_))));
    world.ask_for_preflight();
    assert_eq!(world.concern(&world.tenant, &Subject::Tenant), None);
}

/// What preview warns of is what a scan then does.
#[test]
fn what_would_be_held_is_what_a_scan_holds() {
    let world = World::with_profile(with(everything(), json!({"max_amount": {"SEK": 500}})));
    world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
    let report = world.preflight();
    let held = report.findings.iter().find_map(|finding| match &finding.what {
        What::WouldBeHeld { reason, .. } => Some(reason.clone()),
        _ => None,
    });
    world.beat();
    assert_eq!(held, Some(world.held_for(&world.february())));
}

#[test]
fn customers_without_a_usable_address_are_named_by_number_only() {
    let world = World::new();
    world.person().enter_customer(&"11".parse().unwrap(), "Utan AB", None);
    world.person().enter_customer(&"12".parse().unwrap(), "Trasig AB", Some("hemlig@@fel"));
    for (number, customer) in [(7, "10"), (8, "11"), (9, "12"), (10, "11")] {
        world.person().enter_agreement(&of_customer(number, customer), Reading::NextPeriod).unwrap();
    }
    let report = world.preflight();
    let about: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| finding.what.code() == "no_address")
        .map(|finding| finding.about.to_string())
        .collect();
    assert_eq!(about, ["customer 11", "customer 12"], "each once");
    assert!(report.findings.iter().any(|finding| finding.what == What::Reachable { customers: 1 }));
    let text = format!("{report}{}", serde_json::to_string(&report).unwrap());
    for secret in ["hemlig", "kund@kunden.example", "Utan AB", "123-4567"] {
        assert!(!text.contains(secret), "{secret}");
    }
    // An address in the settings will do.
    world.put(&world.tenant, Scope::Customer("11".parse().unwrap()), json!({"recipient": "faktura@utan.example"}));
    assert_eq!(world.preflight().counts["no_address"].found, 1);
}

#[test]
fn a_customer_whom_fortnox_invoices_itself_is_named_where_that_can_be_told() {
    let world = World::new();
    world.person().enter_customer(&"11".parse().unwrap(), "Andra AB", Some("kund@andra.example"));
    for (number, customer) in [(7, "10"), (8, "11")] {
        world.person().enter_agreement(&of_customer(number, customer), Reading::NextPeriod).unwrap();
    }
    world.add_recurring("10", "AUTOMATIC");
    world.add_recurring("11", "MANUAL");
    let report = world.preflight();
    let twice: Vec<&About> = report
        .findings
        .iter()
        .filter(|finding| finding.what == What::AlreadyRecurring)
        .map(|finding| &finding.about)
        .collect();
    assert_eq!(twice, [&About::Agreement(agreement_number(7))]);
    assert_eq!(report.worst(), Severity::Warning);

    world.memory.fortnox().switch(&world.tenant, |switches| switches.recurring_billing = RecurringBilling::NoLicence);
    let report = world.preflight();
    assert_eq!(trouble(&report), Vec::<&str>::new());
    assert!(report.to_string().contains("not checked: recurring invoices"), "{report}");
}

#[test]
fn what_there_was_no_time_for_is_said() {
    let mut world = World::due();
    world.time_left = Duration::from_secs(30);
    let report = world.preflight();
    assert_eq!(trouble(&report), ["left_out"], "{report}");
    assert_eq!(report.worst(), Severity::Warning);
}

#[test]
fn a_company_of_thousands_fits_in_one_report() {
    let world = World::new();
    for number in 1..=1_200 {
        world.person().enter_agreement(&monthly(number), Reading::NextPeriod).unwrap();
    }
    let report = world.preflight();
    assert_eq!(report.counts["planned"].found, 1_200, "each page is read, and each agreement planned");
    assert_eq!(report.counts["planned"].named, 100);
    assert!(report.to_string().contains("and 1100 more: planned"), "{report}");
}

#[test]
fn a_mode_that_somebody_else_sets_meanwhile_stands() {
    let world = World::with_profile(with(everything(), json!({"mode": "preview"})));
    let moved = || world.set_profile(with(everything(), json!({"mode": "off"})));
    // The profile changes between the look and the write: the store is asked about the mode that was seen.
    let settings = world.memory.settings();
    let seen = Mode::Preview;
    moved();
    assert!(!world.memory.run(settings.set_mode(&world.tenant, seen, Mode::Full)).unwrap().unwrap());
    assert_eq!(world.mode(), Mode::Off);
}

#[test]
fn e_conomic_is_looked_at_by_its_own_needs() {
    let world = World::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../economic-sim/companies/sonderaa.json");
    let mut file = economic_sim::CompanyFile::read(&path).unwrap();
    let tenant = format!("economic-{}", file.agreement_number).parse().unwrap();
    for customer in &mut file.customers {
        customer.remove("email");
        customer.remove("contacts");
    }
    world.memory.economic().open(file).unwrap();
    world.put(
        &tenant,
        Scope::Profile,
        json!({"mode": "preview", "automatic_sending": true, "channel": "economic_email"}),
    );
    let look = || world.memory.run(preflight::run(&world.memory, &tenant, &Left(world.time_left))).unwrap().unwrap();
    let report = look();
    assert!(report.counts.contains_key("open_year") && report.counts.contains_key("no_address"), "{report}");
    assert_eq!(report.found(Severity::Blocking), 0, "{report}");

    world.memory.economic().switch(&tenant, |switches| switches.accounting_years_forbidden = true);
    assert!(look().to_string().contains("not checked: the accounting year and method"));
    world.put(
        &tenant,
        Scope::Profile,
        json!({"automatic_sending": true, "channel": "economic_einvoice", "finished_by": ["subscription"]}),
    );
    assert!(look().findings.iter().all(|finding| finding.what.code() != "no_address"), "an e-invoice needs no address");
}

/// The page in docs/preflight.md is what this prints. `UPDATE_GOLDEN=1` writes it anew.
#[test]
fn the_documents_sample_is_a_real_report() {
    const BEGIN: &str = "<!-- the sample begins -->\n```text\n";
    const END: &str = "```\n<!-- the sample ends -->";
    let world = World::with_profile(json!({
        "mode": "full", "auto_book": true, "channel": "fortnox_email", "max_amount": {"SEK": 5000},
    }));
    world.person().enter_customer(&"11".parse().unwrap(), "Utan AB", None);
    let agreements = [
        monthly(7),
        Agreement { length_months: Some(1), period: super::world::period("2026-03-01", "2026-03-31"), ..monthly(8) },
        Agreement { total: super::world::sek(9000), ..of_customer(9, "11") },
        of_customer(12, "11"),
    ];
    for agreement in &agreements {
        world.person().enter_agreement(agreement, Reading::NextPeriod).unwrap();
    }
    world.add_recurring("11", "INVOICE_SERVICE_WITH_REMINDERS");
    world.without_bank_details();
    let printed = world.preflight().to_string();

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/preflight.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (sample, after) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{printed}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(sample, printed, "docs/preflight.md shows an old sample");
}
