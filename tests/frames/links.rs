//! Packets of other link types, each in a file of its own: libpcap takes one link type a file.

use crate::{
    bytes::{ipv4_packet, ipv6_packet, udp_datagram},
    case::{Case, case},
};

/// Why tshark says nothing.
const TCPDUMP_KNOWS: &str =
    "tshark 4.0 does not look into this link type; tcpdump does, and sees what droprec sees";

pub(crate) fn cases() -> Vec<Case> {
    let datagram = udp_datagram(4000, 4001, "");
    let (packet, packet_6) = (ipv4_packet(17, &datagram), ipv6_packet(17, &datagram));
    let mut cases = wired(&packet, &packet_6);
    cases.extend(serial(&packet));
    cases.extend(switches(&packet));
    cases.extend(wireless(&packet));
    cases.extend(kernels(&packet));
    cases
}

fn wired(packet: &str, packet_6: &str) -> Vec<Case> {
    vec![
        case("BSD loopback, little-endian", &format!("02000000 {packet}")).of(0),
        case(
            "BSD loopback, big-endian, IPv6",
            &format!("0000001e {packet_6}"),
        )
        .of(0),
        case("OpenBSD loopback", &format!("00000002 {packet}")).of(108),
        case("bare IP", packet).of(101),
        case("bare IPv6", packet_6).of(229),
        case(
            "IP over InfiniBand",
            &format!("{} 0800 0000 {packet}", "00".repeat(40)),
        )
        .of(242),
        case(
            "IP over InfiniBand, ARP",
            &format!(
                "{} 0806 0000 0020 0800 14 04 0001 80000048fe800000000000000002c90300000001 0a000001 {} 0a000002",
                "00".repeat(40),
                "00".repeat(20)
            ),
        )
        .of(242)
        .means("arp.opcode", "1", "who-has 10.0.0.2 tell 10.0.0.1"),
        case(
            "Solaris's ipnet",
            &format!("01 02 0000 0000001c 00000001 00000001 00000000 00000000 {packet}"),
        )
        .of(226),
        case("SLIP", &format!("00 45 {} {packet}", "00".repeat(14)))
            .of(8)
            .means("ip.src", "10.0.0.1", "10.0.0.1")
            .differs(TCPDUMP_KNOWS),
        case(
            "Token Ring",
            &format!("10 40 ffffffffffff 020000000001 aaaa03 000000 0800 {packet}"),
        )
        .of(6),
        case(
            "FDDI",
            &format!("50 ffffffffffff 020000000001 aaaa03 000000 0800 {packet}"),
        )
        .of(10),
        case("MPLS", &format!("00064140 {packet}"))
            .of(219)
            .means("mpls.label", "100", "MPLS 100")
            .differs("tshark 4.0 and tcpdump do not look into this link type (219), which is for packets that begin with a label, says its registry"),
        case("CAN", "00000123 04 00 0000 01020304").of(227).means(
            "can.id",
            "291",
            "CAN id 0x123, 4 bytes",
        ),
        case("CAN, long identifier", "98daf110 02 00 0000 0102")
            .of(227)
            .means("can.id", "417001744", "id 0x18daf110, 2 bytes"),
    ]
}

/// Lines and circuits between two.
fn serial(packet: &str) -> Vec<Case> {
    vec![
        case("PPP", &format!("ff03 0021 {packet}")).of(9),
        case("PPP, compressed field", &format!("21 {packet}")).of(9),
        case(
            "PPP over a serial line, Cisco HDLC",
            &format!("0f00 0800 {packet}"),
        )
        .of(50),
        case(
            "Cisco HDLC, keepalive",
            "8f00 8035 00000002 00000001 00000001 ffff 0000 0000",
        )
        .of(104)
        .means("chdlc.protocol", "0x8035", "SLARP"),
        case("Frame Relay", &format!("1841 03 cc {packet}"))
            .of(107)
            .means("fr.dlci", "100", "DLCI 100"),
        case(
            "Frame Relay, a bridged frame",
            &format!("1841 03 00 80 0080c2 0007 ffffffffffff 020000000001 0800 {packet}"),
        )
        .of(107)
        .means("fr.dlci", "100", "DLCI 100, SNAP bridged Ethernet, UDP"),
        case(
            "Frame Relay, status enquiry",
            "0001 03 08 00 75 95 01 01 00 03 02 01 00",
        )
        .of(107)
        .means("q933.message_type", "0x75", "LMI status enquiry"),
        case(
            "LLC over ATM, a bridged frame",
            &format!("aaaa03 0080c2 0007 0000 ffffffffffff 020000000001 0800 {packet}"),
        )
        .of(100)
        .means("llc.pid", "0x0007", "SNAP bridged Ethernet, UDP"),
        case(
            "PPP, IS-IS",
            "ff03 0023 83 14 01 00 11 01 00 00 02 000000000001 001e 0014 00",
        )
        .of(9)
        .means("isis.type", "17", "IS-IS point-to-point hello"),
        case(
            "PPP, CDP",
            "ff03 0207 02 b4 0000 0001 0007 737731 0003 0008 45302f31",
        )
        .of(9),
        case("PPP, BCP", "ff03 8031 01 01 0004").of(9),
        case("PPP, CDPCP", "ff03 8207 01 01 0004").of(9),
        case("PPP, OSINLCP", "ff03 8023 01 01 0004").of(9),
        case("PPP, Cisco HDLC", &format!("0f00 0800 {packet}")).of(9),
        case(
            "Cisco HDLC, IS-IS",
            "8f00 fefe 03 83 14 01 00 11 01 00 00 02 000000000001 001e 0014 00",
        )
        .of(104)
        .means("isis.type", "17", "IS-IS point-to-point hello"),
        case(
            "Frame Relay, Cisco's encapsulation",
            &format!("48e1 0800 {packet}"),
        )
        .of(107)
        .means("fr.dlci", "302", "DLCI 302"),
    ]
}

