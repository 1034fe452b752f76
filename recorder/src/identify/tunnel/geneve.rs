//! Geneve (RFC 8926, 3.4).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// It is for the tunnel's other end.
const CONTROL: u8 = 0x80;

/// Describes a datagram if it is one of Geneve's: version 0, and nothing where nothing is reserved.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let &[options, flags, .., reserved] = payload.first_chunk::<8>()?;
    (options >> 6 == 0 && flags << 2 == 0 && reserved == 0).then_some(())?;
    let (ether_type, identifier) = (field::be16(payload, 2)?, field::be24(payload, 4)?);
    // In words of four octets.
    let rest = payload.get(8 + usize::from(options & 0x3f) * 4..);
    Some(write!(out, ", Geneve VNI {identifier}").and_then(|()| {
        if flags & CONTROL != 0 {
            out.push_str(", control");
        }
        match rest {
            // Nothing is announced, but perhaps in the options.
            Some(_) if ether_type == 0 => Ok(()),
            Some(rest) => super::describe_inside(out, ether_type, rest),
            None => out.write_str(", cut header"),
        }
    }))
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    #[test]
    fn a_control_packet_may_carry_nothing() {
        for (header, expected) in [
            ("00 80 0000 000064 00", ", control"),
            ("00 80 88ca 000064 00", ", control, TIPC"),
            ("00 00 0000 000064 00", ""),
        ] {
            claim_ipv4(
                17,
                &format!("c350 17c1 0000 0000 {header}"),
                &format!("UDP 10.0.0.1:50000 > 10.0.0.2:6081, Geneve VNI 100{expected}"),
            );
        }
    }
}
