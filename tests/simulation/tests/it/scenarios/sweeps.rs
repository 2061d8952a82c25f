//! Drafts are looked at when it's time, or when their integration says so; neither is lost.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::{SystemKind, TenantId},
    job::JobKey,
    settings::Scope,
    signal::VerifiedSignal,
};
use serde_json::Map;
use simulation::{Call, Fault, Memory, VirtualClock, When};
use workflow::{
    WorkQueue,
    ports::{Clock, Look, Settings, Signals},
    ready::{self, AcceptError},
    scan, sweep,
};

use super::world::FIRST;

fn dane(number: u64) -> TenantId {
    TenantId::new(SystemKind::Economic, number)
}

/// A company in each system, neither of which was ever looked at.
fn memory() -> Memory {
    let memory = Memory::new(VirtualClock::new(FIRST.parse().unwrap()));
    for system in [SystemKind::Fortnox, SystemKind::Economic] {
        memory.settings().put(&TenantId::new(system, 1), Scope::Profile, Map::new());
    }
    memory
}

fn sent(memory: &Memory) -> Vec<String> {
    memory.queues().bodies(WorkQueue::Sweep)
}

fn due(memory: &Memory, look: Look, at: DateTime<Utc>) -> Vec<TenantId> {
    memory.run(memory.settings().due_for(look, at, 10)).unwrap().unwrap()
}

const SWEEP: &str = r#"{"kind":"sweep_tenant.v1","tenant":"economic-1","after":null}"#;
const DRAFT: &str = r#"{"kind":"sweep_draft.v1","tenant":"economic-1","draft":148}"#;

#[test]
fn a_new_tenant_is_taken_up_for_what_its_system_has_and_swept_again_if_its_sweep_is_lost() {
    let memory = memory();
    memory.run(scan::register(&memory)).unwrap().unwrap();
    let now = memory.clock().now();
    assert_eq!(due(&memory, Look::Sweep, now), [dane(1)]);
    assert_eq!(due(&memory, Look::Scan, now), [TenantId::new(SystemKind::Fortnox, 1)]);

    memory.run(sweep::tick(&memory)).unwrap().unwrap();
    assert_eq!(sent(&memory), [SWEEP]);
    memory.run(sweep::tick(&memory)).unwrap().unwrap();
    assert_eq!(sent(&memory).len(), 1, "it's under way");
    memory.queues().lose_all();
    memory.clock().pass(TimeDelta::minutes(15));
    memory.run(sweep::tick(&memory)).unwrap().unwrap();
    assert_eq!(sent(&memory), [SWEEP]);
    assert_eq!(memory.queues().bodies(WorkQueue::Scan), [""; 0], "scans have a heartbeat of their own");
}

#[test]
fn a_heartbeat_that_dies_sweeps_twice_rather_than_not_at_all() {
    for (call, fault) in [
        (Call::SendMessage, Fault::Crash(When::Before)),
        (Call::SendMessage, Fault::Crash(When::After)),
        (Call::ScanNextAt, Fault::Crash(When::Before)),
        (Call::ScanNextAt, Fault::NoAnswer(When::Before)),
    ] {
        let memory = memory();
        memory.run(scan::register(&memory)).unwrap().unwrap();
        memory.faults().next(call, fault.clone());
        assert!(!matches!(memory.run(sweep::tick(&memory)), Some(Ok(()))), "{call:?} {fault:?}");
        memory.run(sweep::tick(&memory)).unwrap().unwrap();
        assert!((1..=2).contains(&sent(&memory).len()), "{call:?} {fault:?}");
        assert_eq!(sent(&memory)[0], SWEEP);
    }
}

fn accept(memory: &Memory) -> Option<Result<JobKey, AcceptError>> {
    let (draft, nonce) = ("148".parse().unwrap(), "nonce-0123456789".parse().unwrap());
    let signal = VerifiedSignal { tenant: dane(1), draft, at: memory.clock().now(), nonce };
    memory.run(ready::accept(memory, signal))
}

/// Wherever the API dies, whoever gets no answer asks again, and then the signal is kept and the message sent.
#[test]
fn a_signal_whose_answer_was_lost_is_said_again_and_counts_once() {
    for call in [Call::LookAtJob, Call::KeepSignal, Call::SendMessage] {
        for fault in [Fault::Crash(When::Before), Fault::Crash(When::After), Fault::NoAnswer(When::After)] {
            let memory = memory();
            memory.faults().next(call, fault.clone());
            assert!(!matches!(accept(&memory), Some(Ok(_))), "{call:?} {fault:?}");
            memory.clock().pass(TimeDelta::seconds(2));
            let job = accept(&memory).unwrap().unwrap();
            assert_eq!(job.to_string(), "economic-1:148:1");
            let kept = memory.run(memory.signals().of_tenant(&dane(1))).unwrap().unwrap();
            assert_eq!(kept.len(), 1, "{call:?} {fault:?}");
            assert!(sent(&memory).iter().all(|body| body == DRAFT) && !sent(&memory).is_empty(), "{call:?} {fault:?}");
        }
    }
}
