//! How a host is let onto a network: 802.1X, PPP and its way over Ethernet.

pub(crate) mod eapol;
pub(crate) mod ppp;
pub(crate) mod pppoe;
