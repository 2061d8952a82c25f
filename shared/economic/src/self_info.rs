//! Whose grant it is (`GET /self`).

use http_once::Transport;
use lenient_json::{FromObject, Malformed, Object, Private};

use crate::call::Call;
use crate::client::Session;
use crate::error::Error;
use crate::numbers::{AgreementNumber, number};
use crate::pacer::Pacer;
use crate::parts::part;

/// The agreement behind a grant, and the user who granted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfInfo {
    /// The agreement.
    pub agreement: AgreementNumber,
    /// The user who granted access.
    pub user: User,
    /// The company.
    pub company: Company,
    /// Number of the app, to check that the right one was granted.
    pub app_number: Option<i64>,
    /// Three-letter code of the currency that the books are in.
    pub base_currency: Option<String>,
    /// Whether e-invoices can be sent.
    pub can_send_electronic_invoice: bool,
    /// Numbers of the add-on modules that the agreement has, such as 74 for subscriptions.
    pub modules: Vec<i64>,
}

/// The user who granted access.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// Name.
    pub name: Option<Private<String>>,
    /// Mail address.
    pub email: Option<Private<String>>,
    /// Language, such as `da-DK`.
    pub culture: Option<String>,
}

/// The company whose books these are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Company {
    /// Name.
    pub name: Option<Private<String>>,
    /// Mail address.
    pub email: Option<Private<String>>,
    /// Company number (CVR).
    pub cvr: Option<Private<String>>,
}

impl FromObject for User {
    fn from_object(user: &Object<'_>) -> Result<Self, Malformed> {
        let language = user.object("language")?;
        Ok(Self {
            name: user.private("name")?,
            email: user.private("email")?,
            culture: language.map(|language| language.text("culture")).transpose()?.flatten(),
        })
    }
}

impl FromObject for Company {
    fn from_object(company: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            name: company.private("name")?,
            email: company.private("email")?,
            cvr: company.private("companyIdentificationNumber")?,
        })
    }
}

struct Module(Option<i64>);

impl FromObject for Module {
    fn from_object(module: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self(module.integer("moduleNumber")?))
    }
}

impl FromObject for SelfInfo {
    fn from_object(info: &Object<'_>) -> Result<Self, Malformed> {
        let (app, settings) = (info.object("application")?, info.object("settings")?);
        Ok(Self {
            agreement: info.required("agreementNumber", number)?,
            user: part(info, "user")?,
            company: part(info, "company")?,
            app_number: app.map(|app| app.integer("appNumber")).transpose()?.flatten(),
            base_currency: settings.map(|settings| settings.text("baseCurrency")).transpose()?.flatten(),
            can_send_electronic_invoice: info.flag("canSendElectronicInvoice")?.unwrap_or(false),
            modules: info.list("modules")?.into_iter().filter_map(|Module(number)| number).collect(),
        })
    }
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// Whose grant this is.
    pub async fn self_info(&self) -> Result<SelfInfo, Error> {
        self.document(Call::rest("self")).await
    }
}
