//! What the running kernel is and offers: each awkward kernel file has a room of its own.

pub mod btf;
pub mod checks;
pub mod counters;
pub mod interfaces;
pub mod modules;
pub mod offsets;
pub mod probe;
pub mod reasons;
mod slot;
pub mod symbols;
pub mod trial;
