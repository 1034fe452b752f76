//! Walks through the headers of a packet, VLAN tags and tunnels stepped over, and asks of each what filters ask.
//!
//! Both halves run it: the kernel half on the skb's memory, the user half on what was captured.

use core::ptr::{read_volatile, write_volatile};

use crate::{
    bit::{Bit, equal},
    filter::{Headers, IPV4, IPV6, NOT_BYTE},
};

/// Headers that are looked at, at most: tags, labels, extension headers and the rest.
const MOST: usize = 24;

/// The smallest value of a type/length field that is a type (IEEE 802.3, 3.2.6).
const FIRST_TYPE: u16 = 0x0600;

/// Where the walk begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At an Ethernet header.
    Ethernet,
    /// At what is of this `EtherType`.
    Type(u16),
}

/// Bytes of a packet.
pub trait Source {
    /// Those at an offset. `None`: they are not all there.
    fn read<const N: usize>(&self, offset: u32) -> Option<[u8; N]>;
}

/// What has come up on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Bits of all types that were met.
    types: u8,
    /// Bits of all that was met.
    all: u8,
    /// One layer had all that was asked for.
    has_layer: bool,
    /// Where the bytes end that the walk could not read; 0: it came to its end. `u32::MAX`: what is there is not what it was
    /// said to be.
    pub wants: u32,
}

impl Seen {
    /// Takes note of a type.
    #[inline(always)]
    pub fn meet(&mut self, number: u16, asked: &Headers) {
        let bits = asked.types[number as usize];
        self.types |= bits;
        self.all |= bits;
    }

    /// Something of it is not wanted, whatever else there may be.
    #[must_use]
    #[inline(always)]
    pub fn is_refused(&self) -> bool {
        self.all & NOT_BYTE != 0
    }

    /// All that was asked for has come up.
    #[must_use]
    #[inline(always)]
    pub fn is_complete(&self, asked: &Headers) -> bool {
        (asked.layer == 0 || self.has_layer) && self.types & asked.kind == asked.kind
    }
}

/// What the next header is: [`Memory::at`].
const ETHERNET: u32 = 0;
const TYPE: u32 = 1;
const ADDRESSES: u32 = 2;
const PROTOCOL: u32 = 3;

/// What a walk keeps from one round to the next.
///
/// It lies where the verifier does not look, in a map, and is read from there anew: else it would follow the walk with each
/// value that it may have, round after round, and come to no end.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    at: u32,
    /// The type, or the protocol, of what comes next.
    number: u32,
    offset: u32,
    /// Of the addresses.
    family: u32,
    /// As in [`crate::filter::Prefix`].
    source: [u64; 2],
    destination: [u64; 2],
    /// 1: no more is behind the header than its protocol says.
    is_last: u32,
    /// Bits of the addresses.
    bits: u32,
    /// Bits of all types that were met.
    types: u32,
    /// Bits of all that was met.
    all: u32,
    /// 1: one layer had all that was asked for.
    layers: u32,
    wants: u32,
}

#[inline(always)]
fn be16(bytes: [u8; 2]) -> u16 {
    u16::from_be_bytes(bytes)
}

#[inline(always)]
fn be32(b: &[u8], at: usize) -> u64 {
    (b[at] as u64) << 24 | (b[at + 1] as u64) << 16 | (b[at + 2] as u64) << 8 | b[at + 3] as u64
}

#[inline(always)]
fn be64(b: &[u8], at: usize) -> u64 {
    be32(b, at) << 32 | be32(b, at + 4)
}

/// A walk on its way.
struct Walk<'a, S> {
    bytes: &'a S,
    asked: &'a Headers,
    memory: *mut Memory,
}

/// What the memory keeps, read and written where it is.
macro_rules! kept {
    ($walk:expr, $field:ident) => {
        // SAFETY: the memory is there as long as the walk.
        unsafe { read_volatile(&raw const (*$walk.memory).$field) }
    };
    ($walk:expr, $field:ident = $value:expr) => {{
        let value = $value;
        // SAFETY: as above.
        unsafe { write_volatile(&raw mut (*$walk.memory).$field, value) }
    }};
}

