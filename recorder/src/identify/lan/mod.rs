//! Protocols that stand on Ethernet beside IP: storage, meshes, powerline, older networks.

pub(crate) mod aoe;
pub(crate) mod appletalk;
pub(crate) mod batman;
pub(crate) mod fcoe;
pub(crate) mod fip;
pub(crate) mod homeplug;
pub(crate) mod ipx;
pub(crate) mod loopback_test;
pub(crate) mod roce;
pub(crate) mod wake_on_lan;
