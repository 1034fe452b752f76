//! Frames in each kind of wrapping.

use super::std::{vec, vec::Vec};

/// Lays one header behind the other.
pub(super) fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

pub(super) fn ethernet(number: u16) -> Vec<u8> {
    join(&[&[2; 12], &number.to_be_bytes()])
}

pub(super) fn tag(number: u16) -> Vec<u8> {
    join(&[&[0, 7], &number.to_be_bytes()])
}

/// From 10.0.0.`host` to 10.0.1.`host`, with four bytes of options.
pub(super) fn ipv4(protocol: u8, host: u8, fragment: u16) -> Vec<u8> {
    let [high, low] = fragment.to_be_bytes();
    let fixed = [0x46, 0, 0, 0, 0, 0, high, low, 64, protocol, 0, 0];
    join(&[&fixed, &[10, 0, 0, host], &[10, 0, 1, host], &[1; 4]])
}

/// From `fd00::host` to the next one.
pub(super) fn ipv6(next: u8, host: u8) -> Vec<u8> {
    let address = |last| {
        let mut address = [0; 16];
        (address[0], address[15]) = (0xfd, last);
        address
    };
    let fixed = [0x60, 0, 0, 0, 0, 0, next, 64];
    join(&[&fixed, &address(host), &address(host + 1)])
}

pub(super) fn ports(source: u16, destination: u16) -> Vec<u8> {
    let [source, destination] = [source, destination].map(u16::to_be_bytes);
    join(&[&source, &destination, &[0; 4]])
}

pub(super) const UDP: u8 = 17;
pub(super) const TCP: u8 = 6;
pub(super) const AH: u8 = 51;

