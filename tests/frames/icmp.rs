//! ICMP, `ICMPv6` and IGMP.

use crate::{
    bytes::{ipv4, ipv4_packet, ipv6, udp_datagram},
    case::{Case, case},
};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = messages();
    cases.extend(messages_v6());
    cases.extend(groups());
    cases
}

fn messages() -> Vec<Case> {
    let quoted = ipv4_packet(17, &udp_datagram(4000, 53, ""));
    let icmp = |head: &str| ipv4(1, head);
    let about = |head: &str| ipv4(1, &format!("{head} {quoted}"));
    vec![
        case("ICMP echo request", &icmp("0800 0000 0001 0001")).means(
            "icmp.type",
            "8",
            "ICMP echo request",
        ),
        case("ICMP echo reply", &icmp("0000 0000 0001 0001")).means(
            "icmp.type",
            "0",
            "ICMP echo reply",
        ),
        case("ICMP port unreachable", &about("0303 0000 00000000"))
            .means("icmp.code", "3", "ICMP port unreachable")
            .means("udp.dstport", "53", "about UDP 10.0.0.1:4000 > 10.0.0.2:53"),
        case("ICMP host unreachable", &about("0301 0000 00000000")).means(
            "icmp.code",
            "1",
            "host unreachable",
        ),
        case("ICMP prohibited", &about("030d 0000 00000000")).means(
            "icmp.code",
            "13",
            "communication administratively prohibited",
        ),
        case("ICMP fragmentation needed", &about("0304 0000 0000 0578"))
            .means("icmp.mtu", "1400", "MTU 1400"),
        case("ICMP redirect", &about("0501 0000 0a0000fe")).means(
            "icmp.redir_gw",
            "10.0.0.254",
            "redirect for the host 10.0.0.1 > 10.0.0.2, gateway 10.0.0.254",
        ),
        case("ICMP time exceeded", &about("0b00 0000 00000000")).means(
            "icmp.type",
            "11",
            "time exceeded in transit",
        ),
        case("ICMP parameter problem", &about("0c00 0000 14000000")).means(
            "icmp.type",
            "12",
            "parameter problem",
        ),
        case(
            "ICMP timestamp request",
            &icmp("0d00 0000 0001 0001 00000000 00000000 00000000"),
        )
        .means("icmp.type", "13", "timestamp request"),
        case(
            "ICMP router advertisement",
            &icmp("0900 0000 01 02 0708 0a000001 00000000"),
        )
        .means("icmp.type", "9", "router advertisement"),
        case(
            "ICMP host unreachable, with eight octets of TCP",
            &icmp("0301 0000 00000000 4500 0028 0001 4000 40 06 0000 0a000001 0a000002 0fa0 0050 00000001"),
        )
        .means("tcp.dstport", "80", "about TCP 10.0.0.1:4000 > 10.0.0.2:80"),
        case("ICMP information request", &icmp("0f00 0000 0001 0001")).means(
            "icmp.type",
            "15",
            "ICMP information request",
        ),
        case("ICMP traceroute", &icmp("1e00 0000 0001 0000 0001 ffff 00000000 00000000")).means(
            "icmp.type",
            "30",
            "ICMP traceroute",
        ),
        case("ICMP of an unknown type", &icmp("6307 0000 00000000")).means(
            "icmp.type",
            "99",
            "ICMP type 99 code 7",
        ),
    ]
}

