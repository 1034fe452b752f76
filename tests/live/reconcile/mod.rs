//! What droprec says of counters that rose: the summary, the same from the file, and the file's comments, held against the
//! counters themselves.

mod changing;
mod edges;
mod told;
mod truth;
mod unrecorded;
mod which;
