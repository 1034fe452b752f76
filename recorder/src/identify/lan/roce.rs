//! RDMA over Converged Ethernet: the InfiniBand transport (InfiniBand architecture, volume 1, 9.2) after a global route
//! header, or, in version 2, after UDP.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// The global route header.
const GRH: usize = 40;

/// The operations of the low five bits of the opcode (table 38), of which each service has some.
const OPERATIONS: [&str; 24] = [
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
    "resync",
    "send last with invalidate",
    "send only with invalidate",
];

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
    // The service in the high three bits; the congestion notification of version 2 (annex A17) is of none of them.
    let service = match opcode {
        0x00..=0x14 | 0x16 | 0x17 => "RC",
        0x20..=0x2b => "UC",
        0x40..=0x55 => "RD",
        0x64 | 0x65 => "UD",
        0xa0..=0xb4 | 0xb6 | 0xb7 => "XRC",
        0x81 => return write!(out, " congestion notification, QP {queue_pair:#08x}"),
        _ => return write!(out, " opcode {opcode:#04x}, QP {queue_pair:#08x}"),
    };
    let operation = OPERATIONS[usize::from(opcode & 0x1f)];
    write!(out, " {service} {operation}, QP {queue_pair:#08x}")
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    #[test]
    fn only_the_operations_that_a_service_has_are_named() {
        for (opcode, said) in [
            (0x14, "RC fetch and add"),
            (0x15, "opcode 0x15"),
            (0x16, "RC send last with invalidate"),
            (0x17, "RC send only with invalidate"),
            (0x1f, "opcode 0x1f"),
            (0x2b, "UC write only with immediate"),
            (0x2c, "opcode 0x2c"),
            (0x31, "opcode 0x31"),
            (0x55, "RD resync"),
            (0x56, "opcode 0x56"),
            (0x63, "opcode 0x63"),
            (0x64, "UD send only"),
            (0x66, "opcode 0x66"),
            (0x71, "opcode 0x71"),
            (0x81, "congestion notification"),
            (0x91, "opcode 0x91"),
            (0xac, "XRC read request"),
            (0xb5, "opcode 0xb5"),
            (0xff, "opcode 0xff"),
        ] {
            claim_ipv4(
                17,
                &format!("c000 12b7 0000 0000 {opcode:02x} 40 ffff 00 000012 00 000001"),
                &format!("UDP 10.0.0.1:49152 > 10.0.0.2:4791, RoCEv2 {said}, QP 0x000012"),
            );
        }
    }
}
