//! Address resolution (RFC 826) and reverse address resolution (RFC 903), worded as tcpdump words them.

use std::fmt::{Result, Write};

use etherparse::{ArpOperation, ArpPacketSlice};

use crate::identify::{address, phrase::Phrase};

const REVERSE_REQUEST: ArpOperation = ArpOperation(3);
const REVERSE_REPLY: ArpOperation = ArpOperation(4);

/// Describes `payload`; `protocol` is the name that its `EtherType` gave it.
pub(crate) fn describe(out: &mut Phrase, protocol: &str, payload: &[u8]) -> Result {
    let Ok(arp) = ArpPacketSlice::from_slice(payload) else {
        return write!(out, "{protocol}, cut header");
    };
    let addresses = (
        <[u8; 6]>::try_from(arp.sender_hw_addr()),
        <[u8; 4]>::try_from(arp.sender_protocol_addr()),
        <[u8; 6]>::try_from(arp.target_hw_addr()),
        <[u8; 4]>::try_from(arp.target_protocol_addr()),
    );
    let (Ok(sender_mac), Ok(sender), Ok(target_mac), Ok(target)) = addresses else {
        let (hardware, address) = (arp.hw_addr_type().0, arp.proto_addr_type().0);
        return write!(
            out,
            "{protocol}, hardware type {hardware}, protocol {address:#06x}"
        );
    };

    out.push_str(protocol);
    match arp.operation() {
        // RFC 5227, 1.1 and 3: nobody's own address yet, and who says that it has one.
        ArpOperation::REQUEST if sender == [0; 4] => {
            out.push_str(" probe ");
            address::ipv4(out, target);
            out.push_str(" from ");
            address::mac(out, sender_mac);
        }
        ArpOperation::REQUEST if sender == target => {
            out.push_str(" announcement ");
            address::ipv4(out, sender);
            out.push_str(" is-at ");
            address::mac(out, sender_mac);
        }
        ArpOperation::REQUEST => {
            out.push_str(" who-has ");
            address::ipv4(out, target);
            out.push_str(" tell ");
            address::ipv4(out, sender);
        }
        ArpOperation::REPLY => {
            out.push_str(" reply ");
            address::ipv4(out, sender);
            out.push_str(" is-at ");
            address::mac(out, sender_mac);
            if sender == target {
                out.push_str(", gratuitous");
            }
        }
        REVERSE_REQUEST => {
            out.push_str(" who-is ");
            address::mac(out, target_mac);
            out.push_str(" tell ");
            address::mac(out, sender_mac);
        }
        REVERSE_REPLY => {
            out.push_str(" reply ");
            address::mac(out, target_mac);
            out.push_str(" at ");
            address::ipv4(out, target);
        }
        ArpOperation(operation) => return write!(out, " operation {operation}"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    const HEAD: &str = "0001 0800 06 04";

    #[test]
    fn a_request_asks_and_a_reply_tells() {
        claim(
            &format!("0806 {HEAD} 0001 020000000002 0a000002 000000000000 0a000001"),
            "ARP who-has 10.0.0.1 tell 10.0.0.2",
        );
        claim(
            &format!("0806 {HEAD} 0002 02000000ab01 0a000001 020000000002 0a000002"),
            "ARP reply 10.0.0.1 is-at 02:00:00:00:ab:01",
        );
    }

    #[test]
    fn a_probe_and_an_announcement_ask_for_nobody() {
        claim(
            &format!("0806 {HEAD} 0001 020000000002 00000000 000000000000 0a000002"),
            "ARP probe 10.0.0.2 from 02:00:00:00:00:02",
        );
        claim(
            &format!("0806 {HEAD} 0001 020000000002 0a000002 000000000000 0a000002"),
            "ARP announcement 10.0.0.2 is-at 02:00:00:00:00:02",
        );
        claim(
            &format!("0806 {HEAD} 0002 020000000002 0a000002 ffffffffffff 0a000002"),
            "ARP reply 10.0.0.2 is-at 02:00:00:00:00:02, gratuitous",
        );
    }

    #[test]
    fn a_virtual_machine_that_moved_asks_who_it_is() {
        claim(
            &format!("8035 {HEAD} 0003 525400123456 00000000 525400123456 00000000"),
            "RARP who-is 52:54:00:12:34:56 tell 52:54:00:12:34:56",
        );
        claim(
            &format!("8035 {HEAD} 0004 020000000002 0a000002 525400123456 0a000009"),
            "RARP reply 52:54:00:12:34:56 at 10.0.0.9",
        );
    }

    #[test]
    fn an_unknown_operation_or_address_is_a_number() {
        claim(
            &format!("0806 {HEAD} 0019 020000000002 0a000002 000000000000 0a000001"),
            "ARP operation 25",
        );
        claim(
            "0806 0018 0800 08 04 0001 0000000000000000 00000000 0000000000000000 00000000",
            "ARP, hardware type 24, protocol 0x0800",
        );
    }

    #[test]
    fn a_cut_packet_is_said_to_be_cut() {
        claim("0806", "ARP, cut header");
        claim(
            &format!("0806 {HEAD} 0001 020000000002 0a0000"),
            "ARP, cut header",
        );
        claim("8035 0001", "RARP, cut header");
    }
}
