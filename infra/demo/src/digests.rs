//! What the companies were told: the digests and notices that were kept, each with what became of its mail.

use chrono::NaiveDate;
use domain::digest::{Digest, Fate, Kept, MailKey, MailKind};
use stage::{Stage, StageError};
use workflow::ports::{Digests, Ports};

use crate::{cast::Place, scenes::Tenants};

/// What was told to whom, in the order of the days.
pub(crate) type Told = Vec<(Place, Kept)>;

/// Reads what was kept from `first` to `last`.
pub(crate) async fn read(
    stage: &Stage,
    tenants: &Tenants,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Told, StageError> {
    let operator = stage.operator()?;
    let kinds = || MailKind::NOTICES.into_iter().chain([MailKind::Digest]);
    let mut told = Told::new();
    for date in first.iter_days().take_while(|date| *date <= last) {
        for place in [Place::Bjorkangen, Place::Sonderaa] {
            for kind in kinds() {
                let kept = operator.journal().kept(tenants.of(place), &MailKey { date, kind }).await?;
                told.extend(kept.map(|kept| (place, kept.kept)));
            }
        }
    }
    Ok(told)
}

/// What a digest says of mails that came back and of prices that changed, a line each.
pub(crate) fn news(digest: &Digest) -> Vec<String> {
    let came_back =
        digest.bounced.lines.iter().map(|line| {
            format!("digest: the mail with invoice {} to customer {} came back", line.invoice, line.customer)
        });
    let prices = digest.prices.lines.iter().map(|line| {
        let on = line.invoice.as_ref().map_or(String::new(), |invoice| format!(", invoice {invoice}"));
        let (from, to) = (line.from, line.to);
        format!("digest: agreement {}{on}: article {} costs {to} instead of {from}", line.agreement, line.article)
    });
    came_back.chain(prices).collect()
}

/// How many digests and how many notices of a company were mailed.
pub(crate) fn mailed(told: &Told, place: Place) -> (usize, usize) {
    let mailed = |kept: &&Kept| matches!(kept.mail, Fate::Accepted { .. });
    let of = || told.iter().filter(|(of, _)| *of == place).map(|(_, kept)| kept).filter(mailed);
    let digests = of().filter(|kept| kept.digest().is_some()).count();
    (digests, of().count() - digests)
}
