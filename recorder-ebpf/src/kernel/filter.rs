//! Which drops filters want, by reason, place, interface and headers: as early as can be told, before a byte is copied.
//!
//! What can be told by little is asked first: most drops that nobody wants are gone before anything of them was read but the
//! tracepoint's arguments. What cannot be told here goes to the user half, which judges by the same filters.

use aya_ebpf::helpers::generated::bpf_jiffies64;
use aya_ebpf::{
    macros::map,
    maps::{Array, HashMap},
};
use droprec_ebpf::{
    filter::{NOISE, NOT, PAIR, Places, RANGES, Range, WANT, ask},
    record::{Record, UNJUDGED, Wanted},
};

use super::{
    bytes::Bytes,
    config::config,
    device::netns,
    emit::modules,
    headers,
    skb::{Object, at, probe},
};

/// Bits of each reason that a filter names.
#[map]
static REASONS: HashMap<u32, u32> = HashMap::with_max_entries(1024, 0);

/// Where the ranges are that hold.
#[map]
static PLACES: Array<Places> = Array::with_max_entries(1, 0);

/// Two sets of ranges: the places that a filter names.
#[map]
static SPANS: Array<Range> = Array::with_max_entries(2 * RANGES, 0);

/// Bits of each interface and each namespace that a filter names.
#[map]
static INTERFACES: HashMap<Wanted, u32> = HashMap::with_max_entries(1024, 0);

/// The wanted interfaces' indices, modulo 64, as bits.
#[map]
static INDICES: Array<u64> = Array::with_max_entries(1, 0);

/// Steps of a search among so many ranges.
const STEPS: u32 = RANGES.ilog2() + 1;

/// The first reason of a subsystem, whose module may come later (`SKB_DROP_REASON_SUBSYS_SHIFT`, `include/net/dropreason.h`,
/// v6.4).
const FIRST_OF_SUBSYSTEMS: u32 = 1 << 16;

/// What is known of whether filters want a drop.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Answer {
    Yes,
    No,
    /// Nobody needs to hear of it.
    Noise,
    Unknown,
}

#[inline(always)]
fn asks(what: u32) -> bool {
    config(|c| &c.filter) & what != 0
}

/// By reason and place. Those of the hardware are names, for the user half to judge.
#[inline(always)]
pub(crate) fn by_place(record: &Record, is_hardwares: bool) -> Answer {
    if !asks(ask::REASON | ask::PLACE) {
        return Answer::Yes;
    }
    if is_hardwares {
        return Answer::Unknown;
    }
    let (mut reason, mut place) = (0, 0);
    // Of what has no bits here, more may be known once the user half has looked at a module that has come.
    let mut may_change = false;
    let Some(places) = PLACES.get(0) else {
        return Answer::Unknown;
    };
    let is_new = places.modules != modules();
    if asks(ask::REASON) {
        // SAFETY: a number is read that nobody changes in two steps.
        match unsafe { REASONS.get(&record.reason) } {
            Some(bits) => reason = *bits,
            None => may_change |= is_new && record.reason >= FIRST_OF_SUBSYSTEMS,
        }
    }
    if asks(ask::PLACE) {
        match span(places, record.location) {
            Some(bits) => place = bits,
            None => may_change |= is_new,
        }
    }
    let either = reason | place;
    if either & NOT != 0 {
        return Answer::No;
    }
    if either & NOISE != 0 || reason & place >= PAIR {
        return Answer::Noise;
    }
    let is_wanted = (!asks(ask::WANT_REASON) || reason & WANT != 0)
        && (!asks(ask::WANT_PLACE) || place & WANT != 0);
    match (may_change, is_wanted) {
        (true, _) => Answer::Unknown,
        (false, true) => Answer::Yes,
        (false, false) => Answer::No,
    }
}

