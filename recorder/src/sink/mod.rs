//! Where bytes go.

mod output;
pub mod target;
pub mod writer;
