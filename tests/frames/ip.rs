//! ARP, and IP packets whole and broken.

use crate::{
    bytes::{ethernet, ipv4, ipv6, ipv6_packet, udp_datagram},
    case::{Case, case},
};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = resolution();
    cases.extend(packets());
    cases.extend(packets_v6());
    cases
}

fn resolution() -> Vec<Case> {
    let arp = |kind: &str, operation: &str, rest: &str| {
        ethernet(kind, &format!("0001 0800 06 04 {operation} {rest}"))
    };
    vec![
        case(
            "ARP request",
            &arp(
                "0806",
                "0001",
                "020000000001 0a000001 000000000000 0a000002",
            ),
        )
        .means("arp.opcode", "1", "who-has 10.0.0.2 tell 10.0.0.1"),
        case(
            "ARP reply",
            &arp(
                "0806",
                "0002",
                "020000000001 0a000001 020000000002 0a000002",
            ),
        )
        .means("arp.opcode", "2", "reply 10.0.0.1 is-at 02:00:00:00:00:01"),
        case(
            "ARP probe",
            &arp(
                "0806",
                "0001",
                "020000000001 00000000 000000000000 0a000001",
            ),
        )
        .means("arp.isprobe", "1", "probe 10.0.0.1"),
        case(
            "ARP announcement",
            &arp(
                "0806",
                "0001",
                "020000000001 0a000001 000000000000 0a000001",
            ),
        )
        .means("arp.isannouncement", "1", "announcement 10.0.0.1"),
        case(
            "inverse ARP request",
            &ethernet("0806", "000f 0800 02 04 0008 0000 0a000001 1841 00000000"),
        )
        .means("arp.opcode", "8", "inverse who-is 18:41 tell 10.0.0.1"),
        case(
            "ARP request on InfiniBand",
            &ethernet(
                "0806",
                &format!(
                    "0020 0800 14 04 0001 80000048fe800000000000000002c90300000001 0a000001 {} 0a000002",
                    "00".repeat(20)
                ),
            ),
        )
        .means("arp.opcode", "1", "who-has 10.0.0.2 tell 10.0.0.1"),
        case(
            "gratuitous ARP reply",
            &arp(
                "0806",
                "0002",
                "020000000001 0a000001 ffffffffffff 0a000001",
            ),
        )
        .means(
            "arp.isgratuitous",
            "1",
            "is-at 02:00:00:00:00:01, gratuitous",
        ),
        case(
            "RARP request",
            &arp(
                "8035",
                "0003",
                "020000000001 00000000 020000000001 00000000",
            ),
        )
        .means("arp.opcode", "3", "who-is 02:00:00:00:00:01"),
        case(
            "ARP of another operation",
            &arp(
                "0806",
                "0019",
                "020000000001 0a000001 000000000000 0a000002",
            ),
        )
        .means("arp.opcode", "25", "operation 25"),
        case("ARP, cut", &arp("0806", "0001", "020000000001 0a00")),
    ]
}

fn packets() -> Vec<Case> {
    let udp = udp_datagram(4000, 4001, "");
    let addresses = "0a000001 0a000002";
    let cut = ipv4(17, &udp_datagram(4000, 4001, &"a5".repeat(101)));
    vec![
        case("IPv4, UDP", &ipv4(17, &udp)),
        case(
            "IPv4 with options",
            &ethernet(
                "0800",
                &format!("4600 0020 0001 4000 40 11 0000 {addresses} 94040000 {udp}"),
            ),
        ),
        case(
            "IPv4, first fragment",
            &ethernet(
                "0800",
                &format!("4500 001c 0001 2000 40 11 0000 {addresses} {udp}"),
            ),
        )
        .means("ip.flags.mf", "1", "IPv4 fragment, UDP"),
        case(
            "IPv4, later fragment",
            &ethernet(
                "0800",
                &format!("4500 001c 0001 0010 40 11 0000 {addresses} 0102030405060708"),
            ),
        )
        .means("ip.frag_offset", "16", "offset 128"),
        case("IPv4, header cut", &ethernet("0800", "4500 001c 0001")),
        case(
            "IPv4 of another version",
            &ethernet(
                "0800",
                &format!("5500 0014 0001 0000 40 11 0000 {addresses}"),
            ),
        ),
        case(
            "IPv4, impossible header length",
            &ethernet(
                "0800",
                &format!("4400 0014 0001 0000 40 11 0000 {addresses}"),
            ),
        )
        .means(
            "_ws.expert.message",
            "IPv4, impossible header length;Bogus IP header length (16, must be at least 20)",
            "header length 16 is too short",
        ),
        case(
            "IPv4, impossible total length",
            &ethernet(
                "0800",
                &format!("4500 0013 0001 0000 40 11 0000 {addresses} {udp}"),
            ),
        )
        .means("ip.len", "19", "total length 19 is too short"),
        case("IPv4, kept to 34 bytes", &cut).cut_to(34),
        case("IPv4, kept to 38 bytes", &cut).cut_to(38),
        case("IPv4, kept to 60 bytes", &cut).cut_to(60),
        case(
            "IPv4, authentication header",
            &ipv4(
                51,
                &format!("11 04 0000 00000100 00000001 {} {udp}", "00".repeat(12)),
            ),
        )
        .means("ah.spi", "0x00000100", "AH SPI 0x00000100, UDP"),
        case(
            "IPv4, impossible authentication header",
            &ipv4(
                51,
                &format!("11 00 0000 00000100 00000001 {}", "00".repeat(12)),
            ),
        )
        .differs("a header of this length has no room for its own fields (RFC 4302, 2.2), and tshark goes on behind them"),
    ]
}

fn packets_v6() -> Vec<Case> {
    let udp = udp_datagram(4000, 4001, "");
    vec![
        case("IPv6, UDP", &ipv6(17, &udp)),
        case(
            "IPv6, hop-by-hop options",
            &ipv6(0, &format!("11 00 0502 0000 0100 {udp}")),
        ),
        case(
            "IPv6, destination options",
            &ipv6(60, &format!("11 00 0104 00000000 {udp}")),
        ),
        case(
            "IPv6, routing header",
            &ipv6(
                43,
                &format!("11 02 04 00 00 00 0000 fe800000000000000000000000000002 {udp}"),
            ),
        ),
        case(
            "IPv6, first fragment",
            &ipv6(44, &format!("11 00 0001 00000007 {udp}")),
        )
        .means("ipv6.fraghdr.more", "1", "IPv6 fragment, UDP"),
        case(
            "IPv6, later fragment",
            &ipv6(44, "11 00 0080 00000007 0102030405060708"),
        )
        .means("ipv6.fraghdr.offset", "16", "offset 128"),
        case(
            "IPv6, later fragment of a packet with options",
            &ipv6(
                44,
                "3c 00 0081 00000007 0600 1234 56789abc 0102030405060708",
            ),
        )
        .means("ipv6.fraghdr.nxt", "60", "IPv6 fragment, IPv6-Opts"),
        case("IPv6, no next header", &ipv6(59, "")),
        case(
            "IPv6, neither length nor payload",
            &ethernet("86dd", &ipv6_packet(17, "")),
        )
        .padded(),
        case(
            "IPv6, header cut",
            &ethernet("86dd", "60000000 0008 11 40 fe80"),
        ),
        case("IPv6, extension header cut", &ipv6(0, "11 00")),
        case(
            "IPv6, authentication header after options",
            &ipv6(
                0,
                &format!(
                    "33 00 0104 00000000 11 04 0000 00000100 00000001 {} {udp}",
                    "00".repeat(12)
                ),
            ),
        ),
    ]
}
