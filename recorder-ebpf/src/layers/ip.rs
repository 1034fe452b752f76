//! The headers of IP, and what their addresses stand for.

use super::{LONGEST, Next, Source, Step, be16};
use crate::{
    bit::{Bit, equal},
    filter::{IPV4, IPV6},
};

impl<S: Source> Step<'_, S> {
    /// RFC 791, 3.1.
    #[inline(always)]
    pub(super) fn ipv4(&mut self) -> Option<Next> {
        let header: &[u8; 20] = self.read(0)?;
        let length = u32::from(header[0] & 0xf) * 4;
        if header[0] >> 4 != 4 || length < 20 {
            self.walk.wants = u32::MAX;
            return None;
        }
        let fragment = be16([header[6], header[7]]) & 0x1fff;
        let protocol = header[9];
        let (source, destination) = ([0, be32(header, 12)], [0, be32(header, 16)]);
        self.ask_addresses(IPV4, source, destination);
        if fragment != 0 {
            // A later fragment has no header but its own.
            return self.end(protocol, 0);
        }
        Next::of_protocol(length, protocol)
    }

    /// RFC 8200, 3.
    #[inline(always)]
    pub(super) fn ipv6(&mut self) -> Option<Next> {
        let header: &[u8; LONGEST] = self.read(0)?;
        if header[0] >> 4 != 6 {
            self.walk.wants = u32::MAX;
            return None;
        }
        let protocol = header[6];
        let source = [be64(header, 8), be64(header, 16)];
        let destination = [be64(header, 24), be64(header, 32)];
        self.ask_addresses(IPV6, source, destination);
        Next::of_protocol(40, protocol)
    }

    /// Finds what the addresses of an IP header stand for, as in [`crate::filter::Prefix`].
    #[inline(always)]
    fn ask_addresses(&mut self, family: u32, source: [u64; 2], destination: [u64; 2]) {
        let mut found = 0;
        for (index, prefix) in self.prefixes.iter().enumerate() {
            if index >= self.asked.count as usize {
                break;
            }
            let is_family = equal(family, prefix.family);
            let is = |[high, low]: [u64; 2]| {
                let differing = ((high ^ prefix.address[0]) & prefix.mask[0])
                    | ((low ^ prefix.address[1]) & prefix.mask[1]);
                !Bit::of(differing) & is_family
            };
            found |= is(source).flag(prefix.source.into());
            found |= is(destination).flag(prefix.destination.into());
        }
        self.walk.addresses = found as u8;
        self.walk.is_ipv6 = (family == IPV6).into();
    }
}

#[inline(always)]
fn be32(b: &[u8], at: usize) -> u64 {
    (b[at] as u64) << 24 | (b[at + 1] as u64) << 16 | (b[at + 2] as u64) << 8 | b[at + 3] as u64
}

#[inline(always)]
fn be64(b: &[u8], at: usize) -> u64 {
    be32(b, at) << 32 | be32(b, at + 4)
}
