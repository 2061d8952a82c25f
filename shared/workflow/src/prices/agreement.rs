//! One agreement, and the invoices from it that are open: what becomes of their rows.

use std::collections::BTreeMap;

use accounting::{Error, PricedDocument, Pricing};
use domain::{
    hold::HoldReason,
    ids::{AgreementNumber, ArticleNumber, CustomerNumber, PriceListCode},
    prices::{
        ByArticle, Document, ListPrices, NoteOutcome, NotedRow, PriceNote, PriceSync, Priced, PricedRow, Remembered,
        RowChange, RowVerdict, Shown, Sync, Watched, plan,
    },
};

use super::round::{Desk, Stop};
use crate::ports::{Clock, Ports, PriceBook, Settings, Subject, WatchedAgreement};

/// How often a change is tried of a document that somebody is editing at the same time.
const MOST_TRIES: u32 = 3;

/// An agreement under comparison.
pub(super) struct Case {
    pub(super) agreement: WatchedAgreement,
    /// What each of its articles cost and costs by its list.
    remembered: BTreeMap<ArticleNumber, Remembered>,
    sync: PriceSync,
    rules: Sync,
    /// Just this was decided on before, so that it has been told already.
    told: bool,
    /// What a person must see to.
    trouble: Option<HoldReason>,
    /// Some change was refused, so that it's tried again.
    refused: bool,
}

impl Case {
    /// Whether the list changed since the agreement was last brought up to date.
    fn list_changed(&self) -> bool {
        self.remembered.values().any(|of| of.before.as_ref().is_some_and(|before| *before != of.now))
    }

    /// Rows whose article's price isn't the one they were last compared with, unless there's nothing to say of them.
    fn noted(&self, verdicts: &[(&PricedRow, RowVerdict)]) -> Vec<NotedRow> {
        let moved = |article: &ArticleNumber| {
            self.remembered.get(article).is_some_and(|of| of.before.as_ref() != Some(&of.now))
        };
        let noted = |(row, why): &(&PricedRow, RowVerdict)| {
            let article = row.article.clone().filter(|article| moved(article) && *why != RowVerdict::UpToDate)?;
            Some(NotedRow { place: row.place, article, price: row.price, why: why.clone() })
        };
        verdicts.iter().filter_map(noted).collect()
    }

    /// Notes what a person must see to.
    fn see_to(&mut self, rows: &[NotedRow], outcome: &NoteOutcome) {
        match outcome {
            NoteOutcome::Refused { words } => {
                self.refused = true;
                self.trouble(words.clone(), "mend what the accounting system says; it's tried again the next night");
            }
            NoteOutcome::EditedMeanwhile => self.trouble(
                "somebody edited it in the very moment in which its prices were changed".to_owned(),
                "look at its rows and texts in the accounting system",
            ),
            _ => {}
        }
        if self.sync != PriceSync::Off
            && let Some(row) = rows.iter().find(|row| is_gone(row, self))
        {
            let problem =
                format!("article {} has no price any more in the list {}", row.article, self.agreement.watched.list);
            self.trouble(
                problem,
                "enter its price in the list again, or choose another article or list on the agreement",
            );
        }
    }

    fn trouble(&mut self, problem: String, advice: &str) {
        self.trouble = Some(HoldReason::PricesNotFollowed { problem, advice: advice.to_owned() });
    }

    /// What is remembered of it from now on.
    fn remember(&mut self) {
        let now: ByArticle = self.remembered.iter().map(|(article, of)| (article.clone(), of.now.clone())).collect();
        let followed: ByArticle =
            self.remembered.iter().map(|(article, of)| (article.clone(), self.followed(of))).collect();
        let decided = !self.refused && followed != now;
        let watched = &mut self.agreement.watched;
        watched.shown = decided.then_some(Shown { sync: self.sync, prices: now });
        watched.followed = followed;
    }

    fn followed(&self, of: &Remembered) -> ListPrices {
        let waits = match self.sync {
            PriceSync::Off => false,
            PriceSync::Preview => true,
            PriceSync::Follow => self.refused || of.now.is_empty(),
        };
        let before = of.before.as_ref().filter(|_| waits);
        before.unwrap_or(&of.now).clone()
    }
}

/// A document whose change was refused.
enum Again {
    /// It's as it was.
    AsItWas,
    /// Somebody edited it meanwhile.
    Edited(Document),
    /// Its prices can't be changed any more.
    Closed,
}

