//! Clocks and machines below IP.

use crate::{
    bytes::{ethernet, text, udp},
    case::{Case, case},
};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = clocks();
    cases.extend(machines());
    cases
}

fn ptp(kind: u8, length: usize) -> String {
    format!(
        "{kind:02x} 02 {length:04x} 07 00 0000 {} 0200000001000001 0001 0005 00 7f {}",
        "00".repeat(12),
        "00".repeat(length - 34)
    )
}

fn clocks() -> Vec<Case> {
    vec![
        case("PTP Sync", &ethernet("88f7", &ptp(0x00, 44))).means(
            "ptp.v2.messagetype",
            "0x00",
            "Sync",
        ),
        case("PTP Delay_Req", &ethernet("88f7", &ptp(0x01, 44))).means(
            "ptp.v2.messagetype",
            "0x01",
            "Delay_Req",
        ),
        case("PTP Pdelay_Req", &ethernet("88f7", &ptp(0x02, 54))).means(
            "ptp.v2.messagetype",
            "0x02",
            "Pdelay_Req",
        ),
        case("PTP Announce", &ethernet("88f7", &ptp(0x0b, 64))).means(
            "ptp.v2.messagetype",
            "0x0b",
            "Announce",
        ),
        case("PTP Follow_Up over UDP", &udp(320, 320, &ptp(0x08, 44))).means(
            "ptp.v2.messagetype",
            "0x08",
            "Follow_Up",
        ),
    ]
}

fn machines() -> Vec<Case> {
    vec![
        case(
            "PROFINET DCP, who is called",
            &ethernet(
                "8892",
                &format!(
                    "fefe 05 00 01000001 0001 000e 02 02 0009 {} 00",
                    text("plc-line7")
                ),
            ),
        )
        .means("pn_dcp.service_id", "5", "identify")
        .means("pn_dcp.service_type", "0", "request")
        .means(
            "pn_dcp.suboption_device_nameofstation",
            "plc-line7",
            "station plc-line7",
        ),
        case(
            "PROFINET DCP, I am",
            &ethernet(
                "8892",
                &format!(
                    "feff 05 01 01000001 0000 000a 02 02 0006 0000 {}",
                    text("io-1")
                ),
            ),
        )
        .means("pn_dcp.service_type", "1", "response")
        .means(
            "pn_dcp.suboption_device_nameofstation",
            "io-1",
            "station io-1",
        ),
        case(
            "PROFINET cyclic data",
            &ethernet("8892", &format!("c001 {} 0010 35 00", "80".repeat(40))),
        )
        .means("pn_rt.frame_id", "49153", "cyclic data, frame ID 0xc001"),
        case(
            "PROFINET high alarm",
            &ethernet("8892", "fc01 0001 0001 11 01 ffff fffe 0000"),
        )
        .padded()
        .means("pn_rt.frame_id", "64513", "alarm high"),
        case(
            "EtherCAT, broadcast read",
            &ethernet("88a4", "0e10 07 80 0000 3001 0200 0000 0000 0000"),
        )
        .padded()
        .means("ecat.cmd", "0x07", "BRD")
        .means("ecat.ado", "0x0130", "register 0x0130"),
        case(
            "EtherCAT, logical read and write",
            &ethernet("88a4", "0e10 0c 80 00000100 0200 0000 0000 0000"),
        )
        .padded()
        .means("ecat.cmd", "0x0c", "LRW")
        .means("ecat.lad", "0x00010000", "address 0x00010000"),
        case(
            "POWERLINK, start of cycle",
            &ethernet(
                "88ab",
                "01 ff f0 00 00 00 0000000000000000 0000000000000000",
            ),
        )
        .padded()
        .means("epl.mtyp", "1", "SoC")
        .means("epl.src", "240", "node 240 >"),
        case(
            "IEC 61850 GOOSE",
            &ethernet("88b8", "0001 0010 0000 0000 61 06 80 04 67636231"),
        )
        .means("goose.appid", "0x0001", "APPID 0x0001"),
        case(
            "IEC 61850 sampled values",
            &ethernet("88ba", "4000 000f 0000 0000 60 05 80 01 00 a2 00"),
        )
        .means("sv.appid", "0x4000", "APPID 0x4000"),
    ]
}
