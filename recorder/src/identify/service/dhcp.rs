//! DHCP (RFC 2131), and BOOTP from which it comes (RFC 951): the message, the client, and the name that it gives itself.

use std::fmt::{Result, Write};

use crate::identify::{address, field, foreign, phrase::Phrase};

/// How long the client's address is, where it is, and the four octets that begin the options (RFC 2131, 2 and 3).
const LENGTH: usize = 2;
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
    let &[operation, ..] = payload else {
        return None;
    };
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
    // Other links' clients have longer addresses, or none here (RFC 4390, 2.1).
    let client = field::octets(payload, CLIENT).filter(|_| payload[LENGTH] == 6);
    Some(tell(out, operation, kind, client, name))
}

fn tell(
    out: &mut Phrase,
    operation: u8,
    kind: Option<u8>,
    client: Option<[u8; 6]>,
    name: Option<&[u8]>,
) -> Result {
    match (kind, operation) {
        (Some(kind), _) => match TYPES.get(usize::from(kind).wrapping_sub(1)) {
            Some(name) => write!(out, ", DHCP {name}")?,
            None => write!(out, ", DHCP type {kind}")?,
        },
        // What has no type is BOOTP's (RFC 2131, section 3).
        (None, 1) => out.push_str(", BOOTP request"),
        (None, 2) => out.push_str(", BOOTP reply"),
        (None, _) => write!(out, ", BOOTP operation {operation}")?,
    }
    if let Some(client) = client {
        out.push_str(", client ");
        address::mac(out, client);
    }
    if let Some(name) = name {
        foreign::titled(out, ", host ", name);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    #[track_caller]
    fn claim(head: &str, options: &str, said: &str) {
        let (before, after) = ("00".repeat(24), "00".repeat(202));
        claim_ipv4(
            17,
            &format!("0044 0043 0000 0000 {head} {before} 020000000001 {after} 63825363 {options}"),
            &format!("UDP 10.0.0.1:68 > 10.0.0.2:67{said}"),
        );
    }

    #[test]
    fn a_message_without_a_type_is_bootps() {
        let client = "client 02:00:00:00:00:01";
        claim("01010600", "ff", &format!(", BOOTP request, {client}"));
        claim("02010600", "ff", &format!(", BOOTP reply, {client}"));
        claim(
            "01010600",
            "350103 ff",
            &format!(", DHCP request, {client}"),
        );
    }

    #[test]
    fn a_client_without_an_address_of_six_octets_has_none() {
        claim("01200000", "350101 ff", ", DHCP discover");
        claim("01060800", "350101 ff", ", DHCP discover");
    }
}
