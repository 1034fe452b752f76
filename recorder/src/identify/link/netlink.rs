//! Netlink messages as `nlmon` shows them: the header of a cooked capture, whose protocol is the family (`LINKTYPE_NETLINK`).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    match field::be16(packet, 14) {
        Some(family) => describe_family(out, family),
        None => out.write_str("netlink, cut header"),
    }
}

/// `linux/netlink.h`.
pub(crate) fn describe_family(out: &mut Phrase, family: u16) -> Result {
    let name = match family {
        0 => "route",
        2 => "user socket",
        4 => "socket diagnosis",
        5 => "nflog",
        6 => "XFRM",
        7 => "SELinux",
        8 => "iSCSI",
        9 => "audit",
        10 => "FIB lookup",
        11 => "connector",
        12 => "netfilter",
        15 => "kobject uevent",
        16 => "generic",
        18 => "SCSI transport",
        19 => "eCryptfs",
        20 => "RDMA",
        21 => "crypto",
        22 => "SMC",
        _ => return write!(out, "netlink family {family}"),
    };
    write!(out, "netlink {name}")
}
