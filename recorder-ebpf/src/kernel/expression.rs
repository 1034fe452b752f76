//! Whether the expression wants a drop: makes the beginning of its frame as a file would have it, and runs the expression's
//! program on that.
//!
//! The program is not written here: the user half translates what libpcap makes of the expression, and puts it into the slot
//! below. Where it asks for a byte that is not in the skb's linear part, the drop is recorded, and the user half judges.

use core::{
    arch::asm,
    ptr::{read_volatile, write_volatile},
};

use aya_ebpf::helpers::generated::bpf_jiffies64;
use droprec_ebpf::{
    expression::{MARK, NO, SLOT, UNKNOWN, WORDS},
    header::{ADDRESSES, ETHERNET_HEADER, EXPERIMENTAL, TAG, ether_type, tags, tags_len},
    record::{LINK_HEADER, MAX_CAPTURE, Record, UNJUDGED},
};

use super::{
    bytes::{Bytes, copy},
    config::config,
    skb::{Object, at, probe},
    vlan,
};

/// Devices whose link header is Ethernet's (`include/uapi/linux/if_arp.h`).
const ARPHRD_ETHER: u16 = 1;
const ARPHRD_LOOPBACK: u16 = 772;
/// Most bytes that a file puts before a packet.
const MOST_ADDED: u32 = (ETHERNET_HEADER + 2 * TAG) as u32;
/// Bytes of the longest frame that is made here.
type Frame = [u8; MAX_CAPTURE as usize];
/// The scratch memory of an expression's program.
type Memory = [u32; WORDS];

/// What an expression is asked with.
#[repr(C)]
pub(crate) struct Asked {
    memory: Memory,
    answer: u32,
    /// Index and type of the device that was asked for last, and when that was, in ticks of the kernel's clock.
    ifindex: u32,
    dev: u64,
    jiffies: u64,
    device_type: u16,
    padding: [u16; 3],
}

impl Asked {
    /// What was answered. Volatile, so that it comes from where the verifier does not look: it would follow all that comes
    /// later with each answer.
    #[inline(always)]
    fn answer(&self) -> u32 {
        // SAFETY: a member of what is there.
        unsafe { read_volatile(&raw const self.answer) }
    }

    /// See [`Asked::answer`].
    #[inline(always)]
    fn put(&mut self, answer: u32) {
        // SAFETY: as above.
        unsafe { write_volatile(&raw mut self.answer, answer) };
    }

    /// `net_device.type` and `ifindex`. No device changes its type, and within a tick none is freed and another one made in its
    /// place, nor is one given another index and then a packet.
    #[inline(always)]
    fn device(&mut self, dev: u64) -> (u16, u32) {
        // SAFETY: a helper without arguments, which the kernel replaces by a load.
        let now = unsafe { bpf_jiffies64() };
        if self.dev != dev || self.jiffies != now {
            self.device_type = probe(dev, config(|c| &c.dev_type));
            self.ifindex = probe(dev, config(|c| &c.dev_ifindex));
            self.dev = dev;
            self.jiffies = now;
        }
        (self.device_type, self.ifindex)
    }
}

/// Whether the expression refuses a frame that came in, by what is quickly at hand of most: before all else is read of the drop.
/// What was in `frame` is lost.
#[inline(always)]
pub(crate) fn refuses(
    skb: Object,
    record: &mut Record,
    frame: &mut Frame,
    asked: &mut Asked,
) -> bool {
    asked.put(UNKNOWN);
    if let Some(start) = start(skb, asked) {
        let tail: u32 = skb.get(at!(skb_tail));
        let head: u64 = skb.get(at!(skb_head));
        let data: u64 = skb.get(at!(skb_data));
        let len: u32 = skb.get(at!(skb_len));
        let flags = record.flags;
        record.flags = LINK_HEADER;
        record.len = len.wrapping_add((data.wrapping_sub(head) as u32).wrapping_sub(start));
        let bytes = Bytes {
            start: head + u64::from(start),
            linear: tail - start,
        };
        if let Some(extent) = make(record, &bytes, frame) {
            let answer = ask(frame, &extent, &mut asked.memory);
            asked.put(answer);
        }
        record.flags = flags;
    }
    asked.answer() == NO
}

/// Where the link header is, in bytes from `skb->head`, of a frame that is where it came in, with all of that header and no tag
/// beside it: one whose beginning [`droprec_ebpf::frame::Headers::locate`] would find there too.
#[inline(always)]
fn start(skb: Object, asked: &mut Asked) -> Option<u32> {
    let iif: u32 = skb.get(at!(skb_iif));
    let dev: u64 = skb.get(at!(skb_dev));
    let mac: u16 = skb.get(at!(skb_mac_header));
    let network: u16 = skb.get(at!(skb_network_header));
    let tail: u32 = skb.get(at!(skb_tail));
    let head: u64 = skb.get(at!(skb_head));
    let data: u64 = skb.get(at!(skb_data));
    let (start, data) = (u32::from(mac), data.wrapping_sub(head) as u32);
    let is_behind = mac < network && network - mac == ETHERNET_HEADER as u16;
    if iif == 0 || !is_behind || u32::from(network) > tail || start > data {
        return None;
    }
    // Whatever else may lie where `skb->dev` was (`device::read`), it does not look like the device that the frame came in by.
    let (device_type, ifindex) = asked.device(dev);
    let is_ethernet = device_type == ARPHRD_ETHER || device_type == ARPHRD_LOOPBACK;
    if ifindex == iif && is_ethernet && !vlan::may_be_tagged(skb) {
        return Some(start);
    }
    None
}

