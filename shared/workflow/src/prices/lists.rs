//! Asking the lists.

use std::collections::BTreeSet;

use accounting::Pricing;
use domain::{
    ids::{ArticleNumber, PriceListCode},
    job::LEASE,
    prices::{ListPrices, Stage},
};

use super::round::{Desk, Stop};
use crate::{
    looking::TimeLeft,
    ports::{Ports, PriceBook, WatchedAgreement},
};

impl<P: Ports> Desk<'_, P> {
    /// The lists in which an article is in use.
    pub(super) fn lists_with(&self, article: &ArticleNumber) -> Vec<PriceListCode> {
        self.lists.keys().filter(|(known, _)| known == article).map(|(_, list)| list.clone()).collect()
    }

    /// Asks what a list says of an article now. What is new is written down, and before it that agreements may be behind.
    pub(super) async fn ask_list(&mut self, article: &ArticleNumber, list: &PriceListCode) -> Result<(), Stop> {
        let prices = match self.ports.accounting().list_prices(self.tenant, list, article).await {
            Ok(prices) => prices,
            Err(error) => return Err(self.stopped_by(error).await),
        };
        let place = (article.clone(), list.clone());
        let known = self.lists.get(&place);
        if known == Some(&prices) {
            return Ok(());
        }
        if known.is_some() && !self.claimed.round.behind {
            self.claimed.round.behind = true;
            self.keep(LEASE).await?;
        }
        self.ports.prices().keep_list(self.tenant, article, list, Some(&prices)).await?;
        self.lists.insert(place, prices);
        Ok(())
    }

    /// What a list says of an article, asked only where nobody has yet.
    pub(super) async fn list_says(
        &mut self,
        article: &ArticleNumber,
        list: &PriceListCode,
    ) -> Result<ListPrices, Stop> {
        let place = (article.clone(), list.clone());
        if !self.lists.contains_key(&place) {
            self.ask_list(article, list).await?;
        }
        Ok(self.lists.get(&place).cloned().unwrap_or_default())
    }

    /// Asks for each list price that is in use behind `after`, and forgets those that aren't any more.
    pub(super) async fn all_lists(
        &mut self,
        after: Option<(ArticleNumber, PriceListCode)>,
        time: &impl TimeLeft,
    ) -> Result<(), Stop> {
        if after.is_none() {
            // What is touched from here on is asked for again.
            self.claimed.round.looked_until = Some(self.moment().now);
        }
        let in_use = self.in_use().await?;
        for place in &in_use {
            if after.as_ref().is_some_and(|after| place <= after) {
                continue;
            }
            self.begin(time).await?;
            self.ask_list(&place.0, &place.1).await?;
            self.claimed.round.stage = Stage::Lists { after: Some(place.clone()) };
        }
        let unused: Vec<_> = self.lists.keys().filter(|place| !in_use.contains(*place)).cloned().collect();
        for (article, list) in unused {
            self.ports.prices().keep_list(self.tenant, &article, &list, None).await?;
            self.lists.remove(&(article, list));
        }
        Ok(())
    }

    async fn in_use(&self) -> Result<BTreeSet<(ArticleNumber, PriceListCode)>, Stop> {
        let mut in_use = BTreeSet::new();
        let mut after = None;
        loop {
            let some = self.ports.prices().watched(self.tenant, after.as_ref()).await?;
            let Some(last) = some.last() else { return Ok(in_use) };
            after = Some(last.number.clone());
            for WatchedAgreement { watched, .. } in some {
                in_use.extend(watched.followed.into_keys().map(|article| (article, watched.list.clone())));
            }
        }
    }
}
