//! Makes an event of a record: the frame as it was on the wire, and the time of day.
//!
//! All of a file is Ethernet, so a packet without a link header gets one: no addresses, and the EtherType of its
//! protocol. What no EtherType names is marked 0x88b5 (IEEE 802, local experimental).

use droprec_ebpf::record::{
    HAS_INNER_VLAN, HAS_NETWORK_HEADER, HAS_VLAN, LINK_HEADER, Owner, Record,
};

use crate::source::{Raw, clock::Clock};

/// Bytes of the two addresses that an Ethernet header begins with.
const ADDRESSES: usize = 12;
/// Bytes of an Ethernet header, and the fewest that tcpdump takes for a packet.
pub const ETHERNET_HEADER: usize = 14;

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
    /// The socket that it is of or for.
    pub owner: Option<Owner>,
    /// Nanoseconds since 1970 UTC.
    pub time: u64,
    /// The first bytes of the frame, from its destination address on; at least [`ETHERNET_HEADER`].
    pub frame: &'a [u8],
    /// The packet's true length in bytes, without a link header that it did not have.
    pub len: u32,
    /// The frame's link header is its own.
    pub has_link_header: bool,
    /// There are fewer bytes of it than the snaplen asks for: the kernel half could not have more.
    pub is_partial: bool,
    /// Its EtherType is one; if not, it stands for a protocol that has none.
    pub has_ether_type: bool,
}

impl Event<'_> {
    /// The length of the whole of what `frame` is the beginning of, in bytes.
    #[must_use]
    pub fn frame_len(&self) -> u32 {
        self.len.saturating_add(self.made_up())
    }

    /// How many bytes of the packet, as `len` counts them, are in `frame`.
    #[must_use]
    pub fn captured(&self) -> u32 {
        (self.frame.len() as u32).saturating_sub(self.made_up())
    }

    /// Bytes of the link header that the packet did not have.
    fn made_up(&self) -> u32 {
        if self.has_link_header {
            0
        } else {
            ETHERNET_HEADER as u32
        }
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

    /// The event of what the kernel half has told.
    pub fn decode<'a>(&'a mut self, raw: &Raw<'a>) -> Event<'a> {
        let Raw { record, owner, .. } = *raw;
        let parts = parts(raw);
        let claims_link_header = record.flags & LINK_HEADER != 0;
        let has_link_header =
            claims_link_header && parts[0].len() + parts[1].len() >= ETHERNET_HEADER;
        let mut event = Event {
            record,
            owner,
            time: self.clock.time_of_day(record.time),
            frame: &[],
            len: record.len,
            has_link_header,
            has_ether_type: true,
            is_partial: false,
        };
        let tags = Tags::of(&record);
        let tags = tags.bytes();
        if has_link_header && tags.is_empty() && parts[1].is_empty() {
            event.frame = &parts[0][..parts[0].len().min(self.snaplen)];
            return measured(event, self.snaplen);
        }
        event.len = event.len.saturating_add(tags.len() as u32);
        self.frame.clear();
        if has_link_header {
            self.frame.extend_from_slice(parts[0]);
            self.frame.extend_from_slice(parts[1]);
            self.frame
                .splice(ADDRESSES..ADDRESSES, tags.iter().copied());
        } else {
            self.frame.extend_from_slice(&[0; ADDRESSES]);
            self.frame.extend_from_slice(tags);
            let first = parts[0].first().or(parts[1].first()).copied();
            let ether_type = ether_type(&record, first);
            event.has_ether_type = ether_type.is_some();
            let ether_type = ether_type.unwrap_or(EXPERIMENTAL);
            self.frame.extend_from_slice(&ether_type.to_be_bytes());
            if claims_link_header {
                // It has one that could not be read, so nothing is known of what comes after it.
                event.len = event.len.saturating_sub(ETHERNET_HEADER as u32);
            } else {
                self.frame.extend_from_slice(parts[0]);
                self.frame.extend_from_slice(parts[1]);
            }
        }
        self.frame.truncate(self.snaplen);
        event.frame = &self.frame;
        measured(event, self.snaplen)
    }
}

/// The event, whose frame and length are known.
fn measured(mut event: Event<'_>, snaplen: usize) -> Event<'_> {
    let whole = event.frame_len() as usize;
    event.is_partial = event.frame.len() < whole.min(snaplen);
    event
}

/// The bytes of the frame, in two pieces: those before `skb->data`, and those from there on.
fn parts<'a>(raw: &Raw<'a>) -> [&'a [u8]; 2] {
    let whole = [raw.bytes, &[]];
    let Some(rest) = raw.rest else {
        return whole;
    };
    let Ok(before) = usize::try_from(raw.record.data) else {
        // The frame begins behind `skb->data`.
        let skipped = raw.record.data.unsigned_abs() as usize;
        return rest.get(skipped..).map_or(whole, |rest| [rest, &[]]);
    };
    let Some(before) = raw.bytes.get(..before) else {
        return whole;
    };
    if before.len() + rest.len() < raw.bytes.len() {
        return whole;
    }
    [before, rest]
}

/// Two tags, of which so many bytes are meant.
struct Tags([u8; 8], usize);

impl Tags {
    /// As they stood in the frame (IEEE 802.1Q, 9.3), the outermost first.
    fn of(record: &Record) -> Self {
        let [p0, p1] = record.vlan_proto.to_be_bytes();
        let [t0, t1] = record.vlan_tci.to_be_bytes();
        let [q0, q1] = record.inner_proto.to_be_bytes();
        let [u0, u1] = record.inner_tci.to_be_bytes();
        let len = match record.flags & (HAS_VLAN | HAS_INNER_VLAN) {
            0 => 0,
            HAS_VLAN => 4,
            _ => 8,
        };
        Self([p0, p1, t0, t1, q0, q1, u0, u1], len)
    }

