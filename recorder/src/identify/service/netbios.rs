//! NetBIOS over UDP, which Windows and Samba send to everybody: names (RFC 1002, 4.2) and datagrams (4.4).

use std::fmt::{Result, Write};

use crate::identify::{field, foreign, phrase::Phrase};

/// Before the first name of the name service: identifier, flags, and how many of each kind of record there are.
const NAME_HEADER: usize = 12;
const RESPONSE: u16 = 0x8000;

/// Before the names of a datagram: type, flags, identifier, address, port, length and offset.
const DATAGRAM_HEADER: usize = 14;

/// A name is a label of 32 letters, with its length before it and the root behind it.
const LABEL: u8 = 32;
const NAME: usize = 1 + LABEL as usize + 1;

/// Describes a message of the name service.
pub(crate) fn describe_names(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let flags = field::be16(payload, 2)?;
    let operation = match flags >> 11 & 0x0f {
        0 => "query",
        5 => "registration",
        6 => "release",
        7 => "wait",
        8 | 9 => "refresh",
        15 => "multi-homed registration",
        _ => return None,
    };
    let name = Name::at(payload, NAME_HEADER)?;
    let response = if flags & RESPONSE == 0 {
        ""
    } else {
        " response"
    };
    let written = write!(out, ", NetBIOS name {operation}{response}");
    Some(written.and_then(|()| name.tell(out)))
}

/// Describes a datagram by the names of its sender and its receiver.
pub(crate) fn describe_datagram(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    // To one, to a group, to all.
    matches!(payload, [0x10..=0x12, ..]).then_some(())?;
    let source = Name::at(payload, DATAGRAM_HEADER)?;
    let destination = Name::at(payload, DATAGRAM_HEADER + NAME)?;
    out.push_str(", NetBIOS datagram");
    let written = source.tell(out).and_then(|()| out.write_str(" >"));
    Some(written.and_then(|()| destination.tell(out)))
}

/// 15 octets, filled up with blanks or zeros, and a number for what is called so.
struct Name([u8; 16]);

impl Name {
    /// One in its first-level encoding (RFC 1001, 14.1): half an octet a letter from `A` on.
    fn at(payload: &[u8], at: usize) -> Option<Self> {
        (*payload.get(at)? == LABEL).then_some(())?;
        let letters: [u8; LABEL as usize] = field::octets(payload, at + 1)?;
        let mut octets = [0; 16];
        for (octet, letters) in octets.iter_mut().zip(letters.as_chunks::<2>().0) {
            let [high, low] = letters.map(|letter| letter.wrapping_sub(b'A'));
            (high < 16 && low < 16).then_some(())?;
            *octet = high << 4 | low;
        }
        Some(Self(octets))
    }

    fn tell(&self, out: &mut Phrase) -> Result {
        let [name @ .., kind] = &self.0;
        out.push(' ');
        foreign::titled(out, "", name);
        write!(out, "<{kind:02x}>")
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    /// `LAB`, a workgroup's name.
    const LAB: &str = "20 454d 4542 4543 434143414341434143414341434143414341434143414341 4141 00";

    #[track_caller]
    fn claim(port: u16, message: &str, said: &str) {
        let expected = format!("UDP 10.0.0.1:{port} > 10.0.0.2:{port}{said}");
        let message = format!("{port:04x} {port:04x} 0000 0000 {message}");
        claim_ipv4(17, &message, &expected);
    }

    #[test]
    fn a_name_is_told_with_what_is_done_about_it() {
        for (flags, operation) in [
            ("0110", "query"),
            ("8500", "query response"),
            ("2910", "registration"),
            ("3000", "release"),
        ] {
            claim(
                137,
                &format!("1234 {flags} 0001 0000 0000 0000 {LAB} 0020 0001"),
                &format!(", NetBIOS name {operation} LAB<00>"),
            );
        }
    }

    #[test]
    fn a_datagram_is_told_with_both_names() {
        claim(
            138,
            &format!("11 02 1234 0a000001 008a 0044 0000 {LAB} {LAB}"),
            ", NetBIOS datagram LAB<00> > LAB<00>",
        );
    }

    #[test]
    fn what_has_no_such_name_is_no_netbios() {
        claim(137, "1234 0110 0001 0000 0000 0000 0161 00 0001 0001", "");
        claim(138, "11 02 1234 0a000001 008a 0044 0000 0161 00", "");
    }
}
