//! Classic capture files (draft-ietf-opsawg-pcap): one interface, whose packets follow each other.

use std::io::Read;

use super::{
    Comments, Damage, Fault, Interface, Packet,
    fields::{ByteOrder, Fields, Manner},
    frame::check_whole,
    window::Window,
};
use crate::limits::{MAX_CAPLEN, MAX_READ_LEN};

/// The bytes that a file begins with.
const FILE_HEADER: u32 = 24;
/// In the header's last field: what the packets begin with. The bits above it tell of frame check sequences.
const LINK_TYPE: u32 = 0x03FF_FFFF;
/// The last minor version whose writers did not agree on which of a packet's two lengths comes first.
const EITHER_LENGTH_FIRST: u16 = 3;

/// What the first four bytes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Variant {
    pub(super) manner: Manner,
    /// Nanoseconds in what the second half of a time counts.
    unit: u64,
    /// The bytes before each packet.
    record_header: u32,
    /// Which of the lengths comes first is not known: the shorter one is how many bytes are there.
    is_either_first: bool,
    /// The most bytes of a packet.
    most: u32,
}

impl Variant {
    /// `None`: this is another kind of file.
    ///
    /// The numbers are those of libpcap 1.10 (`sf-pcap.c`): microseconds, nanoseconds, and Alexey Kuznetzov's patched
    /// libpcap, which has eight bytes more before each packet.
    pub(super) fn of(magic: [u8; 4], is_strict: bool) -> Option<Self> {
        let known = |magic| match magic {
            0xA1B2_C3D4 => Some((1000, 16)),
            0xA1B2_3C4D => Some((1, 16)),
            0xA1B2_CD34 => Some((1000, 24)),
            _ => None,
        };
        let orders = [
            (ByteOrder::Little, u32::from_le_bytes(magic)),
            (ByteOrder::Big, u32::from_be_bytes(magic)),
        ];
        orders.into_iter().find_map(|(order, magic)| {
            let (unit, record_header) = known(magic)?;
            Some(Self {
                manner: Manner { order, is_strict },
                unit,
                record_header,
                is_either_first: false,
                most: MAX_READ_LEN,
            })
        })
    }

    /// The length of the file's header, which is in the window then.
    pub(super) fn measure_header<R: Read>(&mut self, window: &mut Window<R>) -> Result<u32, Fault> {
        window.fill(FILE_HEADER as usize)?;
        check_whole(window, FILE_HEADER)?;
        let mut fields = Fields::new(window.bytes(), self.manner);
        let _magic_and_major = fields.take(6)?;
        self.is_either_first = fields.u16()? <= EITHER_LENGTH_FIRST;
        let _time_zone_and_accuracy = fields.take(8)?;
        // Not every writer cuts at the snaplen that it says.
        self.most = fields.u32()?.clamp(MAX_CAPLEN, MAX_READ_LEN);
        Ok(FILE_HEADER)
    }

    /// The one interface, from the file's header.
    pub(super) fn interface(self, header: &[u8]) -> Result<Interface<'static>, Damage> {
        let mut fields = Fields::new(header, self.manner);
        let _magic = fields.u32()?;
        let (major, minor) = (fields.u16()?, fields.u16()?);
        if major != 2 {
            return Err(Damage::Version { major, minor });
        }
        let _time_zone_and_accuracy = fields.take(8)?;
        Ok(Interface {
            snaplen: fields.u32()?,
            link_type: fields.u32()? & LINK_TYPE,
            ..Interface::default()
        })
    }

    /// The length of the record that comes next, which is in the window then; `None` where the stream ends.
    pub(super) fn measure<R: Read>(self, window: &mut Window<R>) -> Result<Option<u32>, Fault> {
        window.fill(self.record_header as usize)?;
        if window.bytes().is_empty() {
            return Ok(None);
        }
        check_whole(window, self.record_header)?;
        let len = self.length(window.bytes())?;
        window.fill(len as usize)?;
        check_whole(window, len)?;
        Ok(Some(len))
    }

    /// What a record says of its length.
    pub(super) fn length(self, header: &[u8]) -> Result<u32, Damage> {
        let mut fields = Fields::new(header, self.manner);
        let _time = fields.take(8)?;
        let (caplen, _) = self.lengths(&mut fields)?;
        let most = self.most;
        if caplen > most {
            return Err(Damage::Caplen { caplen, most });
        }
        Ok(self.record_header + caplen)
    }

    /// How many bytes of a packet are there, and how many it had.
    fn lengths(self, fields: &mut Fields<'_>) -> Result<(u32, u32), Damage> {
        let (first, second) = (fields.u32()?, fields.u32()?);
        if self.is_either_first && first > second {
            return Ok((second, first));
        }
        Ok((first, second))
    }

    /// The record that has been measured.
    pub(super) fn packet(self, record: &[u8]) -> Result<Packet<'_>, Damage> {
        let mut fields = Fields::new(record, self.manner);
        let (seconds, parts) = (fields.u32()?, fields.u32()?);
        let (caplen, original_len) = self.lengths(&mut fields)?;
        if fields.is_strict() && original_len < caplen {
            return Err(Damage::OriginalLen {
                caplen,
                original_len,
            });
        }
        Ok(Packet {
            timestamp: Some(u64::from(seconds) * 1_000_000_000 + u64::from(parts) * self.unit),
            original_len,
            data: &record[self.record_header as usize..],
            comments: Comments::default(),
            ..Packet::default()
        })
    }
}
