//! What the simulation found about digests.

use chrono::{DateTime, TimeDelta, Utc};
use domain::due::Reading;
use futures_util::future::join;
use serde_json::json;
use simulation::Memory;
use workflow::{
    Message, digest,
    ports::{Clock, Digests},
};

use crate::scenarios::world::{World, everything, monthly, with};

/// What a worker does that takes a digest's message the moment it's there.
async fn first_come(memory: &Memory) {
    loop {
        if let Some(received) = memory.queues().receive() {
            let Message::Digest(message) = &received.message else { continue };
            digest::work(memory, memory.mailer(), message).await.unwrap();
            memory.queues().delete(&received);
            return;
        }
        memory.clock().sleep_until(memory.clock().now() + TimeDelta::milliseconds(1)).await;
    }
}

/// A worker that was faster than the heartbeat which had asked for it had its time moved meanwhile, couldn't move it on, and was
/// woken for nothing every quarter of an hour.
#[test]
fn a_digest_is_asked_for_once_however_fast_its_worker_is() {
    let digests = json!({"digest_to": ["anna@byran.example"], "digest_hour": 12});
    let world = World::with_profile(with(everything(), digests));
    world.person().enter_agreement(&monthly(7), Reading::NextPeriod).unwrap();
    let memory = &world.memory;
    memory.run(digest::register(memory)).unwrap().unwrap();
    for seed in 0..20 {
        memory.faults().take_time(seed);
        let due = memory.run(memory.journal().digests_wake(&world.tenant)).unwrap().unwrap().unwrap();
        memory.clock().pass_until(due);
        let (ticked, ()) = memory.run(join(digest::tick(memory), first_come(memory))).unwrap();
        ticked.unwrap();
        let next: Option<DateTime<Utc>> = memory.run(memory.journal().digests_wake(&world.tenant)).unwrap().unwrap();
        let in_time = memory.clock().now() + TimeDelta::minutes(20);
        assert!(next.is_some_and(|next| next > in_time), "{seed}: {next:?} at {}", memory.clock().now());
    }
}
