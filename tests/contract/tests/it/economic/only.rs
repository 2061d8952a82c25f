//! What only e-conomic can get wrong: answers that no healthy e-conomic gives, and its open questions as switches.

mod booking;
mod pace;
mod reading;

use contract::{Scene, Subject as _};

use super::EconomicSubject;

async fn open() -> EconomicSubject {
    EconomicSubject::open(Scene::default()).await
}
