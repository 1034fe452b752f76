//! What the screen shows.

pub mod accounting;
pub mod answers;
pub mod books;
pub mod changes;
pub mod columns;
pub mod counted;
pub mod left_out;
pub mod metrics;
pub mod object;
pub mod page;
pub mod progress;
pub mod reconcile;
pub mod say;
pub mod summary;
pub mod table;
pub mod width;
