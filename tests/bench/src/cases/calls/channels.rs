//! The fewest calls for one invoice, by channel.

use domain::ids::SystemKind;

/// A channel and what it takes.
#[derive(Debug)]
pub(crate) struct Channel {
    /// As in the settings.
    pub(crate) name: &'static str,
    /// Where.
    pub(crate) system: SystemKind,
    /// Its calls of the accounting system.
    pub(crate) calls: &'static [Kind],
    /// Most calls of AWS for an invoice that are still as they should be: a tenth more than there were when this was set, since workers
    /// that race for a slot or a job ask again.
    pub(crate) most_aws_calls: u32,
}

/// One kind of call for one invoice.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Method and path.
    pub(crate) call: &'static str,
    /// How often the API itself asks for it.
    pub(crate) api: u32,
    /// How often it's made.
    pub(crate) ours: u32,
    /// How often it may be made besides, in a day, for all invoices together.
    pub(crate) besides: u32,
    /// Why.
    pub(crate) why: &'static str,
}

impl Channel {
    /// Its name, with the system where there are two of that name.
    pub(crate) fn title(&self) -> String {
        match self.system {
            SystemKind::Economic if self.name == "ses_email" => "ses_email (e-conomic)".to_owned(),
            _ => self.name.to_owned(),
        }
    }

    /// The sum over its calls.
    pub(crate) fn fewest(&self, of: impl Fn(&Kind) -> u32) -> u32 {
        self.calls.iter().map(of).sum()
    }
}

const fn kind(call: &'static str, api: u32, ours: u32, why: &'static str) -> Kind {
    Kind { call, api, ours, besides: 0, why }
}

/// Made for the company and not for an invoice.
const fn besides(call: &'static str, besides: u32, why: &'static str) -> Kind {
    Kind { call, api: 0, ours: 0, besides, why }
}

/// Made for an invoice, and some more for the company.
const fn some_more(call: &'static str, (api, ours): (u32, u32), besides: u32, why: &'static str) -> Kind {
    Kind { call, api, ours, besides, why }
}

const LIST: Kind = besides("GET /3/contracts", 1, "the scan: one for 500 agreements");
const AGREEMENT: Kind =
    kind("GET /3/contracts/N", 0, 1, "as it is now: since the list was read a person may have changed or invoiced it");
const CREATE: Kind = kind("PUT /3/contracts/N/createinvoice", 1, 1, "makes it");
const BOOK: Kind = kind("PUT /3/invoices/N/bookkeep", 1, 1, "books it");
const LOOK: Kind = kind("GET /3/invoices/N", 0, 1, "is it sent already, by a person?");

const DRAFTS: Kind = besides("GET /invoices/drafts", 8, "a sweep: one for a thousand drafts");
const TAKEN_UP: Kind = kind(
    "GET /invoices/drafts/N",
    0,
    2,
    "what the signal is about; and just before booking, whether it's still the same",
);
const YEARS: Kind = besides("GET /accounting-years", 4, "is its date in an open year? Every ten minutes in a process");
const PERIODS: Kind =
    besides("GET /accounting-years/N/periods", 4, "and in an open period? A booking can't be taken back");
const BOOK_DRAFT: Kind = kind("POST /invoices/booked", 1, 1, "books it, and by e-conomic's own channels sends it");

