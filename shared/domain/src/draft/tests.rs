//! Tables for drafts.
#![allow(clippy::unwrap_used)]
