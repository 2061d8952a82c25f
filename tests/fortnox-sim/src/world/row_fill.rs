//! What a row takes from its article when the write leaves it out, and which price applies.

use rust_decimal::Decimal;

use super::company::Company;
use super::record::Record;
use super::refusal::Refusal;
use super::rows::Row;

impl Company {
    /// The price that stands on an article: the one in the preselected list (source: a client library).
    pub(crate) fn sales_price(&self, article: &str) -> Option<Decimal> {
        self.prices.first(self.preselected_list()?, article).map(|price| price.amount)
    }

    pub(crate) fn preselected_list(&self) -> Option<&str> {
        self.price_lists
            .in_order()
            .into_iter()
            .find(|entry| entry.record.flag("PreSelected"))
            .map(|entry| entry.number.as_str())
    }

    /// Fills in from the article what rows leave out, and gives every row a new id.
    pub(crate) fn finish_rows(&mut self, head: &Record, mut records: Vec<Record>) -> Result<Vec<Row>, Refusal> {
        for record in &mut records {
            self.fill_row(head, record)?;
        }
        Ok(records.into_iter().map(|fields| Row { id: self.take_row_id(), fields }).collect())
    }

    pub(crate) fn take_row_id(&mut self) -> u64 {
        let id = self.next_row;
        self.next_row += 1;
        id
    }

    fn fill_row(&self, head: &Record, row: &mut Record) -> Result<(), Refusal> {
        let number = row.text("ArticleNumber").to_owned();
        if number.is_empty() {
            return Ok(());
        }
        self.check_article(&number)?;
        let Some(entry) = self.articles.get(&number) else {
            return Ok(());
        };
        let article = &entry.record;
        row.default_text("Description", article.text("Description"));
        row.default_text("Unit", article.text("Unit"));
        if !row.is_set("AccountNumber") && article.is_set("SalesAccount") {
            row.set_number("AccountNumber", article.number("SalesAccount"));
        }
        let taxed = self
            .customers
            .get(head.text("CustomerNumber"))
            .is_none_or(|customer| matches!(customer.record.text("VATType"), "SEVAT" | "EUVAT"));
        if !row.is_set("VAT") && taxed {
            row.set_number("VAT", article.number("VAT"));
        }
        if !row.is_set("Price") && self.switches.row_price_from_article {
            let quantity = row.number("DeliveredQuantity");
            if let Some(price) = self.list_price(head, &number, quantity) {
                row.set_number("Price", price);
            }
        }
        Ok(())
    }

    /// The list price for a row: by the document's price list, else the customer's, else the preselected one.
    fn list_price(&self, head: &Record, article: &str, quantity: Decimal) -> Option<Decimal> {
        let of_customer =
            self.customers.get(head.text("CustomerNumber")).map(|customer| customer.record.text("PriceList"));
        let list = Some(head.text("PriceList"))
            .filter(|list| !list.is_empty())
            .or_else(|| of_customer.filter(|list| !list.is_empty()))
            .or_else(|| self.preselected_list())?;
        self.prices.effective(list, article, quantity)
    }
}
