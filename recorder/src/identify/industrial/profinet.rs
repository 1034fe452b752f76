//! PROFINET IO (IEC 61158-6-10): real-time frames by their frame ID, and the discovery and configuration protocol (DCP).

use std::fmt::{Result, Write};

use crate::identify::{field, foreign, phrase::Phrase};

/// Frame ID, service, its type, transaction, delay, length of the blocks.
const DCP_HEADER: usize = 12;
const DCP_LENGTH: usize = 10;

const IDENTIFY_REQUEST: u16 = 0xfefe;

/// Of the services.
const GET: u8 = 3;

/// Option and suboption of the station's name.
const NAME_OF_STATION: [u8; 2] = [2, 2];

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    let Some(frame_id) = field::be16(payload, 0) else {
        return out.write_str("PROFINET, cut header");
    };
    // Table "FrameID range": what is not listed is reserved.
    match frame_id {
        0xfefc..=0xfeff => return dcp(out, frame_id, payload),
        0x0020 | 0x0021 | 0x0080 | 0x0081 => out.push_str("PROFINET PTCP sync"),
        0xff00 | 0xff01 => out.push_str("PROFINET PTCP announce"),
        0xff20 | 0xff21 => out.push_str("PROFINET PTCP follow-up"),
        0xff40..=0xff43 => out.push_str("PROFINET PTCP delay"),
        // Of which class, the editions of the standard disagree.
        0x0100..=0x0fff | 0x8000..=0xfbff => out.push_str("PROFINET cyclic data"),
        0xfc01 => out.push_str("PROFINET alarm high"),
        0xfe01 => out.push_str("PROFINET alarm low"),
        _ => out.push_str("PROFINET"),
    }
    write!(out, ", frame ID {frame_id:#06x}")
}

fn dcp(out: &mut Phrase, frame_id: u16, payload: &[u8]) -> Result {
    out.push_str("PROFINET DCP");
    let (Some(&service), Some(&kind)) = (payload.get(2), payload.get(3)) else {
        return out.write_str(", cut header");
    };
    match service {
        GET => out.push_str(" get"),
        4 => out.push_str(" set"),
        5 => out.push_str(" identify"),
        6 => out.push_str(" hello"),
        _ => write!(out, " service {service}")?,
    }
    out.push_str(if kind & 1 == 0 {
        " request"
    } else {
        " response"
    });

    // It names options, and has no values.
    if (service, kind & 1) == (GET, 0) {
        return Ok(());
    }
    // All but those that ask who has a name have two octets before each value.
    let before = if frame_id == IDENTIFY_REQUEST { 0 } else { 2 };
    let mut blocks = field::counted(payload, DCP_HEADER, field::be16(payload, DCP_LENGTH));
    while let (Some(&option), Some(length)) = (blocks.first_chunk(), field::be16(blocks, 2)) {
        let length = usize::from(length);
        let Some(value) = blocks.get(4..4 + length) else {
            break;
        };
        if option == NAME_OF_STATION
            && let Some(name) = value.get(before..)
        {
            foreign::titled(out, ", station ", name);
            break;
        }
        blocks = blocks
            .get(4 + length.next_multiple_of(2)..)
            .unwrap_or_default();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    #[test]
    fn padding_is_no_block() {
        let name = "0202 0002 6462";
        let head = "8892 fefe 05 00 00000001 0001";
        claim(
            &format!("{head} 0006 {name}"),
            "PROFINET DCP identify request, station db",
        );
        claim(
            &format!("{head} 0000 {name}"),
            "PROFINET DCP identify request",
        );
    }
}
