//! How a packet is framed in a file: its link type, and the link header that this asks for.
//!
//! An event's frame begins with an Ethernet header, which may be made up. For the other link types it is taken off again:
//! 14 bytes. A VLAN tag that was put back stands behind them, as a payload whose protocol is the tag's type.

use clap::ValueEnum;
use droprec_ebpf::{
    header::ETHERNET_HEADER,
    record::{HAS_PKT_TYPE, HAS_VLAN, OUTGOING, Record},
};
use droprec_pcapng::link_type;

use crate::decode::Event;

/// Bytes of an SLL2 header.
const SLL2_HEADER: usize = 20;
/// `PACKET_HOST` and `PACKET_OUTGOING` (`include/uapi/linux/if_packet.h`); SLL2 has the values from one to the other.
const PACKET_HOST: u8 = 0;
const PACKET_OUTGOING: u8 = 4;
/// `ETH_P_802_3` and `ETH_P_802_2` (`include/uapi/linux/if_ether.h`): frames with a length field, of Novell and of LLC.
const ETH_P_802_3: u16 = 0x0001;
const ETH_P_802_2: u16 = 0x0004;
/// The smallest value of a type/length field that is a type (IEEE 802.3, 3.2.6).
const FIRST_TYPE: u16 = 0x0600;
const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
/// Where the source address stands in an Ethernet header, and the type.
const SOURCE: std::ops::Range<usize> = 6..12;
const TYPE: usize = 12;

/// What all packets of a file are framed as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Framing {
    /// Ethernet for all packets; one that had no link header gets one. Every program reads it
    #[default]
    Ethernet,
    /// Each packet as what it was: Ethernet, bare IP, or SLL2. For Wireshark alone: libpcap, and so tcpdump, takes one link
    /// type a file
    Native,
    /// Linux cooked capture version 2 for all packets, as tcpdump -i any has it: no header is made up, and the destination
    /// address is left out. For libpcap 1.10 or later
    Sll2,
}

/// A packet as it stands in a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Framed<'a> {
    /// What it begins with, a number of [`link_type`].
    pub link_type: u16,
    /// The length of the whole of what it is the beginning of, in bytes.
    pub len: u32,
    /// A header that is not among the bytes of the event.
    header: Option<[u8; SLL2_HEADER]>,
    /// The bytes behind it.
    rest: &'a [u8],
}

impl Framing {
    /// The link type of a file without packets.
    #[must_use]
    pub fn usual(self) -> u16 {
        match self {
            Self::Ethernet | Self::Native => link_type::ETHERNET,
            Self::Sll2 => link_type::LINUX_SLL2,
        }
    }

    /// The link types that a file may have, the usual one first.
    #[must_use]
    pub fn link_types(self) -> &'static [u32] {
        const ETHERNET: u32 = link_type::ETHERNET as u32;
        const RAW: u32 = link_type::RAW as u32;
        const SLL2: u32 = link_type::LINUX_SLL2 as u32;
        match self {
            Self::Ethernet => &[ETHERNET],
            Self::Native => &[ETHERNET, RAW, SLL2],
            Self::Sll2 => &[SLL2],
        }
    }

    /// Bytes that a frame may have more than the event's.
    #[must_use]
    pub fn growth(self) -> u32 {
        match self {
            Self::Ethernet => 0,
            Self::Native | Self::Sll2 => (SLL2_HEADER - ETHERNET_HEADER) as u32,
        }
    }

    /// What the file gives a packet that had no link header, as the key `l2` says it.
    #[must_use]
    pub fn without_link_header(self) -> &'static str {
        match self {
            Self::Ethernet => "synth",
            Self::Native | Self::Sll2 => "none",
        }
    }

    /// Frames a packet.
    #[must_use]
    #[inline(always)]
    pub fn frame<'a>(self, event: &Event<'a>) -> Framed<'a> {
        match self {
            Self::Ethernet => ethernet(event),
            Self::Native if event.has_link_header => ethernet(event),
            Self::Native if is_ip(event.frame) => raw(event),
            Self::Native | Self::Sll2 => sll2(event),
        }
    }
}

