#![doc = include_str!("../README.md")]

mod booked;
mod booking;
pub mod bucket;
mod call;
mod client;
mod customers;
mod details;
mod drafts;
mod error;
mod figures;
mod filter;
mod limits;
mod numbers;
mod open_api;
mod outcome;
mod pacer;
mod page;
mod parts;
mod refusal;
mod self_info;
mod tokens;
mod years;

pub use booked::BookedInvoice;
pub use booking::{Booking, SendBy, SendByWords, booking_body};
pub use bucket::Bucket;
pub use client::{Client, OPEN_API_URL, REST_URL, Session, Settings};
pub use customers::{Contact, Customer};
pub use details::Detail;
pub use drafts::{Draft, DraftHead};
pub use error::{Advice, Effect, Error, KeyMisuse};
pub use figures::Figures;
pub use filter::{Dated, DraftFilter, MOST_CUSTOMERS, TextMatch};
pub use http_once::{
    Answer, BodyFault, Cause, Fault, HeaderMap, HeaderName, HttpClient, Lost, Request, SetupError, Timeouts, Transport,
};
pub use lenient_json::Private;
pub use numbers::{AgreementNumber, BookedNumber, ContactNumber, CustomerNumber, DocumentId, DraftNumber};
pub use open_api::{Q2cDraft, Subscriber};
pub use pacer::{Clock, LocalPacer, PaceError, Pacer, TokioClock};
pub use page::{Cursor, CursorPage, PAGE_SIZE, Page, UnreadableItem};
pub use parts::{Line, NemHandelType, Notes, PaymentTerms, Place, Recipient, References};
pub use refusal::{Refusal, RefusalKind};
pub use self_info::{Company, SelfInfo, User};
pub use tokens::{AgreementGrantToken, AppSecretToken, IdempotencyKey};
pub use years::{AccountingPeriod, AccountingYear};
