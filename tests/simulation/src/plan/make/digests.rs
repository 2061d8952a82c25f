//! Which runs have digests, whom they go to and when, and what goes wrong with them.

use serde_json::{Map, Value, json};

use super::{faults::fault_of, object};
use crate::{
    dice::{Dice, mix},
    faults::Call,
    plan::{tenant::TenantPlan, trouble::Trouble},
};

/// Of so many runs one has digests: they take a while, and what they are told of happens in the others too.
const ONE_IN: u64 = 6;

/// The place of these dice in a seed's row: they're nobody else's, so that a seed's run is the same but for its digests.
const PLACE: u64 = 0x00D1_6E57;

/// The calls that a digest makes. What it says of itself counts most.
const CALLS: [Call; 10] = [
    Call::SendMail,
    Call::SendMail,
    Call::KeepMail,
    Call::KeepMail,
    Call::KeptMail,
    Call::MoveDigests,
    Call::DueDigests,
    Call::Happened,
    Call::WaitingJobs,
    Call::Outlook,
];

/// The digests of a run.
pub(super) struct Digests(Dice);

/// Those of a seed, if it has any.
pub(super) fn of(seed: u64) -> Option<Digests> {
    let mut dice = Dice::new(mix(seed, PLACE));
    dice.one_in(ONE_IN).then_some(Digests(dice))
}

impl Digests {
    /// Writes into the companies' profiles whom their digests go to.
    pub(super) fn enter(&mut self, tenants: &mut [TenantPlan]) {
        for tenant in tenants {
            tenant.profile.extend(settings(&mut self.0));
        }
    }

    /// Where calls go wrong anyhow, some of the digests' do so too.
    pub(super) fn disturb(&mut self, troubles: &mut Vec<Trouble>) {
        let dice = &mut self.0;
        let calls_fail = |trouble: &Trouble| matches!(trouble, Trouble::Fault { .. } | Trouble::Storm { .. });
        if !troubles.iter().any(calls_fail) {
            return;
        }
        for _ in 0..=dice.below(4) {
            let call = *dice.pick(&CALLS);
            let nth = 1 + if dice.one_in(2) { dice.below(5) } else { dice.below(25) };
            troubles.push(Trouble::Fault { call, nth, fault: fault_of(dice, call), meanwhile: Vec::new() });
        }
    }
}

fn settings(dice: &mut Dice) -> Map<String, Value> {
    let mut fields = object(match dice.below(8) {
        0 => json!({"digest_to": []}),
        // Whoever gets the control copies, if anybody.
        1 => json!({}),
        2 => json!({"control_copy": "kopia@exempelbolaget.example"}),
        3 => json!({"digest_to": ["anna@byran.example", "ekonomi@exempelbolaget.example"]}),
        _ => json!({"digest_to": ["anna@byran.example"]}),
    });
    let hour = *dice.pick(&[0, 1, 5, 6, 7, 7, 7, 8, 12, 16, 23]);
    fields.insert("digest_hour".to_owned(), json!(hour));
    fields.insert("digest_when_nothing".to_owned(), json!(dice.one_in(3)));
    if dice.one_in(4) {
        fields.insert("digest_language".to_owned(), json!(*dice.pick(&["sv", "da", "nb", "fi", "en"])));
    }
    fields
}
