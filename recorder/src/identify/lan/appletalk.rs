//! AppleTalk's datagrams with the long header (Sidhu et al., *Inside AppleTalk*, chapter 4).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    out.push_str("AppleTalk");
    let (Some(to), Some(from), Some([to_node, from_node, to_socket, from_socket, kind])) = (
        field::be16(packet, 4),
        field::be16(packet, 6),
        field::octets(packet, 8),
    ) else {
        return out.write_str(", cut header");
    };
    match kind {
        1 | 5 => out.push_str(" RTMP"),
        2 => out.push_str(" NBP"),
        3 => out.push_str(" ATP"),
        4 => out.push_str(" echo"),
        6 => out.push_str(" ZIP"),
        7 => out.push_str(" ADSP"),
        _ => write!(out, " type {kind}")?,
    }
    write!(
        out,
        " {from}.{from_node}:{from_socket} > {to}.{to_node}:{to_socket}"
    )
}
