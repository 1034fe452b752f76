//! What the screen shows.

pub mod accounting;
pub mod progress;
pub mod say;
pub mod table;
