//! Proxies in front of all services that the functions call.

use std::io;

use local::Options;

use crate::{Front, Mischief, Stage, StageError};

/// The template's parameters that hold Fortnox's addresses.
const FORTNOX: [&str; 2] = ["FortnoxApiUrl", "FortnoxAuthUrl"];

/// The template's parameters that hold e-conomic's addresses.
const ECONOMIC: [&str; 2] = ["EconomicApiUrl", "EconomicOpenApiUrl"];

/// One proxy a service.
#[derive(Debug)]
pub struct Fronts {
    /// In front of Fortnox.
    pub fortnox: Front,
    /// In front of e-conomic.
    pub economic: Front,
    /// In front of DynamoDB.
    pub dynamodb: Front,
    /// In front of SQS, as the functions call it.
    pub sqs: Front,
    /// In front of SES.
    pub ses: Front,
}

impl Fronts {
    /// Opens them.
    pub async fn open(mischief: &Mischief) -> io::Result<Self> {
        Ok(Self {
            fortnox: Front::open(mischief, None).await?,
            economic: Front::open(mischief, None).await?,
            dynamodb: Front::open(mischief, None).await?,
            sqs: Front::open(mischief, None).await?,
            ses: Front::open(mischief, Some("MailFunction")).await?,
        })
    }

    /// Has the functions go through them.
    pub fn stand_before(&self, options: &mut Options) {
        for name in FORTNOX {
            options.parameters.insert(name.to_owned(), self.fortnox.url());
        }
        for name in ECONOMIC {
            options.parameters.insert(name.to_owned(), self.economic.url());
        }
        options.fronts.dynamodb = Some(self.dynamodb.url());
        options.fronts.sqs = Some(self.sqs.url());
        options.fronts.ses = Some(self.ses.url());
    }

    /// Leads them to the services of a stage that has started.
    pub fn lead_to(&self, stage: &Stage) -> Result<(), StageError> {
        self.fortnox.lead_to(&stage.simulator.base_url())?;
        self.economic.lead_to(&stage.economic.base_url())?;
        self.dynamodb.lead_to(stage.cloud.dynamodb_url())?;
        self.sqs.lead_to(stage.cloud.sqs_url())?;
        Ok(self.ses.lead_to(stage.cloud.ses_url())?)
    }
}
