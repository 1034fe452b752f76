//! Amateur packet radio (AX.25, 3.12): the stations, whose letters are shifted by a bit.

use std::fmt::{Result, Write};

use crate::identify::{field, foreign, phrase::Phrase};

pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    let (Some(to), Some(from)) = (field::octets(packet, 0), field::octets(packet, 7)) else {
        return out.write_str("AX.25, cut header");
    };
    out.push_str("AX.25 ");
    station(out, from)?;
    out.push_str(" > ");
    station(out, to)
}

fn station(out: &mut Phrase, [call @ .., number]: [u8; 7]) -> Result {
    let call = call.map(|letter| letter >> 1);
    if call.iter().all(|letter| matches!(letter, 0 | b' ')) {
        out.push('?');
    }
    foreign::text(out, &call);
    match number >> 1 & 0x0f {
        0 => Ok(()),
        number => write!(out, "-{number}"),
    }
}
