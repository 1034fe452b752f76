//! Speaks with the kernel over netlink(7): asks it for changes, and for lists of what there is.

pub(crate) mod attributes;
pub(crate) mod dump;
pub(crate) mod message;
pub(crate) mod transaction;

pub(crate) use transaction::is_unsupported;
