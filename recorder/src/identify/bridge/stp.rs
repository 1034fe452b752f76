//! Spanning tree BPDUs, and what else is sent to the spanning tree's service access point.

use std::fmt::{Result, Write};

use crate::identify::{address, field, foreign, phrase::Phrase};

/// The types of IEEE 802.1Q, 14.3: configuration, rapid, topology change notification.
const CONFIGURATION: u8 = 0x00;
const RAPID: u8 = 0x02;
const TOPOLOGY_CHANGE: u8 = 0x80;

/// The lengths of what version 3 added (IEEE 802.1Q, 14.4, n): the region's part, and up to 64 instances.
const REGION: u16 = 64;
const INSTANCE: u16 = 16;
const INSTANCES_MAX: u16 = 64;

/// How a BPDU is decoded, which its version alone does not tell.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Form {
    Notification,
    Configuration,
    Rapid,
    /// Rapid, and the region of MSTP and its successor.
    Regional,
}

impl Form {
    /// IEEE 802.1Q, 14.5 (IEEE 802.1D-2004, 9.3.4). None: no bridge takes it.
    pub(crate) fn of(bpdu: &[u8]) -> Option<Self> {
        match *bpdu {
            [0, 0, _, TOPOLOGY_CHANGE, ..] => Some(Self::Notification),
            [0, 0, _, CONFIGURATION, ..] => Some(Self::Configuration),
            [0, 0, 3 | 4, RAPID, ..] if has_region(bpdu) => Some(Self::Regional),
            [0, 0, 2..=4, RAPID, ..] => Some(Self::Rapid),
            _ => None,
        }
    }
}

/// Whether the lengths of what version 1 and version 3 added are a region's; one that is cut before them may have them.
fn has_region(bpdu: &[u8]) -> bool {
    match (bpdu.get(35), field::be16(bpdu, 36)) {
        (None, _) => true,
        (Some(0), Some(length)) => {
            (REGION..=REGION + INSTANCES_MAX * INSTANCE).contains(&length) && length % INSTANCE == 0
        }
        _ => false,
    }
}

/// Describes a BPDU by protocol identifier, version and type (IEEE 802.1Q, 14.1).
///
/// GARP, the elder of MRP, shares the address with a protocol identifier of its own (IEEE 802.1D-2004, 12.10.1).
pub(crate) fn describe(out: &mut Phrase, bpdu: &[u8]) -> Result {
    let Some(form) = Form::of(bpdu) else {
        return match bpdu {
            [0, 1, ..] => out.write_str("GARP"),
            _ => describe_unknown(out, "STP", bpdu),
        };
    };
    out.push_str(match (form, bpdu) {
        (Form::Notification, _) => "STP TCN BPDU",
        (Form::Configuration, _) => "STP BPDU",
        (Form::Rapid, _) => "RSTP BPDU",
        (Form::Regional, [_, _, 3, ..]) => "MSTP BPDU",
        (Form::Regional, _) => "SPT BPDU",
    });
    parameters(out, form, bpdu)
}

/// Describes by its numbers what is none of these.
pub(crate) fn describe_unknown(out: &mut Phrase, protocol: &str, bpdu: &[u8]) -> Result {
    out.push_str(protocol);
    match *bpdu {
        [0, 0, version, kind, ..] => write!(out, " BPDU, version {version} type {kind:#04x}"),
        [high, low, ..] if [high, low] != [0, 0] => {
            write!(out, ", protocol identifier 0x{high:02x}{low:02x}")
        }
        _ => out.write_str(", cut header"),
    }
}

/// What every BPDU but a notification has (IEEE 802.1Q, 14.4), and the region of MSTP's.
///
/// Each identifier is a priority and a MAC address; the priority is the whole first field, in whose lower 12 bits
/// most bridges put the VLAN or instance, as `show spanning-tree` and `bridge -d link` show it.
pub(crate) fn parameters(out: &mut Phrase, form: Form, bpdu: &[u8]) -> Result {
    if form == Form::Notification {
        return Ok(());
    }
    let Some(&flags) = bpdu.get(4) else {
        return out.write_str(", cut header");
    };
    let region = (form == Form::Regional).then(|| bpdu.get(38..).unwrap_or_default());

    if !identifier(out, ", root ", bpdu, 5) {
        return out.write_str(", cut header");
    }
    // In a region, the field of old is the regional root's, and the bridge's own comes after the region's (14.4, q).
    let is_known = match region {
        Some(region) => identifier(out, ", bridge ", region, 55),
        None => identifier(out, ", bridge ", bpdu, 17),
    };
    let (true, Some(port), Some(cost)) = (is_known, field::be16(bpdu, 25), field::be32(bpdu, 13))
    else {
        return out.write_str(", cut header");
    };
    write!(out, ", port {port:#06x}, cost {cost}")?;
    self::flags(out, form, flags);
    if let Some(name) = region.and_then(|region| region.get(1..33)) {
        foreign::titled(out, ", region ", name);
    }
    Ok(())
}

/// Whether the identifier at this offset was captured.
fn identifier(out: &mut Phrase, title: &str, bpdu: &[u8], at: usize) -> bool {
    let (Some(priority), Some(mac)) = (field::be16(bpdu, at), field::octets(bpdu, at + 2)) else {
        return false;
    };
    out.push_str(title);
    address::decimal(out, priority);
    out.push('/');
    address::mac(out, mac);
    true
}

