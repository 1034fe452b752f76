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

/// What a frame comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// It is wanted, by what is there of it.
    pub is_wanted: bool,
    /// Where the bytes end that would be looked at next, and are not there; 0: there is nothing more to look at.
    pub wants: u32,
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
        self.judge(link_type, frame).is_wanted
    }

    /// The same, with what it hangs on.
    #[must_use]
    pub fn judge(&self, link_type: u32, frame: &[u8]) -> Judgement {
        let begin = start(link_type, frame);
        let (offset, start) = begin.unwrap_or((0, Start::NOWHERE));
        let seen = walk(
            &mut Slice(frame),
            offset,
            start,
            &self.table,
            &self.prefixes,
        );
        let is_complete = seen.is_complete(&self.table);
        // Whatever comes behind it.
        let is_certain = seen.is_refused() || (is_complete && self.table.any_not == 0);
        let wants = begin.map_or_else(|wants| wants, |_| seen.wants());
        Judgement {
            is_wanted: is_complete && !seen.is_refused(),
            wants: if is_certain { 0 } else { wants },
        }
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

/// Where the first header is that anything can be asked of. An error: where the bytes end that would tell, as in [`Judgement`].
fn start(link_type: u32, frame: &[u8]) -> Result<(u32, Start), u32> {
    let field = |at: usize| {
        let bytes = frame.get(at..).and_then(<[u8]>::first_chunk);
        bytes
            .map(|bytes| u16::from_be_bytes(*bytes))
            .ok_or(at as u32 + 2)
    };
    match link_type {
        link if link == u32::from(link_type::ETHERNET) => Ok((0, Start::ETHERNET)),
        link if link == u32::from(link_type::RAW) || matches!(link, RAW_IPV4 | RAW_IPV6) => {
            match frame.first().ok_or(1_u32)? >> 4 {
                4 => Ok((0, Start::of_type(IPV4_TYPE))),
                6 => Ok((0, Start::of_type(IPV6_TYPE))),
                _ => Err(0),
            }
        }
        LINUX_SLL => Ok((16, Start::of_type(field(14)?))),
        link if link == u32::from(link_type::LINUX_SLL2) => Ok((20, Start::of_type(field(0)?))),
        _ => Err(0),
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