/// All channels, with booking.
pub(crate) const CHANNELS: [Channel; 8] = [
    Channel { name: "none", system: SystemKind::Fortnox, calls: &[LIST, AGREEMENT, CREATE, BOOK], most_aws_calls: 23 },
    Channel {
        name: "ses_email",
        system: SystemKind::Fortnox,
        calls: &[
            LIST,
            AGREEMENT,
            CREATE,
            BOOK,
            some_more(
                "GET /3/invoices/N",
                (0, 1),
                2,
                "is it sent already? What the letter says; once more with a company's first mail",
            ),
            some_more("GET /3/customers/N", (1, 1), 2, "to whom, and in which language"),
            some_more("GET /3/invoices/N/preview", (1, 1), 2, "the PDF, without marking anything"),
            kind("PUT /3/invoices/N/externalprint", 1, 1, "marks it as sent"),
            besides("GET /3/settings/company", 4, "the sender's address: once an hour in a process"),
        ],
        most_aws_calls: 70,
    },
    Channel {
        name: "fortnox_email",
        system: SystemKind::Fortnox,
        calls: &[
            LIST,
            AGREEMENT,
            CREATE,
            BOOK,
            kind(
                "GET /3/invoices/N",
                0,
                2,
                "which recipients it has, before booking; is it sent already, before sending",
            ),
            kind("GET /3/customers/N", 1, 2, "to whom; whether that still holds when it's sent"),
            kind(
                "PUT /3/invoices/N",
                1,
                1,
                "writes recipient and control copy, which can't be changed once it's booked",
            ),
            kind("GET /3/invoices/N/email", 1, 1, "sends it and marks it"),
        ],
        most_aws_calls: 46,
    },
    Channel {
        name: "fortnox_einvoice",
        system: SystemKind::Fortnox,
        calls: &[
            LIST,
            AGREEMENT,
            CREATE,
            BOOK,
            LOOK,
            kind("GET /3/invoices/N/einvoice", 1, 1, "sends it and marks it"),
        ],
        most_aws_calls: 38,
    },
    Channel {
        name: "fortnox_print_service",
        system: SystemKind::Fortnox,
        calls: &[LIST, AGREEMENT, CREATE, BOOK, LOOK, kind("GET /3/invoices/N/eprint", 1, 1, "sends it and marks it")],
        most_aws_calls: 38,
    },
    Channel {
        name: "fortnox_invoice_service",
        system: SystemKind::Fortnox,
        calls: &[
            LIST,
            AGREEMENT,
            CREATE,
            BOOK,
            LOOK,
            kind("POST /3/noxfinansinvoices", 1, 1, "hands it over"),
            kind("GET /3/noxfinansinvoices/N", 1, 1, "has the service taken it on? More if it takes its time"),
        ],
        most_aws_calls: 56,
    },
    Channel {
        name: "ses_email",
        system: SystemKind::Economic,
        calls: &[
            DRAFTS,
            TAKEN_UP,
            YEARS,
            PERIODS,
            BOOK_DRAFT,
            some_more("GET /customers/N", (1, 2), 2, "barred, or somebody to mail? Asked again before it's mailed"),
            some_more(
                "GET /customers/N/contacts",
                (1, 2),
                2,
                "who of the customer's people, and their name for the letter",
            ),
            some_more("GET /invoices/booked/N", (0, 1), 2, "what was booked: what the letter says"),
            some_more("GET /invoices/booked/N/pdf", (1, 1), 2, "the PDF"),
            besides("GET /self", 4, "the sender's name: once an hour in a process"),
        ],
        most_aws_calls: 56,
    },
    Channel {
        name: "economic_email",
        system: SystemKind::Economic,
        calls: &[
            DRAFTS,
            TAKEN_UP,
            YEARS,
            PERIODS,
            BOOK_DRAFT,
            kind("GET /customers/N", 0, 1, "barred, or without an address?"),
            kind("GET /customers/N/contacts", 0, 1, "who of the customer's people"),
        ],
        most_aws_calls: 25,
    },
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use domain::settings::{self, Mode};
    use serde_json::json;
    use workflow::Calls;

    use super::*;

    #[test]
    fn what_a_scan_spreads_its_jobs_by_is_what_they_take() {
        for channel in CHANNELS.iter().filter(|channel| channel.system == SystemKind::Fortnox) {
            let named: settings::Channel = serde_json::from_value(json!(channel.name)).unwrap();
            assert_eq!(
                Calls::fewest(Mode::Full, true, named).in_all,
                channel.fewest(|kind| kind.ours),
                "{}",
                channel.name
            );
        }
    }
}
