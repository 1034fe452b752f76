//! What bridges and switches say.

use crate::{
    bytes::{ethernet, ieee_802_3, text},
    case::{Case, case},
};

const IDS: &str = "8000 020000000001 00000004 8001 020000000002 8001";
const TIMES: &str = "0100 1400 0200 0f00";

/// Of MSTP's BPDUs.
pub(crate) const REGIONAL_ROOT: &str = "what tshark calls the bridge is the regional root there; the bridge that sent it is in the region's part (802.1Q, 14.4), and droprec tells that one";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = spanning_tree();
    cases.extend(neighbours());
    cases.extend(operation());
    cases
}

fn spanning_tree() -> Vec<Case> {
    let region = format!("00 {:0<64} 0001 {}", text("region1"), "ab".repeat(16));
    let mst = format!(
        "0000 03 02 7c 8000 020000000001 00000004 8000 020000000002 8001 {TIMES} 00 0050 {region} 00000064 8000 020000000003 14 \
         7e 8001 020000000003 000000c8 80 80 13"
    );
    vec![
        case(
            "STP configuration",
            &ieee_802_3(&format!("424203 0000 00 00 00 {IDS} {TIMES}")),
        )
        .means("stp.type", "0x00", "STP BPDU")
        .means("stp.root.prio", "32768", "root 32768/")
        .means("stp.bridge.ext", "1", "bridge 32769/"),
        case(
            "STP configuration, topology changes",
            &ieee_802_3(&format!("424203 0000 00 00 81 {IDS} {TIMES}")),
        )
        .means("stp.flags.tc", "1", ", topology change+")
        .means("stp.flags.tcack", "1", "topology change acknowledgment"),
        case(
            "STP topology change notification",
            &ieee_802_3("424203 0000 00 80"),
        )
        .padded()
        .means("stp.type", "0x80", "STP TCN BPDU"),
        case(
            "RSTP, proposal",
            &ieee_802_3(&format!("424203 0000 02 02 0e {IDS} {TIMES} 00")),
        )
        .means("stp.version", "2", "RSTP BPDU")
        .means("stp.flags.port_role", "3", "designated")
        .means("stp.flags.proposal", "1", "proposal"),
        case(
            "RSTP, agreement",
            &ieee_802_3(&format!("424203 0000 02 02 79 {IDS} {TIMES} 00")),
        )
        .means("stp.flags.port_role", "2", "root port")
        .means("stp.flags.agreement", "1", "agreement")
        .means("stp.flags.forwarding", "1", "forwarding")
        .means("stp.flags.learning", "1", "learning")
        .means("stp.flags.tc", "1", "topology change"),
        case(
            "RSTP, alternate port",
            &ieee_802_3(&format!("424203 0000 02 02 04 {IDS} {TIMES} 00")),
        )
        .means("stp.flags.port_role", "1", "alternate or backup"),
        case(
            "STP configuration of version 3",
            &ieee_802_3(&format!("424203 0000 03 00 00 {IDS} {TIMES}")),
        )
        .means("stp.version", "3", "STP BPDU"),
        case(
            "version 3 without a region",
            &ieee_802_3(&format!("424203 0000 03 02 7c {IDS} {TIMES} 00")),
        )
        .means("stp.version", "3", "RSTP BPDU"),
        case("MSTP", &ieee_802_3(&format!("424203 {mst}")))
            .means("stp.version", "3", "MSTP BPDU")
            .means("mstp.config_name", "region1", "region region1")
            .means(
                "mstp.cist_bridge.hw",
                "02:00:00:00:00:03",
                "bridge 32768/02:00:00:00:00:03",
            )
            .differs(REGIONAL_ROOT),
        case(
            "PVST+",
            &ieee_802_3(&format!(
                "aaaa03 00000c 010b 0000 00 00 00 {IDS} {TIMES} 00 0000 0002 000a"
            )),
        )
        .means("stp.pvst.origvlan", "10", "PVST+ BPDU, VLAN 10"),
        case(
            "Rapid PVST+",
            &ieee_802_3(&format!(
                "aaaa03 00000c 010b 0000 02 02 3c {IDS} {TIMES} 00 0000 0002 0064"
            )),
        )
        .means("stp.pvst.origvlan", "100", "Rapid PVST+ BPDU, VLAN 100"),
        case(
            "PVST+ of an unknown type",
            &ieee_802_3(&format!(
                "aaaa03 00000c 010b 0000 02 09 3c {IDS} {TIMES} 00 0000 0002 0064"
            )),
        )
        .means("stp.type", "0x09", "PVST+ BPDU, version 2 type 0x09"),
        case(
            "PVST+ topology change notification",
            &ieee_802_3("aaaa03 00000c 010b 0000 00 80"),
        )
        .padded()
        .means("stp.type", "0x80", "PVST+ TCN BPDU"),
        case(
            "GVRP",
            "0180c2000021 020000000001 000d 424203 0001 01 04 05 0064 00 00",
        )
        .padded()
        .means("gvrp.protocol_id", "0x0001", "GARP"),
        case("MVRP", &ethernet("88f5", "00 01 02 0001 0001 00 0000 0000")),
    ]
}

