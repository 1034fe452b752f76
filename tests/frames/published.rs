//! Captures that others have published.

use crate::{
    bridge::REGIONAL_ROOT,
    case::{Case, case},
};

/// Of tests of the decoders of `PcapPlusPlus` (`Tests/Packet++Test/PacketExamples`, in the public domain).
const PCAPPLUSPLUS: &str = "PcapPlusPlus";
/// Of tests of gopacket's decoders (`layers/decode_test.go`), which has them of Wireshark's sample captures.
const GOPACKET: &str = "gopacket";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = bridges();
    cases.extend(networks());
    cases
}

fn bridges() -> Vec<Case> {
    vec![
        case("STP, EthDot3", "0180c20000000013f7115edb0026424203000000000000000013f71edff00000271080000013f7115ec0801b0100140002000f000000000000000000")
            .published(PCAPPLUSPLUS)
            .means("stp.root.prio", "0", "root 0/00:13:f7:1e:df:f0"),
        case("RSTP, StpRapid", "0180c20000000001010000010027424203000002023d6001000d65adf6000000000a8001000bfd860f0080010100140002000f0000")
            .published(PCAPPLUSPLUS)
            .means("stp.root.ext", "1", "root 24577/")
            .means("stp.flags.port_role", "3", "designated"),
        case("MSTP, EthDot3_2", "0180c2000000001aa197d1850079424203000003027c8000000c305dd100000000008000000c305dd10080050000140002000f00000050000000000000000000000000000000000000000000000000000000000000000000000055bf4e8a44b25d442868549c1bf7720f00030d408000001aa197d180137c8005000c305dd10000030d40808013")
            .published(PCAPPLUSPLUS)
            .means("mstp.cist_bridge.hw", "00:1a:a1:97:d1:80", "bridge 32768/00:1a:a1:97:d1:80")
            .differs(REGIONAL_ROOT),
        case("MSTP, StpMultiple", "0180c2000000001ef705a8928100e000008942420300000302380000001f27b47d8000030d408000001646b58c8080120100140002000f0000006000427265776572790000000000000000000000000000000000000000000000000000009357ebb7a8d74dd5fef4f2bab50531aa00030d408000001ef705a88014fc6001001ef705a88000000000608014f88002001646b58c8000030d40808014")
            .published(PCAPPLUSPLUS)
            .means("mstp.config_name", "Brewery", "region Brewery")
            .means("mstp.cist_bridge.hw", "00:1e:f7:05:a8:80", "bridge 32768/00:1e:f7:05:a8:80")
            .differs(REGIONAL_ROOT),
        case("LLDP of Wireshark's lldp.detailed.pcap", "0180c200000e000130f9ada088cc020704000130f9ada0040405312f3106020078081753756d6d69743330302d34382d506f72742031303031000a0d53756d6d69743330302d3438000c4c53756d6d69743330302d3438202d2056657273696f6e20372e34652e3120284275696c642035292062792052656c656173655f4d61737465722030352f32372f30352030343a35333a3131000e0400140014100e0706000130f9ada002000003e900fe0700120f02070100fe0900120f01036c000010fe0900120f030100000000fe0600120f0405f2fe060080c20101e8fe070080c202010000fe170080c20301e81076322d303438382d30332d3035303500fe050080c204000000")
        .published(GOPACKET),
        case("CDP of Wireshark's cdp_v2.pcap, the first 86 bytes", concat!(
            "01000ccccccc000bbe189a4101c3aaaa0300000c200002b409a0",
            "0001000c6d79737769746368000200110000000101",
            "01cc0004c0a800fd000300134661737445",
            "746865726e6574302f310004000800000028000501144369",
        ))
        .first_of(465)
        .published(GOPACKET),
        case("Nortel discovery of btdp_nai.enc", "010081000100000438e0ccde0013aaaa0300008101a2ac135803000415300c0200000000000438e0ccde806a0001140002000f000000000000000000")
            .published(GOPACKET),
    ]
}