impl Framed<'_> {
    /// The bytes, piece by piece.
    #[must_use]
    pub fn pieces(&self) -> [&[u8]; 2] {
        let header = self.header.as_ref().map_or(&[][..], |header| &header[..]);
        [header, self.rest]
    }
}

fn ethernet<'a>(event: &Event<'a>) -> Framed<'a> {
    Framed {
        link_type: link_type::ETHERNET,
        len: event.frame_len(),
        header: None,
        rest: event.frame,
    }
}

fn raw<'a>(event: &Event<'a>) -> Framed<'a> {
    Framed {
        link_type: link_type::RAW,
        len: behind_ethernet(event),
        header: None,
        rest: &event.frame[ETHERNET_HEADER..],
    }
}

fn sll2<'a>(event: &Event<'a>) -> Framed<'a> {
    Framed {
        link_type: link_type::LINUX_SLL2,
        len: behind_ethernet(event).saturating_add(SLL2_HEADER as u32),
        header: Some(sll2_header(event)),
        rest: &event.frame[ETHERNET_HEADER..],
    }
}

/// Length in bytes of all that is behind the Ethernet header.
fn behind_ethernet(event: &Event<'_>) -> u32 {
    event.frame_len().saturating_sub(ETHERNET_HEADER as u32)
}

/// Whether nothing but an IP packet is behind the Ethernet header. Its version must say so too: a reader of bare IP has
/// nothing else to go by.
fn is_ip(frame: &[u8]) -> bool {
    let version = frame.get(ETHERNET_HEADER).map(|first| first >> 4);
    matches!(
        (type_field(frame), version),
        (IPV4, Some(4)) | (IPV6, Some(6))
    )
}

fn type_field(frame: &[u8]) -> u16 {
    u16::from_be_bytes([frame[TYPE], frame[TYPE + 1]])
}

/// What SLL2 says in place of a link header, in network byte order
/// (<https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html>).
fn sll2_header(event: &Event<'_>) -> [u8; SLL2_HEADER] {
    let record = event.record;
    let mut header = [0; SLL2_HEADER];
    header[..2].copy_from_slice(&protocol(event).to_be_bytes());
    header[4..8].copy_from_slice(&record.ifindex.to_be_bytes());
    // Without a device it is 0xffff in the record, which is `ARPHRD_VOID` (`include/uapi/linux/if_arp.h`): nothing is known.
    header[8..10].copy_from_slice(&record.device_type.to_be_bytes());
    header[10] = packet_type(record);
    if event.has_link_header {
        let source = &event.frame[SOURCE];
        header[11] = source.len() as u8;
        header[12..12 + source.len()].copy_from_slice(source);
    }
    header
}

/// The `EtherType`, or the kernel's mark for what has none; for a frame with a length field as `eth_type_trans`
/// (`net/ethernet/eth.c`) marks it.
fn protocol(event: &Event<'_>) -> u16 {
    let type_field = type_field(event.frame);
    // In a tagged frame the first type is the tag's, whatever comes after it.
    let is_type_told = event.has_ether_type || event.record.flags & HAS_VLAN != 0;
    match type_field {
        _ if !is_type_told => event.record.protocol,
        FIRST_TYPE.. => type_field,
        _ if event.frame[ETHERNET_HEADER..].starts_with(&[0xff, 0xff]) => ETH_P_802_3,
        _ => ETH_P_802_2,
    }
}

/// Whom it was for, or that it was sent. A packet of which neither is known is for this host, as one is that the kernel has
/// just made; so is one of a type that SLL2 has no number for.
fn packet_type(record: &Record) -> u8 {
    if record.flags & OUTGOING != 0 {
        return PACKET_OUTGOING;
    }
    match u8::try_from(record.pkt_type) {
        Ok(told @ PACKET_HOST..=PACKET_OUTGOING) if record.flags & HAS_PKT_TYPE != 0 => told,
        _ => PACKET_HOST,
    }
}

