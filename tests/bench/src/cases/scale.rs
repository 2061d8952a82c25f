//! From small to large: agreements of one company, companies, and a large company beside small ones.

mod agreements;
mod fairness;
mod tenants;

use stage::StageError;

use crate::{Report, Setting};
pub use agreements::by_agreements;

/// Measures.
pub(crate) async fn measure(setting: &Setting, report: &mut Report) -> Result<(), StageError> {
    by_agreements(setting, report, &agreements::SIZES).await?;
    tenants::measure(setting, report).await?;
    fairness::measure(setting, report).await
}
