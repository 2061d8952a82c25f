//! The company itself and the settings that invoicing depends on.

use chrono::NaiveDate;
use http_once::Transport;
use lenient_json::{FromObject, Malformed, Object, Private};

use crate::call::Call;
use crate::client::Session;
use crate::error::Error;
use crate::pacer::Pacer;
use crate::tenant::TenantId;

/// The company behind the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyInformation {
    /// The company's database number.
    pub database_number: TenantId,
    /// Name; may be a person's.
    pub company_name: Option<Private<String>>,
    /// Organisation number; of a sole trader the personal identity number.
    pub organization_number: Option<Private<String>>,
    /// Street.
    pub address: Option<Private<String>>,
    /// Postal code.
    pub zip_code: Option<Private<String>>,
    /// Town.
    pub city: Option<Private<String>>,
    /// Two-letter code.
    pub country_code: Option<String>,
}

impl FromObject for CompanyInformation {
    fn from_object(company: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            database_number: database_number(company)?,
            company_name: company.private("CompanyName")?,
            organization_number: company.private("OrganizationNumber")?,
            address: company.private("Address")?,
            zip_code: company.private("ZipCode")?,
            city: company.private("City")?,
            country_code: company.text("CountryCode")?,
        })
    }
}

/// The company's settings, bank details included, which a letter to a customer needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanySettings {
    /// The company's database number.
    pub database_number: TenantId,
    /// Name.
    pub name: Option<Private<String>>,
    /// Address for mail.
    pub email: Option<Private<String>>,
    /// Telephone.
    pub phone1: Option<Private<String>>,
    /// Bankgiro number.
    pub bank_giro: Option<Private<String>>,
    /// Plusgiro number.
    pub plus_giro: Option<Private<String>>,
    /// International account number.
    pub iban: Option<Private<String>>,
    /// The bank's code.
    pub bic: Option<Private<String>>,
    /// VAT number.
    pub vat_number: Option<Private<String>>,
    /// `TaxEnabled`: presumably whether the company is approved for F-tax (assumption; undocumented).
    pub tax_enabled: Option<bool>,
    /// Seat of the company.
    pub domicile: Option<String>,
}

impl FromObject for CompanySettings {
    fn from_object(settings: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            database_number: database_number(settings)?,
            name: settings.private("Name")?,
            email: settings.private("Email")?,
            phone1: settings.private("Phone1")?,
            bank_giro: settings.private("BG")?,
            plus_giro: settings.private("PG")?,
            iban: settings.private("IBAN")?,
            bic: settings.private("BIC")?,
            vat_number: settings.private("VATNumber")?,
            tax_enabled: settings.flag("TaxEnabled")?,
            domicile: settings.text("Domicile")?,
        })
    }
}

/// `DatabaseNumber` is a number in one answer and a string in the other.
fn database_number(company: &Object<'_>) -> Result<TenantId, Malformed> {
    let number = company.required("DatabaseNumber", Object::integer)?;
    u64::try_from(number)
        .map(TenantId::new)
        .map_err(|_| Malformed::NotA { field: "DatabaseNumber".into(), expected: "a positive number" })
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// The company's name, number and address. Needs the scope `companyinformation`.
    pub async fn company_information(&self) -> Result<CompanyInformation, Error> {
        self.document(Call::get("companyinformation"), "CompanyInformation").await
    }

    /// The company's settings with bank details. Needs the scope `settings`.
    pub async fn company_settings(&self) -> Result<CompanySettings, Error> {
        self.document(Call::get("settings/company"), "CompanySettings").await
    }

    /// The last day of the locked bookkeeping period, or `None` if nothing is locked. An invoice dated on or before
    /// that day cannot be booked. Needs the scope `settings`.
    pub async fn locked_period(&self) -> Result<Option<NaiveDate>, Error> {
        let call = Call::get("settings/lockedperiod");
        self.json(call, |root| root.required("LockedPeriod", Object::object)?.date("EndDate")).await
    }
}
