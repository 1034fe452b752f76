//! IGMP messages (RFC 1112, RFC 2236, RFC 9776 and IANA's *IGMP Type Numbers*).

use std::fmt::{Result, Write};

use etherparse::ip_number;

use super::{endpoints::Endpoints, transport};
use crate::identify::{address, field, phrase::Phrase};

pub(crate) fn describe(out: &mut Phrase, endpoints: Endpoints, message: &[u8]) -> Result {
    let &[kind, ..] = message else {
        return transport::describe_cut(out, endpoints, ip_number::IGMP);
    };
    match name(kind) {
        // Only this version's is longer (RFC 9776, 7.1); a shorter one may have been cut.
        Some(_) if kind == 0x11 && message.len() >= 12 => out.push_str("IGMPv3 query"),
        Some(name) => out.push_str(name),
        None => write!(out, "IGMP type {kind:#04x}")?,
    }
    out.push(' ');
    endpoints.addresses(out);
    let group = match (kind, field::be16(message, 6)) {
        // RFC 9776, 4.2: how many records there are, and the group of the first.
        (0x22, Some(1)) => field::octets(message, 12),
        (0x22, Some(records)) => return write!(out, ", {records} groups"),
        (0x11 | 0x12 | 0x16 | 0x17, _) => field::octets(message, 4),
        _ => None,
    };
    // None is asked for all of them.
    if let Some(group) = group.filter(|&group| group != [0; 4]) {
        out.push_str(", group ");
        address::ipv4(out, group);
    }
    Ok(())
}

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
    use crate::identify::tests::claim_ipv4;

    #[test]
    fn a_message_is_named_by_its_type() {
        for (message, text) in [
            ("11", "IGMP query"),
            ("16", "IGMPv2 report"),
            ("17", "IGMPv2 leave"),
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
    fn a_message_tells_its_group() {
        claim_ipv4(
            2,
            "16 00 0000 e00000fb",
            "IGMPv2 report 10.0.0.1 > 10.0.0.2, group 224.0.0.251",
        );
        claim_ipv4(
            2,
            "22 00 0000 0000 0001 04 00 0000 e00000fb",
            "IGMPv3 report 10.0.0.1 > 10.0.0.2, group 224.0.0.251",
        );
        claim_ipv4(
            2,
            "22 00 0000 0000 0002 04 00 0000 e00000fb",
            "IGMPv3 report 10.0.0.1 > 10.0.0.2, 2 groups",
        );
    }

    #[test]
    fn a_cut_message_is_said_to_be_cut() {
        claim_ipv4(2, "", "IGMP 10.0.0.1 > 10.0.0.2, cut header");
    }
}
