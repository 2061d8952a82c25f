//! Everything that can go wrong around the functions goes wrong, by a seed, for days on end: no promise is broken, and when
//! it's over each period has its one invoice.

mod people;
mod town;
mod trial;
mod world;

use stage::Odds;
use trial::Trial;

/// Nothing goes wrong.
const CALM: Trial =
    Trial { name: "", first_company: 0, companies: 6, months: 1, seed: 1, odds: QUIET, outages: 0, redelivery: 0 };
const QUIET: Odds = Odds { kill: 0, kill_after_effect: 0, cut: 0, cut_after_effect: 0 };

#[tokio::test(flavor = "multi_thread")]
async fn processes_killed_wherever_a_call_may_be() {
    let odds = Odds { kill: 40, kill_after_effect: 6, ..QUIET };
    let trial = Trial { name: "chaos_kills", first_company: 8001, companies: 5, months: 2, odds, ..CALM };
    let suffered = Box::pin(trial.run()).await;
    assert!(suffered.harm.kills >= 150, "{suffered:?}");
    assert!(suffered.harm.kills_after >= 40, "{suffered:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_cut_before_and_after_the_effect() {
    let odds = Odds { cut: 15, cut_after_effect: 4, ..QUIET };
    let trial = Trial { name: "chaos_cuts", first_company: 8101, odds, ..CALM };
    let suffered = Box::pin(trial.run()).await;
    assert!(suffered.harm.cuts >= 100, "{suffered:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_handed_out_again_while_they_are_in_hand() {
    let trial = Trial { name: "chaos_redelivery", first_company: 8201, redelivery: 10, ..CALM };
    let suffered = Box::pin(trial.run()).await;
    assert!(suffered.redelivered >= 50, "{suffered:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn services_that_go_down_and_come_back_with_what_they_had() {
    let trial = Trial { name: "chaos_outages", first_company: 8301, outages: 60, ..CALM };
    let suffered = Box::pin(trial.run()).await;
    assert!(suffered.outages >= 10, "{suffered:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it_at_once() {
    let odds = Odds { kill: 50, kill_after_effect: 8, cut: 50, cut_after_effect: 12 };
    let trial = Trial {
        name: "chaos_all",
        first_company: 8401,
        companies: 6,
        months: 2,
        odds,
        outages: 200,
        redelivery: 20,
        ..CALM
    };
    let suffered = Box::pin(trial.run()).await;
    assert!(suffered.harm.kills >= 80, "{suffered:?}");
    assert!(suffered.harm.cuts >= 20, "{suffered:?}");
    assert!(suffered.outages >= 8, "{suffered:?}");
    assert!(suffered.redelivered >= 15, "{suffered:?}");
}
