//! What an accounting system can and can't do, where they differ: stated here, so that nothing has to be guessed.

use std::time::Duration;

use domain::{ids::SystemKind, settings::Channel};
use fortnox::window::{BURST, SPACING_MS};

/// One system's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent traits of a foreign system")]
pub struct Capabilities {
    /// It has agreements, which invoices are made from.
    pub has_agreements: bool,
    /// Other programs put drafts into it, which are booked.
    pub books_drafts: bool,
    /// A draft says itself whether it's finished. Where not, the company chooses which signs count.
    pub drafts_say_when_finished: bool,
    /// How long a booking call's key protects from booking twice. `None`: not at all.
    pub booking_key_lives: Option<Duration>,
    /// An invoice that was booked can be taken back by a call. Where not, only a credit note mends a mistake.
    pub booking_can_be_taken_back: bool,
    /// An invoice keeps a mark that it was sent, which we set and read.
    pub keeps_sent_mark: bool,
    /// It can be asked to send an invoice, but only while booking it.
    pub sends_while_booking: bool,
    /// The channels by which it delivers an invoice when it's asked to, by a call of its own.
    pub delivers_by: &'static [Channel],
    /// Those of them where it's sure to mark the invoice as sent: there, no mark proves that nothing was delivered. Without
    /// that only a mark proves anything.
    pub marks_what_it_delivers_by: &'static [Channel],
    /// It has a service that invoices can be handed over to ([`crate::AccountingSystem::hand_over`]).
    pub has_invoice_service: bool,
    /// That service is sure to show at once what it was handed: there, that it doesn't have an invoice proves that it wasn't
    /// handed over.
    pub service_shows_at_once: bool,
    /// How fast it may be called, where that's known beforehand.
    pub rate: Option<Rate>,
}

/// How fast a company's accounting system may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The distance between calls that go on and on.
    pub spacing: Duration,
    /// How far calls may run ahead of that after a pause.
    pub ahead: Duration,
}

impl Capabilities {
    /// Fortnox's (API fact sheet, 5 and 6).
    pub const FORTNOX: Self = Self {
        has_agreements: true,
        books_drafts: false,
        drafts_say_when_finished: false,
        booking_key_lives: None,
        booking_can_be_taken_back: false,
        keeps_sent_mark: true,
        sends_while_booking: false,
        delivers_by: &[Channel::FortnoxEmail, Channel::FortnoxEinvoice, Channel::FortnoxPrintService],
        // That `email` sets the mark is an inference, and of `eprint` nothing is said (6.1, 13.7).
        marks_what_it_delivers_by: &[Channel::FortnoxEinvoice],
        has_invoice_service: true,
        // Of what the service shows before it has confirmed an invoice, nothing is said (7).
        service_shows_at_once: false,
        rate: Some(Rate {
            spacing: Duration::from_millis(SPACING_MS),
            ahead: Duration::from_millis(SPACING_MS * BURST as u64),
        }),
    };

    /// e-conomic's (API fact sheet, 0 and 2.2).
    pub const ECONOMIC: Self = Self {
        has_agreements: false,
        books_drafts: true,
        drafts_say_when_finished: false,
        booking_key_lives: Some(Duration::from_hours(1)),
        booking_can_be_taken_back: false,
        keeps_sent_mark: false,
        sends_while_booking: true,
        delivers_by: &[],
        marks_what_it_delivers_by: &[],
        has_invoice_service: false,
        service_shows_at_once: false,
        // Each answer tells what is left of a budget of which nothing is documented.
        rate: None,
    };

    /// Those of the system that a tenant lives in.
    pub const fn of(system: SystemKind) -> Self {
        match system {
            SystemKind::Fortnox => Self::FORTNOX,
            SystemKind::Economic => Self::ECONOMIC,
        }
    }
}
