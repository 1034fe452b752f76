//! Reads the items of the ring, field by field from their bytes.

use crate::record::{DROP, MET, MODULE, Met, Notice, OWNED_DROP, Owner, Record};

/// An item of the ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// A drop.
    Drop {
        /// What the kernel half read of it.
        record: Record,
        /// The socket that it is of or for.
        owner: Option<Owner>,
        /// The captured bytes.
        bytes: &'a [u8],
    },
    /// A module was loaded.
    Module(Notice),
    /// The interface that the first drop of a kind was at.
    Met(Met),
}

/// Takes fixed-width integers off the front of an item.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    #[inline(always)]
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*field)
    }
    #[inline(always)]
    fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_ne_bytes)
    }
    #[inline(always)]
    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_ne_bytes)
    }
    #[inline(always)]
    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_ne_bytes)
    }

    fn notice(&mut self) -> Option<Notice> {
        Some(Notice {
            kind: self.u32()?,
            modules: self.u32()?,
            time: self.u64()?,
        })
    }

    fn met(&mut self) -> Option<Met> {
        Some(Met {
            kind: self.u32()?,
            netns: self.u32()?,
            netns_cookie: self.u64()?,
            name: self.take()?,
            ifindex: self.u32()?,
            reserved: self.u32()?,
        })
    }

    fn owner(&mut self) -> Option<Owner> {
        Some(Owner {
            kind: self.u32()?,
            uid: self.u32()?,
            inode: self.u64()?,
            destructor: self.u64()?,
            pid: self.u32()?,
            is_receiver: self.u32()?,
            comm: self.take()?,
        })
    }

    #[inline(always)]
    fn record(&mut self) -> Option<Record> {
        Some(Record {
            kind: self.u32()?,
            modules: self.u32()?,
            time: self.u64()?,
            location: self.u64()?,
            netns_cookie: self.u64()?,
            rest: self.u64()?,
            stack: self.u64()?,
            reason: self.u32()?,
            len: self.u32()?,
            captured: self.u32()?,
            data: self.u32()?.cast_signed(),
            netns: self.u32()?,
            ifindex: self.u32()?,
            iif: self.u32()?,
            mark: self.u32()?,
            priority: self.u32()?,
            hash: self.u32()?,
            name: self.take()?,
            protocol: self.u16()?,
            device_type: self.u16()?,
            vlan_proto: self.u16()?,
            vlan_tci: self.u16()?,
            inner_proto: self.u16()?,
            inner_tci: self.u16()?,
            queue: self.u16()?,
            family: self.u16()?,
            cpu: self.u16()?,
            pkt_type: self.u16()?,
            gso_size: self.u16()?,
            gso_segs: self.u16()?,
            csum: self.u16()?,
            flags: self.u16()?,
            reserved: [self.u16()?, self.u16()?],
        })
    }
}

impl<'a> Item<'a> {
    /// `None`: it is shorter than it says, or of an unknown kind.
    #[must_use]
    #[inline(always)]
    pub fn parse(item: &'a [u8]) -> Option<Self> {
        let mut fields = Fields(item);
        let owner = match u32::from_ne_bytes(*item.first_chunk()?) {
            MODULE => return fields.notice().map(Self::Module),
            MET => return fields.met().map(Self::Met),
            OWNED_DROP => Some(fields.owner()?),
            DROP => None,
            _ => return None,
        };
        // Of bytes whose number is known, none is asked for in vain.
        let (record, frame) = fields.0.split_first_chunk::<{ size_of::<Record>() }>()?;
        let record = Fields(record).record()?;
        // The ring pads an item to eight bytes; the record says where the frame ends.
        let bytes = frame.get(..record.captured as usize)?;
        Some(Self::Drop {
            record,
            owner,
            bytes,
        })
    }
}
