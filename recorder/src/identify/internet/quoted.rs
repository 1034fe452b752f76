//! The packet that an ICMP error is about, of which it quotes the beginning (RFC 792, RFC 4443).

use std::fmt::Result;

use crate::identify::phrase::Phrase;

/// The error's own header.
const HEADER: usize = 8;

pub(crate) fn describe(out: &mut Phrase, message: &[u8]) -> Result {
    match message.get(HEADER..) {
        None | Some([]) => Ok(()),
        Some(packet) => {
            out.inside()?;
            out.push_str("about ");
            super::describe(out, packet)
        }
    }
}
