//! Frames in hexadecimal digits, which are put together as text: the lengths are counted, the checksums left at zero but for that
//! of IPv4's header.

use std::fmt::Write as _;

/// Octets from hexadecimal digits; blanks are for the reader.
pub(crate) fn octets(hexadecimal: &str) -> Vec<u8> {
    let digits: Vec<u8> = hexadecimal
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| u8::try_from(c.to_digit(16).expect("a hexadecimal digit")).expect("four bits"))
        .collect();
    let (pairs, rest) = digits.as_chunks::<2>();
    assert!(rest.is_empty(), "half an octet in {hexadecimal}");
    pairs.iter().map(|[high, low]| high << 4 | low).collect()
}

/// How many octets there are.
fn len(hexadecimal: &str) -> usize {
    octets(hexadecimal).len()
}

/// The digits of a text.
pub(crate) fn text(text: &str) -> String {
    text.bytes().fold(String::new(), |mut digits, octet| {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{octet:02x}");
        digits
    })
}

/// A broadcast.
pub(crate) fn ethernet(ether_type: &str, payload: &str) -> String {
    format!("ffffffffffff 020000000001 {ether_type} {payload}")
}

/// A broadcast with a length field.
pub(crate) fn ieee_802_3(llc: &str) -> String {
    ethernet(&format!("{:04x}", len(llc)), llc)
}

/// A packet from 10.0.0.1 to 10.0.0.2.
pub(crate) fn ipv4_packet(protocol: u8, payload: &str) -> String {
    let length = 20 + len(payload);
    let header = |sum: u16| {
        format!("4500 {length:04x} 0001 4000 40 {protocol:02x} {sum:04x} 0a000001 0a000002")
    };
    format!("{} {payload}", header(sum(&octets(&header(0)))))
}

/// The checksum of the Internet (RFC 1071).
fn sum(header: &[u8]) -> u16 {
    let (words, _) = header.as_chunks();
    let words = words
        .iter()
        .map(|word| u32::from(u16::from_be_bytes(*word)));
    !((words.sum::<u32>() % 0xffff) as u16)
}

/// A packet from `fe80::1` to `ff02::1:2`.
pub(crate) fn ipv6_packet(next_header: u8, payload: &str) -> String {
    let length = len(payload);
    format!(
        "60000000 {length:04x} {next_header:02x} 40 fe800000000000000000000000000001 \
         ff020000000000000000000000010002 {payload}"
    )
}

pub(crate) fn ipv4(protocol: u8, payload: &str) -> String {
    ethernet("0800", &ipv4_packet(protocol, payload))
}

pub(crate) fn ipv6(next_header: u8, payload: &str) -> String {
    ethernet("86dd", &ipv6_packet(next_header, payload))
}

pub(crate) fn udp_datagram(source: u16, destination: u16, payload: &str) -> String {
    let length = 8 + len(payload);
    format!("{source:04x} {destination:04x} {length:04x} 0000 {payload}")
}

/// Over IPv4.
pub(crate) fn udp(source: u16, destination: u16, payload: &str) -> String {
    ipv4(17, &udp_datagram(source, destination, payload))
}

/// A segment without data and options. `flags`: with the header's length before them.
pub(crate) fn tcp_segment(source: u16, destination: u16, flags: &str) -> String {
    format!("{source:04x} {destination:04x} 00000001 00000000 {flags} ffff 0000 0000")
}