#[cfg(test)]
mod tests {
    use droprec_ebpf::record::{INCOMING, NO_HEADER};

    use super::*;

    const DESTINATION: [u8; 6] = [2, 0, 0, 0, 0, 2];
    const SENDER: [u8; 6] = [2, 0, 0, 0, 0, 1];
    const PACKET: [u8; 4] = [0x45, 0, 0, 20];

    /// A record of an Ethernet device.
    fn record() -> Record {
        Record {
            ifindex: 0x0102_0304,
            device_type: 1,
            protocol: IPV4,
            flags: INCOMING | HAS_PKT_TYPE,
            ..Record::default()
        }
    }

    /// A frame with a link header of its own, of 1000 bytes.
    fn event<'a>(record: &'a Record, frame: &'a [u8]) -> Event<'a> {
        Event {
            record,
            owner: None,
            time: 0,
            frame,
            len: 1000,
            has_link_header: true,
            is_partial: false,
            has_ether_type: true,
        }
    }

    /// The same without one; what the frame begins with is made up.
    fn bare<'a>(record: &'a Record, frame: &'a [u8]) -> Event<'a> {
        Event {
            has_link_header: false,
            ..event(record, frame)
        }
    }

    fn own(type_field: u16, payload: &[u8]) -> Vec<u8> {
        [
            &DESTINATION[..],
            &SENDER,
            &type_field.to_be_bytes(),
            payload,
        ]
        .concat()
    }

    fn made_up(type_field: u16, payload: &[u8]) -> Vec<u8> {
        [&[0; 12][..], &type_field.to_be_bytes(), payload].concat()
    }

    /// The protocol that SLL2 gives it, with what comes behind the header.
    fn cooked(event: &Event<'_>) -> (u16, Vec<u8>) {
        let framed = Framing::Sll2.frame(event);
        let [header, rest] = framed.pieces();
        (u16::from_be_bytes([header[0], header[1]]), rest.to_vec())
    }

    #[test]
    fn an_sll2_header_is_as_the_specification_has_it() {
        let frame = own(IPV4, &PACKET);
        let record = record();
        let framed = Framing::Sll2.frame(&event(&record, &frame));
        let header: &[u8] = b"\x08\0\0\0\x01\x02\x03\x04\0\x01\0\x06\x02\0\0\0\0\x01\0\0";
        assert_eq!(framed.pieces(), [header, &PACKET]);
        assert_eq!((framed.link_type, framed.len), (276, 1006));
    }

    #[test]
    fn a_packet_without_a_link_header_has_no_address_in_sll2_and_its_own_length() {
        let frame = made_up(IPV4, &PACKET);
        let nowhere = Record {
            ifindex: 0,
            device_type: NO_HEADER,
            flags: OUTGOING,
            ..record()
        };
        let framed = Framing::Sll2.frame(&bare(&nowhere, &frame));
        let header: &[u8] = b"\x08\0\0\0\0\0\0\0\xff\xff\x04\0\0\0\0\0\0\0\0\0";
        assert_eq!(framed.pieces(), [header, &PACKET]);
        assert_eq!(framed.len, 1020);
    }

    #[test]
    fn the_payload_of_a_tagged_frame_begins_with_its_tag() {
        let tagged = [&[0x20, 0x2a, 0x08, 0][..], &PACKET].concat();
        let frame = own(0x8100, &tagged);
        assert_eq!(cooked(&event(&record(), &frame)), (0x8100, tagged.clone()));
        // Put back in front of a packet that no EtherType names.
        let record = Record {
            flags: HAS_VLAN,
            protocol: 0x000c,
            ..record()
        };
        let frame = made_up(0x88a8, &tagged);
        let event = Event {
            has_ether_type: false,
            ..bare(&record, &frame)
        };
        assert_eq!(cooked(&event), (0x88a8, tagged));
    }

