//! The Enhanced Packet Block (draft-ietf-opsawg-pcapng, section 4.3); the one that must be fast.

use super::{
    TooLong,
    block::{Body, block, time},
};
use crate::{Flags, block_type, limits::MAX_CAPLEN, option_code};

/// A packet, and what there is to say of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Packet<'a> {
    /// The interface, by its number in the section.
    pub interface: u32,
    /// When, in nanoseconds since the epoch.
    pub timestamp: u64,
    /// Bytes that the packet had, of which the frame may be the first ones.
    ///
    /// Written as no less than the frame, as the draft demands, and no more than [`MAX_CAPLEN`], above which tcpdump
    /// prints no packet; a longer one must say so in a comment.
    pub original_len: u32,
    /// The frame's bytes, from the beginning of what the interface's link type says, in as many pieces as they come.
    /// Together at most [`MAX_CAPLEN`].
    pub frame: &'a [&'a [u8]],
    /// `epb_flags`.
    pub flags: Option<Flags>,
    /// `epb_dropcount`: packets not recorded between this one and the one before it on the same interface.
    pub dropcount: Option<u64>,
    /// `epb_packetid`: the same for records of the same packet.
    pub packetid: Option<u64>,
    /// `epb_queue`: the interface's queue.
    pub queue: Option<u32>,
    /// `opt_comment`, each at most 65535 bytes.
    pub comments: &'a [&'a str],
}

/// Appends an Enhanced Packet Block. Allocates nothing but what `out` may need to grow.
pub fn packet(out: &mut Vec<u8>, packet: &Packet) -> Result<(), TooLong> {
    let len: usize = packet.frame.iter().map(|piece| piece.len()).sum();
    if len > MAX_CAPLEN as usize {
        return Err(TooLong::Frame { len });
    }
    let caplen = len as u32;
    let original_len = packet.original_len.clamp(caplen, MAX_CAPLEN);

    block(out, block_type::ENHANCED_PACKET, |body: &mut Body| {
        body.bytes(&packet.interface.to_ne_bytes());
        body.bytes(&time(packet.timestamp));
        body.bytes(&caplen.to_ne_bytes());
        body.bytes(&original_len.to_ne_bytes());
        for piece in packet.frame {
            body.bytes(piece);
        }
        body.pad(len);
        if let Some(flags) = packet.flags {
            body.option(option_code::EPB_FLAGS, flags.word().to_ne_bytes());
        }
        if let Some(dropcount) = packet.dropcount {
            body.option(option_code::EPB_DROPCOUNT, dropcount.to_ne_bytes());
        }
        if let Some(packetid) = packet.packetid {
            body.option(option_code::EPB_PACKETID, packetid.to_ne_bytes());
        }
        if let Some(queue) = packet.queue {
            body.option(option_code::EPB_QUEUE, queue.to_ne_bytes());
        }
        packet
            .comments
            .iter()
            .try_for_each(|comment| body.text(option_code::COMMENT, comment))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words 5 and 6 of a packet's block.
    fn lengths(original_len: u32, frame: &[u8]) -> [u32; 2] {
        let mut out = Vec::new();
        packet(
            &mut out,
            &Packet {
                original_len,
                frame: &[frame],
                ..Packet::default()
            },
        )
        .expect("it fits");
        [20, 24]
            .map(|at| u32::from_ne_bytes(*out[at..].first_chunk().expect("the block has 32 bytes")))
    }

    #[test]
    fn the_original_length_is_never_less_than_the_captured_one() {
        assert_eq!(lengths(0, &[0; 60]), [60, 60]);
        assert_eq!(lengths(1500, &[0; 60]), [60, 1500]);
    }

    #[test]
    fn an_original_length_above_the_limit_is_written_as_the_limit() {
        assert_eq!(lengths(300_014, &[0; 60]), [60, MAX_CAPLEN]);
    }

    #[test]
    fn pieces_that_are_together_too_long_are_refused_and_nothing_is_written() {
        let mut out = b"before".to_vec();
        let long = vec![0; MAX_CAPLEN as usize];
        let refused = packet(
            &mut out,
            &Packet {
                frame: &[&long, b"1"],
                ..Packet::default()
            },
        );
        assert_eq!(
            refused,
            Err(TooLong::Frame {
                len: MAX_CAPLEN as usize + 1
            })
        );
        assert_eq!(out, b"before");
        assert_eq!(
            packet(
                &mut out,
                &Packet {
                    frame: &[&long],
                    ..Packet::default()
                }
            ),
            Ok(())
        );
    }

    #[test]
    fn a_comment_that_is_too_long_takes_the_whole_packet_back() {
        let mut out = b"before".to_vec();
        let long = "x".repeat(65_536);
        let refused = packet(
            &mut out,
            &Packet {
                frame: &[b"frame"],
                comments: &["short", &long],
                ..Packet::default()
            },
        );
        assert_eq!(
            refused,
            Err(TooLong::Text {
                code: 1,
                len: 65_536
            })
        );
        assert_eq!(out, b"before");
    }
}
