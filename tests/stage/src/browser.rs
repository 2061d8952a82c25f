//! A person's browser, which goes nowhere by itself.

use reqwest::{Client, RequestBuilder, redirect::Policy};

use crate::StageError;

/// What a browser shows, or where it's led.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebPage {
    /// The HTTP status.
    pub status: u16,
    /// The headers, by name.
    pub headers: Vec<(String, String)>,
    /// The page.
    pub html: String,
}

impl WebPage {
    /// A header's value, empty if it isn't there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Where it leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }
}

/// A browser of somebody who reads `language`.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    language: &'static str,
}

impl Browser {
    /// One that asks for pages in `language`.
    pub fn new(language: &'static str) -> Result<Self, StageError> {
        Ok(Self { client: Client::builder().redirect(Policy::none()).build()?, language })
    }

    /// Opens an address.
    pub async fn open(&self, address: &str) -> Result<WebPage, StageError> {
        self.send(self.client.get(address)).await
    }

    /// Presses the button of a form of one field.
    pub async fn submit(&self, address: &str, name: &str, value: &str) -> Result<WebPage, StageError> {
        let request = self.client.post(address).header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(format!("{name}={value}"))).await
    }

    async fn send(&self, request: RequestBuilder) -> Result<WebPage, StageError> {
        let answer = request.header("accept-language", self.language).send().await?;
        let status = answer.status().as_u16();
        let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        Ok(WebPage { status, headers, html: answer.text().await? })
    }
}
