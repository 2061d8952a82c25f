//! The mutants of what concerns drafts.

use super::list::{Change, Mutant};

const DRAFT: &str = "shared/workflow/src/steps/book_draft.rs";
const ANNOUNCE: &str = "shared/workflow/src/steps/book_draft/announce.rs";
const GONE: &str = "shared/workflow/src/steps/book_draft/gone.rs";
const OBJECTIONS: &str = "shared/workflow/src/steps/book_draft/objections.rs";
const OBSERVE: &str = "shared/workflow/src/steps/book_draft/observe.rs";
const DECIDE: &str = "shared/domain/src/draft/decide.rs";

pub(crate) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "draft_as_it_was",
        what: "a draft is booked as it was decided on, whatever it is by now",
        changes: &[Change {
            file: DRAFT,
            find: "    if let Some(turn) = decided_anew(run, settings, &draft, &wanted).await? {",
            instead: "    if let Some(turn) = if $ON { None } else { decided_anew(run, settings, &draft, &wanted).await? } {",
        }],
    },
    Mutant {
        name: "draft_retried",
        what: "a booking without an answer is asked for anew",
        changes: &[Change {
            file: ANNOUNCE,
            find: "            Happened::Perhaps => run.wait_until(announced + SETTLED_AFTER).await,",
            instead: "            Happened::Perhaps if $ON => {\n                run.job_mut().book.not_done(\"no answer\".to_owned());\n                Ok(Turn::Again)\n            }\n            Happened::Perhaps => run.wait_until(announced + SETTLED_AFTER).await,",
        }],
    },
    Mutant {
        name: "draft_found_is_theirs",
        what: "an invoice that is found after a lost answer is taken for a person's",
        changes: &[Change {
            file: OBSERVE,
            find: "        BookingVerdict::Booked(invoice) if intent.may_be_replayed(now) =>",
            instead: "        BookingVerdict::Booked(invoice) if $ON => booked(run, invoice, None).await,\n        BookingVerdict::Booked(invoice) if intent.may_be_replayed(now) =>",
        }],
    },
    Mutant {
        name: "draft_found_is_ours",
        what: "an invoice that a person booked is taken for ours",
        changes: &[Change {
            file: GONE,
            find: "perhaps_ours(run).then_some(Channel::None)",
            instead: "(perhaps_ours(run) || $ON).then_some(Channel::None)",
        }],
    },
    Mutant {
        name: "draft_held_back",
        what: "the hold word is overlooked",
        changes: &[Change {
            file: DECIDE,
            find: "    if holds_back(draft, policy) {",
            instead: "    if holds_back(draft, policy) && !$ON {",
        }],
    },
    Mutant {
        name: "draft_unmarked",
        what: "a draft without a sign counts as finished",
        changes: &[Change {
            file: DECIDE,
            find: "    Err(if seen.signalled_at.is_some() {",
            instead: "    if $ON {\n        return Ok(Sign::Subscription);\n    }\n    Err(if seen.signalled_at.is_some() {",
        }],
    },
    Mutant {
        name: "draft_of_anybody",
        what: "customers that aren't flagged are sent their drafts too",
        changes: &[Change {
            file: DECIDE,
            find: "    if !policy.automatic {",
            instead: "    if !policy.automatic && !$ON {",
        }],
    },
    Mutant {
        name: "draft_ahead",
        what: "a draft is booked before its date",
        changes: &[Change {
            file: DECIDE,
            find: "    if draft.print.date > seen.today {\n        return DraftVerdict::Unfinished",
            instead: "    if draft.print.date > seen.today && !$ON {\n        return DraftVerdict::Unfinished",
        }],
    },
    Mutant {
        name: "draft_mailed_to_ean",
        what: "a public customer gets a PDF by mail",
        changes: &[Change {
            file: OBJECTIONS,
            find: "Channel::SesEmail | Channel::EconomicEmail if public =>",
            instead: "Channel::SesEmail | Channel::EconomicEmail if public && !$ON =>",
        }],
    },
];
