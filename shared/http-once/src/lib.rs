#![doc = include_str!("../README.md")]

mod answer;
mod client;
mod setup;
mod transport;

pub use answer::{Answer, BodyFault};
pub use client::{HttpClient, Timeouts};
pub use reqwest::{
    Request, RequestBuilder, Url,
    header::{HeaderMap, HeaderName},
};
pub use setup::{SetupError, base_url};
pub use transport::{Cause, Fault, Lost, Transport};
