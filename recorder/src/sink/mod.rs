//! Where bytes go.

pub mod memory;
mod output;
pub mod series;
pub mod snapshot;
pub mod target;
pub mod whole;
pub mod writer;
