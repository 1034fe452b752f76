//! The packet that an ICMP error is about, of which it quotes the beginning (RFC 792, RFC 4443).

use std::fmt::Result;

use crate::identify::phrase::Phrase;

/// The error's own header.
const HEADER: usize = 8;

/// What a quote must have of what follows the packet's header (RFC 792), and often has no more than.
const ENOUGH: usize = 8;

const CUT: &str = ", cut header";

pub(crate) fn describe(out: &mut Phrase, message: &[u8]) -> Result {
    match message.get(HEADER..) {
        None | Some([]) => Ok(()),
        Some(packet) => {
            out.inside_quoted()?;
            out.push_str("about ");
            let described = super::describe(out, packet);
            // It ends where the quote does, which nobody cut.
            if is_enough(packet)
                && let Some(whole) = out.strip_suffix(CUT)
            {
                let end = whole.len();
                out.truncate(end);
            }
            described
        }
    }
}

/// `ICMPv6` quotes as much as fits.
fn is_enough(packet: &[u8]) -> bool {
    packet.first().is_some_and(|first| {
        first >> 4 == 4 && packet.len() >= usize::from(first & 0x0f) * 4 + ENOUGH
    })
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    #[test]
    fn a_packet_is_told_of_which_only_some_is_quoted() {
        let tunnel = "4500 0578 0000 0000 4011 0000 0a000002 0a000003 0868 0868 0564 0000 30ff 0554 00000064";
        let inner = "4500 0554 0000 0000 4011 6197 0a000001 0a000002 0fa0 0fa1";
        claim_ipv4(
            1,
            &format!("0303 0000 00000000 {tunnel} {inner}"),
            "ICMP port unreachable 10.0.0.1 > 10.0.0.2, about UDP 10.0.0.2:2152 > 10.0.0.3:2152, GTP-U packet, TEID 0x00000064, UDP 10.0.0.1:4000 > 10.0.0.2:4001",
        );
    }
}
