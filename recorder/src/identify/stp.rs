//! Spanning tree BPDUs, and what else is sent to the spanning tree's service access point.

use std::fmt::{Result, Write};

/// The BPDU's kind by protocol identifier, version and type (IEEE 802.1Q, 14.1; IEEE 802.1D-2004, 9.3).
///
/// GARP, the elder of MRP, shares the address with a protocol identifier of its own (IEEE 802.1D-2004, 12.10.1).
pub(super) fn describe(out: &mut String, bpdu: &[u8]) -> Result {
    match *bpdu {
        [0, 0, _, 0x80, ..] => out.write_str("STP TCN BPDU"),
        [0, 0, _, 0x00, ..] => out.write_str("STP BPDU"),
        [0, 0, 2, 0x02, ..] => out.write_str("RSTP BPDU"),
        [0, 0, 3, 0x02, ..] => out.write_str("MSTP BPDU"),
        [0, 0, 4, 0x02, ..] => out.write_str("SPT BPDU"),
        [0, 0, version, kind, ..] => write!(out, "STP BPDU, version {version} type {kind:#04x}"),
        [0, 1, ..] => out.write_str("GARP"),
        [high, low, ..] => write!(out, "STP, protocol identifier 0x{high:02x}{low:02x}"),
        _ => out.write_str("STP, cut header"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::claim;

    #[test]
    fn a_bpdu_is_named_by_its_version_and_type() {
        claim("0007 424203 0000 00 00", "STP BPDU");
        claim("0007 424203 0000 00 80", "STP TCN BPDU");
        claim("0007 424203 0000 02 02", "RSTP BPDU");
        claim("0007 424203 0000 03 02", "MSTP BPDU");
        claim("0007 424203 0000 04 02", "SPT BPDU");
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
    }
}
