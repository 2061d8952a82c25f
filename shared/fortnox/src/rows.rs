//! Parts that agreements and invoices share: rows and mail settings.

use lenient_json::{FromObject, Malformed, Object, Private};
use rust_decimal::Decimal;

/// A row of a contract or an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    /// Identifies the row in an update; renewed by every update.
    pub row_id: Option<i64>,
    /// The article, if the row is for one.
    pub article_number: Option<String>,
    /// The account that the row is booked to.
    pub account_number: Option<i64>,
    /// Text of the row.
    pub description: Option<Private<String>>,
    /// Quantity, two decimals.
    pub delivered_quantity: Option<Decimal>,
    /// Unit of the quantity.
    pub unit: Option<String>,
    /// Price per unit in the document's currency, VAT included only if the document says so.
    pub price: Option<Decimal>,
    /// Discount, in percent or currency by `discount_type`.
    pub discount: Option<Decimal>,
    /// `PERCENT` or `AMOUNT`.
    pub discount_type: Option<String>,
    /// Total of the row, in the same terms as `price`.
    pub total: Option<Decimal>,
    /// Total of the row without VAT.
    pub total_excluding_vat: Option<Decimal>,
    /// VAT in percent.
    pub vat: Option<Decimal>,
    /// Whether the row is house work with tax reduction.
    pub house_work: Option<bool>,
    /// Cost centre.
    pub cost_center: Option<String>,
    /// Project.
    pub project: Option<String>,
}

impl FromObject for Row {
    fn from_object(row: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            row_id: row.integer("RowId")?,
            article_number: row.text("ArticleNumber")?,
            account_number: row.integer("AccountNumber")?,
            description: row.private("Description")?,
            delivered_quantity: row.decimal("DeliveredQuantity")?,
            unit: row.text("Unit")?,
            price: row.decimal("Price")?,
            discount: row.decimal("Discount")?,
            discount_type: row.text("DiscountType")?,
            total: row.decimal("Total")?,
            total_excluding_vat: row.decimal("TotalExcludingVAT")?,
            vat: row.decimal("VAT")?,
            house_work: row.flag("HouseWork")?,
            cost_center: row.text("CostCenter")?,
            project: row.text("Project")?,
        })
    }
}

/// How a document would be mailed by Fortnox. What is not set there is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct EmailInformation {
    /// Sender; must be one that the company has approved in Fortnox.
    pub from: Option<Private<String>>,
    /// Recipient; without it the customer's own addresses presumably apply.
    pub to: Option<Private<String>>,
    /// Copy.
    pub cc: Option<Private<String>>,
    /// Blind copy.
    pub bcc: Option<Private<String>>,
    /// Subject, in which Fortnox replaces `{no}` by the invoice number.
    pub subject: Option<Private<String>>,
    /// Body.
    pub body: Option<Private<String>>,
}

impl FromObject for EmailInformation {
    fn from_object(mail: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            from: mail.private("EmailAddressFrom")?,
            to: mail.private("EmailAddressTo")?,
            cc: mail.private("EmailAddressCC")?,
            bcc: mail.private("EmailAddressBCC")?,
            subject: mail.private("EmailSubject")?,
            body: mail.private("EmailBody")?,
        })
    }
}

impl EmailInformation {
    /// Reads the mail settings of a document; without any they are empty.
    pub(crate) fn of(document: &Object<'_>) -> Result<Self, Malformed> {
        match document.object("EmailInformation")? {
            Some(mail) => Self::from_object(&mail),
            None => Ok(Self::default()),
        }
    }
}
