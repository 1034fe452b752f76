//! Tunnels over UDP, and what they carry.

use crate::{
    bytes::{ethernet, ipv4_packet, ipv6_packet, octets, udp, udp_datagram},
    case::{Case, case},
};

pub(crate) fn cases() -> Vec<Case> {
    let datagram = udp_datagram(4000, 4001, "");
    let (inner, inner_6) = (ipv4_packet(17, &datagram), ipv6_packet(17, &datagram));
    let frame = ethernet("0800", &inner);
    let mut cases = virtual_networks(&inner, &frame);
    cases.extend(others(&inner, &inner_6));
    cases
}

fn virtual_networks(inner: &str, frame: &str) -> Vec<Case> {
    vec![
        case(
            "VXLAN",
            &udp(49152, 4789, &format!("08 000000 000064 00 {frame}")),
        )
        .means("vxlan.vni", "100", "VXLAN VNI 100"),
        case(
            "VXLAN at Linux's old port",
            &udp(49152, 8472, &format!("08 000000 000064 00 {frame}")),
        )
            .means("vxlan.vni", "100", "VXLAN VNI 100")
            .differs("tshark knows VXLAN by port 4789 alone; Linux has 8472 where no other is given, and what is there is VXLAN"),
        case(
            "VXLAN-GPE",
            &udp(49152, 4790, &format!("0c 0000 01 000064 00 {inner}")),
        )
        .means("vxlan.vni", "100", "VXLAN-GPE VNI 100"),
        case(
            "Geneve, Ethernet",
            &udp(49152, 6081, &format!("00 00 6558 000064 00 {frame}")),
        )
        .means("geneve.vni", "0x000064", "Geneve VNI 100"),
        case(
            "Geneve with an option",
            &udp(
                49152,
                6081,
                &format!("02 40 0800 000064 00 0102 80 01 00000000 {inner}"),
            ),
        )
        .means("geneve.proto_type", "0x0800", "Geneve VNI 100"),
        case(
            "Geneve, control",
            &udp(
                49152,
                6081,
                &format!("00 80 6558 000064 00 {frame}"),
            ),
        )
        .means("geneve.flags.oam", "1", "Geneve VNI 100, control, UDP"),
        case(
            "Geneve and VLAN tag",
            &udp(
                49152,
                6081,
                &format!("00 00 8100 000064 00 0007 0800 {inner}"),
            ),
        )
        .means("vlan.id", "7", "VLAN 7, UDP"),
        case(
            "GTP-U",
            &udp(
                2152,
                2152,
                &format!(
                    "30 ff {:04x} 00000064 {inner}",
                    inner.split_whitespace().collect::<String>().len() / 2
                ),
            ),
        )
        .means("gtp.teid", "0x00000064", "GTP-U packet, TEID 0x00000064"),
        case(
            "GTP-U with an extension",
            &udp(
                2152,
                2152,
                &format!(
                    "34 ff {:04x} 00000064 0000 00 85 01 10 09 00 {inner}",
                    8 + inner.split_whitespace().collect::<String>().len() / 2
                ),
            ),
        )
        .means("gtp.message", "0xff", "GTP-U packet"),
        case(
            "GTP-U, Ethernet",
            &udp(
                2152,
                2152,
                &format!("34 ff {:04x} 00000064 0000 00 85 01 00 01 00 {frame}", 8 + octets(frame).len()),
            ),
        )
        .means("gtp.teid", "0x00000064", "GTP-U packet"),
        case("GTP-U, nothing", &udp(2152, 2152, "30 ff 0000 00000064"))
            .means("gtp.message", "0xff", "GTP-U packet, TEID 0x00000064"),
        case(
            "GTP-U echo",
            &udp(2152, 2152, "32 01 0004 00000000 0001 00 00"),
        )
        .means("gtp.message", "0x01", "GTP-U echo request"),
    ]
}

fn others(inner: &str, inner_6: &str) -> Vec<Case> {
    vec![
        case(
            "L2TPv2, PPP",
            &udp(1701, 1701, &format!("0002 0007 0009 ff03 0021 {inner}")),
        )
        .means("l2tp.tunnel", "7", "tunnel 7")
        .means("l2tp.session", "9", "session 9"),
        case(
            "L2TPv2, control",
            &udp(
                1701,
                1701,
                "c802 0014 0000 0000 0000 0000 8008 0000 0000 0001",
            ),
        )
        .means("l2tp.avp.message_type", "1", "SCCRQ"),
        case(
            "L2TPv3, control",
            &udp(
                1701,
                1701,
                "c803 0014 00000007 0000 0000 8008 0000 0000 0001",
            ),
        )
        .means(
            "l2tp.ccid",
            "0x00000007",
            "control connection 0x00000007, SCCRQ",
        ),
        case(
            "L2TPv3, data",
            &udp(
                1701,
                1701,
                &format!("0003 0000 00000009 {}", "5a".repeat(20)),
            ),
        )
        .means("l2tp.sid", "0x00000009", "L2TPv3, session 0x00000009"),
        case(
            "WireGuard data",
            &udp(
                51820,
                51820,
                &format!("04000000 01000000 0200000000000000 {}", "5a".repeat(32)),
            ),
        )
        .means("wg.type", "4", "WireGuard data")
        .means("wg.receiver", "0x00000001", "receiver 0x00000001"),
        case(
            "WireGuard handshake",
            &udp(
                51820,
                51820,
                &format!("01000000 07000000 {}", "5a".repeat(140)),
            ),
        )
        .means("wg.type", "1", "handshake initiation, sender 0x00000007"),
        case("Teredo", &udp(4000, 3544, inner_6)),
        case(
            "MPLS over UDP",
            &udp(49152, 6635, &format!("00064140 {inner}")),
        )
        .means("mpls.label", "100", "MPLS 100"),
        case(
            "VXLAN around a BPDU",
            &udp(
                49152,
                4789,
                "08 000000 000064 00 0180c2000000 020000000001 0007 424203 0000 00 80",
            ),
        )
        .means("stp.type", "0x80", "STP TCN BPDU"),
    ]
}
