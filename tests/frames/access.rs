//! How hosts are let onto a network: 802.1X, `PPPoE`.

use crate::{
    bytes::{ethernet, ipv4_packet, ipv6_packet, text, udp_datagram},
    case::{Case, case},
};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = port_access();
    cases.extend(keys());
    cases.extend(pppoe());
    cases
}

fn port_access() -> Vec<Case> {
    vec![
        case("EAPOL start", &ethernet("888e", "02 01 0000"))
            .padded()
            .means("eapol.type", "1", "EAPOL start"),
        case("EAPOL logoff", &ethernet("888e", "01 02 0000"))
            .padded()
            .means("eapol.type", "2", "EAPOL logoff"),
        case(
            "EAP request, identity",
            &ethernet("888e", "02 00 0005 01 07 0005 01"),
        )
        .padded()
        .means("eap.code", "1", "EAP request")
        .means("eap.type", "1", "identity")
        .means("eap.id", "7", "id 7"),
        case(
            "EAP response, PEAP",
            &ethernet("888e", "02 00 0006 02 08 0006 19 00"),
        )
        .means("eap.code", "2", "EAP response")
        .means("eap.type", "25", "PEAP"),
        case(
            "EAP request, LEAP",
            &ethernet(
                "888e",
                "02 00 0013 01 08 0013 11 01 00 08 0102030405060708 616263",
            ),
        )
        .means("eap.type", "17", "EAP request LEAP"),
        case(
            "EAP request, PSK",
            &ethernet(
                "888e",
                &format!("02 00 0017 01 08 0017 2f 00 {} 61", "5a".repeat(16)),
            ),
        )
        .means("eap.type", "47", "EAP request PSK"),
        case("EAP success", &ethernet("888e", "02 00 0004 03 09 0004")).means(
            "eap.code",
            "3",
            "EAP success",
        ),
        case("announcement request", &ethernet("888e", "03 08 0000"))
            .padded()
            .means("eapol.type", "8", "EAPOL announcement request"),
        case(
            "MACsec key agreement",
            &ethernet(
                "888e",
                &format!(
                    "03 05 0034 01 10 e0 20 {} 0080c201 6b657931 {}",
                    "00".repeat(24),
                    "00".repeat(16)
                ),
            ),
        )
        .means("eapol.type", "5", "EAPOL MKA"),
    ]
}

fn keys() -> Vec<Case> {
    let key = |information: &str, nonce: &str, data: usize| {
        let (length, nonce, data) = (
            95 + data,
            nonce.repeat(32),
            format!("{data:04x} {}", "30".repeat(data)),
        );
        let rest = "00".repeat(48);
        ethernet(
            "888e",
            &format!(
                "02 03 {length:04x} 02 {information} 0010 0000000000000001 {nonce} {rest} {data}"
            ),
        )
    };
    vec![
        case("four-way handshake, message 1", &key("008a", "aa", 0)).means(
            "wlan_rsna_eapol.keydes.msgnr",
            "1",
            "message 1 of 4",
        ),
        case("four-way handshake, message 2", &key("010a", "aa", 22)).means(
            "wlan_rsna_eapol.keydes.msgnr",
            "2",
            "message 2 of 4",
        ),
        case("four-way handshake, message 3", &key("13ca", "aa", 56)).means(
            "wlan_rsna_eapol.keydes.msgnr",
            "3",
            "message 3 of 4",
        ),
        case("four-way handshake, message 4", &key("030a", "00", 0)).means(
            "wlan_rsna_eapol.keydes.msgnr",
            "4",
            "message 4 of 4",
        ),
        case(
            "message 4 of WPA, which has no secure bit",
            &key("0109", "00", 0),
        )
        .means("wlan_rsna_eapol.keydes.msgnr", "4", "message 4 of 4"),
        case("group key handshake", &key("1382", "aa", 56)).means(
            "wlan_rsna_eapol.keydes.key_info.key_type",
            "0",
            "group",
        ),
        case("request for new keys", &key("0b0a", "00", 0)).means(
            "wlan_rsna_eapol.keydes.key_info.request",
            "1",
            "EAPOL key, request",
        ),
        case("request for new group keys", &key("0b02", "00", 0)).means(
            "wlan_rsna_eapol.keydes.key_info.request",
            "1",
            "EAPOL key, group request",
        ),
        case("report of a bad integrity code", &key("0f0a", "00", 0)).means(
            "wlan_rsna_eapol.keydes.key_info.error",
            "1",
            "EAPOL key, MIC failure report",
        ),
        case(
            "report of a bad integrity code with the group key",
            &key("0f02", "00", 0),
        )
        .means(
            "wlan_rsna_eapol.keydes.key_info.error",
            "1",
            "EAPOL key, group MIC failure report",
        ),
    ]
}

fn pppoe() -> Vec<Case> {
    let session = |frame: &str| {
        let length = frame.split_whitespace().collect::<String>().len() / 2;
        ethernet("8864", &format!("11 00 0011 {length:04x} {frame}"))
    };
    vec![
        case("PPPoE PADI", &ethernet("8863", "11 09 0000 0004 0101 0000"))
            .padded()
            .means("pppoe.code", "0x09", "PADI"),
        case(
            "PPPoE PADO",
            &ethernet(
                "8863",
                &format!("11 07 0000 000c 0101 0000 0102 0004 {}", text("bras")),
            ),
        )
        .means("pppoe.code", "0x07", "PADO")
        .means("pppoed.tags.ac_name", "bras", "from bras"),
        case(
            "PPPoE PADO, and a tag in its padding",
            &ethernet(
                "8863",
                &format!("11 07 0000 0004 0101 0000 0102 0004 {}", text("bras")),
            ),
        )
        .padded()
        .means("pppoed.tags.ac_name", "", "PPPoE PADO"),
        case("PPPoE PADR", &ethernet("8863", "11 19 0000 0004 0101 0000"))
            .padded()
            .means("pppoe.code", "0x19", "PADR"),
        case("PPPoE PADT", &ethernet("8863", "11 a7 0011 0000"))
            .padded()
            .means("pppoe.code", "0xa7", "PADT")
            .means("pppoe.session_id", "0x0011", "session 0x0011"),
        case(
            "PPPoE session, LCP echo",
            &session("c021 09 01 0008 12345678"),
        )
        .means("ppp.code", "9", "LCP echo request"),
        case(
            "PPPoE session, PAP",
            &session(&format!(
                "c023 01 01 000d 04 {} 03 {}",
                text("user"),
                text("abc")
            )),
        )
        .means("pap.code", "1", "PAP request"),
        case(
            "PPPoE session, CHAP",
            &session(&format!("c223 01 01 000d 04 01020304 {}", text("bras"))),
        )
        .means("chap.code", "1", "CHAP challenge"),
        case(
            "PPPoE session, IPCP",
            &session("8021 01 01 000a 03 06 00000000"),
        )
        .means("ppp.code", "1", "IPCP configure request"),
        case(
            "PPPoE session, IPV6CP",
            &session("8057 01 01 000e 01 0a 0000000000000001"),
        )
        .means("ppp.code", "1", "IPV6CP configure request"),
        case(
            "PPPoE session, IPv4",
            &session(&format!(
                "0021 {}",
                ipv4_packet(17, &udp_datagram(4000, 4001, ""))
            )),
        ),
        case(
            "PPPoE session, IPv6",
            &session(&format!(
                "0057 {}",
                ipv6_packet(17, &udp_datagram(4000, 4001, ""))
            )),
        ),
    ]
}
