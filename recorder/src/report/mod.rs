//! What the screen shows.

pub mod accounting;
pub mod progress;
pub mod table;
