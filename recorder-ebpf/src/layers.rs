//! Walks through the headers of a packet, VLAN tags and tunnels stepped over, and asks of each what filters ask.
//!
//! Both halves run it: the kernel half on the skb's memory, the user half on what was captured.

mod ethernet;
mod ip;
mod next;
mod tunnels;

use self::next::{ETHERNET, GTP, Next, PPP, PROTOCOL, ROUTE, TYPE, UNANNOUNCED};
use crate::{
    bit::{equal, index},
    filter::{Headers, NOT_BYTE, Prefix},
};

/// Headers that the kernel half looks at, at the least: tags, labels, extension headers and the rest.
const HEADERS: u32 = 16;

/// Steps that it goes, at most. One in two may end where it began, as the one that learns from a protocol's number that another
/// IP header comes.
pub const MOST: u32 = 2 * HEADERS;

/// The smallest value of a type/length field that is a type (IEEE 802.3, 3.2.6).
pub const FIRST_TYPE: u16 = 0x0600;

/// Where the walk begins. Both numbers have a value always, as the verifier wants of all that is passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    at: u32,
    number: u16,
}

impl Start {
    /// No header is known to be there.
    pub const NOWHERE: Self = Self { at: 0, number: 0 };
    /// At an Ethernet header.
    pub const ETHERNET: Self = Self {
        at: ETHERNET,
        number: 0,
    };

    /// At what is of this `EtherType`.
    #[must_use]
    #[inline(always)]
    pub const fn of_type(number: u16) -> Self {
        Self { at: TYPE, number }
    }
}

/// How many bytes are read at once, at most: an IPv6 header.
pub const LONGEST: usize = 40;

/// Bytes of a packet.
pub trait Source {
    /// Those at an offset, at most [`LONGEST`]. `None`: they are not all there.
    fn read<const N: usize>(&mut self, offset: u32) -> Option<&[u8; N]>;
}

/// A walk on its way: what it keeps from one header to the next.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// What the next header is: [`ETHERNET`] or what is beside it.
    at: u32,
    offset: u32,
    wants: u32,
    /// The type, or the protocol, of what comes next; or GTP-U's extension header.
    number: u16,
    /// 1: the protocol is one of IPv6.
    is_ipv6: u8,
    /// Bits of the layer's addresses, and of the headers that were stepped over behind them.
    addresses: u8,
    /// Bits of all types that were met.
    types: u8,
    /// Bits of all that was met.
    all: u8,
    /// 1: one layer had all that was asked for.
    has_layer: u8,
    /// Always zero.
    padding: u8,
}

impl Walk {
    /// A walk that begins at an offset.
    #[must_use]
    #[inline(always)]
    pub fn from(offset: u32, Start { at, number }: Start) -> Self {
        Self {
            at,
            offset,
            number,
            ..Self::default()
        }
    }

    /// Looks at the next header; behind one that names IP's protocol, at that too, as most packets have no more. False: there is
    /// nothing more to look at. `prefixes`: the first that are asked for, or all.
    #[inline(always)]
    pub fn step(&mut self, bytes: &mut impl Source, asked: &Headers, prefixes: &[Prefix]) -> bool {
        let mut step = Step {
            walk: self,
            bytes,
            asked,
            prefixes,
        };
        if step.walk.at != PROTOCOL {
            let next = match step.walk.at {
                ETHERNET => step.ethernet(),
                TYPE => step.of_type(),
                GTP => step.gtp(),
                PPP => step.ppp(),
                UNANNOUNCED => step.unannounced(),
                ROUTE => step.route(),
                _ => None,
            };
            let goes_on = step.walk.go_on(next, asked);
            if !goes_on || step.walk.at != PROTOCOL {
                return goes_on;
            }
        }
        let next = step.of_protocol();
        self.go_on(next, asked)
    }

    /// Goes to the next header. False: there is none, or nothing more to look for.
    #[inline(always)]
    fn go_on(&mut self, next: Option<Next>, asked: &Headers) -> bool {
        let Some(next) = next else {
            return false;
        };
        self.offset = self.offset.wrapping_add(next.distance);
        self.at = next.at;
        self.number = next.number;
        // What is found cannot be lost again, unless something is not wanted.
        asked.any_not != 0 || !self.is_complete(asked)
    }

    /// Looks no further, as if the next byte could not be read.
    #[inline(always)]
    pub fn give_up(&mut self) {
        self.wants = self.offset.wrapping_add(1);
    }

    /// Takes note of a type.
    #[inline(always)]
    pub fn meet(&mut self, number: u16, asked: &Headers) {
        let bits = look_up(&asked.types, number);
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
        (asked.layer == 0 || self.has_layer != 0) && self.types & asked.kind == asked.kind
    }

    /// Where the bytes end that the walk could not read; 0: it came to its end. `u32::MAX`: what is there is not what it was
    /// said to be.
    #[must_use]
    #[inline(always)]
    pub fn wants(&self) -> u32 {
        self.wants
    }
}