/// What switches put before a frame, and into it.
fn switches(packet: &str) -> Vec<Case> {
    vec![
        case(
            "inter-switch link",
            &format!(
                "01000c0000 00 020000000001 0036 aaaa03 00000c 000e 0000 0000 \
                 ffffffffffff 020000000002 0800 {packet} 00000000"
            ),
        )
        .means("isl.vlan_id", "7", "ISL VLAN 7"),
        case(
            "a switch's tag, Broadcom's",
            &format!("ffffffffffff 020000000002 00000001 0800 {packet}"),
        )
        .of(281)
        .means("ip.src", "10.0.0.1", "10.0.0.1")
        .differs(TCPDUMP_KNOWS),
        case(
            "a switch's tag, Marvell's",
            &format!("ffffffffffff 020000000002 c0010001 0800 {packet}"),
        )
        .of(284)
        .means("ip.src", "10.0.0.1", "10.0.0.1")
        .differs(TCPDUMP_KNOWS),
        case(
            "a switch's tag, Marvell's with an EtherType",
            &format!("ffffffffffff 020000000002 dada 0000 c0010001 0800 {packet}"),
        )
        .of(285)
        .means("ip.src", "10.0.0.1", "10.0.0.1")
        .differs(TCPDUMP_KNOWS),
    ]
}

fn wireless(packet: &str) -> Vec<Case> {
    let stations = "ffffffffffff 020000000002 020000000002 0000";
    vec![
        case("802.11 beacon", &format!("8000 0000 {stations} 0000000000000000 6400 0104 0004 636f6666"))
            .of(105)
            .means("wlan.fc.type_subtype", "0x0008", "802.11 beacon 02:00:00:00:00:02 > ff:ff:ff:ff:ff:ff, SSID coff")
            ,
        case("802.11 data, radiotap", &format!("0000 0800 00000000 0802 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800 {packet}"))
            .of(127),
        case("802.11 of another version", "0100 0000 020000000001 020000000002 020000000003 0000")
            .of(105)
            .means("wlan.fc.version", "0x0001", "802.11, protocol version 1"),
        case("802.11 acknowledgment", "d400 0000 020000000001").of(105).means("wlan.fc.type_subtype", "0x001d", "802.11 ack"),
        case("Bluetooth HCI command", "01 030c 00").of(187).means("hci_h4.type", "0x01", "HCI command 0x0c03"),
        case("IEEE 802.15.4", "4188 07 cdab 0200 0100 01").of(230)
            .means("wpan.seq_no", "7", "sequence 7")
            .means("wpan.dst_pan", "0xabcd", "PAN 0xabcd"),
    ]
}

fn kernels(packet: &str) -> Vec<Case> {
    let bpdu = "424203 0000 00 80";
    vec![
        case("Linux cooked capture", &format!("0000 0001 0006 0200000000010000 0800 {packet}")).of(113),
        case("Linux cooked capture of LLC", &format!("0001 0001 0006 0200000000010000 0004 {bpdu}"))
            .of(113)
            .means("sll.ltype", "0x0004", "STP TCN BPDU"),
        case("Linux cooked capture of Novell's raw 802.3", "0001 0001 0006 0200000000010000 0001 ffff 0022 00 11 00000001 ffffffffffff 0452 00000001 020000000001 4003 0001 ffff ffff")
            .of(113)
            .means("sll.ltype", "0x0001", "Novell raw 802.3"),
        case("Linux cooked capture, VLAN tag", &format!("0000 0001 0006 0200000000010000 8100 0064 0800 {packet}")).of(113),
        case("Linux cooked capture, VLAN tag around an 802.3 frame", &format!("0000 0001 0006 0200000000010000 8100 0064 0007 {bpdu}"))
            .of(113)
            .means("stp.type", "0x80", "VLAN 100, STP TCN BPDU"),
        case("Linux cooked capture, VLAN tag, version 2", &format!("8100 0000 00000002 0001 00 06 0200000000010000 0064 0800 {packet}")).of(276),
        case("Linux cooked capture, version 2", &format!("0800 0000 00000002 0001 00 06 0200000000010000 {packet}")).of(276),
        case("Linux cooked capture of LLC, version 2", &format!("0004 0000 00000002 0001 01 06 0200000000010000 {bpdu}"))
            .of(276)
            .means("sll.ltype", "0x0004", "STP TCN BPDU"),
        case("NFLOG", &format!("02 00 0000 2000 0900 {packet}")).of(239),
        case("netlink", "0004 0338 0000 0000000000000000 0000 14000000 1200 0103 00000000 00000000 00 000000").of(253)
            ,
    ]
}
