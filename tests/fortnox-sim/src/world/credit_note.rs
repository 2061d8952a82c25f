//! Crediting: the same invoice with the signs turned.

use super::company::{Company, Turn};
use super::invoice::Invoice;
use super::invoice_make::blank;
use super::refusal::Refusal;
use super::rows::Row;
use super::totals::ocr;

impl Company {
    /// The credit note of a booked invoice: the same rows with negative quantities. Answers its number.
    pub(crate) fn insert_credit_note(&mut self, turn: &mut Turn<'_>, credited: &Invoice) -> Result<u64, Refusal> {
        let number = self.next_invoice;
        let mut head = credited.head.clone();
        head.set_date("InvoiceDate", turn.today());
        head.set_date("OutboundDate", turn.today());
        head.set_date("DueDate", turn.today());
        head.set_text("OCR", &ocr(number));
        for fee in ["Freight", "AdministrationFee"] {
            head.set_number(fee, -credited.head.number(fee));
        }
        let rows = credited
            .rows
            .iter()
            .map(|row| {
                let mut fields = row.fields.clone();
                fields.set_number("DeliveredQuantity", -row.fields.number("DeliveredQuantity"));
                if fields.text("DiscountType") == "AMOUNT" {
                    fields.set_number("Discount", -row.fields.number("Discount"));
                }
                Row { id: self.take_row_id(), fields }
            })
            .collect();
        self.insert_invoice(
            turn,
            Invoice { credit: true, credit_reference: Some(credited.number), ..blank(number, head, rows, turn) },
        );
        self.created_by_hand(turn, number)?;
        Ok(number)
    }
}