/// Looks at the headers from an offset on. `prefixes`: all that are asked for.
#[must_use]
pub fn walk(
    bytes: &mut impl Source,
    offset: u32,
    start: Start,
    asked: &Headers,
    prefixes: &[Prefix],
) -> Walk {
    let mut walk = Walk::from(offset, start);
    // No two steps one after the other are without a byte, so the bytes come to their end.
    while walk.step(bytes, asked, prefixes) {}
    walk
}

/// What a table has of a number.
#[inline(always)]
fn look_up(table: &[u8; 1 << 16], number: u16) -> u8 {
    // SAFETY: the table has a place for each number. The compiler cannot see it, and would have a way to go where it has none.
    unsafe { *table.get_unchecked(index(number)) }
}

#[inline(always)]
fn be16(bytes: [u8; 2]) -> u16 {
    u16::from_be_bytes(bytes)
}

/// A walk at one header.
struct Step<'a, S> {
    walk: &'a mut Walk,
    bytes: &'a mut S,
    asked: &'a Headers,
    prefixes: &'a [Prefix],
}

impl<S: Source> Step<'_, S> {
    /// Reads bytes at a distance from where the walk is; takes note of those that are not there.
    #[inline(always)]
    fn read<const N: usize>(&mut self, distance: u32) -> Option<&[u8; N]> {
        let offset = self.walk.offset.wrapping_add(distance);
        let bytes = self.bytes.read(offset);
        if bytes.is_none() {
            self.walk.wants = offset.wrapping_add(N as u32);
        }
        bytes
    }

    /// By the protocol numbers of IP (IANA).
    #[inline(always)]
    fn of_protocol(&mut self) -> Option<Next> {
        let protocol = self.walk.number as u8;
        let is_ipv6 = self.walk.is_ipv6 != 0;
        match protocol {
            // Hop-by-hop options, routing, destination options, mobility, HIP, shim6 (RFC 8200, 4; RFC 6564, 4).
            0 | 43 | 60 | 135 | 139 | 140 if is_ipv6 => {
                let [next, length] = self.extension(protocol)?;
                Next::of_protocol((u32::from(length) + 1) * 8, next)
            }
            // A fragment (RFC 8200, 4.5).
            44 if is_ipv6 => {
                let [next, _, high, low] = self.extension(protocol)?;
                if be16([high, low]) >> 3 != 0 {
                    return self.end(next, 0);
                }
                Next::of_protocol(8, next)
            }
            // The authentication header (RFC 4302, 2.2).
            51 => {
                let [next, length] = self.extension(protocol)?;
                Next::of_protocol((u32::from(length) + 2) * 4, next)
            }
            // TCP, UDP, DCCP, SCTP, UDP-Lite begin with their ports.
            6 | 17 | 33 | 132 | 136 => {
                let [a, b, c, d] = self.ports(protocol)?;
                let [source, destination] = [be16([a, b]), be16([c, d])];
                let [sources, destinations] = &self.asked.ports;
                let bits = look_up(sources, source) | look_up(destinations, destination);
                self.end(protocol, bits);
                if protocol == 17 {
                    return self.udp(source, destination);
                }
                None
            }
            4 => self.tunnel(protocol, 0x0800),
            41 => self.tunnel(protocol, 0x86dd),
            137 => self.tunnel(protocol, 0x8847),
            // A frame behind segment routing's header (RFC 8986, 10.1).
            143 => {
                self.end(protocol, 0);
                Next::ethernet(0)
            }
            47 => {
                self.end(protocol, 0);
                self.gre()
            }
            // EtherIP (RFC 3378, 3).
            97 => {
                self.end(protocol, 0);
                Next::ethernet(2)
            }
            _ => self.end(protocol, 0),
        }
    }

    /// What stands between an IP header and its protocol, and has a number of its own; where it is missing, what came before
    /// stands for the layer.
    #[inline(always)]
    fn extension<const N: usize>(&mut self, number: u8) -> Option<[u8; N]> {
        self.walk.addresses |= self.asked.protocols[number as usize];
        let header = self.read(0).copied();
        if header.is_none() {
            self.end_with(0);
        }
        header
    }

    /// The ports; where they are missing, the protocol and the addresses stand for the layer.
    #[inline(always)]
    fn ports(&mut self, protocol: u8) -> Option<[u8; 4]> {
        let ports = self.read(0).copied();
        if ports.is_none() {
            self.end(protocol, 0);
        }
        ports
    }

    #[inline(always)]
    fn tunnel(&mut self, protocol: u8, number: u16) -> Option<Next> {
        self.end(protocol, 0);
        Next::of_type(0, number)
    }

    /// A layer, an IP header with what follows it, has come to its end. `None`, as nothing comes behind it unless somebody
    /// knows better.
    #[inline(always)]
    fn end(&mut self, protocol: u8, ports: u8) -> Option<Next> {
        self.end_with(self.asked.protocols[protocol as usize] | ports);
        None
    }

    /// As above, with the bits of all but the addresses.
    #[inline(always)]
    fn end_with(&mut self, bits: u8) {
        let bits = bits | self.walk.addresses;
        let layer = self.asked.layer;
        self.walk.all |= bits;
        self.walk.has_layer |= equal(bits & layer, layer).flag(1) as u8;
    }
}

#[cfg(test)]
mod tests;
