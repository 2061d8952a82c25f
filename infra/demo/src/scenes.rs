//! What people and an integration do on certain days.

use domain::{ids::TenantId, job::JobKey, settings::Scope, signal::SignalSecret};
use economic_sim::Method;
use fortnox_sim::Method as FortnoxMethod;
use serde_json::{Value, json};
use stage::{Stage, StageError};

use crate::cast::Place;

/// The two companies on the stage.
pub(crate) struct Tenants {
    pub(crate) bjorkangen: TenantId,
    pub(crate) sonderaa: TenantId,
}

impl Tenants {
    pub(crate) fn of(&self, place: Place) -> &TenantId {
        match place {
            Place::Bjorkangen => &self.bjorkangen,
            Place::Sonderaa => &self.sonderaa,
        }
    }
}

/// Something that a person does on a day, before its first heartbeat.
pub(crate) struct Scene {
    pub(crate) day: &'static str,
    pub(crate) place: Place,
    pub(crate) what: &'static str,
    deed: Deed,
}

enum Deed {
    Set { scope: &'static str, settings: fn() -> Value },
    Rewrite { draft: u64, how: fn(&mut Value) },
    Delete { draft: u64 },
    Book { draft: u64 },
    Fortnox { path: &'static str, body: fn() -> Value },
    Approve { agreement: &'static str, period: &'static str },
}

/// What the CRM says on a day, after its heartbeats: these drafts are finished.
pub(crate) const SIGNALS: [(&str, &[u64]); 13] = [
    ("2026-01-05", &[1, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 30, 31]),
    ("2026-01-06", &[26, 37, 38, 39, 40, 41]),
    ("2026-01-08", &[4]),
    ("2026-01-12", &[7]),
    // A number that the CRM got wrong.
    ("2026-01-15", &[999]),
    ("2026-02-06", &[2]),
    ("2026-02-09", &[5]),
    ("2026-02-10", &[44, 45, 46, 47, 48, 49, 50, 51]),
    // Said again, as by a CRM that lost the answer.
    ("2026-02-11", &[44]),
    ("2026-02-20", &[1]),
    ("2026-03-07", &[3]),
    ("2026-03-10", &[6]),
    ("2026-03-11", &[6]),
];

const fn set(
    day: &'static str,
    place: Place,
    what: &'static str,
    scope: &'static str,
    settings: fn() -> Value,
) -> Scene {
    Scene { day, place, what, deed: Deed::Set { scope, settings } }
}

const fn by_hand(day: &'static str, what: &'static str, deed: Deed) -> Scene {
    Scene { day, place: Place::Sonderaa, what, deed }
}

const fn in_fortnox(day: &'static str, what: &'static str, path: &'static str, body: fn() -> Value) -> Scene {
    Scene { day, place: Place::Bjorkangen, what, deed: Deed::Fortnox { path, body } }
}

pub(crate) const SCENES: [Scene; 16] = [
    set(
        "2026-01-08",
        Place::Bjorkangen,
        "the consultant allows a larger amount for agreement 18, whose invoice was held",
        "agreement#18",
        || json!({"max_amount": {"SEK": 3_000_000}}),
    ),
    set(
        "2026-01-12",
        Place::Bjorkangen,
        "the consultant mends the misspelt setting of agreement 28",
        "agreement#28",
        || json!({"business_day": "next"}),
    ),
    set(
        "2026-01-12",
        Place::Sonderaa,
        "Maja says where the invoices of customer 117 go",
        "customer#117",
        || json!({"recipient": "bogholderi@ravnsoe.example"}),
    ),
    set(
        "2026-01-13",
        Place::Sonderaa,
        "Maja allows kronor for the customer in Sweden",
        "customer#126",
        || json!({"language": "sv", "max_amount": {"SEK": 50_000}}),
    ),
    by_hand(
        "2026-01-12",
        "Maja has the hours, and takes VENT off draft 30",
        Deed::Rewrite { draft: 30, how: |draft| draft["notes"]["heading"] = json!("Rengøring med timer") },
    ),
    by_hand(
        "2026-01-20",
        "the 20th has come: Maja takes VENT off draft 31",
        Deed::Rewrite { draft: 31, how: |draft| draft["notes"]["textLine1"] = json!("") },
    ),
    by_hand("2026-02-11", "Maja deletes draft 47 while it can be reviewed", Deed::Delete { draft: 47 }),
    by_hand("2026-02-11", "Maja books draft 48 herself while it can be reviewed", Deed::Book { draft: 48 }),
    by_hand(
        "2026-02-11",
        "Maja raises the price on draft 49 while it can be reviewed",
        Deed::Rewrite { draft: 49, how: |draft| draft["lines"][0]["unitNetPrice"] = json!(4350) },
    ),
    set(
        "2026-02-12",
        Place::Sonderaa,
        "Maja flags customer 133, whose draft was held",
        "customer#133",
        || json!({"automatic_sending": true}),
    ),
    by_hand("2026-02-13", "Maja books draft 8, which nobody said was finished", Deed::Book { draft: 8 }),
    // What an address that begins so comes to, the local mail service goes by.
    in_fortnox(
        "2026-01-28",
        "somebody at customer 4 leaves, and the mailbox that invoices go to is gone",
        "/3/customers/4",
        || json!({"Customer": {"EmailInvoice": "bounce.ekonomi@kund4.example"}}),
    ),
    in_fortnox(
        "2026-02-04",
        "the consultant, told by the digest, enters the new address of customer 4",
        "/3/customers/4",
        || json!({"Customer": {"EmailInvoice": "faktura@kund4.example"}}),
    ),
    Scene {
        day: "2026-02-04",
        place: Place::Bjorkangen,
        what: "and says yes to the invoice that came back",
        deed: Deed::Approve { agreement: "4", period: "2026-02-01" },
    },
    set(
        "2026-02-09",
        Place::Bjorkangen,
        "the consultant has agreement 7 follow the price list",
        "agreement#7",
        || json!({"price_sync": "follow"}),
    ),
    in_fortnox(
        "2026-02-16",
        "the list price of article 100 is raised from 4 500 to 4 650",
        "/3/prices/A/100/0",
        || json!({"Price": {"Price": 4650}}),
    ),
];

impl Scene {
    /// Plays it.
    pub(crate) async fn play(&self, stage: &Stage, tenants: &Tenants) -> Result<(), StageError> {
        let tenant = tenants.of(self.place);
        match &self.deed {
            Deed::Set { scope, settings } => stage.set(tenant, &scope.parse::<Scope>()?, &settings())?,
            Deed::Rewrite { draft, how } => {
                let mut text = stage.draft_by_hand(tenant, *draft)?;
                how(&mut text);
                let path = format!("/invoices/drafts/{draft}");
                stage.by_hand_in_economic(tenant, Method::Put, &path, Some(&text))?;
            }
            Deed::Delete { draft } => {
                stage.by_hand_in_economic(tenant, Method::Delete, &format!("/invoices/drafts/{draft}"), None)?;
            }
            Deed::Book { draft } => {
                let body = json!({"draftInvoice": {"draftInvoiceNumber": draft}});
                stage.by_hand_in_economic(tenant, Method::Post, "/invoices/booked", Some(&body))?;
            }
            Deed::Fortnox { path, body } => {
                stage.by_hand(tenant, FortnoxMethod::Put, path, &body())?;
            }
            Deed::Approve { agreement, period } => {
                let job = JobKey::new(tenant.clone(), agreement.parse()?, period.parse()?);
                Box::pin(workflow::approve(&stage.operator()?, &job, "the consultant")).await?;
            }
        }
        Ok(())
    }
}

/// The CRM says that `draft` is finished, and is heard.
pub(crate) async fn signal(
    stage: &Stage,
    tenant: &TenantId,
    secret: &SignalSecret,
    draft: u64,
) -> Result<(), StageError> {
    let answer = stage.signal(tenant, &draft.to_string(), secret).await?;
    if answer.status != ACCEPTED {
        return Err(format!("the signal for draft {draft} was answered with {} {}", answer.status, answer.body).into());
    }
    Ok(())
}

const ACCEPTED: u16 = 202;
