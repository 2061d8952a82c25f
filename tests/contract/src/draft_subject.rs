//! What a system's test provides beyond [`Subject`] when it's drafts that are booked.

use chrono::{NaiveDate, TimeDelta};
use domain::{
    draft::Draft,
    ids::{CustomerNumber, DraftNumber},
    settings::Channel,
};

use crate::Subject;

/// A system whose drafts are booked.
pub trait DraftSubject: Subject {
    /// Drafts in a full page.
    const A_PAGE: usize;

    /// The company's drafts.
    fn drafts(&self) -> &Drafts;

    /// Time passes in the accounting system.
    fn later(&self, by: TimeDelta);

    /// Makes this many booked invoices for the customer of [`Drafts::draft`], dated as that draft is.
    fn book_more_by_hand(&self, count: u32);
}

/// The company's drafts.
#[derive(Debug, Clone)]
pub struct Drafts {
    /// A draft that can be booked, with everything on it that can be printed and two lines with a price, as the adapter
    /// should read it. Neither handle nor digest is compared.
    pub draft: Draft,
    /// A draft that can be booked, with as little as can be.
    pub bare: DraftNumber,
    /// A draft of another customer that can be booked.
    pub other: DraftNumber,
    /// Whose it is.
    pub other_customer: CustomerNumber,
    /// A draft that the subscription run made.
    pub subscription: DraftNumber,
    /// Drafts that can't be booked this way, with some of the words in which that's refused.
    pub refused: Vec<(DraftNumber, Channel, &'static str)>,
    /// Drafts that the system sends while booking them by this channel.
    pub sent_by_booking: Vec<(DraftNumber, Channel)>,
    /// How many there are.
    pub count: usize,
    /// A number that no draft has.
    pub nowhere: DraftNumber,
    /// Days that are booked on, or not.
    pub days: Vec<(NaiveDate, bool)>,
}
