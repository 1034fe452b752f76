//! What datagrams carry.

use crate::{
    bytes::{ethernet, ipv6, text, udp, udp_datagram},
    case::{Case, case},
};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = names();
    cases.extend(configuration());
    cases.extend(others());
    cases
}

fn name(labels: &[&str]) -> String {
    let labels = labels
        .iter()
        .map(|label| format!("{:02x}{}", label.len(), text(label)));
    labels.collect::<String>() + "00"
}

/// A name of NetBIOS's, filled up with blanks, of a workstation.
fn netbios(name: &str) -> String {
    let padded = format!("{name:<15}\0");
    let halves = padded.bytes().flat_map(|octet| [octet >> 4, octet & 0x0f]);
    let letters: String = halves.map(|half| char::from(b'A' + half)).collect();
    format!("20{}00", text(&letters))
}

fn names() -> Vec<Case> {
    let question = name(&["www", "example", "org"]);
    vec![
        case(
            "DNS query",
            &udp(
                4000,
                53,
                &format!("1234 0100 0001 0000 0000 0000 {question} 001c 0001"),
            ),
        )
        .means("dns.flags.response", "0", "DNS query")
        .means("dns.qry.type", "28", "AAAA"),
        case(
            "DNS response, no such name",
            &udp(
                53,
                4000,
                &format!("1234 8183 0001 0000 0000 0000 {question} 0001 0001"),
            ),
        )
        .means("dns.flags.rcode", "3", "response NXDOMAIN A"),
        case(
            "mDNS query",
            &udp(
                5353,
                5353,
                &format!(
                    "0000 0000 0001 0000 0000 0000 {} 000c 0001",
                    name(&["_ipp", "_tcp", "local"])
                ),
            ),
        )
        .means("dns.qry.type", "12", "mDNS query PTR"),
        case(
            "LLMNR query",
            &udp(
                4000,
                5355,
                &format!(
                    "1234 0000 0001 0000 0000 0000 {} 0001 0001",
                    name(&["printer"])
                ),
            ),
        )
        .means("dns.qry.type", "1", "LLMNR query A"),
    ]
}

fn configuration() -> Vec<Case> {
    let dhcp = |options: &str| {
        udp(
            68,
            67,
            &format!(
                "01 01 06 00 12345678 0000 8000 {} 020000000001 {} 63825363 {options} ff",
                "00".repeat(16),
                "00".repeat(202)
            ),
        )
    };
    vec![
        case(
            "DHCP discover",
            &dhcp(&format!("350101 0c06{}", text("laptop"))),
        )
        .means("dhcp.option.dhcp", "1", "DHCP discover")
        .means(
            "dhcp.hw.mac_addr",
            "02:00:00:00:00:01",
            "client 02:00:00:00:00:01",
        )
        .means("dhcp.option.hostname", "laptop", "host laptop"),
        case("BOOTP request", &dhcp(""))
            .means(
                "dhcp.hw.mac_addr",
                "02:00:00:00:00:01",
                "BOOTP request, client 02:00:00:00:00:01",
            )
            .differs("without option 53 it is BOOTP (RFC 2131, section 3), which tshark, too, has in the list of packets"),
        case("DHCP nak", &dhcp("350106")).means("dhcp.option.dhcp", "6", "DHCP nak"),
        case(
            "DHCPv6 solicit",
            &ipv6(17, &udp_datagram(546, 547, "01 123456 0008 0002 0000")),
        )
        .means("dhcpv6.msgtype", "1", "DHCPv6 solicit"),
        case(
            "NTP client",
            &udp(123, 123, &format!("23 00 0a 00 {}", "00".repeat(44))),
        )
        .means("ntp.flags.mode", "3", "NTPv4 client"),
        case(
            "RADIUS access request",
            &udp(4000, 1812, &format!("01 05 0014 {}", "ab".repeat(16))),
        )
        .means("radius.code", "1", "access request")
        .means("radius.id", "5", "id 5"),
        case(
            "RIPv2",
            &udp(
                520,
                520,
                "02 02 0000 0002 0000 0a000000 ff000000 00000000 00000001",
            ),
        )
        .means("rip.command", "2", "RIPv2 response"),
        case(
            "RIPng",
            &ipv6(
                17,
                &udp_datagram(
                    521,
                    521,
                    "01 01 0000 00000000000000000000000000000000 0000 00 10",
                ),
            ),
        )
        .means("ripng.cmd", "1", "RIPng request"),
        case(
            "HSRP",&ethernet("0800", &format!("4500 0030 0001 4000 01 11 0000 0a000001 e0000002 07c1 07c1 001c 0000 00 00 10 03 0a 64 01 00 {} 0a0000fe", text("cisco\0\0\0"))),
        )
        .means("hsrp.state", "16", "active")
        .means("hsrp.group", "1", "group 1")
        .means("hsrp.priority", "100", "priority 100"),
        case(
            "BFD",
            &udp(
                49152,
                3784,
                "20 c0 03 18 00000001 00000002 000f4240 000f4240 00000000",
            ),
        )
        .means("bfd.sta", "0x03", "BFD Up")
        .means(
            "bfd.my_discriminator",
            "0x00000001",
            "discriminators 0x00000001 0x00000002",
        ),
    ]
}