/// The bits of the range that an address is in.
#[inline(always)]
fn span(places: &Places, address: u64) -> Option<u32> {
    let (mut low, mut high) = (0, places.count);
    for _ in 0..STEPS {
        if low >= high {
            break;
        }
        let middle = (low + high) / 2;
        let range = SPANS.get(places.first + middle)?;
        if address < range.start {
            high = middle;
        } else if address >= range.end {
            low = middle + 1;
        } else {
            return Some(range.bits);
        }
    }
    None
}

/// Whether the interface is certainly none of the wanted ones, by its index alone. What has a route may be counted to the
/// route's.
#[inline(always)]
pub(crate) fn is_elsewhere(skb: Object) -> bool {
    if !asks(ask::WANT_INTERFACE) {
        return false;
    }
    let refdst: u64 = skb.get(at!(skb_refdst));
    if refdst != 0 {
        return false;
    }
    let Some(wanted) = INDICES.get(0) else {
        return false;
    };
    let iif: u32 = skb.get(at!(skb_iif));
    let ifindex: u32 = probe(skb.get(at!(skb_dev)), config(|c| &c.dev_ifindex));
    // 0 is no interface, and none of the wanted.
    let is = |index: u32| index != 0 && *wanted >> (index & 63) & 1 != 0;
    !is(iif) && !is(ifindex)
}

/// The namespace that was asked for last.
#[repr(C)]
pub(crate) struct Namespace {
    net: u64,
    /// When that was, in ticks of the kernel's clock.
    jiffies: u64,
    netns: u64,
}

impl Namespace {
    /// The inode number of the namespace at that address. Within a tick none is freed, and another one made in its place.
    #[inline(always)]
    fn number(&mut self, net: u64) -> u32 {
        // SAFETY: a helper without arguments, which the kernel replaces by a load.
        let now = unsafe { bpf_jiffies64() };
        if self.net != net || self.jiffies != now {
            self.netns = netns(net).into();
            self.net = net;
            self.jiffies = now;
        }
        self.netns as u32
    }
}

/// Whether the namespace is certainly none of the wanted ones, by what the skb's device says.
#[inline(always)]
pub(crate) fn is_far(skb: Object, last: &mut Namespace) -> bool {
    if !asks(ask::WANT_NETNS) {
        return false;
    }
    let iif: u32 = skb.get(at!(skb_iif));
    let refdst: u64 = skb.get(at!(skb_refdst));
    // What IP is sending may be counted to another device's.
    if iif == 0 && refdst != 0 {
        return false;
    }
    let net = probe(skb.get(at!(skb_dev)), config(|c| &c.dev_net));
    let netns = last.number(net);
    netns != 0 && bits_of(netns, 0) & WANT == 0
}

/// The bits of an interface, or with 0 of a namespace.
#[inline(always)]
fn bits_of(netns: u32, ifindex: u32) -> u32 {
    // SAFETY: a number is read that nobody changes in two steps.
    unsafe { INTERFACES.get(&Wanted { netns, ifindex }) }.map_or(0, |bits| *bits)
}

/// By interface and namespace.
#[inline(always)]
fn by_interface(record: &Record) -> bool {
    let of_netns = bits_of(record.netns, 0);
    let of_interface = match record.ifindex {
        0 => 0,
        ifindex => bits_of(record.netns, ifindex),
    };
    (of_netns | of_interface) & NOT == 0
        && (!asks(ask::WANT_NETNS) || of_netns & WANT != 0)
        && (!asks(ask::WANT_INTERFACE) || of_interface & WANT != 0)
}

/// By what `find` has found. What is known of the headers by then is as it was.
#[inline(always)]
pub(crate) fn by_rest(record: &mut Record, bytes: &Bytes, program: u32) -> bool {
    if asks(ask::INTERFACE) && !by_interface(record) {
        return false;
    }
    if asks(ask::HEADERS) && headers::is(program, Answer::Unknown) {
        headers::by_frame(record, bytes, program);
        if headers::is(program, Answer::No) {
            return false;
        }
        if headers::is(program, Answer::Unknown) {
            record.flags |= UNJUDGED;
        }
    }
    if asks(ask::ELSEWHERE) {
        record.flags |= UNJUDGED;
    }
    true
}
