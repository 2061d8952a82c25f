#![doc = include_str!("../README.md")]

mod auth;
mod auth_error;
mod books;
mod call;
mod client;
mod company;
mod contracts;
mod customers;
mod error;
mod finance;
mod invoice_query;
mod invoices;
mod limits;
#[cfg(test)]
mod model_tests;
mod outcome;
mod pacer;
mod page;
mod prices;
mod recurring;
mod refusal;
mod resource;
mod rows;
mod tenant;
mod tokens;
pub mod window;

pub use auth::{AUTH_URL, Auth, Consent, Token};
pub use auth_error::AuthError;
pub use books::{AccountingMethod, FinancialYear};
pub use client::{API_URL, Client, Session};
pub use company::{CompanyInformation, CompanySettings};
pub use contracts::{Contract, ContractListItem, CreateInvoiceAnswer};
pub use customers::Customer;
pub use error::{Advice, Effect, Error};
pub use finance::{FinanceInvoice, FinanceStatus, SendMethod};
pub use http_once::{
    Answer, BodyFault, Cause, Fault, HeaderMap, HeaderName, HttpClient, Lost, Request, SetupError, Timeouts, Transport,
};
pub use invoice_query::{InvoiceFilter, InvoiceQuery, InvoiceSort, SortOrder};
pub use invoices::{Invoice, InvoiceListItem, InvoiceType, Recipients};
pub use lenient_json::Private;
pub use pacer::{LocalPacer, PaceError, Pacer, wait_for_slot, wait_for_slot_beside};
pub use page::{LARGEST_PAGE, Page, UnreadableItem};
pub use prices::{ArticleListItem, Price, PriceList, RowPrice};
pub use recurring::{InvoiceHandling, LARGEST_RECURRENCE_PAGE, Recurrence, Recurrences};
pub use refusal::Refusal;
pub use resource::Resource;
pub use rows::{EmailInformation, Row};
pub use tenant::TenantId;
pub use tokens::{AccessToken, AuthorizationCode, ClientSecret, RefreshToken};
pub use window::Window;
