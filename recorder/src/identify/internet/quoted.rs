//! The packet that an ICMP error is about, of which it quotes the beginning (RFC 792, RFC 4443).

use std::fmt::Result;

use crate::identify::phrase::Phrase;

/// The error's own header.
const HEADER: usize = 8;

/// What a quote must have of what follows the packet's header (RFC 792), and often has no more than.
const ENOUGH: usize = 8;

const CUT: &str = ", cut header";

pub(crate) fn describe(out: &mut Phrase, message: &[u8]) -> Result {
    match message.get(HEADER..) {
        None | Some([]) => Ok(()),
        Some(packet) => {
            out.inside()?;
            out.push_str("about ");
            let described = super::describe(out, packet);
            // It ends where the quote does, which nobody cut.
            if is_enough(packet)
                && let Some(whole) = out.strip_suffix(CUT)
            {
                let end = whole.len();
                out.truncate(end);
            }
            described
        }
    }
}

/// `ICMPv6` quotes as much as fits.
fn is_enough(packet: &[u8]) -> bool {
    packet.first().is_some_and(|first| {
        first >> 4 == 4 && packet.len() >= usize::from(first & 0x0f) * 4 + ENOUGH
    })
}