/// Whether a drop is wanted, or may be. What was in `frame` is lost.
#[inline(always)]
pub(crate) fn wants(
    record: &mut Record,
    bytes: &Bytes,
    frame: &mut Frame,
    asked: &mut Asked,
) -> bool {
    if config(|c| &c.expression) == 0 {
        return true;
    }
    if asked.answer() == UNKNOWN {
        judge(record, bytes, frame, asked);
        if asked.answer() == UNKNOWN {
            record.flags |= UNJUDGED;
        }
    }
    asked.answer() != NO
}

/// Asks of a frame that [`refuses`] could not tell of.
#[inline(never)]
fn judge(record: &Record, bytes: &Bytes, frame: &mut Frame, asked: &mut Asked) {
    if let Some(extent) = make(record, bytes, frame) {
        let answer = ask(frame, &extent, &mut asked.memory);
        asked.put(answer);
    }
}

/// How much of a frame there is, in bytes.
struct Extent {
    /// At hand.
    there: u32,
    /// In a file.
    caplen: u32,
    /// On the wire, with what is made up.
    len: u32,
}

/// Makes as much of the frame as the program may ask for. `None`: it depends on bytes that are not at hand.
#[inline(always)]
fn make(record: &Record, bytes: &Bytes, frame: &mut Frame) -> Option<Extent> {
    let linear = bytes.linear.min(record.len);
    let tags_len = tags_len(record) as u32;
    // What of the packet is copied in one piece: from where on, and to where.
    let (from, to, added);
    if record.flags & LINK_HEADER == 0 {
        from = 0;
        to = ETHERNET_HEADER as u32 + tags_len;
        added = to;
        if linear == 0 && record.len > 0 {
            return None;
        }
    } else {
        from = if tags_len == 0 { 0 } else { ADDRESSES as u32 };
        to = from + tags_len;
        added = tags_len;
        if linear < ETHERNET_HEADER as u32 {
            return None;
        }
    }
    let mut copied = linear - from;
    if copied > config(|c| &c.expression) {
        copied = config(|c| &c.expression);
    }
    if copied > MAX_CAPTURE - MOST_ADDED {
        copied = MAX_CAPTURE - MOST_ADDED;
    }
    let frame = (&raw mut *frame).cast::<u8>();
    let at = |place: u32| frame.wrapping_add(place as usize);
    let copy = |from: u32, to: u32, len: u32, most: u32| {
        // SAFETY: `frame` has room for as much.
        unsafe { copy(bytes.start + u64::from(from), len, most, at(to)) }
    };
    if !copy(from, to, copied, config(|c| &c.expression)) {
        return None;
    }
    if record.flags & LINK_HEADER == 0 {
        // SAFETY: `frame` has room for the header, whose type field is before `to`; and it lies at a multiple of eight.
        unsafe {
            at(0)
                .cast::<[u32; ADDRESSES / 4]>()
                .write([0; ADDRESSES / 4]);
            let first = if copied == 0 {
                None
            } else {
                Some(at(to).read())
            };
            let ether_type = ether_type(record, first).unwrap_or(EXPERIMENTAL);
            at(ADDRESSES as u32 + tags_len)
                .cast::<[u8; 2]>()
                .write(ether_type.to_be_bytes());
        }
    } else if tags_len != 0 && !copy(0, 0, ADDRESSES as u32, ADDRESSES as u32) {
        return None;
    }
    if tags_len != 0 {
        let [p0, p1, t0, t1, inner @ ..] = tags(record);
        let behind = at(ADDRESSES as u32).cast::<[u8; TAG]>();
        // SAFETY: `frame` has room for two tags there.
        unsafe {
            behind.write([p0, p1, t0, t1]);
            if tags_len > TAG as u32 {
                behind.add(1).write(inner);
            }
        }
    }
    let len = record.len.saturating_add(added);
    let caplen = len.min(config(|c| &c.snaplen));
    Some(Extent {
        there: (to + copied).min(caplen),
        caplen,
        len,
    })
}

/// Runs the program, which stands in for what is between the mark and the end.
#[inline(never)]
fn ask(frame: &Frame, extent: &Extent, memory: &mut Memory) -> u32 {
    let answer: u64;
    // SAFETY: the program reads what is there of the frame, and writes to the memory; the verifier sees to that.
    unsafe {
        asm!(
            "r0 = {drop}",
            "r0 = {slot}",
            ".rept {placeholders}",
            "goto +0",
            ".endr",
            drop = const MARK[0] >> 32,
            slot = const MARK[1] >> 32,
            placeholders = const SLOT - 2,
            out("r0") answer,
            inout("r1") &raw const *frame => _,
            inout("r2") u64::from(extent.there) => _,
            inout("r3") u64::from(extent.caplen) => _,
            inout("r4") u64::from(extent.len) => _,
            inout("r5") &raw mut *memory => _,
            out("r6") _,
            out("r7") _,
            out("r8") _,
        );
    }
    answer as u32
}
