//! Which drops are wanted, by reason, place, interface, namespace and headers.
//!
//! What was typed ([`typed`]) becomes bits of reasons, of ranges of addresses ([`rules`]), of interfaces
//! ([`interfaces`]), and of what stands in headers ([`headers`]). The kernel half looks them up before it copies a byte; what it cannot tell, and what stands in files,
//! is judged by the same bits here.
//!
//! Several values of one filter mean any of them, several filters mean all.

pub mod headers;
pub mod interfaces;
pub mod names;
pub mod noise;
pub mod rules;
pub mod sought;
pub mod told;
pub mod typed;
mod unknown;
pub mod values;