    #[test]
    fn a_frame_with_a_length_field_is_llc_or_novells() {
        let (llc, novell) = ([0x42, 0x42, 3], [0xff, 0xff, 0]);
        for (frame, protocol, payload) in [
            (own(3, &llc), 0x0004, llc),
            (own(0x05ff, &llc), 0x0004, llc),
            (made_up(3, &llc), 0x0004, llc),
            (own(3, &novell), 0x0001, novell),
        ] {
            let had = cooked(&event(&record(), &frame));
            assert_eq!(had, (protocol, payload.to_vec()), "{frame:x?}");
        }
    }

    #[test]
    fn what_no_ethertype_names_keeps_the_mark_that_the_kernel_gave_it() {
        let record = Record {
            protocol: 0x000c,
            device_type: 280,
            ..record()
        };
        let frame = made_up(0x88b5, &PACKET);
        let event = Event {
            has_ether_type: false,
            ..bare(&record, &frame)
        };
        assert_eq!(cooked(&event), (0x000c, PACKET.to_vec()));
        assert_eq!(Framing::Native.frame(&event), Framing::Sll2.frame(&event));
    }

    #[test]
    fn the_packet_type_is_what_the_kernel_says_and_a_sent_one_is_outgoing() {
        let of = |flags, pkt_type| {
            packet_type(&Record {
                flags,
                pkt_type,
                ..Record::default()
            })
        };
        for told in 0..=4 {
            assert_eq!(u16::from(of(INCOMING | HAS_PKT_TYPE, told)), told);
            assert_eq!(of(OUTGOING | HAS_PKT_TYPE, told), 4);
        }
        assert_eq!(of(OUTGOING, 0), 4);
        // Not read, and PACKET_LOOPBACK, which SLL2 does not know.
        assert_eq!(of(INCOMING, 3), 0);
        assert_eq!(of(INCOMING | HAS_PKT_TYPE, 5), 0);
    }

    #[test]
    fn natively_a_frame_is_ethernet_where_its_link_header_is_its_own() {
        let frame = own(IPV4, &PACKET);
        let record = record();
        let event = event(&record, &frame);
        let framed = Framing::Native.frame(&event);
        assert_eq!(framed.pieces(), [&[][..], &frame]);
        assert_eq!((framed.link_type, framed.len), (1, 1000));
        assert_eq!(framed, Framing::Ethernet.frame(&event));
    }

    #[test]
    fn natively_an_ip_packet_without_a_link_header_is_bare() {
        for (type_field, first) in [(IPV4, 0x45), (IPV6, 0x60)] {
            let frame = made_up(type_field, &[first, 0]);
            let record = record();
            let framed = Framing::Native.frame(&bare(&record, &frame));
            assert_eq!(framed.pieces(), [&[][..], &[first, 0]]);
            assert_eq!((framed.link_type, framed.len), (101, 1000));
        }
    }

    #[test]
    fn natively_what_a_reader_of_bare_ip_could_not_tell_is_sll2() {
        let tagged = made_up(0x8100, &[0, 42, 8, 0, 0x45]);
        for frame in [
            made_up(IPV4, &[0x60]),
            made_up(IPV6, &[0x45]),
            made_up(IPV4, &[]),
            made_up(0x0806, &[0]),
            tagged,
        ] {
            let record = record();
            let event = bare(&record, &frame);
            let framed = Framing::Native.frame(&event);
            assert_eq!(framed.link_type, 276, "{frame:x?}");
            assert_eq!(framed, Framing::Sll2.frame(&event));
        }
    }

    #[test]
    fn the_default_frames_everything_as_the_event_has_it() {
        let frame = made_up(IPV4, &PACKET);
        let record = record();
        let framed = Framing::default().frame(&bare(&record, &frame));
        assert_eq!(framed.pieces(), [&[][..], &frame]);
        assert_eq!((framed.link_type, framed.len), (1, 1014));
    }
}
