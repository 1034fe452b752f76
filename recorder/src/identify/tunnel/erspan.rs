//! Mirrored frames in GRE: ERSPAN types I, II and III (draft-foschiano-erspan-03, section 4).

use std::fmt::{Result, Write};

use crate::identify::{ethernet, field, internet, phrase::Phrase};

/// The `EtherType` of the first two, of which only the second has a header, and a sequence number in GRE's.
pub(crate) const TYPE_1_AND_2: u16 = 0x88be;

/// In the last two octets of type III's header: 8 octets more follow.
const PLATFORM: u16 = 0x0001;

pub(crate) fn describe(out: &mut Phrase, ether_type: u16, packet: &[u8]) -> Result {
    // The type of the frame, which only the third has, is 0 for Ethernet.
    let (kind, header, frame_type) = if ether_type == TYPE_1_AND_2 {
        ("II", 8, 0)
    } else {
        let flags = field::be16(packet, 10).unwrap_or_default();
        let header = if flags & PLATFORM == 0 { 12 } else { 20 };
        ("III", header, flags >> 10 & 0x1f)
    };
    write!(out, "ERSPAN type {kind}")?;
    let (Some(session), Some(frame)) = (field::be16(packet, 2), packet.get(header..)) else {
        return out.write_str(", cut header");
    };
    write!(out, " session {}", session & 0x03ff)?;
    match frame_type {
        0 => ethernet::describe_inside(out, frame),
        2 => {
            out.inside()?;
            internet::describe(out, frame)
        }
        other => write!(out, ", frame of type {other}"),
    }
}

/// Goes on to a frame of type I.
pub(crate) fn describe_without_header(out: &mut Phrase, frame: &[u8]) -> Result {
    out.push_str(", ERSPAN type I");
    ethernet::describe_inside(out, frame)
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    #[test]
    fn type_iii_tells_what_it_mirrors() {
        let packet = "4500 001c 0000 0000 4011 0000 0a000001 0a000002 0fa0 0fa1 0008 0000";
        let udp = "UDP 10.0.0.1:4000 > 10.0.0.2:4001";
        for (flags, frame, expected) in [
            (
                "0000",
                format!("020000000002 020000000001 0800 {packet}"),
                udp,
            ),
            ("0800", packet.to_owned(), udp),
            ("0801", format!("0000000000000000 {packet}"), udp),
            ("0400", "00".to_owned(), "frame of type 1"),
        ] {
            claim(
                &format!("22eb 2064 0064 00000001 0000 {flags} {frame}"),
                &format!("ERSPAN type III session 100, {expected}"),
            );
        }
    }
}
