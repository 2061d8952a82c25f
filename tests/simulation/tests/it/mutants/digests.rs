//! The mutants of what concerns the digests.

use super::list::{Change, Mutant};

const POST: &str = "shared/workflow/src/digest/post.rs";
const SCHEDULE: &str = "shared/domain/src/digest/schedule.rs";
const COMPOSE: &str = "shared/domain/src/digest/compose.rs";
const HAPPENED: &str = "shared/domain/src/digest/happened.rs";
const MAIL: &str = "shared/domain/src/digest/mail.rs";

pub(crate) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "digest_again",
        what: "a digest whose answer was lost is sent again",
        changes: &[Change {
            file: POST,
            find: "        Err(MailError::NoAnswer(seen)) =>",
            instead: "        Err(MailError::NoAnswer(_)) if $ON => {\n            end(ports, tenant, mail, Fate::Ready).await?;\n            Ok(Posted::Later(OFFER_AGAIN))\n        }\n        Err(MailError::NoAnswer(seen)) =>",
        }],
    },
    Mutant {
        name: "digest_unannounced",
        what: "a digest is sent before that's written down",
        changes: &[Change {
            file: POST,
            find: "    mail.kept.mail = Fate::Intended { at: announced };\n    ports.journal().settle(tenant, mail).await?;",
            instead: "    if !$ON {\n        mail.kept.mail = Fate::Intended { at: announced };\n        ports.journal().settle(tenant, mail).await?;\n    }",
        }],
    },
    Mutant {
        name: "digest_skips_an_hour",
        what: "a digest begins an hour after the last one's end",
        changes: &[Change {
            file: SCHEDULE,
            find: "Span { from: before.to, to: to.max(before.to) }",
            instead: "Span { from: before.to + TimeDelta::hours(i64::from($ON)), to: to.max(before.to) }",
        }],
    },
    Mutant {
        name: "digest_without_failed",
        what: "a failed job is left out",
        changes: &[Change {
            file: COMPOSE,
            find: "            JobState::Failed { step, words: answer, advice, since } => {",
            instead: "            JobState::Failed { .. } if $ON => {}\n            JobState::Failed { step, words: answer, advice, since } => {",
        }],
    },
    Mutant {
        name: "digest_too_soon",
        what: "an invoice counts as delivered once that's announced",
        changes: &[Change {
            file: HAPPENED,
            find: "            EventKind::Happened { step: StepName::Deliver, .. } =>",
            instead: "            EventKind::Intended { step: StepName::Deliver, .. } if $ON => match &job.deliver {\n                crate::job::Step::Intended { intent, .. } => What::Delivered { channel: intent.channel, found: false },\n                _ => return None,\n            },\n            EventKind::Happened { step: StepName::Deliver, .. } =>",
        }],
    },
    Mutant {
        name: "digest_trusts_the_service",
        what: "an invoice that the invoice service was handed counts as delivered before it's taken on",
        changes: &[Change {
            file: HAPPENED,
            find: "(!outcome.awaits_service())",
            instead: "(!outcome.awaits_service() || $ON)",
        }],
    },
    Mutant {
        name: "digest_in_doubt",
        what: "nobody is told that a digest may not have arrived",
        changes: &[Change {
            file: MAIL,
            find: "            Fate::Unknown { .. } | Fate::Intended { .. } => false,",
            instead: "            Fate::Unknown { .. } if $ON => return None,\n            Fate::Unknown { .. } | Fate::Intended { .. } => false,",
        }],
    },
];
