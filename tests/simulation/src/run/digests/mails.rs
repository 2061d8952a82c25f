//! Each digest and each notice is handed over once at most, says what was kept, and is kept as it fared.

use std::collections::BTreeMap;

use domain::{
    digest::{Content, Fate, Kept, NotMailed, render_digest, render_notice},
    ids::TenantId,
    letters::address::MailAddress,
};
use judge::{DigestMail, promises::Broken, read_digest};

use super::Story;
use crate::memory::Memory;

/// The digests and notices that the mail service took, whether or not anybody was told so.
pub(super) fn by_tenant(memory: &Memory) -> BTreeMap<TenantId, Vec<DigestMail>> {
    let mut mails: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for mail in memory.mailer().sent().iter().filter(|mail| mail.is_digest()) {
        #[expect(clippy::expect_used, reason = "a mail that's none is a defect of ours, to be seen at once")]
        let read = read_digest(mail.raw.as_bytes()).expect("the digests are mails that can be read");
        mails.entry(read.tenant.clone()).or_default().push(read);
    }
    mails
}

pub(super) fn broken(story: &Story<'_>, mailed: &[DigestMail]) -> Vec<Broken> {
    let mut left: Vec<&DigestMail> = mailed.iter().collect();
    let mut broken = Vec::new();
    for (_, kept) in &story.kept {
        let (of_it, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|mail| carries(mail, kept));
        left = others;
        let told = format!("{} {}", kept.key.kind.as_str(), kept.key.date);
        if of_it.len() > 1 {
            broken.push(story.broken(&format!("a mail was sent {} times: {told}", of_it.len())));
        } else if !is_told(kept, of_it.len()) {
            broken.push(story.broken(&format!(
                "a mail is told of wrongly, {} sent: {told} {:?}",
                of_it.len(),
                kept.mail
            )));
        }
    }
    broken.extend(left.iter().map(|mail| story.broken(&format!("a mail says what wasn't kept: {}", mail.text))));
    broken
}

/// Whether it's this mail, to these people, word by word.
fn carries(mail: &DigestMail, kept: &Kept) -> bool {
    let says = || match &kept.says {
        Content::Digest(digest) => render_digest(digest),
        Content::Notice(notice) => render_notice(notice),
    };
    mail.kind == kept.key.kind.as_str()
        && mail.to.iter().map(String::as_str).eq(kept.to.iter().map(MailAddress::as_str))
        && mail.text.lines().eq(says().text.lines())
}

/// Whether what is kept of it can be so, as often as it was sent.
fn is_told(kept: &Kept, sent: usize) -> bool {
    match &kept.mail {
        Fate::Accepted { .. } => sent == 1,
        // Only whoever asks for it is told that nothing happened.
        Fate::NotMailed { why: NotMailed::NobodySet } => sent == 0 && kept.to.is_empty(),
        Fate::NotMailed { why: NotMailed::NothingToSay } => {
            sent == 0 && kept.digest().is_some_and(domain::digest::Digest::is_empty)
        }
        Fate::Ready | Fate::Refused { .. } => sent == 0,
        Fate::Intended { .. } | Fate::Unknown { .. } => true,
    }
}
