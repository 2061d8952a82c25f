//! Which calls go wrong, and how.

use chrono::TimeDelta;

use crate::{
    dice::Dice,
    faults::{Call, Fault, When},
};

pub(super) fn when(dice: &mut Dice) -> When {
    if dice.one_in(2) { When::Before } else { When::After }
}

/// Effects are hit as often as all the rest together.
pub(super) fn fault(dice: &mut Dice) -> (Call, Fault) {
    const EFFECTS: [Call; 6] =
        [Call::CreateInvoice, Call::Book, Call::SendMail, Call::Deliver, Call::HandOver, Call::MarkSent];
    let call = match dice.below(10) {
        0..=3 => *dice.pick(&EFFECTS),
        4..=5 => *dice.pick(&[Call::Save, Call::Claim, Call::Open, Call::SendMessage]),
        _ => *dice.pick(&Call::ALL),
    };
    (call, fault_of(dice, call))
}

pub(super) fn fault_of(dice: &mut Dice, call: Call) -> Fault {
    // A client gives up after 20 s, and a server is done within a minute after that.
    let late = TimeDelta::seconds(dice.between(1, 78));
    // Longer than the lease, shorter than the function's time.
    let held_up = TimeDelta::seconds(*dice.pick(&[2, 12, 45, 92, 95, 110, 400]));
    if call == Call::Slot && dice.one_in(2) {
        return Fault::Busy(std::time::Duration::from_secs(3));
    }
    if !call.is_far() {
        return match dice.below(8) {
            0 | 1 => Fault::Crash(When::Before),
            2 | 3 => Fault::Crash(When::After),
            4 => Fault::NoAnswer(When::Before),
            5 => Fault::NoAnswer(When::After),
            _ => Fault::Slow(when(dice), held_up),
        };
    }
    match dice.below(19) {
        0..=2 => Fault::Crash(when(dice)),
        3 => Fault::CrashLate(late),
        4..=6 => Fault::NoAnswer(when(dice)),
        7..=8 => Fault::TimeOut(when(dice)),
        9..=10 => Fault::Late(late),
        11..=12 => Fault::Failed(when(dice)),
        13 => Fault::NotTaken,
        14 => Fault::Unauthorized,
        15 => Fault::Refused("Kunden är spärrad."),
        16 => Fault::TenantBlocked("Licens saknas."),
        // A call that is on its way longer than this has been given up by its client.
        17 => Fault::Slow(When::Before, TimeDelta::seconds(dice.between(1, 19))),
        _ => Fault::Slow(When::After, held_up),
    }
}
