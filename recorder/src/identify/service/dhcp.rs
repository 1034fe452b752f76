//! DHCP (RFC 2131): the message's type, the client, and the name that it gives itself.

use std::fmt::{Result, Write};

use crate::identify::{address, field, foreign, phrase::Phrase};

/// Where the client's address is, and the four octets that begin the options (RFC 2131, 2 and 3).
const CLIENT: usize = 28;
const COOKIE: usize = 236;
const MAGIC: u32 = 0x6382_5363;

/// Options (RFC 2132, 3.1, 3.14, 9.6).
const PAD: u8 = 0;
const END: u8 = 255;
const HOST_NAME: u8 = 12;
const MESSAGE_TYPE: u8 = 53;

/// IANA's *DHCP Message Type 53 Values*, from 1 on.
const TYPES: [&str; 18] = [
    "discover",
    "offer",
    "request",
    "decline",
    "ack",
    "nak",
    "release",
    "inform",
    "force renew",
    "lease query",
    "lease unassigned",
    "lease unknown",
    "lease active",
    "bulk lease query",
    "lease query done",
    "active lease query",
    "lease query status",
    "TLS",
];

/// Describes a datagram if it is a message of DHCP's, or of BOOTP's with options.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let client = field::octets(payload, CLIENT)?;
    (field::be32(payload, COOKIE)? == MAGIC).then_some(())?;
    let (mut kind, mut name) = (None, None);
    let mut options = &payload[COOKIE + 4..];
    while let [option, rest @ ..] = options {
        if *option == PAD {
            options = rest;
            continue;
        }
        let Some((&length, rest)) = rest.split_first().filter(|_| *option != END) else {
            break;
        };
        let Some((value, rest)) = rest.split_at_checked(length.into()) else {
            break;
        };
        match *option {
            MESSAGE_TYPE => kind = value.first().copied(),
            HOST_NAME => name = Some(value),
            _ => {}
        }
        options = rest;
    }
    Some(tell(out, kind, client, name))
}

fn tell(out: &mut Phrase, kind: Option<u8>, client: [u8; 6], name: Option<&[u8]>) -> Result {
    out.push_str(", DHCP");
    if let Some(kind) = kind {
        match TYPES.get(usize::from(kind).wrapping_sub(1)) {
            Some(name) => write!(out, " {name}")?,
            None => write!(out, " type {kind}")?,
        }
    }
    out.push_str(", client ");
    address::mac(out, client);
    if let Some(name) = name {
        foreign::titled(out, ", host ", name);
    }
    Ok(())
}
