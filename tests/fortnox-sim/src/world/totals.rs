//! What an invoice or contract costs: rows, discounts, fees, VAT, rounding, and the OCR number.
//!
//! How Fortnox itself rounds between rows is not documented. Assumed: each row to two decimals, VAT per rate on the
//! sum of its rows, fees at the standard rate.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::number::{round_whole, round2};
use super::record::Record;
use super::rows::Row;

/// VAT on freight and administration fee, percent. The Swedish standard rate; assumed for fees.
const FEE_VAT: Decimal = Decimal::from_parts(25, 0, 0, false, 0);

/// The currency that can be rounded to whole units.
const ROUNDED_CURRENCY: &str = "SEK";

/// One row's amounts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RowAmounts {
    pub(crate) price_excluding_vat: Decimal,
    /// After discount; with VAT when prices include it.
    pub(crate) total: Decimal,
    pub(crate) total_excluding_vat: Decimal,
    gross_excluding_vat: Decimal,
}

/// A document's amounts, in its currency.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Totals {
    /// Rows before discount, without VAT.
    pub(crate) gross: Decimal,
    /// Rows after discount with freight and fee, without VAT.
    pub(crate) net: Decimal,
    pub(crate) freight_vat: Decimal,
    pub(crate) administration_fee_vat: Decimal,
    pub(crate) total_vat: Decimal,
    pub(crate) round_off: Decimal,
    /// With VAT and rounding. What is to be paid: the simulator knows no tax reduction.
    pub(crate) total: Decimal,
}

/// A document's percentage discount, which wins over the rows' own.
fn whole_discount(head: &Record) -> Option<Decimal> {
    let percent = head.number("InvoiceDiscount");
    (!percent.is_zero()).then_some(percent)
}

pub(crate) fn row_amounts(head: &Record, row: &Row) -> RowAmounts {
    let fields = &row.fields;
    let quantity = fields.number("DeliveredQuantity");
    let price = fields.number("Price");
    let before_discount = quantity * price;
    let discount = match whole_discount(head) {
        Some(percent) => before_discount * percent / Decimal::ONE_HUNDRED,
        None if fields.text("DiscountType") == "AMOUNT" => fields.number("Discount"),
        None => before_discount * fields.number("Discount") / Decimal::ONE_HUNDRED,
    };
    let divisor = if head.flag("VATIncluded") {
        Decimal::ONE + fields.number("VAT") / Decimal::ONE_HUNDRED
    } else {
        Decimal::ONE
    };
    let total = round2(before_discount - discount);
    RowAmounts {
        price_excluding_vat: round2(price / divisor),
        total,
        total_excluding_vat: round2(total / divisor),
        gross_excluding_vat: round2(before_discount / divisor),
    }
}

/// Adds a document up. `round_off`: the company rounds Swedish kronor to whole ones.
pub(crate) fn totals(head: &Record, rows: &[Row], round_off: bool) -> Totals {
    let mut net_by_rate: BTreeMap<Decimal, Decimal> = BTreeMap::new();
    let mut with_vat_by_rate: BTreeMap<Decimal, Decimal> = BTreeMap::new();
    let mut gross = Decimal::ZERO;
    for row in rows {
        let amounts = row_amounts(head, row);
        let rate = row.fields.number("VAT");
        gross += amounts.gross_excluding_vat;
        *net_by_rate.entry(rate).or_default() += amounts.total_excluding_vat;
        *with_vat_by_rate.entry(rate).or_default() += amounts.total;
    }
    let rows_net: Decimal = net_by_rate.values().copied().sum();
    let rows_vat: Decimal = if head.flag("VATIncluded") {
        with_vat_by_rate.values().copied().sum::<Decimal>() - rows_net
    } else {
        net_by_rate.iter().map(|(rate, net)| vat(*net, *rate)).sum()
    };
    // A sale without VAT (export, reverse charge) has none on its fees either.
    let fee_rate = if net_by_rate.keys().any(|rate| !rate.is_zero()) { FEE_VAT } else { Decimal::ZERO };
    let freight = head.number("Freight");
    let fee = head.number("AdministrationFee");
    let freight_vat = vat(freight, fee_rate);
    let administration_fee_vat = vat(fee, fee_rate);
    let net = rows_net + freight + fee;
    let total_vat = rows_vat + freight_vat + administration_fee_vat;
    let exact = net + total_vat;
    let rounds = round_off && head.text("Currency") == ROUNDED_CURRENCY;
    let total = if rounds { round_whole(exact) } else { exact };
    Totals { gross, net, freight_vat, administration_fee_vat, total_vat, round_off: total - exact, total }
}

fn vat(net: Decimal, rate: Decimal) -> Decimal {
    round2(net * rate / Decimal::ONE_HUNDRED)
}

/// Payment reference: the invoice number, a length digit, and a check digit by the Luhn rule. Invoice 1 gives 133, as
/// recorded; that the second digit is the length is our reading of it.
pub(crate) fn ocr(invoice: u64) -> String {
    const ADDED_DIGITS: usize = 2;
    const BASE: usize = 10;
    let digits = invoice.to_string();
    let length_digit = (digits.len() + ADDED_DIGITS) % BASE;
    let with_length = format!("{digits}{length_digit}");
    let check = luhn(&with_length);
    format!("{with_length}{check}")
}

fn luhn(digits: &str) -> u32 {
    const BASE: u32 = 10;
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|digit| digit.to_digit(BASE))
        .enumerate()
        .map(|(place, digit)| {
            let weighted = if place % 2 == 0 { digit * 2 } else { digit };
            weighted / BASE + weighted % BASE
        })
        .sum();
    (BASE - sum % BASE) % BASE
}
