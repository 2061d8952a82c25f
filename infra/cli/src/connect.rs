//! `fakturapilot connect`.

use chrono::{DateTime, Utc};
use cloud::Pipeline;
use domain::connect::{Auth, LINK_LIVES, link_address, named};
use serde::Serialize;
use workflow::ports::{Clock, Ports};

use crate::{
    arguments::Connect,
    error::CliError,
    output::{self, Output},
    stack::Stack,
};

#[derive(Serialize)]
struct Invited {
    link: String,
    until: DateTime<Utc>,
}

pub(crate) async fn run(pipeline: &Pipeline, stack: &Stack, output: Output, asked: Connect) -> Result<(), CliError> {
    let Connect { system, tenant, user, invoice_service } = asked;
    let system = named(&system).ok_or_else(|| CliError::Missing(format!("there is no accounting system {system}")))?;
    if tenant.as_ref().is_some_and(|tenant| tenant.system() != system) {
        return Err(CliError::Missing("that company isn't of that accounting system".to_owned()));
    }
    let auth = if user { Auth::User } else { Auth::ServiceAccount };
    let public = stack.public()?;
    let desk = stack.connect_desk(pipeline)?;
    let link = workflow::connect::invite(&desk, system, auth, tenant, invoice_service).await?;
    let invited = Invited { link: link_address(&public, system, &link), until: pipeline.clock().now() + LINK_LIVES };
    output.say(&invited, || {
        output::line(&invited.link);
        output::line("");
        output::line(&format!(
            "Give it to the company's own people, and to nobody else: who opens it logs in and says yes. It counts until {}, and once.",
            output::local(invited.until, chrono_tz::UTC)
        ));
    })
}
