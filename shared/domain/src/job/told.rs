//! A line of a job's story in words, for a person who looks at it.

use std::fmt;

use super::{Ending, EventKind};
use crate::{draft::DraftVerdict, due::Verdict};

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decided { decision } => match &decision.verdict {
                Verdict::Due(due) => write!(f, "due: {}, {}", due.period, due.total),
                Verdict::Held { reason, .. } => write!(f, "held when it was decided on: {reason}"),
                _ => f.write_str("decided on again, and not due"),
            },
            Self::DraftDecided { decision } => match &decision.verdict {
                DraftVerdict::Held { reason, .. } => write!(f, "held when it was decided on: {reason}"),
                _ => f.write_str("found finished"),
            },
            Self::Intended { step, attempt } => write!(f, "{step}: about to, attempt {attempt}"),
            Self::Happened { step, invoice, how } => write!(f, "{step}: done, invoice {invoice} ({how})"),
            Self::NotDone { step, why } => write!(f, "{step}: not done ({why})"),
            Self::Unknown { step, seen } => write!(f, "{step}: what came of it isn't known yet ({seen})"),
            Self::Skipped { step, why } => write!(f, "{step}: not wanted ({why})"),
            Self::LookedInVain { why } => write!(f, "looked in vain, and will look again ({why})"),
            Self::Held { reason } => write!(f, "waits for a person: {reason}"),
            Self::Resumed { why } => write!(f, "goes on ({why})"),
            Self::CameBack { how } => write!(f, "the mail came back: {how}"),
            Self::Resent { by, why } => write!(f, "{by} has it delivered once more: {why}"),
            Self::Approved { by } => write!(f, "{by} said yes"),
            Self::Failed { step, words } => write!(f, "{step}: refused for good ({words})"),
            Self::Finished { ending } => write!(f, "ended: {ending}"),
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Completed => "all that the settings asked for was done",
            Self::Adopted => "a person had made the invoice, and the rest was left to them",
            Self::NotDue => "it was no longer due",
            Self::Gone => "the draft was deleted",
            Self::SkippedByPerson => "a person skipped it",
        })
    }
}
