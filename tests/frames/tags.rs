//! What stands between the addresses and the payload.

use crate::{
    bytes::{ethernet, ieee_802_3, ipv4_packet, udp_datagram},
    case::{Case, case},
};

pub(crate) fn cases() -> Vec<Case> {
    let datagram = ipv4_packet(17, &udp_datagram(4000, 4001, ""));
    let mut cases = single(&datagram);
    cases.extend(behind_each_other(&datagram));
    cases
}

fn single(datagram: &str) -> Vec<Case> {
    vec![
        case("VLAN tag", &ethernet("8100 6064 0800", datagram)),
        case("priority tag", &ethernet("8100 e000 88cc", "0000")),
        case(
            "802.1ad tag and VLAN tag",
            &ethernet("88a8 000a 8100 0064 0800", datagram),
        ),
        case(
            "three tags of 802.1Q",
            &ethernet("8100 0001 8100 0002 8100 0003 0800", datagram),
        ),
        case(
            "QinQ with 0x9100",
            &ethernet("9100 0007 8100 0064 0800", datagram),
        ),
        case(
            "VLAN tag around an 802.3 frame",
            &ethernet("8100 0064 0007", "424203 0000 00 80"),
        )
        .means("vlan.len", "7", "TCN"),
        case("PAUSE", &ethernet("8808", "0001 0100"))
            .means("macc.opcode", "0x0001", "PAUSE")
            .means("macc.pause_time", "256", "256 quanta"),
        case(
            "priority flow control",
            &ethernet("8808", "0101 0008 0000 0000 0000 ffff 0000 0000 0000 0000"),
        )
        .means("macc.opcode", "0x0101", "PFC PAUSE")
        .means("macc.cbfc.enbv", "0x0008", "classes 0x08"),
        case(
            "MACsec, encrypted",
            &ethernet(
                "88e5",
                &format!("2e 00 00000007 020000000001 0001 {}", "5a".repeat(40)),
            ),
        )
        .means("macsec.TCI.E", "1", "encrypted"),
        case(
            "MACsec, integrity only",
            &ethernet(
                "88e5",
                &format!(
                    "20 00 00000008 020000000001 0001 0800 {datagram} {}",
                    "5a".repeat(16)
                ),
            ),
        )
        .means("macsec.TCI.C", "0", "UDP 10.0.0.1:4000 > 10.0.0.2:4001"),
        case(
            "backbone service tag",
            &ethernet("88e7", &format!("00 0003e8 {}", ethernet("0800", datagram))),
        )
        .means("ieee8021ah.isid", "1000", "I-SID 1000"),
        case(
            "HSR",
            &ethernet("892f", &format!("1034 0007 0800 {datagram}")),
        ),
        case(
            "VN-Tag",
            &ethernet("8926", &format!("8001 0002 0800 {datagram}")),
        ),
        case(
            "802.1BR E-Tag",
            &ethernet("893f", &format!("0000 1005 0000 0800 {datagram}")),
        ),
        case(
            "802.1CB R-Tag",
            &ethernet("f1c1", &format!("0000 0009 0800 {datagram}")),
        )
        .means("ieee8021cb.seq", "0x0009", "sequence 9"),
        case(
            "Cisco metadata",
            &ethernet("8909", &format!("01 01 0001 0064 0800 {datagram}")),
        ),
    ]
}

/// What follows a tag is what may follow the addresses.
fn behind_each_other(datagram: &str) -> Vec<Case> {
    let tagged = format!("8100 0064 0800 {datagram}");
    vec![
        case(
            "VN-Tag around an 802.3 frame",
            &ethernet("8926", "8001 0002 0007 424203 0000 00 80"),
        )
        .means("stp.type", "0x80", "STP TCN BPDU"),
        case(
            "VN-Tag and VLAN tag",
            &ethernet("8926", &format!("8001 0002 {tagged}")),
        ),
        case(
            "802.1BR E-Tag and VLAN tag",
            &ethernet("893f", &format!("0000 1005 0000 {tagged}")),
        ),
        case(
            "802.1CB R-Tag and VLAN tag",
            &ethernet("f1c1", &format!("0000 0009 {tagged}")),
        ),
        case(
            "MACsec, integrity only, and VLAN tag",
            &ethernet(
                "88e5",
                &format!(
                    "20 00 00000008 020000000001 0001 {tagged} {}",
                    "5a".repeat(16)
                ),
            ),
        ),
        case(
            "SNAP and VLAN tag",
            &ieee_802_3(&format!("aaaa03 000000 {tagged}")),
        ),
    ]
}
