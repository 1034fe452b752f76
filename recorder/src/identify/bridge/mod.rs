//! What bridges and switches say to each other and to their neighbours.

pub(crate) mod cdp;
pub(crate) mod cfm;
pub(crate) mod edp;
pub(crate) mod isis;
pub(crate) mod lldp;
pub(crate) mod pvst;
pub(crate) mod slow;
pub(crate) mod stp;
pub(crate) mod vtp;
