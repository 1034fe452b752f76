//! Where bytes go.

pub mod memory;
mod output;
pub mod series;
mod shared;
pub mod target;
pub mod whole;
pub mod writer;