/// IEEE 802.1Q, 14.4, d: what a configuration BPDU does not have is zero in it.
fn flags(out: &mut Phrase, form: Form, flags: u8) {
    const BITS: [(u8, &str); 6] = [
        (0x02, "proposal"),
        (0x10, "learning"),
        (0x20, "forwarding"),
        (0x40, "agreement"),
        (0x01, "topology change"),
        (0x80, "topology change acknowledgment"),
    ];
    let is_rapid = form != Form::Configuration;
    if is_rapid {
        out.push_str(match flags >> 2 & 0x03 {
            0 => ", unknown role",
            1 => ", alternate or backup",
            2 => ", root port",
            _ => ", designated",
        });
    }
    let known = if is_rapid { 0x7f } else { 0x81 };
    let set = BITS.into_iter().filter(|(bit, _)| flags & known & bit != 0);
    for (position, (_, name)) in set.enumerate() {
        out.push_str(if position == 0 { ", " } else { "+" });
        out.push_str(name);
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    const IDS: &str = "8000 020000000001 00000004 8001 020000000002 8001";
    const TIMES: &str = "0100 1400 0200 0f00";

    #[test]
    fn a_bpdu_is_named_with_what_it_says() {
        claim(
            &format!("0026 424203 0000 00 00 00 {IDS} {TIMES}"),
            "STP BPDU, root 32768/02:00:00:00:00:01, bridge 32769/02:00:00:00:00:02, port 0x8001, cost 4",
        );
        claim(
            &format!("0027 424203 0000 02 02 0e {IDS} {TIMES} 00"),
            "RSTP BPDU, root 32768/02:00:00:00:00:01, bridge 32769/02:00:00:00:00:02, port 0x8001, cost 4, designated, proposal",
        );
    }

    #[test]
    fn a_configuration_bpdu_has_no_role_and_two_flags() {
        claim(
            &format!("0026 424203 0000 00 00 ff {IDS} {TIMES}"),
            "STP BPDU, root 32768/02:00:00:00:00:01, bridge 32769/02:00:00:00:00:02, port 0x8001, cost 4, topology change+topology change acknowledgment",
        );
    }

    #[test]
    fn a_region_without_a_name_is_left_out() {
        let region = format!(
            "00 {} 0001 {} 00000064 8000 020000000003 14",
            "00".repeat(32),
            "ab".repeat(16)
        );
        claim(
            &format!("0069 424203 0000 03 02 3c {IDS} {TIMES} 00 0040 {region}"),
            "MSTP BPDU, root 32768/02:00:00:00:00:01, bridge 32768/02:00:00:00:00:03, port 0x8001, cost 4, designated, learning+forwarding",
        );
    }

    #[test]
    fn a_configuration_bpdu_of_a_later_version_is_one_all_the_same() {
        claim(
            &format!("0026 424203 0000 03 00 00 {IDS} {TIMES}"),
            "STP BPDU, root 32768/02:00:00:00:00:01, bridge 32769/02:00:00:00:00:02, port 0x8001, cost 4",
        );
    }

    #[test]
    fn what_has_no_whole_region_is_decoded_as_rstps() {
        let region = "00".repeat(64);
        for rest in [
            "00".to_owned(),
            "00 00".to_owned(),
            format!("01 0040 {region}"),
            format!("00 003f {region}"),
            format!("00 0048 {region} 0000000000000000"),
            format!("00 0450 {region}"),
        ] {
            let length = 38 + rest.split_whitespace().collect::<String>().len() / 2;
            claim(
                &format!("{length:04x} 424203 0000 03 02 3c {IDS} {TIMES} {rest}"),
                "RSTP BPDU, root 32768/02:00:00:00:00:01, bridge 32769/02:00:00:00:00:02, port 0x8001, cost 4, designated, learning+forwarding",
            );
        }
    }

    #[test]
    fn the_bridge_of_a_bpdu_cut_before_its_region_is_not_known() {
        for (version, name) in [(3, "MSTP"), (4, "SPT")] {
            claim(
                &format!("0026 424203 0000 {version:02x} 02 3c {IDS} {TIMES}"),
                &format!("{name} BPDU, root 32768/02:00:00:00:00:01, cut header"),
            );
        }
    }

    #[test]
    fn a_notification_says_no_more_than_that() {
        claim("0007 424203 0000 00 80", "STP TCN BPDU");
    }

    #[test]
    fn an_unknown_bpdu_is_its_numbers() {
        claim("0007 424203 0000 09 02", "STP BPDU, version 9 type 0x02");
        claim("0005 424203 abcd", "STP, protocol identifier 0xabcd");
    }

    #[test]
    fn garp_is_no_bpdu() {
        claim("0006 424203 0001 01", "GARP");
    }

    #[test]
    fn a_cut_bpdu_is_still_the_spanning_trees() {
        claim("0004 424203 00", "STP, cut header");
        claim("0003 424203", "STP, cut header");
        claim("0007 424203 0000 00 00", "STP BPDU, cut header");
        claim(
            "0010 424203 0000 02 02 3c 8000 020000000001",
            "RSTP BPDU, root 32768/02:00:00:00:00:01, cut header",
        );
    }
}
