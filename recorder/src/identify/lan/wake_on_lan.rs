//! Wake-on-LAN: six octets of ones, then sixteen times the address of the host to wake (AMD, *Magic Packet Technology*, 1995).

use crate::identify::{address, phrase::Phrase};

const REPETITIONS: usize = 16;

/// Whom a payload wakes, if it begins as such a packet does; as many repetitions count as were captured, and one must be whole.
pub(crate) fn target(payload: &[u8]) -> Option<[u8; 6]> {
    let (addresses, rest) = payload.strip_prefix(&[0xff; 6])?.as_chunks::<6>();
    let (&target, others) = addresses.split_first()?;
    let others = &others[..others.len().min(REPETITIONS - 1)];
    let is_whole = others.len() == REPETITIONS - 1;
    (others.iter().all(|&other| other == target) && (is_whole || target.starts_with(rest)))
        .then_some(target)
}

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) {
    out.push_str("Wake-on-LAN");
    if let Some(target) = target(payload) {
        out.push_str(" for ");
        address::mac(out, target);
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    #[test]
    fn an_address_is_told_if_it_repeats_to_the_end() {
        let target = "020000000009";
        claim(
            &format!("0842 ffffffffffff {}", target.repeat(16)),
            "Wake-on-LAN for 02:00:00:00:00:09",
        );
        claim(
            &format!("0842 ffffffffffff {} 02000000000a", target.repeat(3)),
            "Wake-on-LAN",
        );
        claim("0842 ffffffffffff 0200", "Wake-on-LAN");
    }
}
