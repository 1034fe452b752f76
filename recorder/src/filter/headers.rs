//! What is asked of headers: fills in the tables that both halves look up, and asks frames in user space.

use std::net::IpAddr;

use droprec_ebpf::{
    filter::{
        DESTINATION, DESTINATION_PORT, EITHER, EITHER_PORT, Headers, IPV4, IPV6, NOT_BYTE,
        PREFIXES, Prefix, SOURCE, SOURCE_PORT, WANT_BYTE,
    },
    layers::{Source, Start, walk},
};
use droprec_pcapng::link_type;

use super::values::{EtherType, Network, Ports, Protocol};

/// Types of the tags that the stack takes out of frames.
const TAGS: [u16; 2] = [0x8100, 0x88a8];
const IPV4_TYPE: u16 = 0x0800;
const IPV6_TYPE: u16 = 0x86dd;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asked {
    table: Box<Headers>,
    /// All networks; the table has the first of them.
    prefixes: Vec<Prefix>,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            // SAFETY: numbers, of which zero is one. On the stack it would be long.
            table: unsafe { Box::new_zeroed().assume_init() },
            prefixes: Vec::new(),
        }
    }
}

impl Asked {
    pub(super) fn types(&mut self, want: &[EtherType], not: &[EtherType]) {
        for (types, bit) in [(want, WANT_BYTE), (not, NOT_BYTE)] {
            for EtherType(number) in types {
                self.table.types[usize::from(*number)] |= bit;
                match bit {
                    NOT_BYTE => self.table.any_not = 1,
                    _ => self.table.kind = WANT_BYTE,
                }
            }
        }
    }

    pub(super) fn protocols(&mut self, want: &[Protocol], not: &[Protocol]) {
        for (protocols, bit) in [(want, WANT_BYTE), (not, NOT_BYTE)] {
            for Protocol(number) in protocols {
                self.table.protocols[usize::from(*number)] |= bit;
                self.take_note(bit);
            }
        }
    }

    /// Of a bit that a layer has to have, or must not have.
    fn take_note(&mut self, bit: u8) {
        if bit == NOT_BYTE {
            self.table.any_not = 1;
        } else {
            self.table.layer |= bit;
        }
    }

    /// As the source, as the destination, as either.
    pub(super) fn networks(&mut self, want: [&[Network]; 3], not: [&[Network]; 3]) {
        let roles = [(true, false), (false, true), (true, true)];
        let wanted = want.into_iter().zip([SOURCE, DESTINATION, EITHER]);
        let refused = not.into_iter().zip([NOT_BYTE; 3]);
        for ((networks, bit), (is_source, is_destination)) in
            wanted.zip(roles).chain(refused.zip(roles))
        {
            for network in networks {
                self.take_note(bit);
                let bits = |is: bool| if is { bit } else { 0 };
                let prefix = prefix_of(network, bits(is_source), bits(is_destination));
                if let Some(place) = self.table.prefixes.get_mut(self.prefixes.len()) {
                    *place = prefix;
                }
                self.prefixes.push(prefix);
                self.table.count += 1;
            }
        }
    }

    /// As the source's, as the destination's, as either's.
    pub(super) fn ports(&mut self, want: [&[Ports]; 3], not: [&[Ports]; 3]) {
        let roles: [&[usize]; 3] = [&[0], &[1], &[0, 1]];
        let wanted = want
            .into_iter()
            .zip([SOURCE_PORT, DESTINATION_PORT, EITHER_PORT]);
        let refused = not.into_iter().zip([NOT_BYTE; 3]);
        for ((ranges, bit), tables) in wanted.zip(roles).chain(refused.zip(roles)) {
            for Ports(range) in ranges {
                self.take_note(bit);
                for table in tables {
                    let (first, last) = (usize::from(*range.start()), usize::from(*range.end()));
                    for port in &mut self.table.ports[*table][first..=last] {
                        *port |= bit;
                    }
                }
            }
        }
    }

    pub(super) fn is_any(&self) -> bool {
        let Headers {
            layer,
            kind,
            any_not,
            ..
        } = *self.table;
        layer | kind | any_not != 0
    }

    /// The kernel half has no room for all networks, so it cannot judge.
    #[must_use]
    pub fn is_beyond(&self) -> bool {
        self.prefixes.len() > PREFIXES
    }

    /// Something is asked of the tags of VLANs.
    #[must_use]
    pub fn is_of_tags(&self) -> bool {
        TAGS.iter()
            .any(|tag| self.table.types[usize::from(*tag)] != 0)
    }

    /// The tables, for the kernel half.
    #[must_use]
    pub fn table(&self) -> &Headers {
        &self.table
    }

    /// Whether a frame is wanted that begins with what the link type has. What is not there of it has nothing that is asked for.
    #[must_use]
    pub fn want(&self, link_type: u32, frame: &[u8]) -> bool {
        let (offset, start) = start(link_type, frame).unwrap_or((0, Start::NOWHERE));
        let seen = walk(
            &mut Slice(frame),
            offset,
            start,
            &self.table,
            &self.prefixes,
        );
        !seen.is_refused() && seen.is_complete(&self.table)
    }
}

fn prefix_of(network: &Network, source: u8, destination: u8) -> Prefix {
    let (family, address, bits) = match network.address {
        IpAddr::V4(address) => (IPV4, u128::from(address.to_bits()), network.bits + 96),
        IpAddr::V6(address) => (IPV6, address.to_bits(), network.bits),
    };
    let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
    // What an IPv4 address has before it is always zero.
    let halves = |number: u128| [(number >> 64) as u64, number as u64];
    Prefix {
        address: halves(address & mask),
        mask: halves(mask),
        family,
        source,
        destination,
        padding: [0; 2],
    }
}

/// Where the first header is that anything can be asked of.
fn start(link_type: u32, frame: &[u8]) -> Option<(u32, Start)> {
    let field = |at: usize| Some(u16::from_be_bytes(*frame.get(at..)?.first_chunk()?));
    let version = frame.first().map(|first| first >> 4);
    match link_type {
        link if link == u32::from(link_type::ETHERNET) => Some((0, Start::ETHERNET)),
        link if link == u32::from(link_type::RAW) || matches!(link, RAW_IPV4 | RAW_IPV6) => {
            match version {
                Some(4) => Some((0, Start::of_type(IPV4_TYPE))),
                Some(6) => Some((0, Start::of_type(IPV6_TYPE))),
                _ => None,
            }
        }
        LINUX_SLL => Some((16, Start::of_type(field(14)?))),
        link if link == u32::from(link_type::LINUX_SLL2) => Some((20, Start::of_type(field(0)?))),
        _ => None,
    }
}

/// Link types of others' files (<https://www.tcpdump.org/linktypes.html>).
const LINUX_SLL: u32 = 113;
const RAW_IPV4: u32 = 228;
const RAW_IPV6: u32 = 229;

/// Bytes that were captured.
struct Slice<'a>(&'a [u8]);

impl Source for Slice<'_> {
    fn read<const N: usize>(&mut self, offset: u32) -> Option<&[u8; N]> {
        self.0.get(offset as usize..)?.first_chunk()
    }
}
