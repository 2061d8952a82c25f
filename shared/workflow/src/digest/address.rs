//! Whom a tenant's mails go to, in which language, and when.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    digest::schedule,
    ids::{SystemKind, TenantId},
    letters::{Language, address::MailAddress},
    settings::{Mode, Profile, TenantFields},
};

use crate::ports::{Digests, KeptMail, PortError, Ports, Settings};

/// What is known of a tenant for its mails.
pub(super) struct Book<'a> {
    pub(super) tenant: &'a TenantId,
    pub(super) fields: TenantFields,
    pub(super) to: Vec<MailAddress>,
    pub(super) language: Language,
    /// Its newest digest.
    pub(super) last: Option<KeptMail>,
}

impl<'a> Book<'a> {
    /// Opens it: `None` for a tenant without settings. Where they can't be read, people are told of that all the same: at the
    /// addresses and in the language of the last digest.
    pub(super) async fn open<P: Ports>(ports: &P, tenant: &'a TenantId) -> Result<Option<Self>, PortError> {
        let Some(settings) = ports.settings().of_tenant(tenant).await? else { return Ok(None) };
        let last = ports.journal().newest_digest(tenant).await?;
        let by_default = default_language(tenant);
        if let Ok(profile) = settings.profile() {
            let (to, language) = (recipients(profile), language(profile).unwrap_or(by_default));
            return Ok(Some(Self { tenant, fields: profile.tenant.clone(), to, language, last }));
        }
        let language = last.as_ref().and_then(|last| last.kept.digest()).map_or(by_default, |last| last.language);
        let to = last.as_ref().map(|last| last.kept.to.clone()).unwrap_or_default();
        let fields = TenantFields { mode: Mode::Off, ..TenantFields::default() };
        Ok(Some(Self { tenant, fields, to, language, last }))
    }

    /// The tenant's date.
    pub(super) fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.fields.time_zone).date_naive()
    }

    /// Whether the tenant's agreements are scanned, and due ones invoiced.
    pub(super) fn creates(&self) -> bool {
        self.tenant.system() == SystemKind::Fortnox && matches!(self.fields.mode, Mode::DraftOnly | Mode::Full)
    }

    /// When there's something to tell or to look for again.
    pub(super) fn next(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let digest = schedule::after(schedule::newest_date(now, &self.fields), &self.fields);
        if self.creates() { digest.min(schedule::next_check(now, &self.fields)) } else { digest }
    }
}

/// Who is set, else who gets the control copies.
fn recipients(profile: &Profile) -> Vec<MailAddress> {
    match &profile.tenant.digest_to {
        Some(to) => to.clone(),
        None => profile.layer.control_copy.iter().cloned().collect(),
    }
}

fn language(profile: &Profile) -> Option<Language> {
    profile.tenant.digest_language.or(profile.layer.language)
}

/// The language of the accounting system's country.
fn default_language(tenant: &TenantId) -> Language {
    match tenant.system() {
        SystemKind::Fortnox => Language::Sv,
        SystemKind::Economic => Language::Da,
    }
}
