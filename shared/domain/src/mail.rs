//! What became of a mail: what the mail service tells of it, folded in whatever order it's told and however often.
//!
//! Nothing in here holds an address. Whom a mail went to is kept as [`AddressHash`]es, by which an address that turns up again is
//! known, and nothing else.

mod bounce;
mod event;
mod guard;
mod name;
mod record;
pub mod ses;
mod state;

pub use bounce::Bounce;
pub use event::{MailEvent, Reported};
pub use guard::{FEWEST_MAILS, MailCounts, TOO_MANY_BOUNCES_PERCENT};
pub use name::{AddressHash, InvalidMailName, MailName};
pub use record::{Folded, MailRecord, Recipient, Role, Standing};
pub use state::MailState;
