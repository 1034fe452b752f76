//! Connectivity fault management (IEEE 802.1Q clause 21), the performance and protection messages of ITU-T G.8013 and
//! the rings of G.8032 (ERPS) among it.

use std::fmt::{Result, Write};

use crate::identify::{address, field, phrase::Phrase};

const CONTINUITY_CHECK: u8 = 1;
const RING_PROTECTION: u8 = 40;

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    let &[level, opcode, ..] = payload else {
        return out.write_str("CFM, cut header");
    };
    match name(opcode) {
        Some(name) => write!(out, "CFM {name}")?,
        None => write!(out, "CFM opcode {opcode}")?,
    }
    write!(out, ", level {}", level >> 5)?;
    match opcode {
        CONTINUITY_CHECK => match field::be16(payload, 8) {
            Some(end_point) => write!(out, ", MEP {}", end_point & 0x1fff),
            None => out.write_str(", cut header"),
        },
        RING_PROTECTION => {
            let (Some(&request), Some(node)) = (payload.get(4), field::octets(payload, 6)) else {
                return out.write_str(", cut header");
            };
            match request >> 4 {
                0x0 => out.push_str(", no request"),
                0x7 => out.push_str(", manual switch"),
                0xb => out.push_str(", signal fail"),
                0xd => out.push_str(", forced switch"),
                0xe => out.push_str(", event"),
                request => write!(out, ", request {request}")?,
            }
            out.push_str(", node ");
            address::mac(out, node);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// IEEE 802.1Q, table 21-4; ITU-T G.8013, table 9-1.
fn name(opcode: u8) -> Option<&'static str> {
    Some(match opcode {
        CONTINUITY_CHECK => "CCM",
        2 => "LBR",
        3 => "LBM",
        4 => "LTR",
        5 => "LTM",
        33 => "AIS",
        35 => "LCK",
        37 => "TST",
        39 => "APS",
        RING_PROTECTION => "R-APS",
        41 => "MCC",
        42 => "LMR",
        43 => "LMM",
        45 => "1DM",
        46 => "DMR",
        47 => "DMM",
        48 => "EXR",
        49 => "EXM",
        50 => "VSR",
        51 => "VSM",
        52 => "CSF",
        53 => "1SL",
        54 => "SLR",
        55 => "SLM",
        _ => return None,
    })
}
