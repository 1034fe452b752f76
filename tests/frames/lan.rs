//! Storage, meshes, powerline and older networks below IP.

use crate::{
    bytes::{ethernet, ipv4_packet, udp, udp_datagram},
    case::{Case, case},
};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = hosts();
    cases.extend(networks());
    cases.extend(named());
    cases
}

fn hosts() -> Vec<Case> {
    let magic = format!("ffffffffffff {}", "020000000009".repeat(16));
    let grh =
        "60000000 0018 1b 40 fe800000000000000000000000000001 fe800000000000000000000000000002";
    let fcoe =
        "00000000000000000000000000 2e 06 010203 00 040506 08 290000 00 00 0000 0001 ffff 00000000";
    vec![
        case("Wake-on-LAN", &ethernet("0842", &magic)),
        case("Wake-on-LAN over UDP", &udp(40000, 9, &magic)),
        case(
            "ATA over Ethernet",
            &ethernet("88a2", "10 00 ffff ff 01 00000001 0000 0000 00 00 0000"),
        )
        .padded()
        .means("aoe.cmd", "1", "AoE configuration request")
        .means("aoe.major", "0xffff", "shelf 65535")
        .means("aoe.minor", "0xff", "slot 255"),
        case(
            "Fibre Channel over Ethernet",
            &ethernet(
                "8906",
                &format!("{fcoe} {} 00000000 41 000000", "00".repeat(32)),
            ),
        )
        .means("fc.type", "0x08", "FCoE FCP"),
        case(
            "FCoE, virtual fabric",
            &ethernet(
                "8906",
                &format!(
                    "{} 2e 50 0400c8 00 ff0000 06 010203 00 040506 08 290000 00 00 0000 0001 ffff 00000000 {}",
                    "00".repeat(13),
                    "00".repeat(40)
                ),
            ),
        )
        .means("fc.vft.vf_id", "100", "FCoE VF 100 FCP, 04.05.06 > 01.02.03"),
        case(
            "FIP, discovery solicitation",
            &ethernet("8914", "10 00 0001 00 01 0002 0001 02 02 020000000001"),
        )
        .padded()
        .means("fip.opcode", "0x0001", "discovery solicitation"),
        case(
            "FIP, beacon between virtual ports",
            &ethernet("8914", "10 00 0005 00 05 0002 0001 02 02 020000000001"),
        )
        .padded()
        .means("fip.opcode", "0x0005", "VN2VN beacon"),
        case(
            "RoCE",
            &ethernet(
                "8915",
                &format!("{grh} 11 00 ffff 00000011 00000001 00000000 00000000"),
            ),
        )
        .means("infiniband.bth.opcode", "17", "RoCE RC acknowledge")
        .means("infiniband.bth.destqp", "0x000011", "QP 0x000011"),
        case(
            "RoCEv2",
            &udp(
                49152,
                4791,
                "11 40 ffff 00000012 00000001 00000001 00000000",
            ),
        )
        .means("infiniband.bth.opcode", "17", "RoCEv2 RC acknowledge")
        .means("infiniband.bth.destqp", "0x000012", "QP 0x000012"),
        case(
            "RoCEv2, send and invalidate",
            &udp(
                49152,
                4791,
                &format!("17 40 ffff 00000012 00000001 00001111 {}", "00".repeat(20)),
            ),
        )
        .means(
            "infiniband.bth.opcode",
            "23",
            "RoCEv2 RC send only with invalidate",
        ),
        case(
            "RoCEv2 of a reserved operation",
            &udp(
                49152,
                4791,
                &format!("2c 40 ffff 00000012 00000001 00001111 {}", "00".repeat(20)),
            ),
        )
        .means("infiniband.bth.opcode", "44", "RoCEv2 opcode 0x2c"),
    ]
}

