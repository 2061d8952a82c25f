//! One run spelled out, made from a seed.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use crate::{
    dice::Dice,
    faults::{Call, Fault, When},
};

/// How a draft will show that it's finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A ready signal, so long after it was put there.
    Signal(TimeDelta),
    /// It carries the marker from the beginning.
    Marker,
    /// Not at all.
    Never,
}

/// A draft that the integration puts there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedDraft {
    /// Since the start.
    pub after: TimeDelta,
    /// For which customer.
    pub customer: u32,
    /// Without VAT.
    pub net: i64,
    /// Days from the tenant's date then to its own.
    pub days_ahead: u64,
    /// How it shows that it's finished.
    pub mark: Mark,
    /// Whether it has lines at all.
    pub has_lines: bool,
}

/// What people do. Drafts go by their place in the plan; what isn't there any more is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// The draft gets another amount.
    Edit(usize),
    /// A person books it.
    Book(usize),
    /// A person deletes it.
    Delete(usize),
    /// The hold word is written on it.
    Hold(usize),
    /// And taken off again.
    Unhold(usize),
    /// The integration says once more that it's finished.
    SignalAgain(usize),
    /// The tenant's mode, by its name in the settings.
    Mode(&'static str),
    /// A customer's automatic sending.
    Flag(u32, bool),
    /// The consent is taken back, or given again.
    Consent(bool),
    /// A person says yes to what waits.
    Approve(usize),
    /// A person says that what waits is dealt with.
    Skip(usize),
    /// Every message comes twice.
    DoubleMessages,
    /// The queues' order turns round.
    ReverseMessages,
    /// All that is in the queues is lost.
    LoseMessages,
    /// Messages of long ago come again.
    OldMessages,
    /// No heartbeat for so long.
    NoTicks(TimeDelta),
    /// The workers die where they stand.
    KillWorkers,
}

/// Everything that a run is made of. Running it twice gives the same run.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftsPlan {
    /// What it was made from.
    pub seed: u64,
    /// The first moment.
    pub start: DateTime<Utc>,
    /// How long there is trouble.
    pub lasts: TimeDelta,
    /// How many workers there are at once.
    pub workers: usize,
    /// `immediately`, or `hourly`.
    pub sweep: &'static str,
    /// Minutes of the review window.
    pub review: u32,
    /// e-conomic says which draft an invoice came of.
    pub shows_order_numbers: bool,
    /// e-conomic uses the numbers of gone drafts again.
    pub reuses_numbers: bool,
    /// e-conomic keeps refusals under their key.
    pub keeps_refusals: bool,
    /// The drafts, by when they come.
    pub drafts: Vec<PlannedDraft>,
    /// Calls that go wrong: the how manieth of its kind, and how.
    pub faults: Vec<(Call, u64, Fault)>,
    /// What people do, since the start.
    pub deeds: Vec<(TimeDelta, Deed)>,
}

/// The customers that there are: what each is like stands in the company's file.
pub(super) const CUSTOMERS: [u32; 6] = [1, 2, 3, 4, 5, 6];

/// The modes by their names.
const MODES: [&str; 4] = ["off", "preview", "draft_only", "full"];

/// Dates on which something is about to happen: a month's end, both changes of the clock.
const STARTS: [&str; 4] = ["2026-01-14", "2026-02-27", "2026-03-28", "2026-10-24"];

impl DraftsPlan {
    /// The plan of a seed.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0xD4AF_7500);
        let day: NaiveDate = dice.pick(&STARTS).parse().unwrap_or_default();
        let start = day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(dice.between(0, 22 * 60));
        let lasts = TimeDelta::minutes(dice.between(30, 30 * 60));
        let count = 1 + dice.below(6);
        let mut drafts: Vec<_> = (0..count).map(|_| draft(&mut dice, lasts)).collect();
        drafts.sort_by_key(|draft| draft.after);
        // Some runs have nothing but calls that fail, some nothing but people, some everything, and a few nothing at all.
        let (faults, deeds) = match dice.below(8) {
            0 => (0, 0),
            1 | 2 => (1 + dice.below(4), 0),
            3 => (0, 1 + dice.below(6)),
            _ => (dice.below(8), dice.below(7)),
        };
        let faults = (0..faults).map(|_| fault(&mut dice)).collect();
        let deeds = (0..deeds).map(|_| (after(&mut dice, lasts), deed(&mut dice, drafts.len()))).collect();
        Self {
            seed,
            start,
            lasts,
            workers: *dice.pick(&[1, 1, 2, 3]),
            sweep: if dice.one_in(6) { "immediately" } else { "hourly" },
            review: *dice.pick(&[0, 0, 0, 30]),
            shows_order_numbers: !dice.one_in(4),
            reuses_numbers: dice.one_in(3),
            keeps_refusals: dice.one_in(2),
            drafts,
            faults,
            deeds,
        }
    }

    /// When the trouble ends.
    pub fn calm_from(&self) -> DateTime<Utc> {
        self.start + self.lasts
    }

    /// The tenant's date so many days on.
    pub(super) fn date(at: DateTime<Utc>, days: u64) -> NaiveDate {
        at.with_timezone(&chrono_tz::Europe::Copenhagen).date_naive() + Days::new(days)
    }
}

