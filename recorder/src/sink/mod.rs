//! Where bytes go.

mod aligned;
mod compressor;
mod direct;
pub mod memory;
mod names;
mod output;
mod room;
pub mod series;
pub mod shared;
pub mod snapshot;
pub mod target;
pub mod whole;
pub mod writeback;
pub mod writer;
