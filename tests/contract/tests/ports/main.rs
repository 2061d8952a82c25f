//! The stores behind the workflow's ports, each through the same suite, and what only one of them can get wrong.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod api;
mod attributes;
mod by_hand;
mod connections;
mod dynamo;
mod golden;
mod letters;
mod mailer;
mod memory;
mod pace;
mod rotation;