fn after(dice: &mut Dice, lasts: TimeDelta) -> TimeDelta {
    TimeDelta::seconds(dice.between(0, lasts.num_seconds()))
}

fn draft(dice: &mut Dice, lasts: TimeDelta) -> PlannedDraft {
    let mark = match dice.below(8) {
        0 | 1 => Mark::Marker,
        2 => Mark::Never,
        _ => Mark::Signal(TimeDelta::seconds(dice.between(0, 3 * 3600))),
    };
    PlannedDraft {
        after: after(dice, lasts),
        customer: if dice.one_in(2) { 1 } else { *dice.pick(&CUSTOMERS) },
        net: *dice.pick(&[100, 100, 250, 4000, -400]),
        days_ahead: u64::from(dice.one_in(8)),
        mark,
        has_lines: !dice.one_in(12),
    }
}

fn deed(dice: &mut Dice, drafts: usize) -> Deed {
    let draft = |dice: &mut Dice| usize::try_from(dice.below(u64::try_from(drafts).unwrap_or(1))).unwrap_or(0);
    match dice.below(20) {
        0..=2 => Deed::Edit(draft(dice)),
        3..=4 => Deed::Book(draft(dice)),
        5..=6 => Deed::Delete(draft(dice)),
        7 => Deed::Hold(draft(dice)),
        8 => Deed::Unhold(draft(dice)),
        9 => Deed::SignalAgain(draft(dice)),
        10 => Deed::Mode(MODES[usize::try_from(dice.below(4)).unwrap_or(0)]),
        11 => Deed::Flag(*dice.pick(&CUSTOMERS), dice.one_in(2)),
        12 => Deed::Consent(dice.one_in(2)),
        13 => Deed::Approve(draft(dice)),
        14 => Deed::Skip(draft(dice)),
        15 => Deed::DoubleMessages,
        16 => Deed::ReverseMessages,
        17 => Deed::LoseMessages,
        18 => Deed::OldMessages,
        _ if dice.one_in(2) => Deed::NoTicks(TimeDelta::minutes(dice.between(5, 4 * 60))),
        _ => Deed::KillWorkers,
    }
}

/// Effects are hit more often than all the rest together.
fn fault(dice: &mut Dice) -> (Call, u64, Fault) {
    const EFFECTS: [Call; 2] = [Call::BookDraft, Call::SendMail];
    const STORES: [Call; 7] = [
        Call::Save,
        Call::Claim,
        Call::Open,
        Call::SendMessage,
        Call::KeepSignal,
        Call::SignalsOfTenant,
        Call::LookAtJob,
    ];
    const READS: [Call; 8] = [
        Call::Drafts,
        Call::Draft,
        Call::BookedSince,
        Call::Invoice,
        Call::Customer,
        Call::Company,
        Call::Period,
        Call::Pdf,
    ];
    let call = match dice.below(10) {
        0..=4 => *dice.pick(&EFFECTS),
        5..=6 => *dice.pick(&STORES),
        _ => *dice.pick(&READS),
    };
    let nth = 1 + dice.below(if EFFECTS.contains(&call) { 4 } else { 12 });
    (call, nth, fault_of(dice, call))
}

fn fault_of(dice: &mut Dice, call: Call) -> Fault {
    let when = if dice.one_in(2) { When::Before } else { When::After };
    // A client gives up after 20 s, and a server is done within a minute after that.
    let late = TimeDelta::seconds(dice.between(1, 78));
    // Longer than the lease, and than the life of a booking's key.
    let held_up = TimeDelta::seconds(*dice.pick(&[2, 12, 45, 92, 110, 400, 3900]));
    if !call.is_far() {
        return match dice.below(8) {
            0..=3 => Fault::Crash(when),
            4 | 5 => Fault::NoAnswer(when),
            _ => Fault::Slow(when, held_up),
        };
    }
    match dice.below(18) {
        0..=2 => Fault::Crash(when),
        3 => Fault::CrashLate(late),
        4..=6 => Fault::NoAnswer(when),
        7..=8 => Fault::TimeOut(when),
        9..=10 => Fault::Late(late),
        11..=12 => Fault::Failed(when),
        13 => Fault::NotTaken,
        14 => Fault::Unauthorized,
        15 => Fault::Refused("Kunden er spærret."),
        16 => Fault::Slow(When::Before, TimeDelta::seconds(dice.between(1, 19))),
        _ => Fault::Slow(When::After, held_up),
    }
}