fn neighbours() -> Vec<Case> {
    let tlv = |kind: u16, value: &str| {
        let length = value.len() / 2;
        format!("{:04x} {value}", usize::from(kind) << 9 | length)
    };
    let lldp = [
        tlv(1, "04020000000001"),
        tlv(2, &format!("05{}", text("Gi1/0/7"))),
        tlv(3, "0078"),
        tlv(5, &text("sw1.example.net")),
        tlv(0, ""),
    ]
    .concat();
    let field = |kind: u16, value: &str| format!("{kind:04x} {:04x} {value}", 4 + value.len() / 2);
    let cdp = [field(1, &text("sw2")), field(3, &text("Ethernet0/3"))].concat();
    vec![
        case("LLDP", &ethernet("88cc", &lldp)),
        case("LLDP by network address", &ethernet("88cc", "0206 05 01 0a000009 0402 07 31 0602 0078 0000"))
            .means("lldp.chassis.id.ip4", "10.0.0.9", "chassis 10.0.0.9"),
        case("LLDP shutdown", &ethernet("88cc", "0207 04 020000000001 0403 07 7031 0602 0000 0000"))
            .means("lldp.time_to_live", "0", "shutdown"),
        case("CDP", &ieee_802_3(&format!("aaaa03 00000c 2000 02 b4 0000 {cdp}"))),
        case("FDP", &ieee_802_3(&format!("aaaa03 00e052 2000 01 0f 0000 {}", field(1, &text("brocade")))))
.means("fdp.deviceid", "DeviceID: \"brocade\"", "device brocade"),
        case("VTP", &ieee_802_3(&format!("aaaa03 00000c 2003 01 01 01 04 {:0<64} 00000005 0a000001 {} {}",
            text("lab1"), text("930301000000"), "00".repeat(16))))
            .means("vtp.code", "0x01", "summary advertisement"),
        case("DTP", &ieee_802_3("aaaa03 00000c 2004 01 0001 0005 00 0002 0005 03 0003 0005 a5 0004 000a 020000000001")),
        case("UDLD", &ieee_802_3("aaaa03 00000c 0111 21 00 0000 0001 0008 73773100")),
        case("PAgP", &ieee_802_3(&format!("aaaa03 00000c 0104 01 00 {}", "00".repeat(60)))),
        case("EDP", &ieee_802_3(&format!("aaaa03 00e02b 00bb 01 00 0020 0000 0001 0000 020000000001 99 01 000c {} 99 00 0004", text("summit48"))))
            .means("edp.midmac", "02:00:00:00:00:01", "from 02:00:00:00:00:01"),
    ]
}

fn operation() -> Vec<Case> {
    vec![
        case("LACP", &ethernet("8809", &format!(
            "01 01 01 14 8000 020000000001 0011 00ff 0001 3d 000000 02 14 ffff 020000000002 0011 00ff 0002 3d 000000 \
             03 10 0000 {} 00 00 {}", "00".repeat(12), "00".repeat(50),
        )))
        .means("lacp.actor.state.activity", "1", "activity")
        .means("lacp.actor.state.timeout", "0", "activity+aggregation")
        .means("lacp.actor.state.synchronization", "1", "synchronization")
        .means("lacp.actor.state.collecting", "1", "collecting")
        .means("lacp.actor.state.distributing", "1", "distributing"),
        case("LACP marker", &ethernet("8809", &format!("02 01 01 10 0003 020000000001 00000007 0000 00 00 {}", "00".repeat(90))))
            .means("marker.tlvType", "0x01;0x00", "LACP marker"),
        case("LACP marker of an unknown field", &ethernet("8809", &format!("02 01 07 10 0003 020000000001 00000007 0000 00 00 {}", "00".repeat(90))))
            .means("marker.tlvType", "0x07;0x00", "LACP marker, field type 7"),
        case("Ethernet OAM", &ethernet("8809", &format!("03 0050 00 01 10 01 0000 00 00 05ee 000000 00000000 {}", "00".repeat(20))))
            .means("oampdu.code", "0x00", "information"),
        case("clock quality (ESMC)", &ethernet("8809", "0a 0019a7 0001 10 000000 01 0004 02"))
            .padded()
            .means("ossp.esmc.ql", "0x0002", "quality level 0x02"),
        case("CFM continuity check", &ethernet("8902", &format!("a0 01 04 46 00000001 0065 {} 00", "00".repeat(64))))
            .means("cfm.opcode", "1", "CCM")
            .means("cfm.md.level", "5", "level 5")
            .means("cfm.ccm.ma.ep.id", "101", "MEP 101"),
        case("CFM loopback message", &ethernet("8902", "60 03 00 04 00000001 00")).means("cfm.opcode", "3", "LBM"),
        case("ring protection (R-APS)", &ethernet("8902", &format!("e1 28 00 20 b0 00 020000000001 {} 00", "00".repeat(24))))
            .means("cfm.opcode", "40", "R-APS")
            .means("cfm.raps.req.st", "0x0b", "signal fail")
            .means("cfm.raps.node.id", "02:00:00:00:00:01", "node 02:00:00:00:00:01"),
    ]
}
