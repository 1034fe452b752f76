//! RDMA over Converged Ethernet: the InfiniBand transport (InfiniBand architecture, volume 1, 9.2) after a global route
//! header, or, in version 2, after UDP.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// The global route header.
const GRH: usize = 40;

/// The operations of the low five bits of the opcode (table 38).
const OPERATIONS: [&str; 21] = [
    "send first",
    "send middle",
    "send last",
    "send last with immediate",
    "send only",
    "send only with immediate",
    "write first",
    "write middle",
    "write last",
    "write last with immediate",
    "write only",
    "write only with immediate",
    "read request",
    "read response first",
    "read response middle",
    "read response last",
    "read response only",
    "acknowledge",
    "atomic acknowledge",
    "compare and swap",
    "fetch and add",
];

const CONGESTION_NOTIFICATION: u8 = 0x81;

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("RoCE");
    match payload.get(GRH..) {
        Some(transport) => describe_transport(out, transport),
        None => out.write_str(", cut header"),
    }
}

/// Describes a datagram if it is one of version 2: the version of the transport is zero.
pub(crate) fn describe_datagram(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    (payload.get(1)? << 4 == 0).then_some(())?;
    out.push_str(", RoCEv2");
    Some(describe_transport(out, payload))
}

/// Describes what follows the protocol's name.
fn describe_transport(out: &mut Phrase, transport: &[u8]) -> Result {
    let (Some(&opcode), Some(queue_pair)) = (transport.first(), field::be24(transport, 5)) else {
        return out.write_str(", cut header");
    };
    let service = ["RC", "UC", "RD", "UD"].get(usize::from(opcode >> 5));
    match (service, OPERATIONS.get(usize::from(opcode & 0x1f))) {
        (Some(service), Some(operation)) => write!(out, " {service} {operation}")?,
        _ if opcode == CONGESTION_NOTIFICATION => out.push_str(" congestion notification"),
        _ => write!(out, " opcode {opcode:#04x}")?,
    }
    write!(out, ", QP {queue_pair:#08x}")
}