impl<P: Ports> Desk<'_, P> {
    /// Compares an agreement with its list, and has it follow where that is wanted.
    pub(super) async fn compare(
        &mut self,
        number: &AgreementNumber,
        known: Option<WatchedAgreement>,
    ) -> Result<(), Stop> {
        let document = match self.ports.accounting().priced(self.tenant, PricedDocument::Agreement(number)).await {
            Ok(document) if document.open => document,
            Ok(_) | Err(Error::NotFound { .. }) => return self.gone(number, known.is_some()).await,
            Err(Error::Refused { words: problem, advice }) => {
                let reason = HoldReason::PricesNotFollowed { problem, advice };
                return self.ask_person(number, Some(&reason)).await;
            }
            Err(error) => return Err(self.stopped_by(error).await),
        };
        let Some(list) = self.list_of(&document).await? else {
            let problem = "neither it nor its customer names a price list, and none counts for all".to_owned();
            let advice = "choose a price list on the agreement in the accounting system".to_owned();
            return self.ask_person(number, Some(&HoldReason::PricesNotFollowed { problem, advice })).await;
        };
        let mut case = self.case(number, known, &document, list).await?;
        self.settle_writing(&mut case, &document).await?;
        self.treat(&mut case, Priced::Agreement, &document).await?;
        if case.list_changed() && case.sync != PriceSync::Off {
            self.treat_invoices(&mut case).await?;
        }
        case.remember();
        self.ports.prices().watch(self.tenant, &mut case.agreement).await?;
        self.ask_person(number, case.trouble.as_ref()).await
    }

    async fn case(
        &mut self,
        number: &AgreementNumber,
        known: Option<WatchedAgreement>,
        document: &Document,
        list: PriceListCode,
    ) -> Result<Case, Stop> {
        let customer = document.customer.clone();
        let mut agreement = known.unwrap_or_else(|| WatchedAgreement {
            number: number.clone(),
            watched: Watched {
                customer: customer.clone(),
                list: list.clone(),
                followed: ByArticle::new(),
                shown: None,
                writing: None,
            },
            version: 0,
        });
        let mut remembered = BTreeMap::new();
        for article in document.rows.iter().filter_map(|row| row.article.as_ref()) {
            let now = self.list_says(article, &list).await?;
            let before = agreement.watched.followed.get(article).cloned();
            remembered.insert(article.clone(), Remembered { before, now });
        }
        (agreement.watched.customer, agreement.watched.list) = (customer.clone(), list);
        let (sync, excluded) = match self.settings.resolve(&customer, number) {
            Ok(settings) => {
                let excluded = settings.price_sync_excluded_rows.value.clone();
                (PriceSync::in_force(&settings, self.moment().today), excluded)
            }
            // Broken settings hold the agreement, and the scan tells. What changes meanwhile is made up for.
            Err(_) => (PriceSync::Preview, std::collections::BTreeSet::new()),
        };
        let rules = Sync { list_currency: self.ports.accounting().list_currency(), excluded };
        let now =
            || remembered.iter().map(|(article, of): (&ArticleNumber, &Remembered)| (article.clone(), of.now.clone()));
        let told =
            agreement.watched.shown.as_ref().is_some_and(|shown| shown.sync == sync && shown.prices == now().collect());
        Ok(Case { agreement, remembered, sync, rules, told, trouble: None, refused: false })
    }

    async fn list_of(&mut self, document: &Document) -> Result<Option<PriceListCode>, Stop> {
        if document.list.is_some() {
            return Ok(document.list.clone());
        }
        match self.ports.accounting().list_of(self.tenant, &document.customer).await {
            Ok(list) => Ok(list),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.stopped_by(error).await),
        }
    }

    async fn treat_invoices(&mut self, case: &mut Case) -> Result<(), Stop> {
        let (number, customer) = (case.agreement.number.clone(), case.agreement.watched.customer.clone());
        let open = match self.ports.accounting().open_invoices(self.tenant, &number, &customer).await {
            Ok(open) => open,
            Err(Error::Refused { words, advice }) => {
                case.trouble(format!("its open invoices can't be read: {words}"), &advice);
                case.refused = true;
                return Ok(());
            }
            Err(error) => return Err(self.stopped_by(error).await),
        };
        for (invoice, document) in open {
            self.treat(case, Priced::Invoice(invoice), &document).await?;
        }
        Ok(())
    }

    /// Decides on a document's rows, and carries it out.
    async fn treat(&mut self, case: &mut Case, on: Priced, document: &Document) -> Result<(), Stop> {
        let mut edited = None;
        let mut tries = 0;
        let (rows, outcome) = loop {
            let document = edited.as_ref().unwrap_or(document);
            let verdicts = plan(document, &case.rules, |article| case.remembered.get(article));
            let rows = case.noted(&verdicts);
            let changes: Vec<RowChange> = verdicts.iter().filter_map(|(row, verdict)| change(row, verdict)).collect();
            let outcome = if changes.is_empty() {
                NoteOutcome::LeftAlone
            } else if self.may_change(case).await? {
                self.change(case, on.clone(), document, changes).await?
            } else {
                NoteOutcome::Foreseen
            };
            tries += 1;
            if !matches!(outcome, NoteOutcome::Refused { .. }) || tries >= MOST_TRIES {
                break (rows, outcome);
            }
            // A refusal may only mean that somebody was faster.
            match self.look_again(case, &on, document).await? {
                Again::AsItWas => break (rows, outcome),
                Again::Closed => break (Vec::new(), NoteOutcome::LeftAlone),
                Again::Edited(document) => edited = Some(document),
            }
        };
        case.see_to(&rows, &outcome);
        let again = case.told && matches!(outcome, NoteOutcome::Foreseen | NoteOutcome::LeftAlone);
        if !(rows.is_empty() || again || case.sync == PriceSync::Off) {
            self.note(case, on, rows, outcome).await?;
        }
        self.end_writing(case).await
    }

    /// The document whose change was refused.
    async fn look_again(&mut self, case: &Case, on: &Priced, before: &Document) -> Result<Again, Stop> {
        let name = match on {
            Priced::Agreement => PricedDocument::Agreement(&case.agreement.number),
            Priced::Invoice(number) => PricedDocument::Invoice(number),
        };
        match self.ports.accounting().priced(self.tenant, name).await {
            Ok(document) if !document.open => Ok(Again::Closed),
            Ok(document) if document == *before => Ok(Again::AsItWas),
            Ok(document) => Ok(Again::Edited(document)),
            Err(Error::NotFound { .. }) => Ok(Again::Closed),
            Err(Error::Refused { .. }) => Ok(Again::AsItWas),
            Err(error) => Err(self.stopped_by(error).await),
        }
    }

    /// Whether changes are wanted, by the settings as they are now: a switch works at once.
    async fn may_change(&mut self, case: &mut Case) -> Result<bool, Stop> {
        if case.sync != PriceSync::Follow {
            return Ok(false);
        }
        let (number, customer) = (&case.agreement.number, &case.agreement.watched.customer);
        let sync = self.sync_now(number, customer).await?;
        if sync != PriceSync::Follow {
            case.sync = PriceSync::Preview;
        }
        Ok(sync == PriceSync::Follow)
    }

    async fn sync_now(&self, number: &AgreementNumber, customer: &CustomerNumber) -> Result<PriceSync, Stop> {
        let settings = self.ports.settings().of_agreement(self.tenant, customer, number).await?;
        let settings = settings.and_then(|settings| settings.resolve(customer, number).ok());
        Ok(settings.map_or(PriceSync::Off, |settings| PriceSync::in_force(&settings, self.moment().today)))
    }

    pub(super) async fn note(
        &self,
        case: &Case,
        on: Priced,
        rows: Vec<NotedRow>,
        outcome: NoteOutcome,
    ) -> Result<(), Stop> {
        let WatchedAgreement { number, watched, .. } = &case.agreement;
        // What became of an announcement has its place by that, so that it's told once whoever tells it.
        let at = watched.writing.as_ref().map_or_else(|| self.ports.clock().now(), |writing| writing.at);
        let note = PriceNote { at, agreement: number.clone(), on, list: watched.list.clone(), rows, outcome };
        Ok(self.ports.prices().note(self.tenant, self.date_of(at), &note).await?)
    }

    async fn ask_person(&mut self, number: &AgreementNumber, reason: Option<&HoldReason>) -> Result<(), Stop> {
        Ok(self.concerns.set(Subject::Prices(Some(number.clone())), reason, self.moment()).await?)
    }

    async fn gone(&mut self, number: &AgreementNumber, known: bool) -> Result<(), Stop> {
        if known {
            self.ports.prices().forget(self.tenant, number).await?;
        }
        self.ask_person(number, None).await
    }
}

/// Whether a row's article had a price by the list and has none now.
fn is_gone(row: &NotedRow, case: &Case) -> bool {
    let of = case.remembered.get(&row.article);
    row.why == RowVerdict::NoListPrice
        && of.is_some_and(|of| of.now.is_empty() && of.before.as_ref().is_some_and(|before| !before.is_empty()))
}

fn change(row: &PricedRow, verdict: &RowVerdict) -> Option<RowChange> {
    let to = verdict.new_price()?;
    Some(RowChange { place: row.place, article: row.article.clone()?, from: row.price, to })
}
