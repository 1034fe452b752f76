//! TCP (RFC 9293).

use std::fmt::{Result, Write};

use etherparse::ip_number;

use super::{endpoints::Endpoints, transport};
use crate::identify::phrase::Phrase;

/// The flags from the lowest bit up (RFC 9293, 3.1; the ninth, AE, is RFC 9768's), which is the order that Wireshark prints them in.
const FLAGS: [&str; 9] = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"];

/// The shortest header, in the 32-bit words of its offset field.
const WORDS_MIN: u8 = 5;

pub(crate) fn describe(out: &mut Phrase, endpoints: Endpoints, segment: &[u8]) -> Result {
    let Some((source, destination)) = transport::ports(segment) else {
        return transport::describe_cut(out, endpoints, ip_number::TCP);
    };
    out.push_str("TCP ");
    let Some(&[.., offset, flags]) = segment.first_chunk::<14>() else {
        endpoints.sockets(out, source, destination);
        return out.write_str(", cut header");
    };

    self::flags(out, u16::from_be_bytes([offset, flags]) & 0x1ff);
    out.push(' ');
    endpoints.sockets(out, source, destination);
    let words = offset >> 4;
    if words < WORDS_MIN {
        write!(out, ", header length {} is too short", words * 4)?;
    }
    Ok(())
}

fn flags(out: &mut Phrase, mut set: u16) {
    if set == 0 {
        out.push_str("without flags");
    }
    while set != 0 {
        out.push_str(FLAGS[set.trailing_zeros() as usize]);
        set &= set - 1;
        if set != 0 {
            out.push('+');
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::{claim_ipv4, claim_ipv6};

    #[test]
    fn a_segment_is_named_with_its_flags_and_ports() {
        for (flags, text) in [
            ("5002", "SYN"),
            ("5012", "SYN+ACK"),
            ("5010", "ACK"),
            ("5011", "FIN+ACK"),
            ("5004", "RST"),
            ("5014", "RST+ACK"),
            ("5018", "PSH+ACK"),
            ("50c2", "SYN+ECE+CWR"),
            ("51c2", "SYN+ECE+CWR+AE"),
            ("5029", "FIN+PSH+URG"),
            ("5000", "without flags"),
        ] {
            claim_ipv4(
                6,
                &format!("0fa0 0050 00000001 00000000 {flags} ffff 0000 0000"),
                &format!("TCP {text} 10.0.0.1:4000 > 10.0.0.2:80"),
            );
        }
        claim_ipv6(
            6,
            "0fa0 0050 00000001 00000000 5002 ffff 0000 0000",
            "TCP SYN [fe80::1]:4000 > [ff02::1:2]:80",
        );
    }

    #[test]
    fn a_header_cut_after_the_flags_is_whole_enough() {
        claim_ipv4(
            6,
            "0fa0 0050 00000001 00000000 a002",
            "TCP SYN 10.0.0.1:4000 > 10.0.0.2:80",
        );
        claim_ipv4(
            6,
            "0fa0 0050 00000001",
            "TCP 10.0.0.1:4000 > 10.0.0.2:80, cut header",
        );
        claim_ipv4(6, "0fa0", "TCP 10.0.0.1 > 10.0.0.2, cut header");
    }

    #[test]
    fn an_impossible_header_length_is_said() {
        claim_ipv4(
            6,
            "0fa0 0050 00000001 00000000 2002 ffff 0000 0000",
            "TCP SYN 10.0.0.1:4000 > 10.0.0.2:80, header length 8 is too short",
        );
    }
}
