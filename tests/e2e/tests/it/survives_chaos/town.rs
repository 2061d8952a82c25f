//! A town of companies, each of which wants something else done, with invoices due on several days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, Months, NaiveDate};
use domain::ids::TenantId;
use fortnox_sim::{Actor, CompanyFile, Effect, EffectKind, LedgerEntry};
use serde_json::{Value, json};
use stage::{Evidence, tenant_of};

use crate::{
    company::{company, profile},
    scene::Scene,
};

/// Agreements of a company. A third of them falls due on one day, which is as many as get through at once at Fortnox's
/// rate: so the run needn't be hurried, and what is measured on the way stays true.
const AGREEMENTS: usize = 6;
/// Agreements fall due on this many days of a month, one after another.
const DUE_DAYS: u64 = 3;
/// Prices differ by this much, in whole kronor with their VAT.
const PRICE_STEP: usize = 100;
/// What a price with its VAT is to one without, in hundredths.
const WITH_VAT_PERCENT: usize = 125;

/// One company and what it wants.
pub(super) struct Wish {
    pub(super) company: CompanyFile,
    pub(super) tenant: TenantId,
    agreements: usize,
    differences: Value,
    pub(super) booked: bool,
    pub(super) delivered: Way,
}

/// How a company's invoices are to go out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Not at all.
    Not,
    /// By a mail of ours.
    Mail,
    /// By Fortnox, whose ledger then shows this.
    Fortnox(EffectKind),
}

/// `companies` with numbers from `first` on; each has as many agreements as Fortnox's rate lets anybody invoice at once.
pub(super) fn town(first: u64, companies: usize) -> Vec<Wish> {
    let wishes = [
        (json!({}), true, Way::Mail),
        (json!({"mode": "draft_only"}), false, Way::Not),
        (json!({"channel": "fortnox_email"}), true, Way::Fortnox(EffectKind::EmailSent)),
        (json!({"auto_book": false}), false, Way::Mail),
        (json!({"channel": "fortnox_einvoice"}), true, Way::Fortnox(EffectKind::EinvoiceSent)),
        (json!({"channel": "none"}), true, Way::Not),
    ];
    let wishes = (first..).zip(wishes.into_iter().cycle().take(companies));
    wishes
        .map(|(number, (differences, booked, delivered))| {
            let company = spread(company(number, AGREEMENTS));
            let tenant = tenant_of(&company);
            Wish { company, tenant, agreements: AGREEMENTS, differences, booked, delivered }
        })
        .collect()
}

/// Says to each what its company wants.
pub(super) fn tell(scene: &Scene, town: &[Wish]) {
    for wish in town {
        scene.set(&wish.tenant, "profile", &profile(&wish.differences));
    }
}

/// The days on which something falls due in the first `months` of the year.
pub(super) fn days(months: u32) -> Vec<NaiveDate> {
    let of_month = |month| (0..DUE_DAYS).map(move |day| first_day() + Months::new(month) + Days::new(day));
    (0..months).flat_map(of_month).collect()
}

/// Days after these on which nothing new falls due, as many as an agreement can be behind by then.
pub(super) fn days_to_catch_up(months: u32) -> Vec<NaiveDate> {
    let last_month = first_day() + Months::new(months - 1);
    (0..u64::from(months - 1)).map(|day| last_month + Days::new(DUE_DAYS + day)).collect()
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date")
}

fn due_day(agreement: usize) -> NaiveDate {
    first_day() + Days::new(u64::try_from(agreement).unwrap() % DUE_DAYS)
}

fn spread(mut company: CompanyFile) -> CompanyFile {
    for customer in &mut company.customers {
        customer.insert("GLN".to_owned(), json!("7300000000000"));
    }
    for (number, contract) in (1..).zip(&mut company.contracts) {
        let begins = due_day(number);
        let before = |months| begins - Months::new(months);
        contract["ContractDate"] = json!(before(12));
        contract["PeriodStart"] = json!(begins);
        contract["PeriodEnd"] = json!(begins + Months::new(1) - Days::new(1));
        contract["LastInvoiceDate"] = json!(before(1));
        contract["InvoiceRows"][0]["Price"] = json!(number * PRICE_STEP);
    }
    company
}

impl Wish {
    /// That each period due in the first `months` got its one invoice, of the right amount, and nothing else.
    pub(super) fn assert_invoiced(&self, evidence: &Evidence, months: u32) {
        let mut made: BTreeMap<(u64, NaiveDate), Vec<String>> = BTreeMap::new();
        for (entry, effect) in self.created(evidence) {
            assert_eq!(entry.actor, Actor::App);
            let total = effect.total.unwrap().normalize().to_string();
            made.entry((effect.contract.unwrap(), effect.period_start.unwrap())).or_default().push(total);
        }
        let agreements = (1..=self.agreements).flat_map(|number| (0..months).map(move |month| (number, month)));
        let expected: BTreeMap<_, _> = agreements
            .map(|(number, month)| {
                let total = (number * PRICE_STEP * WITH_VAT_PERCENT / 100).to_string();
                ((u64::try_from(number).unwrap(), due_day(number) + Months::new(month)), vec![total])
            })
            .collect();
        assert_eq!(made, expected, "{}", self.tenant);
    }

    /// Periods that were invoiced on a later day than that on which they fell due, and on which one.
    pub(super) fn late(&self, evidence: &Evidence) -> Vec<String> {
        let days = self
            .created(evidence)
            .map(|(entry, effect)| (effect.contract.unwrap(), effect.period_start.unwrap(), entry.at.date_naive()));
        let late = days.filter(|(_, due, made)| due < made);
        late.map(|(number, due, made)| format!("{}:{number}:{due} was invoiced on {made}", self.tenant)).collect()
    }

    fn created<'a>(&self, evidence: &'a Evidence) -> impl Iterator<Item = (&'a LedgerEntry, &'a Effect)> {
        let number = self.tenant.number();
        evidence
            .effects()
            .filter(move |(entry, effect)| entry.tenant == Some(number) && effect.kind == EffectKind::InvoiceCreated)
    }

    /// That each invoice was booked and delivered just once and in one way, or none where that isn't wanted.
    pub(super) fn assert_finished(&self, evidence: &Evidence, months: u32) {
        let invoices = self.agreements * usize::try_from(months).unwrap();
        let wanted = |asked: bool| if asked { invoices } else { 0 };
        let tenant = &self.tenant;
        assert_eq!(evidence.count_of(tenant, EffectKind::InvoiceBooked), wanted(self.booked), "{tenant}: booked");
        let mailed = wanted(self.delivered == Way::Mail);
        assert_eq!(evidence.mails_of(tenant).count(), mailed, "{tenant}: mailed");
        let invoices: BTreeSet<_> = evidence.mails_of(tenant).map(|mail| &mail.invoice).collect();
        assert_eq!(invoices.len(), mailed, "{tenant}: invoices mailed");
        for kind in [EffectKind::EmailSent, EffectKind::EinvoiceSent] {
            let by_fortnox = wanted(self.delivered == Way::Fortnox(kind));
            assert_eq!(evidence.count_of(tenant, kind), by_fortnox, "{tenant}: {kind:?}");
        }
    }
}
