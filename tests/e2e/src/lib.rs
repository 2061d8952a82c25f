//! The real binaries on the local cloud, end to end. See `tests/`.
