//! Tunnels and labels, and what they carry.

use crate::{
    bytes::{ethernet, ipv4, ipv4_packet, ipv6, ipv6_packet, udp_datagram},
    case::{Case, case},
};

pub(crate) fn cases() -> Vec<Case> {
    let datagram = udp_datagram(4000, 4001, "");
    let (inner, inner_6) = (ipv4_packet(17, &datagram), ipv6_packet(17, &datagram));
    let frame = ethernet("0800", &inner);
    let mut cases = over_ip(&inner, &inner_6, &frame);
    cases.extend(gre(&inner, &inner_6, &frame));
    cases
}

fn over_ip(inner: &str, inner_6: &str, frame: &str) -> Vec<Case> {
    vec![
        case(
            "MPLS, IPv4",
            &ethernet("8847", &format!("00064140 {inner}")),
        )
        .means("mpls.label", "100", "MPLS 100"),
        case(
            "MPLS, two labels, IPv6",
            &ethernet("8847", &format!("00064040 000c8140 {inner_6}")),
        )
        .means("mpls.label", "100;200", "MPLS 100.200"),
        case(
            "MPLS, explicit null",
            &ethernet("8847", &format!("00000140 {inner}")),
        )
        .means("mpls.label", "0", "MPLS 0"),
        case(
            "Multicast MPLS",
            &ethernet("8848", &format!("00064140 {inner}")),
        )
        .means("mpls.label", "100", "Multicast MPLS 100"),
        case(
            "MPLS, a pseudowire",
            &ethernet("8847", &format!("00064140 0011f3112233 000c29aabbcc 0800 {inner}")),
        )
        .means("mpls.label", "100", "MPLS 100"),
        case(
            "MPLS, a pseudowire to an address that begins with a 6",
            &ethernet(
                "8847",
                &format!("00064140 649ef3112233 000c29aabbcc 0800 {inner}"),
            ),
        )
        .means("mpls.label", "100", "MPLS 100")
        .differs("tshark takes what begins with a 6 for IPv6, whose length would not fit; what is there is a frame with an IPv4 packet"),
        case("IPv4 in IPv4", &ipv4(4, inner)).means("ip.proto", "4;17", "IPIP"),
        case("IPv6 in IPv4 (sit)", &ipv4(41, inner_6)).means("ip.proto", "41", "6in4"),
        case("IPv4 in IPv6", &ipv6(4, inner)).means("ipv6.nxt", "4", "4in6"),
        case("IPv6 in IPv6", &ipv6(41, inner_6)).means("ipv6.nxt", "41;17", "6in6"),
        case(
            "ESP",
            &ipv4(50, "00001000 00000001 5a5a5a5a 5a5a5a5a 5a5a5a5a"),
        )
        .means("esp.spi", "0x00001000", "SPI 0x00001000"),
        case("Ethernet in IP", &ipv4(97, &format!("3000 {frame}"))),
        case("L2TPv3", &ipv4(115, &format!("00000007 {frame}"))).means(
            "l2tp.sid",
            "0x00000007",
            "session 0x00000007",
        ),
        case("MPLS in IPv4", &ipv4(137, &format!("00064140 {inner}"))).means(
            "mpls.label",
            "100",
            "MPLS 100",
        ),
        case(
            "NSH",
            &ethernet(
                "894f",
                &format!("0fc6 01 01 000064 ff {} {inner}", "00".repeat(16)),
            ),
        )
        .means("nsh.spi", "100", "SPI 100")
        .means("nsh.si", "255", "SI 255"),
        case(
            "four tunnels in each other",
            &ipv4(4, &ipv4_packet(4, &ipv4_packet(4, &ipv4_packet(4, inner)))),
        )
        .differs("droprec tells of three packets within the first, and says `more inside`"),
    ]
}

fn gre(inner: &str, inner_6: &str, frame: &str) -> Vec<Case> {
    vec![
        case("GRE, IPv4", &ipv4(47, &format!("0000 0800 {inner}"))).means(
            "gre.proto",
            "0x0800",
            "GRE",
        ),
        case(
            "GRE with a key",
            &ipv4(47, &format!("2000 86dd 00000007 {inner_6}")),
        )
        .means("gre.key", "0x00000007", "key 0x00000007"),
        case("GRE, Ethernet", &ipv4(47, &format!("0000 6558 {frame}"))).means(
            "gre.proto",
            "0x6558",
            "UDP",
        ),
        case(
            "GRE, checksum and sequence",
            &ipv4(47, &format!("9000 0800 0000 0000 00000001 {inner}")),
        )
        .means("gre.proto", "0x0800", "UDP"),
        case(
            "GRE with a route",
            &ipv4(
                47,
                &format!("4000 0800 0000 0000 0800 00 04 0a000003 0000 00 00 {inner}"),
            ),
        )
        .means("gre.routing.src_length", "4;0", "UDP"),
        case("GRE keepalive", &ipv4(47, &format!("0000 0800 {}", ipv4_packet(47, "0000 0000"))))
            .means("gre.proto", "0x0800;0x0000", "keepalive"),
        case(
            "GRE, next hop resolution",
            &ipv4(
                47,
                &format!(
                    "0000 2001 0001 0800 0000000000 ff 0030 0000 0000 01 01 04 00 04 04 c002 00000001 \
                     0a000001 0a000002 0a000003 {}",
                    "00".repeat(12)
                ),
            ),
        )
        .means("nhrp.hdr.op.type", "1", "NHRP resolution request"),
        case(
            "GRE, IS-IS",
            &ipv4(
                47,
                "0000 00fe 83 14 01 00 11 01 00 00 03 192168001001 001e 0014 00",
            ),
        )
        .means("isis.type", "17", "IS-IS point-to-point hello"),
        case("GRE, CDP", &ipv4(47, "0000 2000 02 b4 0000 0001 0007 737731 0003 0008 45302f31")),
        case("ERSPAN type I", &ipv4(47, &format!("0000 88be {frame}"))).means(
            "gre.proto",
            "0x88be",
            "ERSPAN type I,",
        ),
        case(
            "ERSPAN type II",
            &ipv4(
                47,
                &format!("1000 88be 00000001 1001 0064 00000000 {frame}"),
            ),
        )
        .means("erspan.spanid", "100", "ERSPAN type II session 100"),
        case(
            "ERSPAN type III",
            &ipv4(
                47,
                &format!("1000 22eb 00000001 2001 0064 00000000 0000 0000 {frame}"),
            ),
        )
        .means("erspan.spanid", "100", "ERSPAN type III session 100"),
        case(
            "ERSPAN type III, IP",
            &ipv4(
                47,
                &format!("1000 22eb 00000001 2001 0064 00000000 0000 0800 {inner}"),
            ),
        )
        .means("erspan.ft", "2", "ERSPAN type III session 100, UDP"),
        case(
            "PPTP",
            &ipv4(
                47,
                &format!("3001 880b 0020 0007 00000001 ff03 0021 {inner}"),
            ),
        )
        .means("gre.key.call_id", "7", "PPTP call 7"),
        case(
            "EoIP (MikroTik)",
            &ipv4(
                47,
                &format!("2001 6400 002a 0500 020000000002 020000000001 0800 {inner}"),
            ),
        ),
    ]
}
