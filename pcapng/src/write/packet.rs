//! The Enhanced Packet Block (draft-ietf-opsawg-pcapng, section 4.3); the one that must be fast.

use super::TooLong;
use crate::{
    Flags, block_type,
    limits::{MAX_BLOCK_LEN, MAX_CAPLEN},
    option_code,
};

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
    /// `opt_comment`, each at most 65535 bytes, in as many pieces as they come.
    pub comments: &'a [&'a [&'a str]],
}

/// The most bytes that the options of fixed length take: flags, count, number and queue, each with its code and length.
const OPTIONS: usize = 8 + 12 + 12 + 8;

/// Options of fixed length, one behind the other.
struct Options {
    bytes: [u8; OPTIONS],
    len: usize,
}

impl Options {
    fn add<const LEN: usize>(&mut self, code: u16, value: [u8; LEN]) {
        const { assert!(LEN.is_multiple_of(4), "no padding is written") };
        let [code, len] = [code, LEN as u16].map(u16::to_ne_bytes);
        let room = &mut self.bytes[self.len..self.len + 4 + LEN];
        room[..2].copy_from_slice(&code);
        room[2..4].copy_from_slice(&len);
        room[4..].copy_from_slice(&value);
        self.len += 4 + LEN;
    }
}

/// Appends an Enhanced Packet Block. Allocates nothing but what `out` may need to grow.
///
/// All lengths are known before anything is written, and the numbers go in a few pieces: each takes a look at the room that is
/// left.
pub fn packet(out: &mut Vec<u8>, packet: &Packet) -> Result<(), TooLong> {
    let frame_len = packet.frame.iter().map(|piece| piece.len()).sum();
    if frame_len > MAX_CAPLEN as usize {
        return Err(TooLong::Frame { len: frame_len });
    }
    let mut options = Options {
        bytes: [0; OPTIONS],
        len: 0,
    };
    if let Some(flags) = packet.flags {
        options.add(option_code::EPB_FLAGS, flags.word().to_ne_bytes());
    }
    if let Some(dropcount) = packet.dropcount {
        options.add(option_code::EPB_DROPCOUNT, dropcount.to_ne_bytes());
    }
    if let Some(packetid) = packet.packetid {
        options.add(option_code::EPB_PACKETID, packetid.to_ne_bytes());
    }
    if let Some(queue) = packet.queue {
        options.add(option_code::EPB_QUEUE, queue.to_ne_bytes());
    }
    let mut options_len = options.len;
    for comment in packet.comments {
        options_len += 4 + text_len(comment)?.next_multiple_of(4);
    }
    if options_len > 0 {
        options_len += END_OF_OPTIONS.len();
    }
    let len = HEAD + frame_len.next_multiple_of(4) + options_len + 4;
    if len > MAX_BLOCK_LEN as usize {
        return Err(TooLong::Block { len });
    }

    out.reserve(len);
    out.extend_from_slice(&head(packet, frame_len as u32, len as u32));
    for piece in packet.frame {
        out.extend_from_slice(piece);
    }
    pad(out, frame_len);
    out.extend_from_slice(&options.bytes[..options.len]);
    for comment in packet.comments {
        let len = comment.iter().map(|piece| piece.len()).sum();
        let [code, text_len] = [option_code::COMMENT, len as u16].map(u16::to_ne_bytes);
        out.extend_from_slice(&[code[0], code[1], text_len[0], text_len[1]]);
        for piece in *comment {
            out.extend_from_slice(piece.as_bytes());
        }
        pad(out, len);
    }
    if options_len > 0 {
        out.extend_from_slice(&END_OF_OPTIONS);
    }
    out.extend_from_slice(&(len as u32).to_ne_bytes());
    Ok(())
}

/// Bytes before the frame.
const HEAD: usize = 28;
/// `opt_endofopt`, of no length.
const END_OF_OPTIONS: [u8; 4] = [0; 4];
const _: () = assert!(option_code::END_OF_OPTIONS == 0);

/// What stands before the frame. `len`: of the block.
fn head(packet: &Packet, caplen: u32, len: u32) -> [u8; HEAD] {
    let original_len = packet.original_len.clamp(caplen, MAX_CAPLEN);
    let mut head = [0; HEAD];
    for (room, number) in head.chunks_exact_mut(4).zip([
        block_type::ENHANCED_PACKET,
        len,
        packet.interface,
        (packet.timestamp >> 32) as u32,
        packet.timestamp as u32,
        caplen,
        original_len,
    ]) {
        room.copy_from_slice(&number.to_ne_bytes());
    }
    head
}

/// Bytes of a comment.
fn text_len(pieces: &[&str]) -> Result<usize, TooLong> {
    let len = pieces.iter().map(|piece| piece.len()).sum();
    if len > u16::MAX.into() {
        return Err(TooLong::Text {
            code: option_code::COMMENT,
            len,
        });
    }
    Ok(len)
}

/// Appends the zeros that bring `len` bytes, just appended, to a multiple of four.
fn pad(out: &mut Vec<u8>, len: usize) {
    let end = out.len() + len.wrapping_neg() % 4;
    // Three are written in one instruction.
    out.extend_from_slice(&[0; 3]);
    out.truncate(end);
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
                comments: &[&["short"], &["x", &long[1..]]],
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
