//! Items of the ring, as the kernel half writes them.

use droprec_ebpf::record::{
    DROP, HAS_CSUM, HAS_NETWORK_HEADER, HAS_PKT_TYPE, HAS_REASON, INCOMING, LINK_HEADER, Record,
};

/// Where its frame was dropped.
const LOCATION: u64 = 0xffff_ffff_8100_0144;

/// An item of which the captured bytes are these: a frame of `len` bytes, with its link header, that `eth0` has received and
/// dropped at this time, in nanoseconds of `CLOCK_BOOTTIME`.
#[must_use]
pub fn item(captured: &[u8], len: u32, time: u64) -> Vec<u8> {
    let ethertype = captured.get(12..14).and_then(<[u8]>::first_chunk);
    let protocol = ethertype.copied().map_or(0, u16::from_be_bytes);
    let mut record = Record {
        kind: DROP,
        time,
        location: LOCATION,
        netns_cookie: 7,
        reason: 2,
        len,
        captured: captured.len() as u32,
        data: 14,
        netns: 0xf000_0001,
        ifindex: 2,
        iif: 2,
        protocol,
        device_type: 1,
        queue: 1,
        flags: LINK_HEADER | INCOMING | HAS_REASON | HAS_PKT_TYPE | HAS_NETWORK_HEADER | HAS_CSUM,
        ..Record::default()
    };
    record.name[..4].copy_from_slice(b"eth0");
    // SAFETY: a record has no padding, and any of its bytes are initialized.
    let bytes = unsafe {
        std::slice::from_raw_parts((&raw const record).cast::<u8>(), size_of::<Record>())
    };
    [bytes, captured].concat()
}
