//! The real function binaries on the local cloud, judged by the ledger of the simulated Fortnox and by the mails that left.
//! Each module is a promise.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod acts_only_as_told;
mod company;
mod connects_companies;
mod dane;
mod dead_letters_have_a_way_back;
mod delivers_by_fortnox;
mod delivers_to_service;
mod digests_are_mailed;
mod drafts_are_booked;
mod drafts_survive_chaos;
mod drafts_wait_with_a_reason;
mod given_by_the_template;
mod keeps_tenants_apart;
mod leaves_room_for_people;
mod mails_are_followed;
mod nothing_is_lost;
mod once_per_period;
mod prices_follow;
mod refusals_end_with_a_person;
mod scene;
mod signals_are_signed;
mod survives_chaos;
mod survives_kills;
mod survives_lost_answers;
mod survives_outages;
mod survives_repeats;
mod tells_what_it_does;
