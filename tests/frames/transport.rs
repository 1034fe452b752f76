//! TCP, UDP, and what else begins with ports.

use crate::{
    bytes::{ipv4, ipv6, tcp_segment},
    case::{Case, case},
};

pub(crate) fn cases() -> Vec<Case> {
    let tcp = |flags: &str| ipv4(6, &tcp_segment(4000, 80, flags));
    vec![
        case("TCP SYN", &tcp("5002")).means("tcp.flags", "0x0002", "TCP SYN "),
        case("TCP SYN, ACK", &tcp("5012")).means("tcp.flags", "0x0012", "TCP SYN+ACK "),
        case("TCP ACK", &tcp("5010")).means("tcp.flags", "0x0010", "TCP ACK "),
        case("TCP FIN, ACK", &tcp("5011")).means("tcp.flags", "0x0011", "TCP FIN+ACK "),
        case("TCP RST", &tcp("5004")).means("tcp.flags", "0x0004", "TCP RST "),
        case("TCP PSH, ACK, URG", &tcp("5038")).means("tcp.flags", "0x0038", "TCP PSH+ACK+URG "),
        case("TCP SYN, ECE, CWR, AE", &tcp("51c2")).means(
            "tcp.flags",
            "0x01c2",
            "TCP SYN+ECE+CWR+AE ",
        ),
        case("TCP without flags", &tcp("5000")).means("tcp.flags", "0x0000", "without flags"),
        case("TCP, impossible header length", &tcp("4002")).means(
            "_ws.expert.message",
            "TCP, impossible header length;Bogus TCP header length (16, must be at least 20)",
            "header length 16 is too short",
        ),
        case("TCP over IPv6", &ipv6(6, &tcp_segment(4000, 443, "5002"))).means(
            "tcp.flags",
            "0x0002",
            "TCP SYN ",
        ),
        case("TCP, cut after the ports", &ipv4(6, "0fa0 0050 00000001")),
        case("UDP, length too short", &ipv4(17, "0fa0 0fa1 0004 0000")).means(
            "udp.length",
            "4",
            "length 4 is too short",
        ),
        case("UDP-Lite", &ipv4(136, "0fa0 0fa1 0008 0000")).means(
            "udp.srcport",
            "4000",
            "UDP-Lite 10.0.0.1:4000",
        ),
        case(
            "DCCP",
            &ipv4(
                33,
                "0fa0 0fa1 04 00 0000 00 000000 00000000 00000001 00000000",
            ),
        )
        .means("dccp.type", "0", "DCCP"),
        case(
            "SCTP",
            &ipv4(132, "0fa0 0fa1 00000001 00000000 04 00 0008 0001 0004"),
        )
        .means("sctp.chunk_type", "4", "HEARTBEAT"),
    ]
}
