//! Whether a part of the API may be used at all, found out with the smallest call there is.

use http_once::Transport;

use crate::call::Call;
use crate::client::Session;
use crate::error::Error;
use crate::pacer::Pacer;

/// A part of the API that has a list. Its scope opens it (guide "Scopes").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    /// Contracts. Scope `invoice`, and the company must have switched Avtalsfakturering on.
    Contracts,
    /// Invoices. Scope `invoice`.
    Invoices,
    /// Customers. Scope `customer`.
    Customers,
    /// Articles. Scope `article`.
    Articles,
    /// Price lists. Scope `price`.
    PriceLists,
}

impl Resource {
    const fn path(self) -> &'static str {
        match self {
            Self::Contracts => "contracts",
            Self::Invoices => "invoices",
            Self::Customers => "customers",
            Self::Articles => "articles",
            Self::PriceLists => "pricelists",
        }
    }
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// Asks for one row of a list. The answer tells that the part may be read; what the row says isn't looked at. Fortnox's
    /// scopes give reading and writing together, so it may be written too.
    pub async fn try_reading(&self, resource: Resource) -> Result<(), Error> {
        self.json(Call::get(resource.path()).query("limit", "1"), |_| Ok(())).await
    }
}
