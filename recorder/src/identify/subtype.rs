//! `EtherType`s shared by several protocols, or whose messages have well-known names of their own.

use super::ethertype;

/// The message's name, if `payload` reaches far enough and its number has one.
pub(super) fn name(ether_type: u16, payload: &[u8]) -> Option<&'static str> {
    match ether_type {
        ethertype::MAC_CONTROL => mac_control(payload),
        ethertype::SLOW => slow_protocol(payload),
        ethertype::PPPOE_DISCOVERY => pppoe_discovery(payload),
        ethertype::EAPOL => eapol(payload),
        ethertype::PTP => ptp(payload),
        _ => None,
    }
}

/// IEEE 802.3 annex 31A, table 31A-1.
fn mac_control(payload: &[u8]) -> Option<&'static str> {
    Some(match u16::from_be_bytes(*payload.first_chunk()?) {
        0x0001 => "PAUSE",
        0x0002 => "EPON gate",
        0x0003 => "EPON report",
        0x0004 => "EPON register request",
        0x0005 => "EPON register",
        0x0006 => "EPON register acknowledgement",
        0x0101 => "PFC PAUSE",
        _ => return None,
    })
}

/// IEEE 802.3 annex 57A, table 57A-3.
fn slow_protocol(payload: &[u8]) -> Option<&'static str> {
    Some(match payload.first()? {
        1 => "LACP",
        2 => "LACP marker",
        3 => "Ethernet OAM",
        10 => "OSSP",
        _ => return None,
    })
}

/// RFC 2516, section 5: the code follows version and type.
fn pppoe_discovery(payload: &[u8]) -> Option<&'static str> {
    Some(match payload.get(1)? {
        0x07 => "PPPoE PADO",
        0x09 => "PPPoE PADI",
        0x19 => "PPPoE PADR",
        0x65 => "PPPoE PADS",
        0xa7 => "PPPoE PADT",
        _ => return None,
    })
}

/// IEEE 802.1X-2010, table 11-3: the packet type follows the version.
fn eapol(payload: &[u8]) -> Option<&'static str> {
    Some(match payload.get(1)? {
        0 => "EAPOL EAP packet",
        1 => "EAPOL start",
        2 => "EAPOL logoff",
        3 => "EAPOL key",
        5 => "EAPOL MKA",
        _ => return None,
    })
}

/// IEEE 1588-2008, table 19: the low four bits of the first octet.
fn ptp(payload: &[u8]) -> Option<&'static str> {
    Some(match payload.first()? & 0x0f {
        0x0 => "PTP Sync",
        0x1 => "PTP Delay_Req",
        0x2 => "PTP Pdelay_Req",
        0x3 => "PTP Pdelay_Resp",
        0x8 => "PTP Follow_Up",
        0x9 => "PTP Delay_Resp",
        0xa => "PTP Pdelay_Resp_Follow_Up",
        0xb => "PTP Announce",
        0xc => "PTP Signaling",
        0xd => "PTP Management",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::claim;

    #[test]
    fn a_message_is_named_by_its_first_octets() {
        claim("8808 0001 ffff", "PAUSE");
        claim("8808 0101", "PFC PAUSE");
        claim("8809 01 01", "LACP");
        claim("8809 03", "Ethernet OAM");
        claim("8863 11 09 0000", "PPPoE PADI");
        claim("888e 02 03", "EAPOL key");
        claim("88f7 00 02", "PTP Sync");
        claim("88f7 1b 12", "PTP Announce");
    }

    #[test]
    fn a_cut_or_unknown_message_has_its_ethertypes_name() {
        claim("8808", "MAC control");
        claim("8808 00", "MAC control");
        claim("8809 ee", "slow protocol");
        claim("8863 11", "PPPoE discovery");
        claim("888e 02 77", "EAPOL");
        claim("88f7", "PTP");
    }
}
