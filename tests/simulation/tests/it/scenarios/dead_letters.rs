//! What nobody could deal with lies in the dead letters with its reason, can go back, and is nobody's only trace of work.

use chrono::TimeDelta;
use simulation::{Call, Fault, MOST_TRIES, MemoryQueues, VISIBILITY, When};
use workflow::{
    ScanMessage, WorkQueue,
    dead_letters::{
        Acted, Content, DeadLetter, DeadLetterQueue, Deed, LetterId, NOBODY_LIVED, RedriveError, RedrivenAll, discard,
        list, redrive, redrive_all,
    },
    ports::{DeadLetters, InHand, Journal, Listing, PortError},
};

use super::world::World;

const BOOKING: DeadLetterQueue = DeadLetterQueue::Booking;
const MINUTES: TimeDelta = TimeDelta::minutes(5);
const NO_ANSWER: Fault = Fault::NoAnswer(When::Before);
const KILLED: Fault = Fault::Crash(When::Before);

impl World {
    /// Lets workers try what is in the queues as often as the queues allow, with no heartbeat.
    fn try_to_the_end(&self) {
        for _ in 0..=MOST_TRIES {
            self.drain();
            self.memory.clock().pass(VISIBILITY);
        }
        self.drain();
    }

    /// A booking message for February, given up because `call` met `fault` at every try.
    fn given_up(call: Call, fault: Fault) -> Self {
        let world = Self::due();
        world.tick();
        assert!(world.step(), "the scan");
        world.memory.faults().always(call, fault);
        world.try_to_the_end();
        world.memory.faults().clear();
        assert_eq!(world.memory.queues().len(), 0);
        world
    }

    fn letters(&self) -> Vec<DeadLetter> {
        self.memory.run(list(self.memory.queues(), None, 100)).unwrap().unwrap().letters
    }

    fn the_letter(&self) -> DeadLetter {
        let [letter] = &self.letters()[..] else { panic!("one letter: {:?}", self.letters()) };
        letter.clone()
    }

    fn redrive(&self, id: &LetterId) -> Option<Result<Acted, RedriveError>> {
        self.memory.run(redrive(&self.memory, self.memory.queues(), "anna", BOOKING, id))
    }

    fn redrive_all(&self, queue: DeadLetterQueue) -> RedrivenAll {
        self.memory.run(redrive_all(&self.memory, self.memory.queues(), "anna", queue)).unwrap().unwrap()
    }

    /// Who did what, and whether it was done.
    fn deeds(&self, queue: DeadLetterQueue) -> Vec<(String, Deed, LetterId, bool)> {
        let deeds = self.memory.run(self.memory.journal().deeds(queue, 100)).unwrap().unwrap();
        deeds.into_iter().map(|deed| (deed.by, deed.deed, deed.letter, deed.done)).collect()
    }
}

#[test]
fn a_store_that_is_down_at_every_try_is_named_and_a_redrive_works_the_letter_off() {
    let world = World::given_up(Call::Claim, NO_ANSWER);
    let letter = world.the_letter();
    assert_eq!(letter.queue, BOOKING);
    assert_eq!(letter.why(), "claiming a job: no answer");
    assert_eq!(letter.told.tries, Some(MOST_TRIES));
    assert_eq!(letter.told.first_sent_at, Some(world.job(&world.february()).matched_at));
    assert!(letter.told.arrived_at > letter.told.first_sent_at);
    assert_eq!(world.done(), [0; 4]);

    assert_eq!(world.redrive(&letter.id).unwrap().unwrap(), Acted::Done(Box::new(letter.clone())));
    assert_eq!(world.letters(), []);
    world.drain();
    assert_eq!(world.done(), [1; 4]);
    assert_eq!(world.deeds(BOOKING), [("anna".to_owned(), Deed::Redrive, letter.id, true)]);
}

#[test]
fn a_worker_that_is_killed_at_every_try_leaves_no_words() {
    let letter = World::given_up(Call::Claim, KILLED).the_letter();
    assert_eq!((letter.why(), &letter.told.error, letter.told.tries), (NOBODY_LIVED, &None, None));
    assert!(letter.told.first_sent_at.is_some());
}

#[test]
fn dead_letters_that_cannot_be_reached_cost_the_words_and_never_the_letter() {
    let world = World::due();
    world.memory.faults().always(Call::GiveUp, NO_ANSWER);
    world.memory.queues().put(WorkQueue::Booking, "gibberish");
    world.try_to_the_end();
    assert_eq!(world.memory.faults().count(Call::GiveUp), 1, "only the last try gives up");
    let letter = world.the_letter();
    assert_eq!((letter.body.as_str(), letter.why()), ("gibberish", NOBODY_LIVED));
}