/// Looks at the headers from an offset on.
#[inline(always)]
pub fn walk<S: Source>(
    bytes: &S,
    offset: u32,
    start: Start,
    asked: &Headers,
    memory: &mut Memory,
) -> Seen {
    let (at, number) = match start {
        Start::Ethernet => (ETHERNET, 0),
        Start::Type(number) => (TYPE, number),
    };
    let mut walk = Walk {
        bytes,
        asked,
        memory,
    };
    walk.go_to(offset, at, number);
    kept!(walk, bits = 0);
    kept!(walk, types = 0);
    kept!(walk, all = 0);
    kept!(walk, layers = 0);
    kept!(walk, wants = 0);
    kept!(walk, family = 0);
    for _ in 0..MOST {
        let goes_on = match kept!(walk, at) {
            ETHERNET => walk.ethernet(),
            TYPE => walk.of_type(),
            ADDRESSES => walk.ask_addresses(),
            _ => walk.of_protocol(),
        };
        // What is found cannot be lost again, unless something is not wanted.
        if goes_on.is_none() || (asked.any_not == 0 && walk.seen().is_complete(asked)) {
            break;
        }
    }
    walk.seen()
}

impl<S: Source> Walk<'_, S> {
    /// What has come up so far.
    #[inline(always)]
    fn seen(&self) -> Seen {
        Seen {
            types: kept!(self, types) as u8,
            all: kept!(self, all) as u8,
            has_layer: kept!(self, layers) != 0,
            wants: kept!(self, wants),
        }
    }

    /// Reads bytes at a distance from where the walk is; takes note of those that are not there.
    #[inline(always)]
    fn read<const N: usize>(&mut self, distance: u32) -> Option<[u8; N]> {
        let offset = kept!(self, offset).wrapping_add(distance);
        let bytes = self.bytes.read(offset);
        if bytes.is_none() {
            kept!(self, wants = offset.wrapping_add(N as u32));
        }
        bytes
    }

    /// The next header is at a distance, and of this kind.
    #[inline(always)]
    #[expect(
        clippy::unnecessary_wraps,
        reason = "each step ends in it, or in `None`"
    )]
    fn go(&mut self, distance: u32, at: u32, number: u16) -> Option<()> {
        let offset = kept!(self, offset).wrapping_add(distance);
        self.go_to(offset, at, number);
        Some(())
    }

    #[inline(always)]
    fn go_to(&mut self, offset: u32, at: u32, number: u16) {
        kept!(self, offset = offset);
        kept!(self, at = at);
        kept!(self, number = number.into());
    }

    /// Has the addresses of an IP header asked for next, and then what is at a distance.
    #[inline(always)]
    fn met(&mut self, family: u32, source: [u64; 2], destination: [u64; 2]) {
        kept!(self, family = family);
        kept!(self, source = source);
        kept!(self, destination = destination);
        kept!(self, is_last = 0);
    }

    /// An Ethernet header (IEEE 802.3, 3.1.1).
    #[inline(always)]
    fn ethernet(&mut self) -> Option<()> {
        let number = be16(self.read(12)?);
        self.go(14, TYPE, number)
    }

    #[inline(always)]
    fn of_type(&mut self) -> Option<()> {
        let number = kept!(self, number) as u16;
        if number < FIRST_TYPE {
            // A length, and LLC behind it; SNAP names a type again (IEEE 802, 10.3).
            let [dsap, ssap, control, oui @ .., high, low]: [u8; 8] = self.read(0)?;
            let is_snap = [dsap, ssap, control] == [0xaa, 0xaa, 3] && oui == [0; 3];
            let number = be16([high, low]);
            if !is_snap || number < FIRST_TYPE {
                return None;
            }
            return self.go(8, TYPE, number);
        }
        let bits = u32::from(self.asked.types[number as usize]);
        kept!(self, types = kept!(self, types) | bits);
        kept!(self, all = kept!(self, all) | bits);
        match number {
            0x0800 => self.ipv4(),
            0x86dd => self.ipv6(),
            // Tags of 802.1Q and 802.1ad, and those that were used before there was 802.1ad.
            0x8100 | 0x88a8 | 0x9100 | 0x9200 => {
                let [_, _, high, low] = self.read(0)?;
                self.go(4, TYPE, be16([high, low]))
            }
            0x8847 | 0x8848 => self.mpls(),
            // PPPoE's session (RFC 2516, 4), PPP's numbers for IPv4 and IPv6.
            0x8864 => match be16(self.read(6)?) {
                0x0021 => self.go(8, TYPE, 0x0800),
                0x0057 => self.go(8, TYPE, 0x86dd),
                _ => None,
            },
            // Provider backbone: a service instance tag, and a frame (IEEE 802.1Q, 9.7).
            0x88e7 => self.go(4, ETHERNET, 0),
            // Transparent Ethernet bridging, as tunnels call a frame.
            0x6558 => self.go(0, ETHERNET, 0),
            _ => None,
        }
    }

    /// A label (RFC 3032, 2.1). What is behind the last one tells by its first four bits what it is; with 0, which is no
    /// version of IP, begins a control word, and a frame is behind it (RFC 4385, 3).
    #[inline(always)]
    fn mpls(&mut self) -> Option<()> {
        let [_, _, bottom, _, first] = self.read(0)?;
        if bottom & 1 == 0 {
            return self.go(4, TYPE, 0x8847);
        }
        match first >> 4 {
            4 => self.go(4, TYPE, 0x0800),
            6 => self.go(4, TYPE, 0x86dd),
            0 => self.go(8, ETHERNET, 0),
            _ => None,
        }
    }

    /// RFC 791, 3.1.
    #[inline(always)]
    fn ipv4(&mut self) -> Option<()> {
        let header: [u8; 20] = self.read(0)?;
        let length = u32::from(header[0] & 0xf) * 4;
        if header[0] >> 4 != 4 || length < 20 {
            kept!(self, wants = u32::MAX);
            return None;
        }
        self.met(IPV4, [0, be32(&header, 12)], [0, be32(&header, 16)]);
        let protocol = header[9];
        if be16([header[6], header[7]]) & 0x1fff != 0 {
            // A later fragment has no header but its own.
            kept!(self, is_last = 1);
        }
        self.go(length, ADDRESSES, protocol.into())
    }

    /// RFC 8200, 3.
    #[inline(always)]
    fn ipv6(&mut self) -> Option<()> {
        let header: [u8; 40] = self.read(0)?;
        if header[0] >> 4 != 6 {
            kept!(self, wants = u32::MAX);
            return None;
        }
        let source = [be64(&header, 8), be64(&header, 16)];
        self.met(IPV6, source, [be64(&header, 24), be64(&header, 32)]);
        self.go(40, ADDRESSES, header[6].into())
    }

    /// By the protocol numbers of IP (IANA).
    #[inline(always)]
    fn of_protocol(&mut self) -> Option<()> {
        let protocol = kept!(self, number) as u8;
        let is_ipv6 = kept!(self, family) == IPV6;
        match protocol {
            // Hop-by-hop options, routing, destination options, mobility, HIP, shim6 (RFC 8200, 4; RFC 6564, 4).
            0 | 43 | 60 | 135 | 139 | 140 if is_ipv6 => {
                let [next, length] = self.read(0)?;
                self.go((u32::from(length) + 1) * 8, PROTOCOL, next.into())
            }
            // A fragment (RFC 8200, 4.5).
            44 if is_ipv6 => {
                let [next, _, high, low] = self.read(0)?;
                if be16([high, low]) >> 3 != 0 {
                    return self.end(next, 0);
                }
                self.go(8, PROTOCOL, next.into())
            }
            // The authentication header (RFC 4302, 2.2).
            51 => {
                let [next, length] = self.read(0)?;
                self.go((u32::from(length) + 2) * 4, PROTOCOL, next.into())
            }
            // TCP, UDP, DCCP, SCTP, UDP-Lite begin with their ports.
            6 | 17 | 33 | 132 | 136 => {
                let [a, b, c, d] = self.ports(protocol)?;
                let [source, destination] = [be16([a, b]), be16([c, d])];
                let [sources, destinations] = &self.asked.ports;
                let bits = sources[source as usize] | destinations[destination as usize];
                self.end(protocol, bits);
                if protocol == 17 {
                    return self.udp(destination);
                }
                None
            }
            4 => self.tunnel(protocol, 0x0800),
            41 => self.tunnel(protocol, 0x86dd),
            137 => self.tunnel(protocol, 0x8847),
            47 => {
                self.end(protocol, 0);
                self.gre()
            }
            // EtherIP (RFC 3378, 3).
            97 => {
                self.end(protocol, 0);
                self.go(2, ETHERNET, 0)
            }
            _ => self.end(protocol, 0),
        }
    }

    /// The ports; where they are missing, the protocol and the addresses stand for the layer.
    #[inline(always)]
    fn ports(&mut self, protocol: u8) -> Option<[u8; 4]> {
        let ports = self.read(0);
        if ports.is_none() {
            self.end(protocol, 0);
        }
        ports
    }

    #[inline(always)]
    fn tunnel(&mut self, protocol: u8, number: u16) -> Option<()> {
        self.end(protocol, 0);
        self.go(0, TYPE, number)
    }

    /// RFC 2784, 2.1, with RFC 2890's key and number.
    #[inline(always)]
    fn gre(&mut self) -> Option<()> {
        let [flags, version, high, low] = self.read(0)?;
        // Version 1 is PPTP's; bit 1 is RFC 1701's routing.
        if version & 7 != 0 || flags & 0x40 != 0 {
            return None;
        }
        let optional = (flags >> 7) + (flags >> 5 & 1) + (flags >> 4 & 1);
        let length = 4 + 4 * u32::from(optional);
        match be16([high, low]) {
            // ERSPAN: without a sequence number it has no header of its own (draft-foschiano-erspan, 4).
            0x88be if flags & 0x10 == 0 => self.go(length, ETHERNET, 0),
            0x88be => self.go(length + 8, ETHERNET, 0),
            0x22eb => {
                let [last] = self.read(length + 11)?;
                // The platform's own part follows where the last bit says so.
                self.go(length + 12 + 8 * u32::from(last & 1), ETHERNET, 0)
            }
            number => self.go(length, TYPE, number),
        }
    }

    /// What UDP carries, by the port that it goes to.
    #[inline(always)]
    fn udp(&mut self, port: u16) -> Option<()> {
        match port {
            // VXLAN (RFC 7348, 5), on the port that Linux had first too: it carries a frame.
            4789 | 8472 => {
                let [flags] = self.read(8)?;
                if flags & 8 == 0 {
                    return None;
                }
                self.go(16, ETHERNET, 0)
            }
            // Geneve (RFC 8926, 3.4).
            6081 => {
                let [options, _, high, low] = self.read(8)?;
                let length = 16 + 4 * u32::from(options & 0x3f);
                self.go(length, TYPE, be16([high, low]))
            }
            // MPLS in UDP (RFC 7510, 3).
            6635 => self.go(8, TYPE, 0x8847),
            // GTP-U's G-PDU (3GPP TS 29.281, 5.1); with extension headers it is not looked into.
            2152 => {
                let [flags, kind] = self.read(8)?;
                if flags & 0xf4 != 0x30 || kind != 255 {
                    return None;
                }
                let length = 16 + if flags.trailing_zeros() >= 2 { 0 } else { 4 };
                let [first] = self.read(length)?;
                match first >> 4 {
                    4 => self.go(length, TYPE, 0x0800),
                    6 => self.go(length, TYPE, 0x86dd),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A layer, an IP header with what follows it, has come to its end. `None`, as nothing comes behind it unless somebody
    /// knows better.
    #[inline(always)]
    fn end(&mut self, protocol: u8, ports: u8) -> Option<()> {
        let bits = u32::from(self.asked.protocols[protocol as usize] | ports) | kept!(self, bits);
        let layer = u32::from(self.asked.layer);
        let has_all = equal(bits & layer, layer).flag(1);
        kept!(self, all = kept!(self, all) | bits);
        kept!(self, layers = kept!(self, layers) | u32::from(has_all));
        None
    }

    /// Finds what the addresses stand for.
    #[inline(always)]
    fn ask_addresses(&mut self) -> Option<()> {
        kept!(self, bits = 0);
        // Those that were not asked for stand for nothing.
        for prefix in &self.asked.prefixes {
            let is_family = equal(kept!(self, family), prefix.family);
            let is = |[high, low]: [u64; 2]| {
                let differing = ((high ^ prefix.address[0]) & prefix.mask[0])
                    | ((low ^ prefix.address[1]) & prefix.mask[1]);
                !Bit::of(differing) & is_family
            };
            let bits = is(kept!(self, source)).flag(prefix.source.into())
                | is(kept!(self, destination)).flag(prefix.destination.into());
            kept!(self, bits = kept!(self, bits) | u32::from(bits));
        }
        let number = kept!(self, number) as u16;
        if kept!(self, is_last) != 0 {
            return self.end(number as u8, 0);
        }
        self.go(0, PROTOCOL, number)
    }
}
