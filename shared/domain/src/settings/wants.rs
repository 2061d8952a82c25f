//! What a tenant's settings want done anywhere, in the profile or for some customer or agreement.

use super::{Channel, TenantSettings};
use crate::{draft::FinishedBy, hold::HoldReason};

/// All that is wanted somewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wants {
    /// The channels, each once.
    pub channels: Vec<Channel>,
    /// Some invoices are to be booked.
    pub auto_book: bool,
    /// Drafts of the accounting system's own subscriptions are waited for.
    pub subscriptions: bool,
    /// What is missing in the profile for our own mails to have a sender.
    pub missing_sender: Vec<&'static str>,
}

impl Wants {
    /// Whether some invoices are to be delivered that way.
    pub fn has(&self, channel: Channel) -> bool {
        self.channels.contains(&channel)
    }
}

impl TenantSettings {
    /// What is wanted anywhere. Broken items want nothing: they hold what they govern.
    pub fn wants(&self) -> Wants {
        let mut wants = Wants::default();
        for layer in self.layers() {
            wants.channels.extend(layer.channel.filter(|channel| !wants.channels.contains(channel)));
            wants.auto_book |= layer.auto_book == Some(true);
            wants.subscriptions |=
                layer.finished_by.as_ref().is_some_and(|ways| ways.contains(&FinishedBy::Subscription));
        }
        if let Ok(profile) = self.profile() {
            let sender = [
                ("sender_name", profile.tenant.sender_name.is_none()),
                ("reply_to", profile.tenant.reply_to.is_none()),
            ];
            wants.missing_sender = sender.into_iter().filter(|(_, missing)| *missing).map(|(field, _)| field).collect();
        }
        wants
    }

    /// The holds that broken customers' and agreements' items cause.
    pub fn broken(&self) -> Vec<HoldReason> {
        let mut broken: Vec<HoldReason> = self.broken_items().collect();
        broken.sort_by_key(ToString::to_string);
        broken
    }
}