fn networks() -> Vec<Case> {
    let datagram = ipv4_packet(17, &udp_datagram(4000, 4001, ""));
    vec![
        case(
            "B.A.T.M.A.N. originator",
            &ethernet(
                "4305",
                "00 0f 32 00 00000001 020000000001 020000000001 00 ff 0000",
            ),
        ),
        case(
            "B.A.T.M.A.N. unicast",
            &ethernet(
                "4305",
                &format!("40 0f 32 01 020000000009 {}", ethernet("0800", &datagram)),
            ),
        )
        .means(
            "batadv.unicast.dst",
            "02:00:00:00:00:09",
            "unicast to 02:00:00:00:00:09",
        ),
        case("HomePlug 1.0", &ethernet("887b", "01 06 00"))
            .padded()
            .means(
                "homeplug.mehdr.metype",
                "0x06",
                "confirm network encryption key",
            ),
        case(
            "HomePlug AV, version request",
            &ethernet("88e1", "00 00a0 00b052"),
        )
        .padded()
        .means(
            "homeplug_av.mmhdr.mmtype.qualcomm",
            "0xa000",
            "request, MMTYPE 0xa000",
        ),
        case(
            "IPX",
            &ethernet(
                "8137",
                "ffff 001e 00 04 00000001 ffffffffffff 4004 00000002 020000000001 4003",
            ),
        )
        .means("ipx.dst.net", "0x00000001", "> 00000001.ffffffffffff")
        .means("ipx.src.net", "0x00000002", "IPX 00000002.020000000001"),
        case(
            "TRILL",
            &ethernet(
                "22f3",
                &format!("0007 0001 0002 {}", ethernet("0800", &datagram)),
            ),
        ),
    ]
}

fn named() -> Vec<Case> {
    vec![
        case(
            "TIPC",
            &ethernet(
                "88ca",
                "5b40 0028 00000000 00000000 00000000 00000000 00000000 00000000",
            ),
        ),
        case(
            "OUI extended EtherType",
            &ethernet("88b7", "001122 3344 00"),
        )
        .padded()
        .means("ieee802a.oui", "4386", "OUI 00:11:22"),
        case("X.25", &ethernet("0805", "1001 0b")),
        case("DEC LAT", &ethernet("6004", "28 00 0000")).padded(),
        case("DECnet routing", &ethernet("6003", "0000")).padded(),
        case("DEC MOP remote console", &ethernet("6002", "0100 07")).padded(),
        case(
            "IEEE 1905.1",
            &ethernet("893a", "00 00 0000 0001 00 80 000000"),
        )
        .padded(),
        case(
            "LLTD",
            &ethernet("88d9", "01 00 00 00 ffffffffffff 020000000001 0000"),
        )
        .padded(),
        case("802.11 pre-authentication", &ethernet("88c7", "02 01 0000")).padded(),
        case("GSMP", &ethernet("880c", "00")).padded(),
        case("Realtek layer 2", &ethernet("8899", "23 00")).padded(),
        case("CobraNet", &ethernet("8819", "01 00")).padded(),
        case("LLT", &ethernet("cafe", "00")).padded(),
        case("eCPRI", &ethernet("aefe", "10 02 0008 00000000 00000000")).padded(),
        case(
            "AVTP",
            &ethernet("22f0", "02 80 00 00 0000000000000000 00000000"),
        )
        .padded(),
        case("MSRP", &ethernet("22ea", "00")).padded(),
        case(
            "Media Redundancy Protocol",
            &ethernet(
                "88e3",
                "0001 02 0e 8000 020000000001 0000 0000 0001 00000000",
            ),
        )
        .padded(),
        case(
            "PRP supervision",
            &ethernet("88fb", "0000 0001 14 06 020000000001 00 00"),
        )
        .padded(),
        case(
            "NC-SI",
            &ethernet("88f8", "00 01 00 01 00 00 0000 0000000000000000"),
        )
        .padded(),
        case("XIP", &ethernet("c0de", "01")).padded(),
    ]
}
