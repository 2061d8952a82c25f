//! What an observation after a booking call proves.

use chrono::TimeDelta;

use super::{at, dkk, print};
use crate::{
    draft::{
        BookedLook, BookingVerdict, DraftBooking, Fingerprint, FoundBooked, REPLAY_WITHIN, booking_key, judge_booking,
    },
    settings::Channel,
};

const ASKED: &str = "2026-01-15T12:00:00Z";

fn intent() -> DraftBooking {
    DraftBooking {
        draft: "148".parse().unwrap(),
        body: "{}".to_owned(),
        key: "fp-1".to_owned(),
        first_used_at: at(ASKED),
        send_by: Channel::None,
        before: print(),
    }
}

fn found(number: &str, came_of: Option<u64>) -> FoundBooked {
    FoundBooked { number: number.parse().unwrap(), came_of, date: print().date, gross: print().gross }
}

fn judge(minutes: i64, draft: Option<&Fingerprint>, found: &[FoundBooked]) -> BookingVerdict {
    judge_booking(&intent(), at(ASKED), at(ASKED) + TimeDelta::minutes(minutes), BookedLook { draft, found })
}

#[test]
fn nothing_is_believed_while_the_call_may_be_on_its_way() {
    let soon = at(ASKED) + TimeDelta::seconds(99);
    let booked = [found("31", Some(148))];
    for look in [BookedLook { draft: Some(&print()), found: &[] }, BookedLook { draft: None, found: &booked }] {
        assert!(matches!(judge_booking(&intent(), at(ASKED), soon, look), BookingVerdict::TooEarly(_)));
    }
}

#[test]
fn a_draft_that_is_still_there_was_not_booked() {
    assert_eq!(judge(5, Some(&print()), &[]), BookingVerdict::NotBooked);
    // Edited or not, and whatever looks like it elsewhere.
    let edited = Fingerprint { gross: dkk(1), content: None, ..print() };
    assert_eq!(judge(5, Some(&edited), &[found("30", None), found("29", Some(147))]), BookingVerdict::NotBooked);
}

#[test]
fn an_invoice_that_came_of_it_is_it_even_where_its_number_is_used_again() {
    let ours = found("31", Some(148));
    assert_eq!(judge(5, None, &[found("30", Some(147)), ours.clone()]), BookingVerdict::Booked(ours.clone()));
    let another = Fingerprint { handle: Some(8), ..print() };
    assert_eq!(judge(5, Some(&another), std::slice::from_ref(&ours)), BookingVerdict::Booked(ours.clone()));
    // Edited by a person in the very moment: it came of the draft all the same.
    let edited = FoundBooked { gross: dkk(99), ..ours.clone() };
    assert_eq!(judge(5, None, std::slice::from_ref(&edited)), BookingVerdict::Booked(edited.clone()));
    assert!(matches!(judge(5, None, &[ours, found("32", Some(148))]), BookingVerdict::Ask(_)));
}

#[test]
fn without_order_numbers_the_key_tells_and_then_only_a_person() {
    let alike = [found("31", None)];
    assert_eq!(judge(5, None, &alike), BookingVerdict::Replay);
    assert_eq!(judge(49, None, &alike), BookingVerdict::Replay);
    assert!(matches!(judge(50, None, &alike), BookingVerdict::Ask(_)));
    let other_amount = [FoundBooked { gross: dkk(7), ..found("31", None) }];
    assert_eq!(judge(20, None, &other_amount), BookingVerdict::Gone);
}

#[test]
fn a_draft_that_left_no_invoice_was_deleted_once_the_list_had_time_to_show_it() {
    assert_eq!(judge(5, None, &[]), BookingVerdict::TooEarly(at(ASKED) + TimeDelta::minutes(10)));
    assert_eq!(judge(10, None, &[]), BookingVerdict::Gone);
    let another = Fingerprint { handle: Some(8), ..print() };
    assert_eq!(judge(10, Some(&another), &[]), BookingVerdict::NotBooked);
}

#[test]
fn a_request_is_sent_again_only_while_its_key_surely_lives() {
    let intent = intent();
    assert!(intent.may_be_replayed(at(ASKED)) && intent.may_be_replayed(at(ASKED) + TimeDelta::minutes(49)));
    assert!(!intent.may_be_replayed(at(ASKED) + REPLAY_WITHIN));
    // A clock that runs backwards proves nothing.
    assert!(!intent.may_be_replayed(at(ASKED) - TimeDelta::seconds(1)));
}

#[test]
fn no_two_attempts_share_a_key() {
    let key = |job: &str, attempt, when: &str| booking_key(job, attempt, at(when));
    let one = key("economic-1:148:1", 1, ASKED);
    assert_eq!(one, key("economic-1:148:1", 1, ASKED));
    assert_eq!(one.len(), 35);
    for other in [
        key("economic-1:148:2", 1, ASKED),
        key("economic-1:148:1", 2, ASKED),
        key("economic-1:148:1", 1, "2026-01-15T12:00:00.001Z"),
    ] {
        assert_ne!(one, other);
    }
}
