//! What the running kernel is and offers: each awkward kernel file has a room of its own.

pub mod btf;
pub mod checks;
pub mod counters;
#[cfg(feature = "debuginfo")]
pub mod debuginfo;
#[cfg(not(feature = "debuginfo"))]
#[path = "no_debuginfo.rs"]
pub mod debuginfo;
pub mod filters;
pub mod interfaces;
mod lanes;
pub mod modules;
pub mod namespaces;
mod object;
pub mod offsets;
pub mod probe;
pub mod reasons;
pub mod stacks;
pub mod symbols;
pub mod traps;
pub mod trial;
pub mod wire;
