//! Where bytes go.

mod output;
pub mod target;
pub mod whole;
pub mod writer;