/// Its worker dies after giving it up, before its queue knows.
#[test]
fn a_letter_that_lies_there_twice_can_be_redriven_twice() {
    let world = World::due();
    world.tick();
    world.step();
    world.memory.faults().always(Call::Claim, NO_ANSWER);
    world.memory.faults().next(Call::GiveUp, Fault::Crash(When::After));
    world.try_to_the_end();
    world.memory.faults().clear();
    let [one, other] = &world.letters()[..] else { panic!("{:?}", world.letters()) };
    for letter in [one, other] {
        assert!(matches!(world.redrive(&letter.id), Some(Ok(Acted::Done(_)))));
        world.drain();
    }
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn our_own_pacing_brings_no_message_closer_to_the_dead_letters() {
    let world = World::due();
    world.scan_only();
    world.memory.faults().always(Call::Slot, Fault::Busy(std::time::Duration::from_secs(1)));
    for _ in 0..3 * MOST_TRIES {
        world.drain();
        world.memory.clock().pass(TimeDelta::seconds(1));
    }
    assert_eq!(world.letters(), []);
    assert!(world.memory.faults().count(Call::Slot) > 2 * u64::from(MOST_TRIES));
}

#[test]
fn an_unreadable_letter_is_not_redriven_and_can_be_discarded() {
    let world = World::due();
    world.memory.queues().put(WorkQueue::Booking, r#"{"kind":"book.v9"}"#);
    world.try_to_the_end();
    let letter = world.the_letter();
    assert!(letter.why().contains("unknown variant `book.v9`"), "{}", letter.why());

    let refusal = world.redrive(&letter.id).unwrap().unwrap_err();
    assert!(matches!(&refusal, RedriveError::Unreadable { id, .. } if *id == letter.id), "{refusal}");
    assert!(!refusal.may_be_repeated());
    assert_eq!(world.the_letter(), letter, "it's there, and free for others");
    assert_eq!((world.memory.queues().len(), world.deeds(BOOKING)), (0, vec![]));

    let gone =
        world.memory.run(discard(&world.memory, world.memory.queues(), "bo", BOOKING, &letter.id)).unwrap().unwrap();
    assert_eq!(gone, Acted::Done(Box::new(letter.clone())));
    assert_eq!((world.letters(), world.memory.queues().len()), (vec![], 0));
    let deeds = world.memory.run(world.memory.journal().deeds(BOOKING, 1)).unwrap().unwrap();
    assert_eq!(world.deeds(BOOKING), [("bo".to_owned(), Deed::Discard, letter.id.clone(), true)]);
    assert_eq!((&deeds[0].body, &deeds[0].error), (&letter.body, &letter.told.error));
}

#[test]
fn a_tick_is_left_to_the_next_tick() {
    let world = World::new();
    world.memory.queues().put_letter(DeadLetterQueue::Schedule, r#"{"tick":"scan"}"#);
    let all = world.redrive_all(DeadLetterQueue::Schedule);
    assert_eq!((all.redriven.len(), all.refused.len()), (0, 1));
    assert!(all.refused[0].why.contains("next tick"), "{all:?}");
    assert_eq!(world.letters().len(), 1);
}

#[test]
fn who_comes_second_finds_the_letter_gone() {
    let world = World::given_up(Call::Claim, NO_ANSWER);
    let letter = world.the_letter();
    assert!(matches!(world.redrive(&letter.id), Some(Ok(Acted::Done(_)))));
    assert_eq!(world.redrive(&letter.id).unwrap().unwrap(), Acted::AlreadyGone);
    let late =
        world.memory.run(discard(&world.memory, world.memory.queues(), "bo", BOOKING, &letter.id)).unwrap().unwrap();
    assert_eq!(late, Acted::AlreadyGone);
    assert_eq!(world.deeds(BOOKING).len(), 1, "nothing was done, so nothing is told");
    world.drain();
    assert_eq!(world.done(), [1; 4]);
}

#[test]
fn a_redrive_that_dies_anywhere_loses_nothing() {
    let calls = [Call::TakeLetter, Call::KeepDeed, Call::SendMessage, Call::DeleteLetter];
    for call in calls {
        for when in [When::Before, When::After] {
            for fault in [Fault::Crash(when), Fault::NoAnswer(when)] {
                let told = format!("{call:?} {fault:?}");
                let world = World::given_up(Call::Claim, NO_ANSWER);
                let letter = world.the_letter();
                world.memory.faults().next(call, fault);
                assert!(!matches!(world.redrive(&letter.id), Some(Ok(_))), "{told}");
                let (there, sent) = (world.memory.queues().letters(BOOKING).len(), world.memory.queues().len());
                assert!(there + sent > 0, "{told}: lost");

                // Somebody does it again, and both may have been sent.
                world.redrive(&letter.id).unwrap().unwrap();
                assert_eq!(world.memory.queues().letters(BOOKING), [], "{told}");
                world.drain();
                assert_eq!(world.done(), [1; 4], "{told}");
                let deeds = world.deeds(BOOKING);
                let begun = call != Call::TakeLetter && deeds.iter().any(|(.., done)| !done);
                assert!(begun || deeds.iter().any(|(.., done)| *done), "{told}: {deeds:?}");
            }
        }
    }
}

#[test]
fn what_a_deed_says_is_there_before_the_letter_is_gone() {
    let world = World::given_up(Call::Claim, NO_ANSWER);
    let letter = world.the_letter();
    world.memory.faults().next(Call::DeleteLetter, Fault::Crash(When::After));
    assert!(world.memory.run(discard(&world.memory, world.memory.queues(), "bo", BOOKING, &letter.id)).is_none());
    assert_eq!(world.letters(), []);
    assert_eq!(world.deeds(BOOKING), [("bo".to_owned(), Deed::Discard, letter.id, false)]);
}

#[test]
fn a_letter_in_a_dead_person_s_hands_is_back_by_itself() {
    let world = World::given_up(Call::Claim, NO_ANSWER);
    let letter = world.the_letter();
    world.memory.faults().next(Call::KeepDeed, KILLED);
    assert!(world.redrive(&letter.id).is_none());
    let hidden = world.memory.run(list(world.memory.queues(), Some(BOOKING), 10)).unwrap().unwrap();
    assert_eq!((hidden.letters, hidden.more), (vec![], 1), "it's told that there is one");
    world.memory.clock().pass(MINUTES);
    assert_eq!(world.the_letter(), letter);
}

#[test]
fn at_night_all_that_can_be_read_goes_back_and_the_rest_is_told() {
    let world = World::due();
    let queues = world.memory.queues();
    for key in [world.february(), world.key(8, "2026-02-01")] {
        queues.put_letter(BOOKING, &format!(r#"{{"kind":"book.v1","job":"{key}"}}"#));
        queues.put_letter(BOOKING, &format!("gibberish {key}"));
    }
    queues.put_letter(DeadLetterQueue::Delivery, r#"{"kind":"deliver.v1","job":"fortnox-1:7:2026-02-01"}"#);
    let all = world.redrive_all(BOOKING);
    assert_eq!((all.redriven.len(), all.refused.len(), all.elsewhere.len(), all.more), (2, 2, 0, 0));
    assert!(all.stopped.is_none());
    assert_eq!(queues.bodies(WorkQueue::Booking).len(), 2);
    let left: Vec<_> = world.letters().into_iter().map(|letter| (letter.queue, letter.content)).collect();
    assert!(
        matches!(
            &left[..],
            [
                (BOOKING, Content::Unreadable { .. }),
                (BOOKING, Content::Unreadable { .. }),
                (DeadLetterQueue::Delivery, Content::Message(_))
            ]
        ),
        "{left:?}"
    );
    assert_eq!(world.deeds(BOOKING).len(), 2);
}

/// The letters, of which another comes as soon as they were listed.
struct Newcomers<'a>(&'a MemoryQueues, String);

impl DeadLetters for Newcomers<'_> {
    async fn list(&self, queue: DeadLetterQueue, limit: usize) -> Result<Listing, PortError> {
        let listing = self.0.list(queue, limit).await;
        self.0.put_letter(queue, &self.1);
        listing
    }

    async fn take(&self, queue: DeadLetterQueue, id: &LetterId) -> Result<Option<InHand>, PortError> {
        self.0.take(queue, id).await
    }

    async fn take_any(&self, queue: DeadLetterQueue) -> Result<Vec<InHand>, PortError> {
        self.0.take_any(queue).await
    }

    async fn put_back(&self, held: &InHand) -> Result<(), PortError> {
        self.0.put_back(held).await
    }

    async fn delete(&self, held: &InHand) -> Result<(), PortError> {
        DeadLetters::delete(self.0, held).await
    }
}

#[test]
fn letters_that_come_while_all_are_redriven_are_left_for_the_next_time() {
    let world = World::due();
    let body = format!(r#"{{"kind":"book.v1","job":"{}"}}"#, world.february());
    world.memory.queues().put_letter(BOOKING, &body);
    let letters = Newcomers(world.memory.queues(), body);
    let all = world.memory.run(redrive_all(&world.memory, &letters, "anna", BOOKING)).unwrap().unwrap();
    assert_eq!((all.redriven.len(), all.refused.len(), all.elsewhere.len()), (1, 0, 0));
    assert_eq!(world.letters().len(), 1, "free, and where it was");
}

#[test]
fn a_night_s_work_that_is_cut_short_says_how_far_it_got() {
    let world = World::due();
    for start in ["2026-02-01", "2026-03-01", "2026-04-01"] {
        let body = format!(r#"{{"kind":"book.v1","job":"{}"}}"#, world.key(7, start));
        world.memory.queues().put_letter(BOOKING, &body);
    }
    world.memory.faults().next(Call::DeleteLetter, Fault::NoAnswer(When::After));
    let all = world.redrive_all(BOOKING);
    assert_eq!((all.redriven.len(), all.elsewhere.len()), (0, 0));
    assert_eq!(all.stopped.unwrap().to_string(), "removing a dead letter: no answer");
    assert_eq!(world.letters().len(), 2, "the others are free for the next try");
    let all = world.redrive_all(BOOKING);
    assert_eq!((all.redriven.len(), all.stopped.is_none()), (2, true));
}

/// What a letter about a job or a scan says: that it can be discarded without risk.
#[test]
fn the_heartbeat_finds_the_work_of_every_letter_by_itself() {
    for call in [Call::OfTenant, Call::Claim, Call::Save] {
        let world = World::due();
        world.tick();
        world.memory.faults().always(call, KILLED);
        world.try_to_the_end();
        world.memory.faults().clear();
        let letter = world.the_letter();
        assert!(letter.what_it_means().contains("without risk"));
        world
            .memory
            .run(discard(&world.memory, world.memory.queues(), "bo", letter.queue, &letter.id))
            .unwrap()
            .unwrap();
        assert_eq!(world.done(), [0; 4]);
        world.pass(TimeDelta::hours(1));
        assert_eq!(world.done(), [1; 4], "{call:?}");
    }
}

#[test]
fn an_agreement_to_be_looked_at_again_is_looked_at_by_the_next_daily_scan() {
    let world = World::due();
    let agreement = world.february().agreement().unwrap().clone();
    let message = ScanMessage::Agreement { tenant: world.tenant.clone(), agreement };
    let message: workflow::Message = message.into();
    world.memory.queues().put(WorkQueue::Scan, &message.body().unwrap());
    world.memory.faults().always(Call::OfAgreement, KILLED);
    world.try_to_the_end();
    world.memory.faults().clear();
    assert!(world.the_letter().what_it_means().contains("daily scan"));
    world.scan_at(&world.tenant, world.now() + TimeDelta::hours(20));
    world.pass(TimeDelta::hours(19));
    assert_eq!(world.done(), [0; 4]);
    world.pass(TimeDelta::hours(2));
    assert_eq!(world.done(), [1; 4]);
}

/// Whatever the accounting system or the mail service answers, it's an outcome of the job or of the scan.
#[test]
fn nothing_of_the_business_ends_with_the_dead_letters() {
    let calls = [
        Call::Agreements,
        Call::Agreement,
        Call::CreateInvoice,
        Call::InvoicesOf,
        Call::Invoice,
        Call::Book,
        Call::MarkSent,
        Call::Pdf,
        Call::Customer,
        Call::Company,
        Call::SendMail,
    ];
    let faults = [
        Fault::Refused("no"),
        Fault::TenantBlocked("no consent"),
        Fault::NotTaken,
        NO_ANSWER,
        Fault::NoAnswer(When::After),
    ];
    for call in calls {
        for fault in &faults {
            let world = World::due();
            world.memory.faults().always(call, fault.clone());
            world.pass(TimeDelta::days(3));
            assert!(call == Call::InvoicesOf || world.memory.faults().count(call) > 0, "{call:?} was never called");
            assert_eq!(world.letters(), [], "{call:?} {fault:?}");
            // Nor is anything on its way there.
            world.memory.faults().clear();
            world.try_to_the_end();
            assert_eq!(world.letters(), [], "{call:?} {fault:?}");
        }
    }
}
