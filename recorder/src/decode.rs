//! Makes an event of a record: the frame as it was on the wire, and the time of day.
//!
//! All of a file is Ethernet, so a packet without a link header gets one: no addresses, and the EtherType of its
//! protocol. What no EtherType names is marked 0x88b5 (IEEE 802, local experimental).

use droprec_ebpf::{
    header::{ADDRESSES, ETHERNET_HEADER, EXPERIMENTAL, ether_type, tags, tags_len},
    record::{JUDGED, LINK_HEADER, Owner, Record, UNJUDGED},
};

use crate::source::{Raw, clock::Clock};

/// A drop, as far as its record tells.
#[derive(Debug)]
pub struct Event<'a> {
    /// What the kernel half read.
    pub record: &'a Record,
    /// The socket that it is of or for.
    pub owner: Option<&'a Owner>,
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

    /// The event, whose length is known, with so many bytes of its frame at most.
    #[must_use]
    #[inline]
    pub fn cut(mut self, snaplen: usize) -> Self {
        let whole = self.frame_len() as usize;
        self.frame = &self.frame[..self.frame.len().min(snaplen)];
        self.is_partial = self.frame.len() < whole.min(snaplen);
        self
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

    /// The longest frame, in bytes.
    #[must_use]
    pub fn snaplen(&self) -> usize {
        self.snaplen
    }

    /// The event of what the kernel half has told. Of what is yet to be judged, the frame may be longer than the snaplen.
    pub fn decode<'a>(&'a mut self, raw: &Raw<'a>) -> Event<'a> {
        let Raw { record, owner, .. } = *raw;
        let snaplen = match record.flags & UNJUDGED {
            0 => self.snaplen,
            _ => self.snaplen.max(JUDGED as usize),
        };
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
        let tags = &tags(record)[..tags_len(record)];
        if has_link_header && tags.is_empty() && parts[1].is_empty() {
            event.frame = parts[0];
            return event.cut(snaplen);
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
            let ether_type = ether_type(record, first);
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
        event.frame = &self.frame;
        event.cut(snaplen)
    }
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

#[cfg(test)]
mod tests {
    use droprec_ebpf::record::{HAS_INNER_VLAN, HAS_VLAN};

    use super::*;

    const IPV4: u16 = 0x0800;

    fn raw<'a>(record: &'a Record, bytes: &'a [u8]) -> Raw<'a> {
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
        let event = decoder.decode(&raw(&record, FRAME));
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
        let event = decoder.decode(&raw(&record, FRAME));
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
        let event = decoder.decode(&raw(&record, FRAME));
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
            ..raw(&record, FRAME)
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
            ..raw(&behind, &[0x45])
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
        let event = decoder.decode(&raw(&record, &[0x45, 0]));
        assert_eq!(event.frame, [&[0; 12][..], &[8, 0, 0x45, 0]].concat());
        assert_eq!(
            (event.len, event.frame_len(), event.has_link_header),
            (20, 34, false)
        );
        assert_eq!(event.captured(), 2);
    }

    #[test]
    fn no_frame_is_longer_than_the_snaplen_nor_shorter_than_a_header() {
        let mut decoder = Decoder::new(15, Clock::with_offset(0));
        let record = Record {
            len: 1500,
            protocol: IPV4,
            ..Record::default()
        };
        assert_eq!(decoder.decode(&raw(&record, &[0x45; 100])).frame.len(), 15);
        assert_eq!(
            decoder.decode(&raw(&record, &[])).frame.len(),
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
        let event = decoder.decode(&raw(&record, &[1, 2, 3]));
        assert_eq!(event.frame, [&[0; 12][..], &[8, 0]].concat());
        assert_eq!((event.frame_len(), event.has_link_header), (60, false));
    }
}
