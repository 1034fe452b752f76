//! Which drops are left out.

pub mod noise;