fn others() -> Vec<Case> {
    let search =
        text("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\n\r\n");
    let options = text("OPTIONS sip:b@example.org SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n\r\n");
    vec![
        case("SNMP get", &udp(4000, 161, "30 18 0201 01 0406 7075626c6963 a0 0b 0201 01 0201 00 0201 00 3000"))
            .means("snmp.version", "1", "SNMPv2c get"),
        case("SSDP", &udp(4000, 1900, &search)).means("http.request.method", "M-SEARCH", "SSDP M-SEARCH"),
        case("SIP", &udp(5060, 5060, &options)).means("sip.Method", "OPTIONS", "SIP OPTIONS"),
        case("syslog", &udp(4000, 514, &text("<34>Oct 11 22:14:15 host su: no")))
            .means("syslog.facility", "4", "facility 4")
            .means("syslog.level", "2", "severity 2"),
        case("TFTP", &udp(4069, 69, &format!("0001 {}", text("pxelinux.0\0octet\0"))))
            .means("tftp.source_file", "pxelinux.0", "TFTP read pxelinux.0"),
        case("STUN", &udp(4000, 3478, "0001 0000 2112a442 000102030405060708090a0b"))
            .means("stun.type", "0x0001", "STUN binding request"),
        case("QUIC", &udp(4000, 443, &format!("c3 00000001 08 0102030405060708 00 00 4046 {}", "5a".repeat(70))))
            .means("quic.long.packet_type", "0", "QUIC Initial"),
        case("QUIC, a draft", &udp(4000, 443, &format!("c3 ff00001d 08 0102030405060708 00 00 4046 {}", "5a".repeat(70))))
            .means("quic.long.packet_type", "0", "QUIC Initial, draft 29"),
        case("STUN of a method above 15", &udp(4000, 3478, "0200 0000 2112a442 000102030405060708090a0b"))
            .means("stun.type.method", "0x0200", "STUN method 0x080 request"),
        case("DNS response to the port of ESP", &udp(53, 4500, "1234 8180 0001 0000 0000 0000 0161 00 0001 0001"))
            .means("dns.flags.response", "1", "DNS response A a"),
        case("SNMP response to the port of RoCE", &udp(161, 4791, "30 18 0201 01 0406 7075626c6963 a2 0b 0201 01 0201 00 0201 00 3000"))
            .means("snmp.version", "1", "SNMPv2c response"),
        case("TURN on a port of its own", &udp(4000, 40001, "0008 0000 2112a442 000102030405060708090a0b"))
            .means("stun.type", "0x0008", "STUN create permission request"),
        case("NetBIOS name query", &udp(137, 137, &format!("1234 0110 0001 0000 0000 0000 {} 0020 0001", netbios("LAB"))))
            .means("nbns.flags.opcode", "0", "NetBIOS name query LAB<00>"),
        case("NetBIOS name registration", &udp(137, 137, &format!("1234 2910 0001 0000 0000 0001 {} 0020 0001 c00c 0020 0001 00000000 0006 0000 0a000001", netbios("LAB"))))
            .means("nbns.flags.opcode", "5", "NetBIOS name registration LAB<00>"),
        case("NetBIOS datagram", &udp(138, 138, &format!("11 02 1234 0a000001 008a 0046 0000 {} {} 0000", netbios("PRINTER"), netbios("LAB"))))
            .means("nbdgm.type", "17", "NetBIOS datagram PRINTER<00> > LAB<00>"),
        case("IKEv2", &udp(500, 500, "0102030405060708 0000000000000000 00 20 22 08 00000000 0000001c"))
            .means("isakmp.exchangetype", "34", "IKEv2 IKE_SA_INIT"),
        case("ESP through NAT", &udp(4500, 4500, &format!("00001000 00000001 {}", "5a".repeat(32))))
            .means("esp.spi", "0x00001000", "ESP, SPI 0x00001000"),
        case("NAT keepalive", &udp(4500, 4500, "ff")),
        case("NetFlow version 5", &udp(4000, 2055, &format!("0005 0001 {} {}", "00".repeat(20), "00".repeat(48))))
            .means("cflow.version", "5", "NetFlow version 5")
            .means("cflow.count", "1", "1 flows"),
        case("sFlow", &udp(4000, 6343, "00000005 00000001 0a000001 00000000 00000001 00000001 00000000"))
            .means("sflow_245.version", "5", "sFlow version 5"),
        case("MikroTik neighbour discovery", &udp(5678, 5678, &format!("0000 0001 0001 0006 020000000001 0005 0004 {}", text("gw-1"))))
            .means("mndp.mac", "02:00:00:00:00:01", "MNDP from 02:00:00:00:00:01")
            .means("mndp.identity", "gw-1", "system gw-1"),
        case("DNS port, but no DNS", &udp(4000, 53, "ffffffff ffffffff ffffffff"))
            .differs("the port is all that tshark goes by; no such operation is in DNS, so droprec tells the ports alone"),
        case("WireGuard port, but no WireGuard", &udp(4000, 51820, "01020304 05060708")),
        case("unpadded ARP in VLAN 0", &ethernet("8100 0000 0806", "0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002")),
    ]
}
