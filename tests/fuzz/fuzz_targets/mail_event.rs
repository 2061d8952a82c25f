//! A company's own letter and an invoice's values.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| any_input::mail_event::any_bytes(data));
