//! Real drops, one of each kind, in network namespaces of its own: what `droprec demo` records.
//!
//! It records nothing itself and reads no drop back: it makes a lab of namespaces, and each kind in its list causes one drop there.
//! No traffic leaves the lab, and nothing of the lab outlives the process, however the process ends.

mod frame;
mod host;
mod kinds;
mod lab;
mod namespace;
mod netlink;
mod packet_socket;
mod run;
mod sysctl;

pub(crate) use kinds::{KINDS, Outcome};
pub(crate) use lab::Lab;
pub use run::run;
