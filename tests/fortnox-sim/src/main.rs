//! A local Fortnox on the command line. The crate's README tells what it can do.

use std::error::Error;

use fortnox_sim::{CompanyFile, World};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    sim_kit::serve::<World>(env!("CARGO_PKG_NAME"), "A local Fortnox with a ledger.", CompanyFile::read).await
}