    fn bytes(&self) -> &[u8] {
        &self.0[..self.1]
    }
}

/// The type/length field for a packet that has none. `None`: no EtherType names its protocol. `first`: its first byte.
fn ether_type(record: &Record, first: Option<u8>) -> Option<u16> {
    let version = first.map(|first| first >> 4);
    match record.protocol {
        ETH_P_802_2 | ETH_P_802_3 => Some(record.len.min(LAST_LENGTH) as u16),
        // A packet of a socket has no protocol until IP sends it; its version tells all the same.
        0 if record.flags & HAS_NETWORK_HEADER != 0 => match (record.family, version) {
            (AF_INET | AF_INET6, Some(4)) => Some(IPV4),
            (AF_INET6, Some(6)) => Some(IPV6),
            _ => None,
        },
        // Tunnels cut the packet that an ICMP error is about out of it, take it to another interface, and keep the protocol
        // of what was around it (ip4ip6_err, ip6_err_gen_icmpv6_unreach).
        IPV4 if record.iif != record.ifindex && version == Some(6) => Some(IPV6),
        IPV6 if record.iif != record.ifindex && version == Some(4) => Some(IPV4),
        FIRST_TYPE.. => Some(record.protocol),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(record: Record, bytes: &[u8]) -> Raw<'_> {
        Raw {
            record,
            owner: None,
            bytes,
            rest: None,
        }
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
        let event = decoder.decode(&raw(record, FRAME));
        assert_eq!(
            (event.time, event.frame, event.len, event.has_link_header),
            (1_005, FRAME, 60, true)
        );
        assert_eq!(event.captured(), 15);
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
        let event = decoder.decode(&raw(record, FRAME));
        assert_eq!(
            event.frame,
            [&FRAME[..12], &[0x88, 0xa8, 0xa0, 0x64], &FRAME[12..]].concat()
        );
        assert_eq!(event.len, 64);
    }

    #[test]
    fn of_two_tags_that_were_taken_out_the_outer_one_comes_first() {
        let record = Record {
            len: 60,
            flags: LINK_HEADER | HAS_VLAN | HAS_INNER_VLAN,
            vlan_proto: 0x8100,
            vlan_tci: 0xe000,
            inner_proto: 0x88a8,
            inner_tci: 7,
            ..Record::default()
        };
        let mut decoder = decoder();
        let event = decoder.decode(&raw(record, FRAME));
        assert_eq!(event.frame[12..20], [0x81, 0, 0xe0, 0, 0x88, 0xa8, 0, 7]);
        assert_eq!((&event.frame[20..], event.len), (&FRAME[12..], 68));
    }

    #[test]
    fn the_rest_begins_where_the_data_of_the_skb_do() {
        let record = Record {
            len: 20,
            data: 14,
            flags: LINK_HEADER,
            ..Record::default()
        };
        let mut decoder = decoder();
        let event = decoder.decode(&Raw {
            rest: Some(&[42, 43, 44, 45, 46, 47]),
            ..raw(record, FRAME)
        });
        let whole = [&FRAME[..14], &[42, 43, 44, 45, 46, 47]].concat();
        assert_eq!(event.frame, whole);
        assert_eq!((event.captured(), event.len), (20, 20));

        let behind = Record {
            len: 4,
            data: -2,
            protocol: IPV4,
            ..Record::default()
        };
        let event = decoder.decode(&Raw {
            rest: Some(&[9, 9, 0x45, 1, 2, 3]),
            ..raw(behind, &[0x45])
        });
        assert_eq!(event.frame[12..], [8, 0, 0x45, 1, 2, 3]);
        assert_eq!((event.captured(), event.len), (4, 4));
    }

    #[test]
    fn a_packet_without_a_link_header_gets_one_of_its_protocol() {
        let record = Record {
            len: 20,
            protocol: IPV4,
            ..Record::default()
        };
        let mut decoder = decoder();
        let event = decoder.decode(&raw(record, &[0x45, 0]));
        assert_eq!(event.frame, [&[0; 12][..], &[8, 0, 0x45, 0]].concat());
        assert_eq!(
            (event.len, event.frame_len(), event.has_link_header),
            (20, 34, false)
        );
        assert_eq!(event.captured(), 2);
    }

    #[test]
    fn a_pseudo_protocol_is_not_written_into_the_type_field() {
        let of = |protocol, family, first: u8| {
            ether_type(
                &Record {
                    protocol,
                    family,
                    len: 38,
                    iif: 2,
                    ifindex: 3,
                    flags: HAS_NETWORK_HEADER,
                    ..Record::default()
                },
                Some(first),
            )
        };
        assert_eq!(ether_type(&Record::default(), Some(0x45)), None);
        let without = Record {
            family: AF_INET,
            ..Record::default()
        };
        assert_eq!(ether_type(&without, Some(0x45)), None);
        assert_eq!(of(0x000c, 0, 0), None);
        assert_eq!(of(0, 0, 0x45), None);
        assert_eq!(of(0, AF_INET, 0x45), Some(IPV4));
        assert_eq!(of(0, AF_INET6, 0x60), Some(IPV6));
        assert_eq!(of(IPV4, 0, 0x60), Some(IPV6));
        assert_eq!(of(IPV6, 0, 0x45), Some(IPV4));
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
        assert_eq!(decoder.decode(&raw(record, &[0x45; 100])).frame.len(), 15);
        assert_eq!(
            decoder.decode(&raw(record, &[])).frame.len(),
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
        let event = decoder.decode(&raw(record, &[1, 2, 3]));
        assert_eq!(event.frame, [&[0; 12][..], &[8, 0]].concat());
        assert_eq!((event.frame_len(), event.has_link_header), (60, false));
    }
}
