//! Makes an event of a record: the frame as it was on the wire, and the time of day.
//!
//! All of a file is Ethernet, so a packet without a link header gets one: no addresses, and the EtherType of its
//! protocol. What no EtherType names is marked 0x88b5 (IEEE 802, local experimental).

use droprec_ebpf::record::{HAS_NETWORK_HEADER, HAS_VLAN, LINK_HEADER, Record};

use crate::source::clock::Clock;

/// Bytes of the two addresses that an Ethernet header begins with.
const ADDRESSES: usize = 12;
/// Bytes of an Ethernet header, and the fewest that tcpdump takes for a packet.
pub const ETHERNET_HEADER: usize = 14;
/// Bytes of a VLAN tag.
const TAG: u32 = 4;

/// `ETH_P_802_3` and `ETH_P_802_2` (`include/uapi/linux/if_ether.h`): the kernel's marks for a frame with a length field.
const ETH_P_802_3: u16 = 0x0001;
const ETH_P_802_2: u16 = 0x0004;
/// The smallest value of a type/length field that is a type (IEEE 802.3, 3.2.6).
const FIRST_TYPE: u16 = 0x0600;
/// The largest that is a length.
const LAST_LENGTH: u32 = 1500;
const EXPERIMENTAL: u16 = 0x88b5;
const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
const AF_INET: u16 = 2;
const AF_INET6: u16 = 10;

/// A drop, as far as its record tells.
#[derive(Debug)]
pub struct Event<'a> {
    /// What the kernel half read.
    pub record: Record,
    /// Nanoseconds since 1970 UTC.
    pub time: u64,
    /// The first bytes of the frame, from its destination address on; at least [`ETHERNET_HEADER`].
    pub frame: &'a [u8],
    /// The packet's true length in bytes, without a link header that it did not have.
    pub len: u32,
    /// The frame's link header is its own.
    pub has_link_header: bool,
    /// Its EtherType is one; if not, it stands for a protocol that has none.
    pub has_ether_type: bool,
}

impl Event<'_> {
    /// The length of the whole of what `frame` is the beginning of, in bytes.
    #[must_use]
    pub fn frame_len(&self) -> u32 {
        let made_up = if self.has_link_header {
            0
        } else {
            ETHERNET_HEADER as u32
        };
        self.len.saturating_add(made_up)
    }
}

/// Decodes one record after the other.
#[derive(Debug)]
pub struct Decoder {
    snaplen: usize,
    clock: Clock,
    /// A frame that is not in the record byte for byte.
    frame: Vec<u8>,
}

impl Decoder {
    /// `snaplen`: the longest frame to make, in bytes.
    #[must_use]
    pub fn new(snaplen: u32, clock: Clock) -> Self {
        Self {
            snaplen: (snaplen as usize).max(ETHERNET_HEADER),
            clock,
            frame: Vec::new(),
        }
    }

    /// Takes note of a clock that was set.
    pub fn look_at_the_clock(&mut self) {
        self.clock.refresh();
    }

    /// `None`: the item of the ring is shorter than it says, which no kernel half of this version makes.
    pub fn decode<'a>(&'a mut self, item: &'a [u8]) -> Option<Event<'a>> {
        let (record, bytes) = Record::parse(item)?;
        let time = self.clock.time_of_day(record.time);
        let tag = (record.flags & HAS_VLAN != 0).then(|| tag(&record));
        let has_link_header = record.flags & LINK_HEADER != 0 && bytes.len() >= ETHERNET_HEADER;
        if has_link_header && tag.is_none() {
            let frame = &bytes[..bytes.len().min(self.snaplen)];
            return Some(Event {
                record,
                time,
                frame,
                len: record.len,
                has_link_header,
                has_ether_type: true,
            });
        }
        self.frame.clear();
        let (addresses, rest) = if has_link_header {
            bytes.split_at(ADDRESSES)
        } else if record.flags & LINK_HEADER != 0 {
            // It has a link header that could not be read, so nothing is known of what comes after it.
            (&[0; ADDRESSES][..], &[][..])
        } else {
            (&[0; ADDRESSES][..], bytes)
        };
        let mut len = record.len;
        if record.flags & LINK_HEADER != 0 && !has_link_header {
            len = len.saturating_sub(ETHERNET_HEADER as u32);
        }
        let mut has_ether_type = true;
        self.frame.extend_from_slice(addresses);
        if let Some(tag) = tag {
            self.frame.extend_from_slice(&tag);
            len = len.saturating_add(TAG);
        }
        if !has_link_header {
            let ether_type = ether_type(&record, bytes);
            has_ether_type = ether_type.is_some();
            self.frame
                .extend_from_slice(&ether_type.unwrap_or(EXPERIMENTAL).to_be_bytes());
        }
        self.frame.extend_from_slice(rest);
        self.frame.truncate(self.snaplen);
        Some(Event {
            record,
            time,
            frame: &self.frame,
            len,
            has_link_header,
            has_ether_type,
        })
    }
}

/// The tag as it stood in the frame (IEEE 802.1Q, 9.3).
fn tag(record: &Record) -> [u8; TAG as usize] {
    let [p0, p1] = record.vlan_proto.to_be_bytes();
    let [t0, t1] = record.vlan_tci.to_be_bytes();
    [p0, p1, t0, t1]
}

