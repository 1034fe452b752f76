//! The extension headers between IPv6's own header and what it carries (RFC 8200, section 4).
//!
//! Not by etherparse (0.21): it reads on in the later parts of a packet as in the first, and its iterator over the headers
//! reads beyond the end of one that is cut.

use etherparse::{IpNumber, ip_number};

use crate::identify::field;

/// What is behind the extension headers.
pub(crate) struct Content<'a> {
    /// What it is. In a later part of a packet nobody can tell: there it is the first header of what was parted (4.5).
    pub(crate) number: IpNumber,
    /// The octets; or why they were not reached, in words that follow the addresses.
    pub(crate) payload: Result<&'a [u8], &'static str>,
    /// It is but a part of a packet, so many bytes behind the beginning of what was parted.
    pub(crate) fragment: Option<u16>,
    /// Of an authentication header (RFC 4302), if there is one.
    pub(crate) security_parameters_index: Option<u32>,
}

/// Reads the headers that `packet` begins with, the first of them `number`.
pub(crate) fn read(number: IpNumber, packet: &[u8]) -> Content<'_> {
    let mut content = Content {
        number,
        payload: Ok(packet),
        fragment: None,
        security_parameters_index: None,
    };
    let mut is_first = true;
    while let Ok(rest) = content.payload
        && let Some(length) = length(content.number, rest)
        && !matches!(content.fragment, Some(1..))
    {
        content.payload = if content.number == ip_number::IPV6_HEADER_HOP_BY_HOP && !is_first {
            Err(", hop-by-hop options not first")
        } else {
            content.step(rest, length)
        };
        is_first = false;
    }
    content
}

/// How long the extension header is that `rest` begins with. `None`: `number` is no such header's.
fn length(number: IpNumber, rest: &[u8]) -> Option<usize> {
    let length = usize::from(rest.get(1).copied().unwrap_or_default());
    Some(match number {
        ip_number::IPV6_HEADER_HOP_BY_HOP
        | ip_number::IPV6_ROUTE_HEADER
        | ip_number::IPV6_DESTINATION_OPTIONS => (length + 1) * 8,
        ip_number::IPV6_FRAGMENTATION_HEADER => 8,
        ip_number::AUTHENTICATION_HEADER => (length + 2) * 4,
        _ => return None,
    })
}

impl<'a> Content<'a> {
    /// Goes behind a header of `length` octets.
    fn step(&mut self, rest: &'a [u8], length: usize) -> Result<&'a [u8], &'static str> {
        let (header, rest) = rest
            .split_at_checked(length)
            .ok_or(", cut extension header")?;
        match self.number {
            ip_number::AUTHENTICATION_HEADER if length < 12 => {
                return Err(", authentication header too short");
            }
            ip_number::AUTHENTICATION_HEADER => {
                self.security_parameters_index = field::be32(header, 4);
            }
            // An offset in eights, two reserved bits, and whether more parts follow. A part may be the whole (RFC 6946).
            ip_number::IPV6_FRAGMENTATION_HEADER => {
                let place = field::be16(header, 2).unwrap_or_default();
                if place & 0xfff9 != 0 {
                    self.fragment = Some(place & 0xfff8);
                }
            }
            _ => {}
        }
        self.number = IpNumber(header.first().copied().unwrap_or_default());
        Ok(rest)
    }
}
