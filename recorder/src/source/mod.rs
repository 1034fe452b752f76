//! Where records come from.

pub mod clock;
pub mod ring;
