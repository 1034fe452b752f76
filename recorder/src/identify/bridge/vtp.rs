//! The Cisco VLAN trunking protocol.

use std::fmt::{Result, Write};

use crate::identify::{foreign, phrase::Phrase};

/// Version, code, a number, the length of the domain's name, and the name.
const DOMAIN: usize = 4;

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("VTP");
    let Some(&[_, code, _, length]) = payload.first_chunk() else {
        return out.write_str(", cut header");
    };
    match code {
        1 => out.push_str(" summary advertisement"),
        2 => out.push_str(" subset advertisement"),
        3 => out.push_str(" advertisement request"),
        4 => out.push_str(" join"),
        _ => write!(out, " code {code}")?,
    }
    match payload.get(DOMAIN..DOMAIN + usize::from(length)) {
        Some(domain) => {
            foreign::titled(out, ", domain ", domain);
            Ok(())
        }
        None => out.write_str(", cut header"),
    }
}