/// The type/length field for a packet that has none. `None`: no EtherType names its protocol.
fn ether_type(record: &Record, packet: &[u8]) -> Option<u16> {
    match record.protocol {
        ETH_P_802_2 | ETH_P_802_3 => Some(record.len.min(LAST_LENGTH) as u16),
        // A packet of a socket has no protocol until IP sends it; its version tells all the same.
        0 if record.flags & HAS_NETWORK_HEADER != 0 => {
            match (record.family, packet.first().map(|first| first >> 4)) {
                (AF_INET | AF_INET6, Some(4)) => Some(IPV4),
                (AF_INET6, Some(6)) => Some(IPV6),
                _ => None,
            }
        }
        FIRST_TYPE.. => Some(record.protocol),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(record: Record, bytes: &[u8]) -> Vec<u8> {
        let record = Record {
            captured: bytes.len() as u32,
            ..record
        };
        let mut item = Vec::new();
        item.extend_from_slice(&record.time.to_ne_bytes());
        item.extend_from_slice(&record.location.to_ne_bytes());
        item.extend_from_slice(&record.netns_cookie.to_ne_bytes());
        for word in [
            record.reason,
            record.len,
            record.captured,
            record.netns,
            record.ifindex,
            record.iif,
        ] {
            item.extend_from_slice(&word.to_ne_bytes());
        }
        item.extend_from_slice(&record.name);
        for half in [
            record.protocol,
            record.device_type,
            record.vlan_proto,
            record.vlan_tci,
            record.queue,
            record.family,
            record.cpu,
            record.pkt_type,
            record.flags,
        ] {
            item.extend_from_slice(&half.to_ne_bytes());
        }
        item.extend_from_slice(&[0; 6]);
        item.extend_from_slice(bytes);
        item
    }

    fn decoder() -> Decoder {
        Decoder::new(512, Clock::with_offset(1_000))
    }

    const FRAME: &[u8] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x88, 0xb5, 42];

    #[test]
    fn a_frame_with_its_link_header_stays_as_it_is() {
        let record = Record {
            time: 5,
            len: 60,
            flags: LINK_HEADER,
            ..Record::default()
        };
        let mut decoder = decoder();
        let item = item(record, FRAME);
        let event = decoder.decode(&item).unwrap();
        assert_eq!(
            (event.time, event.frame, event.len, event.has_link_header),
            (1_005, FRAME, 60, true)
        );
    }

    #[test]
    fn a_tag_that_was_taken_out_is_put_back_behind_the_addresses() {
        let record = Record {
            len: 60,
            flags: LINK_HEADER | HAS_VLAN,
            vlan_proto: 0x88a8,
            vlan_tci: 0xa064,
            ..Record::default()
        };
        let mut decoder = decoder();
        let item = item(record, FRAME);
        let event = decoder.decode(&item).unwrap();
        assert_eq!(
            event.frame,
            [&FRAME[..12], &[0x88, 0xa8, 0xa0, 0x64], &FRAME[12..]].concat()
        );
        assert_eq!(event.len, 64);
    }

    #[test]
    fn a_packet_without_a_link_header_gets_one_of_its_protocol() {
        let record = Record {
            len: 20,
            protocol: IPV4,
            ..Record::default()
        };
        let mut decoder = decoder();
        let item = item(record, &[0x45, 0]);
        let event = decoder.decode(&item).unwrap();
        assert_eq!(event.frame, [&[0; 12][..], &[8, 0, 0x45, 0]].concat());
        assert_eq!(
            (event.len, event.frame_len(), event.has_link_header),
            (20, 34, false)
        );
    }

    #[test]
    fn a_pseudo_protocol_is_not_written_into_the_type_field() {
        let of = |protocol, family, first: u8| {
            ether_type(
                &Record {
                    protocol,
                    family,
                    len: 38,
                    flags: HAS_NETWORK_HEADER,
                    ..Record::default()
                },
                &[first],
            )
        };
        assert_eq!(ether_type(&Record::default(), &[0x45]), None);
        let without = Record {
            family: AF_INET,
            ..Record::default()
        };
        assert_eq!(ether_type(&without, &[0x45]), None);
        assert_eq!(of(0x000c, 0, 0), None);
        assert_eq!(of(0, 0, 0x45), None);
        assert_eq!(of(0, AF_INET, 0x45), Some(IPV4));
        assert_eq!(of(0, AF_INET6, 0x60), Some(IPV6));
        assert_eq!(of(ETH_P_802_2, 0, 0x42), Some(38));
    }

    #[test]
    fn no_frame_is_longer_than_the_snaplen_nor_shorter_than_a_header() {
        let mut decoder = Decoder::new(15, Clock::with_offset(0));
        let record = Record {
            len: 1500,
            protocol: IPV4,
            ..Record::default()
        };
        assert_eq!(
            decoder
                .decode(&item(record, &[0x45; 100]))
                .unwrap()
                .frame
                .len(),
            15
        );
        assert_eq!(
            decoder.decode(&item(record, &[])).unwrap().frame.len(),
            ETHERNET_HEADER
        );
    }

    #[test]
    fn a_link_header_that_could_not_be_read_is_not_taken_for_payload() {
        let record = Record {
            len: 60,
            protocol: IPV4,
            flags: LINK_HEADER,
            ..Record::default()
        };
        let mut decoder = decoder();
        let item = item(record, &[1, 2, 3]);
        let event = decoder.decode(&item).unwrap();
        assert_eq!(event.frame, [&[0; 12][..], &[8, 0]].concat());
        assert_eq!((event.frame_len(), event.has_link_header), (60, false));
    }

    #[test]
    fn a_record_cut_short_is_none() {
        let whole = item(
            Record {
                len: 60,
                ..Record::default()
            },
            FRAME,
        );
        for cut in 0..whole.len() {
            assert!(decoder().decode(&whole[..cut]).is_none());
        }
    }
}
