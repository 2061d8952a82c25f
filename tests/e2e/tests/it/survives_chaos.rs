//! Everything that can go wrong around the functions goes wrong, by a seed, for days on end: no promise is broken, and when
//! it's over each period has its one invoice.

mod people;
mod town;
mod trial;

use stage::Odds;
use trial::Trial;

#[tokio::test(flavor = "multi_thread")]
async fn killed_a_hundred_times_wherever_a_call_may_be() {
    let odds = Odds { kill: 30, kill_after_effect: 6, ..Odds::default() };
    let trial = Trial { name: "chaos_kills", first_company: 8001, companies: 12, months: 2, seed: 1, odds };
    let harm = trial.run().await;
    assert!(harm.kills >= 100, "{harm:?}");
    assert!(harm.kills_after >= 20, "{harm:?}");
}
