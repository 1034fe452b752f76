//! Type/length fields, LLC and SNAP.

use crate::{
    bytes::{ethernet, ieee_802_3, ipv4_packet, udp_datagram},
    case::{Case, case},
};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = types_and_lengths();
    cases.extend(llc());
    cases.extend(snap());
    cases
}

fn types_and_lengths() -> Vec<Case> {
    let datagram = ipv4_packet(17, &udp_datagram(4000, 4001, ""));
    let long = format!("0400 5656 03 {}", "a5".repeat(0x0400 - 3));
    vec![
        case("EtherType of nobody", &ethernet("1234", "0102030405")).means(
            "eth.type",
            "0x1234",
            "EtherType 0x1234",
        ),
        case("EtherType for local experiments", &ethernet("88b5", "0102")).means(
            "eth.type",
            "0x88b5",
            "EtherType 0x88b5 (local experimental)",
        ),
        case("value between the lengths and the EtherTypes", &ethernet("05dd", "424203 0000")),
        case("length field of 0x0400, unknown LLC", &ethernet(&long, ""))
            .means("eth.len", "1024", "length 1024 (0x0400 on the wire, which is no EtherType)")
            .means("llc.dsap", "0x56", "LLC DSAP 0x56"),
        case("length field of 0x0400 in a shorter frame", &ethernet("0400", "5656 03 a5a5")).means(
            "eth.len",
            "1024",
            "length 1024 (0x0400 on the wire, which is no EtherType) but 5 present",
        ),
        case("length field of 0x0400 around a BPDU", &ethernet("0400", "424203 0000 00 80")).means(
            "eth.len",
            "1024",
            "length 1024 (0x0400 on the wire, which is no EtherType) but 7 present",
        ),
        case("length field of zero", &ethernet("0000", "424203"))
            .means("eth.type", "0x0000", "EtherType 0x0000")
            .differs("tshark takes 0 for an EtherType; what is below 0x0600 is a length (802.3, 3.2.6), and the kernel, too, takes it for 802.3"),
        case("longest length field", &ethernet("05dc", &format!("f0f003 {}", "00".repeat(1497))))
            .means("llc.dsap", "0xf0", "NetBIOS"),
        case("padding after the length", &ieee_802_3("424203 0000 00 80"))
            .padded()
            .means("stp.type", "0x80", "TCN"),
        case("kept to 14 bytes, length field", &ieee_802_3("424203 0000 00 80"))
            .cut_to(14)
            .means("eth.len", "7", "length 7"),
        case("kept to 14 bytes, EtherType", &ethernet("0800", &datagram)).cut_to(14),
        case("Ethernet loopback test", &ethernet("9000", "0000 0100 0000 00"))
            .means("loop.function", "1", "reply"),
    ]
}

fn llc() -> Vec<Case> {
    let datagram = ipv4_packet(17, &udp_datagram(4000, 4001, ""));
    vec![
        case(
            "smallest EtherType",
            &ethernet(
                "0600",
                "ffff 001e 00 04 00000000 ffffffffffff 0453 00000000 020000000001 4003",
            ),
        ),
        case("unlike service access points", &ieee_802_3("1234 03 00"))
            .means("llc.dsap", "0x12", "DSAP 0x12")
            .means("llc.ssap", "0x34", "SSAP 0x34"),
        case("LLC, NetBIOS", &ieee_802_3("f0f1 7f")).means("llc.dsap", "0xf0", "NetBIOS"),
        case("LLC, null SAP XID", &ieee_802_3("0001 af 810100"))
            .means("llc.dsap", "0x00", "null SAP")
            .means("llc.control.u_modifier_resp", "0x2b", "XID"),
        case("LLC, null SAP TEST", &ieee_802_3("0001 f3")).means(
            "llc.control.u_modifier_resp",
            "0x38",
            "TEST",
        ),
        case("LLC, TEST by the null SAP", &ieee_802_3("0004 f3"))
            .means("llc.ssap", "0x04", "SNA path control")
            .means("llc.control.u_modifier_cmd", "0x38", "TEST"),
        case("LLC, BACnet", &ieee_802_3("8282 03 01 20 ffff 00 ff 10 08"))
            .means("llc.dsap", "0x82", "BACnet"),
        case(
            "LLC, IPX",
            &ieee_802_3(
                "e0e0 03 ffff 0022 00 11 00000000 ffffffffffff 0452 00000000 020000000001 4003 0001 ffff ffff",
            ),
        ),
        case(
            "Novell's raw 802.3",
            &ieee_802_3(
                "ffff 0022 00 11 00000001 ffffffffffff 0452 00000001 020000000001 4003 0001 ffff ffff",
            ),
        ),
        case(
            "LLC, IS-IS hello",
            &ieee_802_3(
                "fefe03 83 1b 01 00 0f 01 00 00 01 192168001001 001e 001b 40 192168001001 01",
            ),
        )
        .means("isis.type", "15", "IS-IS L1 hello")
        .means(
            "isis.hello.source_id",
            "1921.6800.1001",
            "system 1921.6800.1001",
        ),
        case(
            "LLC, IS-IS LSP",
            &ieee_802_3(
                "fefe03 83 1b 01 00 14 01 00 00 001b 04b0 192168001001 00 00 00000001 0000 03",
            ),
        )
        .means("isis.type", "20", "IS-IS L2 LSP")
        .means(
            "isis.lsp.lsp_id",
            "1921.6800.1001.00-00",
            "system 1921.6800.1001",
        ),
        case(
            "LLC, ES-IS",
            &ieee_802_3("fefe03 82 0b 01 00 04 001e 0000 01 49"),
        ),
        case(
            "LLC, CLNP",
            &ieee_802_3("fefe03 81 0b 01 40 1c 000d 0000 01 49 01 49"),
        ),
        case("LLC, IPv4", &ieee_802_3(&format!("060603 {datagram}")))
            .means("llc.dsap", "0x06", "LLC UDP"),
    ]
}

fn snap() -> Vec<Case> {
    let datagram = ipv4_packet(17, &udp_datagram(4000, 4001, ""));
    vec![
        case(
            "SNAP, IPv4",
            &ieee_802_3(&format!("aaaa03 000000 0800 {datagram}")),
        )
        .means("llc.oui", "0", "SNAP")
        .means("llc.type", "0x0800", "SNAP, UDP"),
        case(
            "SNAP, a bridged frame",
            &ieee_802_3(&format!(
                "aaaa03 0080c2 0007 0000 {}",
                ethernet("0800", &datagram)
            )),
        )
        .means("llc.pid", "0x0007", "SNAP bridged Ethernet, UDP"),
        case(
            "SNAP, a bridged BPDU",
            &ieee_802_3("aaaa03 0080c2 000e 0000 00 80"),
        )
        .means("stp.type", "0x80", "STP TCN BPDU"),
        case(
            "SNAP, AppleTalk ARP by 802.1H",
            &ieee_802_3(
                "aaaa03 0000f8 80f3 0001 809b 06 04 0003 020000000001 00000102 000000000000 00000103",
            ),
        ),
        case(
            "SNAP, AppleTalk",
            &ieee_802_3("aaaa03 080007 809b 000d 0000 0001 0002 03 04 05 06 04 01"),
        )
        .means("ddp.type", "4", "AppleTalk echo")
        .means("ddp.src.net", "2", "2.4:6 >")
        .means("ddp.dst.net", "1", "> 1.3:5"),
        case(
            "SNAP of an unknown organization",
            &ieee_802_3("aaaa03 001122 3344 00"),
        )
        .means("llc.oui", "4386", "OUI 00:11:22"),
    ]
}