/// A frame in each kind of wrapping: its name, what is around, and how many bytes of it have to be there for the innermost
/// ports to be read. Inside is UDP from port 1000 to 80, between `fd00::5` and `fd00::6` or from 10.0.0.5 to 10.0.1.5.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn wrapped() -> Vec<(&'static str, Vec<u8>)> {
    let udp = ports(1000, 80);
    let v4 = join(&[&ipv4(UDP, 5, 0), &udp]);
    let v6 = join(&[&ipv6(UDP, 5), &udp]);
    let frame4 = join(&[&ethernet(0x0800), &v4]);
    let outer = |protocol| join(&[&ethernet(0x0800), &ipv4(protocol, 9, 0)]);
    let outer6 = |protocol| join(&[&ethernet(0x86dd), &ipv6(protocol, 9)]);
    let to = |port| join(&[&outer(UDP), &ports(7, port)]);
    let options = [UDP, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let label = |bottom: u8| [0_u8, 0, 0x10 | bottom, 64];
    vec![
        ("plain IPv4", frame4.clone()),
        ("plain IPv6", join(&[&ethernet(0x86dd), &v6])),
        ("tagged", join(&[&ethernet(0x8100), &tag(0x0800), &v4])),
        (
            "QinQ",
            join(&[&ethernet(0x88a8), &tag(0x8100), &tag(0x86dd), &v6]),
        ),
        (
            "SNAP",
            join(&[&ethernet(100), &[0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0x00], &v4]),
        ),
        (
            "destination options",
            join(&[&ethernet(0x86dd), &ipv6(60, 5), &options, &udp]),
        ),
        (
            "hop-by-hop options, routing, and a first fragment",
            join(&[
                &ethernet(0x86dd),
                &ipv6(0, 5),
                &[43, 0, 0, 0, 0, 0, 0, 0],
                &[44, 0, 0, 0, 0, 0, 0, 0],
                &[UDP, 0, 0, 1, 0, 0, 0, 9],
                &udp,
            ]),
        ),
        (
            "an authentication header",
            join(&[
                &ethernet(0x0800),
                &ipv4(51, 5, 0),
                &[UDP, 4],
                &[0; 22],
                &udp,
            ]),
        ),
        (
            "a first fragment",
            join(&[&ethernet(0x0800), &ipv4(UDP, 5, 0x2000), &udp]),
        ),
        ("IPIP", join(&[&outer(4), &v4])),
        ("6in4", join(&[&outer(41), &v6])),
        ("4in6", join(&[&outer6(4), &v4])),
        ("GRE", join(&[&outer(47), &[0, 0, 0x08, 0x00], &v4])),
        (
            "GRE with sum, key and number, and a frame in it",
            join(&[&outer(47), &[0xb0, 0, 0x65, 0x58], &[0; 12], &frame4]),
        ),
        (
            "GRE with a route of two",
            join(&[
                &outer(47),
                &[0x40, 0, 0x86, 0xdd],
                &[0; 4],
                &[8, 0, 0, 4, 10, 9, 9, 9],
                &[8, 0, 0, 4, 10, 9, 9, 8],
                &[0; 4],
                &v6,
            ]),
        ),
        (
            "ISL",
            join(&[
                &[1, 0, 0x0c, 0, 0, 0, 2, 2, 2, 2, 2, 2, 0, 100],
                &[0xaa, 0xaa, 3, 0, 0, 0x0c, 0, 2, 0, 0, 0, 0],
                &frame4,
            ]),
        ),
        (
            "ERSPAN",
            join(&[&outer(47), &[0x10, 0, 0x88, 0xbe], &[0; 12], &frame4]),
        ),
        (
            "VXLAN",
            join(&[&to(4789), &[8, 0, 0, 0, 0, 0, 9, 0], &frame4]),
        ),
        (
            "VXLAN with tags around and inside",
            join(&[
                &ethernet(0x88a8),
                &tag(0x8100),
                &tag(0x86dd),
                &ipv6(UDP, 9),
                &ports(7, 4789),
                &[8, 0, 0, 0, 0, 0, 9, 0],
                &ethernet(0x8100),
                &tag(0x0800),
                &v4,
            ]),
        ),
        (
            "Geneve with options",
            join(&[&to(6081), &[1, 0, 0x65, 0x58, 0, 0, 9, 0], &[0; 4], &frame4]),
        ),
        (
            "two labels",
            join(&[&ethernet(0x8847), &label(0), &label(1), &v4]),
        ),
        (
            "a pseudowire",
            join(&[&ethernet(0x8847), &label(1), &[0; 4], &frame4]),
        ),
        ("MPLS in UDP", join(&[&to(6635), &label(1), &v6])),
        (
            "PPPoE",
            join(&[&ethernet(0x8864), &[0x11, 0, 0, 1, 0, 9, 0, 0x57], &v6]),
        ),
        (
            "a label in PPPoE",
            join(&[
                &ethernet(0x8864),
                &[0x11, 0, 0, 1, 0, 9, 0x02, 0x83],
                &label(1),
                &v4,
            ]),
        ),
        (
            "PPTP",
            join(&[
                &outer(47),
                &[0x30, 0x81, 0x88, 0x0b],
                &[0; 12],
                &[0xff, 3, 0x57],
                &v6,
            ]),
        ),
        (
            "a provider backbone",
            join(&[&ethernet(0x88e7), &[0; 4], &frame4]),
        ),
        (
            "GTP-U",
            join(&[&to(2152), &[0x32, 255, 0, 9, 0, 0, 0, 1], &[0; 4], &v4]),
        ),
        (
            "GTP-U with two extension headers",
            join(&[
                &to(2152),
                &[0x36, 255, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0x85],
                &[2, 0, 0, 0, 0, 0, 0, 0x40],
                &[1, 0, 0, 0],
                &v6,
            ]),
        ),
        ("EtherIP", join(&[&outer(97), &[0x30, 0], &frame4])),
        (
            "a frame in GTP-U",
            join(&[&to(2152), &[0x30, 255, 0, 9, 0, 0, 0, 1], &frame4]),
        ),
        (
            "VXLAN-GPE",
            join(&[&to(4790), &[12, 0, 0, 2, 0, 0, 9, 0], &v6]),
        ),
        (
            "a service header, a label and a frame in VXLAN-GPE",
            join(&[
                &to(4790),
                &[12, 0, 0, 4, 0, 0, 9, 0],
                &[0, 3, 1, 5, 0, 0, 1, 255, 0, 0, 0, 0],
                &label(1),
                &frame4,
            ]),
        ),
        (
            "a service header",
            join(&[&ethernet(0x894f), &[0, 2, 1, 1, 0, 0, 1, 255], &v4]),
        ),
        (
            "L2TP",
            join(&[&to(1701), &[0, 2, 0, 1, 0, 1, 0xff, 3, 0, 0x21], &v4]),
        ),
        (
            "L2TP with length, numbers and an offset",
            join(&[&to(1701), &[0x4a, 2], &[0; 10], &[0, 3, 1, 1, 1, 0x57], &v6]),
        ),
        ("Teredo", join(&[&to(3544), &v6])),
        (
            "Teredo with an authentication and an origin",
            join(&[
                &to(3544),
                &[0, 1, 2, 3],
                &[9; 5 + 9],
                &[0, 0, 1, 1, 1, 1, 1, 1],
                &v6,
            ]),
        ),
        (
            "EoIP",
            join(&[&outer(47), &[0x20, 1, 0x64, 0, 0, 9, 1, 0], &frame4]),
        ),
        ("segment routing", join(&[&outer6(143), &frame4])),
        (
            "ERSPAN behind a route",
            join(&[
                &outer(47),
                &[0x50, 0, 0x88, 0xbe],
                &[0; 8],
                &[0; 4],
                &[0; 8],
                &frame4,
            ]),
        ),
        (
            "ERSPAN without GRE",
            join(&[&ethernet(0x88be), &[0; 8], &frame4]),
        ),
        (
            "a packet in ERSPAN's third type",
            join(&[&outer(47), &[0x10, 0, 0x22, 0xeb], &[0; 14], &[8, 0], &v4]),
        ),
        (
            "a frame in ERSPAN's third type, and its platform's part",
            join(&[
                &outer(47),
                &[0x10, 0, 0x22, 0xeb],
                &[0; 15],
                &[1],
                &[0; 8],
                &frame4,
            ]),
        ),
        ("HSR", join(&[&ethernet(0x892f), &[0, 52, 0, 1, 8, 0], &v4])),
        (
            "VN-Tag",
            join(&[&ethernet(0x8926), &[0, 0, 0, 0, 8, 0], &v4]),
        ),
        (
            "R-Tag",
            join(&[&ethernet(0xf1c1), &[0, 0, 0, 1, 0x86, 0xdd], &v6]),
        ),
        (
            "E-Tag",
            join(&[&ethernet(0x893f), &[0; 6], &[0x81, 0], &tag(0x0800), &v4]),
        ),
        (
            "metadata",
            join(&[&ethernet(0x8909), &[1, 1, 0, 1, 0, 1, 8, 0], &v4]),
        ),
        (
            "MACsec with an identifier",
            join(&[&ethernet(0x88e5), &[0x20, 0], &[0; 12], &[8, 0], &v4]),
        ),
        (
            "TRILL with options",
            join(&[
                &ethernet(0x22f3),
                &[0, 0x40, 0, 1, 0, 2, 0, 0, 0, 0],
                &frame4,
            ]),
        ),
        (
            "BATMAN",
            join(&[&ethernet(0x4305), &[0x42, 15], &[0; 16], &frame4]),
        ),
        (
            "SNAP as bridges translate it",
            join(&[
                &ethernet(100),
                &[0xaa, 0xaa, 3, 0, 0, 0xf8, 0x08, 0x00],
                &v4,
            ]),
        ),
        (
            "SNAP with a frame",
            join(&[
                &ethernet(100),
                &[0xaa, 0xaa, 3, 0, 0x80, 0xc2, 0, 7, 0, 0],
                &frame4,
            ]),
        ),
        ("LLC", join(&[&ethernet(100), &[6, 7, 0x13], &v4])),
    ]
}
