//! Cisco's spanning trees for each VLAN: a BPDU of IEEE's, and the VLAN after it.

use std::fmt::{Result, Write};

use super::stp::{self, Form};
use crate::identify::{field, phrase::Phrase};

/// Where the VLAN's type, length and value are: after the longer of the BPDUs, to which the shorter one is padded.
const VLAN: usize = 36;

pub(crate) fn describe(out: &mut Phrase, bpdu: &[u8]) -> Result {
    let Some(form) = Form::of(bpdu) else {
        return stp::describe_unknown(out, "PVST+", bpdu);
    };
    out.push_str(match form {
        Form::Notification => "PVST+ TCN BPDU",
        Form::Configuration => "PVST+ BPDU",
        Form::Rapid | Form::Regional => "Rapid PVST+ BPDU",
    });
    if let (Some(0), Some(2), Some(vlan)) = (
        field::be16(bpdu, VLAN),
        field::be16(bpdu, VLAN + 2),
        field::be16(bpdu, VLAN + 4),
    ) {
        write!(out, ", VLAN {vlan}")?;
    }
    stp::parameters(out, form, bpdu)
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    #[test]
    fn an_unknown_bpdu_is_its_numbers() {
        let rest = "00".repeat(38);
        claim(
            &format!("0032 aaaa03 00000c 010b 0000 02 09 {rest}"),
            "PVST+ BPDU, version 2 type 0x09",
        );
        claim(
            "000a aaaa03 00000c 010b 0001",
            "PVST+, protocol identifier 0x0001",
        );
        claim("0009 aaaa03 00000c 010b 00", "PVST+, cut header");
    }
}
