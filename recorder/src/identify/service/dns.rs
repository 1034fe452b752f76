//! DNS (RFC 1035, section 4), also by multicast (RFC 6762, RFC 4795): the first question, and how it was answered.

use std::fmt::{Result, Write};

use crate::identify::{field, foreign, phrase::Phrase};

/// Identifier, flags, and how many of each kind of record there are.
const HEADER: usize = 12;

/// Bits of the header's second two octets: a response; what must be zero.
const RESPONSE: u16 = 0x8000;
const ZERO: u16 = 0x0040;

/// The longest name (RFC 1035, 2.3.4).
const NAME_MAX: usize = 255;

/// Describes a datagram if it is a message of `protocol`.
pub(crate) fn describe(out: &mut Phrase, protocol: &str, payload: &[u8]) -> Option<Result> {
    let [flags, questions] = [field::be16(payload, 2)?, field::be16(payload, 4)?];
    let operation = match flags >> 11 & 0x0f {
        0 => "",
        1 => "inverse ",
        4 => "notify ",
        5 => "update ",
        6 => "stateful ",
        _ => return None,
    };
    let counts = field::octets::<8>(payload, 4)?;
    let is_likely = flags & ZERO == 0 && questions <= 32 && counts != [0; 8];
    is_likely.then_some(())?;
    let question = if questions > 0 {
        read(payload)?
    } else {
        NO_QUESTION
    };
    Some(tell(out, protocol, operation, flags, &question))
}

/// The first question, if there is one, and it is whole.
struct Question {
    octets: [u8; NAME_MAX],
    length: usize,
    kind: Option<u16>,
}

const NO_QUESTION: Question = Question {
    octets: [0; NAME_MAX],
    length: 0,
    kind: None,
};

impl Question {
    fn name(&self) -> &[u8] {
        &self.octets[..self.length]
    }

    /// None where the name becomes too long to be one.
    fn append(&mut self, octets: &[u8]) -> Option<()> {
        let end = self.length + octets.len();
        self.octets
            .get_mut(self.length..end)?
            .copy_from_slice(octets);
        self.length = end;
        Some(())
    }
}

/// Reads the first question; none where what is there is no question. One that was cut has no type.
fn read(payload: &[u8]) -> Option<Question> {
    let mut question = NO_QUESTION;
    let mut at = HEADER;
    loop {
        let Some(&label) = payload.get(at) else {
            return Some(NO_QUESTION);
        };
        let label = usize::from(label);
        at += 1;
        if label == 0 {
            break;
        }
        // A compressed name cannot be the first.
        if label > 63 {
            return None;
        }
        let Some(octets) = payload.get(at..at + label) else {
            return Some(NO_QUESTION);
        };
        if question.length > 0 {
            question.append(b".")?;
        }
        question.append(octets)?;
        at += label;
    }
    let (Some(kind), Some(class)) = (field::be16(payload, at), field::be16(payload, at + 2)) else {
        return Some(NO_QUESTION);
    };
    question.kind = Some(kind);
    // The highest bit is multicast's own (RFC 6762, 5.4).
    matches!(class & 0x7fff, 1 | 3 | 4 | 254 | 255).then_some(question)
}

fn tell(
    out: &mut Phrase,
    protocol: &str,
    operation: &str,
    flags: u16,
    question: &Question,
) -> Result {
    write!(out, ", {protocol} {operation}")?;
    if flags & RESPONSE == 0 {
        out.push_str("query");
    } else {
        out.push_str("response");
        match flags & 0x0f {
            0 => {}
            1 => out.push_str(" FORMERR"),
            2 => out.push_str(" SERVFAIL"),
            3 => out.push_str(" NXDOMAIN"),
            4 => out.push_str(" NOTIMP"),
            5 => out.push_str(" REFUSED"),
            6 => out.push_str(" YXDOMAIN"),
            7 => out.push_str(" YXRRSET"),
            8 => out.push_str(" NXRRSET"),
            9 => out.push_str(" NOTAUTH"),
            10 => out.push_str(" NOTZONE"),
            code => write!(out, " code {code}")?,
        }
    }
    let Some(kind) = question.kind else {
        return Ok(());
    };
    match self::kind(kind) {
        Some(kind) => write!(out, " {kind}")?,
        None => write!(out, " type {kind}")?,
    }
    match question.name() {
        [] => out.push_str(" ."),
        name => foreign::titled(out, " ", name),
    }
    Ok(())
}

/// IANA's *Resource Record (RR) TYPEs*.
fn kind(kind: u16) -> Option<&'static str> {
    Some(match kind {
        1 => "A",
        2 => "NS",
        5 => "CNAME",
        6 => "SOA",
        10 => "NULL",
        12 => "PTR",
        15 => "MX",
        16 => "TXT",
        28 => "AAAA",
        33 => "SRV",
        35 => "NAPTR",
        43 => "DS",
        44 => "SSHFP",
        48 => "DNSKEY",
        52 => "TLSA",
        64 => "SVCB",
        65 => "HTTPS",
        252 => "AXFR",
        255 => "ANY",
        256 => "URI",
        257 => "CAA",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    const PORTS: &str = "UDP 10.0.0.1:4000 > 10.0.0.2:53";

    #[track_caller]
    fn claim(message: &str, expected: &str) {
        claim_ipv4(17, &format!("0fa0 0035 0000 0000 {message}"), expected);
    }

    #[test]
    fn a_question_is_told_if_it_is_whole() {
        claim(
            "1234 0100 0001 0000 0000 0000 0161 00 0001 0001",
            &format!("{PORTS}, DNS query A a"),
        );
        claim(
            "1234 0100 0001 0000 0000 0000 00 0002 0001",
            &format!("{PORTS}, DNS query NS ."),
        );
        claim(
            "1234 0100 0001 0000 0000 0000 0361",
            &format!("{PORTS}, DNS query"),
        );
    }

    #[test]
    fn what_is_no_question_is_no_dns() {
        claim("1234 0100 0001 0000 0000 0000 c00c 0001 0001", PORTS);
        claim("1234 0100 0001 0000 0000 0000 0161 00 0001 1234", PORTS);
        claim("0000 0000 0000 0000 0000 0000", PORTS);
    }
}
