//! IGMP messages (RFC 1112, RFC 2236, RFC 9776 and IANA's *IGMP Type Numbers*).

use std::fmt::{Result, Write};

use etherparse::ip_number;

use super::{endpoints::Endpoints, transport};

pub(super) fn describe(out: &mut String, endpoints: Endpoints, message: &[u8]) -> Result {
    let &[kind, ..] = message else {
        return transport::describe_cut(out, endpoints, ip_number::IGMP);
    };
    match name(kind) {
        Some(name) => out.push_str(name),
        None => write!(out, "IGMP type {kind:#04x}")?,
    }
    out.push(' ');
    endpoints.addresses(out);
    Ok(())
}

/// The query has no version: it would be the message's length, which a recorded frame need not hold.
fn name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        0x11 => "IGMP query",
        0x12 => "IGMPv1 report",
        0x13 => "DVMRP",
        0x14 => "PIMv1",
        0x16 => "IGMPv2 report",
        0x17 => "IGMPv2 leave",
        0x22 => "IGMPv3 report",
        0x30 => "IGMP multicast router advertisement",
        0x31 => "IGMP multicast router solicitation",
        0x32 => "IGMP multicast router termination",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::claim_ipv4;

    #[test]
    fn a_message_is_named_by_its_type() {
        for (message, text) in [
            ("11", "IGMP query"),
            ("16", "IGMPv2 report"),
            ("17", "IGMPv2 leave"),
            ("22", "IGMPv3 report"),
            ("99", "IGMP type 0x99"),
        ] {
            claim_ipv4(
                2,
                &format!("{message} 00 0000 00000000"),
                &format!("{text} 10.0.0.1 > 10.0.0.2"),
            );
        }
    }

    #[test]
    fn a_cut_message_is_said_to_be_cut() {
        claim_ipv4(2, "", "IGMP 10.0.0.1 > 10.0.0.2, cut header");
    }
}
