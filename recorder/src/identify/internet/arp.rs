//! Address resolution (RFC 826), reverse (RFC 903) and inverse (RFC 2390) address resolution, worded as tcpdump words them.

use std::fmt::{Result, Write};

use etherparse::{ArpOperation, ArpPacketSlice};

use crate::identify::{address, phrase::Phrase};

const REVERSE_REQUEST: ArpOperation = ArpOperation(3);
const REVERSE_REPLY: ArpOperation = ArpOperation(4);
const INVERSE_REQUEST: ArpOperation = ArpOperation(8);
const INVERSE_REPLY: ArpOperation = ArpOperation(9);

/// How long the addresses are of stations that have one each: on Frame Relay (RFC 2390, 4), Ethernet and its like, InfiniBand
/// (RFC 4391, 9.1.1).
const HARDWARE: [u8; 3] = [2, 6, 20];

/// Describes `payload`; `protocol` is the name that its `EtherType` gave it.
pub(crate) fn describe(out: &mut Phrase, protocol: &str, payload: &[u8]) -> Result {
    let Ok(arp) = ArpPacketSlice::from_slice(payload) else {
        return write!(out, "{protocol}, cut header");
    };
    let addresses = (
        <[u8; 4]>::try_from(arp.sender_protocol_addr()),
        <[u8; 4]>::try_from(arp.target_protocol_addr()),
    );
    let (Ok(sender), Ok(target), true) = (
        addresses.0,
        addresses.1,
        HARDWARE.contains(&arp.hw_addr_size()),
    ) else {
        let (hardware, address) = (arp.hw_addr_type().0, arp.proto_addr_type().0);
        return write!(
            out,
            "{protocol}, hardware type {hardware}, protocol {address:#06x}"
        );
    };
    let sender_station = arp.sender_hw_addr();
    let target_station = arp.target_hw_addr();

    out.push_str(protocol);
    match arp.operation() {
        // RFC 5227, 1.1 and 3: nobody's own address yet, and who says that it has one.
        ArpOperation::REQUEST if sender == [0; 4] => {
            out.push_str(" probe ");
            address::ipv4(out, target);
            out.push_str(" from ");
            address::hardware(out, sender_station);
        }
        ArpOperation::REQUEST if sender == target => {
            out.push_str(" announcement ");
            address::ipv4(out, sender);
            out.push_str(" is-at ");
            address::hardware(out, sender_station);
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
            address::hardware(out, sender_station);
            if sender == target {
                out.push_str(", gratuitous");
            }
        }
        REVERSE_REQUEST => {
            out.push_str(" who-is ");
            address::hardware(out, target_station);
            out.push_str(" tell ");
            address::hardware(out, sender_station);
        }
        REVERSE_REPLY => {
            out.push_str(" reply ");
            address::hardware(out, target_station);
            out.push_str(" at ");
            address::ipv4(out, target);
        }
        INVERSE_REQUEST => {
            out.push_str(" inverse who-is ");
            address::hardware(out, target_station);
            out.push_str(" tell ");
            address::ipv4(out, sender);
        }
        INVERSE_REPLY => {
            out.push_str(" inverse reply ");
            address::hardware(out, sender_station);
            out.push_str(" at ");
            address::ipv4(out, sender);
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
    fn who_knows_a_connection_alone_asks_whose_it_is() {
        let header = "0806 000f 0800 02 04";
        claim(
            &format!("{header} 0008 0000 0a000001 1841 00000000"),
            "ARP inverse who-is 18:41 tell 10.0.0.1",
        );
        claim(
            &format!("{header} 0009 1841 0a000002 0000 0a000001"),
            "ARP inverse reply 18:41 at 10.0.0.2",
        );
    }

    #[test]
    fn a_station_of_infiniband_has_a_long_address() {
        let (header, nobody) = ("0806 0020 0800 14 04", "00".repeat(20));
        let station = "80000048fe800000000000000002c90300000001";
        claim(
            &format!("{header} 0001 {station} 0a000001 {nobody} 0a000002"),
            "ARP who-has 10.0.0.2 tell 10.0.0.1",
        );
        claim(
            &format!("{header} 0002 {station} 0a000001 {nobody} 0a000002"),
            "ARP reply 10.0.0.1 is-at 80:00:00:48:fe:80:00:00:00:00:00:00:00:02:c9:03:00:00:00:01",
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
