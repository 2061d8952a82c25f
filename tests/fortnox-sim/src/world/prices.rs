//! Prices per (price list, article, from-quantity), and which of them applies.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::call::Call;
use super::company::{Company, Reply, Turn};
use super::ledger::{Effect, EffectKind};
use super::list;
use super::number;
use super::pairs;
use super::record::{Field, Record};
use super::refusal::{Refusal, code};
use sim_kit::Method;

/// What a write of a price may say.
const PRICE: &[Field] = &[
    Field::text("ArticleNumber", 50),
    Field::text("PriceList", 10),
    Field::number("FromQuantity"),
    Field::number("Price"),
    Field::number("Percent"),
];

/// One quantity step.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Price {
    list: String,
    article: String,
    from_quantity: Decimal,
    pub(crate) amount: Decimal,
    percent: Decimal,
    /// When it was set, Swedish local time.
    date: NaiveDateTime,
}

/// All prices of a company.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prices {
    #[serde(with = "pairs")]
    steps: BTreeMap<(String, String), BTreeMap<Decimal, Price>>,
}

impl Prices {
    /// The step with the highest from-quantity not above this quantity (assumption: the sources name no rule).
    pub(crate) fn effective(&self, list: &str, article: &str, quantity: Decimal) -> Option<Decimal> {
        self.of(list, article)?.range(..=quantity).next_back().map(|(_, step)| step.amount)
    }

    /// The lowest quantity step.
    pub(crate) fn first(&self, list: &str, article: &str) -> Option<&Price> {
        self.of(list, article)?.values().next()
    }

    fn of(&self, list: &str, article: &str) -> Option<&BTreeMap<Decimal, Price>> {
        self.steps.get(&(list.to_owned(), article.to_owned()))
    }

    fn all(&self) -> Vec<&Price> {
        self.steps.values().flat_map(BTreeMap::values).collect()
    }

    pub(crate) fn render_all(&self) -> Vec<Value> {
        self.all().into_iter().map(render).collect()
    }

    fn set(&mut self, price: Price) {
        self.steps.entry((price.list.clone(), price.article.clone())).or_default().insert(price.from_quantity, price);
    }
}

fn render(price: &Price) -> Value {
    json!({
        "@url": format!(
            "https://api.fortnox.se/3/prices/{}/{}/{}",
            price.list, price.article, price.from_quantity.normalize()
        ),
        "ArticleNumber": price.article,
        "Date": price.date.format("%Y-%m-%d %H:%M:%S").to_string(),
        "FromQuantity": number::to_json(price.from_quantity),
        "Percent": number::to_json(price.percent),
        "Price": number::to_json(price.amount),
        "PriceList": price.list,
    })
}

impl Company {
    /// `/3/prices…`
    pub(crate) fn route_prices(&mut self, turn: &mut Turn<'_>, call: &Call<'_>) -> Result<Reply, Refusal> {
        let path = call.path();
        match (call.method, &path[1..]) {
            (Method::Get, []) => {
                list::check_parameters(call, &[])?;
                let all = self.prices.all();
                Ok(Reply::ok(list::page(call, list::MAX_LIMIT, "Prices", &all, render)?))
            }
            (Method::Get, ["sublist", list, article]) => {
                let steps: Vec<&Price> = self.prices.of(list, article).into_iter().flat_map(BTreeMap::values).collect();
                Ok(Reply::ok(list::page(call, list::MAX_LIMIT, "Prices", &steps, render)?))
            }
            (Method::Get, [list, article]) => self
                .prices
                .first(list, article)
                .map(|price| Reply::ok(json!({"Price": render(price)})))
                .ok_or_else(not_found),
            (Method::Get, [list, article, from]) => {
                let from = quantity(from)?;
                self.price_step(list, article, from).map(|price| Reply::ok(json!({"Price": render(price)})))
            }
            (Method::Post, []) => {
                let price = self.write_price(turn, &call.enveloped("Price")?)?;
                Ok(Reply::created("prices", json!({"Price": render(&price)})))
            }
            (Method::Put, [list, article]) => {
                let from = self.prices.first(list, article).ok_or_else(not_found)?.from_quantity;
                self.put_price(turn, call, list, article, from)
            }
            (Method::Put, [list, article, from]) => self.put_price(turn, call, list, article, quantity(from)?),
            (Method::Delete, [list, article, from]) => self.delete_price(turn, list, article, quantity(from)?),
            _ => Err(Refusal::endpoint()),
        }
    }

    fn price_step(&self, list: &str, article: &str, from: Decimal) -> Result<&Price, Refusal> {
        self.prices.of(list, article).and_then(|steps| steps.get(&from)).ok_or_else(not_found)
    }

    fn put_price(
        &mut self,
        turn: &mut Turn<'_>,
        call: &Call<'_>,
        list: &str,
        article: &str,
        from: Decimal,
    ) -> Result<Reply, Refusal> {
        let old = self.price_step(list, article, from)?;
        let mut input = Map::new();
        input.insert("Price".to_owned(), number::to_json(old.amount));
        input.insert("Percent".to_owned(), number::to_json(old.percent));
        input.extend(call.enveloped("Price")?);
        input.insert("PriceList".to_owned(), json!(list));
        input.insert("ArticleNumber".to_owned(), json!(article));
        input.insert("FromQuantity".to_owned(), number::to_json(from));
        let price = self.write_price(turn, &input)?;
        Ok(Reply::ok(json!({"Price": render(&price)})))
    }

    fn delete_price(
        &mut self,
        turn: &mut Turn<'_>,
        list: &str,
        article: &str,
        from: Decimal,
    ) -> Result<Reply, Refusal> {
        self.price_step(list, article, from)?;
        let key = (list.to_owned(), article.to_owned());
        if let Some(steps) = self.prices.steps.get_mut(&key) {
            steps.remove(&from);
        }
        self.price_changed(turn, article);
        Ok(Reply::deleted())
    }

    /// Sets a price, from the API or the company file.
    pub(crate) fn write_price(&mut self, turn: &mut Turn<'_>, input: &Map<String, Value>) -> Result<Price, Refusal> {
        let mut record = Record::new(PRICE);
        record.apply(input, self.unknown_fields())?;
        let price_list = record.text("PriceList").to_owned();
        let article = record.text("ArticleNumber").to_owned();
        if !self.price_lists.contains(&price_list) {
            return Err(Refusal::invalid(code::PRICE_LIST_NOT_FOUND, "Kan inte hitta prislistan."));
        }
        self.check_article(&article)?;
        let price = Price {
            list: price_list,
            article: article.clone(),
            from_quantity: record.number("FromQuantity"),
            amount: record.number("Price"),
            percent: record.number("Percent"),
            date: turn.local_time(),
        };
        self.prices.set(price.clone());
        self.price_changed(turn, &article);
        Ok(price)
    }

    fn price_changed(&mut self, turn: &mut Turn<'_>, article: &str) {
        if self.switches.price_change_touches_article {
            self.articles.touch(article, turn.now);
        }
        turn.effects.push(Effect { article: Some(article.to_owned()), ..Effect::of(EffectKind::PriceChanged) });
    }
}

fn quantity(text: &str) -> Result<Decimal, Refusal> {
    number::from_text(text).ok_or_else(not_found)
}

fn not_found() -> Refusal {
    Refusal::not_found(code::PRICE_NOT_FOUND, "Kan inte hitta priset.")
}
