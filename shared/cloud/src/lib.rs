//! AWS behind the workflow's ports: DynamoDB, SQS, SES, and the shapes of a Lambda batch and of an HTTP API's
//! request.
//!
//! Everything that a function is told comes from its environment, which `template.yaml` gives: see [`environment`].

pub mod api;
mod apps;
pub mod batch;
mod belongings;
mod clock;
pub mod connect;
mod connections;
mod counted;
mod dead_letters;
pub mod environment;
mod items;
mod journal;
mod mailer;
mod mails;
mod pace;
mod pipeline;
mod prices;
mod queues;
mod random;
mod settings;
mod signals;
mod wake;

pub use belongings::{Belonging, Belongings, TenantTables};
pub use connections::{DynamoConnections, EconomicTokens};
pub use dead_letters::{DeadLetterUrls, SqsDeadLetters, SqsGiveUp};
pub use mailer::SesMailer;
pub use pipeline::{Pipeline, StartError};
pub use random::SystemRandomness;
pub use settings::{SettingsDesk, WrittenItem};
pub use signals::DynamoSignalSecrets;
