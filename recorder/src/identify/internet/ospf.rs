//! OSPF, versions 2 and 3, which begin alike (RFC 2328, A.3.1; RFC 5340, A.3.1).

use std::fmt::{Result, Write};

use crate::identify::{address, field, phrase::Phrase};

/// Describes what follows the addresses.
pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    let (Some([version, kind]), Some(router), Some(area)) = (
        field::octets(packet, 0),
        field::octets(packet, 4),
        field::octets(packet, 8),
    ) else {
        return out.write_str(", cut header");
    };
    write!(out, ", version {version}")?;
    match kind {
        1 => out.push_str(" hello"),
        2 => out.push_str(" database description"),
        3 => out.push_str(" link state request"),
        4 => out.push_str(" link state update"),
        5 => out.push_str(" link state acknowledgment"),
        _ => write!(out, " type {kind}")?,
    }
    out.push_str(", router ");
    address::ipv4(out, router);
    out.push_str(", area ");
    address::ipv4(out, area);
    Ok(())
}