fn networks() -> Vec<Case> {
    vec![
        case("PPPoE session, LCP", "ca010e880006cc050e8800008864110000110014c02102020012010405dc0304c023050601fccbfb0000000000000000000000000000000000000000")
            .published(PCAPPLUSPLUS)
            .means("ppp.code", "2", "LCP configure ack"),
        case("PPPoE PADS", "cc050e880000ca010e88000688631165001100280101000001030004641385180102000442524153010400103d0f0587062484f2df32b9ddfd77bd5b")
            .published(PCAPPLUSPLUS)
            .means("pppoed.tags.ac_name", "BRAS", "from BRAS"),
        case("RoCEv2, read request", "000c29ae1ca4000c2989a2e508004500003cbe10400040118a4bc0a83881c0a83883df9412b7002800000c00ffff000000118054cb6300007fee260fb000000002b80001000008c6154a")
            .published(PCAPPLUSPLUS)
            .means("infiniband.bth.opcode", "12", "RC read request"),
        case("Geneve, ICMP", "020000000002020000000001080045000040123440004011a475c0000201c0000202303917c1002cc36300000800123456004500001c000240004001e670c6336403c63364040800f7fd00010001")
            .published(PCAPPLUSPLUS)
            .means("icmp.type", "8", "ICMP echo request"),
        case("IGMP query", "01005e0000015cd998f91c1808004500001c000200000102723d0a00c897e00000011100eeff000000000000000000000000000000000000")
            .published(PCAPPLUSPLUS)
            .means("igmp.type", "0x11", "IGMP query"),
        case("PPTP, CCP", "000ded7b48f400904b1fa4f708004500002c067c0000802fad97c0a80241c0a802fe3081880b000800060000002200000011ff0380fd06040004")
            .published(PCAPPLUSPLUS)
            .means("ppp.code", "6", "CCP terminate ack"),
        case("neighbor solicitation in a VLAN", "0054afe9b7000054afe94d808100000286dd6000000000203afffd537cb8038300040000000000000067fd537cb80383000200000000000101178700fe9800000000fd537cb803830002000000000001011701010054afe94d8010f252e1")
            .published(PCAPPLUSPLUS)
            .means("icmpv6.nd.ns.target_address", "fd53:7cb8:383:2::1:117", "target fd53:7cb8:383:2::1:117"),
        case("MPLS pseudowire, Ethernet in a VLAN", "cc0404dc0010cc0304dc00108847000120fe000101ff00000000cc070d080000cc000a6400008100000108004500006400070000ff01383ec0a80102c0a801010000bb2a00010002000000000004cb18abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd")
            .published(PCAPPLUSPLUS)
            .means("mpls.label", "18;16", "MPLS 18.16"),
        case("VXLAN, ICMP", "00163e0871cf36dc851eb340080045000086d2c2400040115150c0a8cb01c0a8ca01b05d12b50072e9a9884800642dc6c10000308801000200163e37f604080045000054000040004001234fc0a8cb03c0a8cb05080005ed050c0002fde297510000000096fd020000000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637")
            .published(PCAPPLUSPLUS)
            .means("vxlan.vni", "3000001", "VXLAN VNI 3000001"),
        case("SCTP INIT", "00000c9ff01f24be05270b17080045020044000040004084c422ac1d140fac1909cc270f22b800000000196b0b4001000024b696b09e0001c000000affffdb856023000c00060005000080000004c0000004")
            .published(GOPACKET)
            .means("sctp.chunk_type", "1", "INIT"),
        case("TCP RST, ACK", "bc305be8d349b8ac6f92d5bf0800450000280000400040063f9fac1151c5ac11514900639aef000000002ec1278350140000c308000000000000")
            .published(GOPACKET)
            .means("tcp.flags", "0x0014", "TCP RST+ACK"),
        case("VLAN, TCP ACK", "0010dbff100000152c9dcc00810001f7080045000028298d40007d0683a0ac1bca8e451694e2d40a0050dfab9cc6cd1ee5d1501001005a740000000000000000")
            .published(GOPACKET)
            .means("tcp.flags", "0x0010", "TCP ACK"),
    ]
}
