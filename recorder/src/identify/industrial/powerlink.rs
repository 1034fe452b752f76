//! Ethernet POWERLINK (EPSG DS 301, 4.6.1.1): message type, destination and source node.

use std::fmt::{Result, Write};

use crate::identify::phrase::Phrase;

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("Ethernet POWERLINK");
    let &[kind, destination, source, ..] = payload else {
        return out.write_str(", cut header");
    };
    match kind & 0x7f {
        1 => out.push_str(" SoC"),
        3 => out.push_str(" PReq"),
        4 => out.push_str(" PRes"),
        5 => out.push_str(" SoA"),
        6 => out.push_str(" ASnd"),
        7 => out.push_str(" AMNI"),
        13 => out.push_str(" AInv"),
        kind => write!(out, " type {kind}")?,
    }
    write!(out, ", node {source} > {destination}")
}
