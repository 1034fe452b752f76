//! Where bytes go.

pub mod target;
pub mod writer;
