//! What machines and substations say to each other below IP.

pub(crate) mod ethercat;
pub(crate) mod iec61850;
pub(crate) mod powerlink;
pub(crate) mod profinet;
pub(crate) mod ptp;
