//! Where bytes go.

pub mod memory;
mod output;
pub mod series;
pub mod shared;
pub mod target;
pub mod whole;
pub mod writer;
