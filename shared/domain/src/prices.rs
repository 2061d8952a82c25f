//! Prices that follow the list: which rows of an agreement, or of an invoice that isn't booked, get a new price, and why the
//! others don't.
//!
//! A row keeps a price of its own in Fortnox, and nothing says whether it came from the list or from a person (API fact sheet,
//! 5.4). So it follows only where it says just what the list said when it was last looked at: any other price was set by hand.

mod list;
mod note;
mod plan;
mod policy;
mod round;
mod watched;

pub use list::{ListPrices, PriceStep, Remembered};
pub use note::{NoteOutcome, NotedRow, PriceNote};
pub use plan::{Document, PricedRow, RowId, RowVerdict, Sync, plan};
pub use policy::{ExcludedRows, PriceSync};
pub use round::{Round, Stage};
pub use watched::{ByArticle, Priced, RowChange, Shown, Watched, Writing};

#[cfg(test)]
mod tests;
