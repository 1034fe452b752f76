//! Changes Enhanced Packet Blocks in memory, in place: a packet that goes to another section than it was written for.

use crate::{block_type, option_code};

/// Where the interface's number is.
const INTERFACE: usize = 8;
/// Where the captured length is.
const CAPLEN: usize = 20;
/// Where the frame begins.
const FRAME: usize = 28;

/// Has the packet of a block be of another interface. Any other block is left as it is.
pub fn set_interface(block: &mut [u8], interface: u32) {
    if word(block, 0) == Some(block_type::ENHANCED_PACKET)
        && let Some(bytes) = block.get_mut(INTERFACE..INTERFACE + 4)
    {
        bytes.copy_from_slice(&interface.to_ne_bytes());
    }
}

/// Takes `epb_dropcount` for told: it becomes 0. A block without it is left as it is.
pub fn clear_dropcount(block: &mut [u8]) {
    if word(block, 0) != Some(block_type::ENHANCED_PACKET) {
        return;
    }
    let Some(caplen) = word(block, CAPLEN) else {
        return;
    };
    let mut at = FRAME + (caplen as usize).next_multiple_of(4);
    while let Some((code, len)) = option(block, at) {
        let value = at + 4;
        if code == option_code::EPB_DROPCOUNT
            && let Some(bytes) = block.get_mut(value..value + len)
        {
            bytes.fill(0);
            return;
        }
        if code == option_code::END_OF_OPTIONS {
            return;
        }
        at = value + len.next_multiple_of(4);
    }
}

/// Code and length of the option that begins there. The block's length, which is the last in it, is none.
fn option(block: &[u8], at: usize) -> Option<(u16, usize)> {
    let options = block.get(..block.len().checked_sub(4)?)?;
    let [a, b, c, d] = *options.get(at..)?.first_chunk()?;
    let len = u16::from_ne_bytes([c, d]);
    Some((u16::from_ne_bytes([a, b]), len.into()))
}

fn word(block: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(*block.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Flags, Reception,
        write::{self, Packet},
    };

    fn block(packet: &Packet) -> Vec<u8> {
        let mut out = Vec::new();
        write::packet(&mut out, packet).expect("it fits");
        out
    }

    #[test]
    fn a_changed_block_is_the_one_that_would_have_been_written_so() {
        for flags in [None, Some(Flags::inbound(Reception::Unicast))] {
            for frame in [&b""[..], b"odd", b"even"] {
                let packet = Packet {
                    interface: 3,
                    timestamp: 5,
                    frame: &[frame],
                    flags,
                    dropcount: Some(7),
                    packetid: Some(9),
                    comments: &[&["text"]],
                    ..Packet::default()
                };
                let mut changed = block(&packet);
                set_interface(&mut changed, 4);
                clear_dropcount(&mut changed);
                let expected = block(&Packet {
                    interface: 4,
                    dropcount: Some(0),
                    ..packet
                });
                assert_eq!(changed, expected);
            }
        }
    }

    #[test]
    fn what_has_no_count_and_what_is_no_packet_stay_as_they_are() {
        let packet = Packet {
            frame: &[b"frame"],
            comments: &[&["text"]],
            ..Packet::default()
        };
        for packet in [
            packet,
            Packet {
                comments: &[],
                ..packet
            },
        ] {
            let mut bytes = block(&packet);
            clear_dropcount(&mut bytes);
            assert_eq!(bytes, block(&packet));
        }
        let mut interface = Vec::new();
        write::interface(&mut interface, &write::Interface::default()).expect("it fits");
        let mut changed = interface.clone();
        set_interface(&mut changed, 4);
        clear_dropcount(&mut changed);
        assert_eq!(changed, interface);
    }

    #[test]
    fn a_block_that_is_cut_is_no_reason_to_panic() {
        let whole = block(&Packet {
            frame: &[b"frame"],
            dropcount: Some(7),
            comments: &[&["text"]],
            ..Packet::default()
        });
        for cut in 0..whole.len() {
            let mut bytes = whole[..cut].to_vec();
            set_interface(&mut bytes, 4);
            clear_dropcount(&mut bytes);
        }
    }
}
