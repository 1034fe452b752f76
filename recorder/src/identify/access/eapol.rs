//! Port-based access control (IEEE 802.1X, clause 11) with EAP (RFC 3748) and the keys of Wi-Fi (IEEE 802.11, 12.7).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// Version, packet type, length of the body.
const HEADER: usize = 4;

/// The descriptors of IEEE 802.11 and of WPA, its draft.
const RSN: u8 = 2;
const WPA: u8 = 254;

/// Bits of the key information (IEEE 802.11, figure 12-36).
const PAIRWISE: u16 = 0x0008;
const ACK: u16 = 0x0080;
const MIC: u16 = 0x0100;
const ERROR: u16 = 0x0400;
const REQUEST: u16 = 0x0800;
const ACK_AND_MIC: u16 = ACK | MIC;

/// The longest body without data: with an integrity code of 32 octets. With one of 16, which the shortest has, and the
/// client's parameters, it is longer.
const WITHOUT_DATA_MAX: u16 = 79 + 32;

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    let Some(kind) = payload.get(1) else {
        return out.write_str("EAPOL, cut header");
    };
    let length = field::be16(payload, 2);
    let body = field::counted(payload, HEADER, length);
    // IEEE 802.1X, table 11-3.
    match kind {
        0 => eap(out, body),
        1 => out.write_str("EAPOL start"),
        2 => out.write_str("EAPOL logoff"),
        3 => key(out, length, body),
        4 => out.write_str("EAPOL alert"),
        5 => out.write_str("EAPOL MKA"),
        6 | 7 => out.write_str("EAPOL announcement"),
        8 => out.write_str("EAPOL announcement request"),
        _ => write!(out, "EAPOL type {kind}"),
    }
}

fn eap(out: &mut Phrase, body: &[u8]) -> Result {
    out.push_str("EAPOL EAP");
    let &[code, id, ..] = body else {
        return out.write_str(", cut header");
    };
    match code {
        1 => out.push_str(" request"),
        2 => out.push_str(" response"),
        3 => out.push_str(" success"),
        4 => out.push_str(" failure"),
        // RFC 6696, 5.3.
        5 => out.push_str(" initiate"),
        6 => out.push_str(" finish"),
        _ => write!(out, " code {code}")?,
    }
    // Only the first two have a method, after the length.
    if let (1 | 2, Some(&method)) = (code, body.get(4)) {
        match self::method(method) {
            Some(name) => write!(out, " {name}")?,
            None => write!(out, " type {method}")?,
        }
    }
    write!(out, ", id {id}")
}

/// IANA's *EAP Method Types*.
fn method(method: u8) -> Option<&'static str> {
    Some(match method {
        1 => "identity",
        2 => "notification",
        3 => "nak",
        4 => "MD5",
        5 => "OTP",
        6 => "GTC",
        13 => "TLS",
        17 => "LEAP",
        18 => "SIM",
        21 => "TTLS",
        23 => "AKA",
        25 => "PEAP",
        26 | 29 => "MSCHAPv2",
        32 => "POTP",
        43 => "FAST",
        46 => "PAX",
        47 => "PSK",
        48 => "SAKE",
        49 => "IKEv2",
        50 => "AKA prime",
        51 => "GPSK",
        52 => "PWD",
        53 => "EKE",
        54 => "PT-EAP",
        55 => "TEAP",
        56 => "NOOB",
        254 => "expanded",
        255 => "experimental",
        _ => return None,
    })
}

/// Which message of the four-way handshake it is follows from the bits that differ between them, and, with the same bits,
/// from its length: the second has the client's parameters, the fourth no data (IEEE 802.11, 12.7.6). A request asks for a
/// handshake, or reports what failed, and is no message of one (12.7.2).
fn key(out: &mut Phrase, length: Option<u16>, body: &[u8]) -> Result {
    out.push_str("EAPOL key");
    let (Some(&descriptor), Some(information)) = (body.first(), field::be16(body, 1)) else {
        return out.write_str(", cut header");
    };
    if !matches!(descriptor, RSN | WPA) {
        return write!(out, ", descriptor {descriptor}");
    }
    let is_pairwise = information & PAIRWISE != 0;
    if !is_pairwise {
        out.push_str(", group");
    }
    if information & REQUEST != 0 {
        out.push_str(if is_pairwise { ", " } else { " " });
        return out.write_str(if information & ERROR == 0 {
            "request"
        } else {
            "MIC failure report"
        });
    }
    if !is_pairwise {
        return Ok(());
    }
    let number = match (information & (ACK | MIC), length) {
        (ACK, _) => 1,
        (ACK_AND_MIC, _) => 3,
        (MIC, Some(..=WITHOUT_DATA_MAX)) => 4,
        (MIC, Some(_)) => 2,
        _ => return Ok(()),
    };
    write!(out, ", message {number} of 4")
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    #[test]
    fn padding_is_no_method() {
        claim("888e 02 00 0004 01 07 0004 19", "EAPOL EAP request, id 7");
    }

    #[test]
    fn a_message_without_a_method_is_its_code() {
        claim(
            "888e 02 00 0006 05 07 0006 01 00",
            "EAPOL EAP initiate, id 7",
        );
        claim("888e 02 00 0006 06 07 0006 02 00", "EAPOL EAP finish, id 7");
    }
}
