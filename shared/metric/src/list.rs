//! All figures.

use crate::{
    Metric,
    Unit::{Count, Milliseconds},
};

macro_rules! figures {
    ($($constant:ident = $name:literal, $unit:expr, $means:literal;)*) => {
        $(
            #[doc = $means]
            pub const $constant: Metric = Metric { name: $name, unit: $unit, means: $means };
        )*
        /// Every figure there is. The table in `docs/watch.md` is this list.
        pub const ALL: &[Metric] = &[$($constant),*];
    };
}

figures! {
    JOBS_CREATED = "JobsCreated", Count, "a job whose invoice was made, or found made";
    JOBS_BOOKED = "JobsBooked", Count, "a job whose invoice was booked";
    JOBS_DELIVERED = "JobsDelivered", Count, "a job whose invoice went out, by whichever channel";
    JOBS_HELD = "JobsHeld", Count, "a job that began to wait for a person; `reason` is the hold's code";
    JOBS_FAILED = "JobsFailed", Count, "a job that was refused for good";
    JOBS_DONE = "JobsDone", Count, "a job that ended well";
    MATCH_TO_CREATE = "MatchToCreate", Milliseconds, "from the scan's match to the call that makes the invoice, waits for a person in it";
    MATCH_TO_BOOK = "MatchToBook", Milliseconds, "from finding a draft finished to the call that books it, waits for a person in it";
    FORTNOX_CALLS = "FortnoxCalls", Count, "a call to Fortnox's API that our pacing let go";
    FORTNOX_TOO_MANY = "FortnoxTooMany", Count, "an answer 429 of Fortnox: our pacing has a defect, or another program uses the same consent";
    ECONOMIC_CALLS = "EconomicCalls", Count, "a call to e-conomic's API that our pacing let go";
    ECONOMIC_TOO_MANY = "EconomicTooMany", Count, "an answer 429 of e-conomic";
    MAILS_ACCEPTED = "MailsAccepted", Count, "a mail that the mail service told to have taken, once each";
    MAILS_DELIVERED = "MailsDelivered", Count, "a mail that was told to have arrived at a recipient's server";
    MAILS_BOUNCED = "MailsBounced", Count, "a mail to a customer that came back for good, once each";
    MAILS_COMPLAINED = "MailsComplained", Count, "a mail that its recipient called unwanted";
    DELIVERIES_UNKNOWN = "DeliveriesUnknown", Count, "a delivery that was asked for and not answered: what is heard of it settles it, or a person";
    TENANTS_SCANNED = "TenantsScanned", Count, "a tenant whose agreements were read to the end";
    TENANTS_SWEPT = "TenantsSwept", Count, "a tenant whose drafts were read to the end";
    SCANS_OVERDUE = "ScansOverdue", Count, "how many tenants have been due for a scan for more than an hour; told at each heartbeat, 0 as well";
    SWEEPS_OVERDUE = "SweepsOverdue", Count, "how many tenants have been due for a sweep for more than an hour; told at each heartbeat, 0 as well";
}