fn messages_v6() -> Vec<Case> {
    let quoted = "60000000 0008 11 40 fe800000000000000000000000000001 fe800000000000000000000000000002 0fa0 0035 0008 0000";
    let target = "fe800000000000000000000000000009";
    let icmp = |head: &str| ipv6(58, head);
    vec![
        case("ICMPv6 echo request", &icmp("8000 0000 0001 0001")).means("icmpv6.type", "128", "ICMPv6 echo request"),
        case("ICMPv6 port unreachable", &icmp(&format!("0104 0000 00000000 {quoted}")))
            .means("icmpv6.code", "4", "ICMPv6 port unreachable")
            .means("udp.dstport", "53", "about UDP [fe80::1]:4000 > [fe80::2]:53"),
        case("ICMPv6 of a bad source route", &icmp(&format!("0107 0000 00000000 {quoted}")))
            .means("icmpv6.code", "7", "error in source routing header"),
        case("ICMPv6 packet too big", &icmp(&format!("0200 0000 00000500 {quoted}"))).means("icmpv6.mtu", "1280", "MTU 1280"),
        case("ICMPv6 time exceeded", &icmp(&format!("0300 0000 00000000 {quoted}")))
            .means("icmpv6.type", "3", "time exceeded in transit"),
        case("router solicitation", &icmp("8500 0000 00000000")).means("icmpv6.type", "133", "router solicitation"),
        case("router advertisement", &icmp("8600 0000 40 00 0708 00000000 00000000"))
            .means("icmpv6.type", "134", "router advertisement"),
        case("neighbor solicitation", &icmp(&format!("8700 0000 00000000 {target}")))
            .means("icmpv6.nd.ns.target_address", "fe80::9", "neighbor solicitation fe80::1 > ff02::1:2, target fe80::9"),
        case("neighbor advertisement", &icmp(&format!("8800 0000 60000000 {target}")))
            .means("icmpv6.nd.na.target_address", "fe80::9", "neighbor advertisement fe80::1 > ff02::1:2, target fe80::9"),
        case("redirect", &icmp(&format!("8900 0000 00000000 {target} fd000000000000000000000000000005")))
            .means("icmpv6.nd.rd.target_address", "fe80::9", "target fe80::9")
            .means("icmpv6.rd.na.destination_address", "fd00::5", "destination fd00::5"),
        case("MLD query", &icmp(&format!("8200 0000 03e8 0000 {}", "00".repeat(16)))).means("icmpv6.type", "130", "MLD query"),
        case("MLDv2 query", &icmp(&format!("8200 0000 03e8 0000 {} 02 7d 0000", "00".repeat(16))))
            .means("icmpv6.mld.qqi", "125", "MLDv2 query"),
        case("MLDv1 report", &icmp("8300 0000 0000 0000 ff020000000000000000000000000005"))
            .means("icmpv6.mld.multicast_address", "ff02::5", "MLDv1 report fe80::1 > ff02::1:2, group ff02::5"),
        case("MLDv1 done", &icmp("8400 0000 0000 0000 ff020000000000000000000000000005"))
            .means("icmpv6.type", "132", "MLDv1 done"),
        case("MLDv2 report", &ipv6(0, "3a 00 0502 0000 0100 8f00 0000 0000 0001 04 00 0000 ff020000000000000000000000000005"))
            .means("icmpv6.mldr.mar.multicast_address", "ff02::5", "MLDv2 report fe80::1 > ff02::1:2, group ff02::5"),
    ]
}

fn groups() -> Vec<Case> {
    vec![
        case("IGMPv1 report", &ipv4(2, "12 00 0000 e0000005"))
            .means("igmp.version", "1", "IGMPv1 report")
            .means("igmp.maddr", "224.0.0.5", "group 224.0.0.5"),
        case("IGMPv2 query", &ipv4(2, "11 64 0000 00000000")).means(
            "igmp.type",
            "0x11",
            "IGMP query",
        ),
        case("IGMPv2 report", &ipv4(2, "16 00 0000 e0000005")).means(
            "igmp.version",
            "2",
            "IGMPv2 report",
        ),
        case("IGMPv2 leave", &ipv4(2, "17 00 0000 e0000005")).means(
            "igmp.type",
            "0x17",
            "IGMPv2 leave",
        ),
        case("IGMPv3 query", &ipv4(2, "11 64 0000 e0000005 02 7d 0000")).means(
            "igmp.version",
            "3",
            "IGMPv3 query 10.0.0.1 > 10.0.0.2, group 224.0.0.5",
        ),
        case(
            "IGMPv3 report",
            &ipv4(2, "22 00 0000 0000 0001 04 00 0000 e0000005"),
        )
        .means("igmp.version", "3", "IGMPv3 report")
        .means("igmp.maddr", "224.0.0.5", "group 224.0.0.5"),
    ]
}
