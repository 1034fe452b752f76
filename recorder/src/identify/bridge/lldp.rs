//! The link layer discovery protocol (IEEE 802.1AB, clause 8): who the neighbour is, and by which port it sends.

use crate::identify::{address, field, foreign, phrase::Phrase};

/// The types of table 8-1 that tell the neighbour.
const END: u8 = 0;
const CHASSIS: u8 = 1;
const PORT: u8 = 2;
const TIME_TO_LIVE: u8 = 3;
const SYSTEM_NAME: u8 = 5;

#[derive(Default)]
struct Neighbour<'a> {
    system: Option<&'a [u8]>,
    chassis: Option<&'a [u8]>,
    port: Option<&'a [u8]>,
    is_leaving: bool,
    /// Its end was seen, or the frame ends where a field does.
    has_end: bool,
}

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) {
    let neighbour = read(payload);
    out.push_str("LLDP");
    if let Some(system) = neighbour.system {
        foreign::titled(out, ", system ", system);
    }
    if let Some([kind, chassis @ ..]) = neighbour.chassis {
        identifier(out, ", chassis ", *kind == 4, *kind == 5, chassis);
    }
    if let Some([kind, port @ ..]) = neighbour.port {
        identifier(out, ", port ", *kind == 3, *kind == 4, port);
    }
    if neighbour.is_leaving {
        out.push_str(", shutdown");
    }
    match (neighbour.has_end, neighbour.chassis) {
        (false, _) => out.push_str(", cut header"),
        (true, None) => out.push_str(", no chassis"),
        (true, Some(_)) => {}
    }
}

/// Each field is a type of 7 bits, a length of 9, and as many octets.
fn read(mut rest: &[u8]) -> Neighbour<'_> {
    let mut neighbour = Neighbour::default();
    while let Some(head) = field::be16(rest, 0) {
        let (kind, length) = ((head >> 9) as u8, usize::from(head & 0x1ff));
        let Some(value) = rest.get(2..2 + length) else {
            return neighbour;
        };
        match kind {
            END => {
                neighbour.has_end = true;
                return neighbour;
            }
            CHASSIS => neighbour.chassis = Some(value),
            PORT => neighbour.port = Some(value),
            TIME_TO_LIVE => neighbour.is_leaving = value == [0, 0],
            SYSTEM_NAME => neighbour.system = Some(value),
            _ => {}
        }
        rest = &rest[2 + length..];
    }
    neighbour.has_end = rest.is_empty() && neighbour.chassis.is_some();
    neighbour
}

/// By its subtype a MAC address, a network address after its family, or text (8.5.2.2, 8.5.3.2).
fn identifier(out: &mut Phrase, title: &str, is_mac: bool, is_network_address: bool, value: &[u8]) {
    match (value, value.try_into()) {
        (_, Ok(octets)) if is_mac => {
            out.push_str(title);
            address::mac(out, octets);
        }
        (&[1, a, b, c, d], _) if is_network_address => {
            out.push_str(title);
            address::ipv4(out, [a, b, c, d]);
        }
        (&[2, ref octets @ ..], _) if is_network_address && octets.len() == 16 => {
            out.push_str(title);
            address::ipv6(out, field::octets(octets, 0).unwrap_or_default());
        }
        _ => foreign::titled(out, title, value),
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    #[test]
    fn a_name_cannot_break_the_phrase() {
        claim(
            "88cc 0207 04 020000000001 0403 07 0a22 0a04 611b5b6d 0602 0078 0000",
            "LLDP, system a?[m, chassis 02:00:00:00:00:01, port ??",
        );
    }

    #[test]
    fn a_neighbour_that_leaves_says_so() {
        claim(
            "88cc 0207 04 020000000001 0403 07 7031 0602 0000 0000",
            "LLDP, chassis 02:00:00:00:00:01, port p1, shutdown",
        );
    }

    #[test]
    fn a_frame_that_tells_nothing_is_not_said_to_be_cut() {
        claim("88cc 0000", "LLDP, no chassis");
        claim(
            "88cc 0207 04 020000000001 0403 07 0000 0a01 20",
            "LLDP, chassis 02:00:00:00:00:01",
        );
    }

    #[test]
    fn a_cut_frame_is_said_to_be_cut() {
        claim("88cc", "LLDP, cut header");
        claim(
            "88cc 0207 04 020000000001 0405 07 70",
            "LLDP, chassis 02:00:00:00:00:01, cut header",
        );
    }
}
